//! Values that look alike and are not, and values that look different and are not.

use std::borrow::Cow;
use std::collections::{BTreeMap, LinkedList, VecDeque};

use indexmap::IndexMap;
use serde::Serialize;

use super::{Bytes, digest};
use crate::key::Digest;

fn assert_distinct(values: &[(&str, Digest)]) {
    for (place, (name, digest)) in values.iter().enumerate() {
        for (other, same) in &values[..place] {
            assert_ne!(digest, same, "{name} and {other}");
        }
    }
}

macro_rules! assert_distinct {
    ($($value:expr),* $(,)?) => {
        assert_distinct(&[$((stringify!($value), digest(&$value))),*])
    };
}

#[test]
fn a_boundary_between_parts_counts() {
    assert_distinct!(
        ("a", "bc"),
        ("ab", "c"),
        ("abc", ""),
        ("", "abc"),
        "abc",
        ("abc",),
        ("a", "b", "c"),
        vec!["abc"],
        vec!["a", "bc"],
        vec!["ab", "c"],
        "a\0bc",
    );
}

#[test]
fn nested_options_differ() {
    assert_distinct!(
        None::<()>,
        Some(None::<()>),
        Some(Some(())),
        Some(()),
        (),
        vec![None, Some(1_u8)],
        vec![Some(1_u8), None],
        (None::<u8>, Some(1_u8)),
        (Some(1_u8), None::<u8>),
        vec![1_u8],
    );
}

#[test]
fn empty_things_differ() {
    #[derive(Serialize)]
    struct Nothing;
    #[derive(Serialize)]
    struct NoFields {}
    #[derive(Serialize)]
    struct NoElements();
    assert_distinct!(
        (),
        "",
        '\0',
        None::<u8>,
        false,
        0_u8,
        Bytes(&[]),
        Vec::<u8>::new(),
        vec![Vec::<u8>::new()],
        vec![()],
        vec![(), ()],
        BTreeMap::<u8, u8>::new(),
        std::collections::HashMap::<u8, u8>::new(),
        std::collections::HashSet::<u8>::new(),
        [0_u8; 0],
        Nothing,
        NoFields {},
        NoElements(),
    );
}

#[test]
fn nesting_counts() {
    assert_distinct!(
        vec![vec![1_u8], vec![2]],
        vec![vec![1_u8, 2]],
        vec![vec![1_u8, 2], vec![]],
        vec![vec![], vec![1_u8, 2]],
        vec![vec![vec![1_u8, 2]]],
        vec![1_u8, 2],
        ((1_u8, 2_u8), 3_u8),
        (1_u8, (2_u8, 3_u8)),
        (1_u8, 2_u8, 3_u8),
        [1_u8, 2, 3].as_slice(),
    );
}

#[test]
fn the_type_of_a_number_counts() {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Number {
        Narrow(u32),
        Wide(u64),
        Real(f64),
        Pair(u32, u32),
        Named { n: u32 },
    }
    assert_distinct!(
        Number::Narrow(1),
        Number::Wide(1),
        Number::Real(1.0),
        Number::Pair(1, 1),
        Number::Named { n: 1 },
        1_u8,
        1_u16,
        1_u128,
        1_i8,
        1_i16,
        1_i32,
        1_i64,
        1_i128,
        1.0_f32,
        true,
        '\u{1}',
        "1",
    );
}

#[test]
fn floats_are_told_apart_by_their_bits() {
    assert_distinct!(
        0.0_f64,
        -0.0_f64,
        0.0_f32,
        -0.0_f32,
        f64::from_bits(0x7ff8_0000_0000_0000),
        f64::from_bits(0x7ff8_0000_0000_0001),
        f64::from_bits(0xfff8_0000_0000_0000),
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.1_f32,
        0.1_f64,
        f64::from(0.1_f32),
    );
    assert_eq!(digest(&f64::NAN), digest(&f64::NAN));
}

#[test]
fn runs_of_elements_differ_wherever_they_are_cut() {
    let run = |len: usize| vec![0_u8; len];
    assert_distinct!(
        run(1023),
        run(1024),
        run(1025),
        run(1026),
        run(16 * 1024),
        run(16 * 1024 + 1),
        run(32 * 1024 + 1),
        vec![0_u16; 512],
        vec![0_u16; 513],
        vec![0_i8; 1024],
        vec![0_i8; 1025],
        vec![false; 1024],
        vec![false; 1025],
        vec![0_u64; 128],
        vec![0_i64; 128],
        vec![0_f64; 128],
        vec![0_u64; 129],
        vec![0_i64; 129],
        vec![0_f64; 129],
        vec![run(1025), run(1025)],
        vec![run(2050)],
        vec![run(1025), run(1024)],
        vec![run(1024), run(1025)],
    );
}

