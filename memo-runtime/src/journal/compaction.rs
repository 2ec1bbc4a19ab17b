//! Keeping the journal small: its oldest part is summed up and removed.
//!
//! What must hold, whenever it is killed: every record is in a segment, or in
//! the sums, or in both and then before the place up to which the sums go. So
//! the log is renamed, the sums are replaced, and only then segments are
//! removed.
//!
//! Writers notice within a second that their file is no longer the log. The
//! newest older segment therefore stays; and as the log is not renamed again
//! until the last time is well past, nobody writes to what is removed. One
//! process at a time compacts: whoever holds the lock of `journal/lock`. It is not
//! that of upkeep, which must not have to wait for a busy journal.

use std::io;
use std::time::Duration;

use super::past::Past;
use super::segments::{Segments, directory, name_of};
use crate::clock::{Clock, nanos};
use crate::store::flight::lock;
use crate::store::layout::{JOURNAL_LOCK, JOURNAL_LOG, JOURNAL_PATH};
use crate::store::{Store, dir};

/// When the journal is compacted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// How long a segment becomes, in bytes.
    pub(super) segment: u64,
    /// How long after the log was renamed it may be renamed again.
    pub(super) settled: Duration,
}

const PACE: Pace = Pace {
    segment: 8 << 20,
    settled: Duration::from_secs(10),
};

/// How long the log may become before whoever writes to it has it compacted,
/// in bytes: a program that finds results by the million does no upkeep.
const LONG: u64 = 32 << 20;

/// Compacts the journal if it has become long. For the thread that writes
/// gathered hits.
pub(super) fn relieve(store: &Store) {
    let length = store
        .root()
        .stat_at(JOURNAL_PATH)
        .map(|stat| dir::size(&stat));
    if length.is_ok_and(|length| length > LONG) && store.has_locks() {
        // What cannot be done now is tried again a second later.
        let _ = store.compact_journal();
    }
}

impl Store {
    /// Sums up and removes the oldest part of the journal, if it has become
    /// long and nobody else is at it.
    pub(crate) fn compact_journal(&self) -> io::Result<()> {
        let Some(dir) = directory(self)? else {
            return Ok(());
        };
        let lock = dir.open_or_create(JOURNAL_LOCK)?;
        dir::sole(&lock)?;
        if self.has_locks() && !lock::try_exclusive(&lock)? {
            return Ok(());
        }
        compact(self, PACE)
    }
}

pub(super) fn compact(store: &Store, pace: Pace) -> io::Result<()> {
    let Some(dir) = directory(store)? else {
        return Ok(());
    };
    let segments = Segments::open_in(&dir)?;
    let mut older: Vec<u64> = segments.older().iter().map(|one| one.number).collect();
    if let Some(log) = segments.log()
        && log.length > pace.segment
        && is_settled(&segments, pace)?
        && dir.rename_new(JOURNAL_LOG, &dir, &name_of(log.number))?
    {
        older.push(log.number);
    }
    older.pop();
    let mut past = Past::read(&dir);
    if older.is_empty() && segments.bytes_after(past.through) <= pace.segment {
        return Ok(());
    }
    past.through = segments.each(past.through, |execution| past.sums.add(&execution))?;
    past.write(store, &dir)?;
    for number in older {
        dir.unlink(&name_of(number))?;
    }
    Ok(())
}

/// Whether all writers have noticed that the log was renamed last time.
fn is_settled(segments: &Segments, pace: Pace) -> io::Result<bool> {
    let Some(newest) = segments.older().last() else {
        return Ok(true);
    };
    // A change in the future is one that a clock which was put back tells of.
    let since = Clock::system().now().checked_sub(newest.changed()?);
    Ok(since.is_none_or(|since| since >= nanos(pace.settled)))
}
