//! An entry that is kept, to be damaged and looked at.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use log::Level;
use memo_runtime::manage::{JournalPosition, Vault};
use memo_runtime::{Fsync, Memo, Outcome, Share};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::messages;

/// A store in which `function(key)` is kept for some keys.
pub(crate) struct Kept<T> {
    _temp: TempDir,
    memo: Memo,
    value: T,
    journal_read: Cell<JournalPosition>,
}

impl<T: Clone + PartialEq + std::fmt::Debug + Serialize + DeserializeOwned> Kept<T> {
    /// A new store. The value of every key is `value`.
    pub(crate) fn new(value: T) -> Self {
        messages::collect();
        let temp = tempfile::tempdir().unwrap();
        // Every call is to look at the files, as the first of a process does.
        let memo = Memo::builder(temp.path().join("store"))
            .fsync(Fsync::Never)
            .memory(None)
            .open()
            .unwrap();
        Self {
            _temp: temp,
            memo,
            value,
            journal_read: Cell::default(),
        }
    }

    pub(crate) fn store(&self) -> &Path {
        self.memo.dir()
    }

    /// Calls; whether that computed. The value is right or this panics.
    pub(crate) fn computes(&self, key: u64) -> bool {
        let computed = Cell::new(false);
        let value = self
            .memo
            .call("function")
            .arg("key", &key)
            .get_or_compute(|| {
                computed.set(true);
                self.value.clone()
            });
        assert!(value == self.value, "a wrong value was handed out");
        computed.get()
    }

    /// Keeps the value of `key`; its entry's path.
    pub(crate) fn keep(&self, key: u64) -> PathBuf {
        let before = self.entries();
        assert!(self.computes(key));
        assert!(!self.computes(key), "a result was not kept");
        self.entries()
            .into_iter()
            .find(|path| !before.contains(path))
            .unwrap()
    }

    /// The entries' paths.
    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        let list = |dir: PathBuf| {
            fs::read_dir(dir)
                .into_iter()
                .flatten()
                .map(|item| item.unwrap().path())
        };
        let functions = list(self.store().join("entries"));
        functions
            .flat_map(list)
            .filter(|path| path.is_dir())
            .flat_map(list)
            .collect()
    }

    /// Expects what stands at `entry`, which is `bytes`, to be a miss, moved aside, told and
    /// journaled once, and healed by the call.
    pub(crate) fn heals(&self, key: u64, entry: &Path, bytes: &[u8], what: &str) {
        assert!(self.computes(key), "{what}: a hit");
        assert!(!self.computes(key), "{what}: not healed");
        assert_eq!(self.take_damaged(), [bytes], "{what}: not moved aside");
        let told = messages::take(Level::Warn, entry.to_str().unwrap());
        assert_eq!(told.len(), 1, "{what}: {told:?}");
        assert_eq!(self.journaled(Outcome::Damaged), 1, "{what}: journal");
    }

    /// Takes the files that were moved aside.
    pub(crate) fn take_damaged(&self) -> Vec<Vec<u8>> {
        let Ok(listed) = fs::read_dir(self.store().join("damaged")) else {
            return Vec::new();
        };
        let take = |path: PathBuf| {
            let bytes = fs::read(&path).unwrap();
            fs::remove_file(path).unwrap();
            bytes
        };
        listed.map(|item| take(item.unwrap().path())).collect()
    }

    /// How often `outcome` was journaled since this was last asked.
    pub(crate) fn journaled(&self, outcome: Outcome) -> usize {
        let vault = Vault::open(self.store(), Share::None).unwrap().unwrap();
        let mut count = 0;
        let read = vault.each_execution(self.journal_read.get(), |execution| {
            count += usize::from(execution.outcome == outcome);
        });
        self.journal_read.set(read.unwrap());
        count
    }
}

impl Kept<Vec<u8>> {
    /// A store with one entry, of key 0, of exactly `size` bytes; its path and bytes.
    pub(crate) fn one_entry_of(size: usize) -> (Self, PathBuf, Vec<u8>) {
        // How much comes with a value depends on how large it is.
        let mut len = size;
        let (kept, entry, bytes) = loop {
            let kept = Self::new((0..len).map(|at| (at * 7) as u8).collect());
            let entry = kept.keep(0);
            let bytes = fs::read(&entry).unwrap();
            if bytes.len() == size {
                break (kept, entry, bytes);
            }
            len = len + size - bytes.len();
        };
        assert_eq!(kept.journaled(Outcome::Damaged), 0);
        (kept, entry, bytes)
    }

    /// Puts `bytes` in the place of the entry of key 0 and expects that to be healed.
    pub(crate) fn heals_from(&self, entry: &Path, bytes: &[u8], what: &str) {
        fs::write(entry, bytes).unwrap();
        self.heals(0, entry, bytes, what);
    }
}
