//! Where a test takes place: a store of its own, and what the programs that use it leave behind.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs, io, thread};

use memo_runtime::{Builder, Memo, Share, manage::Vault};
use tempfile::TempDir;

use crate::ledger::{self, Execution};
use crate::watchdog::DEADLINE;

/// A temporary directory with a store and a ledger. It is removed when the scene is dropped; drop
/// the actors first.
#[derive(Debug)]
pub struct Scene {
    dir: TempDir,
}

impl Scene {
    /// A scene whose store does not exist yet.
    ///
    /// # Panics
    ///
    /// When no temporary directory can be made; so do all methods whose directory is gone.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("ledger")).unwrap();
        Self { dir }
    }

    /// The directory that all of the scene is in. Tests may put files of their own there.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The directory of the store.
    pub fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    /// The command that runs `program` on the store, and with no other setting of the environment
    /// that this process may have. It tells events on stderr from level `info` on, and waits for
    /// another's computation for ever, as far as tests are concerned.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("MEMO") {
                command.env_remove(name);
            }
        }
        command
            .env("MEMO_DIR", self.store())
            .env("MEMO_LOG", "info")
            .env("MEMO_WAIT", "1h")
            .env(ledger::DIR, self.dir.path().join("ledger"));
        command
    }

    /// The store, to be opened by this very process.
    pub fn memo(&self) -> Builder {
        Memo::builder(self.store())
    }

    /// The store, to look into and to clear.
    pub fn vault(&self) -> Vault {
        Vault::open(&self.store(), Share::None)
            .unwrap()
            .expect("there is a store")
    }

    /// All computations that programs on this scene have begun, in the order of their beginning.
    pub fn executions(&self) -> Vec<Execution> {
        ledger::read(&self.dir.path().join("ledger"))
    }

    /// All computations, as soon as `count` have begun.
    ///
    /// # Panics
    ///
    /// When there are fewer until the deadline.
    pub fn await_executions(&self, count: usize) -> Vec<Execution> {
        let start = Instant::now();
        loop {
            let executions = self.executions();
            if executions.len() >= count {
                return executions;
            }
            assert!(
                start.elapsed() < DEADLINE,
                "no {count} computations: {executions:?}"
            );
            thread::yield_now();
        }
    }

    /// How often programs on this scene have begun to compute `key`.
    pub fn computations(&self, key: &str) -> usize {
        self.executions()
            .iter()
            .filter(|execution| execution.key == key)
            .count()
    }

    /// The files of all entries in the store.
    pub fn entries(&self) -> Vec<PathBuf> {
        let tells = ["function", "expires"].map(OsStr::new);
        let is_entry = |path: &PathBuf| path.file_name().is_none_or(|name| !tells.contains(&name));
        files(&self.store().join("entries"))
            .into_iter()
            .filter(is_entry)
            .collect()
    }

    /// What is left in the store of computations that are over: flights, temporary files, damaged
    /// entries.
    pub fn litter(&self) -> Vec<PathBuf> {
        ["flights", "tmp", "damaged"]
            .iter()
            .flat_map(|dir| files(&self.store().join(dir)))
            .collect()
    }
}

impl Default for Scene {
    fn default() -> Self {
        Self::new()
    }
}

/// The files in a directory, at any depth; none if it does not exist.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        entries => entries.unwrap(),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(entry.path());
        }
    }
    found
}
