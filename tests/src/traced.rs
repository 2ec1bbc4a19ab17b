//! A program under strace: which system calls it makes, and what is left when one of them is its
//! last.
//!
//! What must hold: a run that was to be killed and was not is an error, so that no test passes for
//! want of trouble. strace counts calls by name and thread; the program has to run on one thread
//! and to do all the same in each run.

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

/// The path that a program looks at to mark the place from where on its calls count.
pub const MARK: &str = "/memo-tests-mark";

/// Whether strace is there; if not, tells that `test` is skipped, but for continuous integration:
/// there it fails.
///
/// # Panics
///
/// When it is missing there.
pub fn is_possible(test: &str) -> bool {
    let possible = Command::new("strace").arg("--version").output().is_ok();
    if !possible {
        let here = env::var_os("CI").is_none();
        assert!(here, "{test}: strace is missing: run tests/setup.sh");
        eprintln!("SKIPPED: {test}: strace is missing: run tests/setup.sh");
    }
    possible
}

/// A call of the system: its name, and which one of that name it is, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemCall {
    name: String,
    nth: usize,
}

/// A program with its arguments, and where its trace goes.
#[derive(Debug)]
pub struct Traced {
    program: &'static str,
    arguments: Vec<OsString>,
    trace: PathBuf,
}

impl Traced {
    /// The program, which is not started yet. `trace` is a file to be.
    pub fn new(program: &'static str, trace: PathBuf) -> Self {
        Self {
            program,
            arguments: Vec::new(),
            trace,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    fn run(&self, options: &[&str]) -> (ExitStatus, String) {
        let status = Command::new("strace")
            .args(["-f", "-qq", "-o"])
            .arg(&self.trace)
            .args(options)
            .arg(self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        (status, fs::read_to_string(&self.trace).unwrap())
    }

    /// The system calls of a run in which nobody is killed, from the mark on.
    ///
    /// # Panics
    ///
    /// When the program fails, or more than one thread makes calls.
    pub fn calls(&self) -> Vec<SystemCall> {
        let (status, text) = self.run(&[]);
        assert!(status.success(), "{status}: {text}");
        let mut counts = HashMap::new();
        let (mut threads, mut marked, mut found) = (Vec::new(), false, Vec::new());
        for line in text.lines() {
            let (thread, call) = line.split_once(' ').unwrap();
            threads.push(thread);
            let Some((name, _)) = call.trim_start().split_once('(') else {
                continue;
            };
            let count = counts.entry(name).or_insert(0);
            *count += 1;
            if call.contains(MARK) {
                marked = true;
            } else if marked && name != "exit_group" {
                let (name, nth) = (name.to_owned(), *count);
                found.push(SystemCall { name, nth });
            }
        }
        threads.dedup();
        assert_eq!(threads.len(), 1, "there are several threads: {text}");
        assert!(!found.is_empty(), "nothing was traced: {text}");
        found
    }

    /// Runs the program and kills it as it enters `call`.
    ///
    /// # Panics
    ///
    /// When it is not killed.
    pub fn killed_at(&self, call: &SystemCall) {
        let SystemCall { name, nth } = call;
        let inject = format!("inject={name}:signal=KILL:when={nth}");
        let (status, text) = self.run(&["-e", &format!("trace={name}"), "-e", &inject]);
        assert_eq!(status.signal(), Some(9), "{inject}: {text}");
    }
}
