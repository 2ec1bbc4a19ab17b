//! The program's end of a contestant: it carries out what a benchmark tells it, and says how
//! long that took.
//!
//! The first line that it says is `ready` and the versions of what is measured. Then each line
//! that it is told is answered by one: `ok` and numbers, which are nanoseconds unless the verb
//! says otherwise, or `failed` and why. Peers' programs are compiled with this file too, so it
//! needs nothing but the standard library.

use std::fmt::Display;
use std::io::{self, BufRead, Write};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// How often the functions of this contestant have computed.
static COMPUTED: AtomicU64 = AtomicU64::new(0);

/// What came of a line.
pub type Answer = Result<Vec<u64>, String>;

/// Carries out what it is told, one line after another: `act` is handed the words of each.
pub fn play(versions: &str, mut act: impl FnMut(&[&str]) -> Answer) {
    say(format_args!("ready {versions}"));
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let words: Vec<&str> = line.split(' ').collect();
        match act(&words) {
            Ok(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
                say(format_args!("ok {}", numbers.join(" ")));
            }
            Err(why) => say(format_args!("failed {}", why.replace('\n', " "))),
        }
    }
}

fn say(line: impl Display) {
    // Who has gone hears nothing.
    let _ = io::stdout().write_all(format!("{line}\n").as_bytes());
}

/// The number that a word is.
///
/// # Errors
///
/// It is none.
pub fn number<T: FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("{word:?} is no number"))
}

/// What `call` returns, and how long it took, in nanoseconds.
pub fn timed<T>(call: impl FnOnce() -> T) -> (T, u64) {
    let began = Instant::now();
    let value = call();
    let took = began.elapsed();
    (value, u64::try_from(took.as_nanos()).unwrap_or(u64::MAX))
}

/// Numbers one after another, each a call that is timed; after it `check` says whether it was as
/// it should be. What it returned is dropped outside the time.
///
/// # Errors
///
/// What `check` says.
pub fn each<T>(
    from: u64,
    count: u64,
    mut call: impl FnMut(u64) -> T,
    mut check: impl FnMut(u64, &T) -> Result<(), String>,
) -> Answer {
    let one = |number| {
        let (value, took) = timed(|| call(number));
        check(number, &value)?;
        Ok(took)
    };
    (from..from + count).map(one).collect()
}

/// Counts a computation.
pub fn computes() {
    COMPUTED.fetch_add(1, Ordering::Relaxed);
}

/// What `call` returns, and how often a function computed meanwhile.
pub fn computing<T>(call: impl FnOnce() -> T) -> (T, u64) {
    let before = COMPUTED.load(Ordering::Relaxed);
    let value = call();
    (value, COMPUTED.load(Ordering::Relaxed) - before)
}

/// Whether it was computed as often as expected.
///
/// # Errors
///
/// It was not.
pub fn expect(computed: u64, expected: u64) -> Result<(), String> {
    match computed == expected {
        true => Ok(()),
        false => Err(format!("was computed {computed} times, and not {expected}")),
    }
}
