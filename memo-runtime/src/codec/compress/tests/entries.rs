//! Compressed entries, from one call to the next.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::frames::{compressed, half_noise, noise};
use super::*;
use crate::call::{Memo, Value};
use crate::config::Mode;
use crate::journal::Outcome;
use crate::manage::{Beginning, Criterion, EntryHead, Unreadable, Vault};
use crate::{Builder, Share};

/// A store in a temporary directory.
struct Desk {
    dir: tempfile::TempDir,
    computed: Cell<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Model {
    name: String,
    weights: Vec<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Noise(Vec<u8>);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Named {
    Text(String),
    Numbers(BTreeMap<String, u64>),
}

impl Desk {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            computed: Cell::new(0),
        }
    }

    fn builder(&self) -> Builder {
        Memo::builder(self.dir.path().join("store")).mode(Mode::On)
    }

    /// Calls for this value, and returns it and how it was come by.
    fn call<T: Value + Clone>(&self, memo: &Memo, value: &T) -> (T, Outcome) {
        let fetched = memo.call("f").fetch_or_compute(|| {
            self.computed.set(self.computed.get() + 1);
            value.clone()
        });
        (fetched.value, fetched.outcome)
    }

    fn vault(&self) -> Vault {
        let store = self.dir.path().join("store");
        Vault::open(&store, Share::None).unwrap().unwrap()
    }

    /// The head of the only entry.
    fn head(&self) -> EntryHead {
        let vault = self.vault();
        let [planned] = &vault.plan(&Criterion::All).unwrap().entries[..] else {
            panic!("there is one entry");
        };
        vault.head(&planned.entry).unwrap().unwrap()
    }

    /// The file of the only entry.
    fn file(&self) -> PathBuf {
        let vault = self.vault();
        let planned = vault.plan(&Criterion::All).unwrap().entries.remove(0);
        vault.entry_path(&planned.entry)
    }

    /// Puts another payload into the only entry, digests and all.
    fn replace_payload(&self, alter: impl FnOnce(Vec<u8>) -> Vec<u8>) {
        let file = File::options().read(true).write(true).open(self.file());
        let file = file.unwrap();
        let number = |at| {
            let mut bytes = [0; 8];
            file.read_exact_at(&mut bytes, at).unwrap();
            u64::from_le_bytes(bytes)
        };
        let (start, len) = (number(24), number(32));
        let mut payload = vec![0; len as usize];
        file.read_exact_at(&mut payload, start).unwrap();
        let payload = alter(payload);
        file.set_len(start + payload.len() as u64).unwrap();
        file.write_all_at(&payload, start).unwrap();
        let mut head = vec![0; start as usize];
        file.read_exact_at(&mut head, 0).unwrap();
        head[32..40].copy_from_slice(&(payload.len() as u64).to_le_bytes());
        head[128..160].copy_from_slice(blake3::hash(&payload).as_bytes());
        let digest = blake3::hash(&[&head[..160], &head[192..]].concat());
        head[160..192].copy_from_slice(digest.as_bytes());
        file.write_all_at(&head, 0).unwrap();
    }
}

fn comes_back<T: Value + Clone + PartialEq + std::fmt::Debug>(value: T, by: Compression) -> Desk {
    let desk = Desk::new();
    let open = || desk.builder().compress(by).open().unwrap();
    assert_eq!(
        desk.call(&open(), &value),
        (value.clone(), Outcome::Computed)
    );
    assert_eq!(desk.call(&open(), &value), (value.clone(), Outcome::Hit));
    assert_eq!(desk.call(&open(), &value), (value, Outcome::Hit));
    assert_eq!(desk.computed.get(), 1);
    desk
}

#[test]
fn values_of_every_codec_come_back() {
    let named = (0..500).map(|number| (format!("number {number}"), number));
    let model = Model {
        name: "small".repeat(10),
        weights: vec![0.5; 2000],
    };
    for (by, name) in [(ZSTD, "zstd"), (LZ4, "lz4")] {
        let desks = [
            (comes_back(model.clone(), by), "bincode"),
            (
                comes_back(Named::Numbers(named.clone().collect()), by),
                "messagepack",
            ),
            (comes_back(vec![7_u64; 3000], by), "raw"),
            (
                comes_back(Some((vec![7_u64; 3000], "text".to_owned())), by),
                "raw",
            ),
        ];
        for (desk, codec) in desks {
            let head = desk.head();
            assert_eq!((head.codec(), head.compression()), (codec, Some(name)));
            assert!(head.value_bytes < 8000, "{codec}: {}", head.value_bytes);
        }
    }
}

#[test]
fn large_values_come_back_from_their_files() {
    for by in [ZSTD, LZ4] {
        let desk = comes_back(half_noise(5_000_000), by);
        assert!(desk.head().value_bytes > 2_000_000);
        let text = String::from_utf8(half_noise(5_000_000)).unwrap();
        comes_back(
            Model {
                name: text,
                weights: vec![1.0],
            },
            by,
        );
    }
}

