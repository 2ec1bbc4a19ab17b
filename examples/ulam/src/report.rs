//! The line that each call prints: what was called, what came of it, how long it took.

use std::{
    io::{self, Write},
    time::Duration,
};

use memo_runtime::{Fetched, Outcome};

/// Prints aligned lines.
pub(crate) struct Report<'a, W> {
    out: &'a mut W,
    width: usize,
}

impl<'a, W: Write> Report<'a, W> {
    /// A report whose lines align as long as no call is written longer than `width` characters.
    pub(crate) fn new(out: &'a mut W, width: usize) -> Self {
        Self { out, width }
    }

    /// Prints what came of a call that has found so many primes.
    pub(crate) fn line<T>(
        &mut self,
        call: &str,
        fetched: &Fetched<T>,
        primes: u64,
    ) -> io::Result<()> {
        let line = line(call, self.width, &fetched.outcome, fetched.duration, primes);
        writeln!(self.out, "{line}")
    }
}

fn line(call: &str, width: usize, outcome: &Outcome, duration: Duration, primes: u64) -> String {
    let outcome = outcome.to_string();
    let duration = seconds(duration);
    let noun = if primes == 1 { "prime" } else { "primes" };
    format!("{call:width$}  {outcome:9}  {duration:>9}  {primes} {noun}")
}

/// Seconds to the millisecond, in a smaller unit where they would show a single digit.
fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds >= 0.01 {
        format!("{seconds:.3} s")
    } else if seconds >= 0.001 {
        format!("{:.3} ms", seconds * 1e3)
    } else {
        format!("{:.0} µs", seconds * 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_align() {
        let micros = Duration::from_micros;
        assert_eq!(
            [
                line(
                    "sieve(1, 99)",
                    12,
                    &Outcome::Computed,
                    micros(4_812_345),
                    25
                ),
                line("spiral(2)", 12, &Outcome::Hit, micros(71), 1),
            ],
            [
                "sieve(1, 99)  computed     4.812 s  25 primes",
                "spiral(2)     hit            71 µs  1 prime",
            ]
        );
    }

    #[test]
    fn short_durations_are_shown_in_small_units() {
        for (micros, shown) in [
            (123_456_789, "123.457 s"),
            (71_000, "0.071 s"),
            (10_000, "0.010 s"),
            (9_999, "9.999 ms"),
            (1_000, "1.000 ms"),
            (812, "812 µs"),
            (3, "3 µs"),
        ] {
            assert_eq!(seconds(Duration::from_micros(micros)), shown);
        }
    }
}
