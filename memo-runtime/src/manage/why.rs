//! Why a value was computed and not found.
//!
//! The journal tells what became of a key; for a key that is new, the entry
//! that differs least from its own tells what made it so. What must hold:
//! nothing is guessed, so that every [`Reason`] is backed by a record or by
//! two entries; and equal stores give equal explanations.

mod ahead;
mod compare;
mod past;
mod reason;

#[cfg(test)]
mod tests;

pub use reason::{ArgumentChange, Duplicate, NotKept, Reason, Removal, RemovedBy, Unknown};

use std::collections::BTreeMap;

use super::{
    Cause, Entry, EntryHead, Execution, FunctionDir, FunctionName, JournalPosition, Outcome, Vault,
};
use crate::clock::Moment;
use crate::error::StoreError;
use crate::key::Digest;
use past::History;

/// Why a value was computed.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What is explained.
    pub computation: Computation,
    /// Why it came to that: at least one reason, the main one first.
    pub reasons: Vec<Reason>,
    /// The earlier entry of the function that differs least, if that is what
    /// the reasons were found by.
    pub nearest: Option<ReadEntry>,
}

/// A computation, as far as it is known.
#[derive(Clone, Debug)]
pub struct Computation {
    /// Of which function.
    pub function: FunctionName,
    /// The key of the call.
    pub key: Digest,
    /// When it ended.
    pub ended: Moment,
    /// How long it took, in nanoseconds.
    pub duration: u64,
    /// What came of it.
    pub outcome: Outcome,
    /// Why nothing was kept, if so.
    pub not_kept: Option<NotKept>,
    /// The entry with its key, if there is one now.
    pub entry: Option<ReadEntry>,
    /// How the entry went since, if the journal tells.
    pub removed: Option<Removal>,
}

/// An entry with what it says of itself.
#[derive(Clone, Debug)]
pub struct ReadEntry {
    /// The directory of its function.
    pub function: FunctionDir,
    /// The entry.
    pub entry: Entry,
    /// What it says of itself.
    pub head: EntryHead,
}

impl Vault {
    /// Why the last computation was made, of a function that `wanted`
    /// accepts; `None`: there was none. Values that a program handed over are
    /// passed over.
    ///
    /// # Errors
    ///
    /// The journal or the store cannot be read.
    pub fn why_last(
        &self,
        wanted: impl Fn(&FunctionName) -> bool,
    ) -> Result<Option<Explanation>, StoreError> {
        let history = self.history(|execution| {
            execution.cause != Cause::Inserted && wanted(&name_of(execution))
        })?;
        if let Some(history) = history {
            return self.explain(history).map(Some);
        }
        if self
            .history(|execution| wanted(&name_of(execution)))?
            .is_some()
        {
            return Ok(None);
        }
        let mut latest: Option<ReadEntry> = None;
        for function in self.functions()? {
            if !function.name.as_ref().is_some_and(&wanted) {
                continue;
            }
            self.each_read(&function, |read| {
                let created = |read: &ReadEntry| (read.head.created, read.entry.key);
                if latest
                    .as_ref()
                    .is_none_or(|latest| created(latest) < created(&read))
                {
                    latest = Some(read);
                }
            })?;
        }
        latest
            .map(|entry| self.explain(History::of_entry(&entry)))
            .transpose()
    }

    /// Why the value with this key was computed, when it last was; `None`:
    /// there is none, and never was as far as is known.
    ///
    /// # Errors
    ///
    /// The journal or the store cannot be read.
    pub fn why(&self, key: &Digest) -> Result<Option<Explanation>, StoreError> {
        if let Some(history) = self.history(|execution| execution.key == *key)? {
            return self.explain(history).map(Some);
        }
        let found = self.find(&key.to_hex())?.pop();
        let read = found.and_then(|found| self.read(&found.function, found.entry));
        read.map(|entry| self.explain(History::of_entry(&entry)))
            .transpose()
    }

    fn explain(&self, history: History) -> Result<Explanation, StoreError> {
        let miss = &history.miss;
        let entry = self.entry_of(miss)?;
        let (reasons, nearest) = match history.reason() {
            Some(reason) => (vec![reason], None),
            None => self.compared(&history, entry.as_ref())?,
        };
        Ok(Explanation {
            computation: Computation {
                function: name_of(miss),
                key: miss.key,
                ended: miss.time,
                duration: miss.computing,
                outcome: miss.outcome,
                not_kept: past::not_kept(miss),
                removed: history.removed.filter(|_| entry.is_none()),
                entry,
            },
            reasons,
            nearest,
        })
    }

