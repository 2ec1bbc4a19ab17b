//! One run of a program through the cache: found and handed over, or run,
//! listened to and kept.
//!
//! What must hold: nothing is kept of a program that was ended, or whose
//! sources were edited between the key and the build; outputs are restored
//! before anything is said to be found; and whatever happens, no child is left
//! running and no flight is left held.

mod around;
mod comparison;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use memo_runtime::Outcome;
use memo_runtime::manage::{Cause, Holder};
use memo_runtime::run::{
    Begun, Manner, Metric, Outputs, Recorder, Recording, Restored, RunCall, RunFacts, Stream,
    read_metrics,
};

use super::child::{self, CannotStart, Ended, Spawn};
use super::inputs::Inputs;
use super::metrics::{Pattern, Reader, joined};
use super::program::{Prepared, Program, Ready};
use super::stdin::Stdin;
use crate::failure::Failure;
use crate::interrupt;
use crate::render::escape;
use crate::shell::Shell;
use around::{Listening, Told};
pub(crate) use comparison::Comparison;

/// What all runs of one command line share.
#[derive(Debug)]
pub(crate) struct Experiment<'a> {
    pub(crate) shell: &'a Shell,
    pub(crate) program: Program,
    /// Where programs run, and what their files are relative to.
    pub(crate) dir: PathBuf,
    /// What programs read from standard input; `None`: nothing.
    pub(crate) stdin: Option<Stdin>,
    pub(crate) policy: Policy,
}

/// How a program ends whose output nobody reads.
const BROKEN_PIPE: Ended = Ended::Signalled(rustix::process::Signal::PIPE.as_raw());

/// How runs are to be made and kept.
#[derive(Debug)]
pub(crate) struct Policy {
    /// The longest that a program may run.
    pub(crate) timeout: Option<Duration>,
    /// Run it, whatever is kept.
    pub(crate) refresh: bool,
    /// Run what is kept again, and compare.
    pub(crate) check: bool,
    /// Keep runs that came to an error.
    pub(crate) keep_failures: bool,
    /// Metrics in the output.
    pub(crate) patterns: Vec<Pattern>,
}

/// What one run has for itself.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    /// The words after the program's name.
    pub(crate) arguments: Vec<OsString>,
    /// What is added to the environment.
    pub(crate) environment: Vec<(OsString, OsString)>,
    /// The files that it reads, as they are part of its key.
    pub(crate) inputs: Arc<Inputs>,
    /// The files that it leaves.
    pub(crate) outputs: Vec<String>,
    /// Its place in the cache.
    pub(crate) call: RunCall,
}

