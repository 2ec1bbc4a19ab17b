//! Small records as checksummed frames: journal records, what a flight says
//! of its holder, the name of a function.
//!
//! ```text
//! frame  = marker length sum body
//! marker = F1 'm' 'r' 0A
//! length = u32, bytes in body, little-endian, at most 16 KiB
//! sum    = the first 8 bytes of BLAKE3 over length and body
//! body   = the record in the record encoding (`codec::record`)
//! ```
//!
//! A reader of many frames passes over what is not a whole, correct frame
//! and goes on at the next marker, so that a torn write costs one record.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::record;

const MARKER: [u8; 4] = [0xF1, b'm', b'r', b'\n'];
const HEAD: usize = 16;
const MAX_BODY: usize = 16 << 10;

/// Appends `value` to `out` as one frame. A record that cannot be encoded or
/// is over 16 KiB leaves `out` as it was; whether it was appended.
pub(crate) fn append<T: Serialize>(value: &T, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    out.extend_from_slice(&[0; HEAD]);
    let appended = record::append(value, out).is_ok() && out.len() - start - HEAD <= MAX_BODY;
    if !appended {
        out.truncate(start);
        return false;
    }
    let length = ((out.len() - start - HEAD) as u32).to_le_bytes();
    let sum = checksum(&length, &out[start + HEAD..]);
    out[start..start + 4].copy_from_slice(&MARKER);
    out[start + 4..start + 8].copy_from_slice(&length);
    out[start + 8..start + HEAD].copy_from_slice(&sum);
    true
}

/// The record in the frame that `bytes` begin with, if there is a whole one.
pub(crate) fn first<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    body(bytes).and_then(|body| record::decode(body).ok())
}

/// Hands out every whole frame in `bytes`, passing over everything else.
///
/// Returns how many bytes are done with: what follows may be the beginning
/// of a frame whose end has not been read yet.
pub(crate) fn each<T: DeserializeOwned>(bytes: &[u8], mut found: impl FnMut(T)) -> usize {
    let mut at = 0;
    while let Some(skipped) = find(&bytes[at..], &MARKER) {
        at += skipped;
        match body(&bytes[at..]) {
            Some(body) => {
                if let Ok(record) = record::decode(body) {
                    found(record);
                }
                at += HEAD + body.len();
            }
            None if may_continue(&bytes[at..]) => return at,
            None => at += 1,
        }
    }
    at.max(bytes.len().saturating_sub(MARKER.len() - 1))
}

/// Whether `bytes`, which begin with a marker, are too short to judge.
fn may_continue(bytes: &[u8]) -> bool {
    match bytes.get(4..8) {
        Some(length) => {
            let size = length
                .iter()
                .rev()
                .fold(0, |size, &byte| size << 8 | usize::from(byte));
            size <= MAX_BODY && bytes.len() < HEAD + size
        }
        None => true,
    }
}

fn body(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.get(..HEAD)?;
    let length: [u8; 4] = head[4..8].try_into().ok()?;
    let size = u32::from_le_bytes(length) as usize;
    if head[..4] != MARKER || size > MAX_BODY {
        return None;
    }
    let body = bytes.get(HEAD..HEAD + size)?;
    (checksum(&length, body) == head[8..HEAD]).then_some(body)
}

fn checksum(length: &[u8; 4], body: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(length).update(body);
    let mut sum = [0; 8];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    sum
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(values: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        for value in values {
            assert!(append(value, &mut out));
        }
        out
    }

    /// Reads all frames, a piece of the bytes at a time.
    fn read_by(step: usize, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = Vec::new();
        for piece in bytes.chunks(step) {
            rest.extend_from_slice(piece);
            let done = each(&rest, |value: String| found.push(value));
            rest.drain(..done);
        }
        found
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let found = read_by(usize::MAX, bytes);
        assert_eq!(read_by(7, bytes), found);
        found
    }

    #[test]
    fn what_was_appended_is_read_in_order() {
        assert_eq!(read(&frames(&["one", "", "three"])), ["one", "", "three"]);
        assert_eq!(first::<String>(&frames(&["one", "two"])).unwrap(), "one");
    }

    #[test]
    fn a_record_cut_at_any_byte_costs_only_itself() {
        let whole = frames(&["one", "two"]);
        let last = frames(&["three"]);
        for cut in 0..last.len() {
            let mut bytes = whole.clone();
            bytes.extend_from_slice(&last[..cut]);
            bytes.extend_from_slice(&frames(&["four"]));
            // A cut length may reach over the next record; later ones are found.
            bytes.extend_from_slice(&frames(&[&"-".repeat(300), "five"]));
            let found = read(&bytes);
            assert_eq!(found[..2], ["one", "two"], "cut at {cut}");
            assert!(
                found.ends_with(&["five".to_owned()]),
                "cut at {cut}: {found:?}"
            );
        }
    }

    #[test]
    fn any_flipped_bit_is_noticed() {
        let good = frames(&["record"]);
        for bit in 0..good.len() * 8 {
            let mut bytes = good.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(first::<String>(&bytes), None, "bit {bit}");
        }
    }

    #[test]
    fn a_hostile_length_is_not_believed() {
        let mut bytes = frames(&["x"]);
        bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(first::<String>(&bytes), None);
    }

    #[test]
    fn a_record_over_the_limit_is_not_appended() {
        let mut out = vec![7];
        assert!(!append(&"x".repeat(MAX_BODY + 1), &mut out));
        assert_eq!(out, [7]);
    }
}
