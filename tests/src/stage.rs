//! What a program in `src/bin` does on the words of a test: the other end of [`crate::Actor`].

use std::fmt::{Debug, Display};
use std::io::{self, BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use memo_runtime::Fetched;

use crate::ledger;

/// Says a line to the test.
pub fn say(line: impl Display) {
    // A test that has ended hears nothing.
    let _ = io::stdout().write_all(format!("{line}\n").as_bytes());
}

/// The next line that the test tells; `None` if it has nothing more to tell.
pub fn hear() -> Option<String> {
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(1..) => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

/// Carries out what the test tells, one line after another: `act` is handed the words of each.
///
/// # Panics
///
/// As `act` does.
pub fn play(mut act: impl FnMut(&[&str])) {
    say("ready");
    while let Some(line) = hear() {
        act(&line.split(' ').collect::<Vec<_>>());
    }
}

/// A computation of `key` that the test directs: it says `began`, and ends as it is told, with
/// `finish`, `fail` (an `Err`) or `panic`.
///
/// # Errors
///
/// When it is told to fail.
///
/// # Panics
///
/// When it is told to panic, or anything unknown.
pub fn directed<R>(key: impl Display, compute: impl FnOnce() -> R) -> Result<R, String> {
    ledger::computation(key, || {
        say("began");
        match hear().as_deref() {
            Some("finish") => Ok(compute()),
            Some("fail") => Err("told to fail".to_owned()),
            Some("panic") => panic!("told to panic"),
            other => panic!("told {other:?} in a computation"),
        }
    })
}

/// Makes a call and says what came of it: `calling`, then the outcome and the value, or `panicked`.
pub fn announce<R: Debug>(call: impl FnOnce() -> Fetched<R>) {
    say("calling");
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Fetched { value, outcome, .. }) => say(format_args!("{outcome} {value:?}")),
        Err(_) => say("panicked"),
    }
}
