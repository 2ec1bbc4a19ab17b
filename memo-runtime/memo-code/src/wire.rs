//! Values as bytes in files that nothing but this crate reads: a version, then bincode.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Begins every file: another version may write, and read out of sources, something else.
const VERSION: &[u8] = concat!("memo-code ", env!("CARGO_PKG_VERSION"), "\n").as_bytes();

/// No file of ours is larger, and nothing larger is allocated for one.
const LIMIT: usize = 1 << 30;

pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = VERSION.to_vec();
    let config = bincode::config::standard();
    // Nothing that is written has a map of unknown length or fails by itself.
    if bincode::serde::encode_into_std_write(value, &mut bytes, config).is_err() {
        bytes.clear();
    }
    bytes
}

pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let body = bytes.strip_prefix(VERSION)?;
    let config = bincode::config::standard().with_limit::<LIMIT>();
    let (value, read) = bincode::serde::decode_from_slice(body, config).ok()?;
    (read == body.len()).then_some(value)
}
