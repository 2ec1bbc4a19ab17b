//! Memoized functions that call memoized functions: themselves, and from the threads of a pool.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use memo_runtime::memo;
use memo_tests::{ledger, stage};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

/// Calls itself with the very same arguments, as far as they are part of the key.
#[memo(ignore(first))]
fn again(x: u64, first: bool) -> u64 {
    ledger::computation("again", || if first { again(x, false) } else { x + 1 })
}

#[memo]
fn fibonacci(n: u64) -> u64 {
    ledger::computation(format_args!("fibonacci {n}"), || {
        if n < 2 {
            n
        } else {
            fibonacci(n - 1) + fibonacci(n - 2)
        }
    })
}

const PARTS: u64 = 8;

fn term(round: u64, index: u64, number: u64) -> u64 {
    (round ^ index ^ (number << 3)) & 0xFF
}

/// Hands terms to the pool while it holds its key.
#[memo]
fn part(round: u64, index: u64) -> u64 {
    (0..PARTS)
        .into_par_iter()
        .map(|number| term(round, index, number))
        .sum()
}

/// Hands half of its memoized parts to the pool while it holds its key. If another thread takes
/// that half, this one has to wait for it, and meanwhile takes up whatever the pool has to do.
#[memo(ignore(crowd))]
fn whole(round: u64, crowd: &Crowd) -> u64 {
    let (mine, theirs) = rayon::join(
        || {
            crowd.helps.wait();
            (0..PARTS / 2).map(|index| part(round, index)).sum::<u64>()
        },
        || {
            crowd.helps.set();
            crowd.wants_it_again.wait();
            (PARTS / 2..PARTS)
                .map(|index| part(round, index))
                .sum::<u64>()
        },
    );
    mine + theirs
}

/// Threads of a pool that want the same whole, one of them when its holder is out for work.
#[derive(Default)]
struct Crowd {
    /// Another thread helps the holder of the whole.
    helps: Signal,
    /// The whole is wanted while it is under way.
    wants_it_again: Signal,
}

impl Crowd {
    fn gather(&self, round: u64) -> [u64; 3] {
        let again = || {
            self.wants_it_again.set();
            whole(round, self)
        };
        let offer = || {
            self.helps.wait();
            rayon::join(|| self.wants_it_again.wait(), again).1
        };
        let parts = || {
            let parts = (0..PARTS * 4)
                .into_par_iter()
                .map(|index| part(round, index % PARTS));
            parts.sum::<u64>() / 4
        };
        let (first, (second, third)) =
            rayon::join(|| whole(round, self), || rayon::join(offer, parts));
        [first, second, third]
    }
}

/// What threads tell each other. Nobody counts on it: which thread does what is up to the pool.
#[derive(Default)]
struct Signal(AtomicBool);

impl Signal {
    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn wait(&self) {
        for _ in 0..1000 {
            if self.0.load(Ordering::Relaxed) {
                break;
            }
            thread::yield_now();
        }
    }
}

fn main() {
    let pool = ThreadPoolBuilder::new().num_threads(4).build();
    let pool = pool.unwrap_or_else(|error| panic!("no pool: {error}"));
    stage::play(|words| {
        let (what, number) = (
            words[0],
            words[1].parse().unwrap_or_else(|_| panic!("{words:?}")),
        );
        match what {
            "again" => stage::say(again(number, true)),
            "fibonacci" => stage::say(fibonacci(number)),
            "crowd" => {
                let parts = (0..PARTS * PARTS).map(|at| term(number, at / PARTS, at % PARTS));
                let whole: u64 = parts.sum();
                assert_eq!(pool.install(|| Crowd::default().gather(number)), [whole; 3]);
                stage::say("done");
            }
            _ => panic!("not a thing to do: {words:?}"),
        }
    });
}
