//! Entries whose digests are right and whose contents are not: written by somebody who means harm,
//! or by a later version.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::kept::Kept;

/// An entry taken apart; see the format in `store/entry.rs`.
pub(crate) struct Forged {
    head: Vec<u8>,
    payload: Vec<u8>,
}

impl Forged {
    pub(crate) fn read(entry: &Path) -> Self {
        let mut head = fs::read(entry).unwrap();
        let offset = u64::from_le_bytes(head[24..32].try_into().unwrap()) as usize;
        let payload = head.split_off(offset);
        Self { head, payload }
    }

    pub(crate) fn set_version(&mut self, version: u32) {
        self.head[8..12].copy_from_slice(&version.to_le_bytes());
    }

    /// Seals it with right digests and puts it into place; its bytes.
    pub(crate) fn write(mut self, entry: &Path) -> Vec<u8> {
        let length = self.payload.len() as u64;
        self.head[32..40].copy_from_slice(&length.to_le_bytes());
        self.head[128..160].copy_from_slice(blake3::hash(&self.payload).as_bytes());
        let mut digest = blake3::Hasher::new();
        digest.update(&self.head[..160]).update(&self.head[192..]);
        self.head[160..192].copy_from_slice(digest.finalize().as_bytes());
        let bytes = [self.head, self.payload].concat();
        fs::write(entry, &bytes).unwrap();
        bytes
    }
}

/// Expects `payload`, in an entry with right digests, to be no value and to be healed.
fn is_no_value<T>(value: T, payload: &[u8], what: &str)
where
    T: Clone + PartialEq + std::fmt::Debug + Serialize + for<'de> Deserialize<'de>,
{
    let kept = Kept::new(value);
    let entry = kept.keep(0);
    let mut forged = Forged::read(&entry);
    forged.payload = payload.to_vec();
    let bytes = forged.write(&entry);
    kept.heals(0, &entry, &bytes, what);
}

#[test]
fn resealed_as_it_was_an_entry_is_a_hit() {
    let kept = Kept::new(vec![1, 2, 3]);
    let entry = kept.keep(0);
    Forged::read(&entry).write(&entry);
    assert!(!kept.computes(0));
}

#[test]
fn a_payload_with_a_byte_too_many_or_too_few_is_no_value() {
    let good = [3, 0, 0, 0, 0, 0, 0, 0, b'a', b'b', b'c'];
    is_no_value("abc".to_owned(), &[&good[..], &[0]].concat(), "one more");
    is_no_value("abc".to_owned(), &good[..10], "one less");
    is_no_value("abc".to_owned(), &[], "none");
}

#[test]
fn a_length_that_the_payload_does_not_have_is_no_value_and_takes_no_memory() {
    for length in [1_u64 << 40, u64::MAX, 1 << 63, 100] {
        let payload = [&length.to_le_bytes()[..], &[1]].concat();
        is_no_value(vec![1_u8], &payload, "bytes");
        is_no_value(vec![1_u64], &payload, "numbers");
        is_no_value("x".to_owned(), &payload, "text");
        is_no_value(
            std::collections::BTreeMap::from([(1_u8, 2_u8)]),
            &payload,
            "map",
        );
    }
}
