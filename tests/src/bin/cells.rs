//! 64 memoized cells that many threads of many processes visit at once, and one who clears them.

use std::fmt::Display;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, process, thread};

use memo_runtime::manage::{Criterion, Vault};
use memo_runtime::{Share, call, memo};
use memo_tests::random::Random;
use memo_tests::{ledger, stage};

const CELLS: u64 = 64;
/// Every so many cells, one wants its neighbour, all of them in a ring.
const RING: u64 = 4;
const DEEPEST: u32 = 2;
/// After so many visits a thread says so.
const REPORT: u32 = 64;

/// What is in a cell: from a word to more than a page.
fn content(cell: u64) -> Vec<u64> {
    let mut random = Random::new(cell);
    (0..1 + cell * 37 % 800).map(|_| random.number()).collect()
}

#[memo(ignore(depth))]
fn cell(number: u64, depth: u32) -> Vec<u64> {
    ledger::computation(number, || {
        if number.is_multiple_of(RING) && depth < DEEPEST {
            visit((number + RING) % CELLS, depth + 1);
        }
        for _ in 0..number % 8 {
            thread::yield_now();
        }
        content(number)
    })
}

/// Calls for a cell and judges what comes of it.
fn visit(number: u64, depth: u32) {
    let fetched = call!(cell(number, depth)).fetch();
    if fetched.outcome.is_computed() {
        ledger::outcome(fetched.outcome);
    }
    if fetched.value != content(number) {
        fail(format_args!(
            "cell {number} holds {:?} ({})",
            fetched.value, fetched.outcome
        ));
    }
}

/// Visits every cell `rounds` times.
fn tour(seed: u64, rounds: u32) {
    let mut random = Random::new(seed);
    for _ in 0..rounds {
        let mut cells: Vec<_> = (0..CELLS).collect();
        while !cells.is_empty() {
            visit(cells.swap_remove(random.below(cells.len())), 0);
        }
    }
}

/// Visits cells until `over`; some more often than others, so that there are hits as well.
fn roam(seed: u64, over: &AtomicBool) {
    let mut random = Random::new(seed);
    while !over.load(Ordering::Relaxed) {
        for _ in 0..REPORT {
            let some = random.below(CELLS as usize) + 1;
            visit(random.below(some) as u64, 0);
        }
        stage::say(format_args!("calls {REPORT}"));
    }
}

/// Clears the store until `over`.
fn clear(over: &AtomicBool) {
    let dir = env::var_os("MEMO_DIR").unwrap_or_default();
    let mut cleared = 0;
    while !over.load(Ordering::Relaxed) {
        let removed = Vault::open(Path::new(&dir), Share::None).and_then(|vault| {
            let Some(vault) = vault else { return Ok(0) };
            let plan = vault.plan(&Criterion::All)?;
            vault
                .carry_out(&plan, &())
                .map(|removed| removed.entries.entries)
        });
        match removed {
            Ok(removed) => cleared += removed,
            Err(error) => fail(format_args!("clear: {error}")),
        }
    }
    stage::say(format_args!("cleared {cleared}"));
}

fn fail(what: impl Display) -> ! {
    stage::say(format_args!("wrong: {what}"));
    process::exit(1)
}

/// Does something on `threads` threads until the test tells the next line.
fn until_told(threads: u64, act: impl Fn(u64, &AtomicBool) + Sync) {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for thread in 0..threads {
            let (act, over) = (&act, &over);
            scope.spawn(move || act(thread, over));
        }
        let _ = stage::hear();
        over.store(true, Ordering::Relaxed);
    });
    stage::say("over");
}

fn main() {
    let number = |word: &str| {
        word.parse::<u64>()
            .unwrap_or_else(|_| panic!("no number: {word}"))
    };
    stage::play(|words| match *words {
        ["tour", threads, seed, rounds] => {
            let rounds = number(rounds) as u32;
            thread::scope(|scope| {
                for thread in 0..number(threads) {
                    scope.spawn(move || tour(number(seed) + thread, rounds));
                }
            });
            stage::say("toured");
        }
        ["roam", threads, seed] => {
            until_told(number(threads), |thread, over| {
                roam(number(seed) + thread, over)
            });
        }
        ["clear"] => until_told(1, |_, over| clear(over)),
        _ => panic!("not a thing to do: {words:?}"),
    });
}
