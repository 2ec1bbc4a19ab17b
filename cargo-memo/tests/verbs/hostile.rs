//! Stores that are damaged, foreign, newer, or made to deceive.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use snapbox::str;

use crate::bench::Bench;

#[test]
fn a_damaged_entry_is_listed_and_does_not_stop_the_listing() {
    let bench = Bench::filled();
    let id = bench.ids(&["score"])[0].clone();
    let file = bench.memo(&["show", &id, "--format", "json"]).json()["file"].clone();
    let file = file.as_str().unwrap();
    let mut bytes = fs::read(file).unwrap();
    bytes[200] ^= 1;
    fs::write(file, bytes).unwrap();
    bench.clock.advance(std::time::Duration::from_secs(60));
    let noon = std::time::UNIX_EPOCH + std::time::Duration::from_nanos(bench.clock.now());
    fs::File::options()
        .write(true)
        .open(file)
        .unwrap()
        .set_modified(noon)
        .unwrap();

    bench.memo(&["list"]).expect(
        0,
        str![[r#"
ID function arguments size took state created last used
[ID] score [SIZE] damaged 2024-03-01
[ID] train lr=0.2, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] train lr=0.1, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
    bench.memo(&["show", &id]).expect(
        1,
        str![[r#"
function lab::score
problem the entry is damaged: its head does not match its digest
last used 2024-03-01 12:03:00 +00:00
hits 2, the last 2024-03-01 12:02:00 +00:00
key [KEY]
size [SIZE]; [SIZE] on disk
file [STORE]/[ENTRY]

last executions outcome took cause
2024-03-01 12:02:00 computed [TOOK] no entry
2024-03-01 12:02:00 hit ×2 [TOOK]

"#]],
        str![],
    );
    let damaged = &bench.memo(&["list", "score", "--format", "json"]).json()["entries"][0];
    assert_eq!(damaged["state"], "damaged");
    assert_eq!(
        damaged["problem"],
        "the entry is damaged: its head does not match its digest"
    );
    assert_eq!(damaged["created"], serde_json::Value::Null);
}

#[test]
fn a_link_in_the_place_of_an_entry_is_not_followed() {
    let bench = Bench::filled();
    let entry = &bench.entries()[0];
    let elsewhere = bench.beside("elsewhere");
    fs::rename(entry, &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, entry).unwrap();
    let run = bench.memo(&["list", "--format", "json"]);
    assert_eq!(run.code, 0);
    let states = run.json()["entries"].as_array().unwrap().clone();
    let bad = states
        .iter()
        .filter(|entry| entry["state"] != "valid")
        .count();
    assert_eq!((states.len(), bad), (3, 1));
}

/// Every verb that opens a store.
const VERBS: [&[&str]; 9] = [
    &["status"],
    &["list"],
    &["show", "1f9a"],
    &["log"],
    &["why"],
    &["clear", "--all", "--yes"],
    &["gc", "--max-entries", "0", "--yes"],
    &["verify"],
    &["verify", "--repair"],
];

#[test]
fn a_newer_store_is_refused_and_left_alone() {
    let bench = Bench::filled();
    fs::write(bench.store().join("format"), "99\n").unwrap();
    for verb in VERBS {
        bench.memo(verb).expect(1, str![], str![[r#"
error: the store `[STORE]` has format 99, this program knows format 1: update memo-runtime and cargo-memo, or set MEMO_DIR to another directory

"#]]);
    }
    let doctor = bench.memo(&["doctor"]);
    assert!(doctor.stdout.contains("format 99"), "{}", doctor.stdout);
    assert_eq!((doctor.stderr.as_str(), doctor.code), ("", 1));
    assert_eq!(bench.memo(&["config"]).code, 0);
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn a_directory_with_other_things_in_it_is_no_store() {
    let bench = Bench::new();
    fs::create_dir(bench.store()).unwrap();
    fs::write(bench.store().join("thesis.tex"), "").unwrap();
    bench.memo(&["clear", "--all", "--yes"]).expect(
        1,
        str![],
        str![[r#"
error: `[STORE]` is not a memo store, it holds `thesis.tex`: name an empty or new directory

"#]],
    );
    assert_eq!(fs::read_dir(bench.store()).unwrap().count(), 1);
}

#[test]
fn a_store_of_another_user_is_refused() {
    let bench = Bench::filled();
    if std::os::unix::fs::chown(bench.store(), Some(12345), None).is_err() {
        eprintln!(
            "SKIPPED: a_store_of_another_user_is_refused: only root can give a directory away"
        );
        return;
    }
    for verb in VERBS {
        let run = bench.memo(verb);
        assert!(
            run.stderr.starts_with("error: the store `"),
            "{}",
            run.stderr
        );
        assert!(
            run.stderr.contains("belongs to user id 12345"),
            "{}",
            run.stderr
        );
        assert_eq!((run.stdout.as_str(), run.code), ("", 1), "{verb:?}");
    }
    let doctor = bench.memo(&["doctor"]);
    assert!(doctor.stdout.contains("12345"), "{}", doctor.stdout);
    assert_eq!((doctor.stderr.as_str(), doctor.code), ("", 1));
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn a_store_that_changes_while_it_is_read_is_no_error() {
    let bench = Bench::filled();
    let over = AtomicBool::new(false);
    let change = || {
        while !over.load(Ordering::Relaxed) {
            bench.fill(|memo| {
                for number in 0..40_u32 {
                    let call = memo.call("lab::passing").arg("n", &number);
                    call.get_or_compute(|| vec![0_u8; 100]);
                }
            });
            let run = bench.memo(&["clear", "passing", "--yes"]);
            assert_eq!((run.stderr.as_str(), run.code), ("", 0));
        }
    };
    let read = || {
        for round in 0..6 {
            for verb in [
                &["status"][..],
                &["list"],
                &["list", "--sort", "size", "--format", "json"],
                &["list", "--code", "current", "--format", "csv"],
                &["log"],
                &["why"],
                &["gc", "-n"],
                &["gc", "--max-entries", "20", "--yes"],
                &["verify"],
                &["verify", "--repair"],
            ] {
                let run = bench.memo(verb);
                // There may be nothing left just now, or upkeep be under way.
                let notes = [
                    "note: the store ",
                    "note: no such results in the store ",
                    "note: waiting for process ",
                ];
                let is_told =
                    run.stderr.is_empty() || notes.iter().any(|note| run.stderr.starts_with(note));
                assert!(is_told && run.code == 0, "{round} {verb:?}: {}", run.stderr);
            }
        }
    };
    thread::scope(|scope| {
        let changing = scope.spawn(change);
        // However reading ends, changing has to.
        let read = panic::catch_unwind(AssertUnwindSafe(read));
        over.store(true, Ordering::Relaxed);
        changing.join().unwrap();
        read.unwrap_or_else(|panic| panic::resume_unwind(panic));
    });
}

#[test]
fn names_and_arguments_cannot_command_the_terminal() {
    let bench = Bench::new();
    let long = "x".repeat(500);
    bench.fill(|memo| {
        for name in [
            "\x1b[31mred\r\n",
            "größe::学習",
            "rtl\u{202e}",
            "c1\u{9b}2J",
            &long,
        ] {
            memo.call(name)
                .arg("a\x1bb", "\x1b[2J\r\n")
                .get_or_compute(|| 1_u8);
        }
    });
    let id = &bench.ids(&["c1\u{9b}2J"])[0];
    let verbs: [&[&str]; 17] = [
        &["status"],
        &["list"],
        &["list", "c1\u{9b}2J"],
        &["show", id],
        &["log"],
        &["clear", "--all", "--dry-run"],
        &["clear", "none\x1b[31m"],
        &["list", "none\x1b[31m"],
        &["list", "--where", "a\x1bb ~ 2J"],
        &["list", "--where", "\x1b[31m <"],
        &["why", "c1\u{9b}2J"],
        &["why", "none\x1b[31m"],
        &["gc", "--max-entries", "1", "-n"],
        &["gc", "--max-size", "\x1b[31m"],
        &["verify"],
        &["verify", "none\x1b[31m"],
        &["config", "\x1b[31m"],
    ];
    for verb in verbs {
        for format in ["table", "json", "csv"] {
            for options in [&["--format", format][..], &["-v", "--format", format]] {
                let run = bench.memo(&[verb, options].concat());
                for c in run.stdout.chars().chain(run.stderr.chars()) {
                    let obeyed = c != '\n' && (c.is_control() || c == '\u{202e}');
                    assert!(!obeyed, "{verb:?} {format}: {c:?}");
                }
            }
        }
    }
    let listed = bench.memo(&["list"]).stdout;
    assert_eq!(listed.lines().count(), 6, "{listed}");
    assert!(
        listed.contains("学習") && listed.contains(&long),
        "{listed}"
    );
    assert!(listed.contains(r"\u{1b}[31mred\r\n"), "{listed}");
}
