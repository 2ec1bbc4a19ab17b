//! What the journal tells of a computation and of its key before.

use super::{Duplicate, NotKept, ReadEntry, Reason, Removal, RemovedBy, Unknown, Vault};
use crate::error::StoreError;
use crate::journal::{Cause, Execution, JournalPosition, Outcome, Segments};

/// A computation, and what went before it.
pub(super) struct History {
    pub(super) miss: Execution,
    /// What happened to its key before, in order of time. Of hits in a row
    /// only the last.
    past: Vec<Execution>,
    /// How many calls of the function with other keys were computed before.
    pub(super) others: usize,
    /// How the entry with its key last went since.
    pub(super) removed: Option<Removal>,
}

impl History {
    fn new(miss: Execution) -> Self {
        Self {
            miss,
            past: Vec::new(),
            others: 0,
            removed: None,
        }
    }

    /// The history of a computation that the journal does not know of.
    pub(super) fn of_entry(read: &ReadEntry) -> Self {
        let header = &read.head.header;
        Self::new(Execution {
            time: read.head.created,
            pid: header.pid,
            host: header.host.clone(),
            package: header.package.clone(),
            function: header.function.clone(),
            key: read.entry.key,
            outcome: Outcome::Computed,
            cause: Cause::Plain,
            took: read.head.duration,
            computing: read.head.duration,
            bytes: read.entry.bytes,
            count: 1,
        })
    }

    /// Why the entry was not used, if there was one before or should have
    /// been; `None`: the key is new.
    pub(super) fn reason(&self) -> Option<Reason> {
        let miss = &self.miss;
        Some(match miss.cause {
            Cause::Expired => Reason::Expired {
                computed: self.kept_at(),
            },
            Cause::Damaged => Reason::Removed(self.damage()),
            Cause::Refreshed => Reason::Refreshed,
            Cause::Checked => Reason::Checked { same: true },
            Cause::Differs => Reason::Checked { same: false },
            Cause::Inserted => Reason::Inserted,
            Cause::Nested => Reason::Duplicate(Duplicate::Nested),
            Cause::WaitedOut => Reason::Duplicate(Duplicate::WaitedOut),
            Cause::HolderFailed => Reason::Duplicate(Duplicate::HolderFailed),
            Cause::Plain
            | Cause::Absent
            | Cause::Forgotten
            | Cause::Trouble
            | Cause::Refused
            | Cause::Cancelled
            | Cause::OverSize
            | Cause::OverAge
            | Cause::OverCount
            | Cause::OldCode
            | Cause::ExitCode
            | Cause::Signal
            | Cause::TimedOut
            | Cause::NoOutput
            | Cause::Edited => return self.by_past(),
        })
    }

    fn by_past(&self) -> Option<Reason> {
        let last = self.past.last()?;
        let at = last.time;
        if let Some(removal) = removal(last) {
            return Some(Reason::Removed(removal));
        }
        if let Some(why) = not_kept(last) {
            return Some(Reason::NotKept { at, why });
        }
        let began = self.miss.time.saturating_sub(self.miss.took);
        Some(match last.outcome {
            outcome if outcome.is_computed() && at > began => {
                Reason::Duplicate(Duplicate::Overlapped)
            }
            // What it was before, the cause of what came of it stands for.
            _ if self.miss.cause == Cause::Trouble => Reason::Trouble,
            _ if not_kept(&self.miss).is_some() => Reason::Unknown(Unknown::NotRecorded),
            _ => Reason::Lost { seen: at },
        })
    }

    /// That the entry was found damaged, by this call or just before it.
    fn damage(&self) -> Removal {
        let damaged = |event: &&Execution| event.outcome == Outcome::Damaged;
        let told = self.past.iter().rfind(damaged);
        Removal {
            at: told.map_or(self.miss.time, |event| event.time),
            by: RemovedBy::Damage,
        }
    }

