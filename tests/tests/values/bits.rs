//! Values come back bit by bit.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keeping::Keeping;

fn comes_back<T: Clone + Debug + PartialEq + Serialize + DeserializeOwned>(value: T) {
    comes_back_by("bincode", value);
}

fn comes_back_by<T>(codec: &str, value: T)
where
    T: Clone + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let seen = |value: &T| format!("{value:?}");
    assert_eq!(comes_back_seen(value, seen), codec);
}

fn comes_back_as<T, S>(value: T, seen: impl Fn(&T) -> S)
where
    T: Clone + Serialize + DeserializeOwned,
    S: PartialEq + Debug,
{
    assert_eq!(comes_back_seen(value, seen), "bincode");
}

/// Keeps a value and compares it with what comes back, by what `seen` makes of it; by which codec
/// it was kept.
fn comes_back_seen<T, S>(value: T, seen: impl Fn(&T) -> S) -> String
where
    T: Clone + Serialize + DeserializeOwned,
    S: PartialEq + Debug,
{
    let keeping = Keeping::of("bits");
    assert!(keeping.call(0, value.clone()).1);
    let (back, computed) = keeping.call(0, value.clone());
    assert!(!computed, "not kept: {:?}", seen(&value));
    assert_eq!(seen(&back), seen(&value));
    keeping.codec().to_string()
}

#[test]
fn floats_come_back_with_all_their_bits() {
    let doubles = [
        0x7FF8_0000_0000_0001,
        0x7FF0_0000_0000_0001,
        0xFFF8_DEAD_BEEF_CAFE,
        0x8000_0000_0000_0000,
        1,
        0x7FF0_0000_0000_0000,
        0x000F_FFFF_FFFF_FFFF,
    ];
    let bits = |values: &Vec<f64>| {
        values
            .iter()
            .map(|value| value.to_bits())
            .collect::<Vec<_>>()
    };
    comes_back_as(doubles.map(f64::from_bits).to_vec(), bits);
    let singles = [
        0x7FC0_0001,
        0x7F80_0001,
        0xFFC0_BEEF,
        0x8000_0000,
        1,
        0x7F80_0000,
    ];
    let bits = |values: &Vec<f32>| {
        values
            .iter()
            .map(|value| value.to_bits())
            .collect::<Vec<_>>()
    };
    comes_back_as(singles.map(f32::from_bits).to_vec(), bits);
}

#[test]
fn wide_and_extreme_integers_come_back() {
    comes_back((
        u128::MAX,
        i128::MIN,
        u64::MAX,
        i64::MIN,
        u128::from(u64::MAX) + 1,
        i8::MIN,
        u8::MAX,
    ));
    comes_back((
        usize::MAX,
        isize::MIN,
        u16::MAX,
        i16::MIN,
        char::MAX,
        true,
        (),
    ));
}

#[test]
fn nested_options_and_results_come_back() {
    comes_back(vec![
        None,
        Some(None),
        Some(Some(None)),
        Some(Some(Some(7_u8))),
    ]);
    comes_back::<Vec<Result<Option<u8>, Result<u8, ()>>>>(vec![
        Ok(None),
        Ok(Some(0)),
        Err(Ok(1)),
        Err(Err(())),
    ]);
    comes_back(Some(()));
    comes_back(Vec::<Option<Vec<()>>>::from([
        None,
        Some(vec![]),
        Some(vec![(); 3]),
    ]));
}

#[test]
fn unordered_collections_come_back() {
    let map: HashMap<String, Vec<u32>> = (0..100)
        .map(|n| (n.to_string(), vec![n; n as usize % 5]))
        .collect();
    comes_back_as(map, Clone::clone);
    let set: HashSet<(u8, Option<i64>)> =
        (0..100).map(|n| (n, (n % 3 == 0).then_some(-1))).collect();
    comes_back_as(set, Clone::clone);
    let nested: BTreeMap<u8, HashMap<u8, HashSet<String>>> = (0..5)
        .map(|n| {
            (
                n,
                (0..n)
                    .map(|m| (m, HashSet::from(["x".to_owned(), m.to_string()])))
                    .collect(),
            )
        })
        .collect();
    comes_back_as(nested, Clone::clone);
}

#[test]
fn long_and_strange_texts_come_back() {
    let text = "é\0\u{10FFFF}\n".repeat(1 << 17);
    assert_eq!(comes_back_seen(text, Clone::clone), "raw");
    comes_back(vec![
        String::new(),
        "\0".to_owned(),
        "\u{FEFF}".to_owned(),
        "a\u{301}".to_owned(),
        "á".to_owned(),
    ]);
    comes_back(vec![
        vec![0_u8; 4096 - 1],
        vec![1; 4096],
        vec![2; 65536 + 1],
        Vec::new(),
    ]);
}

#[test]
fn all_kinds_of_structs_and_enums_come_back() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Unit;
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Tuple(u8, Unit, [i16; 3]);
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    enum Kind {
        Unit,
        Newtype(Box<Kind>),
        Tuple(u8, String),
        Struct {
            one: Option<Box<Kind>>,
            other: Tuple,
        },
    }
    let tuple = Tuple(1, Unit, [-1, 0, 1]);
    comes_back(tuple.clone());
    // A type that contains itself is kept with the names of its fields.
    let kinds = vec![
        Kind::Unit,
        Kind::Newtype(Box::new(Kind::Newtype(Box::new(Kind::Unit)))),
        Kind::Tuple(9, "x".to_owned()),
        Kind::Struct {
            one: Some(Box::new(Kind::Unit)),
            other: tuple.clone(),
        },
        Kind::Struct {
            one: None,
            other: tuple,
        },
    ];
    comes_back_by("messagepack", kinds);
    comes_back((1, "two".to_owned(), [3.0, 4.0], (5, (6, 7), Some((8,)))));
}

#[test]
fn a_value_without_bytes_is_kept() {
    comes_back(());
    comes_back([(); 4]);
}
