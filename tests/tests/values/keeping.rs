//! Keeps a value in a store of its own and asks for it again.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use memo_runtime::manage::{JournalPosition, Vault};
use memo_runtime::{Fsync, Memo, Outcome, Share};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::messages;

/// A store in which results of one function are kept.
pub(crate) struct Keeping {
    _temp: TempDir,
    memo: Memo,
    function: &'static str,
}

impl Keeping {
    /// A new store. Messages name `function`, so it is to be the test's own.
    pub(crate) fn of(function: &'static str) -> Self {
        messages::collect();
        let temp = tempfile::tempdir().unwrap();
        let memo = Memo::builder(temp.path().join("store"))
            .fsync(Fsync::Never)
            .open()
            .unwrap();
        Self {
            _temp: temp,
            memo,
            function,
        }
    }

    /// Calls for `key` with a computation that gives `value`; what came of it, and whether it was
    /// computed.
    pub(crate) fn call<T: Serialize + DeserializeOwned>(&self, key: u64, value: T) -> (T, bool) {
        let computed = Cell::new(false);
        let value = self
            .memo
            .call(self.function)
            .arg("key", &key)
            .get_or_compute(|| {
                computed.set(true);
                value
            });
        (value, computed.get())
    }

    /// The codec that every entry names.
    pub(crate) fn codec(&self) -> &'static str {
        let vault = Vault::open(self.memo.dir(), Share::None).unwrap().unwrap();
        let mut codecs = Vec::new();
        for function in vault.functions().unwrap() {
            vault
                .each_entry(&function, |entry| {
                    codecs.push(vault.head(&entry).unwrap().unwrap().codec());
                })
                .unwrap();
        }
        codecs.dedup();
        assert_eq!(codecs.len(), 1, "{codecs:?}");
        codecs[0]
    }

    /// How often `outcome` was journaled.
    pub(crate) fn journaled(&self, outcome: Outcome) -> usize {
        let vault = Vault::open(self.memo.dir(), Share::None).unwrap().unwrap();
        let mut count = 0;
        vault
            .each_execution(JournalPosition::default(), |execution| {
                count += usize::from(execution.outcome == outcome)
            })
            .unwrap();
        count
    }

    /// The files of entries, flights and `tmp`.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let parts = ["entries", "flights", "tmp", "damaged"].map(|part| self.memo.dir().join(part));
        let mut left: Vec<PathBuf> = parts.into_iter().filter(|path| path.exists()).collect();
        let mut found = Vec::new();
        while let Some(path) = left.pop() {
            if path.is_dir() {
                left.extend(fs::read_dir(path).unwrap().map(|item| item.unwrap().path()));
            } else if path.file_name() != Some(Path::new("function").as_os_str()) {
                found.push(path);
            }
        }
        found
    }
}
