//! Checking the files that results name, each once, and the entries by them.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Check;
use crate::file::named::needed;
use crate::header::KeptFile;
use crate::key::Digest;
use crate::manage::{Entry, Unreadable};
use crate::store::files::inventory::{CheckedFile, Stored};
use crate::store::{FileId, Store};

/// A file that does not match its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DamagedFile {
    /// The digest that its bytes should have.
    pub digest: Digest,
    pub(super) file: Option<FileId>,
}

/// Files that several threads check, each once.
pub(super) struct Files {
    /// The functions, by their directories, whose entries may name files.
    functions: HashSet<String>,
    files: Vec<Stored>,
    next: AtomicUsize,
    checked: Mutex<HashMap<Digest, CheckedFile>>,
}

impl Files {
    pub(super) fn new(store: &Store, files: Vec<Stored>) -> Self {
        Self {
            functions: store.functions_with_files().unwrap_or_default(),
            files,
            next: AtomicUsize::new(0),
            checked: Mutex::default(),
        }
    }

    pub(super) fn next(&self) -> Option<&Stored> {
        self.files.get(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Whether an entry may name files.
    fn are_named_in(&self, entry: &Entry) -> bool {
        self.functions.contains(entry.function_dir())
    }

    fn checked(&self) -> MutexGuard<'_, HashMap<Digest, CheckedFile>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn damaged(&self) -> Vec<DamagedFile> {
        let checked = self.checked();
        let damaged = checked
            .iter()
            .filter_map(|(digest, checked)| match checked {
                CheckedFile::Damaged(file) => Some(DamagedFile {
                    digest: *digest,
                    file: *file,
                }),
                _ => None,
            });
        let mut damaged: Vec<DamagedFile> = damaged.collect();
        damaged.sort_unstable();
        damaged
    }
}

impl Check<'_> {
    /// What is the matter with the files that an entry names, if something is,
    /// and of which file that is said.
    pub(super) fn lacks(&self, entry: &Entry) -> Option<(Unreadable, Option<FileId>)> {
        if !self.files.are_named_in(entry) {
            return None;
        }
        let store = &self.vault.store;
        let file = store.id_of_entry(entry);
        let named = store.files_named_by(entry).ok()??;
        let problem = self.lacking(&named)?;
        // With an entry that went or was replaced meanwhile, its files go.
        (file == store.id_of_entry(entry)).then_some((problem, file))
    }

    fn lacking(&self, named: &[KeptFile]) -> Option<Unreadable> {
        let unreadable = || Unreadable::System("the files that it names cannot be read".into());
        let Ok(needed) = needed(&self.vault.store, named) else {
            return Some(unreadable());
        };
        needed.iter().find_map(|needed| {
            let problem = match self.check_file(&needed.digest, needed.bytes) {
                CheckedFile::Whole | CheckedFile::Stopped => return None,
                CheckedFile::Unreadable => return Some(unreadable()),
                CheckedFile::Missing => "is not kept any more",
                CheckedFile::Damaged(_) => "is damaged",
            };
            let path = needed.path;
            let problem = format!("`{path}`, which its value names, {problem}");
            Some(Unreadable::Damaged(problem))
        })
    }

    /// Checks a file, unless that has been done.
    pub(super) fn check_file(&self, digest: &Digest, bytes: Option<u64>) -> CheckedFile {
        if let Some(checked) = self.files.checked().get(digest) {
            return *checked;
        }
        let checked = self.vault.store.check_file(digest, bytes, |read| {
            self.read.fetch_add(read, Ordering::Relaxed);
            self.watch.done(0, read);
            self.goes_on()
        });
        self.files.checked().insert(*digest, checked);
        checked
    }
}
