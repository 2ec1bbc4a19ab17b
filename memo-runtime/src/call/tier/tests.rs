//! What is held, told by what happens when the files are not there any more.

use std::cell::Cell;
use std::fs;
use std::sync::Barrier;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::call::Memo;
use crate::call::tests::Desk;
use crate::config::Mode;
use crate::journal::Outcome;
use crate::manage::Criterion;

impl Desk {
    /// A value that has been found once, and whose file has then been lost.
    fn held(&self, memo: &Memo, number: u32) {
        self.double(memo, number).get();
        assert_eq!(self.double(memo, number).fetch().outcome, Outcome::Hit);
        self.lose();
        self.computed();
    }

    /// Removes the files of all entries by hand, and nothing else.
    fn lose(&self) {
        let vault = self.vault();
        for planned in self.entries() {
            fs::remove_file(vault.entry_path(&planned.entry)).unwrap();
        }
    }

    /// Whether a call computes. Its value is right or this panics.
    fn computes(&self, memo: &Memo, number: u32) -> bool {
        assert_eq!(self.double(memo, number).get(), 2 * number);
        self.computed() > 0
    }
}

#[test]
fn what_was_found_once_is_found_again_without_its_file() {
    let desk = Desk::new();
    let memo = desk.memo();
    desk.held(&memo, 1);
    for _ in 0..3 {
        let fetched = desk.double(&memo, 1).fetch();
        assert_eq!((fetched.value, fetched.outcome), (2, Outcome::Hit));
    }
    assert_eq!(desk.computed(), 0);
    assert!(desk.computes(&desk.memo(), 1), "another handle has its own");
}

#[test]
fn what_was_computed_is_not_held_before_it_was_found() {
    let desk = Desk::new();
    let memo = desk.memo();
    desk.double(&memo, 1).get();
    desk.lose();
    desk.computed();
    assert!(desk.computes(&memo, 1));
}

#[test]
fn nothing_is_held_where_that_is_not_wanted() {
    let desk = Desk::new();
    let without = desk.builder().memory(None).open().unwrap();
    desk.held(&without, 1);
    assert!(desk.computes(&without, 1));

    let memo = desk.memo();
    let call = || {
        let call = memo.call("f").memory(false);
        call.fetch_or_compute(|| 1).outcome
    };
    assert_eq!((call(), call()), (Outcome::Computed, Outcome::Hit));
    desk.lose();
    assert_eq!(call(), Outcome::Computed);
}

#[test]
fn what_is_forgotten_refreshed_or_inserted_is_not_what_is_held() {
    let desk = Desk::new();
    let memo = desk.memo();
    let value = Cell::new(1);
    let call = || memo.call("f").computing(|| value.get());
    let found = || (call().get(), call().get());
    assert_eq!(found(), (1, 1));

    assert!(call().forget());
    assert_eq!(call().cached(), None);
    value.set(2);
    assert_eq!(found(), (2, 2));

    value.set(3);
    assert_eq!(call().refresh(), 3);
    assert_eq!(found(), (3, 3));

    assert!(call().insert(4));
    assert_eq!(found(), (4, 4));
    assert_eq!(call().cached(), Some(4));
}

#[test]
fn a_handle_learns_what_another_took_away_or_replaced() {
    let desk = Desk::new();
    let (one, other) = (desk.memo(), desk.memo());
    let value = Cell::new(1);
    let call = |memo: &Memo| memo.call("f").computing(|| value.get());
    let found = |memo: &Memo| (call(memo).get(), call(memo).get());
    assert_eq!((found(&one), found(&other)), ((1, 1), (1, 1)));
    value.set(2);
    assert_eq!(call(&one).refresh(), 2);
    assert_eq!(found(&other), (2, 2));
    value.set(3);
    assert!(call(&one).forget());
    assert_eq!(found(&other), (3, 3));
    value.set(4);
    let vault = desk.vault();
    let plan = vault.plan(&Criterion::All).unwrap();
    vault.carry_out(&plan, &()).unwrap();
    assert_eq!((found(&one), found(&other)), ((4, 4), (4, 4)));
}

#[test]
fn a_damaged_entry_that_was_moved_aside_is_looked_for_in_the_store() {
    let desk = Desk::new();
    let memo = desk.memo();
    desk.double(&memo, 1).get();
    desk.double(&memo, 1).get();
    let vault = desk.vault();
    let entry = vault.plan(&Criterion::All).unwrap().entries.remove(0).entry;
    fs::write(vault.entry_path(&entry), "damaged").unwrap();
    desk.computed();
    assert!(!desk.computes(&memo, 1), "what is held is whole");
    assert!(desk.computes(&desk.memo(), 1));
    assert_eq!(desk.double(&memo, 1).fetch().outcome, Outcome::Hit);
    desk.lose();
    assert!(!desk.computes(&memo, 1), "what was healed is held");
}

