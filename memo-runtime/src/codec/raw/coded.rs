//! Parts of values that are no arrays, in codecs for all values.

use std::any::type_name;

use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed};

use super::outline::Outline;
use super::rebuild::{self, Elements, Item};
use super::table::{Leaf, Part};
use super::walk::{Visitor, walk};
use super::{Refused, arrays};
use crate::cast::AnyRef;
use crate::codec::{self, Codec, is_plain};
use crate::key::{self, Digest};

/// A part in a codec.
pub(super) struct Coded {
    pub(super) codec: Codec,
    pub(super) bytes: Vec<u8>,
}

/// The parts of `value` that are no arrays: in bincode if they are of types of
/// the standard library, and else in the first of `codecs` that gives them all
/// back; or why none does.
pub(super) fn encode<T: Serialize + DeserializeOwned>(
    value: &T,
    outline: &Outline<'_>,
    codecs: &[Codec],
) -> Result<Vec<Coded>, String> {
    if outline.are_arrays().all(|is_array| is_array) {
        return Ok(Vec::new());
    }
    let mut reasons = Vec::new();
    for &codec in codecs {
        let mut coder = Coder {
            are_arrays: outline.are_arrays(),
            codec,
            coded: Vec::new(),
            is_proven: true,
        };
        let outcome = walk(value, &mut coder).and_then(|()| {
            if !coder.is_proven {
                survives(value, outline, &coder.coded)?;
            }
            Ok(coder.coded)
        });
        match outcome {
            Ok(coded) => return Ok(coded),
            Err(reason) => reasons.push(format!("{codec}: {reason}")),
        }
    }
    Err(reasons.join("; "))
}

/// Compares `value` with the one that is made of coded parts, and of arrays
/// without elements.
fn survives<T: Serialize + DeserializeOwned>(
    value: &T,
    outline: &Outline<'_>,
    coded: &[Coded],
) -> Result<(), Refused> {
    let emptied = outline.emptied();
    let mut coded = coded.iter();
    let items = emptied.iter().map(|part| match part {
        Part::Leaf(Leaf::Coded(..), _) => {
            let missing = || Refused::because("a part has not been encoded");
            let Coded { codec, bytes } = coded.next().ok_or_else(missing)?;
            Ok(Item::Coded(*codec, bytes))
        }
        Part::Leaf(leaf, place) => {
            let column = arrays::column(leaf, place.len as usize)?;
            Ok(Item::Array(leaf, Elements::Read(column)))
        }
        _ => Ok(Item::Open(part)),
    });
    let copy: T = rebuild::value(items.collect::<Result<_, _>>()?)?;
    match digests(value, outline)? == digests(&copy, outline)? {
        true => Ok(()),
        false => Err(Refused::because(
            "the decoded value differs from the encoded one",
        )),
    }
}

/// The value of a part.
pub(super) fn decode<'de, S: DeserializeSeed<'de>>(
    codec: Codec,
    bytes: &'de [u8],
    seed: S,
) -> Result<S::Value, Refused> {
    codec::decode_seed(codec, bytes, seed).map_err(refused)
}

fn refused(error: impl std::error::Error) -> Refused {
    Refused::because(error.to_string())
}

/// Encodes the parts that are no arrays.
struct Coder<A> {
    are_arrays: A,
    codec: Codec,
    coded: Vec<Coded>,
    /// Whether all that was encoded decodes to the same, as is known of its types.
    is_proven: bool,
}

impl<'a, A: Iterator<Item = bool>> Visitor<'a> for Coder<A> {
    fn leaf<T: Serialize + ?Sized>(&mut self, value: &T, _: AnyRef<'a>) -> Result<(), Refused> {
        if self.are_arrays.next() == Some(true) {
            return Ok(());
        }
        let is_proven = is_plain(type_name::<T>());
        let codec = if is_proven {
            Codec::Bincode
        } else {
            self.codec
        };
        self.is_proven &= is_proven;
        let bytes = codec::encode(codec, &value).map_err(refused)?;
        self.coded.push(Coded { codec, bytes });
        Ok(())
    }
}

/// The digests of the parts of a value that are no arrays.
fn digests<T: Serialize>(value: &T, outline: &Outline<'_>) -> Result<Vec<Digest>, Refused> {
    let mut digests = Digests {
        are_arrays: outline.are_arrays(),
        digests: Vec::new(),
    };
    walk(value, &mut digests)?;
    Ok(digests.digests)
}

struct Digests<A> {
    are_arrays: A,
    digests: Vec<Digest>,
}

impl<'a, A: Iterator<Item = bool>> Visitor<'a> for Digests<A> {
    fn leaf<T: Serialize + ?Sized>(&mut self, value: &T, _: AnyRef<'a>) -> Result<(), Refused> {
        if self.are_arrays.next() != Some(true) {
            self.digests.push(key::digest_of(value).map_err(refused)?);
        }
        Ok(())
    }
}
