//! A directory with programs that leave a mark each time they really run, and
//! `cargo-memo` to run them through a store.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::bench::{Bench, Run};

/// A place for experiments.
pub(crate) struct Lab {
    pub(crate) bench: Bench,
}

impl Lab {
    /// A lab without programs.
    pub(crate) fn new() -> Self {
        let lab = Self {
            bench: Bench::new(),
        };
        fs::create_dir(lab.dir()).unwrap();
        lab
    }

    /// A lab with the program `./train`, a script with this body.
    pub(crate) fn with(body: &str) -> Self {
        let lab = Self::new();
        lab.script("train", body);
        lab
    }

    /// Where programs run.
    pub(crate) fn dir(&self) -> PathBuf {
        self.bench.beside("lab")
    }

    /// A path in the lab.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Writes a script that leaves a line in the file `ran`, beside the lab,
    /// before anything else.
    pub(crate) fn script(&self, name: &str, body: &str) {
        let ran = self.bench.beside("ran");
        let text = format!("#!/bin/sh\necho \"$*\" >> '{}'\n{body}\n", ran.display());
        self.write(name, text);
        self.executable(name);
    }

    /// Makes a file executable.
    pub(crate) fn executable(&self, name: &str) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// The arguments of every real run, in order.
    pub(crate) fn ran(&self) -> Vec<String> {
        let ran = fs::read_to_string(self.bench.beside("ran")).unwrap_or_default();
        ran.lines().map(str::to_owned).collect()
    }

    /// `cargo-memo` in the lab, on its store.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        self.command_in(&self.dir(), words)
    }

    /// The same elsewhere.
    pub(crate) fn command_in(&self, dir: &Path, words: &[&str]) -> Command {
        let mut command = self.bench.command(&[]);
        command
            .current_dir(dir)
            .arg("--store")
            .arg(self.bench.store());
        command.args(words);
        command
    }

    /// Runs `cargo-memo` in the lab.
    pub(crate) fn memo(&self, words: &[&str]) -> Run {
        self.bench.run(self.command(words))
    }

    /// Runs `./train` through the cache.
    pub(crate) fn train(&self, words: &[&str]) -> Run {
        self.memo(&[&["run", "--", "./train"], words].concat())
    }

    /// The bytes that it prints.
    pub(crate) fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// What is in the store and has no business there once nothing runs.
    pub(crate) fn left_behind(&self) -> Vec<PathBuf> {
        let below = |name: &str| {
            let dir = fs::read_dir(self.bench.store().join(name));
            dir.into_iter()
                .flatten()
                .flatten()
                .map(|entry| entry.path())
        };
        below("flights").chain(below("tmp")).collect()
    }

    /// How many results are kept.
    pub(crate) fn kept(&self) -> usize {
        self.bench.entries().len()
    }
}

/// Whether a program is there to be used by a test; if not, that is said, and
/// under continuous integration it is an error.
pub(crate) fn is_there(program: impl AsRef<OsStr>) -> bool {
    let program = program.as_ref();
    let there = Command::new(program).arg("--version").output().is_ok();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "{} is missing: run tests/setup.sh",
        program.display()
    );
    if !there {
        eprintln!(
            "SKIPPED: {} is missing: run tests/setup.sh",
            program.display()
        );
    }
    there
}
