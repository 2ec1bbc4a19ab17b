//! Trouble with stderr, where events go that a program asked for and has no logger for.

use std::process::Stdio;

use crate::worker::worker;

/// As under `program 2>&1 | head -1`, or with a log file on a full disk.
#[test]
fn an_stderr_that_takes_nothing_does_not_fail_the_caller() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let (_, closed) = std::io::pipe().unwrap();
    for (what, stderr) in [("full", Stdio::from(full)), ("closed", Stdio::from(closed))] {
        let temp = tempfile::tempdir().unwrap();
        let mut command = worker(&temp.path().join("store"));
        command
            .env("MEMO_LOG", "debug")
            .args(["get=1:100"])
            .stderr(stderr);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{what}: {output:?}");
    }
}
