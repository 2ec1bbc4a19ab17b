//! Vectors and slices of numbers: they are recognised, and have the digest that they would
//! have if they were not.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, LinkedList, VecDeque};
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::digest;
use crate::key::Digest;
use crate::key::numbers::Numbers;

/// A sequence that hands over one element after the other.
#[derive(Clone)]
struct OneByOne<'a, T>(&'a [T]);

impl<T: Serialize> Serialize for OneByOne<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.0.len()))?;
        for element in self.0 {
            seq.serialize_element(element)?;
        }
        seq.end()
    }
}

#[derive(Serialize)]
struct Layer<T> {
    index: u8,
    weights: T,
}

#[derive(Serialize)]
struct Weights<T>(T);

#[derive(Serialize)]
enum Model<T> {
    Frozen(T),
    Trained { before: T, after: T },
}

/// The digests of values that hold a sequence in all ways that there are, beside elements
/// of a type that it has as well.
fn digests_around<T: Serialize + Clone>(sequence: T, neighbour: impl Serialize) -> Vec<Digest> {
    let copy = || sequence.clone();
    vec![
        digest(&sequence),
        digest(&&&sequence),
        digest(&Box::new(copy())),
        digest(&Some(copy())),
        digest(&Ok::<T, ()>(copy())),
        digest(&(&neighbour, copy(), &neighbour, &neighbour, copy())),
        digest(&[copy(), copy()]),
        digest(&vec![copy(), copy(), copy()]),
        digest(&[&copy(), &copy()][..]),
        digest(&VecDeque::from([vec![copy()], vec![], vec![copy()]])),
        digest(&Weights(copy())),
        digest(&Layer {
            index: 1,
            weights: copy(),
        }),
        digest(&Model::Frozen(copy())),
        digest(&Model::Trained {
            before: copy(),
            after: copy(),
        }),
        digest(&BTreeMap::from([(1_u8, copy()), (2, copy())])),
        digest(&HashMap::from([(1_u8, copy()), (2, copy())])),
    ]
}

/// However the elements are held, and whatever holds them, their digest is that of
/// elements that come one by one.
fn assert_alike<T: Serialize + Clone + Debug>(elements: &[T], neighbour: T) {
    let expected = digests_around(OneByOne(elements), &neighbour);
    macro_rules! assert_alike {
        ($($held:expr),* $(,)?) => {$(
            let actual = digests_around($held, &neighbour);
            assert!(actual == expected, "{}: {elements:?}", stringify!($held));
        )*};
    }
    let vector = elements.to_vec();
    assert_alike!(
        elements,
        vector.clone(),
        &vector,
        &mut vector.clone()[..] as &[T],
        vector.clone().into_boxed_slice(),
        Cow::Borrowed(elements),
        Cow::<[T]>::Owned(vector.clone()),
        elements.iter().cloned().collect::<VecDeque<_>>(),
        elements.iter().cloned().collect::<LinkedList<_>>(),
    );
}

/// For every primitive type: numbers of it that are made from the bits given.
macro_rules! for_every_type {
    ($bits:ident => $check:ident) => {
        for_every_type!($bits => $check:
            |n| n & 1 == 1, |n| n as u8, |n| n as u16, |n| n as u32, |n| n as u64, |n| n,
            |n| n as i8, |n| n as i16, |n| n as i32, |n| n as i64, |n| n as i128,
            |n| n as usize, |n| n as isize,
            |n| f32::from_bits(n as u32), |n| f64::from_bits(n as u64));
    };
    ($bits:ident => $check:ident: $(|$n:ident| $number:expr),*) => {$({
        let number = |$n: u128| $number;
        let numbers: Vec<_> = $bits.iter().map(|&bits| number(bits)).collect();
        $check(&numbers, number(1));
    })*};
}

#[test]
fn numbers_have_one_digest_however_they_are_held() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let bits = prop_oneof![vec(any::<u128>(), 0..4), vec(any::<u128>(), 0..300)];
    TestRunner::new_with_rng(config, rng)
        .run(&bits, |bits| {
            for_every_type!(bits => assert_alike);
            Ok(())
        })
        .unwrap();
}

/// The same for one sequence that nothing holds.
fn assert_same<T: Serialize>(elements: &[T], _: T) {
    let expected = digest(&OneByOne(elements));
    assert_eq!(digest(elements), expected, "{} elements", elements.len());
}

#[test]
fn numbers_have_one_digest_at_every_edge_of_their_length() {
    // A run stands in the encoding up to 1 KiB.
    for edge in [1, 2, 4, 8, 16].map(|size| 1024 / size) {
        for count in edge - 1..=edge + 1 {
            let bits: Vec<u128> = (0..count as u128).map(|n| n * 0x0123_4567_89ab).collect();
            for_every_type!(bits => assert_same);
        }
    }
}

#[test]
fn so_many_numbers_that_several_threads_hash_them_have_one_digest() {
    let numbers: Vec<f64> = (0..1_500_001).map(|n| f64::from(n).sqrt()).collect();
    assert_same(&numbers, 0.0);
}

#[test]
fn vectors_and_slices_of_numbers_are_recognised() {
    fn assert_recognised<T: Copy + bytemuck::NoUninit>(elements: &[T], _: T) {
        let vector = elements.to_vec();
        for numbers in [Numbers::of(&elements), Numbers::of(&&vector)] {
            let numbers = numbers.expect("a slice and a vector of numbers are recognised");
            assert_eq!(numbers.count, elements.len() as u64);
            assert_eq!(numbers.bytes, bytemuck::cast_slice::<T, u8>(elements));
        }
    }
    if cfg!(all(target_endian = "little", target_pointer_width = "64")) {
        for bits in [vec![], vec![7_u128 << 60, 0, u128::MAX]] {
            for_every_type!(bits => assert_recognised);
        }
    }
}

#[test]
fn nothing_else_is_recognised() {
    #[derive(Clone, Copy)]
    #[expect(dead_code, reason = "only its type counts")]
    struct Metres(f64);

    let numbers = vec![1_u64, 2];
    assert!(Numbers::of(&numbers).is_none());
    assert!(Numbers::of(&&[1_u64, 2]).is_none());
    assert!(Numbers::of(&numbers.iter()).is_none());
    assert!(Numbers::of(&&VecDeque::from(numbers.clone())).is_none());
    assert!(Numbers::of(&numbers.iter().rev()).is_none());
    assert!(Numbers::of(&&vec![&numbers[0]]).is_none());
    assert!(Numbers::of(&&vec![Metres(1.0)]).is_none());
    assert!(Numbers::of(&&vec![(1_u64, 2_u64)]).is_none());
    assert!(Numbers::of(&&vec![[1_u64; 2]]).is_none());
    assert!(Numbers::of(&&vec!['1']).is_none());
    assert!(Numbers::of(&&vec!["1"]).is_none());
}
