//! Values to bytes and back.
//!
//! Arrays of plain numbers are written and read as they are ([`raw`]). For
//! all else it is bincode first, since it is small and fast. It cannot decode every value
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

mod beside;
pub(crate) mod compress;
pub(crate) mod raw;
pub(crate) mod record;
pub(crate) mod shape;

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use beside::Gathering;
use bincode::config::{Configuration, Fixint, LittleEndian};
use bincode::serde::seed_decode_from_slice;
use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed};

pub(crate) use beside::{Beside, Gathered, Nowhere};

use crate::key;
use crate::payload::{Incoming, Unsound};

/// How values become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Codec {
    /// bincode 2: little-endian, integers of fixed width. `"bincode"`.
    Bincode,
    /// MessagePack with field names, for types that need to see them.
    /// `"messagepack"`.
    MessagePack,
    /// What a program printed and left, as `run` writes it.
    /// `"recording"`; not for values.
    Recording,
    /// Arrays of numbers as their bytes, which are written and read in one
    /// piece and can be mapped. `"raw"`; chosen for the types that have it.
    Raw,
}

impl Codec {
    /// The codec's name in attributes, entries and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bincode => "bincode",
            Self::MessagePack => "messagepack",
            Self::Recording => "recording",
            Self::Raw => "raw",
        }
    }

    /// The codec's number in an entry's prefix.
    pub(crate) fn id(self) -> u32 {
        match self {
            Self::Bincode => 1,
            Self::MessagePack => 2,
            Self::Recording => 3,
            Self::Raw => 4,
        }
    }

    pub(crate) fn from_id(id: u32) -> Option<Self> {
        [Self::Bincode, Self::MessagePack, Self::Recording, Self::Raw]
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

/// A payload that no value can be made of.
#[derive(Debug)]
pub(crate) enum DecodeError {
    /// It is not what was written, or cannot be read.
    Unsound(Unsound),
    /// It is no such value.
    Malformed(CodecError),
}

impl From<Unsound> for DecodeError {
    fn from(unsound: Unsound) -> Self {
        Self::Unsound(unsound)
    }
}

impl From<CodecError> for DecodeError {
    fn from(error: CodecError) -> Self {
        Self::Malformed(error)
    }
}

/// The bytes of a value, one piece after the other. Large arrays are borrowed
/// from the value.
#[derive(Debug)]
pub(crate) struct Encoded<'a> {
    pub(crate) codec: Codec,
    pub(crate) pieces: Vec<Cow<'a, [u8]>>,
    /// They are not in `pieces` but in the place beside memory.
    pub(crate) is_beside: bool,
}

impl<'a> Encoded<'a> {
    /// A value whose bytes are all in memory.
    pub(crate) fn in_memory(codec: Codec, pieces: Vec<Cow<'a, [u8]>>) -> Self {
        Self {
            codec,
            pieces,
            is_beside: false,
        }
    }
}

/// The bytes of a value, in a codec that it survives, or why it survives none.
pub(crate) type Chosen<'a> = Result<Encoded<'a>, String>;

fn failed(codec: Codec) -> impl Fn(&dyn fmt::Display) -> CodecError {
    move |error| CodecError {
        codec,
        message: error.to_string(),
    }
}

const NO_VALUE: &str = "it is no codec for values of every type";

const VALUES: Configuration<LittleEndian, Fixint> =
    bincode::config::standard().with_fixed_int_encoding();

/// The bytes of a value.
pub(crate) fn encode<T: Serialize>(codec: Codec, value: &T) -> Result<Vec<u8>, CodecError> {
    match encode_beside(codec, value, &mut Nowhere)? {
        Gathered::Memory(bytes) => Ok(bytes),
        Gathered::Beside => Err(failed(codec)(&"it is too large")),
    }
}

/// The bytes of a value, in memory if there are few, or else beside it.
fn encode_beside<T: Serialize>(
    codec: Codec,
    value: &T,
    beside: &mut dyn Beside,
) -> Result<Gathered, CodecError> {
    let failed = failed(codec);
    let mut gathering = Gathering::new(beside);
    match codec {
        Codec::Bincode => {
            bincode::serde::encode_into_std_write(value, &mut gathering, VALUES)
                .map_err(|error| failed(&error))?;
        }
        Codec::MessagePack => {
            rmp_serde::encode::write_named(&mut gathering, value)
                .map_err(|error| failed(&error))?;
        }
        Codec::Recording | Codec::Raw => return Err(failed(&NO_VALUE)),
    }
    gathering.finish().map_err(|error| failed(&error))
}

