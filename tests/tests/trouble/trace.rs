//! The worker under strace: which system calls it makes, and what it does when one of them fails
//! or is its last.
//!
//! What must hold: calls are counted by name and thread, as strace counts them, and a run into
//! which nothing was injected is an error, so that no test passes for want of trouble.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::privileges::skipped;
use crate::worker::{Run, prepare};

/// A system call of the worker's main thread.
#[derive(Clone, Debug)]
pub(crate) struct SystemCall {
    pub(crate) name: String,
    /// Which call of that name it is, from 1.
    pub(crate) nth: usize,
    /// All that strace tells of it; open files with their paths.
    pub(crate) line: String,
}

/// Whether strace is there; if not, `test` is skipped, and says so, but for continuous
/// integration: there it fails.
pub(crate) fn is_possible(test: &str) -> bool {
    let possible = Command::new("strace").arg("--version").output().is_ok();
    if !possible {
        assert!(
            std::env::var_os("CI").is_none(),
            "{test}: strace is missing: run tests/setup.sh"
        );
        skipped(test, "strace is missing: run tests/setup.sh");
    }
    possible
}

/// What the worker is told to do on a store, and in which environment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Errand<'a> {
    pub(crate) steps: &'a [&'a str],
    pub(crate) environment: &'a [(&'a str, &'a str)],
}

fn strace(store: &Path, errand: Errand<'_>, options: &[&str]) -> (Run, String) {
    let output = store.with_extension("trace");
    let mut command = Command::new("strace");
    prepare(&mut command, store);
    command
        .args(["-f", "-qq", "-y", "-s", "4096", "-o"])
        .arg(&output)
        .args(options)
        .arg(env!("CARGO_BIN_EXE_trouble_worker"))
        .arg(store)
        .args(errand.steps)
        .envs(errand.environment.iter().copied());
    let run = Run::of(command, &format!("{options:?} {errand:?}"));
    let text = fs::read_to_string(&output).unwrap();
    (run, text)
}

/// The calls that the main thread makes after the first `mark`, up to the second if there is one,
/// in a run without trouble.
pub(crate) fn calls(store: &Path, errand: Errand<'_>) -> Vec<SystemCall> {
    let (run, text) = strace(store, errand, &[]);
    run.right("traced");
    let main = text.split_whitespace().next().unwrap().to_owned();
    let mut counts = HashMap::new();
    let mut marks = 0;
    let mut found = Vec::new();
    for line in text.lines() {
        let (thread, call) = line.split_once(' ').unwrap();
        let Some((name, _)) = call.trim_start().split_once('(') else {
            continue;
        };
        if thread != main || name.starts_with(['<', '-', '+']) {
            continue;
        }
        let nth = counts.entry(name.to_owned()).or_insert(0);
        *nth += 1;
        if line.contains("/memo-tests-mark") {
            marks += 1;
        } else if marks == 1 {
            found.push(SystemCall {
                name: name.to_owned(),
                nth: *nth,
                line: call.trim().to_owned(),
            });
        }
    }
    assert!(marks > 0 && !found.is_empty(), "nothing was traced: {text}");
    found
}

/// Runs the errand and kills the worker as it enters `call`.
pub(crate) fn killed_at(store: &Path, errand: Errand<'_>, call: &SystemCall) -> Result<(), String> {
    let trace = format!("trace={}", call.name);
    let inject = format!("inject={}:signal=KILL:when={}", call.name, call.nth);
    let (run, _) = strace(store, errand, &["-e", &trace, "-e", &inject]);
    if run.signal == Some(9) {
        Ok(())
    } else {
        Err(format!("was not killed: {run:?}"))
    }
}

/// Runs the errand with `call` failing with `error`, and if `from_then_on` all later calls of that
/// name too.
pub(crate) fn failing_at(
    store: &Path,
    errand: Errand<'_>,
    call: &SystemCall,
    error: &str,
    from_then_on: bool,
) -> Run {
    let trace = format!("trace={}", call.name);
    let plus = if from_then_on { "+" } else { "" };
    let inject = format!("inject={}:error={error}:when={}{plus}", call.name, call.nth);
    let (run, text) = strace(store, errand, &["-e", &trace, "-e", &inject]);
    assert!(
        text.contains("(INJECTED)"),
        "nothing was injected: {inject}"
    );
    run
}
