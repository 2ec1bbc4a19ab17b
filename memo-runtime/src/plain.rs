//! Types whose values are plain numbers: their bytes are their value.
//!
//! What must hold: the codes of elements never change, since they are written
//! into entries.

use std::fmt::{self, Debug};

use bytemuck::Pod;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A plain number, or two, three or four of them in an array: what vectors
/// that can be mapped are made of.
///
/// These are `u8` to `u128`, `i8` to `i128`, `usize`, `isize`, `f32`, `f64`;
/// with the feature `half` its `f16` and `bf16`, with `num-complex`
/// `Complex<f32>` and `Complex<f64>`; and `[T; 2]`, `[T; 3]` and `[T; 4]` of
/// these. `usize` and `isize` are only where they have 64 bits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no plain number, and only vectors of plain numbers can be mapped",
    label = "not a plain number, nor two, three or four of them",
    note = "return a `Vec<{Self}>` instead, which is read by a hit and not mapped"
)]
pub trait Plain:
    Pod + Serialize + DeserializeOwned + Debug + PartialEq + Send + Sync + sealed::Sealed
{
}

mod sealed {
    use super::Element;

    /// Keeps the types that are plain a closed set.
    pub trait Sealed {
        /// What such a value is in an entry.
        const ELEMENT: Element;
    }
}

/// What an array is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    pub(crate) number: Number,
    /// How many numbers an element has: 1 to 4.
    pub(crate) lanes: u8,
}

impl Element {
    /// How many bytes it has.
    pub(crate) fn bytes(self) -> usize {
        self.number.bytes() * usize::from(self.lanes)
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.number.name(), self.lanes) {
            (name, 1) => f.write_str(name),
            (name, lanes) => write!(f, "[{name}; {lanes}]"),
        }
    }
}

/// A kind of number. Its code says in the low four bits how long the words
/// are that it is made of, as a power of two, and in the others what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Number {
    U8 = 0x10,
    U16 = 0x11,
    U32 = 0x12,
    U64 = 0x13,
    U128 = 0x14,
    I8 = 0x20,
    I16 = 0x21,
    I32 = 0x22,
    I64 = 0x23,
    I128 = 0x24,
    F16 = 0x31,
    F32 = 0x32,
    F64 = 0x33,
    Bf16 = 0x41,
    /// Two `f32`: the real and the imaginary part.
    ComplexF32 = 0x52,
    /// Two `f64`.
    ComplexF64 = 0x53,
    Usize = 0x63,
    Isize = 0x73,
}

impl Number {
    const ALL: [Self; 18] = [
        Self::U8,
        Self::U16,
        Self::U32,
        Self::U64,
        Self::U128,
        Self::I8,
        Self::I16,
        Self::I32,
        Self::I64,
        Self::I128,
        Self::F16,
        Self::F32,
        Self::F64,
        Self::Bf16,
        Self::ComplexF32,
        Self::ComplexF64,
        Self::Usize,
        Self::Isize,
    ];

    /// Its number in an entry.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|number| number.code() == code)
    }

    /// How many bytes there are in a word: in what the order of bytes reverses.
    pub(crate) fn word(self) -> usize {
        1 << (self.code() & 0xF)
    }

    /// How many bytes it has.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::ComplexF32 | Self::ComplexF64 => 2 * self.word(),
            _ => self.word(),
        }
    }

    /// The name of its type.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::U128 => "u128",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::I128 => "i128",
            Self::F16 => "f16",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Bf16 => "bf16",
            Self::ComplexF32 => "Complex<f32>",
            Self::ComplexF64 => "Complex<f64>",
            Self::Usize => "usize",
            Self::Isize => "isize",
        }
    }
}

/// Calls a macro with each type of numbers and what it is in an entry.
macro_rules! for_each_number {
    ($one:ident) => {
        $one!(u8, U8);
        $one!(u16, U16);
        $one!(u32, U32);
        $one!(u64, U64);
        $one!(u128, U128);
        $one!(i8, I8);
        $one!(i16, I16);
        $one!(i32, I32);
        $one!(i64, I64);
        $one!(i128, I128);
        $one!(f32, F32);
        $one!(f64, F64);
        #[cfg(target_pointer_width = "64")]
        $one!(usize, Usize);
        #[cfg(target_pointer_width = "64")]
        $one!(isize, Isize);
        #[cfg(feature = "half")]
        $one!(half::f16, F16);
        #[cfg(feature = "half")]
        $one!(half::bf16, Bf16);
        #[cfg(feature = "num-complex")]
        $one!(num_complex::Complex<f32>, ComplexF32);
        #[cfg(feature = "num-complex")]
        $one!(num_complex::Complex<f64>, ComplexF64);
    };
}
pub(crate) use for_each_number;

macro_rules! plain {
    ($type:ty, $number:ident) => {
        impl sealed::Sealed for $type {
            const ELEMENT: Element = Element {
                number: Number::$number,
                lanes: 1,
            };
        }
        impl Plain for $type {}
        plain!($type, $number, 2);
        plain!($type, $number, 3);
        plain!($type, $number, 4);
    };
    ($type:ty, $number:ident, $lanes:literal) => {
        impl sealed::Sealed for [$type; $lanes] {
            const ELEMENT: Element = Element {
                number: Number::$number,
                lanes: $lanes,
            };
        }
        impl Plain for [$type; $lanes] {}
    };
}
for_each_number!(plain);
