//! The crate `cached` with its disk store, redb, as a contestant. Its results are in the directory
//! that `XDG_CACHE_HOME` names.
//!
//! With the word `lax` it does not sync what it writes. Results are then lost when the process is
//! killed, as ours are not, until they are flushed, which is done when it ends.

#[path = "../../../src/bench/stage.rs"]
mod stage;
#[path = "../../../src/bench/workload.rs"]
mod workload;

use std::cell::Cell;

use cached::macros::concurrent_cached;
use cached::{ConcurrentCached, RedbCache};
use serde::Serialize;
use serde::de::DeserializeOwned;

use stage::{Answer, computing, each, expect, number, timed};
use workload::{SCALE, check_words};

thread_local! {
    /// What the large function returns when it is called next.
    static PREPARED: Cell<Vec<u64>> = const { Cell::new(Vec::new()) };
}

#[concurrent_cached(
    ty = "RedbCache<String, Vec<f64>>",
    create = r#"{ store("small") }"#,
    key = "String",
    convert = r#"{ format!("{number},{scale}") }"#,
    map_error = |error| error.to_string()
)]
fn small(number: u64, scale: f64) -> Result<Vec<f64>, String> {
    stage::computes();
    Ok(workload::small(number, scale))
}

#[concurrent_cached(
    ty = "RedbCache<String, Vec<u64>>",
    create = r#"{ store("words") }"#,
    key = "String",
    convert = r#"{ words_key(len, number) }"#,
    map_error = |error| error.to_string()
)]
fn words(len: u64, number: u64) -> Result<Vec<u64>, String> {
    stage::computes();
    let _ = (len, number);
    Ok(PREPARED.take())
}

/// Where results of a function are kept, synced as by default unless told otherwise.
fn store<T: Serialize + DeserializeOwned>(name: &str) -> RedbCache<String, T> {
    let lax = std::env::args().any(|word| word == "lax");
    let store = RedbCache::builder(name).durable(!lax);
    store.build().expect("a store")
}

fn words_key(len: u64, number: u64) -> String {
    format!("{len},{number}")
}

fn main() {
    let lock = include_str!("../Cargo.lock");
    let version = |name: &str| {
        let after = lock
            .split(&format!("name = \"{name}\"\nversion = \""))
            .nth(1);
        after.and_then(|text| text.split('"').next()).unwrap_or("?")
    };
    let versions = format!("cached {}, redb {}", version("cached"), version("redb"));
    stage::play(&versions, act);
    let _ = SMALL.flush();
    let _ = WORDS.flush();
}

fn act(line: &[&str]) -> Answer {
    match line {
        ["hit", from, count] => calls(number(from)?, number(count)?, 0),
        ["miss", from, count] => calls(number(from)?, number(count)?, 1),
        ["again", of, count] => again(number(of)?, number(count)?),
        ["keep", "words", len, from, count] => {
            large(number(len)?, number(from)?, number(count)?, 1)
        }
        ["load", "words", len, from, count] => {
            large(number(len)?, number(from)?, number(count)?, 0)
        }
        ["forget", "words", len, of] => {
            let key = words_key(number(len)?, number(of)?);
            let removed = WORDS.cache_remove(&key);
            removed
                .map(|_| Vec::new())
                .map_err(|error| error.to_string())
        }
        _ => Err(format!("what is {line:?}?")),
    }
}

fn calls(from: u64, count: u64, computations: u64) -> Answer {
    let call = |number| computing(|| small(number, SCALE));
    each(from, count, call, |number, (value, computed)| {
        expect(*computed, computations)?;
        match value.as_ref()? == &workload::small(number, SCALE) {
            true => Ok(()),
            false => Err("a wrong value".to_owned()),
        }
    })
}

/// The mean of so many hits.
fn again(number: u64, count: u64) -> Answer {
    let ((done, computed), took) = timed(|| {
        computing(|| {
            (0..count).try_for_each(|_| {
                std::hint::black_box(small(number, SCALE)?);
                Ok::<_, String>(())
            })
        })
    });
    done?;
    expect(computed, 0)?;
    Ok(vec![took / count])
}

fn large(len: u64, from: u64, count: u64, computations: u64) -> Answer {
    let mut times = Vec::new();
    for number in from..from + count {
        if computations > 0 {
            PREPARED.set(workload::words(len, number));
        }
        let ((value, computed), took) = timed(|| computing(|| words(len, number)));
        expect(computed, computations)?;
        check_words(&value?, len, number)?;
        times.push(took);
    }
    Ok(times)
}
