use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::*;

const BOTH: [Codec; 2] = [Codec::Bincode, Codec::MessagePack];

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(untagged)]
enum Untagged {
    Number(u64),
    Text(String),
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(tag = "kind")]
enum Tagged {
    Circle { radius: f64 },
    Square { side: f64 },
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Flattened {
    id: u32,
    #[serde(flatten)]
    rest: BTreeMap<String, u32>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Skipping {
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u8>,
    b: u8,
}

fn chosen<T: Serialize + DeserializeOwned + PartialEq + fmt::Debug>(value: T) -> Codec {
    let codecs = candidates(shape::of_type::<T>().complete);
    let Ok((codec, Gathered::Memory(bytes))) = choose(&value, codecs, &mut Nowhere) else {
        panic!("it is not to be had in memory");
    };
    assert_eq!(decode::<T>(codec, &bytes).unwrap(), value);
    codec
}

#[test]
fn plain_values_are_kept_by_bincode() {
    assert_eq!(chosen(vec![1u64, 2, 3]), Codec::Bincode);
    assert_eq!(
        chosen((1u8, "text".to_owned(), Some(2.5f64), 'x', u128::MAX)),
        Codec::Bincode
    );
    let map: HashMap<u32, String> = (0..100).map(|i| (i, i.to_string())).collect();
    assert_eq!(chosen(map), Codec::Bincode);
    assert_eq!(chosen(()), Codec::Bincode);
    assert_eq!(chosen(Ok::<u8, String>(1)), Codec::Bincode);
}

#[test]
fn what_bincode_cannot_decode_is_kept_by_messagepack() {
    assert_eq!(chosen(Untagged::Text("x".into())), Codec::MessagePack);
    assert_eq!(chosen(Untagged::Number(7)), Codec::MessagePack);
    assert_eq!(chosen(Tagged::Circle { radius: 1.5 }), Codec::MessagePack);
    assert_eq!(chosen(Tagged::Square { side: 2.5 }), Codec::MessagePack);
    let rest = BTreeMap::from([("x".to_owned(), 1)]);
    assert_eq!(chosen(Flattened { id: 1, rest }), Codec::MessagePack);
    assert_eq!(chosen(Skipping { a: None, b: 3 }), Codec::MessagePack);
    assert_eq!(
        chosen(serde_json::json!({"a": [1, 2.5, null, "x"]})),
        Codec::MessagePack
    );
}

/// Encodes as a number, decodes as another.
#[derive(Debug)]
struct Liar(u32);

impl Serialize for Liar {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for Liar {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(|number| Liar(number + 1))
    }
}

#[test]
fn a_value_that_survives_neither_is_not_kept() {
    let reason = choose(&Liar(1), &BOTH, &mut Nowhere).unwrap_err();
    assert_eq!(
        reason,
        "bincode: the decoded value differs from the encoded one; \
         messagepack: the decoded value differs from the encoded one"
    );
}

#[test]
fn bits_of_floats_survive() {
    let odd = vec![
        f64::from_bits(0x7FF8_0000_0000_0001),
        -0.0,
        f64::INFINITY,
        f64::MIN_POSITIVE,
    ];
    for codec in BOTH {
        let copy: Vec<f64> = decode(codec, &encode(codec, &odd).unwrap()).unwrap();
        let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&copy), bits(&odd));
    }
}

#[test]
fn all_input_must_be_consumed() {
    for codec in BOTH {
        let mut bytes = encode(codec, &7u64).unwrap();
        bytes.push(0);
        assert!(decode::<u64>(codec, &bytes).is_err(), "{codec}");
    }
}

#[test]
fn a_length_that_the_input_does_not_have_is_an_error() {
    let mut bomb = (1u64 << 40).to_le_bytes().to_vec();
    bomb.push(0);
    assert!(decode::<String>(Codec::Bincode, &bomb).is_err());
    assert!(decode::<Vec<u8>>(Codec::Bincode, &bomb).is_err());
    assert!(decode::<Vec<u64>>(Codec::Bincode, &bomb).is_err());
    assert!(decode::<HashMap<u64, u64>>(Codec::Bincode, &bomb).is_err());
    // MessagePack: a string, a byte string and an array of 2^32 - 1.
    for marker in [0xDB, 0xC6, 0xDD] {
        let bomb = [marker, 0xFF, 0xFF, 0xFF, 0xFF, 0];
        assert!(decode::<String>(Codec::MessagePack, &bomb).is_err());
        assert!(decode::<Vec<u64>>(Codec::MessagePack, &bomb).is_err());
    }
}

#[test]
fn the_limit_never_refuses_an_honest_value() {
    for length in [0, 1, 0xFF8, 0x1000, 0x1001, 0xFFF8, 0x1_0000, 0x10_0001] {
        let text = "x".repeat(length);
        let copy: String = decode(Codec::Bincode, &encode(Codec::Bincode, &text).unwrap()).unwrap();
        assert_eq!(copy.len(), length);
    }
}

#[test]
fn only_types_of_the_standard_library_go_unproven() {
    for plain in [
        type_name::<Vec<u64>>(),
        type_name::<(u8, Option<Vec<String>>, [f64; 3], ())>(),
        type_name::<HashMap<String, Box<[char]>>>(),
        type_name::<Result<(), BTreeMap<u8, i128>>>(),
    ] {
        assert!(is_plain(plain), "{plain}");
    }
    for other in [
        type_name::<Liar>(),
        type_name::<Vec<Skipping>>(),
        type_name::<Option<serde_json::Value>>(),
        "mine::Vec<u8>",
        "r#u8",
    ] {
        assert!(!is_plain(other), "{other}");
    }
}

#[test]
fn a_codec_that_did_for_one_value_is_not_trusted_with_the_next() {
    assert_eq!(chosen(Skipping { a: Some(1), b: 3 }), Codec::Bincode);
    assert_eq!(chosen(Skipping { a: None, b: 3 }), Codec::MessagePack);
}

#[test]
fn a_wanted_codec_is_proven_too() {
    assert!(choose(&Some(None::<u8>), &[Codec::MessagePack], &mut Nowhere).is_err());
    assert!(choose(&vec![1u8], &[Codec::MessagePack], &mut Nowhere).is_ok());
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Tree(Vec<Tree>);

#[test]
fn a_type_that_is_known_in_part_is_kept_by_its_names() {
    assert_eq!(chosen(Tree(vec![Tree(vec![])])), Codec::MessagePack);
}
