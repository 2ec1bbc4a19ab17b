//! Numbers at equal distances: `0..10`, `2..=4`, `0..100:10`,
//! `0.1..=0.5:0.1`, `10..=0:-5`.

use super::decimal::Decimal;

/// Numbers at equal distances, exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    first: i128,
    step: i128,
    length: u64,
    /// The decimals that `first` and `step` count in.
    places: u32,
}

impl Range {
    /// Reads a range; `None`: the text is none, for it does not begin with a
    /// number and two points.
    ///
    /// # Errors
    ///
    /// It begins like a range; what is wrong with it, as the end of a sentence.
    pub(super) fn read(text: &str) -> Option<Result<Self, String>> {
        let (first, rest) = text.split_once("..")?;
        let first = Decimal::read(first)?;
        Some(Self::from_first(first, rest))
    }

    fn from_first(first: Decimal, rest: &str) -> Result<Self, String> {
        let (rest, closed) = match rest.strip_prefix('=') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (end, step) = match rest.split_once(':') {
            Some((end, step)) => (end, Some(step)),
            None => (rest, None),
        };
        let number = |text: &str, what: &str| {
            Decimal::read(text).ok_or_else(|| match text {
                "" => format!("it has no {what}"),
                _ => format!("its {what} `{text}` is no number of at most 18 digits"),
            })
        };
        let end = number(end, "end")?;
        let step = match step {
            Some(step) => number(step, "step")?,
            None if first.is_integer() && end.is_integer() => Decimal::from(1),
            None => return Err("a range of decimals needs a step, as 0.1..=0.5:0.1".to_owned()),
        };
        Self::new(first, end, closed, step)
    }

    fn new(first: Decimal, end: Decimal, closed: bool, step: Decimal) -> Result<Self, String> {
        let places = first.places().max(end.places()).max(step.places());
        let [first, end, step] = [first, end, step].map(|number| number.in_units(places));
        let way = end - first;
        if step == 0 {
            return Err("its step is 0".to_owned());
        }
        if way != 0 && way.signum() != step.signum() {
            return Err(match step > 0 {
                true => "it counts down, which needs a step, as 10..0:-1".to_owned(),
                false => "its step leads away from its end".to_owned(),
            });
        }
        let (way, stride) = (way.unsigned_abs(), step.unsigned_abs());
        let length = match closed {
            true => way / stride + 1,
            false => way.div_ceil(stride),
        };
        if length == 0 {
            return Err("it is empty".to_owned());
        }
        let length = u64::try_from(length).map_err(|_| "it has too many values".to_owned())?;
        Ok(Self {
            first,
            step,
            length,
            places,
        })
    }

    /// How many numbers there are: at least one.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The number at a position below the length.
    pub(super) fn at(&self, position: u64) -> String {
        Decimal::text_of(self.first + i128::from(position) * self.step, self.places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Result<Vec<String>, String>> {
        let numbers = |range: Range| (0..range.length()).map(|at| range.at(at)).collect();
        Some(Range::read(text)?.map(numbers))
    }

    #[test]
    fn a_range_is_exact() {
        for (text, numbers) in [
            ("0..3", "0 1 2"),
            ("2..=4", "2 3 4"),
            ("5..=5", "5"),
            ("-2..2", "-2 -1 0 1"),
            ("0..100:40", "0 40 80"),
            ("0..=80:40", "0 40 80"),
            ("0..=79:40", "0 40"),
            ("3..0:-1", "3 2 1"),
            ("10..=0:-5", "10 5 0"),
            ("1..1.1:0.05", "1 1.05"),
            ("0.1..=0.5:0.1", "0.1 0.2 0.3 0.4 0.5"),
            ("0.1..0.5:0.1", "0.1 0.2 0.3 0.4"),
            ("0.5..=-0.5:-0.25", "0.5 0.25 0 -0.25 -0.5"),
            ("1e-3..=3e-3:1e-3", "0.001 0.002 0.003"),
            ("0..1e3:250", "0 250 500 750"),
        ] {
            let numbers = numbers.split(' ').map(str::to_owned).collect();
            assert_eq!(read(text), Some(Ok(numbers)), "{text}");
        }
    }

    #[test]
    fn what_begins_otherwise_is_no_range() {
        for text in [
            "",
            "3",
            "..",
            "..5",
            "../data",
            "a..b",
            "2026-01-01..x",
            "v1..v2",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_range_is_said() {
        for (text, problem) in [
            ("1..", "it has no end"),
            ("1..=", "it has no end"),
            ("1..x", "its end `x` is no number of at most 18 digits"),
            (
                "1..2..3",
                "its end `2..3` is no number of at most 18 digits",
            ),
            (
                "0..1e20",
                "its end `1e20` is no number of at most 18 digits",
            ),
            ("0..9:", "it has no step"),
            (
                "0..9:2:3",
                "its step `2:3` is no number of at most 18 digits",
            ),
            ("0..9:0", "its step is 0"),
            ("5..5", "it is empty"),
            ("10..0", "it counts down, which needs a step, as 10..0:-1"),
            ("0..10:-1", "its step leads away from its end"),
            (
                "0..1.5",
                "a range of decimals needs a step, as 0.1..=0.5:0.1",
            ),
            ("0..999999999999999999:1e-18", "it has too many values"),
        ] {
            assert_eq!(read(text), Some(Err(problem.to_owned())), "{text}");
        }
    }

    #[test]
    fn as_many_numbers_as_can_be_counted_are() {
        let range = Range::read("0..=999999999999999999").unwrap().unwrap();
        assert_eq!(range.length(), 1_000_000_000_000_000_000);
        assert_eq!(range.at(range.length() - 1), "999999999999999999");
    }
}