#[test]
fn a_store_that_was_removed_is_missed() {
    let desk = Desk::new();
    let memo = desk.memo();
    desk.held(&memo, 1);
    assert!(!desk.computes(&memo, 1));
    fs::remove_dir_all(desk.store()).unwrap();
    assert!(desk.computes(&memo, 1));
    assert!(!desk.computes(&memo, 1));
}

#[test]
fn what_is_held_expires() {
    let desk = Desk::new();
    let memo = desk.memo();
    let ttl = Duration::from_secs(60);
    let call = || memo.call("f").ttl(ttl).fetch_or_compute(|| 1).outcome;
    assert_eq!((call(), call()), (Outcome::Computed, Outcome::Hit));
    desk.clock.advance(ttl - Duration::from_nanos(1));
    assert_eq!(call(), Outcome::Hit);
    desk.clock.advance(Duration::from_nanos(1));
    assert_eq!(call(), Outcome::Computed);
    assert_eq!(call(), Outcome::Hit);
}

#[test]
fn after_an_hour_the_store_is_looked_into_and_learns_of_the_use() {
    let desk = Desk::new();
    let memo = desk.memo();
    let hour = Duration::from_nanos(HELD_FOR);
    desk.double(&memo, 1).get();
    desk.double(&memo, 1).get();
    let last_used = || {
        let planned = desk.vault().plan(&Criterion::All).unwrap().entries;
        planned[0].entry.last_used
    };
    desk.clock.advance(hour + Duration::from_secs(1));
    desk.double(&memo, 1).get();
    assert_eq!(last_used(), desk.clock.now());
    desk.lose();
    desk.computed();
    assert!(!desk.computes(&memo, 1));
    desk.clock.advance(hour);
    assert!(desk.computes(&memo, 1));
}

#[test]
fn a_mode_that_does_not_believe_the_store_does_not_believe_memory() {
    let desk = Desk::new();
    let value = Cell::new(1);
    let get = |mode| {
        let memo = desk.builder().mode(mode).open().unwrap();
        let call = || memo.call("f").get_or_compute(|| value.get());
        (call(), value.set(value.get() + 1), call()).2
    };
    assert_eq!(get(Mode::On), 1);
    assert_eq!(get(Mode::Refresh), 3);
    assert_eq!(get(Mode::Off), 4);
    assert_eq!(get(Mode::Check), 5);
    assert_eq!(get(Mode::ReadOnly), 3);
    assert_eq!(get(Mode::Offline), 3);
}

#[test]
fn what_may_only_be_read_is_held_too() {
    for mode in [Mode::ReadOnly, Mode::Offline] {
        let desk = Desk::new();
        desk.double(&desk.memo(), 1).get();
        let memo = desk.builder().mode(mode).open().unwrap();
        desk.held(&memo, 1);
        assert!(!desk.computes(&memo, 1));
    }
}

#[test]
fn hits_of_one_key_are_told_together_and_all_counted() {
    let desk = Desk::new();
    let memo = desk.memo();
    for _ in 0..10 {
        desk.double(&memo, 1).get();
    }
    desk.double(&memo, 2).get();
    drop(memo);
    let mut told = Vec::new();
    let read = desk.vault().each_execution(Default::default(), |it| {
        told.push((it.outcome, it.count));
    });
    read.unwrap();
    let computed = (Outcome::Computed, 1);
    // Where the writer came in between there are more records, not more hits.
    assert_eq!((told[0], told[told.len() - 1]), (computed, computed));
    let total = desk.vault().statistics().unwrap().total();
    assert_eq!((total.hits, total.misses), (9, 2));
}

#[test]
fn calls_of_a_value_that_is_held_tell_who_they_are() {
    let desk = Desk::new();
    let memo = desk.memo();
    desk.held(&memo, 1);
    let call = desk.double(&memo, 1);
    assert_eq!(format!("{call:?}"), "Call(double(number=1))");
    assert_eq!(call.key(), desk.double(&desk.memo(), 1).key());
    assert_eq!(call.refresh(), 2);
    let vault = desk.vault();
    let planned = vault.plan(&Criterion::All).unwrap().entries.remove(0);
    let head = vault.head(&planned.entry).unwrap().unwrap();
    assert_eq!(head.header.arguments[0].text, "1");
}

