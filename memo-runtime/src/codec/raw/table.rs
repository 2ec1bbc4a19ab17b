//! The table that a raw payload begins with: of what parts the value is made,
//! and where their bytes are.
//!
//! | bytes | |
//! |---|---|
//! | 4 | length of the table in bytes, without padding behind it |
//! | 4 | number of parts |
//! | | the parts, each followed by those within it |
//!
//! All integers are little-endian. A part has 32 bytes and more:
//!
//! | at | bytes | |
//! |---|---|---|
//! | 0 | 1 | kind: 1 `None`; 2 `Some`, followed by what is in it; 3 `Ok` or `Err`, likewise; 4 tuple, followed by its elements; 5 array; 6 text in UTF-8; 7 a value in another codec |
//! | 1 | 1 | 3: 0 `Ok`, 1 `Err`; 5: code of the numbers (see `plain.rs`); 7: number of the codec |
//! | 2 | 1 | 5: how many numbers make an element, 1 to 4 |
//! | 3 | 1 | 5: 0, the words of numbers are little-endian; 1, big-endian |
//! | 4 | 1 | 5: 0, elements are in the order of the last index; 1, of the first |
//! | 5 | 3 | 0 |
//! | 8 | 4 | 4: number of elements; 5: number of dimensions; 7: length of the type's name |
//! | 12 | 4 | 0 |
//! | 16 | 8 | 5, 6, 7: where the bytes begin, from the payload's beginning |
//! | 24 | 8 | 5, 6, 7: how many they are |
//! | 32 | | 5: the dimensions, 8 bytes each; 7: the name of the type, and zeros up to a multiple of 8 |
//!
//! What a kind does not have is 0. Behind the table come the bytes of the
//! parts, in their order, each at the next multiple of 64, with zeros between.
//! The payload ends with the last of them.
//!
//! What must hold: whatever the bytes are, reading them ends, with a table
//! that agrees with itself and with the payload's length, or a refusal; and
//! nothing is allocated beyond the length of what is read.

mod part;

use std::fmt;
use std::ops::Range;

use self::part::Fields;
use super::Refused;
use crate::codec::Codec;
use crate::plain::Element;

/// At multiples of this the bytes of parts begin.
pub(super) const ALIGNMENT: u64 = 64;
/// The bytes before the first part.
const HEAD: usize = 8;

/// A part of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    /// `None`.
    None,
    /// `Some`, of the part that follows.
    Some,
    /// `Ok` or `Err` of the part that follows.
    Variant(Variant),
    /// A tuple of so many parts, which follow.
    Tuple(u32),
    /// Bytes.
    Leaf(Leaf, Place),
}

/// A variant of a `Result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Variant {
    Ok,
    Err,
}

/// A part that has bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Leaf {
    /// Plain numbers.
    Array(Form, ByteOrder),
    /// Text in UTF-8.
    Text,
    /// A value of the type of this name in another codec.
    Coded(Codec, String),
}

/// The form of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Form {
    pub(crate) element: Element,
    pub(crate) dims: Vec<u64>,
    pub(crate) layout: Layout,
}

/// The order of the elements of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// The last index changes first, as in C.
    RowMajor,
    /// The first index changes first, as in Fortran.
    ColumnMajor,
}

/// The order of the bytes of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// That of this machine.
    pub(super) const NATIVE: Self = if cfg!(target_endian = "big") {
        Self::Big
    } else {
        Self::Little
    };
}

/// Where the bytes of a part are in the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) begin: u64,
    pub(crate) len: u64,
}

impl Place {
    fn end(self) -> Option<u64> {
        self.begin.checked_add(self.len)
    }

    /// Where they are in the whole payload, in memory.
    pub(super) fn range(self) -> Option<Range<usize>> {
        let begin = usize::try_from(self.begin).ok()?;
        let len = usize::try_from(self.len).ok()?;
        Some(begin..begin.checked_add(len)?)
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Array(form, _) => {
                let dims = match form.dims.len() {
                    1 => "1 dimension".to_owned(),
                    more => format!("{more} dimensions"),
                };
                write!(f, "an array of {} in {dims}", form.element)
            }
            Self::Text => f.write_str("a text"),
            Self::Coded(codec, name) => write!(f, "{name} in {codec}"),
        }
    }
}

impl Form {
    /// Whether it is that of a vector.
    pub(super) fn is_vector(&self) -> bool {
        self.dims.len() == 1 && self.layout == Layout::RowMajor
    }

