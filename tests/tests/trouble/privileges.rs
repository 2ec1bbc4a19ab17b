//! What tests may do here. A test that cannot run says so, loudly.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::worker::{NOBODY, Run, run};

/// Whether this process may change owners and mount; if not, tells that `test` is skipped.
pub(crate) fn is_root(test: &str) -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        skipped(
            test,
            "it changes owners or mounts, for which it would have to be root",
        );
    }
    root
}

#[allow(
    clippy::print_stderr,
    reason = "past the test runner's capture, so that it is seen"
)]
pub(crate) fn skipped(test: &str, why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}

/// A directory in which any user may have a store, and a copy of the worker that any may run.
pub(crate) struct Common {
    temp: TempDir,
}

impl Common {
    pub(crate) fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        set_mode(temp.path(), 0o777);
        // By another process: a file that this one has open for writing, if only in a child that
        // another test is starting, cannot be run.
        let copy = temp.path().join("worker");
        tool(
            "cp",
            &[env!("CARGO_BIN_EXE_trouble_worker"), copy.to_str().unwrap()],
        );
        Self { temp }
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.temp.path().join("store")
    }

    /// Runs the worker as nobody.
    pub(crate) fn run_as_nobody(&self, steps: &[&str]) -> Run {
        let mut command = Command::new(self.temp.path().join("worker"));
        crate::worker::prepare(&mut command, &self.store());
        command
            .arg(self.store())
            .args(steps)
            .uid(NOBODY)
            .gid(NOBODY);
        Run::of(command, &format!("{steps:?} as nobody"))
    }

    /// Runs the worker as this process's user.
    pub(crate) fn run(&self, steps: &[&str]) -> Run {
        run(&self.store(), steps)
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}

/// Runs `program` and expects it to succeed.
pub(crate) fn tool(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {output:?}"
    );
}
