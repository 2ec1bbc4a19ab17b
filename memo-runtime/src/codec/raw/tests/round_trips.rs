use std::borrow::Cow;

use super::*;
use crate::mapped::MappedVec;
use crate::plain::{Plain, for_each_number};

/// Elements of all sorts of bits.
fn elements<P: Plain>(len: usize) -> Vec<P> {
    let mut elements = vec![P::zeroed(); len];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for byte in bytemuck::cast_slice_mut::<P, u8>(&mut elements) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *byte = state as u8;
    }
    elements
}

/// Lengths at which something ends: nothing, one, odd, a page, several.
fn lengths<P>() -> [usize; 8] {
    let page = 4096 / size_of::<P>();
    [0, 1, 3, 7, page - 1, page, page + 1, 3 * page + 5]
}

fn comes_back<P: Plain>() {
    for len in lengths::<P>() {
        let vec = elements::<P>(len);
        survives(&vec);
        survives(&vec.clone().into_boxed_slice());
        survives(&MappedVec::from(vec));
    }
}

#[test]
fn arrays_of_all_elements_come_back() {
    macro_rules! try_it {
        ($type:ty, $number:ident) => {
            comes_back::<$type>();
            comes_back::<[$type; 2]>();
            comes_back::<[$type; 3]>();
            comes_back::<[$type; 4]>();
        };
    }
    for_each_number!(try_it);
}

#[test]
fn megabytes_come_back() {
    survives(&elements::<u64>(300_001));
    survives(&MappedVec::from(elements::<f32>(1_000_003)));
    survives(&(elements::<u8>(1_000_003), elements::<u128>(100_001)));
}

#[test]
fn odd_numbers_keep_their_bits() {
    let odd = vec![
        f64::from_bits(0x7FF8_0000_0000_0001),
        f64::from_bits(0xFFF0_0000_0000_0001),
        f64::INFINITY,
        f64::NEG_INFINITY,
        -0.0,
        f64::MIN_POSITIVE / 2.0,
    ];
    let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let copy: Vec<f64> = loaded(&stored(&odd)).unwrap();
    assert_eq!(bits(&copy), bits(&odd));
    let copy: MappedVec<f64> = loaded(&stored(&MappedVec::from(odd.clone()))).unwrap();
    assert_eq!(bits(&copy), bits(&odd));
}

#[test]
fn texts_come_back() {
    survives(&String::new());
    survives(&"naïve 学 🦀".to_owned());
    for len in [63, 64, 65, 4095, 4096, 4097, 1 << 20] {
        survives(&"é".repeat(len));
    }
}

#[test]
fn types_are_arrays_however_a_function_names_them() {
    fn is_array<T: Serialize + DeserializeOwned>(value: &T) -> bool {
        encode(value, &[Codec::Bincode]).is_some()
    }
    assert!(is_array(&vec![1_u8]));
    assert!(is_array(&"text".to_owned()));
    assert!(is_array(&vec![[1_i16; 3]]));
    assert!(!is_array(&vec![[1_i16; 5]]));
    assert!(!is_array(&vec![true]));
    assert!(!is_array(&vec!['a']));
    assert!(!is_array(&[1_u64, 2]));
    assert!(!is_array(&vec![vec![1_u64]]));
    assert!(!is_array(&vec!["text".to_owned()]));
    assert!(!is_array(&7_u64));
    assert!(!is_array(&()));
}

/// Arrays are neither copied to be written nor to be handed out.
#[test]
fn elements_stay_where_they_are() {
    let value = elements::<u64>(10_000);
    let encoded = encode(&value, &[]).unwrap().unwrap();
    let [Cow::Owned(head), Cow::Borrowed(piece)] = &encoded.pieces[..] else {
        panic!("{:?}", encoded.pieces);
    };
    assert_eq!(piece.as_ptr(), value.as_ptr().cast());
    assert_eq!((head.len(), piece.len()), (64, 80_000));

    let payload = in_memory(encoded.pieces.concat());
    let mut room = Room::for_payload(&payload).unwrap().unwrap();
    payload.read_into(&mut room.buffers()).unwrap();
    let destination = room.buffers()[2].as_ptr();
    let copy: Vec<u64> = room.value().unwrap();
    assert_eq!(copy.as_ptr().cast(), destination);
    assert_eq!(copy, value);
}

#[test]
fn a_vector_that_can_be_mapped_is() {
    let value = MappedVec::from(elements::<u64>(10_000));
    assert!(!value.is_mapped());
    let bytes = stored(&value);
    let mapping = in_file(&bytes, blake3::hash(&bytes)).map().unwrap();
    let copy: MappedVec<u64> = room::mapped(&mapping).unwrap();
    assert!(copy.is_mapped());
    assert_eq!(copy.as_ptr().cast(), mapping[64..].as_ptr());
    assert_eq!(copy, value);
}

#[test]
fn what_is_mapped_holds_its_mapping() {
    let value = (MappedVec::from(elements::<u32>(5000)), elements::<u32>(3));
    let bytes = stored(&value);
    let copy: (MappedVec<u32>, Vec<u32>) =
        said(decode(in_file(&bytes, blake3::hash(&bytes)))).unwrap();
    assert!(copy.0.is_mapped());
    let clone = copy.0.clone();
    assert_eq!(copy, value);
    drop(copy);
    assert_eq!(clone, value.0);
}

/// Where each part of the payload begins.
fn begins(bytes: &[u8]) -> Vec<u64> {
    let payload = bytes.len() as u64;
    let table = Table::length(bytes, payload).unwrap();
    let table = Table::parse(&bytes[..table], payload).unwrap();
    table.leaves().map(|(_, place)| place.begin).collect()
}

#[test]
fn every_array_begins_at_a_multiple_of_64() {
    let value = (
        elements::<u8>(1),
        (
            "seven b".to_owned(),
            Some(elements::<[f64; 3]>(5)),
            7_u8,
            elements::<u16>(0),
            elements::<u8>(64),
        ),
        MappedVec::from(elements::<u128>(3)),
    );
    survives(&value);
    let bytes = stored(&value);
    let begins = begins(&bytes);
    assert_eq!(begins.len(), 7);
    assert!(begins.iter().all(|begin| begin % 64 == 0), "{begins:?}");

    let mapping = in_file(&bytes, blake3::hash(&bytes)).map().unwrap();
    for begin in begins {
        assert_eq!(mapping[begin as usize..].as_ptr().addr() % 64, 0);
    }
}