    /// How many bytes the elements have; `None`: more than can be counted.
    /// Dimensions of nothing do not make others smaller.
    pub(crate) fn bytes(&self) -> Option<u64> {
        let one = self.element.bytes() as u64;
        let filled = self.dims.iter().filter(|&&dim| dim > 0);
        let bytes = filled.copied().try_fold(one, u64::checked_mul)?;
        Some(if self.dims.contains(&0) { 0 } else { bytes })
    }
}

/// The next place at or behind `at` where bytes may begin.
pub(super) fn aligned(at: u64) -> Option<u64> {
    at.checked_next_multiple_of(ALIGNMENT)
}

/// The parts of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) parts: Vec<Part>,
}

impl Table {
    /// The bytes of the table of these parts, of which only the lengths are
    /// known yet, up to where those of the parts begin.
    pub(super) fn lay_out(mut parts: Vec<Part>) -> Option<Vec<u8>> {
        let len = HEAD + parts.iter().map(Part::len).sum::<usize>();
        let mut next = len as u64;
        for part in &mut parts {
            if let Part::Leaf(_, place) = part {
                place.begin = aligned(next)?;
                next = place.end()?;
            }
        }
        let mut bytes = Vec::with_capacity(len.next_multiple_of(ALIGNMENT as usize));
        bytes.extend(u32::try_from(len).ok()?.to_le_bytes());
        bytes.extend(u32::try_from(parts.len()).ok()?.to_le_bytes());
        for part in &parts {
            part.write(&mut bytes)?;
        }
        bytes.resize(len.next_multiple_of(ALIGNMENT as usize), 0);
        Some(bytes)
    }

    /// How many bytes there are in the table that a payload of `len` bytes
    /// begins with, by its `first` bytes.
    pub(crate) fn length(first: &[u8], len: u64) -> Result<usize, Refused> {
        let mut fields = Fields(first);
        let length = fields.u32()?;
        if u64::from(length) > len || (length as usize) < HEAD {
            return Err(Refused::because("the table is longer than the payload"));
        }
        Ok(length as usize)
    }

    /// The table in `bytes`, which are no more than it, of a payload of `len`
    /// bytes.
    pub(crate) fn parse(bytes: &[u8], len: u64) -> Result<Self, Refused> {
        let mut fields = Fields(bytes);
        if fields.u32()? as usize != bytes.len() {
            return Err(Refused::because("the table has another length"));
        }
        let count = fields.u32()?;
        let mut parts = Vec::new();
        for _ in 0..count {
            parts.push(Part::read(&mut fields)?);
        }
        if !fields.0.is_empty() {
            return Err(Refused::because("there are bytes behind the table's parts"));
        }
        let table = Self { parts };
        table.is_one_value()?;
        table.is_laid_out(bytes.len() as u64, len)?;
        Ok(table)
    }

    /// The parts that have bytes.
    pub(crate) fn leaves(&self) -> impl Iterator<Item = (&Leaf, Place)> {
        self.parts.iter().filter_map(|part| match part {
            Part::Leaf(leaf, place) => Some((leaf, *place)),
            _ => None,
        })
    }

    fn is_one_value(&self) -> Result<(), Refused> {
        let mut missing = 1_u64;
        for part in &self.parts {
            missing = match missing.checked_sub(1) {
                Some(missing) => missing + part.within(),
                None => return Err(Refused::because("there is more than one value")),
            };
        }
        match missing {
            0 => Ok(()),
            _ => Err(Refused::because("parts are missing")),
        }
    }

    fn is_laid_out(&self, table: u64, payload: u64) -> Result<(), Refused> {
        let mut next = table;
        for (leaf, place) in self.leaves() {
            if aligned(next) != Some(place.begin) {
                return Err(Refused::because("a part is not in its place"));
            }
            if let Leaf::Array(form, _) = leaf
                && form.bytes() != Some(place.len)
            {
                return Err(Refused::because("an array has another length"));
            }
            next = match place.end() {
                Some(end) if end <= payload => end,
                _ => return Err(Refused::because("a part is longer than the payload")),
            };
        }
        match next == payload {
            true => Ok(()),
            false => Err(Refused::because("there are bytes behind the last part")),
        }
    }
}

impl Part {
    /// How many parts are within it.
    pub(crate) fn within(&self) -> u64 {
        match self {
            Self::Some | Self::Variant(_) => 1,
            Self::Tuple(len) => u64::from(*len),
            Self::None | Self::Leaf(..) => 0,
        }
    }
}