#[test]
fn small_and_empty_values_come_back_uncompressed() {
    for by in [ZSTD, LZ4] {
        comes_back(Vec::<u64>::new(), by);
        let noisy = comes_back(Noise(noise(1000)), by);
        for desk in [noisy, comes_back((), by), comes_back(1_u8, by)] {
            assert_eq!(desk.head().compression(), None);
        }
    }
}

#[test]
fn a_call_has_its_own_way() {
    let desk = Desk::new();
    let zeros = vec![0_u8; 10_000];
    let memo = desk.builder().compress(ZSTD).open().unwrap();
    let own = memo.call("f").compress(LZ4);
    own.get_or_compute(|| zeros.clone());
    assert_eq!(desk.head().compression(), Some("lz4"));
    // How it is kept is no part of its key.
    assert_eq!(desk.call(&memo, &zeros), (zeros.clone(), Outcome::Hit));
    let none = memo
        .call("f")
        .compress(Compression::None)
        .computing(|| zeros.clone());
    none.refresh();
    assert_eq!(desk.head().compression(), None);
}

#[test]
fn what_is_mapped_is_never_compressed() {
    let desk = comes_back(crate::MappedVec::from(vec![7_u64; 3000]), ZSTD);
    let head = desk.head();
    assert_eq!((head.codec(), head.compression()), ("raw", None));
}

#[test]
fn hits_are_computed_again_and_compared() {
    let desk = Desk::new();
    let zeros = vec![0_u8; 10_000];
    let memo = desk.builder().compress(ZSTD).open().unwrap();
    desk.call(&memo, &zeros);
    let checking = desk.builder().mode(Mode::Check).open().unwrap();
    assert_eq!(desk.call(&checking, &zeros).0, zeros);
    assert_eq!(desk.computed.get(), 2);
    assert_eq!(desk.call(&memo, &zeros).1, Outcome::Hit);
}

#[test]
fn a_payload_that_gives_no_value_is_moved_aside_and_computed_again() {
    let zeros = vec![0_u8; 100_000];
    let other = |payload: Vec<u8>| compressed(&[&half_noise(3000)], ZSTD).unwrap_or(payload);
    let longer = |payload: Vec<u8>| {
        let len = u64::from_le_bytes(payload[..LENGTH].try_into().unwrap()) + 1;
        [&len.to_le_bytes(), &payload[LENGTH..]].concat()
    };
    let alterations: [&dyn Fn(Vec<u8>) -> Vec<u8>; 6] = [
        &other,
        &longer,
        &|payload| [&payload[..], &[0]].concat(),
        &|payload| payload[..payload.len() - 1].to_vec(),
        &|payload| payload[..4].to_vec(),
        &|_| Vec::new(),
    ];
    for (at, alter) in alterations.into_iter().enumerate() {
        let desk = Desk::new();
        let memo = desk.builder().compress(ZSTD).open().unwrap();
        desk.call(&memo, &zeros);
        desk.replace_payload(alter);
        let memo = desk.builder().compress(ZSTD).open().unwrap();
        let outcome = desk.call(&memo, &zeros);
        assert_eq!(outcome, (zeros.clone(), Outcome::Computed), "{at}");
        assert_eq!(desk.vault().moved_aside().entries, 1, "{at}");
        assert_eq!(desk.call(&memo, &zeros).1, Outcome::Hit, "{at}");
    }
}

#[test]
fn replacing_a_payload_by_itself_changes_nothing() {
    let zeros = vec![0_u8; 100_000];
    let desk = Desk::new();
    let memo = desk.builder().compress(ZSTD).open().unwrap();
    desk.call(&memo, &zeros);
    desk.replace_payload(|payload| payload);
    let memo = desk.builder().compress(ZSTD).open().unwrap();
    assert_eq!(desk.call(&memo, &zeros), (zeros, Outcome::Hit));
}

#[test]
fn tools_see_what_was_compressed() {
    let model = Model {
        name: "name".repeat(1000),
        weights: vec![0.5; 100],
    };
    let expected = crate::codec::encode(Codec::Bincode, &model).unwrap();
    for by in [ZSTD, LZ4] {
        let desk = comes_back(model.clone(), by);
        let vault = desk.vault();
        let planned = vault.plan(&Criterion::All).unwrap().entries.remove(0);
        let read = |most| vault.value_bytes(&planned.entry, &desk.head(), most);
        let beginning = |most: usize| Beginning {
            bytes: expected[..most].to_vec(),
            total: expected.len() as u64,
        };
        assert_eq!(read(20).unwrap(), Some(beginning(20)));
        assert_eq!(read(usize::MAX).unwrap(), Some(beginning(expected.len())));

        desk.replace_payload(|payload| payload[..payload.len() - 1].to_vec());
        let damaged = vault.value_bytes(&planned.entry, &desk.head(), 20);
        assert!(
            matches!(damaged, Err(Unreadable::Damaged(_))),
            "{damaged:?}"
        );
    }
}
