//! Rotation and compaction within one process; `tests/tests/journal.rs` has
//! them among several.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use super::compaction::{Pace, compact};
use super::past::Past;
use super::segments::{JournalPosition, Segments};
use super::{Cause, Execution, Journal, Outcome, longest_recent, read_from, statistics};
use crate::frame;
use crate::key::Digest;
use crate::store::Store;
use crate::store::dir::Dir;
use crate::store::layout::JOURNAL;

/// Segments become old after a few records, and may do so again at once.
const QUICK: Pace = Pace {
    segment: 1000,
    settled: Duration::ZERO,
};

/// A store, and what was written to its journal.
struct Desk {
    temp: TempDir,
    store: Arc<Store>,
    written: u64,
}

impl Desk {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(&temp.path().join("store"), false).unwrap());
        Self {
            temp,
            store,
            written: 0,
        }
    }

    /// Lets a writer that has just begun write so many records.
    fn write(&mut self, records: u64) {
        let journal = Journal::new(&self.store);
        self.write_by(&journal, records);
    }

    /// Record number `n`, from 1 on, took `n` nanoseconds to compute.
    fn write_by(&mut self, journal: &Arc<Journal>, records: u64) {
        for _ in 0..records {
            self.written += 1;
            journal.add(&execution(self.written));
        }
    }

    fn compact(&self) {
        compact(&self.store, QUICK).unwrap();
    }

    /// The numbers of the records from `start` on, and where they end.
    fn read(&self, start: JournalPosition) -> (Vec<u64>, JournalPosition) {
        let mut numbers = Vec::new();
        let end = read_from(&self.store, start, |execution| {
            numbers.push(execution.computing);
        });
        (numbers, end.unwrap())
    }

    fn files(&self) -> Vec<String> {
        let mut names = self.dir().list().unwrap();
        names.sort();
        names
    }

    fn dir(&self) -> Dir {
        self.store.root().open_dir(JOURNAL).unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.temp.path().join("store/journal").join(name)
    }

    /// Checks that everything written is counted, and once.
    #[track_caller]
    fn expect_all_counted(&self) {
        let sums = statistics(&self.store).unwrap();
        let total = sums.total();
        assert_eq!(total.misses, self.written);
        assert_eq!(total.computed, self.written * (self.written + 1) / 2);
        assert_eq!(total.last_used, Some(self.written));
    }
}

fn execution(number: u64) -> Execution<&'static str> {
    Execution {
        time: number,
        pid: 1,
        host: "host",
        package: "package",
        function: if number.is_multiple_of(2) {
            "even"
        } else {
            "odd"
        },
        key: Digest::from_bytes([7; 32]),
        outcome: Outcome::Computed,
        cause: Cause::Absent,
        took: number,
        computing: number,
        bytes: 1,
        count: 1,
    }
}

#[test]
fn nothing_is_counted_twice_or_lost_however_often_the_journal_is_compacted() {
    let mut desk = Desk::new();
    desk.compact();
    for round in 0..20 {
        desk.write(1 + round * 3 % 17);
        desk.expect_all_counted();
        desk.compact();
        desk.expect_all_counted();
    }
    let sizes = desk.files().into_iter().map(|name| desk.path(&name));
    let total: u64 = sizes.map(|path| fs::metadata(path).unwrap().len()).sum();
    assert!(total < 6 * QUICK.segment, "{total} bytes are left");
    assert!(desk.read(JournalPosition::default()).0.len() < desk.written as usize);
}

#[test]
fn a_short_journal_is_left_alone() {
    let mut desk = Desk::new();
    desk.write(3);
    desk.compact();
    assert_eq!(desk.files(), ["log"]);
}

#[test]
fn the_log_becomes_the_newest_older_segment_and_only_one_is_kept() {
    let mut desk = Desk::new();
    desk.write(20);
    desk.compact();
    assert_eq!(desk.files(), ["log.1", "past"]);
    desk.write(20);
    desk.compact();
    assert_eq!(desk.files(), ["log.2", "past"]);
    desk.write(1);
    desk.compact();
    assert_eq!(desk.files(), ["log", "log.2", "past"]);
    assert_eq!(
        desk.read(JournalPosition::default()).0,
        (21..=41).collect::<Vec<_>>()
    );
}

