//! Numbers as `Debug` prints them, and as people write them.

use std::cmp::Ordering;

/// A number, which is never NaN: that compares with nothing, and is a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// Kept apart, so that no two large seeds become the same.
    Integer(i128),
    Float(f64),
}

impl Number {
    /// `3`, `-0.5`, `1e-3`, `inf`; `None`: it is no number.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') && digits != "inf" {
            return None;
        }
        match text.parse() {
            Ok(integer) => Some(Self::Integer(integer)),
            Err(_) => text.parse().ok().map(Self::Float),
        }
    }

    /// Which is greater.
    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => one.cmp(&other),
            _ => {
                let order = self.as_float().partial_cmp(&other.as_float());
                order.unwrap_or(Ordering::Equal)
            }
        }
    }

    fn as_float(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Float(float) => float,
        }
    }
}
