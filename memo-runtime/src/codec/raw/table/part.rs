//! The parts of a table: to bytes and back.

use super::{ByteOrder, Form, Layout, Leaf, Part, Place, Variant};
use crate::codec::Codec;
use crate::codec::raw::Refused;
use crate::plain::{Element, Number};

/// The bytes of a part without what its kind adds.
const PART: usize = 32;

impl Part {
    /// How many bytes it has in the table.
    pub(super) fn len(&self) -> usize {
        PART + match self {
            Self::Leaf(Leaf::Array(form, _), _) => 8 * form.dims.len(),
            Self::Leaf(Leaf::Coded(_, name), _) => name.len().next_multiple_of(8),
            _ => 0,
        }
    }

    /// Appends its bytes; `None` if it has more than can be counted there.
    pub(super) fn write(&self, bytes: &mut Vec<u8>) -> Option<()> {
        let mut small = [0; 8];
        let mut count = 0;
        let mut place = Place { begin: 0, len: 0 };
        match self {
            Self::None => small[0] = 1,
            Self::Some => small[0] = 2,
            Self::Variant(variant) => small[..2].copy_from_slice(&[3, *variant as u8]),
            Self::Tuple(len) => {
                small[0] = 4;
                count = *len;
            }
            Self::Leaf(leaf, at) => {
                place = *at;
                match leaf {
                    Leaf::Array(form, order) => {
                        let Element { number, lanes } = form.element;
                        let layout = form.layout as u8;
                        small[..5].copy_from_slice(&[
                            5,
                            number.code(),
                            lanes,
                            *order as u8,
                            layout,
                        ]);
                        count = u32::try_from(form.dims.len()).ok()?;
                    }
                    Leaf::Text => small[0] = 6,
                    Leaf::Coded(codec, name) => {
                        small[..2].copy_from_slice(&[7, u8::try_from(codec.id()).ok()?]);
                        count = u32::try_from(name.len()).ok()?;
                    }
                }
            }
        }
        bytes.extend(small);
        bytes.extend(u64::from(count).to_le_bytes());
        bytes.extend(place.begin.to_le_bytes());
        bytes.extend(place.len.to_le_bytes());
        match self {
            Self::Leaf(Leaf::Array(form, _), _) => {
                bytes.extend(form.dims.iter().flat_map(|dim| dim.to_le_bytes()));
            }
            Self::Leaf(Leaf::Coded(_, name), _) => {
                bytes.extend(name.as_bytes());
                bytes.resize(bytes.len() + name.len().next_multiple_of(8) - name.len(), 0);
            }
            _ => {}
        }
        Some(())
    }

    /// The part that comes next.
    pub(super) fn read(fields: &mut Fields<'_>) -> Result<Self, Refused> {
        let [kind, code, lanes, order, layout, unused @ ..] = fields.array::<8>()?;
        let count = fields.u32()?;
        let unused = (unused, fields.u32()?);
        let place = Place {
            begin: fields.u64()?,
            len: fields.u64()?,
        };
        let nowhere = Place { begin: 0, len: 0 };
        let part = match (kind, code, lanes, order, layout, count, place) {
            (1, 0, 0, 0, 0, 0, at) if at == nowhere => Self::None,
            (2, 0, 0, 0, 0, 0, at) if at == nowhere => Self::Some,
            (3, 0, 0, 0, 0, 0, at) if at == nowhere => Self::Variant(Variant::Ok),
            (3, 1, 0, 0, 0, 0, at) if at == nowhere => Self::Variant(Variant::Err),
            (4, 0, 0, 0, 0, len, at) if at == nowhere => Self::Tuple(len),
            (5, code, lanes @ 1..=4, order @ 0..=1, layout @ 0..=1, count, place) => {
                let number = Number::from_code(code);
                let number = number.ok_or(Refused::because("an array is of unknown numbers"))?;
                let form = Form {
                    element: Element { number, lanes },
                    dims: fields.dims(count)?,
                    layout: match layout {
                        0 => Layout::RowMajor,
                        _ => Layout::ColumnMajor,
                    },
                };
                let order = match order {
                    0 => ByteOrder::Little,
                    _ => ByteOrder::Big,
                };
                Self::Leaf(Leaf::Array(form, order), place)
            }
            (6, 0, 0, 0, 0, 0, place) => Self::Leaf(Leaf::Text, place),
            (7, codec, 0, 0, 0, len, place) => {
                let codec = match Codec::from_id(codec.into()) {
                    Some(codec @ (Codec::Bincode | Codec::MessagePack)) => codec,
                    _ => return Err(Refused::because("a part is in an unknown codec")),
                };
                Self::Leaf(Leaf::Coded(codec, fields.name(len)?), place)
            }
            _ => return Err(Refused::because("a part is of an unknown kind")),
        };
        match unused {
            ([0, 0, 0], 0) => Ok(part),
            _ => Err(Refused::because("a part is of an unknown kind")),
        }
    }
}

/// What of the table's bytes has not been read.
pub(super) struct Fields<'b>(pub(super) &'b [u8]);

impl<'b> Fields<'b> {
    fn take(&mut self, len: usize) -> Result<&'b [u8], Refused> {
        let (taken, rest) = self
            .0
            .split_at_checked(len)
            .ok_or(Refused::because("the table is too short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refused> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Refused> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Refused> {
        self.array().map(u64::from_le_bytes)
    }

    fn dims(&mut self, count: u32) -> Result<Vec<u64>, Refused> {
        let bytes = self.take((count as usize).saturating_mul(8))?;
        let (dims, _) = bytes.as_chunks::<8>();
        Ok(dims.iter().map(|dim| u64::from_le_bytes(*dim)).collect())
    }

    fn name(&mut self, len: u32) -> Result<String, Refused> {
        let padded = (len as usize).checked_next_multiple_of(8);
        let bytes = self.take(padded.unwrap_or(usize::MAX))?;
        let (name, zeros) = bytes.split_at(len as usize);
        match str::from_utf8(name) {
            Ok(name) if zeros.iter().all(|&byte| byte == 0) => Ok(name.to_owned()),
            _ => Err(Refused::because("the name of a type is no text")),
        }
    }
}
