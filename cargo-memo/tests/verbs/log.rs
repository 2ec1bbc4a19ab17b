//! `log`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use memo_runtime::{Clock, Memo};
use snapbox::str;

use crate::bench::Bench;

#[test]
fn executions_newest_last() {
    Bench::filled().memo(&["log"]).expect(
        0,
        str![[r#"
time outcome took size ID function cause
2024-03-01 12:00:00 computed [TOOK] [SIZE] [ID] train no entry
2024-03-01 12:01:00 computed [TOOK] [SIZE] [ID] train no entry
2024-03-01 12:02:00 computed [TOOK] [SIZE] [ID] score no entry
2024-03-01 12:02:00 hit ×2 [TOOK] [SIZE] [ID] score

"#]],
        str![],
    );
}

#[test]
fn its_document_has_every_field_of_an_execution() {
    let run = Bench::filled().memo(&[
        "log",
        "--function",
        "train",
        "--limit",
        "1",
        "--format",
        "json",
    ]);
    run.expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "log",
  "executions": [
    {
      "time": "2024-03-01T12:01:00Z",
      "function": "lab::train",
      "package": "",
      "key": "[KEY]",
      "outcome": "computed",
      "cause": "no entry",
      "took_seconds": [NUMBER],
      "computing_seconds": [NUMBER],
      "bytes": [NUMBER],
      "pid": [HERE],
      "host": [HERE],
      "count": 1
    }
  ]
}

"#]],
        str![],
    );
}

#[test]
fn executions_are_chosen_by_outcome_function_time_and_number() {
    let bench = Bench::filled();
    let count = |arguments: &[&str]| {
        let run = bench.memo(&[&["log", "--format", "json"], arguments].concat());
        let told = run.json()["executions"].as_array().unwrap().clone();
        told.iter()
            .map(|one| one["count"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(count(&[]), 5);
    assert_eq!(count(&["--outcome", "hit"]), 2);
    assert_eq!(count(&["--outcome", "hit,computed"]), 5);
    assert_eq!(count(&["--function", "lab::train"]), 2);
    assert_eq!(count(&["--limit", "3"]), 4, "two are told together");
    assert_eq!(count(&["--since", "2024-03-01T12:01:00Z"]), 4);
    assert_eq!(count(&["--since", "2024-03-01 12:02"]), 3);
    assert_eq!(count(&["--since", "1h"]), 0);
    assert_eq!(count(&["--until", "2024-03-01 12:02"]), 2);
    assert_eq!(
        count(&[
            "--since",
            "2024-03-01T12:01:00Z",
            "--until",
            "2024-03-01T12:02:00Z"
        ]),
        1
    );
    bench.memo(&["log", "--outcome", "hot"]).expect(
        2,
        str![],
        str![[r#"
error: invalid value 'hot' for '--outcome <OUTCOME>'
  [possible values: hit, computed, waited, duplicate, error, panic, evicted, cleared, damaged]

  tip: a similar value exists: 'hit'

For more information, try '--help'.

"#]],
    );
    bench
        .memo(&["log", "--since", "7"])
        .expect(2, str![], str![[r#"
error: invalid value '7' for '--since <WHEN>': neither an age such as 90s, 2h or 7d nor a time such as 2026-03-01, 2026-03-01T17:20 or 2026-03-01T17:20:00Z

For more information, try '--help'.

"#]]);
    bench.memo(&["log", "--since", "1h"]).expect(
        0,
        str![],
        str![[r#"
note: no executions to show

"#]],
    );
}

#[test]
fn hits_that_were_written_late_are_in_their_place() {
    let bench = Bench::filled();
    let early = Clock::manual(1_000_000_000);
    let memo = Memo::builder(bench.store()).clock(early).open().unwrap();
    memo.call("lab::early").get_or_compute(|| 1_u8);
    let run = bench.memo(&["log", "--format", "json"]);
    assert_eq!(run.json()["executions"][0]["function"], "lab::early");
}

#[test]
fn what_was_cleared_is_in_the_rows() {
    let bench = Bench::filled();
    bench.memo(&["clear", "score", "--yes"]);
    let run = bench.memo(&["log", "--outcome", "cleared", "--format", "csv"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "time,outcome,cause,took_seconds,computing_seconds,bytes,key,function,package,pid,host,count"
    );
    assert_eq!(lines.len(), 2);
    assert!(lines[1].contains(",cleared,,0,"), "{}", lines[1]);
}

#[test]
fn a_followed_log_goes_on_with_what_happens() {
    let bench = Bench::filled();
    let mut following = Following::of(&bench);
    assert_eq!(following.next()["function"], "lab::score");
    bench.train(0.3, 9);
    let next = following.next();
    assert_eq!(next["function"], "lab::train");
    assert_eq!(next["outcome"], "computed");
}

#[test]
fn a_followed_log_waits_for_the_store() {
    let bench = Bench::new();
    let mut following = Following::of(&bench);
    bench.train(0.3, 9);
    assert_eq!(following.next()["function"], "lab::train");
}

#[test]
fn what_was_removed_took_no_time() {
    let bench = Bench::filled();
    bench.memo(&["clear", "score", "--yes"]);
    let run = bench.memo(&["log", "--outcome", "cleared"]);
    let row = run.stdout.lines().nth(1).unwrap();
    assert!(!row.contains(" 0 s"), "{row}");
}

#[test]
fn a_followed_log_goes_on_when_the_journal_is_begun_anew() {
    let bench = Bench::filled();
    let mut following = Following::of(&bench);
    assert_eq!(following.next()["function"], "lab::score");
    let journal = bench.store().join("journal");
    bench.train(0.3, 9);
    std::fs::rename(journal.join("log"), journal.join("log.1")).unwrap();
    bench.train(0.4, 9);
    let keys = [following.next(), following.next()].map(|line| line["key"].clone());
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn an_interrupt_ends_a_followed_log_well() {
    let bench = Bench::filled();
    let mut following = Following::of(&bench);
    following.next();
    let pid = following.process.id().to_string();
    let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(sent.success());
    assert_eq!(following.process.wait().unwrap().code(), Some(0));
}

/// A `log --follow` that begins with the last execution.
struct Following {
    process: Child,
    lines: mpsc::Receiver<String>,
}

impl Following {
    fn of(bench: &Bench) -> Self {
        let mut command = bench.command(&["log", "--follow", "--limit", "1", "--format", "json"]);
        command
            .arg("--store")
            .arg(bench.store())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            output
                .lines()
                .try_for_each(|line| sender.send(line.unwrap()))
        });
        Self { process, lines }
    }

    /// The next execution that it tells. How long it takes is of no account,
    /// as long as it ends.
    fn next(&mut self) -> serde_json::Value {
        let line = self.lines.recv_timeout(Duration::from_secs(30));
        serde_json::from_str(&line.expect("a line")).unwrap()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
