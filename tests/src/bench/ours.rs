//! Memoized functions, as a contestant. The store is the one that `MEMO_DIR` names.

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use memo_runtime::{Fetched, MappedVec, Outcome, call, memo};
use rustix::time::{ClockId, clock_gettime};

use super::stage::{self, Answer, computing, each, expect, number, timed};
use super::workload::{self, SCALE, check_words};

/// How long a computation takes that several processes want at once.
pub const COMPUTATION: Duration = Duration::from_millis(50);

thread_local! {
    /// What the large functions return when they are called next.
    static PREPARED: Cell<Vec<u64>> = const { Cell::new(Vec::new()) };
    /// When the function that several processes want has computed it.
    static ENDED: Cell<u64> = const { Cell::new(0) };
}

#[memo]
fn small(number: u64, scale: f64) -> Vec<f64> {
    stage::computes();
    workload::small(number, scale)
}

#[memo]
fn words(len: u64, number: u64) -> Vec<u64> {
    stage::computes();
    let _ = (len, number);
    PREPARED.take()
}

#[memo]
fn mapped(len: u64, number: u64) -> MappedVec<u64> {
    stage::computes();
    let _ = (len, number);
    PREPARED.take().into()
}

#[memo]
fn bytes(len: u64, number: u64) -> Vec<u8> {
    stage::computes();
    let _ = number;
    vec![0; usize::try_from(len).expect("a length")]
}

#[memo]
fn total(values: &[u64]) -> u64 {
    stage::computes();
    values.iter().fold(0, |total, value| total ^ value)
}

#[memo]
fn wanted(key: u64) -> u64 {
    thread::sleep(COMPUTATION);
    ENDED.set(now());
    key
}

/// What has a benchmark be this contestant.
pub(super) const WORD: &str = "--compete-ours";

/// The command that starts this program as a contestant, which keeps its results in `store`.
///
/// # Panics
///
/// When the program does not know where it is.
pub fn command(store: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MEMO") {
            command.env_remove(name);
        }
    }
    command.arg(WORD).env("MEMO_DIR", store);
    command
}

/// Carries out what it is told until there is nothing more.
pub(super) fn serve() {
    let mut argument = Vec::new();
    stage::play(
        &format!("memo-runtime {}", env!("CARGO_PKG_VERSION")),
        |words| act(words, &mut argument),
    );
}

fn act(line: &[&str], argument: &mut Vec<u64>) -> Answer {
    match line {
        ["hit", from, count] => calls(number(from)?, number(count)?, 0),
        ["miss", from, count] => calls(number(from)?, number(count)?, 1),
        ["again", of, count] => again(number(of)?, number(count)?),
        ["keep", kind, len, from, count] => {
            large(kind, number(len)?, number(from)?, number(count)?, 1)
        }
        ["load", kind, len, from, count] => {
            large(kind, number(len)?, number(from)?, number(count)?, 0)
        }
        ["forget", "words", len, of] => {
            call!(words(number(len)?, number(of)?)).forget();
            Ok(Vec::new())
        }
        ["argument", len] => {
            *argument = workload::words(number(len)?, 0);
            total(argument);
            Ok(Vec::new())
        }
        ["hash"] => each(
            0,
            1,
            |_| computing(|| total(argument)),
            |_, hit| expect(hit.1, 0),
        ),
        ["at", at, rest @ ..] => {
            sleep_until(number(at)?);
            act(rest, argument)?;
            Ok(vec![now()])
        }
        ["wanted", key, at] => shared(number(key)?, number(at)?),
        _ => Err(format!("what is {line:?}?")),
    }
}

fn calls(from: u64, count: u64, computations: u64) -> Answer {
    let call = |number| computing(|| small(number, SCALE));
    each(from, count, call, |number, (value, computed)| {
        expect(*computed, computations)?;
        match *value == workload::small(number, SCALE) {
            true => Ok(()),
            false => Err("a wrong value".to_owned()),
        }
    })
}

/// The mean of so many hits.
fn again(number: u64, count: u64) -> Answer {
    let (((), computed), took) = timed(|| {
        computing(|| {
            for _ in 0..count {
                std::hint::black_box(small(number, SCALE));
            }
        })
    });
    expect(computed, 0)?;
    Ok(vec![took / count])
}

fn large(kind: &str, len: u64, from: u64, count: u64, computations: u64) -> Answer {
    let one = |number| {
        if computations > 0 && kind != "bytes" {
            PREPARED.set(workload::words(len, number));
        }
        let check = |value: &[u64]| check_words(value, len, number);
        match kind {
            "words" => calling(|| words(len, number), |value| check(value), computations),
            "mapped" => calling(|| mapped(len, number), |value| check(value), computations),
            "bytes" => calling(
                || bytes(len, number),
                |value| match value.len() as u64 == len {
                    true => Ok(()),
                    false => Err("a wrong value".to_owned()),
                },
                computations,
            ),
            _ => Err(format!("what is {kind:?}?")),
        }
    };
    (from..from + count).map(one).collect()
}

/// How long the call takes, if it computes so often and its value passes.
fn calling<T>(
    call: impl FnOnce() -> T,
    check: impl FnOnce(&T) -> Result<(), String>,
    computations: u64,
) -> Result<u64, String> {
    let ((value, computed), took) = timed(|| computing(call));
    expect(computed, computations)?;
    check(&value)?;
    Ok(took)
}

/// Calls the function that others call too at that time: when it was computed, or 0 if it was not
/// computed here; and when its value was there.
fn shared(key: u64, at: u64) -> Answer {
    ENDED.set(0);
    sleep_until(at);
    let Fetched { outcome, .. } = call!(wanted(key)).fetch();
    let returned = now();
    match (outcome, ENDED.get()) {
        (Outcome::Hit, 1..) => Err("a hit was computed".to_owned()),
        (_, ended) => Ok(vec![ended, returned]),
    }
}

/// The monotonic clock, which is the same in all processes, in nanoseconds.
pub fn now() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let nanos = i128::from(now.tv_sec) * 1_000_000_000 + i128::from(now.tv_nsec);
    u64::try_from(nanos).expect("a time")
}

/// Sleeps until the monotonic clock says so.
pub fn sleep_until(at: u64) {
    thread::sleep(Duration::from_nanos(at.saturating_sub(now())));
}
