//! How large a store may grow, and what goes first when it has grown larger.

use std::str::FromStr;
use std::time::Duration;

/// What goes first when entries have to go (`order`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Order {
    /// What was not used for longest. `lru`.
    #[default]
    Lru,
    /// What is soonest computed again for the space that it takes. `value`.
    Value,
}

impl Order {
    /// The word for it in settings and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lru => "lru",
            Self::Value => "value",
        }
    }
}

impl FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "lru" => Self::Lru,
            "value" => Self::Value,
            _ => return Err("lru or value".into()),
        })
    }
}

/// The size that a store keeps to unless a setting says otherwise: 10 GB.
pub const DEFAULT_MAX_SIZE: u64 = 10_000_000_000;

/// The limits of a store. What is `None` has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How much of the disk entries may take, in bytes.
    pub max_size: Option<u64>,
    /// How long an entry may go unused.
    pub max_age: Option<Duration>,
    /// How many entries there may be.
    pub max_entries: Option<u64>,
    /// What goes first.
    pub order: Order,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_size: Some(DEFAULT_MAX_SIZE),
            max_age: None,
            max_entries: None,
            order: Order::default(),
        }
    }
}

/// Reads a size such as `500MB`, `10 GB`, `2GiB` or `4096B`: a decimal number
/// and a unit.
///
/// # Errors
///
/// What is expected instead, as the end of a sentence.
pub fn parse_size(text: &str) -> Result<u64, String> {
    let bad = || "a number and a unit (B, kB, MB, GB, TB, KiB, MiB, GiB or TiB)".to_owned();
    let split = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .ok_or_else(bad)?;
    let unit: u64 = match text[split..].trim() {
        "B" => 1,
        "kB" | "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return Err(bad()),
    };
    let (whole, part) = text[..split]
        .split_once('.')
        .unwrap_or((&text[..split], "0"));
    // Nine decimals tell bytes from each other in any unit that is in use.
    if part.is_empty() || part.len() > 9 {
        return Err(bad());
    }
    let whole: u64 = whole.parse().map_err(|_| bad())?;
    let scale = 10_u128.pow(part.len() as u32);
    let part: u128 = part.parse().map_err(|_| bad())?;
    let bytes = u128::from(whole) * u128::from(unit) + part * u128::from(unit) / scale;
    u64::try_from(bytes).map_err(|_| bad())
}

/// Reads a duration such as `500ms`, `90s`, `10m`, `2h`, `7d`, `1w`.
///
/// # Errors
///
/// What is expected instead, as the end of a sentence.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let bad = || "a number and a unit (ms, s, m, h, d or w)".to_owned();
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
    let number: u64 = text[..split].parse().map_err(|_| bad())?;
    let seconds = match text[split..].trim() {
        "ms" => return Ok(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(bad()),
    };
    number
        .checked_mul(seconds)
        .map(Duration::from_secs)
        .ok_or_else(bad)
}

/// Reads a number of entries.
pub(super) fn parse_count(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "a number of entries".to_owned())
}

/// Reads a value, or a word that stands for none in particular.
pub(super) fn or_word<T>(
    text: &str,
    word: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    if text == word {
        return Ok(None);
    }
    parse(text)
        .map(Some)
        .map_err(|expected| format!("{expected}, or {word}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_want_a_unit() {
        assert_eq!(parse_duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse_duration("10 m"), Ok(Duration::from_secs(600)));
        assert_eq!(parse_duration("7d"), Ok(Duration::from_secs(604_800)));
        for bad in ["", "7", "s", "-1s", "1.5h", "1y", "99999999999999999999s"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_want_a_unit() {
        let sizes = [
            ("0B", 0),
            ("500MB", 500_000_000),
            ("10 GB", 10_000_000_000),
            ("1.5kB", 1_500),
            ("2GiB", 2 << 30),
            ("0.001GB", 1_000_000),
        ];
        for (text, bytes) in sizes {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for bad in [
            "",
            "10",
            "GB",
            "-1GB",
            "1.GB",
            ".5GB",
            "1..5GB",
            "1gb",
            "99999999TB",
        ] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_limit_can_be_lifted() {
        assert_eq!(or_word("none", "none", parse_size), Ok(None));
        assert_eq!(or_word("1kB", "none", parse_size), Ok(Some(1000)));
        assert!(
            or_word("off", "none", parse_size)
                .unwrap_err()
                .ends_with(", or none")
        );
    }
}
