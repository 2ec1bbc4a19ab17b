use std::collections::BTreeMap;

use serde::{Deserialize, Serializer};

use super::*;
use crate::mapped::MappedVec;

#[derive(Serialize, Deserialize, PartialEq, Debug)]
struct Fit {
    loss: f64,
    name: String,
    weights: Vec<f32>,
}

fn fit() -> Fit {
    Fit {
        loss: -0.0,
        name: "naïve".to_owned(),
        weights: vec![1.5, f32::NAN],
    }
}

#[test]
fn arrays_are_found_in_options_results_and_tuples() {
    survives(&Some(vec![1_u64, 2]));
    survives(&Some(Some(vec![[1_u8; 3]])));
    survives(&Ok::<Vec<u64>, String>(vec![1]));
    survives(&Err::<Vec<u64>, String>("no such file".to_owned()));
    survives(&Ok::<Option<Box<[i32]>>, Fit>(Some([1, -1].into())));
    survives(&(vec![1_u64],));
    survives(&(vec![1_u64], vec![2.5_f64]));
    survives(&((vec![1_u8], 1_u8), Some((2_u8, (vec![2_u8], Some(3_u8))))));
    survives(&(None::<Vec<u64>>, vec![1_u64], None::<Vec<u64>>));
    survives(&Some(Ok::<(Vec<u8>, ()), ()>((vec![], ()))));
}

#[test]
fn a_tuple_has_up_to_twelve_parts() {
    let text = || "text".to_owned();
    survives(&(
        vec![1_u8],
        text(),
        vec![2.0_f32],
        3_u8,
        Some(vec![4_i64]),
        'x',
        true,
        (),
        vec![text()],
        MappedVec::from(vec![5_u16]),
        fit(),
        (vec![6_u128], 7_u128),
    ));
}

#[test]
fn what_is_no_array_is_kept_beside() {
    survives(&(vec![1_u64], fit()));
    survives(&(fit(), vec![1_u64], Some(fit()), Err::<String, Fit>(fit())));
    survives(&(vec![1_u64], BTreeMap::from([("lr".to_owned(), 0.1)])));
    survives(&(vec![1_u64], serde_json::json!({"a": [1, null, "x"]})));
    survives(&(vec![1_u64], serde_json::json!(7), 1.5_f64, [1_u8, 2]));
}

#[test]
fn without_an_array_another_codec_keeps_all_of_it() {
    let codecs = [Codec::Bincode, Codec::MessagePack];
    assert!(encode(&None::<Vec<u64>>, &codecs).is_none());
    assert!(encode(&(1_u64, fit()), &codecs).is_none());
    assert!(encode(&fit(), &codecs).is_none());
    assert!(encode(&Err::<Vec<u64>, u8>(1), &codecs).is_none());
    assert!(encode(&((), ((), None::<String>)), &codecs).is_none());
}

/// In which codecs the parts are that are no arrays, and of which types.
fn codecs<T: Serialize + DeserializeOwned>(value: &T) -> Vec<(Codec, String)> {
    let bytes = stored(value);
    let payload = bytes.len() as u64;
    let table = Table::length(&bytes, payload).unwrap();
    let table = Table::parse(&bytes[..table], payload).unwrap();
    let coded = table.leaves().filter_map(|(leaf, _)| match leaf {
        Leaf::Coded(codec, name) => Some((*codec, name.clone())),
        _ => None,
    });
    coded.collect()
}

#[test]
fn the_codec_is_one_that_the_part_survives() {
    let json = type_name::<serde_json::Value>().to_owned();
    assert_eq!(
        codecs(&(vec![1_u8], serde_json::json!(1), 2_u64)),
        [
            (Codec::MessagePack, json),
            (Codec::Bincode, "u64".to_owned()),
        ]
    );
    let name = type_name::<Fit>().to_owned();
    assert_eq!(codecs(&(vec![1_u8], fit())), [(Codec::Bincode, name)]);
}

/// Encodes as a number, decodes as another.
struct Liar(u32);

impl Serialize for Liar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl<'de> Deserialize<'de> for Liar {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u32::deserialize(deserializer).map(|number| Liar(number + 1))
    }
}

#[test]
fn a_value_of_which_a_part_does_not_survive_is_not_kept() {
    let codecs = [Codec::Bincode, Codec::MessagePack];
    let value = (vec![1_u8], Liar(1));
    let reason = encode(&value, &codecs).unwrap();
    assert_eq!(
        reason.unwrap_err(),
        "bincode: the decoded value differs from the encoded one; \
         messagepack: the decoded value differs from the encoded one"
    );
}

/// A type of a program that calls it as the standard library does.
mod option {
    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    pub(super) struct Option<T>(pub(super) std::option::Option<T>);
}

#[test]
fn types_of_the_program_are_not_opened() {
    assert!(encode(&option::Option(Some(vec![1_u8])), &[Codec::Bincode]).is_none());
    let newtype = (vec![1_u8], option::Option(Some(vec![1_u8])));
    survives(&newtype);
    assert_eq!(codecs(&newtype).len(), 1);
}

#[test]
fn elements_within_the_value_are_borrowed() {
    let value = (
        7_u8,
        Some(vec![1_u64; 100]),
        Ok::<String, u8>("x".repeat(99)),
    );
    let encoded = encode(&value, &[Codec::Bincode]).unwrap().unwrap();
    let addresses: Vec<_> = encoded.pieces.iter().map(|piece| piece.as_ptr()).collect();
    assert!(addresses.contains(&value.1.as_ref().unwrap().as_ptr().cast()));
    assert!(addresses.contains(&value.2.as_ref().unwrap().as_ptr()));
}
