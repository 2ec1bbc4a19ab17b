//! Functions in statics, in consts, in thread-locals and behind attributes.

use std::cell::RefCell;
use std::sync::LazyLock;

/// A step by its name.
pub static STEPS: [(&str, fn(i64) -> i64); 3] =
    [("add", add), ("double", double), ("again", again)];

fn add(value: i64) -> i64 {
    value + OFFSET
}

const OFFSET: i64 = offset(4);

const fn offset(base: i64) -> i64 {
    base * 2
}

fn double(value: i64) -> i64 {
    value * 2
}

fn again(value: i64) -> i64 {
    STEPS
        .iter()
        .take(2)
        .fold(value, |value, (_, step)| step(value))
}

static PRIMES: LazyLock<Vec<u64>> = LazyLock::new(find_primes);

fn find_primes() -> Vec<u64> {
    (2..50).filter(|n| is_prime(*n)).collect()
}

fn is_prime(number: u64) -> bool {
    (2..number).all(|divisor| !number.is_multiple_of(divisor))
}

thread_local! {
    static COUNT: RefCell<Counter> = RefCell::new(Counter::start());
}

struct Counter(u64);

impl Counter {
    fn start() -> Self {
        Self(100)
    }

    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// The next number of this thread.
pub fn count() -> u64 {
    COUNT.with_borrow_mut(Counter::next)
}

/// A small prime.
pub fn prime(at: usize) -> Option<u64> {
    PRIMES.get(at).copied()
}

/// What a name stands for.
pub fn meaning(name: &str) -> Meaning {
    match name {
        "nothing" => Meaning::default(),
        name => Meaning::Word(name.to_owned()),
    }
}

/// A meaning.
#[derive(Debug, PartialEq)]
pub enum Meaning {
    /// A word.
    Word(String),
    /// A number.
    Number(u64),
}

impl Default for Meaning {
    fn default() -> Self {
        Self::Number(fallback())
    }
}

fn fallback() -> u64 {
    42
}
