//! Several processes that want the same run.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::lab::Lab;

/// A program that says when it has begun, and ends when it is told to.
const GATED: &str = "mkfifo go 2>/dev/null; echo begun; read line < go; echo end";

/// Starts a run of it.
fn start(lab: &Lab) -> Child {
    let mut command = lab.command(&["run", "--", "./train"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn the_second_waits_says_for_whom_and_replays() {
    let lab = Lab::with(GATED);
    let mut first = start(&lab);
    let mut printed = BufReader::new(first.stdout.take().unwrap()).lines();
    assert_eq!(printed.next().unwrap().unwrap(), "begun");
    let mut second = start(&lab);
    let mut said = BufReader::new(second.stderr.take().unwrap()).lines();
    let waits = said.next().unwrap().unwrap();
    assert!(waits.starts_with("wait: train()"), "{waits}");
    assert!(
        waits.contains(&format!("process {}", first.id())),
        "{waits}"
    );
    fs::write(lab.path("go"), "\n").unwrap();
    assert_eq!(printed.next().unwrap().unwrap(), "end");
    assert!(first.wait().unwrap().success());
    let hit = said.next().unwrap().unwrap();
    assert!(hit.starts_with("hit: train()"), "{hit}");
    let output = second.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"begun\nend\n");
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn whoever_waits_takes_over_from_one_that_was_killed() {
    let lab = Lab::with(GATED);
    let mut first = start(&lab);
    let mut printed = BufReader::new(first.stdout.take().unwrap()).lines();
    assert_eq!(printed.next().unwrap().unwrap(), "begun");
    let mut second = start(&lab);
    let mut said = BufReader::new(second.stderr.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().starts_with("wait"));
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(said.next().unwrap().unwrap().starts_with("miss"));
    // Opening the gate waits for whoever reads it: the program of the second,
    // since that of the first was ended with its parent.
    fs::write(lab.path("go"), "\n").unwrap();
    let output = second.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"begun\nend\n");
    assert_eq!((lab.ran().len(), lab.left_behind().len()), (2, 0));
}

#[test]
fn a_waiter_can_be_interrupted() {
    let lab = Lab::with(GATED);
    let mut command = lab.command(&["run", "--", "./train"]);
    let mut first = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut printed = BufReader::new(first.stdout.take().unwrap()).lines();
    assert_eq!(printed.next().unwrap().unwrap(), "begun");
    let mut command = lab.command(&["run", "--", "./train"]);
    let mut second = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(second.stderr.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().starts_with("wait"));
    let pid = Pid::from_raw(second.id().cast_signed()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    assert_eq!(second.wait().unwrap().code(), Some(130));
    fs::write(lab.path("go"), "\n").unwrap();
    assert!(first.wait().unwrap().success());
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn a_program_that_runs_itself_does_not_wait_for_itself() {
    let memo = env!("CARGO_BIN_EXE_cargo-memo");
    let lab = Lab::with(&format!(
        "echo at work; if mkdir once 2>/dev/null; then '{memo}' -q --store ../store run -- ./train; fi"
    ));
    let run = lab.memo(&["-q", "run", "--", "./train"]);
    run.expect(0, "at work\nat work\n", "");
    assert_eq!(lab.ran().len(), 2);
}
