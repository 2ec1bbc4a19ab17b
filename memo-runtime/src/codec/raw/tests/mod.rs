mod format;
mod hostile;
mod nested;
mod round_trips;
#[cfg(feature = "ndarray")]
mod shapes;

use std::io::Write;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::table::{ByteOrder, Form, Layout, Leaf, Part, Place, Table};
use super::*;
use crate::codec::{candidates, same, shape};
use crate::payload::Unsound;

/// Where payloads begin in files here.
const BEGIN: usize = 192;

/// The value as raw arrays, however small.
fn encode<'a, T: Serialize + DeserializeOwned>(
    value: &'a T,
    codecs: &[Codec],
) -> Option<Chosen<'a>> {
    encode_from(0, value, codecs)
}

#[test]
fn what_is_small_is_left_to_other_codecs_unless_they_lose_its_order() {
    let is_raw = |len: usize| super::encode(&vec![1_u8; len], &[Codec::Bincode]).is_some();
    assert_eq!(
        [0, 1, LEAST - 1, LEAST].map(is_raw),
        [false, false, false, true]
    );
    let in_all = (vec![1_u8; LEAST / 2], vec![1_u8; LEAST / 2]);
    assert!(super::encode(&in_all, &[Codec::Bincode]).is_some());
}

/// The payload of a value, all in one.
fn stored<T: Serialize + DeserializeOwned>(value: &T) -> Vec<u8> {
    let codecs = candidates(shape::of_type::<T>().complete);
    let encoded = encode(value, codecs).expect("it has an array").unwrap();
    assert_eq!(encoded.codec, Codec::Raw);
    encoded.pieces.concat()
}

/// A payload that has been checked already.
fn in_memory(bytes: Vec<u8>) -> Incoming {
    let at = 0..bytes.len();
    Incoming::checked(bytes, at)
}

/// A payload in its file, with the digest that it has, or should have.
fn in_file(bytes: &[u8], digest: blake3::Hash) -> Incoming {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&[0xAA; BEGIN]).unwrap();
    file.write_all(bytes).unwrap();
    Incoming::in_file(file, BEGIN as u64, bytes.len() as u64, *digest.as_bytes())
}

fn loaded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    said(decode(in_memory(bytes.to_vec())))
}

fn said<T>(outcome: Result<T, DecodeError>) -> Result<T, String> {
    outcome.map_err(|error| match error {
        DecodeError::Unsound(unsound) => format!("{unsound:?}"),
        DecodeError::Malformed(error) => error.to_string(),
    })
}

/// Checks that a value comes back bit by bit, from memory and from a file.
fn survives<T: Serialize + DeserializeOwned>(value: &T) {
    let bytes = stored(value);
    let copy: T = loaded(&bytes).unwrap();
    assert!(same(value, &copy), "{}", type_name::<T>());
    let copy: T = said(decode(in_file(&bytes, blake3::hash(&bytes)))).unwrap();
    assert!(same(value, &copy), "{}", type_name::<T>());
}

/// The same with changes at some places.
fn patched(bytes: &[u8], changes: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (at, change) in changes {
        bytes[*at..*at + change.len()].copy_from_slice(change);
    }
    bytes
}
