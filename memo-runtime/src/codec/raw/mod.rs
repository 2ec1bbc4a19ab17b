//! Arrays of plain numbers as their bytes: written and read in one piece, and
//! mapped where a [`MappedVec`](crate::MappedVec) is wanted.
//!
//! Arrays are vectors and boxed slices of [`Plain`](crate::Plain) elements,
//! strings, mapped vectors, and with the feature `ndarray` its owned arrays.
//! They are found by themselves, and within `Option`, `Result` and tuples.
//! What else is there beside an array, such as the number in a tuple, is kept
//! in one of the codecs for all values. The format is told in [`table`].
//!
//! What must hold: no array is copied on its way out, unless its elements are
//! in no order, and none twice on its way in; no value is made of a payload
//! before it has been checked; and whatever the payload is, there comes of it
//! a value of which every byte was in it, or a refusal.

mod arrays;
mod coded;
mod outline;
mod rebuild;
mod room;
pub(crate) mod table;
mod walk;

#[cfg(test)]
mod tests;

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use self::outline::Outline;
use self::room::Room;
use super::{Chosen, Codec, CodecError, DecodeError};
use crate::payload::Incoming;

/// From so many bytes on, a table in front of them is worth its room and time:
/// what is smaller another codec decodes as fast.
const LEAST: usize = 4096;

/// The value as raw arrays, and what of it is none in one of `codecs`; `None`
/// if it has no array, or they are small: then another codec is to be used for
/// all of it.
pub(crate) fn encode<'a, T: Serialize + DeserializeOwned>(
    value: &'a T,
    codecs: &[Codec],
) -> Option<Chosen<'a>> {
    encode_from(LEAST, value, codecs)
}

/// The value as raw arrays, if those are of `least` bytes or more.
pub(crate) fn encode_from<'a, T: Serialize + DeserializeOwned>(
    least: usize,
    value: &'a T,
    codecs: &[Codec],
) -> Option<Chosen<'a>> {
    let outline = Outline::of(value)?;
    if outline.is_without_order() && outline.bytes() < least {
        return None;
    }
    Some(coded::encode(value, &outline, codecs).and_then(|coded| outline.filled(coded)))
}

/// The value that a payload is.
pub(crate) fn decode<T: DeserializeOwned>(payload: Incoming) -> Result<T, DecodeError> {
    let value = if is_mapped(type_name::<T>()) {
        let mapping = payload.map()?;
        room::mapped(&mapping)
    } else {
        match Room::for_payload(&payload)? {
            Ok(mut room) => {
                payload.read_into(&mut room.buffers())?;
                room.value()
            }
            Err(refused) => {
                // What is not what was written is that in the first place.
                payload.bytes()?;
                Err(refused)
            }
        }
    };
    value.map_err(|Refused(message)| {
        let message = message.into_owned();
        let codec = Codec::Raw;
        CodecError { codec, message }.into()
    })
}

/// Whether there is a mapped vector in the type of this name. If it is where
/// no array is looked for, mapping does no harm.
fn is_mapped(type_name: &str) -> bool {
    type_name.contains(concat!(env!("CARGO_CRATE_NAME"), "::mapped::MappedVec<"))
}

/// Why a payload is no value, or a value has no raw arrays.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refused(Cow<'static, str>);

impl Refused {
    fn because(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl serde::ser::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::because(message.to_string())
    }
}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::because(message.to_string())
    }
}
