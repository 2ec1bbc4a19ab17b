//! Results on the shelf: passed on without being read, loaded when wanted, missed when gone.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot go on panics")]

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use memo_runtime::{MappedVec, Memo, Outcome, ShelfError, Shelved, call, memo};
use serde::{Deserialize, Serialize};

/// Counts how often bodies run.
#[derive(Default)]
struct Ran(Cell<u32>);

impl Ran {
    fn again(&self) {
        self.0.set(self.0.get() + 1);
    }

    fn taken(&self) -> u32 {
        self.0.take()
    }
}

#[memo(store = *memo, ignore(memo, ran))]
fn numbers(memo: &Memo, ran: &Ran, upto: u64) -> Vec<u64> {
    ran.again();
    (0..upto).collect()
}

#[memo(store = *memo, ignore(memo, ran))]
fn mapped(memo: &Memo, ran: &Ran, upto: u64) -> MappedVec<u64> {
    ran.again();
    (0..upto).collect()
}

#[memo(store = *memo, ignore(memo, ran))]
fn checked(memo: &Memo, ran: &Ran, upto: u64) -> Result<Vec<u64>, String> {
    ran.again();
    match upto {
        0 => Err("nothing to count".to_owned()),
        upto => Ok((0..upto).collect()),
    }
}

#[memo(store = *memo, ignore(memo, ran))]
fn sum(memo: &Memo, ran: &Ran, numbers: &Shelved<Vec<u64>>) -> Result<u64, ShelfError> {
    ran.again();
    Ok(numbers.load()?.iter().sum())
}

/// What one step leaves for the next.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Prepared {
    name: String,
    numbers: Shelved<Vec<u64>>,
}

#[memo(store = *memo, ignore(memo, ran))]
fn prepare(memo: &Memo, ran: &Ran, upto: u64) -> Prepared {
    ran.again();
    Prepared {
        name: format!("up to {upto}"),
        numbers: call!(numbers(memo, ran, upto)).shelve(),
    }
}

fn open(dir: &Path) -> Memo {
    Memo::open(dir.join("store")).unwrap()
}

/// The only entry of the function whose path contains `name`.
fn entry(dir: &Path, name: &str) -> PathBuf {
    let mut entries = Vec::new();
    let functions = fs::read_dir(dir.join("store/entries")).unwrap().flatten();
    for function in functions.filter(|it| it.file_name().to_string_lossy().contains(name)) {
        let fans = fs::read_dir(function.path()).unwrap().flatten();
        for fan in fans.filter(|fan| fan.path().is_dir()) {
            entries.extend(fs::read_dir(fan.path()).unwrap().flatten());
        }
    }
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries[0].path()
}

/// Large enough for its entry to be read in pieces.
const MANY: u64 = 100_000;

#[test]
fn a_shelf_is_computed_once_and_loads_what_was_computed() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    for upto in [0, 3, MANY] {
        let shelve = || call!(numbers(&memo, &ran, upto)).fetch_shelved();
        let (first, second) = (shelve(), shelve());
        assert_eq!(
            (first.outcome, second.outcome),
            (Outcome::Computed, Outcome::Hit)
        );
        assert_eq!(ran.taken(), 1);
        let expected: Vec<u64> = (0..upto).collect();
        assert_eq!(first.value.load().unwrap(), expected);
        assert_eq!(second.value.map().unwrap()[..], expected[..]);
        assert_eq!(first.value, second.value);
        assert_eq!(ran.taken(), 0);
    }
}

#[test]
fn a_shelf_of_a_mapped_vector_maps() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    let shelf = call!(mapped(&memo, &ran, MANY)).shelve();
    assert_eq!(shelf.map().unwrap().len(), MANY as usize);
    assert_eq!(shelf.load().unwrap()[7], 7);
    assert_eq!(ran.taken(), 1);
}

#[test]
fn a_shelf_as_argument_is_keyed_by_its_value_and_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    let shelf = call!(numbers(&memo, &ran, MANY)).shelve();
    let expected = MANY * (MANY - 1) / 2;
    assert_eq!(sum(&memo, &ran, &shelf).unwrap(), expected);
    assert_eq!(ran.taken(), 2);
    // With the numbers gone, their sum is still known.
    fs::remove_file(entry(dir.path(), "numbers")).unwrap();
    assert_eq!(sum(&memo, &ran, &shelf).unwrap(), expected);
    assert_eq!(ran.taken(), 0);
    let other = call!(numbers(&memo, &ran, 3)).shelve();
    assert_eq!(sum(&memo, &ran, &other).unwrap(), 3);
    assert_eq!(ran.taken(), 2, "another value is another key");
}

#[test]
fn what_is_gone_is_an_error_that_names_the_call_and_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    let shelf = call!(numbers(&memo, &ran, MANY)).shelve();
    fs::remove_file(entry(dir.path(), "numbers")).unwrap();
    let error = sum(&memo, &ran, &shelf).unwrap_err();
    assert!(matches!(error, ShelfError::Gone { .. }));
    let told = error.to_string();
    assert!(told.contains("numbers(upto=100000)"), "{told}");
    assert_eq!(ran.taken(), 2);
    let shelf = call!(numbers(&memo, &ran, MANY)).shelve();
    assert!(sum(&memo, &ran, &shelf).is_ok());
    assert_eq!(ran.taken(), 2, "both are computed again");
}

#[test]
fn what_is_damaged_is_an_error_and_the_call_heals_it() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    let shelf = call!(numbers(&memo, &ran, MANY)).shelve();
    let path = entry(dir.path(), "numbers");
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::remove_file(&path).unwrap();
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(shelf.map(), Err(ShelfError::Damaged { .. })));
    assert_eq!(ran.taken(), 1);
    let again = call!(numbers(&memo, &ran, MANY)).shelve();
    assert_eq!(ran.taken(), 1);
    assert_eq!(again.load().unwrap().len(), MANY as usize);
}

