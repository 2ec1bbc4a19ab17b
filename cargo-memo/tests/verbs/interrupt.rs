//! Ctrl-C halfway: it is said how far the work came, and what is left is a
//! sound store.
//!
//! The work is slowed down by strace, so that there is a halfway.

use std::process::{Child, Command, Stdio};

use crate::bench::Bench;
use crate::pseudo_terminal::{Session, interrupt};

const ENTRIES: u32 = 100;

/// A bench with many results.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.fill(|memo| {
        for number in 0..ENTRIES {
            memo.call("lab::many")
                .arg("n", &number)
                .get_or_compute(|| number);
        }
    });
    bench
}

/// `cargo-memo` on the store, each of these system calls taking 10 ms longer.
/// The tracer stays out of the way: it is `cargo-memo` that is started and
/// gets the signals.
fn slow(bench: &Bench, call: &str, arguments: &[&str]) -> Command {
    let memo = bench.command(arguments);
    let mut command = Command::new("strace");
    command
        .args(["-D", "-f", "-qq", "-o", "/dev/null"])
        .args(["-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:delay_enter=10000")])
        .arg(memo.get_program())
        .args(memo.get_args())
        .arg("--store")
        .arg(bench.store())
        .stdin(Stdio::null());
    for (name, value) in memo.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Whether work can be slowed down here; if not, that is said, and under
/// continuous integration it is an error.
fn can_be_slowed_down() -> bool {
    let there = Command::new("strace").arg("--version").output().is_ok();
    assert!(
        there || std::env::var_os("CI").is_none(),
        "strace is missing: run tests/setup.sh"
    );
    if !there {
        eprintln!("SKIPPED: strace is missing: run tests/setup.sh");
    }
    there
}

/// What a program said, and its exit code.
fn finish(child: Child) -> (String, String, i32) {
    let output = child.wait_with_output().unwrap();
    (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
        output.status.code().expect("it ends by itself"),
    )
}

fn expect_sound(bench: &Bench, entries: usize) {
    assert_eq!(bench.entries().len(), entries);
    let run = bench.memo(&["verify", "--format", "json"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn removing_stops_and_says_what_was_removed() {
    if !can_be_slowed_down() {
        return;
    }
    for verb in [
        &["gc", "--max-entries", "0", "--yes"][..],
        &["clear", "--all", "--yes"],
    ] {
        let bench = bench();
        let mut command = slow(&bench, "unlinkat", verb);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        while bench.entries().len() == ENTRIES as usize {
            std::thread::yield_now();
        }
        interrupt(&child);
        let (_, stderr, code) = finish(child);
        let left = bench.entries().len();
        assert!(0 < left && left < ENTRIES as usize, "{left}");
        let removed = ENTRIES as usize - left;
        let said = format!("error: interrupted: removed {removed} of {ENTRIES} entries\n");
        assert_eq!((stderr, code), (said, 130), "{verb:?}");
        expect_sound(&bench, left);
        let log = bench.memo(&["log", "--format", "json"]).json();
        let executions = log["executions"].as_array().unwrap().iter();
        let gone = |outcome: &&serde_json::Value| {
            ["evicted", "cleared"].contains(&outcome["outcome"].as_str().unwrap())
        };
        assert_eq!(executions.filter(gone).count(), removed);
        assert_eq!(bench.memo(verb).code, 0, "the next one finishes");
        assert_eq!(bench.entries().len(), 0);
    }
}

#[test]
fn verifying_stops_and_says_how_far_it_came() {
    if !can_be_slowed_down() {
        return;
    }
    let bench = bench();
    let mut session = Session::start(slow(&bench, "openat2", &["verify"]), 80);
    session.wait_for("checking");
    session.interrupt();
    let (shown, code) = session.finish();
    assert!(shown.contains("interrupted: "), "{shown}");
    assert_eq!(code, 130, "{shown}");
    expect_sound(&bench, ENTRIES as usize);
}

#[test]
fn a_bar_is_shown_and_cleared_on_a_terminal_and_nowhere_else() {
    if !can_be_slowed_down() {
        return;
    }
    const CLEARED: &str = "\u{1b}[2K";
    for (call, verb, word) in [
        ("openat2", &["verify"][..], "checking"),
        ("unlinkat", &["clear", "--all", "--yes"], "removing"),
    ] {
        let bench = bench();
        let mut command = slow(&bench, call, verb);
        command.env("CARGO_TERM_COLOR", "never");
        let mut session = Session::start(command, 80);
        session.wait_for(word);
        let (shown, code) = session.finish();
        assert!(!shown.contains("\x1b[1m"), "{shown:?}");
        let (_, end) = shown.rsplit_once(word).unwrap();
        assert!(end.contains(CLEARED), "{shown:?}");
        assert!(
            shown.contains(&format!("/{ENTRIES} entries")) || shown.contains("B/"),
            "{shown:?}"
        );
        assert_eq!(code, 0, "{shown}");
    }
    let bench = bench();
    let mut command = slow(&bench, "openat2", &["verify"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let (_, stderr, code) = finish(command.spawn().unwrap());
    assert_eq!((stderr.as_str(), code), ("", 0));
}
