//! Values that fail to serialize, or break the rules of serde, have no digest.

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

use super::digest;
use crate::key::{digest_of, short_text};

macro_rules! serializes {
    (|$serializer:ident| $body:expr) => {{
        struct Value;
        impl Serialize for Value {
            fn serialize<S: Serializer>(&self, $serializer: S) -> Result<S::Ok, S::Error> {
                $body
            }
        }
        Value
    }};
}

struct Fails;

impl Serialize for Fails {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(2)?;
        tuple.serialize_element(&1_u8)?;
        Err(S::Error::custom("a socket has no value"))
    }
}

fn reason(value: &impl Serialize) -> String {
    digest_of(value)
        .expect_err("the value has no digest")
        .to_string()
}

#[test]
fn the_value_says_why_it_fails() {
    let message = "the value cannot be serialized: a socket has no value";
    assert_eq!(reason(&Fails), message);
    assert_eq!(reason(&Some(vec![(1, Fails)])), message);
    assert_eq!(
        reason(&std::collections::HashMap::from([(1, Fails)])),
        message
    );
}

#[test]
fn a_failure_that_is_passed_over_is_still_one() {
    let seq = serializes!(|serializer| {
        let mut seq = serializer.serialize_seq(None)?;
        _ = seq.serialize_element(&Fails);
        seq.end()
    });
    let fields = serializes!(|serializer| {
        let mut fields = serializer.serialize_struct("Passing", 1)?;
        _ = fields.serialize_field("socket", &Fails);
        fields.end()
    });
    let message = "the value cannot be serialized: a part of it failed";
    assert_eq!(reason(&seq), message);
    assert_eq!(reason(&fields), message);
    assert_eq!(reason(&(1, Some(seq))), message);
}

#[test]
fn a_passed_over_failure_inside_an_unordered_collection_is_one() {
    struct Passing(u8);
    impl Serialize for Passing {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut seq = serializer.serialize_seq(None)?;
            _ = seq.serialize_element(&Fails);
            seq.serialize_element(&self.0)?;
            seq.end()
        }
    }
    let map = std::collections::HashMap::from([(1, Passing(1)), (2, Passing(2))]);
    assert!(reason(&map).ends_with("a part of it failed"));
}

#[test]
fn a_map_takes_keys_and_values_by_turns() {
    let two_keys = serializes!(|serializer| {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_key(&1)?;
        map.serialize_entry(&2, &3)?;
        map.end()
    });
    let no_key = serializes!(|serializer| {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_value(&1)?;
        map.end()
    });
    let no_value = serializes!(|serializer| {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_key(&1)?;
        map.end()
    });
    let passed_over = serializes!(|serializer| {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(&1, &2)?;
        _ = map.serialize_value(&3);
        map.end()
    });
    assert!(reason(&two_keys).ends_with("a map has a key without a value"));
    assert!(reason(&no_key).ends_with("a map has a value without a key"));
    assert!(reason(&no_value).ends_with("a map has a key without a value"));
    assert!(reason(&passed_over).ends_with("a part of it failed"));
}

#[test]
fn announced_lengths_do_not_count() {
    let unknown = serializes!(|serializer| {
        let mut seq = serializer.serialize_seq(None)?;
        seq.serialize_element(&1_u8)?;
        seq.end()
    });
    let wrong = serializes!(|serializer| {
        let mut seq = serializer.serialize_seq(Some(7))?;
        seq.serialize_element(&1_u8)?;
        seq.end()
    });
    assert_eq!(digest(&unknown), digest(&[1_u8][..]));
    assert_eq!(digest(&wrong), digest(&[1_u8][..]));

    let short_tuple = serializes!(|serializer| {
        let mut tuple = serializer.serialize_tuple(2)?;
        tuple.serialize_element(&1_u8)?;
        tuple.end()
    });
    assert_ne!(digest(&(short_tuple, 2_u8)), digest(&((1_u8, 2_u8),)));
}

#[test]
fn the_text_of_a_value_that_fails_shows_what_there_was() {
    assert_eq!(short_text(&(1, Fails, 2)), "(1, (1…");
}
