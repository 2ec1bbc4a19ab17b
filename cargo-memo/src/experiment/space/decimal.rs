//! Exact decimal numbers: what is typed as `0.1` is one tenth, and three times
//! that is `0.3`.

/// A decimal number: `digits` divided by ten to the power of `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    places: u32,
}

/// More digits than this are not counted with. Twice as many still fit, so that
/// no difference of two numbers is too large.
const MOST_DIGITS: u32 = 18;

impl Decimal {
    /// `3`, `-0.25`, `1e-4`; `None`: it is no number, or it has too many digits.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let negative = number.starts_with('-');
        let number = number.strip_prefix(['+', '-']).unwrap_or(number);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + part.len() == 0 || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let digits = format!("{whole}{part}");
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Some(Self::from(0));
        }
        let places = i32::try_from(part.len()).ok()?.checked_sub(exponent)?;
        let zeros = places.min(0).unsigned_abs();
        let places = u32::try_from(places.max(0)).ok()?;
        let length = u32::try_from(digits.len()).ok()?.checked_add(zeros)?;
        if length > MOST_DIGITS || places > MOST_DIGITS {
            return None;
        }
        let digits = digits.parse::<i128>().ok()? * 10_i128.pow(zeros);
        Some(Self {
            digits: if negative { -digits } else { digits },
            places,
        })
    }

    /// Whether it was written without decimals.
    pub(super) fn is_integer(self) -> bool {
        self.places == 0
    }

    /// How many decimals it was written with.
    pub(super) fn places(self) -> u32 {
        self.places
    }

    /// How often ten to the power of minus `places` goes into it. `places` are
    /// at least its own and at most those of another number.
    pub(super) fn in_units(self, places: u32) -> i128 {
        self.digits * 10_i128.pow(places - self.places)
    }

    /// The number, without zeros at the end of its decimals.
    pub(super) fn text_of(units: i128, places: u32) -> String {
        let places = places as usize;
        let sign = if units < 0 { "-" } else { "" };
        let digits = format!("{:0>1$}", units.unsigned_abs(), places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        match part.trim_end_matches('0') {
            "" => format!("{sign}{whole}"),
            part => format!("{sign}{whole}.{part}"),
        }
    }
}

impl From<i64> for Decimal {
    fn from(integer: i64) -> Self {
        Self {
            digits: integer.into(),
            places: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number in a text, as a text again.
    fn read(text: &str) -> Option<String> {
        let number = Decimal::read(text)?;
        Some(Decimal::text_of(number.digits, number.places))
    }

    #[test]
    fn a_number_is_exactly_what_was_typed() {
        for (typed, exact) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("007", "7"),
            ("3.", "3"),
            (".5", "0.5"),
            ("+1.50", "1.5"),
            ("-0.25", "-0.25"),
            ("1e-4", "0.0001"),
            ("-2.5E3", "-2500"),
            ("1.25e1", "12.5"),
            ("999999999999999999", "999999999999999999"),
            ("0.000000000000000001", "0.000000000000000001"),
        ] {
            assert_eq!(read(typed).as_deref(), Some(exact), "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_is_not_taken_for_one() {
        for text in [
            "",
            ".",
            "-",
            "e5",
            "1e",
            "1e1.5",
            "--1",
            "1_000",
            "0x10",
            "inf",
            "NaN",
            "1 ",
            "1,5",
            "٣",
            "1000000000000000000",
            "1e18",
            "1e-19",
            "1e99999999999",
            "1e-2147483648",
            "1e2147483647",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
