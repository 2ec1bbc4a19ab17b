//! Maps by key. A key is as good as random already and is not hashed again.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::key::Digest;

/// A map by key.
pub(crate) type ByKey<T> = HashMap<Digest, T, BuildHasherDefault<AsItIs>>;

/// Takes the beginning of the bytes that it is given last for their hash.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
