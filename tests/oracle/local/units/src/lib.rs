//! Lengths with operators, defined in the ways that hide which code a call runs.

#![no_std]

extern crate alloc;

mod convert;
mod macros;
mod sequence;

use alloc::string::{String, ToString};
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::{Add, AddAssign, Index, Mul, Neg};

pub use convert::{ParseLengthError, read as measured};
pub use sequence::*;

/// A length in millimetres.
#[derive(Clone, Copy, Debug)]
pub struct Length(i64);

impl Length {
    pub const ZERO: Self = Self::millimetres(0);

    pub const fn millimetres(value: i64) -> Self {
        Self(value)
    }

    pub const fn metres(value: i64) -> Self {
        Self(scaled(value))
    }

    pub fn get(self) -> i64 {
        self.0
    }
}

const fn scaled(value: i64) -> i64 {
    value * 1000
}

impl Add for Length {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(checked(self.0.checked_add(other.0)))
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Neg for Length {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<T: Into<i64>> Mul<T> for Length {
    type Output = Self;

    fn mul(self, factor: T) -> Self {
        Self(checked(self.0.checked_mul(factor.into())))
    }
}

fn checked(value: Option<i64>) -> i64 {
    value.unwrap_or_else(saturated)
}

fn saturated() -> i64 {
    i64::MAX
}

impl PartialEq for Length {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Length {}

impl PartialOrd for Length {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Length {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl Hash for Length {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_i64(self.0);
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.unsigned_abs() % 1000 {
            0 => write!(f, "{} m", self.0 / 1000),
            _ => write!(f, "{} mm", self.0),
        }
    }
}

impl Default for Length {
    fn default() -> Self {
        Self::ZERO
    }
}

/// Three lengths by their axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Size {
    sides: [Length; 3],
    label: Label,
}

#[derive(Clone, Debug, PartialEq)]
struct Label(String);

impl Default for Label {
    fn default() -> Self {
        Self("unnamed".to_string())
    }
}

impl Size {
    pub fn new(sides: [Length; 3]) -> Self {
        Self {
            sides,
            ..Self::default()
        }
    }
}

impl Index<usize> for Size {
    type Output = Length;

    fn index(&self, axis: usize) -> &Length {
        &self.sides[axis]
    }
}
