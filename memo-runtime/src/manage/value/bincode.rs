//! bincode 2 with integers of fixed width, little-endian, by the type.

use std::io::Read;

use super::source::Trouble;
use super::types::Type;
use super::{Atom, Group, Reading};

/// Shows a value of a type.
pub(super) fn value<R: Read>(reading: &mut Reading<'_, R>, of: &Type) -> Result<(), Trouble> {
    let atom = match of {
        Type::Unit => Atom::Unit,
        Type::Bool => match reading.source.array()? {
            [0] => Atom::Bool(false),
            [1] => Atom::Bool(true),
            _ => return Err(Trouble::Malformed),
        },
        Type::Char => Atom::Char(character(reading)?),
        Type::Unsigned(bytes) => Atom::Unsigned(unsigned(reading, *bytes)?),
        Type::Signed(bytes) => {
            let unused = 128 - 8 * *bytes as u32;
            Atom::Signed((unsigned(reading, *bytes)? << unused) as i128 >> unused)
        }
        Type::Single => Atom::Single(f32::from_le_bytes(reading.source.array()?)),
        Type::Double => Atom::Double(f64::from_le_bytes(reading.source.array()?)),
        Type::Text => {
            let bytes = length(reading)?;
            return reading.text(bytes);
        }
        Type::Tuple(types) => {
            let mut types = types.iter();
            let len = types.len() as u64;
            return reading.group(Group::Tuple, len, |reading| {
                types.next().map_or(Ok(()), |of| value(reading, of))
            });
        }
        Type::Struct(name, fields) => {
            let mut fields = fields.iter();
            let len = fields.len() as u64;
            return reading.group(Group::Struct(name), len, |reading| {
                let Some((name, of)) = fields.next() else {
                    return Ok(());
                };
                reading.name(name)?;
                value(reading, of)
            });
        }
        Type::Array(element, len) => return elements(reading, element, *len),
        Type::List(element) => {
            let len = length(reading)?;
            return elements(reading, element, len);
        }
        Type::Map(pair) => {
            let len = length(reading)?;
            let [key, mapped] = &**pair;
            if key.fewest_bytes() + mapped.fewest_bytes() == 0 {
                return reading.count(Group::Map, len);
            }
            return reading.group(Group::Map, len, |reading| {
                value(reading, key)?;
                value(reading, mapped)
            });
        }
        Type::Optional(of) => match reading.source.array()? {
            [0] => Atom::Nothing,
            [1] => return variant(reading, "Some", of),
            _ => return Err(Trouble::Malformed),
        },
        Type::Outcome(pair) => {
            let [ok, err] = &**pair;
            return match u32::from_le_bytes(reading.source.array()?) {
                0 => variant(reading, "Ok", ok),
                1 => variant(reading, "Err", err),
                _ => Err(Trouble::Malformed),
            };
        }
    };
    reading.atom(atom)
}

fn variant<R: Read>(
    reading: &mut Reading<'_, R>,
    name: &'static str,
    of: &Type,
) -> Result<(), Trouble> {
    reading.group(Group::Variant(name), 1, |reading| value(reading, of))
}

/// Shows `len` elements. Those that take no bytes are only counted, since
/// nothing bounds their number.
fn elements<R: Read>(
    reading: &mut Reading<'_, R>,
    element: &Type,
    len: u64,
) -> Result<(), Trouble> {
    if element.fewest_bytes() == 0 {
        return reading.count(Group::List, len);
    }
    reading.group(Group::List, len, |reading| value(reading, element))
}

fn length<R: Read>(reading: &mut Reading<'_, R>) -> Result<u64, Trouble> {
    Ok(u64::from_le_bytes(reading.source.array()?))
}

fn unsigned<R: Read>(reading: &mut Reading<'_, R>, bytes: usize) -> Result<u128, Trouble> {
    Ok(match bytes {
        1 => u8::from_le_bytes(reading.source.array()?).into(),
        2 => u16::from_le_bytes(reading.source.array()?).into(),
        4 => u32::from_le_bytes(reading.source.array()?).into(),
        8 => u64::from_le_bytes(reading.source.array()?).into(),
        _ => u128::from_le_bytes(reading.source.array()?),
    })
}

/// A character, by its bytes in UTF-8.
fn character<R: Read>(reading: &mut Reading<'_, R>) -> Result<char, Trouble> {
    let [first] = reading.source.array()?;
    let mut bytes = vec![first];
    let more = match first.leading_ones() {
        0 => 0,
        ones @ 2..=4 => ones as u64 - 1,
        _ => return Err(Trouble::Malformed),
    };
    bytes.extend(reading.source.bytes(more, 3)?);
    let text = str::from_utf8(&bytes).map_err(|_| Trouble::Malformed)?;
    text.chars().next().ok_or(Trouble::Malformed)
}
