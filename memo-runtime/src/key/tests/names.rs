//! Digests as text and as data, and keys made of named parts.

use super::digest;
use crate::key::{Digest, KeyBuilder, ParseDigestError};

fn counting() -> Digest {
    Digest::from_bytes(std::array::from_fn(|place| place as u8))
}

#[test]
fn a_digest_is_written_in_lower_case_hexadecimal_and_read_back() {
    let hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    assert_eq!(counting().to_string(), hex);
    assert_eq!(counting().to_hex(), hex);
    assert_eq!(format!("{:?}", counting()), hex);
    assert_eq!(format!("{:.8}", counting()), "00010203");
    assert_eq!(hex.parse(), Ok(counting()));
}

#[test]
fn a_digest_has_one_spelling() {
    let hex = counting().to_hex();
    let uppercase = hex.to_uppercase();
    let long = format!("{hex}00");
    let foreign = hex.replacen('0', "g", 1);
    for text in ["", "00", &uppercase, &hex[1..], &long, &foreign] {
        assert_eq!(text.parse::<Digest>(), Err(ParseDigestError), "{text:?}");
    }
}

#[test]
fn a_digest_serializes_as_its_bytes() {
    let json = serde_json::to_value(counting()).expect("serializes");
    assert_eq!(json, serde_json::json!(counting().as_bytes()));
    let read: Digest = serde_json::from_value(json).expect("deserializes");
    assert_eq!(read, counting());
}

#[test]
fn every_part_of_a_key_counts() {
    let build = |parts: &dyn Fn(&mut KeyBuilder)| {
        let mut key = KeyBuilder::new();
        parts(&mut key);
        key.finish()
    };
    let one = digest(&1);
    let keys = [
        build(&|_| {}),
        build(&|key| _ = key.field("a", b"bc")),
        build(&|key| _ = key.field("ab", b"c")),
        build(&|key| _ = key.field("a", b"b").field("c", b"")),
        build(&|key| _ = key.field("c", b"").field("a", b"b")),
        build(&|key| _ = key.field("n", &one.as_bytes()[..])),
        build(&|key| _ = key.digest("n", &one)),
        build(&|key| _ = key.number("n", 1)),
        build(&|key| _ = key.number("n", 2)),
        build(&|key| _ = key.field("n", &1_u64.to_le_bytes())),
    ];
    for (place, key) in keys.iter().enumerate() {
        assert!(!keys[..place].contains(key), "key {place} is not new");
    }
    assert_eq!(
        build(&|key| _ = key.number("n", 1)),
        build(&|key| _ = key.number("n", 1)),
    );
}
