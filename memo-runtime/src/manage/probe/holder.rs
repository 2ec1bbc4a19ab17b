//! A second process that holds a lock, to see what this one makes of it.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::Tried;
use crate::store::trial::{self, Trial};

/// A process that has not locked a file after so long never will.
const PATIENCE: Duration = Duration::from_secs(10);
/// The kernel frees the lock of a killed process when it has cleared its
/// memory away.
const NAP: Duration = Duration::from_millis(1);

/// Locks a file for a [`Probe`](super::Probe) in another process, for as long
/// as the file that is returned is open; `None`: somebody else has locked it.
///
/// # Errors
///
/// The file cannot be opened or locked.
pub fn hold_lock(file: &Path) -> io::Result<Option<File>> {
    trial::lock(file)
}

/// What came of the other process.
pub(super) struct Excluded {
    /// While it lived.
    pub(super) living: Tried,
    /// After it was killed.
    pub(super) killed: Tried,
}

/// The other process. It ends when this is dropped.
pub(super) struct LockHolder(Child);

impl LockHolder {
    /// Lets another process lock the file of a trial, and then kills it.
    pub(super) fn try_with(trial: &Trial<'_>, program: &dyn Fn(&Path) -> Command) -> Excluded {
        let failed = |error: io::Error| Tried::Failed(error.to_string());
        let begun = trial
            .gets_lock()
            .and_then(|_| Self::start(program(&trial.lock_file())));
        let holder = match begun {
            Ok(holder) => holder,
            Err(error) => {
                let living = failed(error);
                let killed = living.clone();
                return Excluded { living, killed };
            }
        };
        let living = Tried::of(trial.gets_lock().map(|got| !got));
        drop(holder);
        let killed = Tried::of(becomes_free(trial));
        Excluded { living, killed }
    }

    /// Starts it, and waits until it has said that it holds the lock.
    fn start(mut program: Command) -> io::Result<Self> {
        let child = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut holder = Self(child);
        let said = holder.0.stdout.take();
        let (tell, hear) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            let mut line = String::new();
            let read = said.map(|said| BufReader::new(said).read_line(&mut line));
            // Whoever asked may have lost patience.
            let _ = tell.send(matches!(read, Some(Ok(1..))));
        })?;
        match hear.recv_timeout(PATIENCE) {
            Ok(true) => Ok(holder),
            Ok(false) => Err(io::Error::other(
                "the other process could not lock the file",
            )),
            Err(_) => Err(io::Error::other("the other process does not answer")),
        }
    }
}

impl Drop for LockHolder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn becomes_free(trial: &Trial<'_>) -> io::Result<bool> {
    let began = Instant::now();
    while !trial.gets_lock()? {
        if began.elapsed() > PATIENCE {
            return Ok(false);
        }
        thread::sleep(NAP);
    }
    Ok(true)
}