    /// The reasons that a comparison with the nearest earlier entry gives.
    fn compared(
        &self,
        history: &History,
        entry: Option<&ReadEntry>,
    ) -> Result<(Vec<Reason>, Option<ReadEntry>), StoreError> {
        let only = |reason| Ok((vec![reason], None));
        let Some(entry) = entry else {
            return only(if history.others == 0 {
                Reason::First
            } else {
                Reason::Unknown(Unknown::NoEntry)
            });
        };
        if let Some(nearest) = self.nearest(entry, &entry.function)? {
            let mut reasons = compare::differences(&nearest.head, &entry.head);
            if reasons.is_empty() {
                reasons.push(Reason::Unknown(Unknown::NoDifference));
            }
            return Ok((reasons, Some(nearest)));
        }
        let name = name_of(&history.miss);
        let mut elsewhere = None;
        for function in self.functions_named(&name)? {
            if function.dir != entry.function.dir && elsewhere.is_none() {
                elsewhere = self.nearest(entry, &function)?;
            }
        }
        if let Some(nearest) = elsewhere {
            let mut reasons = vec![Reason::Program];
            reasons.extend(compare::differences(&nearest.head, &entry.head));
            return Ok((reasons, Some(nearest)));
        }
        only(if history.others == 0 {
            Reason::First
        } else {
            Reason::Unknown(Unknown::NothingEarlier)
        })
    }

    /// The entry of a function that was there before `entry` and differs
    /// least from it; of equals the one that was used last before.
    fn nearest(
        &self,
        entry: &ReadEntry,
        function: &FunctionDir,
    ) -> Result<Option<ReadEntry>, StoreError> {
        let mut used: BTreeMap<Digest, Moment> = BTreeMap::new();
        self.each_execution(JournalPosition::default(), |execution| {
            if execution.time < entry.head.created {
                let last = used.entry(execution.key).or_default();
                *last = execution.time.max(*last);
            }
        })?;
        let mut nearest: Option<(compare::Distance, ReadEntry)> = None;
        self.each_read(function, |other| {
            if other.entry.key == entry.entry.key || other.head.created >= entry.head.created {
                return;
            }
            let last = used.get(&other.entry.key).copied();
            let distance = compare::distance(&other, entry, last);
            if nearest.as_ref().is_none_or(|(least, _)| distance < *least) {
                nearest = Some((distance, other));
            }
        })?;
        Ok(nearest.map(|(_, entry)| entry))
    }

    fn functions_named(&self, name: &FunctionName) -> Result<Vec<FunctionDir>, StoreError> {
        let mut functions = self.functions()?;
        functions.retain(|function| function.name.as_ref() == Some(name));
        functions.sort_by(|one, other| one.dir.cmp(&other.dir));
        Ok(functions)
    }

    /// The entry that an execution left, if it is there and can be read.
    fn entry_of(&self, execution: &Execution) -> Result<Option<ReadEntry>, StoreError> {
        for function in self.functions_named(&name_of(execution))? {
            let mut found = None;
            self.each_entry(&function, |entry| {
                if entry.key == execution.key {
                    found = Some(entry);
                }
            })?;
            if let Some(entry) = found {
                return Ok(self.read(&function, entry));
            }
        }
        Ok(None)
    }

    fn each_read(
        &self,
        function: &FunctionDir,
        mut found: impl FnMut(ReadEntry),
    ) -> Result<(), StoreError> {
        self.each_entry(function, |entry| {
            if let Some(read) = self.read(function, entry) {
                found(read);
            }
        })
    }

    fn read(&self, function: &FunctionDir, entry: Entry) -> Option<ReadEntry> {
        let head = self.head(&entry).ok()??;
        Some(ReadEntry {
            function: function.clone(),
            entry,
            head,
        })
    }
}

fn name_of(execution: &Execution) -> FunctionName {
    FunctionName {
        package: execution.package.clone(),
        path: execution.function.clone(),
    }
}