/// Told how a run goes, while it goes.
pub(crate) trait Listener {
    /// It was found, and its outputs are in place.
    fn found(&mut self, recording: &Recording, outcome: Outcome, restored: Restored);
    /// It is going to be computed, and why.
    fn computes(&mut self, cause: Cause);
    /// Another computes it, and this one waits for that; how long it usually
    /// takes.
    fn waits(&self, holder: &Holder, usual: Option<Duration>);
    /// The program printed this, now or when it was recorded.
    ///
    /// # Errors
    ///
    /// It cannot be handed on: nobody listens any more.
    fn printed(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()>;
    /// Something is odd.
    fn odd(&mut self, message: &str);
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Performed {
    pub(crate) outcome: Outcome,
    pub(crate) ended: Ended,
    pub(crate) metrics: Vec<Metric>,
    /// How long computing it took, now or when it was computed.
    pub(crate) took: Duration,
    /// What a second run came to, if that was asked for.
    pub(crate) comparison: Option<Comparison>,
}

/// Why nothing came of a run.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// It failed for a reason that is not the program's.
    Failed(Failure),
    /// Another computes it, and it was not to be waited for.
    UnderWay,
    /// Interrupted while waiting, or before the program was started.
    Interrupted,
    /// The sources were edited: the key is no longer that of the program.
    Moved,
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Experiment<'_> {
    /// Makes a run. `wait`: if another computes it, wait for that.
    pub(crate) fn perform(
        &self,
        task: &Task,
        wait: bool,
        listener: &mut dyn Listener,
    ) -> Result<Performed, Stopped> {
        let refresh = self.policy.refresh;
        match self.begin(task, refresh, wait, true, listener) {
            Begun::Found(recording, ..) if self.policy.check => {
                self.check(task, &recording, listener)
            }
            Begun::Found(recording, outcome, restored) => {
                listener.found(&recording, outcome, restored);
                self.hand_over(&recording, outcome, listener)
            }
            Begun::Compute(recorder) => self
                .compute(task, recorder, true, listener)
                .map(|(it, _)| it),
            other => Err(stopped(&other)),
        }
    }

    /// What a run leaves.
    fn outputs<'a>(&'a self, task: &'a Task) -> Outputs<'a> {
        Outputs {
            dir: &self.dir,
            declared: &task.outputs,
            goes_on: &|| {
                // Half of a file is not to be left behind.
                interrupt::listen();
                !interrupt::came()
            },
        }
    }

    fn begin(
        &self,
        task: &Task,
        refresh: bool,
        wait: bool,
        keep: bool,
        listener: &dyn Listener,
    ) -> Begun {
        let waits = |holder: &Holder, usual| {
            interrupt::only_count();
            listener.waits(holder, usual);
        };
        let outputs = self.outputs(task);
        task.call.begin(&Manner {
            refresh,
            wait,
            keep,
            outputs: Some(&outputs).filter(|_| !self.policy.check),
            cancelled: interrupt::flag(),
            waits: &waits,
        })
    }

    /// Says again what was printed.
    fn hand_over(
        &self,
        recording: &Recording,
        outcome: Outcome,
        listener: &mut dyn Listener,
    ) -> Result<Performed, Stopped> {
        let mut reader = Reader::new(&self.policy.patterns);
        let replayed = recording.replay(|stream, bytes| {
            reader.read(stream, bytes);
            listener.printed(stream, bytes)
        });
        let facts = recording.facts();
        let ended = match replayed {
            Ok(()) => Ended::Exited(facts.exit_code),
            // As the program ends that is not listened to.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => BROKEN_PIPE,
            Err(error) => return Err(Failure::Print(error).into()),
        };
        Ok(Performed {
            outcome,
            ended,
            metrics: joined(facts.metrics.clone(), reader.finish()),
            took: recording.duration(),
            comparison: None,
        })
    }

    /// Runs the program, and keeps what comes of it; unless it is only to be
    /// compared, in which case `keep` is false.
    fn compute(
        &self,
        task: &Task,
        mut recorder: Recorder,
        keep: bool,
        listener: &mut dyn Listener,
    ) -> Result<(Performed, Option<Recording>), Stopped> {
        // Whoever only hands over a recording may be ended anywhere.
        interrupt::only_count();
        let Prepared::Ready(ready) = self.program.ready(self.shell)? else {
            return Err(Stopped::Moved);
        };
        if self.edited(task, false).is_some() {
            return Err(Stopped::Moved);
        }
        if let Some(lost) = recorder.lost() {
            listener.odd(&format!("cannot restore {lost}"));
        }
        listener.computes(match keep {
            true => recorder.cause(),
            false => Cause::Checked,
        });
        let began = self.outputs(task).settled();
        let made = self.make(task, &ready, &mut recorder, listener)?;
        let Made { ended, took, .. } = made;
        let failed = |outcome| Performed {
            outcome,
            ended,
            metrics: made.metrics.clone(),
            took,
            comparison: None,
        };
        let exit_code = match self.kept_code(ended) {
            Ok(code) => code,
            Err(cause) => {
                recorder.fail(cause, took);
                return Ok((failed(Outcome::Error), None));
            }
        };
        if made.held_open {
            listener.odd(
                "something that it started still has its output open: what that prints from now on \
                 is not recorded",
            );
        }
        if let Some(what) = self.edited(task, true) {
            recorder.fail(Cause::Edited, took);
            listener.odd(&format!(
                "{what} changed while it ran: nothing is kept, since it cannot be told what it read"
            ));
            return Ok((failed(Outcome::Computed), None));
        }
        if let Err(problem) = recorder.collect(&self.outputs(task), began, took) {
            recorder.fail(Cause::NoOutput, took);
            let problem = format!("the run is not kept: {problem}");
            if interrupt::came() {
                return Err(Failure::Interrupted(problem).into());
            }
            if exit_code == 0 {
                return Err(Failure::Failed(problem).into());
            }
            listener.odd(&problem);
            return Ok((failed(Outcome::Error), None));
        }
        let facts = RunFacts {
            exit_code,
            metrics: made.metrics.clone(),
        };
        let finished = recorder.finish(facts, took);
        if let Some(problem) = &finished.problem {
            listener.odd(&format!("the run is not kept: {}", escape(problem)));
        }
        Ok((failed(finished.outcome), finished.recording))
    }

    /// Runs the program, and takes down what it prints.
    fn make(
        &self,
        task: &Task,
        ready: &Ready,
        recorder: &mut Recorder,
        listener: &mut dyn Listener,
    ) -> Result<Made, Failure> {
        let told = Told::new(recorder.held()).map_err(|error| {
            Failure::Failed(format!("cannot make a temporary directory: {error}"))
        })?;
        let mut set = ready.env.clone();
        set.extend(task.environment.iter().cloned());
        set.extend(told.variables());
        let mut reader = Reader::new(&self.policy.patterns);
        let listening = Listening::default();
        let spawn = Spawn {
            program: &ready.path,
            name: &ready.arg0,
            arguments: &task.arguments,
            dir: &self.dir,
            set: &set,
            stdin: self.stdin.as_ref().map(Stdin::open).transpose()?,
            timeout: self.policy.timeout,
        };
        let end = child::run(spawn, &listening, &mut |stream, bytes| {
            recorder.write(stream, bytes);
            reader.read(stream, bytes);
            if !listening.nobody() && listener.printed(stream, bytes).is_err() {
                listening.stop();
            }
        });
        let end = end.map_err(|error| self.cannot_start(&error))?;
        Ok(Made {
            ended: match end.how {
                Ended::Interrupted if listening.nobody() => BROKEN_PIPE,
                how => how,
            },
            metrics: joined(read_metrics(&told.file()), reader.finish()),
            took: end.took,
            held_open: end.held_open,
        })
    }

    /// The exit code of a program that is kept, or why it is not.
    fn kept_code(&self, ended: Ended) -> Result<i32, Cause> {
        match ended {
            Ended::Exited(code) if code == 0 || self.policy.keep_failures => Ok(code),
            Ended::Exited(_) => Err(Cause::ExitCode),
            Ended::Signalled(_) => Err(Cause::Signal),
            Ended::TimedOut => Err(Cause::TimedOut),
            Ended::Interrupted => Err(Cause::Cancelled),
        }
    }

    /// Runs the program although it is kept, and compares.
    fn check(
        &self,
        task: &Task,
        kept: &Recording,
        listener: &mut dyn Listener,
    ) -> Result<Performed, Stopped> {
        let recorder = match self.begin(task, true, true, false, listener) {
            Begun::Compute(recorder) => recorder,
            other => return Err(stopped(&other)),
        };
        let (mut performed, again) = self.compute(task, recorder, false, listener)?;
        performed.comparison = match (&again, performed.ended) {
            (Some(again), _) => Some(Comparison::of(kept, again)),
            (None, Ended::Exited(code)) => Some(Comparison::of_exit_code(kept, code)),
            (None, _) => None,
        };
        Ok(performed)
    }

    /// What of the key is no longer so. A binary runs from a copy of its own.
    fn edited(&self, task: &Task, has_run: bool) -> Option<&'static str> {
        let is_command = matches!(self.program, Program::Command(_));
        if is_command && self.program.has_moved_on() {
            return Some("its file");
        }
        task.inputs.have_changed(has_run).then_some("an input")
    }

    fn cannot_start(&self, error: &CannotStart) -> Failure {
        let name = escape(self.program.name());
        let (code, why) = match error {
            CannotStart::NotFound => (127, "it was not found".to_owned()),
            CannotStart::NotExecutable(error) | CannotStart::Other(error) => {
                (126, error.to_string())
            }
        };
        Failure::Exit {
            code,
            message: format!("cannot run `{name}`: {why}"),
        }
    }
}

impl Performed {
    /// Whether the program did what it was to do.
    pub(crate) fn is_good(&self) -> bool {
        self.ended == Ended::Exited(0)
    }
}

/// A program that has run.
struct Made {
    ended: Ended,
    metrics: Vec<Metric>,
    took: Duration,
    /// Whether somebody still has its output open.
    held_open: bool,
}

fn stopped(begun: &Begun) -> Stopped {
    match begun {
        Begun::UnderWay => Stopped::UnderWay,
        Begun::Hindered(why) => Stopped::Failed(Failure::Failed(why.clone())),
        Begun::Refused => Stopped::Failed(Failure::Failed(
            "MEMO=offline, and it is not in the store: run it without, or somewhere it is kept"
                .to_owned(),
        )),
        _ => Stopped::Interrupted,
    }
}
