//! What a call does, told by how often its body ran.

mod code;

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use super::{Call, Keeping, Memo};
use crate::clock::Clock;
use crate::codec::Codec;
use crate::config::{Fsync, Mode};
use crate::journal::Outcome;
use crate::manage::{Criterion, JournalPosition, Vault};
use crate::{Builder, Share};

/// A store in a temporary directory and a clock that stands still.
pub(super) struct Desk {
    dir: tempfile::TempDir,
    pub(super) clock: Clock,
    computed: Cell<u32>,
}

/// 2026-01-01, in nanoseconds.
const NEW_YEAR: u64 = 1_767_225_600_000_000_000;

impl Desk {
    pub(super) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock: Clock::manual(NEW_YEAR),
            computed: Cell::new(0),
        }
    }

    pub(super) fn store(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    pub(super) fn builder(&self) -> Builder {
        Memo::builder(self.store())
            .clock(self.clock.clone())
            .mode(Mode::On)
    }

    pub(super) fn memo(&self) -> Memo {
        self.builder().open().unwrap()
    }

    /// A call of `double` whose body counts how often it runs.
    pub(super) fn double<'a>(
        &'a self,
        memo: &Memo,
        number: u32,
    ) -> Call<u32, impl FnOnce() -> u32 + 'a> {
        memo.call("double")
            .arg("number", &number)
            .computing(move || {
                self.computed.set(self.computed.get() + 1);
                number * 2
            })
    }

    /// How often it has run since this was last asked.
    pub(super) fn computed(&self) -> u32 {
        self.computed.take()
    }

    pub(super) fn vault(&self) -> Vault {
        Vault::open(&self.store(), Share::None).unwrap().unwrap()
    }

    pub(super) fn entries(&self) -> Vec<crate::manage::Planned> {
        self.vault().plan(&Criterion::All).unwrap().entries
    }
}

#[test]
fn a_result_is_computed_once_and_then_found() {
    let desk = Desk::new();
    for (expected, computed) in [(Outcome::Computed, 1), (Outcome::Hit, 0), (Outcome::Hit, 0)] {
        let fetched = desk.double(&desk.memo(), 21).fetch();
        assert_eq!((fetched.value, fetched.outcome), (42, expected));
        assert_eq!(desk.computed(), computed);
    }
    assert_eq!(desk.double(&desk.memo(), 22).get(), 44);
    assert_eq!(desk.computed(), 1);
}

#[test]
fn name_version_argument_names_and_type_are_part_of_the_key() {
    let desk = Desk::new();
    let memo = desk.memo();
    let mut keys = std::collections::HashSet::new();
    let mut distinct = |key: Option<crate::Digest>| assert!(keys.insert(key.unwrap()));
    distinct(memo.call("f").arg("a", &1).computing(|| 1u8).key());
    distinct(memo.call("g").arg("a", &1).computing(|| 1u8).key());
    distinct(
        memo.call("f")
            .version(1)
            .arg("a", &1)
            .computing(|| 1u8)
            .key(),
    );
    distinct(memo.call("f").arg("b", &1).computing(|| 1u8).key());
    distinct(memo.call("f").arg("a", &2).computing(|| 1u8).key());
    distinct(memo.call("f").arg("a", &1).computing(|| 1u16).key());
    distinct(
        memo.call("f")
            .arg("a", &1)
            .arg("b", &1)
            .computing(|| 1u8)
            .key(),
    );
    let again = memo.call("f").arg("a", &1).computing(|| 1u8).key();
    assert!(keys.contains(&again.unwrap()));
}

#[test]
fn looking_changes_nothing() {
    let desk = Desk::new();
    let memo = desk.memo();
    assert_eq!(desk.double(&memo, 1).cached(), None);
    assert_eq!(desk.double(&memo, 1).get(), 2);
    let before = desk.entries();
    desk.clock.advance(Duration::from_secs(7200));
    assert_eq!(desk.double(&memo, 1).cached(), Some(2));
    assert_eq!(desk.entries(), before, "the time of last use was renewed");
    assert_eq!(desk.computed(), 1);
}

#[test]
fn refresh_computes_and_replaces() {
    let desk = Desk::new();
    let memo = desk.memo();
    let value = Cell::new(1);
    let call = || memo.call("f").computing(|| value.get());
    assert_eq!(call().get(), 1);
    value.set(2);
    assert_eq!(call().get(), 1);
    assert_eq!(call().refresh(), 2);
    assert_eq!(call().get(), 2);
}

#[test]
fn an_inserted_value_is_found_and_a_forgotten_one_is_not() {
    let desk = Desk::new();
    let memo = desk.memo();
    assert!(desk.double(&memo, 1).insert(7));
    assert_eq!(desk.double(&memo, 1).get(), 7);
    assert!(desk.double(&memo, 1).forget());
    assert!(!desk.double(&memo, 1).forget());
    assert_eq!(desk.double(&memo, 1).get(), 2);
    assert_eq!(desk.double(&memo, 1).uncached(), 2);
    assert_eq!(desk.computed(), 2);
}

