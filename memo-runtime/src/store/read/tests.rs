//! Entries that change between being looked up and being taken, and large ones.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use super::*;
use crate::key::digest_of;
use crate::payload::Unsound;
use crate::store::FunctionName;
use crate::store::entry::{PayloadSum, Sealed, head};

fn facts() -> Facts {
    Facts {
        key: digest_of("key").unwrap(),
        value_type: digest_of("type").unwrap(),
        codec: 1,
        created: 1,
        duration: 2,
        ttl: 0,
    }
}

/// A store, and the place of the only entry that is ever in it.
struct Shelf {
    store: Store,
    place: Place,
    _temp: tempfile::TempDir,
}

impl Shelf {
    fn with(value: &[u8]) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let shelf = Self {
            store: Store::open(&temp.path().join("store"), false).unwrap(),
            place: Place::new("f-0", facts().key),
            _temp: temp,
        };
        shelf.publish(value);
        shelf
    }

    fn publish(&self, value: &[u8]) {
        let (facts, pieces) = (facts(), [value.into()]);
        let sealed = Sealed::new(&facts, b"header", &pieces);
        let owner = FunctionName::default();
        self.store
            .publish_unlocked(&self.place, &owner, &sealed, true, false)
            .unwrap();
    }

    fn path(&self) -> PathBuf {
        self.store.entry_path(&self.place)
    }

    fn look_up(&self) -> Lookup {
        let value_type = facts().value_type;
        self.store
            .look_up(&self.place, &value_type, Delivery::Value, None)
    }

    fn found(&self) -> Incoming {
        match self.look_up() {
            Lookup::Found(loaded) => loaded.into_incoming(),
            other => panic!("{other:?}"),
        }
    }

    /// Opens the file of the entry to write to it, which takes the right to do
    /// so first.
    fn open(&self) -> File {
        fs::set_permissions(self.path(), fs::Permissions::from_mode(0o600)).unwrap();
        File::options().write(true).open(self.path()).unwrap()
    }

    /// Writes to the file of the entry, in its place.
    fn write(&self, at: u64, bytes: &[u8]) {
        let mut file = self.open();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(bytes).unwrap();
    }
}

/// Values of every size that is read in another way.
const SIZES: [usize; 5] = [0, 100, 64 << 10, 300_000, 5 << 20];

fn value(size: usize) -> Vec<u8> {
    let run: Vec<u8> = (0..=252).collect();
    let mut value = run.repeat(size.div_ceil(run.len()));
    value.truncate(size);
    value
}

#[test]
fn what_was_found_is_had_though_the_entry_be_replaced_or_removed() {
    for size in SIZES {
        let value = value(size);
        let shelf = Shelf::with(&value);
        let found = [shelf.found(), shelf.found(), shelf.found()];
        shelf.publish(b"another");
        let [one, two, three] = found;
        assert_eq!(*one.bytes().unwrap(), *value);
        fs::remove_file(shelf.path()).unwrap();
        assert_eq!(**two.map().unwrap(), *value);
        let mut read = vec![0; size];
        three.read_into(&mut [&mut read]).unwrap();
        assert_eq!(read, value);
        assert!(matches!(shelf.look_up(), Lookup::Absent));
    }
}

#[test]
fn what_changes_after_it_was_found_is_noticed_or_had_as_it_was() {
    type Take = fn(Incoming) -> Result<Vec<u8>, Unsound>;
    let value = value(5 << 20);
    let take: [Take; 3] = [
        |found| found.bytes().map(|bytes| bytes.to_vec()),
        |found| found.map().map(|mapping| mapping.to_vec()),
        |found| {
            let mut read = vec![0; found.len() as usize];
            found.read_into(&mut [&mut read]).map(|()| read)
        },
    ];
    let change: [&dyn Fn(&Shelf); 3] = [
        &|shelf| shelf.write(4 << 20, b"altered"),
        &|shelf| shelf.open().set_len(4 << 20).unwrap(),
        &|shelf| shelf.open().set_len(0).unwrap(),
    ];
    for (which, change) in change.iter().enumerate() {
        for (way, take) in take.iter().enumerate() {
            let shelf = Shelf::with(&value);
            let found = shelf.found();
            change(&shelf);
            let taken = take(found);
            assert!(matches!(taken, Err(Unsound::Digest)), "{which} {way}");
        }
    }
    let shelf = Shelf::with(&value[..1000]);
    let found = shelf.found();
    shelf.open().set_len(0).unwrap();
    assert_eq!(*found.bytes().unwrap(), value[..1000]);
}

#[test]
fn an_entry_that_was_cut_or_is_longer_is_damaged() {
    for size in SIZES {
        let shelf = Shelf::with(&value(size));
        let len = fs::metadata(shelf.path()).unwrap().len();
        for wrong in [len - 1, len + 1, 191, 0] {
            shelf.open().set_len(wrong).unwrap();
            assert!(matches!(shelf.look_up(), Lookup::Damaged(..)), "{wrong}");
        }
    }
}

#[test]
fn the_time_of_last_use_is_renewed_though_nobody_may_write() {
    let shelf = Shelf::with(&value(5 << 20));
    let clock = Clock::manual(7 * LAST_USE_GRAIN);
    let value_type = facts().value_type;
    let file = File::open(shelf.path()).unwrap();
    file.set_modified(UNIX_EPOCH).unwrap();
    let found = shelf
        .store
        .look_up(&shelf.place, &value_type, Delivery::Value, Some(&clock));
    assert!(matches!(found, Lookup::Found(_)));
    let used = fs::metadata(shelf.path()).unwrap().modified().unwrap();
    assert_eq!(crate::clock::moment(used), clock.now());
}

/// The value is 4 GiB of zero bytes, and an end that is not: it takes no room
/// on the disk.
#[test]
fn a_value_of_over_four_gibibytes_is_had_whole() {
    const END: &[u8] = b"the end";
    let digest = "8e009d2a99f3dd165c64edab791ecb003caca487e521a7d02ddb63b7d7b390b9";
    let digest = blake3::Hash::from_hex(digest).unwrap();
    let len = (4 << 30) + END.len() as u64;
    let head = head(&facts(), b"header", PayloadSum { len, digest }, 0);
    let shelf = Shelf::with(b"");
    fs::write(shelf.path(), &head).unwrap();
    shelf.write(head.len() as u64 + (4 << 30), END);
    let found = shelf.found();
    assert_eq!(found.len(), len);
    let mapping = found.map().unwrap();
    assert_eq!(mapping.len() as u64, len);
    assert_eq!(mapping[4 << 30..], *END);
    drop(mapping);
    shelf.write(head.len() as u64 + (4 << 30) - 1, &[1]);
    assert!(matches!(shelf.found().map(), Err(Unsound::Digest)));
}
