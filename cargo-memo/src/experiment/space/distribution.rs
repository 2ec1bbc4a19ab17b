//! Numbers that are drawn: `uniform(0,1)`, `log(1e-4,1e-1)`.
//!
//! What must hold: a number is between both ends, and its text does not depend
//! on how a machine rounds, so that it has six significant digits.

use crate::render::number;

/// Where numbers are drawn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Distribution {
    scale: Scale,
    low: f64,
    high: f64,
}

/// What is as likely as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    /// Two stretches of one length.
    Uniform,
    /// Two stretches of one ratio.
    Log,
}

impl Distribution {
    /// Reads `uniform(a,b)` or `log(a,b)`; `None`: the text is of another form.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as the end of a sentence.
    pub(super) fn read(text: &str) -> Option<Result<Self, String>> {
        let (name, rest) = text.split_once('(')?;
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return None;
        }
        Some(Self::from_name(name, rest))
    }

    fn from_name(name: &str, rest: &str) -> Result<Self, String> {
        let scale = match name {
            "uniform" => Scale::Uniform,
            "log" => Scale::Log,
            _ => {
                return Err(format!(
                    "`{name}(` begins nothing that is known: numbers are drawn by uniform(a,b) \
                     and log(a,b), and a text with a parenthesis stands in quotation marks"
                ));
            }
        };
        let ends = rest.strip_suffix(')').and_then(|ends| ends.split_once(','));
        let number = |text: &str| {
            text.trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
        };
        let ends = ends.and_then(|(low, high)| Some((number(low)?, number(high)?)));
        let Some((low, high)) = ends else {
            return Err(format!("{name}(a,b) takes two numbers, and stands alone"));
        };
        if low >= high || !(high - low).is_finite() {
            return Err(format!(
                "the first number of {name}(a,b) is to be the smaller one"
            ));
        }
        if scale == Scale::Log && low <= 0.0 {
            return Err("both numbers of log(a,b) are to be greater than 0".to_owned());
        }
        Ok(Self { scale, low, high })
    }

    /// The number that random bits stand for.
    pub(super) fn number(&self, bits: u64) -> String {
        // As many bits as are exact: at least 0 and less than 1.
        let part = (bits >> 11) as f64 / (1_u64 << 53) as f64;
        let exact = match self.scale {
            Scale::Uniform => self.low + part * (self.high - self.low),
            Scale::Log => (self.low.ln() + part * (self.high.ln() - self.low.ln())).exp(),
        };
        let rounded = format!("{exact:.5e}").parse().unwrap_or(exact);
        number(rounded.clamp(self.low, self.high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Distribution {
        Distribution::read(text).unwrap().unwrap()
    }

    #[test]
    fn numbers_go_from_one_end_to_the_other() {
        const HALF: u64 = 1 << 63;
        for (text, least, middle, most) in [
            ("uniform(0,1)", "0", "0.5", "1"),
            ("uniform(-1, 3)", "-1", "1", "3"),
            ("uniform(1e-9,2e-9)", "1e-9", "1.5e-9", "2e-9"),
            ("uniform(0,250000)", "0", "125000", "250000"),
            ("log(1e-4,1e-2)", "0.0001", "0.001", "0.01"),
            ("log(1,1000000)", "1", "1000", "1000000"),
            // Rounding alone would lead out.
            (
                "uniform(1.234567,1.2345679)",
                "1.2345679",
                "1.2345679",
                "1.2345679",
            ),
            (
                "uniform(1.234561,1.2345619)",
                "1.234561",
                "1.234561",
                "1.234561",
            ),
        ] {
            let numbers = [0, HALF, u64::MAX].map(|bits| read(text).number(bits));
            assert_eq!(numbers, [least, middle, most], "{text}");
        }
    }

    #[test]
    fn six_digits_are_enough() {
        assert_eq!(read("uniform(0,1)").number(u64::MAX / 3), "0.333333");
        assert_eq!(read("uniform(0,1e9)").number(u64::MAX / 3), "333333000");
        assert_eq!(read("log(1e-7,1e-5)").number(u64::MAX / 3), "4.64159e-7");
    }

    #[test]
    fn what_has_no_name_and_parenthesis_is_none() {
        for text in ["", "0.1", "uniform", "(0,1)", "{\"f\":g(1)}", "a b(1)"] {
            assert_eq!(Distribution::read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_with_it_is_said() {
        for (text, problem) in [
            ("log(1,2", "log(a,b) takes two numbers, and stands alone"),
            ("log(1)", "log(a,b) takes two numbers, and stands alone"),
            (
                "uniform(a,b)",
                "uniform(a,b) takes two numbers, and stands alone",
            ),
            (
                "uniform(0,inf)",
                "uniform(a,b) takes two numbers, and stands alone",
            ),
            (
                "uniform(0,1,2)",
                "uniform(a,b) takes two numbers, and stands alone",
            ),
            (
                "uniform(0,1),2",
                "uniform(a,b) takes two numbers, and stands alone",
            ),
            (
                "uniform(1,1)",
                "the first number of uniform(a,b) is to be the smaller one",
            ),
            (
                "log(0.1,0.01)",
                "the first number of log(a,b) is to be the smaller one",
            ),
            (
                "uniform(-1.7e308,1.7e308)",
                "the first number of uniform(a,b) is to be the smaller one",
            ),
            (
                "log(0,1)",
                "both numbers of log(a,b) are to be greater than 0",
            ),
            (
                "normal(0,1)",
                "`normal(` begins nothing that is known: numbers are drawn by uniform(a,b) and \
                 log(a,b), and a text with a parenthesis stands in quotation marks",
            ),
        ] {
            assert_eq!(
                Distribution::read(text),
                Some(Err(problem.to_owned())),
                "{text}"
            );
        }
    }
}