    /// When what was kept last had been computed.
    fn kept_at(&self) -> Option<u64> {
        let kept = |event: &&Execution| event.outcome.is_computed() && event.bytes > 0;
        self.past.iter().rfind(kept).map(|event| event.time)
    }
}

/// How the entry went, if that is what the event tells.
fn removal(event: &Execution) -> Option<Removal> {
    let by = match (event.outcome, event.cause) {
        (Outcome::Evicted, cause) => RemovedBy::Eviction(cause),
        (Outcome::Cleared, Cause::Forgotten) => RemovedBy::Program,
        (Outcome::Cleared, _) => RemovedBy::Clearing,
        (Outcome::Damaged, _) => RemovedBy::Damage,
        _ => return None,
    };
    Some(Removal { at: event.time, by })
}

/// Why nothing was kept of what was computed, if so.
pub(super) fn not_kept(event: &Execution) -> Option<NotKept> {
    Some(match (event.outcome, event.cause) {
        (Outcome::Error, Cause::Cancelled) => NotKept::Cancelled,
        (Outcome::Error, Cause::ExitCode) => NotKept::ExitCode,
        (Outcome::Error, Cause::Signal) => NotKept::Signal,
        (Outcome::Error, Cause::TimedOut) => NotKept::TimedOut,
        (Outcome::Error, Cause::NoOutput) => NotKept::NoOutput,
        (Outcome::Error, Cause::Edited) => NotKept::Edited,
        (Outcome::Error, _) => NotKept::Error,
        (Outcome::Panic, _) => NotKept::Panic,
        (Outcome::Computed | Outcome::Duplicate, cause) if event.bytes == 0 => match cause {
            Cause::Checked | Cause::Differs => return None,
            Cause::Refused => NotKept::Refused,
            _ => NotKept::Trouble,
        },
        _ => return None,
    })
}

impl Vault {
    /// The last computation that `wanted` accepts, with what went before it.
    pub(super) fn history(
        &self,
        wanted: impl Fn(&Execution) -> bool,
    ) -> Result<Option<History>, StoreError> {
        let (mut number, mut last) = (0, None);
        // Records are known by their number: the same are read both times.
        let unreadable = |error| self.unreadable(error);
        let journal = Segments::open(&self.store).map_err(unreadable)?;
        let start = JournalPosition::default();
        let all = journal.each(start, |execution| {
            number += 1;
            if execution.outcome.is_computed() && wanted(&execution) {
                last = Some((number, execution));
            }
        });
        all.map_err(unreadable)?;
        let Some((end, miss)) = last else {
            return Ok(None);
        };
        let mut history = History::new(miss);
        let mut number = 0;
        let all = journal.each(start, |execution| {
            number += 1;
            if number < end {
                history.add(execution);
            } else if execution.key == history.miss.key {
                history.removed = removal(&execution).or(history.removed);
            }
        });
        all.map_err(unreadable)?;
        // Hits are gathered before they are written.
        history.past.sort_by_key(|event| event.time);
        Ok(Some(history))
    }
}

impl Vault {
    /// What went before a computation that is about to be made.
    pub(super) fn history_before(&self, miss: Execution) -> Result<History, StoreError> {
        let mut history = History::new(miss);
        self.each_execution(JournalPosition::default(), |execution| {
            history.add(execution);
        })?;
        history.past.sort_by_key(|event| event.time);
        Ok(history)
    }
}

impl History {
    fn add(&mut self, event: Execution) {
        let miss = &self.miss;
        if event.key == miss.key {
            let is_hit = |event: &Execution| event.outcome == Outcome::Hit;
            if is_hit(&event) && self.past.last().is_some_and(is_hit) {
                self.past.pop();
            }
            self.past.push(event);
        } else if event.outcome.is_computed()
            && (&event.package, &event.function) == (&miss.package, &miss.function)
        {
            self.others += 1;
        }
    }
}
