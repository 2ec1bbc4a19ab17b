//! What is told of computations, each in a story of its own.

use std::cell::Cell;
use std::time::Duration;

use super::*;
use crate::call::{CallBuilder, Memo};
use crate::clock::Clock;
use crate::config::{Mode, Share};
use crate::header::{Argument, CodeLevel};
use crate::manage::{Criterion, Vault};

/// 2026-01-01, in nanoseconds.
const NEW_YEAR: u64 = 1_767_225_600_000_000_000;
const MINUTE: u64 = 60_000_000_000;

/// A store whose clock goes on by a minute with every call.
struct Lab {
    dir: tempfile::TempDir,
    clock: Clock,
}

impl Lab {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock: Clock::manual(NEW_YEAR),
        }
    }

    fn memo_in(&self, mode: Mode) -> Memo {
        self.clock.advance(Duration::from_secs(60));
        Memo::builder(self.dir.path().join("store"))
            .clock(self.clock.clone())
            .mode(mode)
            .open()
            .unwrap()
    }

    fn memo(&self) -> Memo {
        self.memo_in(Mode::On)
    }

    fn train(&self, lr: f64, layers: u32) -> CallBuilder {
        self.memo()
            .call("train")
            .arg("lr", &lr)
            .arg("layers", &layers)
    }

    fn trained(&self, lr: f64, layers: u32) {
        self.train(lr, layers).get_or_compute(|| lr);
    }

    fn vault(&self) -> Vault {
        let vault = Vault::open(&self.dir.path().join("store"), Share::None);
        vault.unwrap().unwrap().with_clock(self.clock.clone())
    }

    fn clear(&self) {
        let vault = self.vault();
        vault
            .carry_out(&vault.plan(&Criterion::All).unwrap(), &())
            .unwrap();
    }

    fn last(&self) -> Explanation {
        self.vault().why_last(|_| true).unwrap().unwrap()
    }

    fn reasons(&self) -> Vec<Reason> {
        self.last().reasons
    }

    /// Minutes since the beginning.
    fn minute(&self, minutes: u64) -> Moment {
        NEW_YEAR + minutes * MINUTE
    }
}

/// The arguments that changed, as people write them.
fn changes(reason: &Reason) -> Vec<String> {
    let text = |argument: &Option<Argument>| {
        let text = argument.as_ref().map(|argument| argument.text.clone());
        text.unwrap_or_else(|| "-".to_owned())
    };
    let Reason::Arguments(changes) = reason else {
        panic!("{reason:?}")
    };
    let told = changes.iter().map(|change| {
        let argument = change.after.as_ref().or(change.before.as_ref()).unwrap();
        let (before, after) = (text(&change.before), text(&change.after));
        format!("{} {before} {after}", argument.name)
    });
    told.collect()
}

#[test]
fn nothing_is_known_of_an_empty_store() {
    let lab = Lab::new();
    drop(lab.memo());
    assert!(lab.vault().why_last(|_| true).unwrap().is_none());
    let key = lab.train(0.1, 3).computing(|| 0).key().unwrap();
    assert!(lab.vault().why(&key).unwrap().is_none());
}

#[test]
fn a_first_call_has_nothing_before_it() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    let told = lab.last();
    assert_eq!(told.reasons, [Reason::First]);
    assert!(told.nearest.is_none());
    let computation = told.computation;
    assert_eq!(computation.function.path, "train");
    assert_eq!(computation.ended, lab.minute(1));
    assert_eq!(computation.outcome, Outcome::Computed);
    assert_eq!(computation.not_kept, None);
    assert_eq!(computation.entry.unwrap().entry.key, computation.key);
}

#[test]
fn the_last_of_the_wanted_functions_is_told_and_hits_change_nothing() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    lab.memo().call("score").get_or_compute(|| 1);
    lab.trained(0.1, 3);
    assert_eq!(lab.last().computation.function.path, "score");
    let train = lab.vault().why_last(|name| name.path == "train").unwrap();
    assert_eq!(train.unwrap().computation.ended, lab.minute(1));
    assert!(lab.vault().why_last(|_| false).unwrap().is_none());
}

#[test]
fn the_argument_that_changed_is_told_with_both_values() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    lab.trained(0.1, 4);
    lab.trained(0.2, 4);
    let told = lab.last();
    assert_eq!(changes(&told.reasons[0]), ["lr 0.1 0.2"]);
    assert_eq!(told.reasons.len(), 1);
    assert_eq!(told.nearest.unwrap().head.created, lab.minute(2));
}

#[test]
fn the_latest_of_those_that_differ_least_is_nearest() {
    let lab = Lab::new();
    for layers in [1, 2, 3] {
        lab.trained(0.1, layers);
    }
    lab.trained(0.9, 9);
    lab.trained(0.1, 5);
    let told = lab.last();
    assert_eq!(changes(&told.reasons[0]), ["layers 3 5"]);
    // An earlier result is compared with what was there then.
    let key = lab.train(0.1, 2).computing(|| 0.0).key().unwrap();
    let earlier = lab.vault().why(&key).unwrap().unwrap();
    assert_eq!(changes(&earlier.reasons[0]), ["layers 1 2"]);
}

