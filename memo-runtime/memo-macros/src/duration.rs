//! Lifetimes of entries as people write them: `7d`, `1d12h`, `90s`.
//!
//! A duration is one or more whole numbers, each with a unit of `s`, `m`, `h`, `d` or `w`; it is
//! longer than nothing and fits in `u64` seconds.

/// The seconds that `text` stands for, or what is wrong with it.
pub(crate) fn seconds(text: &str) -> Result<u64, String> {
    let mut total = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest
            .find(|letter: char| !letter.is_ascii_digit())
            .ok_or_else(|| format!("`{rest}` needs a unit: one of s, m, h, d, w, as in \"7d\""))?;
        if digits == 0 {
            return Err(format!(
                "`{rest}` should begin with a whole number, as in \"7d\""
            ));
        }
        let (number, tail) = rest.split_at(digits);
        let (unit, tail) = tail.split_at(tail.chars().next().map_or(0, char::len_utf8));
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 60 * 60,
            "d" => 24 * 60 * 60,
            "w" => 7 * 24 * 60 * 60,
            _ => return Err(format!("unknown unit `{unit}`: use one of s, m, h, d, w")),
        };
        total = number
            .parse::<u64>()
            .ok()
            .and_then(|number| number.checked_mul(unit))
            .and_then(|part| part.checked_add(total))
            .ok_or_else(|| format!("`{text}` is longer than can be counted"))?;
        rest = tail;
    }
    match total {
        0 => Err(
            "an entry that expires at once is never used: give a longer time, as in \"7d\""
                .to_owned(),
        ),
        total => Ok(total),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn each_unit_counts_its_seconds() {
        let expected = [
            ("1s", 1),
            ("1m", 60),
            ("1h", 3600),
            ("1d", 86_400),
            ("1w", 604_800),
        ];
        for (text, count) in expected {
            assert_eq!(seconds(text), Ok(count), "{text}");
        }
    }

    #[test]
    fn several_units_add_up() {
        assert_eq!(seconds("1d12h"), Ok(36 * 3600));
        assert_eq!(seconds("2w3d4h5m6s"), Ok(1_483_506));
    }

    #[test]
    fn what_is_not_a_duration_is_refused_with_the_reason() {
        for (text, reason) in [
            ("", "expires at once"),
            ("0s", "expires at once"),
            ("30", "needs a unit"),
            ("1d30", "needs a unit"),
            ("d", "begin with a whole number"),
            ("-1d", "begin with a whole number"),
            ("1y", "unknown unit `y`"),
            ("1 d", "unknown unit ` `"),
            ("1µ", "unknown unit `µ`"),
            ("99999999999999999999s", "longer than can be counted"),
            ("18446744073709551615w", "longer than can be counted"),
        ] {
            let message = seconds(text).expect_err(text);
            assert!(message.contains(reason), "{text}: {message}");
        }
    }
}