#[test]
fn the_log_is_not_renamed_while_some_may_still_write_to_what_was_the_log() {
    let mut desk = Desk::new();
    desk.write(20);
    desk.compact();
    desk.write(20);
    let patient = Pace {
        settled: Duration::from_secs(3600),
        ..QUICK
    };
    compact(&desk.store, patient).unwrap();
    assert_eq!(desk.files(), ["log", "log.1", "past"]);
    desk.expect_all_counted();
}

#[test]
fn what_a_writer_wrote_before_it_noticed_counts() {
    let mut desk = Desk::new();
    let slow = Journal::new(&desk.store);
    desk.write_by(&slow, 1);
    desk.write(20);
    let (_, end) = desk.read(JournalPosition::default());
    desk.compact();
    desk.write_by(&slow, 2);
    desk.write(1);
    desk.expect_all_counted();
    assert_eq!(desk.read(end).0, [22, 23, 24]);
    let (_, end) = desk.read(JournalPosition::default());
    desk.write_by(&slow, 1);
    assert_eq!(desk.read(end).0, [25], "of the segment before");
    desk.write(20);
    desk.compact();
    desk.expect_all_counted();
}

#[test]
fn reading_goes_on_where_it_ended_across_compaction() {
    let mut desk = Desk::new();
    let mut seen = Vec::new();
    let mut position = JournalPosition::default();
    for round in 0..30 {
        desk.write(1 + round * 5 % 13);
        let (new, end) = desk.read(position);
        seen.extend(new);
        position = end;
        desk.compact();
    }
    assert_eq!(seen, (1..=desk.written).collect::<Vec<_>>());
    assert_eq!(desk.read(position).0, [] as [u64; 0]);
}

#[test]
fn compaction_can_be_killed_between_any_two_steps() {
    // After the log was renamed.
    let mut desk = Desk::new();
    desk.write(20);
    desk.compact();
    desk.write(20);
    fs::rename(desk.path("log"), desk.path("log.2")).unwrap();
    desk.expect_all_counted();
    desk.write(1);
    desk.expect_all_counted();
    desk.compact();
    desk.expect_all_counted();
    assert_eq!(desk.files(), ["log", "log.2", "past"]);

    // After the sums were replaced, before the segments went.
    let mut desk = Desk::new();
    desk.write(20);
    desk.compact();
    let first = fs::read(desk.path("log.1")).unwrap();
    desk.write(20);
    desk.compact();
    fs::write(desk.path("log.1"), first).unwrap();
    desk.expect_all_counted();
    desk.compact();
    desk.expect_all_counted();
    assert_eq!(desk.files(), ["log.2", "past"]);
}

#[test]
fn what_is_usual_is_remembered_when_the_log_is_new() {
    let mut desk = Desk::new();
    desk.write(20);
    desk.compact();
    desk.write(1);
    let usual = longest_recent(&desk.store, "package", "even").unwrap();
    assert_eq!(usual, Duration::from_nanos(20));
    let usual = longest_recent(&desk.store, "package", "odd").unwrap();
    assert_eq!(usual, Duration::from_nanos(21));
    assert_eq!(longest_recent(&desk.store, "package", "other"), None);
}

#[test]
fn sums_that_are_damaged_at_any_byte_are_not_believed() {
    let mut desk = Desk::new();
    desk.write(20);
    desk.compact();
    let whole = fs::read(desk.path("past")).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(desk.path("past"), &bytes).unwrap();
        assert_eq!(
            Past::read(&desk.dir()).sums,
            Default::default(),
            "byte {at}"
        );
        fs::write(desk.path("past"), &whole[..at]).unwrap();
        assert_eq!(
            Past::read(&desk.dir()).sums,
            Default::default(),
            "cut at {at}"
        );
    }
    // Nothing has been removed yet, so everything is counted again.
    desk.expect_all_counted();
}

#[test]
fn a_journal_that_was_removed_is_read_from_its_beginning() {
    let mut desk = Desk::new();
    desk.write(20);
    desk.compact();
    desk.write(20);
    let (_, end) = desk.read(JournalPosition::default());
    fs::remove_dir_all(desk.path("")).unwrap();
    desk.write(2);
    assert_eq!(desk.read(end).0, [41, 42]);
}

