//! Reading the journal.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use super::PATH;
use super::record::{Execution, Outcome};
use crate::frame;
use crate::store::Store;
use crate::store::dir::regular;

const PIECE: u64 = 256 << 10;

/// Hands the journal's records from byte `start` on to `found`, oldest
/// first, and tells where the next reading may begin; from its beginning, if it
/// has become shorter. A missing journal has
/// no records. Records that are torn or damaged are passed over.
pub(crate) fn read_from(
    store: &Store,
    start: u64,
    mut found: impl FnMut(Execution),
) -> io::Result<u64> {
    let Some(mut file) = open(store)? else {
        return Ok(0);
    };
    // A journal that is shorter than it was is another one.
    let start = if file.metadata()?.len() < start {
        0
    } else {
        start
    };
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    let mut done = start;
    loop {
        let read = (&file).take(PIECE).read_to_end(&mut bytes)?;
        if read == 0 {
            return Ok(done);
        }
        let used = frame::each(&bytes, &mut found);
        bytes.drain(..used);
        done += used as u64;
    }
}

/// The longest that computing a result of `function` took among the last
/// few thousand records.
pub(crate) fn longest_recent(store: &Store, package: &str, function: &str) -> Option<Duration> {
    let size = open(store).ok()??.metadata().ok()?.len();
    let mut longest = None;
    read_from(store, size.saturating_sub(PIECE), |execution| {
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

fn open(store: &Store) -> io::Result<Option<File>> {
    match store.root().open_read(PATH) {
        Ok(file) => regular(&file).map(|_| Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
