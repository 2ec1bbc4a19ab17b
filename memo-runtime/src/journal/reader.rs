//! Reading the journal.

use std::io;
use std::time::Duration;

use super::past::Past;
use super::record::{Execution, Outcome};
use super::segments::{JournalPosition, Segments};
use super::statistics::Statistics;
use crate::store::Store;
use crate::store::layout::JOURNAL;

/// How much of the journal counts as recent.
const RECENT: u64 = 256 << 10;

/// Hands the journal's records from `start` on to `found`, oldest first, and
/// tells where the next reading may begin.
pub(crate) fn read_from(
    store: &Store,
    start: JournalPosition,
    found: impl FnMut(Execution),
) -> io::Result<JournalPosition> {
    Segments::open(store)?.each(start, found)
}

/// As [`read_from`], but of more than `most` bytes only the last are read.
pub(crate) fn read_last(
    store: &Store,
    start: JournalPosition,
    most: u64,
    found: impl FnMut(Execution),
) -> io::Result<JournalPosition> {
    let segments = Segments::open(store)?;
    let start = if segments.bytes_after(start) > most {
        segments.last(most)
    } else {
        start
    };
    segments.each(start, found)
}

/// The whole journal summed up, and what is no more in it.
pub(crate) fn statistics(store: &Store) -> io::Result<Statistics> {
    // What is removed before the sums are read is in them.
    let segments = Segments::open(store)?;
    let Past { mut sums, through } = match store.root().open_dir(JOURNAL) {
        Ok(dir) => Past::read(&dir),
        Err(_) => Past::default(),
    };
    segments.each(through, |execution| sums.add(&execution))?;
    Ok(sums)
}

/// The longest that computing a result of `function` took among the last
/// few thousand records.
pub(crate) fn longest_recent(store: &Store, package: &str, function: &str) -> Option<Duration> {
    let segments = Segments::open(store).ok()?;
    let mut longest = None;
    segments
        .each(segments.last(RECENT), |execution| {
            if execution.outcome == Outcome::Computed
                && execution.package == package
                && execution.function == function
            {
                longest = longest.max(Some(execution.computing));
            }
        })
        .ok()?;
    longest.map(Duration::from_nanos)
}
