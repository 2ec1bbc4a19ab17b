//! Checking that everything in a store is whole, and moving out what is not.
//!
//! What must hold: checking changes nothing; repairing touches only what a
//! [`Report`] found, and only if it is still the same file.

mod files;

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

pub use files::DamagedFile;
use files::Files;

use super::{Cause, Entry, Execution, FunctionName, Outcome, Unreadable, Vault, Watch};
use crate::config;
use crate::error::StoreError;
use crate::key::Digest;
use crate::store::FileId;
use crate::store::check::{Checked, Piece};
use crate::store::files::inventory::Stored;
use crate::workers::on_all_cores;

/// What checking a store, or some of its entries, came to.
#[derive(Debug, Default)]
pub struct Report {
    /// How many entries were checked.
    pub entries: u64,
    /// How many bytes of them were read.
    pub bytes: u64,
    /// How many entries there were to check.
    pub planned: u64,
    /// Entries that are damaged, newer than this crate, or cannot be read;
    /// sorted by function and key.
    pub amiss: Vec<Amiss>,
    /// Lists of code that are damaged, sorted.
    pub lists: Vec<DamagedList>,
    /// Files that results name and whose bytes are not what was kept, sorted.
    /// The entries that name them are damaged as well.
    pub files: Vec<DamagedFile>,
    /// The paths, relative to the store, of what is none of its files.
    pub strangers: Vec<String>,
    /// Whether whoever watched wanted no more.
    pub stopped: bool,
}

/// An entry that is not as it should be.
#[derive(Clone, Debug)]
pub struct Amiss {
    /// The function it is a result of, if the store tells.
    pub function: FunctionName,
    /// The entry.
    pub entry: Entry,
    /// What is the matter.
    pub problem: Unreadable,
    file: Option<FileId>,
}

/// A list of code that does not match its digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DamagedList {
    /// The function that it is of, if the store tells.
    pub function: FunctionName,
    /// The fingerprint that it explains.
    pub fingerprint: Digest,
    /// What is the matter.
    pub problem: String,
    dir: String,
}

/// What a repair came to.
#[derive(Debug, Default)]
pub struct Repaired {
    /// How many damaged entries were moved to the directory for them.
    pub entries: usize,
    /// How many damaged lists of code were removed.
    pub lists: usize,
    /// How many damaged files were moved to the same directory.
    pub files: usize,
    /// How many of these had been replaced or had gone.
    pub gone: usize,
    /// Why others are still there.
    pub failed: Vec<StoreError>,
}

impl Report {
    /// The damaged entries.
    pub fn damaged(&self) -> impl Iterator<Item = &Amiss> {
        let is_damaged = |amiss: &&Amiss| matches!(amiss.problem, Unreadable::Damaged(_));
        self.amiss.iter().filter(is_damaged)
    }
}