#[test]
fn arguments_come_and_go() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    let call = lab.memo().call("train").arg("lr", &0.1).arg("depth", &3);
    call.get_or_compute(|| 0.1);
    assert_eq!(changes(&lab.reasons()[0]), ["depth - 3", "layers 3 -"]);
}

#[test]
fn the_order_of_arguments_counts_where_all_else_is_equal() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    let call = lab
        .memo()
        .call("train")
        .arg("layers", &3_u32)
        .arg("lr", &0.1);
    call.get_or_compute(|| 0.1);
    assert_eq!(lab.reasons(), [Reason::ArgumentOrder]);
}

#[test]
fn version_and_type_of_the_result_are_told_together() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    lab.train(0.1, 3).version(2).get_or_compute(|| 1_u8);
    let before = "f64".to_owned();
    let after = "u8".to_owned();
    assert_eq!(
        lab.reasons(),
        [
            Reason::Version {
                before: 0,
                after: 2
            },
            Reason::ValueType { before, after },
        ]
    );
}

#[test]
fn a_result_past_its_time_had_expired() {
    let lab = Lab::new();
    let day = Duration::from_secs(86_400);
    let call = || lab.train(0.1, 3).ttl(day);
    call().get_or_compute(|| 1);
    lab.clock.advance(day);
    call().get_or_compute(|| 1);
    let computed = Some(lab.minute(1));
    assert_eq!(lab.reasons(), [Reason::Expired { computed }]);
}

#[test]
fn what_was_removed_is_told_with_how_and_when() {
    let lab = Lab::new();
    let removed = |by| {
        let at = lab.clock.now() - MINUTE;
        vec![Reason::Removed(Removal { at, by })]
    };
    let again = || {
        lab.trained(0.1, 3);
        lab.reasons()
    };
    again();
    lab.clear();
    assert_eq!(again(), removed(RemovedBy::Clearing));

    assert!(lab.train(0.1, 3).computing(|| 0.1).forget());
    assert_eq!(again(), removed(RemovedBy::Program));

    let entry = lab.last().computation.entry.unwrap().entry;
    std::fs::remove_file(lab.vault().entry_path(&entry)).unwrap();
    lab.vault().journal.add(&Execution {
        time: lab.clock.now(),
        pid: 1,
        host: "",
        package: "",
        function: "train",
        key: entry.key,
        outcome: Outcome::Evicted,
        cause: Cause::OverSize,
        took: 0,
        computing: 0,
        bytes: entry.bytes,
        count: 1,
    });
    assert_eq!(again(), removed(RemovedBy::Eviction(Cause::OverSize)));

    std::fs::write(lab.vault().entry_path(&entry), "x").unwrap();
    let told = again();
    let at = lab.clock.now();
    let by = RemovedBy::Damage;
    assert_eq!(told, [Reason::Removed(Removal { at, by })]);
}

#[test]
fn what_is_gone_without_a_record_is_not_blamed_on_anyone() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    lab.trained(0.1, 3);
    std::fs::remove_dir_all(lab.dir.path().join("store/entries")).unwrap();
    lab.trained(0.1, 3);
    let seen = lab.minute(2);
    assert_eq!(lab.reasons(), [Reason::Lost { seen }]);
}

#[test]
fn what_was_not_kept_is_computed_again() {
    let lab = Lab::new();
    let failing = || {
        let call = lab.train(0.1, 3);
        assert!(call.get_or_try_compute(|| Err::<u8, _>("no")).is_err());
    };
    failing();
    let told = lab.last();
    assert_eq!(told.reasons, [Reason::First]);
    assert_eq!(told.computation.outcome, Outcome::Error);
    assert_eq!(told.computation.not_kept, Some(NotKept::Error));
    assert!(told.computation.entry.is_none());
    failing();
    let at = lab.minute(1);
    let why = NotKept::Error;
    assert_eq!(lab.reasons(), [Reason::NotKept { at, why }]);

    let panicking = lab.train(0.2, 3);
    let panic =
        std::panic::AssertUnwindSafe(|| panicking.get_or_compute(|| -> u8 { panic!("no") }));
    assert!(std::panic::catch_unwind(panic).is_err());
    assert_eq!(lab.reasons(), [Reason::Unknown(Unknown::NoEntry)]);
    lab.train(0.2, 3).get_or_compute(|| 1_u8);
    let at = lab.minute(3);
    let why = NotKept::Panic;
    assert_eq!(lab.reasons(), [Reason::NotKept { at, why }]);
}

#[test]
fn a_refresh_and_a_check_are_asked_for_and_a_handed_over_value_is_no_miss() {
    let lab = Lab::new();
    let value = Cell::new(1);
    let call = |mode| lab.memo_in(mode).call("f").computing(|| value.get());
    call(Mode::On).get();
    call(Mode::On).refresh();
    assert_eq!(lab.reasons(), [Reason::Refreshed]);
    call(Mode::Check).get();
    assert_eq!(lab.reasons(), [Reason::Checked { same: true }]);
    assert_eq!(lab.last().computation.not_kept, None);
    value.set(2);
    call(Mode::Check).get();
    assert_eq!(lab.reasons(), [Reason::Checked { same: false }]);

    let call = call(Mode::On);
    assert!(call.insert(7));
    assert_eq!(lab.reasons(), [Reason::Checked { same: false }]);
    let told = lab.vault().why(&call.key().unwrap()).unwrap().unwrap();
    assert_eq!(told.reasons, [Reason::Inserted]);
}

