//! Makes runs of a program as a test directs it, line by line:
//!
//! - `run KEY`: says `began` when it is to be made, and is told how it ends: `finish`, `fail`; says
//!   `computed`, `hit` or `waited` and what was printed. While it waits, it says for whom.
//! - `nest KEY`: as `run`, and asks another runner, in the middle of the run, to make the same.
//! - `metrics THREADS COUNT`: each thread tells so many values of a metric of its own.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use memo_runtime::key::digest_of;
use memo_runtime::manage::{Cause, locate};
use memo_runtime::metric;
use memo_runtime::run::{
    Begun, HELD_VARIABLE, Manner, Recorder, Recording, RunCall, RunFacts, Stream,
};
use memo_tests::ledger;
use memo_tests::stage::{hear, play, say};

/// More than is held in memory.
const MUCH: usize = 100_000;

fn main() {
    play(|words| match words {
        ["run", key] => run(key, |_| true),
        ["nest", key] => run(key, |recorder| nest(key, recorder)),
        ["metrics", threads, count] => metrics(number(threads), number(count)),
        other => panic!("told {other:?}"),
    });
}

fn number(text: &str) -> usize {
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

fn run(key: &str, compute: impl FnOnce(&Recorder) -> bool) {
    let located = locate(None);
    let dir = located
        .dir
        .clone()
        .unwrap_or_else(|| panic!("no store was named"));
    let Ok(digest) = digest_of(key) else { return };
    let call = RunCall::builder(&located.memo(&dir), "", "runner")
        .argument("key", digest, key)
        .build();
    let begun = call.begin(&Manner {
        refresh: false,
        wait: true,
        keep: true,
        outputs: None,
        cancelled: &AtomicBool::new(false),
        waits: &|holder, _| say(format_args!("waits for {}", holder.pid)),
    });
    match begun {
        Begun::Found(recording, outcome, _) => say(format_args!("{outcome} {}", text(&recording))),
        Begun::Compute(mut recorder) => ledger::computation(key, || {
            recorder.write(Stream::Stdout, &vec![b'.'; MUCH]);
            recorder.write(Stream::Stderr, key.as_bytes());
            say("began");
            if compute(&recorder) && hear().as_deref() == Some("finish") {
                let facts = RunFacts::default();
                let finished = recorder.finish(facts, Duration::from_secs(1));
                say(format_args!("{} {}", finished.outcome, finished.kept));
            } else {
                recorder.fail(Cause::ExitCode, Duration::from_secs(1));
                say("failed");
            }
        }),
        other => say(format_args!("{other:?}")),
    }
}

/// What was printed to standard error, if what was printed before it is right.
fn text(recording: &Recording) -> String {
    let (mut dots, mut text) = (0, Vec::new());
    let replayed = recording.replay(|stream, bytes| {
        match stream {
            Stream::Stdout => dots += bytes.iter().filter(|byte| **byte == b'.').count(),
            Stream::Stderr => text.extend_from_slice(bytes),
        }
        Ok(())
    });
    assert!(replayed.is_ok() && dots == MUCH, "{dots} dots");
    String::from_utf8_lossy(&text).into_owned()
}

/// Has the same run made by a process that is part of this one; whether that did not wait.
fn nest(key: &str, recorder: &Recorder) -> bool {
    let held = recorder.held().map(|key| key.to_hex()).unwrap_or_default();
    let within = || -> io::Result<String> {
        let mut within = Command::new(std::env::current_exe()?)
            .env(HELD_VARIABLE, held)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        if let Some(mut stdin) = within.stdin.take() {
            stdin.write_all(format!("run {key}\nfinish\n").as_bytes())?;
        }
        Ok(String::from_utf8_lossy(&within.wait_with_output()?.stdout).into_owned())
    };
    let said = within().unwrap_or_else(|error| error.to_string());
    say(said.replace('\n', ", "));
    true
}

fn metrics(threads: usize, count: usize) {
    let process = std::process::id();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                let name = format!("{process:09} {thread:03}");
                (0..count).for_each(|value| metric(&name, value as f64));
            });
        }
    });
    say("told");
}
