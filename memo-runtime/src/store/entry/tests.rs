//! Heads and payloads against bytes that are not theirs.

use std::io::{Read, Seek};

use super::*;
use crate::key::digest_of;

fn facts() -> Facts {
    Facts {
        key: digest_of("key").unwrap(),
        value_type: digest_of("type").unwrap(),
        codec: 1,
        created: 1_700_000_000_000_000_000,
        duration: 1_500_000_000,
        ttl: 0,
    }
}

fn file(header: &[u8], payload: &[u8]) -> Vec<u8> {
    let (first, second) = payload.split_at(payload.len() / 3);
    let (facts, pieces) = (facts(), [first.into(), second.into()]);
    let sealed = Sealed::new(&facts, header, &pieces);
    let mut file = tempfile::tempfile().unwrap();
    sealed.write_to(&file).unwrap();
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, sealed.len());
    bytes
}

fn check(bytes: &[u8]) -> Result<Head, Fault> {
    let head = Head::measure(bytes, bytes.len() as u64)?;
    head.check(bytes)?;
    head.check_payload(bytes)?;
    Ok(head)
}

#[test]
fn what_was_sealed_is_read_back_and_aligned() {
    let edges = [
        JOINED,
        JOINED + 1,
        OVERLAPPED - 1,
        OVERLAPPED,
        4 * OVERLAPPED + 1,
    ];
    for payload in [0, 1, 63, 64, 65].into_iter().chain(edges) {
        for header in [0, 1, 64, 100] {
            let value: Vec<u8> = (0..=250).cycle().take(payload as usize).collect();
            let bytes = file(&vec![9; header], &value);
            let head = check(&bytes).unwrap();
            assert_eq!(head.facts, facts());
            assert_eq!(bytes[head.payload()], value);
            assert_eq!(head.payload().start % 64, 0);
            assert_eq!(head.header(&bytes), vec![9; header]);
        }
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let good = file(b"header", &[5; 4096 - 256]);
    assert_eq!(good.len(), 4096);
    for bit in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(check(&bytes).is_err(), "bit {bit}");
    }
}

#[test]
fn every_cut_and_every_longer_file_is_noticed() {
    let good = file(b"header", &[5; 300]);
    for length in 0..good.len() {
        assert!(check(&good[..length]).is_err(), "cut to {length}");
    }
    for extra in 1..=64 {
        let mut bytes = good.clone();
        bytes.resize(good.len() + extra, 0);
        assert!(check(&bytes).is_err(), "{extra} bytes more");
    }
    assert!(check(&vec![0; good.len()]).is_err(), "all zero");
}

#[test]
fn a_newer_version_is_told_apart_from_damage() {
    let mut bytes = file(b"", b"");
    bytes[8] = 2;
    assert_eq!(check(&bytes).unwrap_err(), Fault::BadHeadDigest);
    let digest = head_digest(&bytes);
    bytes[HEAD_DIGEST].copy_from_slice(digest.as_bytes());
    assert_eq!(check(&bytes).unwrap().newer(), Some(2));
    assert_eq!(check(&file(b"", b"")).unwrap().newer(), None);
}

#[test]
fn hostile_lengths_overflow_nothing() {
    let good = file(b"header", b"payload");
    for at in [16, 24, 32] {
        for value in [u64::MAX, u64::MAX - 63, 1 << 63, 1 << 40] {
            let mut bytes = good.clone();
            bytes[at..at + 8].copy_from_slice(&value.to_le_bytes());
            assert_eq!(check(&bytes).unwrap_err(), Fault::BadLengths);
        }
    }
}

/// Bytes written by format version 1, for ever.
#[test]
fn the_format_is_frozen() {
    let bytes = file(b"header", b"payload");
    assert_eq!(
        blake3::hash(&bytes).to_hex().as_str(),
        "fc26a72bf9e7709f5fb9ec694e603b4c98935eb1c6eda489d68c71ac5282be41"
    );
}
