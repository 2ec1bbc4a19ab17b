use std::thread;

use super::*;
use crate::codec::{self, Codec};
use crate::key::digest_of;

fn mapped(bytes: &[u8]) -> MappedVec<u16> {
    let mapping = Arc::new(Mapping::copied(bytes));
    MappedVec::mapped(mapping, 0..bytes.len()).unwrap()
}

#[test]
fn it_is_the_slice_of_its_elements() {
    for vec in [
        MappedVec::from(vec![1_u16, 2, 3]),
        mapped(&[1, 0, 2, 0, 3, 0]),
    ] {
        assert_eq!(vec.len(), 3);
        assert_eq!(vec[1], 2);
        assert_eq!(&vec[1..], [2, 3]);
        assert_eq!(vec.iter().sum::<u16>(), 6);
        assert_eq!((&vec).into_iter().max(), Some(&3));
        assert_eq!(format!("{vec:?}"), "[1, 2, 3]");
        assert_eq!(vec, vec![1, 2, 3]);
        assert_eq!(vec, [1, 2, 3]);
        assert_eq!(vec, *[1, 2, 3].as_slice());
        assert_ne!(vec, [1, 2]);
        assert_eq!(vec.clone(), vec);
        assert_eq!(vec.into_vec(), [1, 2, 3]);
    }
    assert!(MappedVec::<f64>::default().is_empty());
    assert_eq!((0..3).collect::<MappedVec<u8>>(), [0, 1, 2]);
}

#[test]
fn it_says_whether_it_is_mapped() {
    assert!(mapped(&[1, 0]).is_mapped());
    assert!(mapped(&[]).is_mapped());
    assert!(mapped(&[1, 0]).clone().is_mapped());
    assert!(!MappedVec::from(vec![1_u8]).is_mapped());
}

#[test]
fn a_vector_that_is_shared_with_nobody_is_not_copied() {
    let vec = vec![1_u64; 100];
    let address = vec.as_ptr();
    let mapped = MappedVec::from(vec);
    let clone = mapped.clone();
    assert_eq!(clone.as_ptr(), address);
    let copy = clone.into_vec();
    assert_ne!(copy.as_ptr(), address);
    let vec = mapped.into_vec();
    assert_eq!(vec.as_ptr(), address);
}

#[test]
fn bytes_that_are_no_elements_are_refused() {
    let mapping = Arc::new(Mapping::copied(&[0; 16]));
    let of = |at| MappedVec::<u32>::mapped(Arc::clone(&mapping), at).map(|vec| vec.len());
    assert_eq!(of(0..16), Some(4));
    assert_eq!(of(4..4), Some(0));
    assert_eq!(of(0..15), None);
    assert_eq!(of(2..6), None);
    assert_eq!(of(16..20), None);
}

#[test]
fn its_key_is_that_of_the_slice() {
    let slice: &[u16] = &[1, 2, 3];
    let key = digest_of(slice).unwrap();
    assert_eq!(digest_of(&MappedVec::from(slice.to_vec())).unwrap(), key);
    assert_eq!(digest_of(&mapped(&[1, 0, 2, 0, 3, 0])).unwrap(), key);
    assert_eq!(digest_of(&slice.to_vec()).unwrap(), key);
}

#[test]
fn within_a_struct_it_is_kept_as_a_vector_is() {
    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Fit {
        weights: MappedVec<f32>,
        loss: f64,
    }
    let fit = Fit {
        weights: vec![1.5, f32::INFINITY].into(),
        loss: 0.1,
    };
    for codec in [Codec::Bincode, Codec::MessagePack] {
        let bytes = codec::encode(codec, &fit).unwrap();
        assert_eq!(codec::decode::<Fit>(codec, &bytes).unwrap(), fit);
    }
    let json = serde_json::to_string(&fit.weights).unwrap();
    assert_eq!(json, serde_json::to_string(&[1.5, f32::INFINITY]).unwrap());
}

#[test]
fn threads_share_it() {
    let vec = mapped(&[1, 0, 2, 0]);
    let sum: u16 = thread::scope(|scope| {
        let sums: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| vec.iter().sum::<u16>()))
            .collect();
        sums.into_iter().map(|sum| sum.join().unwrap()).sum()
    });
    assert_eq!(sum, 6);
}
