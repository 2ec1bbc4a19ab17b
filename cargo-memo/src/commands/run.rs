//! `run`: one program through the cache.

mod because;

use std::io::{self, Write};
use std::time::Duration;

use memo_runtime::Outcome;
use memo_runtime::manage::{Cause, Holder, Vault};
use memo_runtime::run::{Recording, Restored, Stream};

use super::Verdict;
use crate::cli::{Common, ProgramOptions, RunOptions};
use crate::experiment::child::Ended;
use crate::experiment::mentioned;
use crate::experiment::point::{Comparison, Listener, Performed, Stopped, Task};
use crate::experiment::setup::{Declared, Setup};
use crate::failure::{FAILED, Failure};
use crate::interrupt;
use crate::render::{Calendar, count, escape, span};
use crate::shell::Shell;

/// The exit code of a program that took longer than it was allowed to, as
/// `timeout` has it.
const TIMED_OUT: u8 = 124;
/// To this shells add the number of the signal that ended a program.
const SIGNALLED: i32 = 128;

/// Runs the verb.
pub(crate) fn run(
    common: &Common,
    shell: &Shell,
    options: &RunOptions,
) -> Result<Verdict, Failure> {
    let mut stdin = None;
    let mut begun = 0;
    loop {
        begun += 1;
        let mut setup = Setup::new(common, shell, &options.program)?;
        if options.stdin && stdin.is_none() {
            setup.read_stdin()?;
        } else {
            setup.experiment.stdin = stdin.take();
        }
        setup.experiment.policy.check |= options.check;
        let task = setup.task(Declared::of(&options.program))?;
        let mut live = Live {
            shell,
            call: setup.shown(&task),
            task: &task,
            setup: &setup,
        };
        match setup.experiment.perform(&task, true, &mut live) {
            Ok(performed) => {
                warn_of_missing_metrics(shell, &options.program, &performed);
                return Ok(conclude(shell, &performed));
            }
            Err(Stopped::Failed(failure)) => return Err(failure),
            Err(Stopped::Moved) if interrupt::came() => {
                return Ok(Verdict::Exit(interrupt::INTERRUPTED));
            }
            Err(Stopped::Moved) if begun == ATTEMPTS => return Err(restless()),
            Err(Stopped::Moved) => {
                shell.note("what it is made of was edited meanwhile: beginning anew");
                stdin = setup.experiment.stdin.take();
            }
            Err(Stopped::Interrupted | Stopped::UnderWay) => {
                return Ok(Verdict::Exit(interrupt::INTERRUPTED));
            }
        }
    }
}

/// So often a run is begun whose sources or inputs are edited meanwhile.
pub(super) const ATTEMPTS: u32 = 5;

/// What is said when they never come to rest.
pub(super) fn restless() -> Failure {
    Failure::Failed(format!(
        "what it is made of was edited {ATTEMPTS} times while it was looked at: wait until that is \
         over, or declare less with --input"
    ))
}

/// Tells of metrics that were asked for and that it does not have.
fn warn_of_missing_metrics(shell: &Shell, options: &ProgramOptions, performed: &Performed) {
    let is_told = |name: &str| performed.metrics.iter().any(|metric| metric.name == name);
    let missing = options
        .metric
        .iter()
        .filter(|metric| !is_told(&metric.name));
    for metric in missing.filter(|_| performed.is_good()) {
        let name = escape(&metric.name);
        shell.warn(&match metric.pattern {
            Some(_) => format!("nothing that it printed matches the metric `{name}`"),
            None => format!("it tells no metric `{name}`"),
        });
    }
}

