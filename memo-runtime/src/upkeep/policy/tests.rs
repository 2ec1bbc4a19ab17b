//! What every plan must hold, on stores made at random; and single rules by
//! example.

use std::collections::BTreeSet;

use super::*;
use crate::key::Digest;

const SECOND: u64 = 1_000_000_000;
const HOUR: u64 = 3600 * SECOND;
/// 2024-03-01T12:00:00Z.
const NOW: Moment = 1_709_294_400 * SECOND;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Random(u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

fn key(number: u64) -> Digest {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Digest::from_bytes(bytes)
}

/// An entry of one page that was last used `age` before now.
fn used(number: u64, age: u64) -> Candidate {
    Candidate {
        function: Arc::default(),
        entry: Entry {
            key: key(number),
            bytes: 4000,
            disk: 4096,
            last_used: NOW - age,
            function: "f-0".into(),
        },
        last_used: NOW - age,
        in_flight: false,
        expired: false,
        computing: Some(SECOND),
    }
}

fn a_store(random: &mut Random) -> Vec<Candidate> {
    let count = random.below(60);
    let ahead = random.one_in(4);
    (0..count)
        .map(|_| {
            let mut it = used(random.number(), random.below(48 * HOUR));
            // Ties are as frequent as they are in a sweep.
            it.entry.disk = random.below(5) * 4096;
            it.computing = Some(random.below(4) * SECOND).filter(|_| !random.one_in(8));
            it.in_flight = random.one_in(8);
            it.expired = random.one_in(8);
            if random.one_in(8) {
                it.last_used = NOW - random.below(240 * SECOND);
            } else if ahead && random.one_in(3) {
                it.last_used = NOW + random.below(48 * HOUR);
            }
            it
        })
        .collect()
}

fn some_limits(random: &mut Random) -> Limits {
    let mut some = |limit| Some(random.below(limit)).filter(|_| !random.one_in(3));
    Limits {
        max_size: some(60 * 3 * 4096),
        max_entries: some(60),
        max_age: some(48 * HOUR).map(Duration::from_nanos),
        order: if random.one_in(2) {
            Order::Lru
        } else {
            Order::Value
        },
    }
}

/// A plan, and what it was made of.
struct Case {
    store: Vec<Candidate>,
    limits: Limits,
    plan: Plan,
    planned: BTreeSet<Digest>,
}

impl Case {
    fn of(store: Vec<Candidate>, limits: Limits) -> Self {
        let plan = plan(store.clone(), &limits, NOW);
        let planned = plan.entries.iter().map(|it| it.entry.key).collect();
        Self {
            store,
            limits,
            plan,
            planned,
        }
    }

    fn left(&self) -> Vec<&Candidate> {
        let stays = |it: &&Candidate| !self.planned.contains(&it.entry.key);
        self.store.iter().filter(stays).collect()
    }

    fn of_cause(&self, causes: &[Cause]) -> Vec<&Candidate> {
        let of = |it: &&Planned| causes.contains(&it.cause);
        let keys: BTreeSet<Digest> = self
            .plan
            .entries
            .iter()
            .filter(of)
            .map(|it| it.entry.key)
            .collect();
        let chosen = |it: &&Candidate| keys.contains(&it.entry.key);
        self.store.iter().filter(chosen).collect()
    }
}

/// Hands out many stores, limits, and the plans for them.
fn each_case(mut judge: impl FnMut(&Case)) {
    for seed in 0..4000 {
        let mut random = Random(seed);
        let store = a_store(&mut random);
        judge(&Case::of(store, some_limits(&mut random)));
    }
}

const ROOM: [Cause; 2] = [Cause::OverCount, Cause::OverSize];

#[test]
fn what_is_left_is_within_the_limits_or_must_stay() {
    each_case(|case| {
        let left = case.left();
        let disk: u64 = left.iter().map(|it| it.entry.disk).sum();
        let may_go = |it: &&&Candidate| !it.is_protected(NOW);
        if case
            .limits
            .max_entries
            .is_some_and(|max| left.len() as u64 > max)
        {
            assert_eq!(left.iter().filter(may_go).count(), 0);
        }
        if case.limits.max_size.is_some_and(|max| disk > max) {
            let takes_room = |it: &&&Candidate| it.entry.disk > 0;
            assert_eq!(left.iter().filter(may_go).filter(takes_room).count(), 0);
        }
        assert!(!left.iter().any(|it| it.expired && !it.in_flight));
    });
}

#[test]
fn nothing_that_must_stay_is_planned() {
    each_case(|case| {
        for it in &case.store {
            if case.planned.contains(&it.entry.key) {
                assert!(!it.in_flight, "{it:?}");
                let is_recent = NOW.abs_diff(it.last_used) < 120 * SECOND;
                assert!(it.expired || !is_recent, "{it:?}");
            }
        }
    });
}

#[test]
fn the_order_is_kept() {
    each_case(|case| {
        let gone = case.of_cause(&ROOM);
        let last = gone
            .iter()
            .max_by(|one, other| one.compare(other, case.limits.order, NOW));
        let Some(last) = last else { return };
        for it in case.left() {
            let takes_no_room = it.entry.disk == 0;
            assert!(
                it.is_protected(NOW)
                    || takes_no_room
                    || it.compare(last, case.limits.order, NOW) == Ordering::Greater,
                "{it:?} was to go before {last:?}"
            );
        }
    });
}

#[test]
fn with_one_less_a_limit_would_be_passed() {
    each_case(|case| {
        let last = case
            .of_cause(&ROOM)
            .into_iter()
            .max_by(|one, other| one.compare(other, case.limits.order, NOW));
        let Some(last) = last else { return };
        let left = case.left();
        let entries = left.len() as u64 + 1;
        let disk = left.iter().map(|it| it.entry.disk).sum::<u64>() + last.entry.disk;
        assert!(
            case.limits.max_entries.is_some_and(|max| entries > max)
                || case.limits.max_size.is_some_and(|max| disk > max),
            "{last:?} goes without need"
        );
    });
}

#[test]
fn who_lists_the_store_in_another_order_plans_the_same() {
    each_case(|case| {
        let mut store = case.store.clone();
        store.reverse();
        let other = Case::of(store, case.limits);
        assert_eq!(case.plan.entries, other.plan.entries);
        assert_eq!(case.plan.total, other.plan.total);
    });
}

#[test]
fn a_second_plan_finds_nothing_to_do() {
    each_case(|case| {
        let left: Vec<Candidate> = case.left().into_iter().cloned().collect();
        // With a clock that jumped, the other half goes later.
        if !left.iter().any(|it| it.is_far_ahead(NOW)) {
            assert_eq!(Case::of(left, case.limits).plan.entries, []);
        }
    });
}

fn causes(store: Vec<Candidate>, limits: Limits) -> Vec<(u8, Cause)> {
    let case = Case::of(store, limits);
    let told = |it: &Planned| (it.entry.key.as_bytes()[7], it.cause);
    case.plan.entries.iter().map(told).collect()
}

const NONE: Limits = Limits {
    max_size: None,
    max_age: None,
    max_entries: None,
    order: Order::Lru,
};

#[test]
fn each_removal_has_its_cause() {
    let mut store: Vec<_> = (0..6).map(|n| used(n, (10 - n) * HOUR)).collect();
    store[5].expired = true;
    let limits = Limits {
        max_age: Some(Duration::from_secs(9 * 3600 + 1)),
        max_entries: Some(3),
        max_size: Some(2 * 4096),
        ..NONE
    };
    let expected = [
        (0, Cause::OverAge),
        (1, Cause::OverCount),
        (2, Cause::OverSize),
        (5, Cause::Expired),
    ];
    assert_eq!(causes(store, limits), expected);
}

#[test]
fn by_value_goes_what_is_soonest_computed_again_for_its_space() {
    let mut store: Vec<_> = (0..3).map(|n| used(n, HOUR)).collect();
    // Twice the time for four times the space.
    store[1].computing = Some(2 * SECOND);
    store[1].entry.disk = 4 * 4096;
    store[2].computing = None;
    let limits = |max| Limits {
        max_entries: Some(max),
        order: Order::Value,
        ..NONE
    };
    assert_eq!(causes(store.clone(), limits(2)), [(2, Cause::OverCount)]);
    let both = [(1, Cause::OverCount), (2, Cause::OverCount)];
    assert_eq!(causes(store, limits(1)), both);
}

#[test]
fn a_clock_that_jumped_costs_half_of_the_entries_at_most() {
    let mut store: Vec<_> = (0..8).map(|n| used(n, (100 + n) * HOUR)).collect();
    let limits = Limits {
        max_age: Some(Duration::from_secs(3600)),
        ..NONE
    };
    assert_eq!(causes(store.clone(), limits).len(), 8);
    store[0].last_used = NOW + 1000 * HOUR;
    let case = Case::of(store, limits);
    assert_eq!(case.plan.entries.len(), 4);
    let early: Vec<Digest> = case.plan.early.iter().map(|entry| entry.key).collect();
    assert_eq!(early, [key(0)]);
}

#[test]
fn where_most_entries_are_ahead_the_clock_here_is_wrong() {
    let mut store: Vec<_> = (0..8).map(|n| used(n, n * HOUR)).collect();
    for it in &mut store[..5] {
        it.last_used = NOW + 1000 * HOUR;
    }
    assert_eq!(Case::of(store.clone(), NONE).plan.early, []);
    store[4].last_used = NOW;
    assert_eq!(Case::of(store, NONE).plan.early.len(), 4);
}

#[test]
fn times_at_the_ends_of_the_range_are_no_trouble() {
    for now in [0, 1, u64::MAX] {
        for last_used in [0, u64::MAX] {
            let mut store: Vec<_> = (0..4).map(|n| used(n, HOUR)).collect();
            for it in &mut store {
                it.last_used = last_used;
                it.computing = Some(u64::MAX);
                it.entry.disk = u64::MAX;
            }
            let limits = Limits {
                max_size: Some(0),
                max_age: Some(Duration::MAX),
                max_entries: Some(1),
                order: Order::Value,
            };
            let plan = plan(store, &limits, now);
            let protected = now.abs_diff(last_used) < nanos(RECENT);
            assert_eq!(plan.entries.is_empty(), protected, "{now} {last_used}");
        }
    }
}
