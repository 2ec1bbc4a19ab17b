//! Conversions that no name mentions.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::num::ParseIntError;
use core::str::FromStr;

use crate::Length;

/// What is no length.
#[derive(Debug)]
pub enum ParseLengthError {
    /// The number is none.
    Number(ParseIntError),
    /// The unit is unknown.
    Unit(String),
}

impl From<ParseIntError> for ParseLengthError {
    fn from(error: ParseIntError) -> Self {
        Self::Number(error)
    }
}

impl fmt::Display for ParseLengthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(_) => f.write_str("no number"),
            Self::Unit(unit) => write!(f, "unknown unit `{unit}`"),
        }
    }
}

impl core::error::Error for ParseLengthError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Number(error) => Some(error),
            Self::Unit(_) => None,
        }
    }
}

impl FromStr for Length {
    type Err = ParseLengthError;

    fn from_str(text: &str) -> Result<Self, ParseLengthError> {
        let (number, unit) = text.split_once(' ').unwrap_or((text, "mm"));
        let value: i64 = number.parse()?;
        match unit {
            "mm" => Ok(Self::millimetres(value)),
            "m" => Ok(Self::metres(value)),
            unit => Err(ParseLengthError::Unit(unit.to_owned())),
        }
    }
}

impl From<Length> for f64 {
    fn from(length: Length) -> Self {
        length.get() as Self / 1000.0
    }
}

/// Reads a length of any source.
pub fn read(source: impl AsRef<str>) -> Result<Length, ParseLengthError> {
    source.as_ref().parse()
}