#[test]
fn a_shelf_in_a_result_is_looked_for_where_the_result_was_kept() {
    let dir = tempfile::tempdir().unwrap();
    let ran = Ran::default();
    prepare(&open(dir.path()), &ran, MANY);
    assert_eq!(ran.taken(), 2);
    let memo = open(dir.path());
    let prepared = prepare(&memo, &ran, MANY);
    assert_eq!(prepared.numbers.load().unwrap().len(), MANY as usize);
    assert_eq!(ran.taken(), 0);
    // A store that has been moved takes its shelves along.
    let moved = tempfile::tempdir().unwrap();
    fs::rename(dir.path().join("store"), moved.path().join("store")).unwrap();
    let prepared = prepare(&open(moved.path()), &ran, MANY);
    assert_eq!(prepared.numbers.load().unwrap().len(), MANY as usize);
    assert_eq!(ran.taken(), 0);
}

#[test]
fn a_shelf_survives_serialization() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    let shelf = call!(numbers(&memo, &ran, 5)).shelve();
    let text = serde_json::to_string(&shelf).unwrap();
    let read: Shelved<Vec<u64>> = serde_json::from_str(&text).unwrap();
    assert_eq!((read.key(), &read), (shelf.key(), &shelf));
    assert!(
        !text.contains(&dir.path().display().to_string()),
        "no path is part of it"
    );
}

#[test]
fn what_cannot_be_kept_is_held() {
    let dir = tempfile::tempdir().unwrap();
    let ran = Ran::default();
    let memo = Memo::builder(dir.path().join("store"))
        .mode(memo_runtime::Mode::Off)
        .build();
    let shelf = call!(numbers(&memo, &ran, 5)).shelve();
    assert_eq!(shelf.load().unwrap(), [0, 1, 2, 3, 4]);
    assert_eq!(shelf.map().unwrap()[..], [0, 1, 2, 3, 4]);
    assert_eq!(sum(&memo, &ran, &shelf).unwrap(), 10);
    assert_eq!(ran.taken(), 2);
    assert!(!dir.path().join("store").exists());
}

#[test]
fn of_a_result_only_an_ok_goes_on_the_shelf() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    for _ in 0..2 {
        let failed = call!(checked(&memo, &ran, 0)).try_shelve();
        assert_eq!(failed.unwrap_err(), "nothing to count");
    }
    assert_eq!(ran.taken(), 2);
    for _ in 0..2 {
        let shelf = call!(checked(&memo, &ran, 3)).try_shelve().unwrap();
        assert_eq!(shelf.load().unwrap(), [0, 1, 2]);
    }
    assert_eq!(ran.taken(), 1);
    // The whole of it never was kept: the shelf holds it.
    let whole = call!(checked(&memo, &ran, 3)).shelve();
    assert_eq!(whole.load().unwrap(), Ok(vec![0, 1, 2]));
    assert_eq!(
        call!(checked(&memo, &ran, 0)).shelve().load().unwrap(),
        Err("nothing to count".to_owned())
    );
}

#[memo(store = *memo, ignore(memo, ran), cache_err)]
fn kept_errors(memo: &Memo, ran: &Ran, upto: u64) -> Result<Vec<u64>, String> {
    ran.again();
    match upto {
        0 => Err("nothing to count".to_owned()),
        upto => Ok((0..upto).collect()),
    }
}

#[test]
fn errors_that_are_kept_are_no_shelves() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    for _ in 0..2 {
        assert!(call!(kept_errors(&memo, &ran, 0)).try_shelve().is_err());
        let shelf = call!(kept_errors(&memo, &ran, 3)).try_shelve().unwrap();
        assert_eq!(shelf.load().unwrap(), [0, 1, 2]);
        let whole = call!(kept_errors(&memo, &ran, 0)).shelve();
        assert!(whole.load().unwrap().is_err());
    }
    assert_eq!(ran.taken(), 2);
}

/// Comes out otherwise each time.
#[memo(store = *memo, ignore(memo, ran))]
fn moody(memo: &Memo, ran: &Ran, low: bool) -> Vec<u64> {
    ran.again();
    vec![u64::from(low) + ran.0.get() as u64; 3]
}

#[test]
fn what_came_out_otherwise_is_another_argument() {
    let dir = tempfile::tempdir().unwrap();
    let (memo, ran) = (open(dir.path()), Ran::default());
    let first = call!(moody(&memo, &ran, false)).shelve();
    assert_eq!(sum(&memo, &ran, &first).unwrap(), 3);
    assert_eq!(call!(moody(&memo, &ran, false)).refresh()[0], 3);
    let second = call!(moody(&memo, &ran, false)).shelve();
    assert_eq!(sum(&memo, &ran, &second).unwrap(), 9);
    assert!(
        matches!(first.load(), Err(ShelfError::Gone { .. })),
        "it is not the second"
    );
    // And what came out as before is the same, whoever computed it.
    ran.taken();
    let third = call!(moody(&memo, &ran, true)).refresh();
    assert_eq!((third[0], ran.taken()), (2, 1));
    let twos = call!(moody(&memo, &ran, true)).shelve();
    sum(&memo, &ran, &twos).unwrap();
    ran.taken();
    assert!(call!(moody(&memo, &ran, false)).insert(vec![2_u64; 3]));
    let same = call!(moody(&memo, &ran, false)).shelve();
    assert_eq!(same, twos);
    assert_eq!(sum(&memo, &ran, &same).unwrap(), 6);
    assert_eq!(ran.taken(), 0);
}