#[test]
fn a_call_within_its_own_computation_computes_twice() {
    let lab = Lab::new();
    let memo = lab.memo();
    memo.call("f").get_or_compute(|| {
        memo.call("f").get_or_compute(|| 1);
        1
    });
    let vault = lab.vault();
    let mut told = Vec::new();
    vault
        .each_execution(JournalPosition::default(), |execution| {
            told.push(execution.cause)
        })
        .unwrap();
    assert_eq!(told, [Cause::Nested, Cause::Absent]);
    // The inner one ended first, so the outer one is the last.
    assert_eq!(lab.reasons(), [Reason::Duplicate(Duplicate::Overlapped)]);
}

#[test]
fn nothing_is_left_to_compare_with_once_all_is_cleared() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    lab.clear();
    lab.trained(0.2, 3);
    assert_eq!(lab.reasons(), [Reason::Unknown(Unknown::NothingEarlier)]);
    lab.clear();
    let told = lab.last();
    assert_eq!(told.reasons, [Reason::Unknown(Unknown::NoEntry)]);
    let at = lab.clock.now();
    let by = RemovedBy::Clearing;
    assert_eq!(told.computation.removed, Some(Removal { at, by }));
}

#[test]
fn without_a_journal_entries_alone_are_told_of() {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    lab.trained(0.2, 3);
    std::fs::remove_dir_all(lab.dir.path().join("store/journal")).unwrap();
    let told = lab.last();
    assert_eq!(told.computation.ended, lab.minute(2));
    assert_eq!(changes(&told.reasons[0]), ["lr 0.1 0.2"]);
    let first = told.nearest.unwrap().entry.key;
    let told = lab.vault().why(&first).unwrap().unwrap();
    assert_eq!(told.reasons, [Reason::First]);
}

/// Two heads of one call, to be made different.
fn heads() -> [EntryHead; 2] {
    let lab = Lab::new();
    lab.trained(0.1, 3);
    let head = lab.last().computation.entry.unwrap().head;
    [head.clone(), head]
}

#[test]
fn fingerprints_are_compared_within_a_level_only() {
    let digest = |text| Some(crate::key::digest_of(text).unwrap());
    let [mut old, mut new] = heads();
    assert_eq!(compare::differences(&old, &new), []);
    for head in [&mut old, &mut new] {
        head.header.code_level = CodeLevel::Function;
    }
    old.header.fingerprint = digest("old");
    new.header.fingerprint = digest("new");
    let [before, after] = [digest("old"), digest("new")];
    assert_eq!(
        compare::differences(&old, &new),
        [Reason::Code { before, after }]
    );
    old.header.code_level = CodeLevel::None;
    let level = Reason::Level {
        before: CodeLevel::None,
        after: CodeLevel::Function,
    };
    assert_eq!(compare::differences(&old, &new), [level]);
}

#[test]
fn type_arguments_are_told_and_arguments_before_all_else() {
    let [old, mut new] = heads();
    new.header.instance = Some("train::<f32>".to_owned());
    new.header.arguments[0].digest = crate::key::digest_of("other").unwrap();
    let told = compare::differences(&old, &new);
    assert_eq!(changes(&told[0]), ["lr 0.1 0.1"]);
    let after = Some("train::<f32>".to_owned());
    assert_eq!(
        told[1..],
        [Reason::TypeArguments {
            before: None,
            after
        }]
    );
}

#[test]
fn of_an_argument_that_is_given_several_times_only_what_differs_is_told() {
    let [mut old, mut new] = heads();
    for (head, values) in [(&mut old, ["3", "4"]), (&mut new, ["3", "5"])] {
        let layer = |text: &str| crate::header::Argument {
            name: "layer".to_owned(),
            digest: crate::key::digest_of(text).unwrap(),
            text: text.to_owned(),
        };
        head.header.arguments = values.iter().map(|text| layer(text)).collect();
    }
    assert_eq!(changes(&compare::differences(&old, &new)[0]), ["layer 4 5"]);
    assert_eq!(compare::differences(&new, &new), []);
    new.header.arguments.pop();
    assert_eq!(changes(&compare::differences(&old, &new)[0]), ["layer 4 -"]);
}

#[test]
fn equal_arguments_weigh_more_than_equal_code() {
    let lab = Lab::new();
    lab.train(0.1, 3).version(1).get_or_compute(|| 1);
    lab.train(0.2, 3).version(2).get_or_compute(|| 1);
    lab.train(0.1, 3).version(2).get_or_compute(|| 1);
    assert_eq!(
        lab.reasons(),
        [Reason::Version {
            before: 1,
            after: 2
        }]
    );
}
