//! MessagePack, which says itself what it is made of.

use std::io::Read;

use super::source::Trouble;
use super::{Atom, Group, Reading};

/// How deep values may be nested.
const DEEPEST: usize = 128;

/// Shows the next value.
pub(super) fn value<R: Read>(reading: &mut Reading<'_, R>, depth: usize) -> Result<(), Trouble> {
    if depth > DEEPEST {
        return Err(Trouble::Malformed);
    }
    let [marker] = reading.source.array()?;
    let atom = match marker {
        0x00..=0x7f => Atom::Unsigned(marker.into()),
        0xe0..=0xff => Atom::Signed((marker as i8).into()),
        0x80..=0x8f => return map(reading, u64::from(marker & 0x0f), depth),
        0x90..=0x9f => return list(reading, u64::from(marker & 0x0f), depth),
        0xa0..=0xbf => return reading.text(u64::from(marker & 0x1f)),
        0xc0 => Atom::Nothing,
        0xc2 => Atom::Bool(false),
        0xc3 => Atom::Bool(true),
        0xc4..=0xc6 => {
            let len = length(reading, marker - 0xc4)?;
            return reading.bytes(len);
        }
        // Extensions have a type, which is a byte of its own.
        0xc7..=0xc9 => {
            let len = length(reading, marker - 0xc7)?;
            return reading.bytes(len + 1);
        }
        0xca => Atom::Single(f32::from_be_bytes(reading.source.array()?)),
        0xcb => Atom::Double(f64::from_be_bytes(reading.source.array()?)),
        0xcc => Atom::Unsigned(u8::from_be_bytes(reading.source.array()?).into()),
        0xcd => Atom::Unsigned(u16::from_be_bytes(reading.source.array()?).into()),
        0xce => Atom::Unsigned(u32::from_be_bytes(reading.source.array()?).into()),
        0xcf => Atom::Unsigned(u64::from_be_bytes(reading.source.array()?).into()),
        0xd0 => Atom::Signed(i8::from_be_bytes(reading.source.array()?).into()),
        0xd1 => Atom::Signed(i16::from_be_bytes(reading.source.array()?).into()),
        0xd2 => Atom::Signed(i32::from_be_bytes(reading.source.array()?).into()),
        0xd3 => Atom::Signed(i64::from_be_bytes(reading.source.array()?).into()),
        0xd4..=0xd8 => return reading.bytes((1 << (marker - 0xd4)) + 1),
        0xd9..=0xdb => {
            let len = length(reading, marker - 0xd9)?;
            return reading.text(len);
        }
        0xdc..=0xdd => {
            let len = length(reading, marker - 0xdc + 1)?;
            return list(reading, len, depth);
        }
        0xde..=0xdf => {
            let len = length(reading, marker - 0xde + 1)?;
            return map(reading, len, depth);
        }
        0xc1 => return Err(Trouble::Malformed),
    };
    reading.atom(atom)
}

fn list<R: Read>(reading: &mut Reading<'_, R>, len: u64, depth: usize) -> Result<(), Trouble> {
    reading.group(Group::List, len, |reading| value(reading, depth + 1))
}

fn map<R: Read>(reading: &mut Reading<'_, R>, len: u64, depth: usize) -> Result<(), Trouble> {
    reading.group(Group::Map, len, |reading| {
        value(reading, depth + 1)?;
        value(reading, depth + 1)
    })
}

/// A length of 1, 2 or 4 bytes, for a size of 0, 1 or 2.
fn length<R: Read>(reading: &mut Reading<'_, R>, size: u8) -> Result<u64, Trouble> {
    Ok(match size {
        0 => u8::from_be_bytes(reading.source.array()?).into(),
        1 => u16::from_be_bytes(reading.source.array()?).into(),
        _ => u32::from_be_bytes(reading.source.array()?).into(),
    })
}
