//! Calls spelled out: alike if and only if they are the same.

use proptest::prelude::*;

use super::super::Spelled;
use super::{Bytes, digest};
use crate::key::Digest;

/// An argument of a random call. Names, texts and digests look alike, and texts
/// are short or just over what is spelled out.
#[derive(Clone, Debug, PartialEq)]
enum Argument {
    Text(String, String),
    Bytes(String, Vec<u8>),
    Number(String, u8),
    Optional(String, u8),
    Known(String, [u8; 32]),
}

fn argument() -> impl Strategy<Value = Argument> {
    let text = || prop_oneof!["[a\u{0}\u{1}]{0,3}", "a{240,260}"];
    prop_oneof![
        (text(), text()).prop_map(|(name, value)| Argument::Text(name, value)),
        (text(), prop::collection::vec(0xfe..=0xff_u8, 0..34))
            .prop_map(|(name, value)| Argument::Bytes(name, value)),
        (text(), 0..3_u8).prop_map(|(name, value)| Argument::Number(name, value)),
        (text(), 0..3_u8).prop_map(|(name, value)| Argument::Optional(name, value)),
        (text(), 0..2_u8).prop_map(|(name, byte)| Argument::Known(name, [byte; 32])),
    ]
}

fn spelled(arguments: &[Argument], called: u8) -> Spelled {
    let mut spelled = Spelled::new();
    for argument in arguments {
        let spot = match argument {
            Argument::Text(name, value) => spelled.argument(name, value),
            Argument::Bytes(name, value) => spelled.argument(name, &Bytes(value)),
            Argument::Number(name, value) => spelled.argument(name, value),
            Argument::Optional(name, value) => spelled.argument(name, &Some(*value)),
            Argument::Known(name, digest) => {
                Ok(spelled.digested(name, &Digest::from_bytes(*digest)))
            }
        };
        spot.expect("the value serializes");
    }
    spelled.end(&Digest::from_bytes([called; 32]));
    spelled
}

proptest! {
    #[test]
    fn two_calls_are_spelled_alike_if_they_are_the_same(
        one in prop::collection::vec(argument(), 0..4),
        other in prop::collection::vec(argument(), 0..4),
        called in (0..2_u8, 0..2_u8),
        same in any::<bool>(),
    ) {
        let other = if same { one.clone() } else { other };
        let alike =
            spelled(&one, called.0).as_bytes() == spelled(&other, called.1).as_bytes();
        prop_assert_eq!(alike, one == other && called.0 == called.1);
    }
}

#[test]
fn what_is_long_is_spelled_by_its_digest() {
    for length in [0, 1, 246, 247, 248, 300, 100_000] {
        let value = "a".repeat(length);
        // Compared with what is spelled.
        digest(&value);
        let mut spelled = Spelled::new();
        spelled.argument("value", &value).unwrap();
        assert!(
            spelled.as_bytes().len() <= 8 + "value".len() + 256,
            "{length}"
        );
    }
}

#[test]
fn each_argument_has_its_own_digest() {
    let mut spelled = Spelled::new();
    let known = Digest::from_bytes([7; 32]);
    let long = "a".repeat(1000);
    let spots = [
        spelled.argument("lr", &0.1).unwrap(),
        spelled.argument("text", &long).unwrap(),
        spelled.digested("file", &known),
        spelled.argument("layers", &[1_u8, 2]).unwrap(),
    ];
    spelled.end(&known);
    let digests = spots.each_ref().map(|spot| spelled.digest_of(spot));
    let alone = [digest(&0.1), digest(&long), known, digest(&[1_u8, 2])];
    assert_eq!(digests, alone);
}

#[test]
fn what_looks_like_another_call_is_spelled_otherwise() {
    let differ = |one: &Argument, other: &Argument| {
        let spell = |argument: &Argument| spelled(std::slice::from_ref(argument), 0);
        assert_ne!(spell(one).as_bytes(), spell(other).as_bytes());
    };
    let named = |name: &str| name.to_owned();
    // A name that ends as a value begins: `A` is the tag of `Some`.
    differ(
        &Argument::Optional(named(""), 5),
        &Argument::Number(named("A"), 5),
    );
    // Values of 33 bytes that are all that a digest is but for the tag: a
    // length of 24, and so many letters.
    let mut digest = [b'a'; 32];
    digest[..8].copy_from_slice(&24_u64.to_le_bytes());
    let known = Argument::Known(named("a"), digest);
    differ(&known, &Argument::Text(named("a"), "a".repeat(24)));
    differ(&known, &Argument::Bytes(named("a"), vec![b'a'; 24]));
}
