//! Raw arrays, which say themselves what they are made of.
//!
//! A vector is shown as a list. Of an array with another number of dimensions
//! are shown its shape and what it is made of, and its elements in the order
//! in which they are stored.

use std::io::Read;
use std::slice::Iter;

use super::source::Trouble;
use super::{Atom, Group, Reading, bincode, messagepack, types};
use crate::codec::Codec;
use crate::codec::raw::Refused;
use crate::codec::raw::table::{ByteOrder, Form, Layout, Leaf, Part, Place, Table, Variant};
use crate::plain::Number;

/// How deep values may be nested.
const DEEPEST: usize = 64;

impl From<Refused> for Trouble {
    fn from(_: Refused) -> Self {
        Self::Malformed
    }
}

/// Shows a value of raw arrays and what is beside them.
pub(super) fn value<R: Read>(reading: &mut Reading<'_, R>) -> Result<(), Trouble> {
    let payload = reading.source.left();
    let mut table = reading.source.array::<4>()?.to_vec();
    let rest = Table::length(&table, payload)? - table.len();
    table.extend(reading.source.bytes(rest as u64, rest)?);
    let table = Table::parse(&table, payload)?;
    Parts {
        payload,
        parts: table.parts.iter(),
    }
    .next(reading, 0)
}

/// The parts of a payload that have not been shown.
struct Parts<'t> {
    /// How many bytes the payload has.
    payload: u64,
    parts: Iter<'t, Part>,
}

impl Parts<'_> {
    fn next<R: Read>(&mut self, reading: &mut Reading<'_, R>, depth: usize) -> Result<(), Trouble> {
        let part = self.parts.next().ok_or(Trouble::Malformed)?;
        if depth > DEEPEST {
            return Err(Trouble::Malformed);
        }
        let group = match part {
            Part::None => return reading.atom(Atom::Nothing),
            Part::Leaf(leaf, place) => return self.leaf(reading, leaf, *place),
            Part::Some => Group::Variant("Some"),
            Part::Variant(Variant::Ok) => Group::Variant("Ok"),
            Part::Variant(Variant::Err) => Group::Variant("Err"),
            Part::Tuple(_) => Group::Tuple,
        };
        reading.group(group, part.within(), |reading| {
            self.next(reading, depth + 1)
        })
    }

    fn leaf<R: Read>(
        &self,
        reading: &mut Reading<'_, R>,
        leaf: &Leaf,
        place: Place,
    ) -> Result<(), Trouble> {
        let passed = self.payload - reading.source.left();
        let padding = place.begin.checked_sub(passed);
        reading
            .source
            .bytes(padding.ok_or(Trouble::Malformed)?, 0)?;
        let behind = reading.source.left().checked_sub(place.len);
        match leaf {
            Leaf::Text => reading.text(place.len)?,
            Leaf::Array(form, order) => array(reading, form, *order)?,
            Leaf::Coded(Codec::MessagePack, _) => messagepack::value(reading, 0)?,
            Leaf::Coded(_, name) => match types::parse(name) {
                Some(of) => bincode::value(reading, &of)?,
                None => reading.bytes(place.len)?,
            },
        }
        match behind == Some(reading.source.left()) {
            true => Ok(()),
            false => Err(Trouble::Malformed),
        }
    }
}

fn array<R: Read>(
    reading: &mut Reading<'_, R>,
    form: &Form,
    order: ByteOrder,
) -> Result<(), Trouble> {
    if let ([len], Layout::RowMajor) = (&form.dims[..], form.layout) {
        return elements(reading, form, order, *len);
    }
    let mut fields = match form.layout {
        Layout::RowMajor => ["element", "shape", "elements"].as_slice(),
        Layout::ColumnMajor => &["element", "shape", "order", "elements"],
    }
    .iter();
    let len = fields.len() as u64;
    reading.group(Group::Struct("Array"), len, |reading| {
        let field = fields.next().copied().unwrap_or_default();
        reading.name(field)?;
        match field {
            "element" => word(reading, &form.element.to_string()),
            "order" => word(reading, "by columns"),
            "shape" => {
                let mut dims = form.dims.iter();
                reading.group(Group::List, dims.len() as u64, |reading| {
                    let dim = dims.next().copied().unwrap_or_default();
                    reading.atom(Atom::Unsigned(dim.into()))
                })
            }
            _ => {
                let bytes = form.bytes().unwrap_or_default();
                elements(reading, form, order, bytes / form.element.bytes() as u64)
            }
        }
    })
}

fn word<R: Read>(reading: &mut Reading<'_, R>, text: &str) -> Result<(), Trouble> {
    let bytes = text.len() as u64;
    reading.atom(Atom::Text { text, bytes })
}

fn elements<R: Read>(
    reading: &mut Reading<'_, R>,
    form: &Form,
    order: ByteOrder,
    len: u64,
) -> Result<(), Trouble> {
    let of = form.element.number;
    reading.group(Group::List, len, |reading| match form.element.lanes {
        1 => number(reading, of, order),
        lanes => reading.group(Group::List, lanes.into(), |reading| {
            number(reading, of, order)
        }),
    })
}

fn number<R: Read>(
    reading: &mut Reading<'_, R>,
    of: Number,
    order: ByteOrder,
) -> Result<(), Trouble> {
    let part = match of {
        Number::ComplexF32 => Number::F32,
        Number::ComplexF64 => Number::F64,
        of => {
            let bits = bits(reading, of.word(), order)?;
            return reading.atom(atom(of, bits));
        }
    };
    reading.group(Group::Tuple, 2, |reading| number(reading, part, order))
}

/// The next word, of so many bytes.
fn bits<R: Read>(
    reading: &mut Reading<'_, R>,
    bytes: usize,
    order: ByteOrder,
) -> Result<u128, Trouble> {
    let mut word = reading.source.bytes(bytes as u64, bytes)?;
    if order == ByteOrder::Little {
        word.reverse();
    }
    let shifted = |bits: u128, byte| bits << 8 | u128::from(byte);
    Ok(word.into_iter().fold(0, shifted))
}

fn atom(of: Number, bits: u128) -> Atom<'static> {
    match of {
        Number::F16 => Atom::Single(half(bits as u16)),
        Number::Bf16 => Atom::Single(f32::from_bits((bits as u32) << 16)),
        Number::F32 => Atom::Single(f32::from_bits(bits as u32)),
        Number::F64 => Atom::Double(f64::from_bits(bits as u64)),
        Number::I8 | Number::I16 | Number::I32 | Number::I64 | Number::I128 | Number::Isize => {
            let unused = 128 - 8 * of.word() as u32;
            Atom::Signed((bits << unused) as i128 >> unused)
        }
        _ => Atom::Unsigned(bits),
    }
}

/// A number of half precision: a sign, 5 bits of exponent, 10 of fraction.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f32::from(bits & 0x3FF) / 1024.0;
    sign * match bits >> 10 & 0x1F {
        0 => fraction * 2_f32.powi(-14),
        0x1F if fraction == 0.0 => f32::INFINITY,
        0x1F => f32::NAN,
        exponent => (1.0 + fraction) * 2_f32.powi(i32::from(exponent) - 15),
    }
}

#[cfg(test)]
mod tests;
