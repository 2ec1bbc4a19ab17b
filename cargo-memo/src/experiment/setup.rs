//! What comes before a run: where the store is, which program it is, and what
//! its key is made of. `run` does it once, `sweep` for each point.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use memo_runtime::{Memo, Mode};

use super::arguments;
use super::call::{self, Parts, Whereabouts};
use super::environment;
use super::inputs::{self, Inputs};
use super::mentioned;
use super::metrics::Pattern;
use super::outputs;
use super::point::{Experiment, Policy, Task};
use super::program::{CargoFlags, Program, Wanted};
use super::stdin::Stdin;
use crate::cli::{CargoOptions, Common, ProgramOptions, Variable};
use crate::failure::Failure;
use crate::listing::named_text;
use crate::locate::Place;
use crate::render::escape;
use crate::shell::Shell;

/// A program that was found, in a store that was found.
#[derive(Debug)]
pub(crate) struct Setup<'a> {
    pub(crate) experiment: Experiment<'a>,
    pub(crate) place: Place,
    memo: Memo,
    options: &'a ProgramOptions,
    whereabouts: Whereabouts,
    /// Inputs that have been digested, by their patterns.
    digested: RefCell<HashMap<Vec<String>, Arc<Inputs>>>,
}

/// What is declared of a run.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    /// The words after the program's name.
    pub(crate) arguments: Vec<OsString>,
    pub(crate) inputs: Vec<String>,
    pub(crate) outputs: Vec<String>,
    pub(crate) variables: Vec<Variable>,
}

impl Declared {
    /// What was typed.
    pub(crate) fn of(options: &ProgramOptions) -> Self {
        Self {
            arguments: options.arguments().to_vec(),
            inputs: options.input.clone(),
            outputs: options.output.clone(),
            variables: options.env.clone(),
        }
    }
}

impl<'a> Setup<'a> {
    /// Finds store and program. Nothing is built, unless that is needed to
    /// tell what the program is.
    pub(crate) fn new(
        common: &Common,
        shell: &'a Shell,
        options: &'a ProgramOptions,
    ) -> Result<Self, Failure> {
        let dir = current_dir()?;
        let place = Place::nearby(common, shell)?;
        let flags = flags(&options.cargo);
        let wanted = Wanted {
            bin: options.bin.as_deref(),
            package: options.package.as_deref(),
            exact: options.exact,
            cargo: &flags,
            command: options.command(),
        };
        let program = Program::find(&place, shell, &wanted)?;
        let patterns = options.metric.iter().filter_map(|metric| {
            Some(Pattern {
                name: metric.name.clone(),
                regex: metric.pattern.clone()?,
            })
        });
        let memo = place.memo();
        Ok(Self {
            whereabouts: Whereabouts::new(&dir, place.root.as_deref())?,
            experiment: Experiment {
                shell,
                program,
                dir,
                stdin: None,
                policy: Policy {
                    timeout: options.timeout,
                    refresh: options.refresh,
                    check: memo.mode() == Mode::Check,
                    keep_failures: options.keep_failures,
                    patterns: patterns.collect(),
                },
            },
            memo,
            place,
            options,
            digested: RefCell::default(),
        })
    }

    /// Gives standard input to programs.
    pub(crate) fn read_stdin(&mut self) -> Result<(), Failure> {
        self.experiment.stdin = Some(Stdin::read()?);
        Ok(())
    }

    /// One run, with its key.
    pub(crate) fn task(&self, declared: Declared) -> Result<Task, Failure> {
        outputs::check(&declared.outputs, &self.experiment.dir, &self.place.dir)?;
        let Experiment { program, dir, .. } = &self.experiment;
        let script = mentioned::script(program.name(), &declared.arguments, dir);
        let inputs = declared.inputs.iter().cloned().chain(script);
        let inputs = self.digested(&inputs.collect::<Vec<_>>())?;
        let variables = environment::variables(&declared.variables, |name| std::env::var_os(name))?;
        let parts = Parts {
            arguments: &declared.arguments,
            variables: &variables,
            inputs: &inputs.all,
            outputs: &declared.outputs,
            stdin: self.experiment.stdin.as_ref(),
            whereabouts: &self.whereabouts,
            ttl: self.options.ttl,
        };
        let call = call::call(&self.memo, &self.experiment.program, &parts)?;
        Ok(Task {
            call,
            inputs,
            arguments: declared.arguments,
            environment: variables.set,
            outputs: declared.outputs,
        })
    }

    /// A run as one would write it: `train(lr=0.1, layers=3)`.
    pub(crate) fn shown(&self, task: &Task) -> String {
        let named = arguments::named(&task.arguments).unwrap_or_default();
        let named = named.iter().map(|one| (&*one.name, &*one.text));
        let name = escape(self.experiment.program.name());
        format!("{name}({})", named_text(named))
    }

    fn digested(&self, patterns: &[String]) -> Result<Arc<Inputs>, Failure> {
        if patterns.is_empty() {
            return Ok(Arc::default());
        }
        if let Some(known) = self.digested.borrow().get(patterns) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(inputs::digest(
            &self.experiment.dir,
            &self.place.dir,
            patterns,
        )?);
        let mut digested = self.digested.borrow_mut();
        digested.insert(patterns.to_vec(), Arc::clone(&found));
        Ok(found)
    }
}

fn flags(options: &CargoOptions) -> CargoFlags {
    CargoFlags {
        release: options.release,
        profile: options.profile.clone(),
        features: options.features.clone(),
        all_features: options.all_features,
        no_default_features: options.no_default_features,
        locked: options.locked,
        offline: options.offline,
        frozen: options.frozen,
        ..CargoFlags::default()
    }
}

fn current_dir() -> Result<PathBuf, Failure> {
    std::env::current_dir().map_err(|error| {
        Failure::Failed(format!(
            "cannot tell the current directory: {error}: change into one that is there"
        ))
    })
}
