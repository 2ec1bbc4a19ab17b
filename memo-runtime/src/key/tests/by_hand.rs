//! The documented grammar is what is hashed: digests computed from bytes that are written
//! here by hand after the page on the encoding, with no help from the code.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::{Bytes, digest};
use crate::key::{Digest, KeyBuilder};

/// Bytes in the notation of the grammar.
#[derive(Default)]
struct Written(Vec<u8>);

impl Written {
    fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.extend_from_slice(bytes.as_ref());
        self
    }

    fn tag(self, tag: u8) -> Self {
        self.raw([tag])
    }

    fn u64(self, number: u64) -> Self {
        self.raw(number.to_le_bytes())
    }

    fn text(self, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref();
        self.u64(text.len() as u64).raw(text)
    }

    fn derive(&self, context: &str) -> Digest {
        Digest::from_bytes(blake3::derive_key(context, &self.0))
    }

    fn argument(&self) -> Digest {
        self.derive("memo-runtime 1 argument")
    }

    fn unordered_element(&self) -> Digest {
        self.derive("memo-runtime 1 unordered element")
    }
}

fn written() -> Written {
    Written::default()
}

#[test]
fn primitives_follow_the_grammar() {
    let cases = [
        (digest(&true), written().raw([0x01, 1])),
        (digest(&0xab_u8), written().raw([0x10, 0xab])),
        (digest(&0x0102_u16), written().raw([0x11, 2, 1])),
        (digest(&0x0102_0304_u32), written().raw([0x12, 4, 3, 2, 1])),
        (
            digest(&5_u64),
            written().raw([0x13, 5, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (
            digest(&5_usize),
            written().raw([0x13, 5, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (digest(&u128::MAX), written().tag(0x14).raw([0xff; 16])),
        (digest(&-2_i8), written().raw([0x18, 0xfe])),
        (digest(&-2_i16), written().raw([0x19, 0xfe, 0xff])),
        (
            digest(&-2_i32),
            written().raw([0x1a, 0xfe, 0xff, 0xff, 0xff]),
        ),
        (digest(&-1_i64), written().tag(0x1b).raw([0xff; 8])),
        (digest(&-1_i128), written().tag(0x1c).raw([0xff; 16])),
        (digest(&1.0_f32), written().raw([0x20, 0, 0, 0x80, 0x3f])),
        (
            digest(&-0.0_f64),
            written().raw([0x21, 0, 0, 0, 0, 0, 0, 0, 0x80]),
        ),
    ];
    for (encoded, by_hand) in cases {
        assert_eq!(encoded, by_hand.argument(), "{:x?}", by_hand.0);
    }
}

#[test]
fn scalars_and_strings_follow_the_grammar() {
    let cases = [
        (digest(&'ß'), written().raw([0x28, 0xdf, 0, 0, 0])),
        (digest("ß"), written().tag(0x30).u64(2).raw([0xc3, 0x9f])),
        (
            digest(&Bytes(&[9, 8])),
            written().tag(0x31).u64(2).raw([9, 8]),
        ),
        (digest(&None::<u8>), written().tag(0x40)),
        (digest(&Some(3_u8)), written().raw([0x41, 0x10, 3])),
        (digest(&()), written().tag(0x50)),
    ];
    for (encoded, by_hand) in cases {
        assert_eq!(encoded, by_hand.argument(), "{:x?}", by_hand.0);
    }
}

#[test]
fn structs_and_tuples_follow_the_grammar() {
    #[derive(Serialize)]
    struct Marker;
    #[derive(Serialize)]
    struct Metres(u8);
    #[derive(Serialize)]
    struct Pair(u8, u8);
    #[derive(Serialize)]
    struct Config {
        lr: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<u8>,
    }
    let pair = |list: Written| list.raw([0x80, 0x10]).u64(2).raw([1, 2]).tag(0);
    let config = Config { lr: 1, note: None };

    let cases = [
        (digest(&Marker), written().tag(0x51).text("Marker")),
        (
            digest(&Metres(7)),
            written().tag(0x52).text("Metres").raw([0x10, 7]),
        ),
        (digest(&(1_u8, 2_u8)), pair(written().tag(0x53))),
        (digest(&Pair(1, 2)), pair(written().tag(0x54).text("Pair"))),
        (
            digest(&config),
            written()
                .tag(0x55)
                .text("Config")
                .tag(0x56)
                .text("lr")
                .raw([0x10, 1])
                .tag(0x57)
                .text("note")
                .tag(0),
        ),
    ];
    for (encoded, by_hand) in cases {
        assert_eq!(encoded, by_hand.argument(), "{:x?}", by_hand.0);
    }
}

#[test]
fn enums_follow_the_grammar() {
    #[derive(Serialize)]
    enum Step {
        Stop,
        By(u8),
        Between(u8, bool),
        Along { path: u8 },
    }
    let variant = |tag: u8, index: u32, name: &str| {
        let start = written().tag(tag).text("Step");
        start.raw(index.to_le_bytes()).text(name)
    };

    let cases = [
        (digest(&Step::Stop), variant(0x60, 0, "Stop")),
        (digest(&Step::By(4)), variant(0x61, 1, "By").raw([0x10, 4])),
        (
            digest(&Step::Between(4, true)),
            variant(0x62, 2, "Between")
                .raw([0x80, 0x10])
                .u64(1)
                .tag(4)
                .raw([0x80, 0x01])
                .u64(1)
                .tag(1)
                .tag(0),
        ),
        (
            digest(&Step::Along { path: 4 }),
            variant(0x63, 3, "Along")
                .tag(0x56)
                .text("path")
                .raw([0x10, 4])
                .tag(0),
        ),
    ];
    for (encoded, by_hand) in cases {
        assert_eq!(encoded, by_hand.argument(), "{:x?}", by_hand.0);
    }
}

#[test]
fn sequences_follow_the_grammar() {
    let strings = written()
        .tag(0x70)
        .tag(0x30)
        .text("a")
        .tag(0x30)
        .text("bc")
        .tag(0);
    assert_eq!(digest(&["a", "bc"][..]), strings.argument());

    let empty = written().raw([0x70, 0]);
    assert_eq!(digest(&Vec::<u64>::new()), empty.argument());

    let short = written().raw([0x70, 0x80, 0x12]).u64(256);
    let short = short.raw([0xff; 1024]).tag(0);
    assert_eq!(digest(&vec![u32::MAX; 256]), short.argument());
}

#[test]
fn a_long_run_is_the_digest_of_its_bytes() {
    let numbers: Vec<u64> = (0..10_000).map(|n| n * n).collect();
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();

    let by_hand = written()
        .raw([0x70, 0x81, 0x13])
        .u64(10_000)
        .raw(blake3::hash(&bytes).as_bytes())
        .tag(0);
    assert_eq!(digest(&numbers), by_hand.argument());
}

#[test]
fn what_several_threads_hash_follows_the_grammar() {
    let long: String = (0..1_200_000).map(|n| format!("{n:09},")).collect();

    let tuple = (1_u8, &long, Bytes(long.as_bytes()), 2_u8);
    let by_hand = written()
        .tag(0x53)
        .raw([0x80, 0x10])
        .u64(1)
        .tag(1)
        .tag(0x30)
        .text(&long)
        .tag(0x31)
        .text(&long)
        .raw([0x80, 0x10])
        .u64(1)
        .tag(2)
        .tag(0);
    assert_eq!(digest(&tuple), by_hand.argument());
}

#[test]
fn unordered_collections_follow_the_grammar() {
    let mut digests = [3_u8, 1, 2].map(|n| written().raw([0x10, n]).unordered_element());
    digests.sort();
    let set = digests
        .iter()
        .fold(written().tag(0x72).u64(3), |set, digest| {
            set.raw(digest.as_bytes())
        });
    assert_eq!(digest(&HashSet::from([1_u8, 2, 3])), set.argument());

    let entry = written().tag(0x30).text("a").raw([0x10, 1]);
    let map = written()
        .tag(0x73)
        .u64(1)
        .raw(entry.unordered_element().as_bytes());
    assert_eq!(digest(&HashMap::from([("a", 1_u8)])), map.argument());
}

#[test]
fn ordered_maps_follow_the_grammar() {
    let map = std::collections::BTreeMap::from([("a", 1_u8), ("b", 2)]);
    let by_hand = written()
        .tag(0x71)
        .tag(0x30)
        .text("a")
        .raw([0x10, 1])
        .tag(0x30)
        .text("b")
        .raw([0x10, 2])
        .tag(0);
    assert_eq!(digest(&map), by_hand.argument());
}

#[test]
fn keys_follow_the_grammar() {
    let lr = digest(&0.1);
    let mut key = KeyBuilder::new();
    key.field("function", b"train")
        .digest("lr", &lr)
        .number("version", 2);

    let by_hand = written()
        .tag(1)
        .text("function")
        .text("train")
        .tag(2)
        .text("lr")
        .raw(lr.as_bytes())
        .tag(3)
        .text("version")
        .u64(2);
    assert_eq!(key.finish(), by_hand.derive("memo-runtime 1 key"));
}
