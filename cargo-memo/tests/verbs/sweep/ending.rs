//! Points that fail, and sweeps that are ended.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::sweep;
use crate::lab::Lab;
use crate::pseudo_terminal::{self, Session};

#[test]
fn a_point_that_fails_is_shown_and_does_not_stop_the_others() {
    let lab = Lab::with("echo lr is $2; test $2 != 2 || { echo bad lr >&2; exit 9; }");
    let words = ["lr=1..=3", "-j", "1", "--", "./train"];
    sweep(&lab, &words).expect(
        1,
        snapbox::str![[r#"
# lr took outcome detail ID
1 1 [TOOK] computed [ID]
2 2 [TOOK] failed exit code 9
3 3 [TOOK] computed [ID]
3 points in [TOOK]: 2 computed, 1 failed

"#]],
        snapbox::str![[r#"
1/3 computed lr=1: [TOOK]
2/3 failed lr=2: exit code 9, [TOOK]
    lr is 2
    bad lr
3/3 computed lr=3: [TOOK]

"#]],
    );
    assert_eq!(lab.ran().len(), 3);
    assert_eq!(sweep(&lab, &words).code, 1);
    assert_eq!(lab.ran().len(), 4, "what failed is run again");
}

#[test]
fn the_first_failure_can_end_it() {
    let lab = Lab::with("test $2 != 2");
    let run = sweep(
        &lab,
        &["lr=1..=9", "-j", "1", "--fail-fast", "--", "./train"],
    );
    assert_eq!((run.code, lab.ran().len()), (1, 2), "{}", run.stdout);
    assert!(run.stdout.contains("not run"), "{}", run.stdout);
}

#[test]
fn a_point_is_run_again_as_often_as_is_asked_for() {
    let lab = Lab::with("test $(grep -c . ../ran) -gt 2");
    let run = sweep(&lab, &["lr=1", "--retries", "1", "--", "./train"]);
    assert_eq!((run.code, lab.ran().len()), (1, 2), "{}", run.stderr);
    assert_eq!(
        sweep(&lab, &["lr=1", "--retries", "5", "--", "./train"]).code,
        0
    );
    assert_eq!(lab.ran().len(), 3);
}

#[test]
fn failures_that_are_kept_are_still_failures() {
    let lab = Lab::with("exit 4");
    let words = ["lr=1", "--keep-failures", "--retries", "3", "--", "./train"];
    assert_eq!(sweep(&lab, &words).code, 1);
    assert_eq!(sweep(&lab, &words).code, 1);
    assert_eq!((lab.ran().len(), lab.kept()), (1, 1));
}

#[test]
fn ctrl_c_ends_what_runs_and_the_same_command_goes_on() {
    let lab = Lab::with("test $2 -lt 3 || test -e ../go || { mkdir begun-$2; exec sleep 100000; }");
    let words = ["sweep", "lr=1..=6", "-j", "2", "--", "./train"];
    let child = lab.command(&words).stderr(Stdio::piped()).spawn().unwrap();
    while !(lab.path("begun-3").exists() && lab.path("begun-4").exists()) {
        std::thread::yield_now();
    }
    pseudo_terminal::interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("2 of 6 points are done"), "{said}");
    assert_eq!(
        (lab.kept(), lab.left_behind().len(), lab.ran().len()),
        (2, 0, 4)
    );
    fs::write(lab.bench.beside("go"), "").unwrap();
    assert_eq!(lab.memo(&words).code, 0);
    assert_eq!((lab.kept(), lab.ran().len()), (6, 8));
}

#[test]
fn a_killed_sweep_is_gone_on_with() {
    let lab = Lab::with("test $2 -lt 5 || test -e ../go || { mkdir begun-$2; exec sleep 100000; }");
    let words = ["sweep", "lr=1..=20", "-j", "2", "--", "./train"];
    let mut child = lab.command(&words).stderr(Stdio::null()).spawn().unwrap();
    while !(lab.path("begun-5").exists() && lab.path("begun-6").exists()) {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    fs::write(lab.bench.beside("go"), "").unwrap();
    assert_eq!(lab.kept(), 4);
    assert_eq!(lab.memo(&words).code, 0);
    assert_eq!((lab.kept(), lab.ran().len()), (20, 6 + 16));
    assert_eq!(lab.left_behind().len(), 0);
}

#[test]
fn a_terminal_shows_a_bar_and_the_best_so_far() {
    let lab = Lab::with("mkfifo go-$2; echo loss=$2; read line < go-$2");
    let words = [
        "sweep",
        "lr=1,2",
        "-j",
        "1",
        "--metric",
        "loss=loss=(.*)",
        "--sort=-loss",
        "--",
        "./train",
    ];
    let mut session = Session::start(lab.command(&words), 100);
    session.wait_for("0/2 done, 1 running");
    session.wait_for("lr=1");
    while !lab.path("go-1").exists() {
        std::thread::yield_now();
    }
    fs::write(lab.path("go-1"), "\n").unwrap();
    session.wait_for("best so far: loss=1 with lr=1");
    session.wait_for("1/2 done, 1 running");
    while !lab.path("go-2").exists() {
        std::thread::yield_now();
    }
    fs::write(lab.path("go-2"), "\n").unwrap();
    let (shown, code) = session.finish();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("2 points in"), "{shown}");
}

#[test]
fn lines_are_told_as_points_end() {
    let lab = Lab::with("test $2 = 1 || { mkfifo go 2>/dev/null; read line < go; }");
    let mut command = lab.command(&["sweep", "lr=1,2", "-j", "1", "--", "./train"]);
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.starts_with("1/2 computed lr=1"), "{first}");
    while !lab.path("go").exists() {
        std::thread::yield_now();
    }
    fs::write(lab.path("go"), "\n").unwrap();
    let second = lines.next().unwrap().unwrap();
    assert!(second.starts_with("2/2 computed lr=2"), "{second}");
    assert!(child.wait().unwrap().success());
}
