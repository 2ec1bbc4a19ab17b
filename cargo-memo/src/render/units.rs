//! Numbers with units, for people.

use std::time::Duration;

/// A size: `512 B`, `4.1 kB`, `211.0 MB`.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut number = bytes as f64 / 1000.0;
    let mut unit = 0;
    // From here on one decimal would round up to the next unit.
    while number >= 999.95 {
        number /= 1000.0;
        unit += 1;
    }
    format!("{number:.1} {}", UNITS[unit])
}

/// A duration, given in nanoseconds: `12 µs`, `71 ms`, `4.8 s`,
/// `2 min 05 s`, `3 h 20 min`, `2 d 4 h`.
pub(crate) fn duration(nanos: u64) -> String {
    const MICRO: u64 = 1_000;
    const MILLI: u64 = 1_000_000;
    const SECOND: u64 = 1_000_000_000;
    match nanos {
        0 => "0 s".to_owned(),
        1..MICRO => format!("{nanos} ns"),
        MICRO..MILLI => format!("{} µs", nanos / MICRO),
        MILLI..SECOND => format!("{} ms", nanos / MILLI),
        _ if nanos < 60 * SECOND => {
            let tenths = nanos / (SECOND / 10);
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        _ => long_duration(nanos / SECOND),
    }
}

/// A duration as [`duration`] has it.
pub(crate) fn span(duration: Duration) -> String {
    self::duration(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
}

fn long_duration(seconds: u64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    if hours >= 24 {
        format!("{} d {} h", hours / 24, hours % 24)
    } else if hours > 0 {
        format!("{hours} h {:02} min", minutes % 60)
    } else {
        format!("{minutes} min {:02} s", seconds % 60)
    }
}

/// A duration given in nanoseconds, in seconds, for programs.
pub(crate) fn seconds(nanos: u64) -> f64 {
    Duration::from_nanos(nanos).as_secs_f64()
}

/// A measured number, exactly: `0.31`, `100`, `1e-7`, `NaN`.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size.is_finite() && !(1e-5..1e15).contains(&size) => format!("{value:e}"),
        _ => format!("{value}"),
    }
}

/// A measured number, to six digits.
pub(crate) fn rounded(value: f64) -> String {
    // What was just written is a number.
    number(format!("{value:.5e}").parse().unwrap_or(value))
}

/// A number of things: `1 entry`, `26,355,867 entries`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_as_short_as_it_can_be_without_loss() {
        for (value, text, short) in [
            (0.31, "0.31", "0.31"),
            (100.0, "100", "100"),
            (-0.0, "0", "0"),
            (1.0 / 3.0, "0.3333333333333333", "0.333333"),
            (1_234_567.25, "1234567.25", "1234570"),
            (-2.5e-7, "-2.5e-7", "-2.5e-7"),
            (1e15, "1e15", "1e15"),
            (f64::MAX, "1.7976931348623157e308", "1.79769e308"),
            (f64::NAN, "NaN", "NaN"),
            (f64::NEG_INFINITY, "-inf", "-inf"),
        ] {
            assert_eq!(number(value), text);
            assert_eq!(rounded(value), short);
            assert!(value.is_nan() || number(value).parse() == Ok(value));
        }
    }

    #[test]
    fn sizes_have_one_decimal_and_the_fitting_unit() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (210_962_000, "211.0 MB"),
            (u64::MAX, "18.4 EB"),
        ];
        for (bytes, shown) in cases {
            assert_eq!(size(bytes), shown);
        }
    }

    #[test]
    fn durations_never_claim_more_than_there_was() {
        let cases = [
            (0, "0 s"),
            (999, "999 ns"),
            (12_345, "12 µs"),
            (71_999_999, "71 ms"),
            (999_999_999, "999 ms"),
            (4_812_000_000, "4.8 s"),
            (59_999_999_999, "59.9 s"),
            (125_000_000_000, "2 min 05 s"),
            (12_000_000_000_000, "3 h 20 min"),
            (187_200_000_000_000, "2 d 4 h"),
        ];
        for (nanos, shown) in cases {
            assert_eq!(duration(nanos), shown);
        }
    }

    #[test]
    fn counts_are_grouped_and_agree_with_their_noun() {
        assert_eq!(count(0, "hit", "hits"), "0 hits");
        assert_eq!(count(1, "entry", "entries"), "1 entry");
        assert_eq!(count(999, "hit", "hits"), "999 hits");
        assert_eq!(count(26_355_867, "hit", "hits"), "26,355,867 hits");
    }
}
