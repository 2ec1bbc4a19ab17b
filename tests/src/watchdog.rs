//! Makes a hang in the test's own process a failure.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// How long a test waits for what must come, before it fails.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// Ends the process if it lives longer than [`DEADLINE`]; for calls made in the test's own
/// process, which nobody can interrupt.
#[derive(Debug)]
#[must_use = "it watches only as long as it lives"]
pub struct Watchdog {
    _lives: Sender<()>,
}

impl Watchdog {
    /// Begins to watch. `what` is told if it hangs.
    pub fn over(what: &'static str) -> Self {
        let (lives, watched) = mpsc::channel();
        thread::spawn(move || {
            if watched.recv_timeout(DEADLINE) == Err(RecvTimeoutError::Timeout) {
                eprintln!("hangs: {what}");
                std::process::abort();
            }
        });
        Self { _lives: lives }
    }
}
