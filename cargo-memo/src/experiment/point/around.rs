//! What is around a program while it runs: what it is told, and who listens.

use std::cell::Cell;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use memo_runtime::Digest;
use memo_runtime::run::{HELD_VARIABLE, METRICS_VARIABLE};

use crate::experiment::child::Interrupts;
use crate::interrupt;

/// Whether the program is to be ended: because of Ctrl-C, or because nobody
/// listens to what it prints.
#[derive(Debug, Default)]
pub(super) struct Listening {
    stopped: Cell<bool>,
}

impl Listening {
    /// Nobody listens any more.
    pub(super) fn stop(&self) {
        self.stopped.set(true);
    }

    /// Whether nobody does.
    pub(super) fn nobody(&self) -> bool {
        self.stopped.get()
    }
}

impl Interrupts for Listening {
    fn asked(&self) -> u32 {
        interrupt::times().max(self.nobody().into())
    }
}

/// What a program is told of the run that it is, and where it tells metrics.
#[derive(Debug)]
pub(super) struct Told {
    dir: tempfile::TempDir,
    held: Option<Digest>,
}

impl Told {
    /// Where a run with the flight of this key may tell metrics.
    pub(super) fn new(held: Option<Digest>) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("memo-run-").tempdir()?;
        Ok(Self { dir, held })
    }

    /// The file that metrics are told in.
    pub(super) fn file(&self) -> PathBuf {
        self.dir.path().join("metrics")
    }

    /// What is added to its environment.
    pub(super) fn variables(&self) -> Vec<(OsString, OsString)> {
        let mut variables = vec![(METRICS_VARIABLE.into(), self.file().into())];
        if let Some(held) = self.held {
            let mut all = std::env::var_os(HELD_VARIABLE).unwrap_or_default();
            if !all.is_empty() {
                all.push(",");
            }
            all.push(held.to_hex());
            variables.push((HELD_VARIABLE.into(), all));
        }
        variables
    }
}
