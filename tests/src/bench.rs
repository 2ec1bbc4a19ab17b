//! What benchmarks share that set programs against each other.
//!
//! - [`peer`]: the programs that we are compared with, installed once.
//! - [`Contestant`]: a program that carries out what a benchmark tells it, and times itself, so
//!   that several can take turns; [`stage`] is its own end, [`workload`] what all are to keep.
//! - [`ours`]: memoized functions as such a program; [`raw`]: the system calls that nobody can do
//!   without.
//! - [`machine`]: what it ran on.

mod contestant;
pub mod machine;
pub mod ours;
pub mod peer;
pub mod raw;
pub mod stage;
pub mod workload;

pub use contestant::Contestant;

/// Competes, if this process is a contestant: see [`ours::command`] and [`raw::command`]. Whoever
/// starts such asks first thing, and ends then.
pub fn compete_if_told() -> bool {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    match words.as_slice() {
        [word] if word == ours::WORD => ours::serve(),
        [word, dir] if word == raw::WORD => raw::serve(dir.as_ref()),
        _ => return false,
    }
    true
}

/// The middle one, or the mean of the two in the middle.
///
/// # Panics
///
/// When there is none.
pub fn median(mut values: Vec<f64>) -> f64 {
    assert!(!values.is_empty(), "a median of nothing");
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    f64::midpoint(values[(values.len() - 1) / 2], values[half])
}

/// A time for people, with three digits.
pub fn human_seconds(seconds: f64) -> String {
    let (value, unit) = match seconds {
        1.0.. => (seconds, "s"),
        1e-3.. => (seconds * 1e3, "ms"),
        1e-6.. => (seconds * 1e6, "µs"),
        _ => (seconds * 1e9, "ns"),
    };
    let digits = if value < 9.995 {
        2
    } else {
        usize::from(value < 99.95)
    };
    format!("{value:.digits$} {unit}")
}