/// The value that a payload is.
pub(crate) fn receive<T: DeserializeOwned>(
    codec: Codec,
    payload: Incoming,
) -> Result<T, DecodeError> {
    match codec {
        Codec::Raw => raw::decode(payload),
        codec => Ok(decode(codec, &payload.bytes()?)?),
    }
}

/// The value that takes up all of `bytes`.
pub(crate) fn decode<T: DeserializeOwned>(codec: Codec, bytes: &[u8]) -> Result<T, CodecError> {
    decode_seed(codec, bytes, PhantomData)
}

/// What `seed` makes of all of `bytes`.
fn decode_seed<'de, S: DeserializeSeed<'de>>(
    codec: Codec,
    bytes: &'de [u8],
    seed: S,
) -> Result<S::Value, CodecError> {
    let failed = failed(codec);
    let (value, left) = match codec {
        Codec::Bincode => {
            let (value, used) = decode_limited(bytes, seed).map_err(|error| failed(&error))?;
            (value, bytes.len() - used)
        }
        Codec::MessagePack => {
            let mut rest = bytes;
            let mut deserializer = rmp_serde::Deserializer::new(&mut rest);
            let value = seed
                .deserialize(&mut deserializer)
                .map_err(|error| failed(&error))?;
            (value, rest.len())
        }
        Codec::Recording | Codec::Raw => return Err(failed(&NO_VALUE)),
    };
    match left {
        0 => Ok(value),
        left => Err(failed(&format_args!("{left} bytes left over"))),
    }
}

/// bincode takes its limit as a constant, so the input's length is rounded up
/// to the next of these.
fn decode_limited<'de, S: DeserializeSeed<'de>>(
    bytes: &'de [u8],
    seed: S,
) -> Result<(S::Value, usize), bincode::error::DecodeError> {
    macro_rules! with_limits {
        ($($limit:literal)*) => {
            match bytes.len() {
                $(0..=$limit => seed_decode_from_slice(seed, bytes, VALUES.with_limit::<$limit>()),)*
                _ => seed_decode_from_slice(seed, bytes, VALUES),
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

/// The bytes of `value`: as raw arrays if it has any and no codec was asked
/// for by name, and else as [`choose`] has it.
pub(crate) fn give<'a, T: Serialize + DeserializeOwned>(
    value: &'a T,
    wanted: Wanted<'_>,
    beside: &mut dyn Beside,
) -> Chosen<'a> {
    let raw = match wanted {
        Wanted::Any(codecs) => raw::encode(value, codecs),
        Wanted::This(_) => None,
    };
    raw.unwrap_or_else(|| {
        let (codec, gathered) = choose(value, wanted.codecs(), beside)?;
        Ok(match gathered {
            Gathered::Memory(bytes) => Encoded::in_memory(codec, vec![Cow::Owned(bytes)]),
            Gathered::Beside => Encoded {
                codec,
                pieces: Vec::new(),
                is_beside: true,
            },
        })
    })
}

/// The codecs that may be used.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wanted<'a> {
    /// This one, which was asked for.
    This(&'a Codec),
    /// Raw arrays, or for what is none these, in this order.
    Any(&'a [Codec]),
}

impl<'a> Wanted<'a> {
    fn codecs(self) -> &'a [Codec] {
        match self {
            Self::This(codec) => std::slice::from_ref(codec),
            Self::Any(codecs) => codecs,
        }
    }
}

/// The first of `codecs` that gives `value` back from its bytes, and those
/// bytes; or why each does not.
pub(crate) fn choose<T: Serialize + DeserializeOwned>(
    value: &T,
    codecs: &[Codec],
    beside: &mut dyn Beside,
) -> Result<(Codec, Gathered), String> {
    if is_plain(type_name::<T>()) && codecs.first() == Some(&Codec::Bincode) {
        let bytes = encode_beside(Codec::Bincode, value, beside);
        return Ok((Codec::Bincode, bytes.map_err(|error| error.to_string())?));
    }
    let mut reasons = Vec::new();
    for &codec in codecs {
        match survives(codec, value, beside) {
            Ok(bytes) => return Ok((codec, bytes)),
            Err(reason) => reasons.push(reason),
        }
    }
    Err(reasons.join("; "))
}

fn survives<T: Serialize + DeserializeOwned>(
    codec: Codec,
    value: &T,
    beside: &mut dyn Beside,
) -> Result<Gathered, String> {
    let gathered = encode_beside(codec, value, beside).map_err(|error| error.to_string())?;
    let copy = match &gathered {
        Gathered::Memory(bytes) => decode::<T>(codec, bytes),
        Gathered::Beside => {
            let contents = beside.contents().map_err(|error| error.to_string())?;
            decode(codec, &contents)
        }
    };
    if same(value, &copy.map_err(|error| error.to_string())?) {
        Ok(gathered)
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
