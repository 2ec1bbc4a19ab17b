//! A program that runs as a child: started, listened to, ended.
//!
//! What must hold:
//!
//! - What the child prints is passed on as it comes, whole, and in the order
//!   in which it was printed to either stream ([`output`]).
//! - The child leads a process group of its own, and whoever asks it to end
//!   asks the whole group. When [`run`] returns, however it returns, the child
//!   has been waited for; when this process is killed, the child is too
//!   ([`start`]).
//! - A process that outlives the child and holds its output open delays
//!   nobody by more than [`GRACE`].
//! - No descriptor gets into a child that is not meant for it.
//!
//! A child that opens `/dev/stdout` anew can print; but what it prints there
//! may join what it printed before, across what went to the other stream in
//! between.

mod ending;
mod output;
mod start;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use memo_runtime::run::Stream;
use rustix::process::Signal;

use ending::{Cause, Ending};
use output::Output;
use start::Running;

/// How long after the child has ended others may go on to print.
const GRACE: Duration = Duration::from_millis(200);
/// How often it is looked whether the child is to end.
const LOOK: Duration = Duration::from_millis(50);

/// What is to be started.
#[derive(Debug)]
pub(crate) struct Spawn<'a> {
    /// The file to execute.
    pub(crate) program: &'a Path,
    /// By what name it is called: its argument 0.
    pub(crate) name: &'a OsStr,
    /// Its further arguments.
    pub(crate) arguments: &'a [OsString],
    /// Its working directory.
    pub(crate) dir: &'a Path,
    /// What is added to the environment.
    pub(crate) set: &'a [(OsString, OsString)],
    /// Its input; nothing if `None`.
    pub(crate) stdin: Option<File>,
    /// After what time it is to end.
    pub(crate) timeout: Option<Duration>,
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal, that others sent.
    Signalled(i32),
    /// Because its time was over.
    TimedOut,
    /// Because [`Interrupts`] asked for it.
    Interrupted,
}

/// The end of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// How it ended.
    pub(crate) how: Ended,
    /// How long it ran.
    pub(crate) took: Duration,
    /// Whether somebody else still had its output open. What they print later
    /// is not listened to.
    pub(crate) held_open: bool,
}

/// Why there is no child.
#[derive(Debug)]
pub(crate) enum CannotStart {
    /// The program, or the interpreter that it names, is not there: what shells
    /// call 127.
    NotFound,
    /// The system does not execute it: what shells call 126.
    NotExecutable(io::Error),
    /// Something else is missing: memory, descriptors, the directory.
    Other(io::Error),
}

/// Who may ask a child to end.
pub(crate) trait Interrupts {
    /// How often that was asked for: once, it is told to end, and killed if it
    /// has not done so after 5 seconds; more often, it is killed at once.
    fn asked(&self) -> u32;
}

/// Who is told what a child prints.
type Each<'a> = dyn FnMut(Stream, &[u8]) + 'a;

/// Runs a program until it ends. `each` is told what it prints, as it comes.
///
/// # Errors
///
/// The program could not be started.
pub(crate) fn run(
    spawn: Spawn<'_>,
    interrupts: &dyn Interrupts,
    each: &mut Each<'_>,
) -> Result<End, CannotStart> {
    let (mut output, ends) = Output::open().map_err(CannotStart::Other)?;
    let mut ending = Ending::new(spawn.timeout);
    let begun = Instant::now();
    let mut child = Running::start(spawn, ends)?;
    output.watch(child.end()?).map_err(CannotStart::Other)?;

    let mut ended = false;
    while !ended {
        let now = begun.elapsed();
        if let Some(signal) = ending.due(now, interrupts.asked()) {
            child.signal(signal);
        }
        ended = output.listen(ending.patience(now).min(LOOK), each);
    }
    let took = begun.elapsed();

    let last = Instant::now() + GRACE;
    while !output.is_closed() && Instant::now() < last {
        output.listen(last.saturating_duration_since(Instant::now()), each);
    }
    output.finish(each);
    if ending.cause().is_some() {
        // Whoever is left of the group has had its chance.
        child.signal(Signal::KILL);
    }
    let status = child.reap().map_err(CannotStart::Other)?;
    Ok(End {
        how: how(ending.cause(), status),
        took,
        held_open: !output.is_closed(),
    })
}

fn how(cause: Option<Cause>, status: ExitStatus) -> Ended {
    match (cause, status.code()) {
        (Some(Cause::Limit), _) => Ended::TimedOut,
        (Some(Cause::Interrupt), _) => Ended::Interrupted,
        (None, Some(code)) => Ended::Exited(code),
        (None, None) => Ended::Signalled(status.signal().unwrap_or_default()),
    }
}
