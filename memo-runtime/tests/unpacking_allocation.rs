//! A compressed result takes no more memory than comes out of it, whatever it says of itself.

#![cfg(all(feature = "lz4", feature = "zstd"))]
#![allow(clippy::unwrap_used)]

mod counting;

use std::fs;
use std::path::{Path, PathBuf};

use counting::most_held_by;
use memo_runtime::{Compression, Memo, Outcome};
use serde::{Deserialize, Serialize};

/// The value within a struct takes the ordinary codec.
#[derive(Serialize, Deserialize)]
struct Wrapped {
    text: String,
}

const SIZE: usize = 100_000_000;
const MEGABYTE: usize = 1 << 20;

/// The entries below `dir`.
fn entries(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            entries(&path, found);
        } else if fs::read(&path).unwrap().starts_with(b"\x89memo") {
            found.push(path);
        }
    }
}

/// Lets the payload of the only entry say that so many bytes come out of it, and mends the digests.
fn say_length(store: &Path, length: u64) {
    let mut found = Vec::new();
    entries(&store.join("entries"), &mut found);
    let [entry] = &found[..] else {
        panic!("there is one entry: {found:?}");
    };
    let mut bytes = fs::read(entry).unwrap();
    let start = u64::from_le_bytes(bytes[24..32].try_into().unwrap()) as usize;
    bytes[start..start + 8].copy_from_slice(&length.to_le_bytes());
    let payload = blake3::hash(&bytes[start..]);
    bytes[128..160].copy_from_slice(payload.as_bytes());
    let head = blake3::hash(&[&bytes[..160], &bytes[192..start]].concat());
    bytes[160..192].copy_from_slice(head.as_bytes());
    fs::write(entry, bytes).unwrap();
}

fn open(store: &Path, compression: Compression) -> Memo {
    let memo = Memo::builder(store).compress(compression);
    memo.open().unwrap()
}

/// Calls for this text, and tells how it was come by.
fn call(memo: &Memo, text: &dyn Fn() -> String) -> Outcome {
    let call = memo.call("f");
    call.fetch_or_compute(|| Wrapped { text: text() }).outcome
}

/// Whether there is a value in the store, and how much looking took.
fn found(store: &Path, compression: Compression) -> (bool, usize) {
    let memo = open(store, compression);
    let call = memo.call("f").computing(|| Wrapped {
        text: String::new(),
    });
    most_held_by(|| call.cached().is_some())
}

const COMPRESSIONS: [Compression; 2] = [Compression::Zstd { level: 3 }, Compression::Lz4];

/// One test, since the allocator counts for all that run.
#[test]
fn what_comes_out_of_an_entry_takes_no_more_memory_than_its_size() {
    for compression in COMPRESSIONS {
        let temporary = tempfile::tempdir().unwrap();
        a_bomb(&temporary.path().join("store"), compression);
    }
    for compression in COMPRESSIONS {
        let temporary = tempfile::tempdir().unwrap();
        an_empty_promise(&temporary.path().join("store"), compression);
    }
}

fn a_bomb(store: &Path, compression: Compression) {
    let zeros = || "\0".repeat(SIZE);
    assert_eq!(call(&open(store, compression), &zeros), Outcome::Computed);
    let (outcome, most) = most_held_by(|| call(&open(store, compression), &zeros));
    assert_eq!(outcome, Outcome::Hit);
    // The encoded value, which grows as it comes, and the value.
    assert!(most < 2 * SIZE + 8 * MEGABYTE, "{compression}: {most}");

    // More comes out than this.
    say_length(store, 1000);
    let (found_it, most) = found(store, compression);
    assert!(!found_it && most < 12 * MEGABYTE, "{compression}: {most}");
    // So much comes out of nothing of this size.
    for length in [1 << 40, u64::MAX] {
        say_length(store, length);
        let (found_it, most) = found(store, compression);
        assert!(!found_it && most < MEGABYTE, "{compression}: {most}");
    }
    // So much might, and does not.
    say_length(store, SIZE as u64 + 100_000);
    let (found_it, most) = found(store, compression);
    assert!(most > SIZE, "{compression}: {most}");
    assert!(
        !found_it && most < 2 * SIZE + 12 * MEGABYTE,
        "{compression}: {most}"
    );
}

fn an_empty_promise(store: &Path, compression: Compression) {
    let numbers = || format!("{:?}", Vec::from_iter(0..300_000));
    assert_eq!(call(&open(store, compression), &numbers), Outcome::Computed);
    let actual = numbers().len();
    // A frame of this size might hold more than ten times as much.
    say_length(store, 10 * actual as u64);
    let (found_it, most) = found(store, compression);
    assert!(
        !found_it && most < 3 * actual + 4 * MEGABYTE,
        "{compression}: {most}"
    );
}
