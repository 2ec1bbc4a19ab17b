use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::Extent;
use super::super::tests::{ALL, shown_from};
use crate::MappedVec;
use crate::codec::{Codec, raw};

/// The payload of a value of raw arrays.
fn payload<T: Serialize + DeserializeOwned>(value: &T) -> Vec<u8> {
    let codecs = [Codec::Bincode, Codec::MessagePack];
    let encoded = raw::encode_from(0, value, &codecs).expect("it has an array");
    encoded.unwrap().pieces.concat()
}

fn shown_as(bytes: &[u8], extent: Extent) -> Result<String, String> {
    shown_from(bytes, bytes.len() as u64, extent, |reading| {
        super::value(reading)
    })
}

fn shown<T: Serialize + DeserializeOwned>(value: &T) -> String {
    shown_as(&payload(value), ALL).unwrap()
}

#[test]
fn vectors_are_shown_as_lists() {
    assert_eq!(
        shown(&vec![1_u64, u64::MAX]),
        format!("List{{ 1 {} }}", u64::MAX)
    );
    assert_eq!(shown(&vec![-1_i8, 1]), "List{ -1 1 }");
    assert_eq!(shown(&vec![i128::MIN]), format!("List{{ {} }}", i128::MIN));
    assert_eq!(
        shown(&MappedVec::from(vec![0.1_f32, -0.0])),
        "List{ 0.1f -0.0f }"
    );
    assert_eq!(shown(&vec![0.1_f64, f64::NAN]), "List{ 0.1 NaN }");
    assert_eq!(
        shown(&vec![[1_isize, -2]; 2]),
        "List{ List{ 1 -2 } List{ 1 -2 } }"
    );
    assert_eq!(shown(&Vec::<u8>::new()), "List{ }");
}

#[test]
fn a_text_is_shown_as_one() {
    assert_eq!(shown(&"naïve".to_owned()), "\"naïve\"");
}

#[test]
fn what_is_beside_arrays_is_shown_by_its_type() {
    let value = (
        vec![1_u8],
        Some("text".to_owned()),
        None::<String>,
        Err::<u8, Vec<u16>>(vec![2]),
        (3.5_f64, 'x'),
        serde_json::json!({"a": [1]}),
    );
    assert_eq!(
        shown(&value),
        "Tuple{ List{ 1 } Variant(\"Some\"){ \"text\" } None Variant(\"Err\"){ List{ 2 } } \
         Tuple{ 3.5 'x' } Map{ \"a\" List{ 1 } } }"
    );
}

#[test]
fn what_only_the_program_knows_is_shown_as_bytes() {
    #[derive(Serialize, serde::Deserialize)]
    struct Fit {
        layers: u16,
    }
    let value = (vec![1_u8], Fit { layers: 258 });
    assert_eq!(shown(&value), "Tuple{ List{ 1 } [02, 01] of 2 }");
}

#[test]
fn no_more_is_read_than_is_wanted() {
    let extent = Extent { atoms: 3, text: 4 };
    let bytes = payload(&(vec![1_u32; 1000], 7_u8));
    assert_eq!(
        shown_as(&bytes, extent).unwrap(),
        "Tuple{ List{ 1 1 1 +997 } +1 }"
    );
    let bytes = payload(&"a long text".to_owned());
    assert_eq!(shown_as(&bytes, extent).unwrap(), "\"a lo\" of 11");
}

#[test]
fn words_in_the_other_order_are_understood() {
    let mut bytes = payload(&vec![258_u16]);
    bytes[8 + 3] = 1;
    assert_eq!(shown_as(&bytes, ALL).unwrap(), "List{ 513 }");
}

#[test]
fn what_is_no_payload_is_an_error() {
    let bytes = payload(&(vec![1_u64, 2], 7_u8));
    for len in 0..bytes.len() {
        assert!(shown_as(&bytes[..len], ALL).is_err(), "{len}");
    }
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0xFF;
        let _ = shown_as(&bytes, ALL);
    }
}

#[test]
fn values_that_are_nested_without_end_are_an_error() {
    let parts = 1000_u32;
    let mut bytes = (8 + 32 * (parts + 1)).to_le_bytes().to_vec();
    bytes.extend((parts + 1).to_le_bytes());
    for part in 0..=parts {
        let mut kind = [0; 32];
        kind[0] = if part < parts { 2 } else { 1 };
        bytes.extend(kind);
    }
    assert!(shown_as(&bytes, ALL).is_err());
}

#[test]
fn numbers_of_half_precision_are_what_they_are() {
    for (bits, value) in [
        (0x0000, 0.0_f32),
        (0x3C00, 1.0),
        (0xC000, -2.0),
        (0x7BFF, 65504.0),
        (0x0400, 6.103_515_6e-5),
        (0x0001, 5.960_464_5e-8),
        (0x3555, 0.333_251_95),
        (0x7C00, f32::INFINITY),
        (0xFC00, f32::NEG_INFINITY),
    ] {
        assert_eq!(super::half(bits), value, "{bits:x}");
    }
    assert!(super::half(0x7E00).is_nan());
    assert!(super::half(0x8000).is_sign_negative());
}

#[cfg(feature = "half")]
#[test]
fn numbers_of_half_precision_are_those_of_their_crate() {
    for bits in 0..=u16::MAX {
        let theirs = half::f16::from_bits(bits).to_f32();
        let same = super::half(bits).to_bits() == theirs.to_bits();
        assert!(same || theirs.is_nan(), "{bits:x}");
    }
    let numbers = vec![half::f16::from_f32(1.5), half::f16::from_f32(-0.25)];
    assert_eq!(shown(&numbers), "List{ 1.5f -0.25f }");
    assert_eq!(shown(&vec![half::bf16::from_f32(-1.5)]), "List{ -1.5f }");
}

#[cfg(feature = "num-complex")]
#[test]
fn numbers_of_two_parts_are_pairs() {
    let number = num_complex::Complex::new(1.5_f64, -2.0);
    assert_eq!(shown(&vec![number]), "List{ Tuple{ 1.5 -2.0 } }");
}

#[cfg(feature = "ndarray")]
#[test]
fn of_an_array_are_shown_its_shape_and_its_elements() {
    use ndarray::{arr0, arr2};

    let array = arr2(&[[1_u8, 2, 3], [4, 5, 6]]);
    assert_eq!(
        shown(&array),
        "Struct(\"Array\"){ \"element\" \"u8\" \"shape\" List{ 2 3 } \
         \"elements\" List{ 1 2 3 4 5 6 } }"
    );
    assert_eq!(
        shown(&array.reversed_axes()),
        "Struct(\"Array\"){ \"element\" \"u8\" \"shape\" List{ 3 2 } \
         \"order\" \"by columns\" \"elements\" List{ 1 2 3 4 5 6 } }"
    );
    assert_eq!(
        shown(&arr0(-1_i64)),
        "Struct(\"Array\"){ \"element\" \"i64\" \"shape\" List{ } \
         \"elements\" List{ -1 } }"
    );
    assert_eq!(shown(&ndarray::arr1(&[1.5_f64])), "List{ 1.5 }");
}
