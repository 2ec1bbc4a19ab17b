//! Keeping a large value and finding it takes little more memory than the value.

#![allow(clippy::unwrap_used)]

mod counting;

use std::collections::BTreeMap;

use counting::most_held_by;
use memo_runtime::{Memo, Outcome};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

const MEGABYTE: usize = 1 << 20;
const SIZE: usize = 96 * MEGABYTE;
/// Buffers, the first bytes of what goes beside memory, and what else a call takes.
const LITTLE: usize = 20 * MEGABYTE;

/// Computes a value and finds it: how much memory was held beyond the one value that each of the
/// two calls gives.
fn beyond<T: Serialize + DeserializeOwned + PartialEq>(
    name: &str,
    make: impl Fn() -> T,
) -> [usize; 2] {
    let dir = tempfile::tempdir().unwrap();
    let memo = Memo::open(dir.path().join("store")).unwrap();
    let (value, size) = most_held_by(&make);
    let call = || memo.call(name).computing(&make).fetch();
    let (computed, computing) = most_held_by(call);
    assert_eq!(computed.outcome, Outcome::Computed);
    assert!(computed.value == value);
    drop(computed);
    let (found, finding) = most_held_by(call);
    assert_eq!(found.outcome, Outcome::Hit);
    assert!(found.value == value);
    [computing, finding].map(|held| held.saturating_sub(size))
}

/// Of a type of one's own, which is decoded once to prove that it can be.
#[derive(PartialEq, Serialize, Deserialize)]
struct Row {
    name: String,
    values: Vec<f64>,
}

#[test]
fn no_value_is_held_twice_and_no_encoded_one_at_all() {
    let arrays = beyond("arrays", || vec![7_u64; SIZE / 8]);
    assert!(arrays.iter().all(|held| *held < LITTLE), "{arrays:?}");
    let text = beyond("text", || "text".repeat(SIZE / 4));
    assert!(text.iter().all(|held| *held < LITTLE), "{text:?}");
    let nested = beyond("nested", || vec![vec![0.5_f64; 1000]; SIZE / 8000]);
    assert!(nested.iter().all(|held| *held < LITTLE), "{nested:?}");
    let map = beyond("map", || {
        (0..SIZE as u64 / 8000)
            .map(|key| (key, vec![key; 1000]))
            .collect::<BTreeMap<_, _>>()
    });
    assert!(map.iter().all(|held| *held < LITTLE), "{map:?}");

    let rows = || {
        let row = |n| Row {
            name: format!("row {n}"),
            values: vec![n as f64; 1000],
        };
        (0..SIZE / 8000).map(row).collect::<Vec<_>>()
    };
    let [computing, finding] = beyond("rows", rows);
    assert!(finding < LITTLE, "{finding}");
    assert!(
        computing < SIZE + LITTLE,
        "the copy that proves it: {computing}"
    );
}