#[test]
fn names_that_are_like_ours_are_not_taken_for_ours() {
    let mut desk = Desk::new();
    desk.write(1);
    for name in [
        "log.01",
        "log.x",
        "log.",
        "log.-1",
        "log.18446744073709551615",
    ] {
        fs::write(desk.path(name), b"").unwrap();
    }
    let segments = Segments::open(&desk.store).unwrap();
    assert!(segments.older().is_empty());
    desk.expect_all_counted();
}

#[test]
fn many_records_are_on_disk_at_once_after_what_was_gathered() {
    let mut desk = Desk::new();
    let journal = Journal::new(&desk.store);
    desk.write_by(&journal, 1);
    journal.add_many((2..=2000).map(execution));
    desk.written = 2000;
    desk.expect_all_counted();
    let numbers: Vec<_> = (1..=2000).collect();
    assert_eq!(desk.read(JournalPosition::default()).0, numbers);
}

#[test]
fn hits_of_one_key_become_one_record_that_counts_them() {
    let desk = Desk::new();
    let hit = |number: u64, key: u8, took: u64| Execution {
        outcome: Outcome::Hit,
        cause: Cause::Plain,
        key: Digest::from_bytes([key; 32]),
        took,
        computing: 1000,
        ..execution(number)
    };
    let journal = Journal::new(&desk.store);
    for execution in [hit(1, 7, 10), hit(3, 8, 40), hit(5, 7, 30)] {
        journal.add(&execution);
    }
    // A computation is written at once, and what came before it too.
    journal.add(&execution(7));
    let mut told = Vec::new();
    let read = read_from(&desk.store, JournalPosition::default(), |it| {
        told.push((it.time, it.outcome, it.took, it.count));
    });
    read.unwrap();
    let expected = [
        (5, Outcome::Hit, 20, 2),
        (3, Outcome::Hit, 40, 1),
        (7, Outcome::Computed, 7, 1),
    ];
    assert_eq!(told, expected);
    let total = statistics(&desk.store).unwrap().total();
    assert_eq!((total.hits, total.misses), (3, 1));
    assert_eq!(total.saved, 2 * 980 + 960);
}

#[test]
fn many_hits_are_written_before_a_second_is_over() {
    let mut desk = Desk::new();
    let journal = Journal::new(&desk.store);
    let bytes = |desk: &Desk| fs::metadata(desk.path("log")).map_or(0, |log| log.len());
    while bytes(&desk) == 0 {
        desk.written += 1;
        assert!(desk.written < 1000, "nothing is written");
        let mut key = [0; 32];
        key[..8].copy_from_slice(&desk.written.to_le_bytes());
        journal.add(&Execution {
            outcome: Outcome::Hit,
            key: Digest::from_bytes(key),
            ..execution(desk.written)
        });
    }
    assert!(bytes(&desk) < 64 << 10);
}

/// A record as it was before records could tell of several executions.
#[derive(serde::Serialize)]
struct Single<'a> {
    time: u64,
    pid: u32,
    host: &'a str,
    package: &'a str,
    function: &'a str,
    key: Digest,
    outcome: Outcome,
    cause: Cause,
    took: u64,
    computing: u64,
    bytes: u64,
}

#[test]
fn a_record_of_one_execution_is_as_it_always_was() {
    let new = execution(5);
    let old = Single {
        time: new.time,
        pid: new.pid,
        host: new.host,
        package: new.package,
        function: new.function,
        key: new.key,
        outcome: new.outcome,
        cause: new.cause,
        took: new.took,
        computing: new.computing,
        bytes: new.bytes,
    };
    let frame_of = |append: &dyn Fn(&mut Vec<u8>) -> bool| {
        let mut bytes = Vec::new();
        assert!(append(&mut bytes));
        bytes
    };
    let old = frame_of(&|out| frame::append(&old, out));
    assert_eq!(frame_of(&|out| frame::append(&new, out)), old);
    assert_eq!(frame::first::<Execution>(&old).unwrap().count, 1);

    let several = Execution { count: 300, ..new };
    let several = frame_of(&|out| frame::append(&several, out));
    assert_eq!(frame::first::<Execution>(&several).unwrap().count, 300);
}
