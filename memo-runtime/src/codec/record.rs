//! The encoding of the store's own records: entry headers, journal records,
//! flights.
//!
//! bincode 2, standard configuration: integers of more than one byte are
//! variable-length (one byte up to 250; else a byte 251, 252, 253 or 254 and
//! 2, 4, 8 or 16 bytes), little-endian; lengths and enum variants are
//! integers; strings are their length and UTF-8 bytes; structs and tuples
//! are their fields in order. Never for values of users.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::error::{DecodeError, EncodeError};
use serde::Serialize;
use serde::de::DeserializeOwned;

const LIMIT: usize = 16 << 20;
const CONFIG: Configuration<LittleEndian, Varint, Limit<LIMIT>> =
    bincode::config::standard().with_limit::<LIMIT>();

/// Appends a record to `out`.
pub(crate) fn append<T: Serialize>(value: &T, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    bincode::serde::encode_into_std_write(value, out, CONFIG).map(drop)
}

/// Reads a record that takes up all of `bytes`.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    match decode_first(bytes)? {
        (value, []) => Ok(value),
        (_, rest) => Err(DecodeError::OtherString(format!(
            "{} bytes left over",
            rest.len()
        ))),
    }
}

/// Reads the record that `bytes` begin with; what follows it is left.
pub(crate) fn decode_first<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, &[u8]), DecodeError> {
    let (value, used) = bincode::serde::decode_from_slice(bytes, CONFIG)?;
    Ok((value, bytes.get(used..).unwrap_or_default()))
}
