//! What is to be removed, and what has been, as values.

use std::sync::Arc;

use crate::error::StoreError;
use crate::journal::{Cause, JournalPosition, Outcome};
use crate::store::FunctionName;
use crate::store::files::inventory::KeptFiles;
use crate::store::inventory::Entry;

/// One entry that a plan removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The function it is a result of, if the store tells.
    pub function: Arc<FunctionName>,
    /// The entry.
    pub entry: Entry,
    /// Why it goes.
    pub cause: Cause,
    /// How long computing it took, in nanoseconds, if that is known.
    pub computing: Option<u64>,
}

/// What would be removed, before anything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The entries, by where they are in the store.
    pub entries: Vec<Planned>,
    /// What the store holds now, these entries included.
    pub total: Totals,
    /// Which files go that are not entries.
    pub litter: Litter,
    /// Entries whose time of last use is yet to come: they are taken to be
    /// used at the time that the plan is carried out.
    pub(crate) early: Vec<Entry>,
    /// Up to where the journal was read for the plan.
    pub(crate) read_to: JournalPosition,
}

/// Entries, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many they are.
    pub entries: u64,
    /// The size of their files in bytes.
    pub bytes: u64,
    /// How much of the disk they take, in bytes.
    pub disk: u64,
}

/// Files that are not entries, and that nobody needs any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Litter {
    /// They stay.
    #[default]
    Stays,
    /// What killed processes left goes, and damaged entries that are old or
    /// many.
    Old,
    /// Damaged entries go as well, all of them.
    All,
}

/// What has been removed.
#[derive(Clone, Debug, Default)]
pub struct Removed {
    /// The entries.
    pub entries: Totals,
    /// How many planned entries had gone when their turn came.
    pub gone: u64,
    /// How many planned entries have been used or replaced since, and stay.
    pub used: u64,
    /// How many planned entries could not be removed.
    pub failed: u64,
    /// What stood in the way of the first of them.
    pub trouble: Option<Arc<StoreError>>,
    /// How many files that were no entries.
    pub litter: u64,
    /// Files that no entry names, and that stay for an hour after they were
    /// kept: an entry that names them may be about to come.
    pub young_files: KeptFiles,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

impl Planned {
    /// What the journal says of its removal.
    pub(crate) fn outcome(&self) -> Outcome {
        match self.cause {
            Cause::Plain | Cause::OldCode => Outcome::Cleared,
            _ => Outcome::Evicted,
        }
    }
}

impl Plan {
    /// A plan that removes `entries`, which a person has chosen.
    pub fn of(entries: Vec<Planned>) -> Self {
        let mut plan = Self {
            entries,
            ..Self::default()
        };
        plan.sort();
        plan
    }

    /// What the entries that would be removed come to.
    pub fn removes(&self) -> Totals {
        self.entries.iter().map(|planned| &planned.entry).collect()
    }

    /// By where entries are, so that neighbours are removed together.
    pub(super) fn sort(&mut self) {
        self.entries.sort_unstable_by(|one, other| {
            let place = |planned: &Planned| planned.entry.key;
            let dirs = one.entry.function_dir().cmp(other.entry.function_dir());
            dirs.then_with(|| place(one).cmp(&place(other)))
        });
    }
}

impl Totals {
    /// Counts one more.
    pub(crate) fn add(&mut self, entry: &Entry) {
        self.entries += 1;
        self.bytes = self.bytes.saturating_add(entry.bytes);
        self.disk = self.disk.saturating_add(entry.disk);
    }

    /// Counts one less.
    pub(super) fn remove(&mut self, entry: &Entry) {
        self.entries = self.entries.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(entry.bytes);
        self.disk = self.disk.saturating_sub(entry.disk);
    }

    /// Counts those that others have counted.
    pub(super) fn merge(&mut self, other: &Self) {
        self.entries += other.entries;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.disk = self.disk.saturating_add(other.disk);
    }
}

impl<'a> FromIterator<&'a Entry> for Totals {
    fn from_iter<I: IntoIterator<Item = &'a Entry>>(entries: I) -> Self {
        let mut totals = Self::default();
        for entry in entries {
            totals.add(entry);
        }
        totals
    }
}
