//! Messages: events for the `log` facade under the target `memo`.
//!
//! A program without a logger prints nothing, unless `MEMO_LOG` asks for
//! events on stderr. Each kind of trouble is told once a process.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Write;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use log::{Level, LevelFilter};

use crate::config::Environment;

const TARGET: &str = "memo";

/// Emits one event.
pub(crate) fn emit(level: Level, message: fmt::Arguments<'_>) {
    if level <= log::max_level() {
        log::log!(target: TARGET, level, "{message}");
    } else if log::max_level() == LevelFilter::Off && level <= stderr_level() {
        // Nobody may be listening any more.
        let _ = std::io::stderr().write_all(format!("memo: {message}\n").as_bytes());
    }
}

/// Whether an event of this level would be seen by anyone.
pub(crate) fn seen(level: Level) -> bool {
    level <= log::max_level() || (log::max_level() == LevelFilter::Off && level <= stderr_level())
}

fn stderr_level() -> LevelFilter {
    static LEVEL: OnceLock<LevelFilter> = OnceLock::new();
    *LEVEL.get_or_init(|| {
        let environment = Environment::of_process();
        // Who wanted to see events and misspelt how sees at least that.
        let misspelt = environment.bad.iter().any(|bad| bad.place == "MEMO_LOG");
        let otherwise = if misspelt {
            LevelFilter::Warn
        } else {
            LevelFilter::Off
        };
        environment.values.log.unwrap_or(otherwise)
    })
}

/// Warns of trouble, the first time in this process that trouble of this
/// kind is met at this subject.
pub(crate) fn warn_once(kind: &'static str, subject: &str, message: fmt::Arguments<'_>) {
    emit_once(Level::Warn, kind, subject, message);
}

/// Tells something that need not worry anyone, once a process.
pub(crate) fn note_once(kind: &'static str, subject: &str, message: fmt::Arguments<'_>) {
    emit_once(Level::Info, kind, subject, message);
}

fn emit_once(level: Level, kind: &'static str, subject: &str, message: fmt::Arguments<'_>) {
    static TOLD: Mutex<BTreeSet<(&'static str, String)>> = Mutex::new(BTreeSet::new());
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if told.insert((kind, subject.to_owned())) {
        drop(told);
        emit(level, message);
    }
}

/// A duration for people: `4.812 s`, `71 ms`, `12 µs`.
pub(crate) struct Human(pub(crate) Duration);

impl fmt::Display for Human {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.0.as_micros();
        match micros {
            0..1_000 => write!(f, "{micros} µs"),
            1_000..1_000_000 => write!(f, "{} ms", micros / 1_000),
            _ => write!(f, "{:.3} s", self.0.as_secs_f64()),
        }
    }
}

/// A size for people: `211.0 MB`.
pub(crate) struct Bytes(pub(crate) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = ["kB", "MB", "GB", "TB"];
        let mut size = self.0 as f64;
        let mut unit = "B";
        for larger in units {
            if size < 1000.0 {
                break;
            }
            size /= 1000.0;
            unit = larger;
        }
        if unit == "B" {
            write!(f, "{} B", self.0)
        } else {
            write!(f, "{size:.1} {unit}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_have_units() {
        assert_eq!(Human(Duration::from_nanos(12_345)).to_string(), "12 µs");
        assert_eq!(Human(Duration::from_micros(71_900)).to_string(), "71 ms");
        assert_eq!(Human(Duration::from_millis(4812)).to_string(), "4.812 s");
        assert_eq!(Bytes(999).to_string(), "999 B");
        assert_eq!(Bytes(210_845_136).to_string(), "210.8 MB");
    }
}