#[test]
fn one_that_goes_by_the_same_name_without_a_key_is_not_taken_for_it() {
    struct Mute;
    impl serde::Serialize for Mute {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("it does not speak"))
        }
    }
    let desk = Desk::new();
    let memo = desk.memo();
    let call = || memo.call("f").get_or_compute(|| 1);
    assert_eq!((call(), call()), (1, 1));
    let mute = memo.call("f").arg("mute", &Mute).computing(|| 2);
    assert_eq!((mute.key(), mute.get()), (None, 2));
}

#[test]
fn threads_find_the_same() {
    let desk = Desk::new();
    let memo = desk.builder().memory(Some(20_000)).open().unwrap();
    let value = |n: u64| vec![n; 1 + n as usize % 50];
    let begin = Barrier::new(4);
    std::thread::scope(|scope| {
        for first in 0..4 {
            let (memo, begin) = (&memo, &begin);
            scope.spawn(move || {
                begin.wait();
                for n in (0..3000).map(|n| (n * 7 + first) % 100) {
                    let call = memo.call("f").arg("n", &n);
                    assert_eq!(call.get_or_compute(|| value(n)), value(n));
                }
            });
        }
    });
    let shelf = memo.tier().unwrap().shelf();
    assert!(shelf.size <= 20_000 && shelf.items.len() > 5, "{shelf:?}");
}

/// An item of a test: its size, and whether it was used.
#[derive(Debug)]
struct Thing(u64, Cell<bool>);

impl Item for Thing {
    fn size(&self) -> u64 {
        self.0
    }

    fn was_used(&self) -> bool {
        self.1.take()
    }
}

#[test]
fn what_was_not_used_goes_first_and_what_was_used_is_spared_once() {
    let mut shelf = Shelf::default();
    let mut put = |number, used: &[u8]| {
        for number in used {
            let it: &Thing = &shelf.items[number];
            it.1.set(true);
        }
        shelf.put(number, Thing(10, Cell::new(false)), 30);
        let mut left: Vec<u8> = shelf.items.keys().copied().collect();
        left.sort_unstable();
        left
    };
    assert_eq!(put(1, &[]), [1]);
    assert_eq!(put(2, &[]), [1, 2]);
    assert_eq!(put(3, &[]), [1, 2, 3]);
    assert_eq!(put(4, &[1]), [1, 3, 4]);
    assert_eq!(put(5, &[3]), [1, 3, 5]);
    assert_eq!(put(6, &[]), [3, 5, 6]);
    assert_eq!(
        put(7, &[3, 5, 6]),
        [3, 5, 6],
        "the new one was not used either"
    );
    assert_eq!(put(8, &[]), [3, 6, 8]);
}

proptest! {
    #[test]
    fn no_more_is_held_than_there_is_room_for(
        steps in prop::collection::vec((0..40u8, 0..400u64, any::<bool>()), 1..300),
        room in 0..2000u64,
    ) {
        let mut shelf = Shelf::default();
        for (number, size, used) in steps {
            if let Some(thing) = shelf.items.get(&number).filter(|_| used) {
                let thing: &Thing = thing;
                thing.1.set(true);
                continue;
            }
            shelf.put(number, Thing(size, Cell::new(false)), room);

            let sizes: u64 = shelf.items.values().map(Item::size).sum();
            prop_assert_eq!(shelf.size, sizes);
            prop_assert!(sizes <= room);
            let mut queued: Vec<_> = shelf.queue.iter().copied().collect();
            queued.sort_unstable();
            let mut held: Vec<_> = shelf.items.keys().copied().collect();
            held.sort_unstable();
            prop_assert_eq!(queued, held);
        }
    }

    #[test]
    fn entries_take_what_they_are_said_to(
        lengths in prop::collection::vec(0..3000usize, 1..40),
        room in 0..20_000u64,
    ) {
        let desk = Desk::new();
        let memo = desk.builder().memory(Some(room)).open().unwrap();
        for (n, length) in lengths.iter().enumerate() {
            let text = "x".repeat(n);
            for _ in 0..2 {
                let call = memo.call("f").arg("text", &text);
                call.get_or_compute(|| vec![7_u8; *length]);
            }
        }
        let shelf = memo.tier().unwrap().shelf();
        let least = |held: &Arc<Held>| {
            let texts = held.about.arguments.iter().map(|it| it.name.len() + it.text.len());
            let told = size_of::<Held>() + held.spelled.len() + texts.sum::<usize>();
            held.loaded.size() + told as u64
        };
        prop_assert!(shelf.items.values().map(least).sum::<u64>() <= shelf.size);
        prop_assert!(shelf.size <= room);
    }
}