#[test]
fn a_result_past_its_time_to_live_is_computed_again() {
    let desk = Desk::new();
    let memo = desk.memo();
    let runs = Cell::new(0);
    let get = || {
        let call = memo.call("f").ttl(Duration::from_secs(60));
        call.get_or_compute(|| runs.replace(runs.get() + 1))
    };
    assert_eq!(get(), 0);
    desk.clock.advance(Duration::from_secs(59));
    assert_eq!(get(), 0);
    desk.clock.advance(Duration::from_secs(1));
    assert_eq!(get(), 1);
    assert_eq!(get(), 1, "the new result replaced the expired one");
}

#[test]
fn an_ok_is_kept_and_an_err_is_not() {
    let desk = Desk::new();
    let memo = desk.memo();
    /// Not serializable, as errors often are.
    #[derive(Debug, PartialEq)]
    struct Failure;
    let runs = Cell::new(0);
    let get = |fails| {
        memo.call("f").get_or_try_compute(|| {
            runs.set(runs.get() + 1);
            if fails { Err(Failure) } else { Ok(5) }
        })
    };
    assert_eq!(get(true), Err(Failure));
    assert_eq!(get(true), Err(Failure));
    assert_eq!(get(false), Ok(5));
    assert_eq!(get(true), Ok(5));
    assert_eq!(runs.get(), 3);
}

#[test]
fn a_result_that_the_condition_refuses_is_not_kept() {
    let desk = Desk::new();
    let memo = desk.memo();
    let fetch = |number: u32| {
        let inputs = super::Inputs::named(memo.clone(), "f");
        Call::new(inputs, Keeping::all().when(|n| n % 2 == 0), || number).fetch()
    };
    assert_eq!(fetch(3).outcome, Outcome::Computed);
    assert_eq!(fetch(4).outcome, Outcome::Computed);
    assert_eq!((fetch(5).value, fetch(5).outcome), (4, Outcome::Hit));
}

#[test]
fn a_panic_keeps_nothing_and_leaves_nothing() {
    let desk = Desk::new();
    let memo = desk.memo();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        memo.call("f")
            .get_or_compute(|| -> u32 { panic!("on purpose") })
    }));
    assert!(outcome.is_err());
    assert_eq!(memo.call("f").get_or_compute(|| 1), 1);
    let flights = desk.dir.path().join("store/flights");
    assert_eq!(std::fs::read_dir(flights).unwrap().count(), 0);
}

#[test]
fn modes_do_what_they_say() {
    let desk = Desk::new();
    let in_mode = |mode| desk.builder().mode(mode).open().unwrap();
    assert_eq!(desk.double(&in_mode(Mode::Off), 1).get(), 2);
    assert!(
        !desk.dir.path().join("store").exists(),
        "off creates no store"
    );
    desk.memo();
    assert_eq!(desk.double(&in_mode(Mode::ReadOnly), 1).get(), 2);
    assert_eq!(desk.entries().len(), 0, "readonly keeps nothing");
    assert_eq!(desk.double(&in_mode(Mode::On), 1).get(), 2);
    assert_eq!(desk.computed(), 3);

    assert_eq!(desk.double(&in_mode(Mode::ReadOnly), 1).get(), 2);
    assert_eq!(desk.double(&in_mode(Mode::Offline), 1).get(), 2);
    assert_eq!(desk.computed(), 0);

    assert_eq!(desk.double(&in_mode(Mode::Refresh), 1).get(), 2);
    assert_eq!(desk.double(&in_mode(Mode::Check), 1).get(), 2);
    assert_eq!(desk.computed(), 2);
    assert_eq!(desk.entries().len(), 1);
}

#[test]
#[should_panic(expected = "MEMO=offline, and the result of double(number=1) is not in the store")]
fn offline_panics_on_a_miss() {
    let desk = Desk::new();
    let memo = desk.builder().mode(Mode::Offline).open().unwrap();
    desk.double(&memo, 1).get();
}

#[test]
fn check_hands_out_what_was_computed_now() {
    let desk = Desk::new();
    let value = Cell::new(1);
    let get = |mode| {
        let memo = desk.builder().mode(mode).open().unwrap();
        memo.call("f").get_or_compute(|| value.get())
    };
    assert_eq!(get(Mode::On), 1);
    value.set(2);
    assert_eq!(get(Mode::Check), 2);
    assert_eq!(get(Mode::On), 1, "check replaces nothing");
}

#[test]
fn last_use_is_renewed_once_an_hour() {
    let desk = Desk::new();
    let memo = desk.memo();
    desk.double(&memo, 1).get();
    // The file's own time is the system's: a first use sets it to the clock's.
    desk.double(&memo, 1).get();
    let last_used = || desk.entries()[0].entry.last_used;
    assert_eq!(last_used(), NEW_YEAR);
    desk.clock.advance(Duration::from_secs(3500));
    desk.double(&memo, 1).get();
    assert_eq!(last_used(), NEW_YEAR);
    desk.clock.advance(Duration::from_secs(200));
    desk.double(&memo, 1).get();
    assert_eq!(last_used(), NEW_YEAR + 3700 * 1_000_000_000);
}