/// Says what is left to say, and ends as the program did.
fn conclude(shell: &Shell, performed: &Performed) -> Verdict {
    let code = exit_code(performed.ended);
    match &performed.comparison {
        Some(Comparison { differing }) if differing.is_empty() => {
            shell.tell("check", "it came out as it is kept");
        }
        Some(comparison) if comparison.is_same() => {
            shell.tell("check", "it came out as it is kept, but for standard error");
        }
        Some(Comparison { differing }) => {
            let verb = if differing.len() == 1 {
                "differs"
            } else {
                "differ"
            };
            shell.warn(&format!(
                "it came out otherwise than it is kept: {} {verb}: the program depends on more \
                 than is declared (see --input, --env and --stdin), on chance, or on time",
                differing.join(", ")
            ));
            return Verdict::Exit(FAILED);
        }
        None => {}
    }
    if performed.outcome == Outcome::Error {
        let took = span(performed.took);
        shell.note(&match performed.ended {
            Ended::Exited(code) => format!(
                "it exited with code {code} after {took}, which is not kept (--keep-failures \
                 keeps it)"
            ),
            Ended::Signalled(number) => format!("signal {number} ended it after {took}"),
            Ended::TimedOut => format!("it was ended after {took}: --timeout allows no more"),
            Ended::Interrupted => format!("interrupted after {took}"),
        });
    }
    Verdict::Exit(code)
}

fn exit_code(ended: Ended) -> u8 {
    let code = match ended {
        Ended::Exited(code) => code,
        Ended::Signalled(number) => SIGNALLED + number,
        Ended::TimedOut => return TIMED_OUT,
        Ended::Interrupted => return interrupt::INTERRUPTED,
    };
    u8::try_from(code).unwrap_or(FAILED)
}

/// Hands the program's output on as it comes.
struct Live<'a> {
    shell: &'a Shell,
    /// The run as one would write it.
    call: String,
    task: &'a Task,
    setup: &'a Setup<'a>,
}

impl Listener for Live<'_> {
    fn found(&mut self, recording: &Recording, outcome: Outcome, restored: Restored) {
        if self.shell.is_quiet() {
            return;
        }
        let call = &self.call;
        let took = span(recording.duration());
        let mut said = match outcome {
            Outcome::Waited => format!("{call}, computed meanwhile in {took}"),
            _ => {
                let when = Calendar::local().relative(recording.created());
                format!("{call}, computed {when} in {took}")
            }
        };
        if restored.written > 0 {
            let files = count(restored.written, "output", "outputs");
            said.push_str(&format!("; {files} restored"));
        }
        self.shell.tell("hit", &said);
        let Task {
            arguments,
            inputs,
            outputs,
            ..
        } = self.task;
        let dir = &self.setup.experiment.dir;
        let outdated = mentioned::outdated(arguments, inputs, outputs, dir, recording.created());
        if let Some(file) = outdated {
            let file = escape(file);
            self.shell.warn(&format!(
                "`{file}` was written to after that, and does not count: --input {file} makes it"
            ));
        }
    }

    fn computes(&mut self, cause: Cause) {
        let call = &self.call;
        if cause == Cause::Checked {
            return self
                .shell
                .tell("check", &format!("{call}, run again to compare"));
        }
        if self.shell.is_quiet() {
            return;
        }
        let place = &self.setup.place;
        let vault = Vault::open(&place.dir, place.share).ok().flatten();
        let because = because::because(vault.as_ref(), &self.task.call, cause);
        self.shell.tell("miss", &format!("{call}, {because}"));
    }

    fn waits(&self, holder: &Holder, usual: Option<Duration>) {
        let usual = usual.map_or_else(String::new, |usual| {
            format!(" (it usually takes {})", span(usual))
        });
        self.shell.tell(
            "wait",
            &format!(
                "{}, which process {} on {} computes{usual}",
                self.call,
                holder.pid,
                escape(&holder.host)
            ),
        );
    }

    fn printed(&mut self, stream: Stream, bytes: &[u8]) -> io::Result<()> {
        match stream {
            Stream::Stdout => write(io::stdout().lock(), bytes),
            Stream::Stderr => write(io::stderr().lock(), bytes),
        }
    }

    fn odd(&mut self, message: &str) {
        self.shell.warn(message);
    }
}

fn write(mut to: impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(bytes)?;
    to.flush()
}