impl Vault {
    /// Checks every entry whole, every file that entries may name, every list
    /// of code, and what else stands in the store.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn verify(&self, watch: &dyn Watch) -> Result<Report, StoreError> {
        let mut entries = Vec::new();
        for function in self.functions()? {
            let name = function.name.clone().unwrap_or_default();
            self.each_entry(&function, |entry| entries.push((name.clone(), entry)))?;
        }
        let mut files = Vec::new();
        self.store.each_file(|file| files.push(file))?;
        let mut report = self.check_all(entries, files, watch);
        if !report.stopped {
            report.lists = self.damaged_lists()?;
            report.strangers = self.store.strangers()?;
        }
        Ok(report)
    }

    /// Checks certain entries whole, with the files that they name, several at
    /// a time.
    pub fn verify_entries(&self, entries: Vec<(FunctionName, Entry)>, watch: &dyn Watch) -> Report {
        self.check_all(entries, Vec::new(), watch)
    }

    fn check_all(
        &self,
        mut entries: Vec<(FunctionName, Entry)>,
        mut files: Vec<Stored>,
        watch: &dyn Watch,
    ) -> Report {
        // The largest first, so that at the end no thread is left with one.
        entries.sort_by_key(|(_, entry)| Reverse(entry.bytes));
        files.sort_by_key(|file| Reverse(file.bytes));
        let planned = entries.len() as u64;
        let sizes = entries.iter().map(|(_, entry)| entry.bytes);
        let sizes = sizes.chain(files.iter().map(|file| file.bytes));
        let bytes = sizes.fold(0, u64::saturating_add);
        watch.planned(planned, bytes);
        let check = Check {
            vault: self,
            entries,
            files: Files::new(&self.store, files),
            watch,
            next: AtomicUsize::new(0),
            checked: AtomicU64::new(0),
            read: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
            amiss: Mutex::default(),
        };
        on_all_cores(|| check.work());
        check.report(planned)
    }

    /// Checks one entry whole; `false`: it has gone.
    ///
    /// # Errors
    ///
    /// It is damaged, newer than this crate, or cannot be read.
    pub fn check(&self, entry: &Entry) -> Result<bool, Unreadable> {
        let mut piece = Piece::new();
        match self.store.check_entry(&entry.place(), &mut piece, |_| true) {
            Checked::Whole | Checked::Stopped => Ok(true),
            Checked::Gone => Ok(false),
            Checked::Amiss(problem, _) => Err(problem),
        }
    }

    fn damaged_lists(&self) -> Result<Vec<DamagedList>, StoreError> {
        let functions = self.functions()?;
        let mut damaged = Vec::new();
        for dir in self.store.code_dirs()? {
            let of_function = functions.iter().find(|function| function.dir == dir);
            let function = of_function.and_then(|function| function.name.clone());
            for fingerprint in self.store.fingerprints(&dir)? {
                if let Err(Unreadable::Damaged(problem)) = self.store.code(&dir, &fingerprint) {
                    damaged.push(DamagedList {
                        function: function.clone().unwrap_or_default(),
                        fingerprint,
                        problem,
                        dir: dir.clone(),
                    });
                }
            }
        }
        damaged.sort();
        Ok(damaged)
    }

    /// Moves the damaged entries of a report to the directory for them, and
    /// removes the damaged lists of code. The rest is left alone.
    pub fn repair(&self, report: &Report) -> Repaired {
        let mut repaired = Repaired::default();
        for amiss in report.damaged() {
            match self.store.move_aside(&amiss.entry.place(), amiss.file) {
                Ok(true) => {
                    repaired.entries += 1;
                    self.record_damage(amiss);
                }
                Ok(false) => repaired.gone += 1,
                Err(error) => repaired.failed.push(error),
            }
        }
        for file in &report.files {
            if self.store.set_file_aside(&file.digest, file.file) {
                repaired.files += 1;
            } else {
                repaired.gone += 1;
            }
        }
        for list in &report.lists {
            match self.store.remove_damaged_code(&list.dir, &list.fingerprint) {
                Ok(true) => repaired.lists += 1,
                Ok(false) => repaired.gone += 1,
                Err(error) => repaired.failed.push(error),
            }
        }
        repaired
    }

    fn record_damage(&self, amiss: &Amiss) {
        self.journal.add(&Execution {
            time: self.clock.now(),
            pid: config::process(),
            host: config::host(),
            package: &amiss.function.package,
            function: &amiss.function.path,
            key: amiss.entry.key,
            outcome: Outcome::Damaged,
            cause: Cause::Plain,
            took: 0,
            computing: 0,
            bytes: amiss.entry.bytes,
            count: 1,
        });
    }
}

/// Entries that several threads check.
struct Check<'a> {
    vault: &'a Vault,
    entries: Vec<(FunctionName, Entry)>,
    files: Files,
    watch: &'a dyn Watch,
    next: AtomicUsize,
    checked: AtomicU64,
    read: AtomicU64,
    stopped: AtomicBool,
    amiss: Mutex<Vec<Amiss>>,
}

impl Check<'_> {
    /// Checks files and entries until there are no more.
    fn work(&self) {
        while let Some(file) = self.files.next() {
            if !self.goes_on() {
                return;
            }
            self.check_file(&file.digest, Some(file.bytes));
        }
        let mut piece = Piece::new();
        while let Some((function, entry)) =
            self.entries.get(self.next.fetch_add(1, Ordering::Relaxed))
        {
            if !self.goes_on() {
                return;
            }
            let mut left = entry.bytes;
            let checked = self
                .vault
                .store
                .check_entry(&entry.place(), &mut piece, |read| {
                    self.read.fetch_add(read, Ordering::Relaxed);
                    // One that was replaced is read twice, or has grown.
                    let read = read.min(left);
                    left -= read;
                    self.watch.done(0, read);
                    self.goes_on()
                });
            match checked {
                Checked::Stopped => return,
                Checked::Gone => {}
                Checked::Whole => {
                    if let Some((problem, file)) = self.lacks(entry) {
                        self.note(Amiss {
                            function: function.clone(),
                            entry: entry.clone(),
                            problem,
                            file,
                        });
                    }
                }
                Checked::Amiss(problem, file) => self.note(Amiss {
                    function: function.clone(),
                    entry: entry.clone(),
                    problem,
                    file,
                }),
            }
            self.watch.done(1, left);
            self.checked.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn goes_on(&self) -> bool {
        if !self.watch.goes_on() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.stopped.load(Ordering::Relaxed)
    }

    fn note(&self, amiss: Amiss) {
        let mut found = self.amiss.lock().unwrap_or_else(PoisonError::into_inner);
        found.push(amiss);
    }

    fn report(self, planned: u64) -> Report {
        let mut amiss = self
            .amiss
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        amiss.sort_by(|one, other| {
            (&one.function, one.entry.key).cmp(&(&other.function, other.entry.key))
        });
        Report {
            entries: self.checked.into_inner(),
            bytes: self.read.into_inner(),
            planned,
            amiss,
            files: self.files.damaged(),
            stopped: self.stopped.into_inner(),
            ..Report::default()
        }
    }
}

#[cfg(test)]
mod tests;