#[test]
fn an_argument_that_cannot_be_serialized_costs_the_cache_and_not_the_value() {
    struct Mute;
    impl serde::Serialize for Mute {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no words"))
        }
    }
    let desk = Desk::new();
    let call = desk.memo().call("f").arg("mute", &Mute).computing(|| 3);
    assert_eq!(call.key(), None);
    assert_eq!(call.cached(), None);
    assert!(!call.insert(4));
    assert_eq!(call.get(), 3);
    assert_eq!(desk.entries().len(), 0);
}

#[test]
fn an_entry_tells_of_its_call() {
    let desk = Desk::new();
    let memo = desk.builder().fsync(Fsync::Always).open().unwrap();
    memo.call("train")
        .version(3)
        .arg("lr", &0.1)
        .arg("name", "x\n")
        .get_or_compute(|| 1.5f64);
    let planned = desk.entries().remove(0);
    assert_eq!(planned.function.path, "train");
    let head = desk.vault().head(&planned.entry).unwrap().unwrap();
    assert_eq!(head.codec(), Codec::Bincode.name());
    assert_eq!(head.created, NEW_YEAR);
    assert_eq!(head.value_bytes, 8);
    assert_eq!(head.header.function, "train");
    assert_eq!(head.header.version, 3);
    assert_eq!(head.header.value_type, "f64");
    assert_eq!(head.header.pid, std::process::id());
    let arguments: Vec<_> = head
        .header
        .arguments
        .iter()
        .map(|a| (a.name.as_str(), a.text.as_str()))
        .collect();
    assert_eq!(arguments, [("lr", "0.1"), ("name", r#""x\n""#)]);
}

#[test]
fn the_journal_tells_what_happened() {
    let desk = Desk::new();
    let memo = desk.memo();
    desk.double(&memo, 1).get();
    desk.double(&memo, 1).get();
    desk.double(&memo, 1).forget();
    drop(memo);
    let mut told = Vec::new();
    desk.vault()
        .each_execution(JournalPosition::default(), |execution| {
            told.push((execution.function, execution.outcome))
        })
        .unwrap();
    let double = |outcome| ("double".to_owned(), outcome);
    assert_eq!(
        told,
        [
            double(Outcome::Computed),
            double(Outcome::Hit),
            double(Outcome::Cleared)
        ]
    );
    let total = desk.vault().statistics().unwrap().total();
    assert_eq!((total.hits, total.misses, total.errors), (1, 1, 0));
}

#[test]
fn a_recursive_function_finds_its_own_results() {
    fn fibonacci(memo: &Memo, runs: &Cell<u32>, n: u32) -> u64 {
        memo.call("fibonacci").arg("n", &n).get_or_compute(|| {
            runs.set(runs.get() + 1);
            if n < 2 {
                n.into()
            } else {
                fibonacci(memo, runs, n - 1) + fibonacci(memo, runs, n - 2)
            }
        })
    }
    let desk = Desk::new();
    let runs = Cell::new(0);
    assert_eq!(fibonacci(&desk.memo(), &runs, 50), 12_586_269_025);
    assert_eq!(runs.get(), 51);
}

#[test]
fn a_call_within_its_own_computation_computes() {
    let desk = Desk::new();
    let memo = desk.memo();
    let inner = || memo.call("f").arg("x", &1).fetch_or_compute(|| 5);
    let outer = memo.call("f").arg("x", &1).fetch_or_compute(|| {
        let fetched = inner();
        assert_eq!(fetched.outcome, Outcome::Duplicate);
        fetched.value
    });
    assert_eq!(outer.value, 5);
    assert_eq!(inner().outcome, Outcome::Hit);
}

#[test]
fn a_store_that_was_removed_and_filled_again_is_found() {
    let desk = Desk::new();
    let open = |mode| desk.builder().mode(mode).open().unwrap();
    desk.double(&open(Mode::On), 0).get();
    let (on, reader) = (open(Mode::On), open(Mode::ReadOnly));
    std::fs::remove_dir_all(desk.dir.path().join("store")).unwrap();
    desk.double(&open(Mode::On), 1).get();
    desk.computed();
    assert_eq!(desk.double(&on, 1).cached(), Some(2));
    assert_eq!(desk.double(&reader, 1).get(), 2);
    assert_eq!(desk.double(&on, 1).get(), 2);
    assert_eq!(desk.computed(), 0);
}

#[test]
fn a_refresh_after_a_failure_elsewhere_still_replaces() {
    let desk = Desk::new();
    let memo = desk.memo();
    let value = Cell::new(1);
    let call = || memo.call("f").computing(|| value.get());
    assert_eq!(call().get(), 1);
    value.set(2);
    // Within its own computation a refresh can get no flight.
    let outer = memo.call("f").computing(|| {
        value.set(3);
        let inner = call().refresh();
        value.set(4);
        inner
    });
    assert_eq!(outer.refresh(), 3);
    assert_eq!(call().get(), 3);
}