#[test]
fn a_long_run_is_not_the_bytes_of_its_digest() {
    let run = vec![0_u8; 1025];
    let hash = *blake3::hash(&run).as_bytes();
    assert_distinct!(run, hash, hash.to_vec());
}

#[test]
fn elements_of_mixed_kinds_differ() {
    #[derive(Serialize, Clone)]
    #[serde(untagged)]
    enum Element {
        Small(u8),
        Signed(i8),
        Wide(u16),
        Text(&'static str),
        List(Vec<u8>),
    }
    use Element::{List, Signed, Small, Text, Wide};
    assert_distinct!(
        vec![Small(1), Small(2), Signed(3)],
        vec![Small(1), Signed(2), Signed(3)],
        vec![Small(1), Signed(2), Small(3)],
        vec![Signed(1), Small(2), Small(3)],
        vec![Small(1), Small(2), Text("\u{3}")],
        vec![Small(1), Small(0), Small(2)],
        vec![Small(1), Wide(0x0200)],
        vec![Wide(0x0100), Small(2)],
        vec![Small(1), List(vec![2]), Small(3)],
        vec![Small(1), List(vec![2, 3])],
        vec![List(vec![1, 2]), Small(3)],
        vec![List(vec![1]), Small(2), Small(3)],
        vec![Small(1), Small(2), List(vec![3])],
    );
}

#[test]
fn names_count() {
    #[derive(Serialize)]
    struct Left {
        x: u8,
        y: u8,
    }
    mod elsewhere {
        #[derive(serde::Serialize)]
        pub(super) struct Left {
            pub(super) y: u8,
            pub(super) x: u8,
        }
    }
    #[derive(Serialize)]
    struct Right {
        x: u8,
        y: u8,
    }
    #[derive(Serialize)]
    struct Metres(u8);
    #[derive(Serialize)]
    struct Seconds(u8);
    #[derive(Serialize)]
    enum Unit {
        Metres,
        Seconds,
    }
    assert_distinct!(
        Left { x: 1, y: 2 },
        Right { x: 1, y: 2 },
        elsewhere::Left { x: 1, y: 2 },
        BTreeMap::from([("x", 1_u8), ("y", 2)]),
        Metres(1),
        Seconds(1),
        1_u8,
        Unit::Metres,
        Unit::Seconds,
        "Metres",
    );
}

#[test]
fn an_ordered_map_keeps_its_order() {
    let ahead = IndexMap::from([("a", 1_u8), ("b", 2)]);
    let back = IndexMap::from([("b", 2_u8), ("a", 1)]);
    assert_eq!(ahead, back, "IndexMap compares without order");
    assert_distinct!(
        ahead,
        back,
        std::collections::HashMap::from([("a", 1_u8), ("b", 2)])
    );

    let sorted = BTreeMap::from([("b", 2_u8), ("a", 1)]);
    assert_eq!(digest(&sorted), digest(&ahead));
}

#[test]
fn how_a_value_is_held_does_not_count() {
    let owned = String::from("adam");
    for same in [
        digest(&owned),
        digest(&&owned),
        digest(&Box::new(owned.clone())),
        digest(&Cow::Borrowed("adam")),
        digest(&Cow::<str>::Owned(owned.clone())),
        digest(&std::path::Path::new("adam")),
        digest(&std::cell::RefCell::new("adam")),
    ] {
        assert_eq!(same, digest("adam"));
    }

    let numbers: Vec<u64> = (0..2_000).collect();
    let boxed: Box<[u64]> = numbers.clone().into();
    for same in [
        digest(&numbers),
        digest(&&numbers[..]),
        digest(&boxed),
        digest(&Cow::Borrowed(&numbers[..])),
        digest(&VecDeque::from(numbers.clone())),
        digest(&LinkedList::from_iter(numbers.clone())),
        digest(&std::sync::Mutex::new(numbers.clone())),
    ] {
        assert_eq!(same, digest(&numbers[..]));
    }
    assert_eq!(digest(&5_usize), digest(&5_u64));
    assert_eq!(digest(&-5_isize), digest(&-5_i64));
}
