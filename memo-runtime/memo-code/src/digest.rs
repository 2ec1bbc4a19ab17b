//! Digests as one run of bytes in what is written: number by number, unoptimized builds take long.

use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(digest: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_bytes(digest)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = [u8; 32];

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("32 bytes")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<[u8; 32], E> {
            bytes
                .try_into()
                .map_err(|_| E::invalid_length(bytes.len(), &self))
        }
    }

    from.deserialize_bytes(Bytes)
}

/// Digests of which only the beginning is not zero.
pub(crate) mod beginning {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(digest: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        let zeros = digest.iter().rev().take_while(|byte| **byte == 0).count();
        to.serialize_bytes(&digest[..digest.len() - zeros])
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let bytes: Vec<u8> = Deserialize::deserialize(from)?;
        let mut digest = [0; 32];
        let part = digest.get_mut(..bytes.len());
        let part = part.ok_or_else(|| serde::de::Error::custom("a digest that is too long"))?;
        part.copy_from_slice(&bytes);
        Ok(digest)
    }
}
