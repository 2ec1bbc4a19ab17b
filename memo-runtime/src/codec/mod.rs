//! Values to bytes and back.
//!
//! bincode first, since it is small and fast. It cannot decode every value
//! that it encodes (untagged and internally tagged enums, `flatten`,
//! skipped fields, `serde_json::Value`), and which it can may depend on the
//! value and not on the type alone. So what is encoded is decoded again at
//! once, save for types of the standard library. Where the outcome is not
//! the same value, or the shape of the type is not known in full, MessagePack
//! with field names is used, and where that fails too the value is not kept.
//! The codec stands in each entry.
//!
//! What must hold: decoding consumes all of its input, never runs code that
//! came with the data, and never allocates for a length that the input does
//! not have. The store has checked a digest over the bytes before.

pub(crate) mod record;
pub(crate) mod shape;

use std::any::type_name;
use std::fmt;

use bincode::config::{Configuration, Fixint, LittleEndian};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::key;

/// How values become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// bincode 2: little-endian, integers of fixed width. `"bincode"`.
    Bincode,
    /// MessagePack with field names, for types that need to see them.
    /// `"messagepack"`.
    MessagePack,
    /// What a program printed and left, as [`crate::run`] writes it.
    /// `"recording"`; not for values.
    Recording,
}

impl Codec {
    /// The codec's name in attributes, entries and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bincode => "bincode",
            Self::MessagePack => "messagepack",
            Self::Recording => "recording",
        }
    }

    /// The codec's number in an entry's prefix.
    pub(crate) fn id(self) -> u32 {
        match self {
            Self::Bincode => 1,
            Self::MessagePack => 2,
            Self::Recording => 3,
        }
    }

    pub(crate) fn from_id(id: u32) -> Option<Self> {
        [Self::Bincode, Self::MessagePack, Self::Recording]
            .into_iter()
            .find(|codec| codec.id() == id)
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A value that cannot be encoded, or bytes that are not such a value.
#[derive(Debug)]
pub(crate) struct CodecError {
    codec: Codec,
    message: String,
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.codec, self.message)
    }
}

impl std::error::Error for CodecError {}

/// The bytes of a value, or why it has none.
pub(crate) type Encoded = Result<Vec<u8>, CodecError>;

/// A codec that a value survives and its bytes, or why it survives none.
pub(crate) type Chosen = Result<(Codec, Vec<u8>), String>;

fn failed(codec: Codec) -> impl Fn(&dyn fmt::Display) -> CodecError {
    move |error| CodecError {
        codec,
        message: error.to_string(),
    }
}

const NO_VALUE: &str = "it is a recording of a program and no value";

const VALUES: Configuration<LittleEndian, Fixint> =
    bincode::config::standard().with_fixed_int_encoding();

/// The bytes of a value.
pub(crate) fn encode<T: Serialize>(codec: Codec, value: &T) -> Encoded {
    let failed = failed(codec);
    match codec {
        Codec::Bincode => {
            bincode::serde::encode_to_vec(value, VALUES).map_err(|error| failed(&error))
        }
        Codec::MessagePack => rmp_serde::to_vec_named(value).map_err(|error| failed(&error)),
        Codec::Recording => Err(failed(&NO_VALUE)),
    }
}

/// The value that takes up all of `bytes`.
pub(crate) fn decode<T: DeserializeOwned>(codec: Codec, bytes: &[u8]) -> Result<T, CodecError> {
    let failed = failed(codec);
    match codec {
        Codec::Bincode => {
            let (value, used) = decode_limited(bytes).map_err(|error| failed(&error))?;
            if used != bytes.len() {
                return Err(failed(&format_args!(
                    "{} bytes left over",
                    bytes.len() - used
                )));
            }
            Ok(value)
        }
        Codec::MessagePack => {
            let mut rest = bytes;
            let value = rmp_serde::from_read(&mut rest).map_err(|error| failed(&error))?;
            if !rest.is_empty() {
                return Err(failed(&format_args!("{} bytes left over", rest.len())));
            }
            Ok(value)
        }
        Codec::Recording => Err(failed(&NO_VALUE)),
    }
}

/// bincode takes its limit as a constant, so the input's length is rounded up
/// to the next of these.
fn decode_limited<T: DeserializeOwned>(
    bytes: &[u8],
) -> Result<(T, usize), bincode::error::DecodeError> {
    macro_rules! with_limits {
        ($($limit:literal)*) => {
            match bytes.len() {
                $(0..=$limit => {
                    bincode::serde::decode_from_slice(bytes, VALUES.with_limit::<$limit>())
                })*
                _ => bincode::serde::decode_from_slice(bytes, VALUES),
            }
        };
    }
    with_limits!(0x1000 0x1_0000 0x10_0000 0x100_0000 0x1000_0000 0x1_0000_0000 0x10_0000_0000)
}

/// Whether a type is made of nothing but types of the standard library, by
/// its name. What those encode, they decode.
fn is_plain(type_name: &str) -> bool {
    const PATHS: [&str; 10] = [
        "alloc::string::String",
        "alloc::vec::Vec",
        "alloc::boxed::Box",
        "alloc::collections::btree::map::BTreeMap",
        "alloc::collections::btree::set::BTreeSet",
        "core::option::Option",
        "core::result::Result",
        "std::collections::hash::map::HashMap",
        "std::collections::hash::set::HashSet",
        "std::hash::random::RandomState",
    ];
    const PRIMITIVES: [&str; 17] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64", "bool", "char", "str",
    ];
    type_name
        .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
        .filter(|part| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit()))
        .all(|part| PRIMITIVES.contains(&part) || PATHS.contains(&part))
}

/// The codecs to try for a type, of which the shape is known in full or not:
/// what is not known could change unnoticed, and then names tell.
pub(crate) fn candidates(shape_is_complete: bool) -> &'static [Codec] {
    if shape_is_complete {
        &[Codec::Bincode, Codec::MessagePack]
    } else {
        &[Codec::MessagePack]
    }
}

/// The first of `codecs` that gives `value` back from its bytes, and those
/// bytes; or why each does not.
pub(crate) fn choose<T: Serialize + DeserializeOwned>(value: &T, codecs: &[Codec]) -> Chosen {
    if is_plain(type_name::<T>()) && codecs.first() == Some(&Codec::Bincode) {
        let bytes = encode(Codec::Bincode, value).map_err(|error| error.to_string())?;
        return Ok((Codec::Bincode, bytes));
    }
    let mut reasons = Vec::new();
    for &codec in codecs {
        match survives(codec, value) {
            Ok(bytes) => return Ok((codec, bytes)),
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.join("; "))
}

fn survives<T: Serialize + DeserializeOwned>(codec: Codec, value: &T) -> Result<Vec<u8>, String> {
    let bytes = encode(codec, value).map_err(|error| error.to_string())?;
    let copy: T = decode(codec, &bytes).map_err(|error| error.to_string())?;
    if same(value, &copy) {
        Ok(bytes)
    } else {
        Err(format!(
            "{codec}: the decoded value differs from the encoded one"
        ))
    }
}

/// Whether two values are the same as far as their serialization tells,
/// floats by their bits, unordered collections in any order.
pub(crate) fn same<T: Serialize>(one: &T, other: &T) -> bool {
    matches!((key::digest_of(one), key::digest_of(other)), (Ok(one), Ok(other)) if one == other)
}

#[cfg(test)]
mod tests;
