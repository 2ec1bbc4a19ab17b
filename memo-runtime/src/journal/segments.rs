//! The files of the journal, as they are at one moment.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use super::record::Execution;
use crate::frame;
use crate::store::Store;
use crate::store::dir::{Dir, regular, size};
use crate::store::layout::{JOURNAL, JOURNAL_LOG};

/// How much is read at once.
const PIECE: u64 = 256 << 10;

/// A place in the journal, up to which it has been read. It stays good when
/// the journal is compacted.
///
/// The segment before is still written to, for up to a second, by who has not
/// noticed yet that it was renamed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalPosition {
    segment: u64,
    byte: u64,
    /// The place in the segment before.
    before: u64,
}

impl JournalPosition {
    /// Where reading a segment goes on.
    pub(super) fn within(&self, segment: &Segment) -> u64 {
        let byte = match segment.number {
            number if number == self.segment => self.byte,
            number if number + 1 == self.segment => self.before,
            number if number < self.segment => segment.length,
            _ => 0,
        };
        // A file that is shorter than it was is another one.
        if byte <= segment.length { byte } else { 0 }
    }
}

/// A file of the journal.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: u64,
    file: File,
    /// What had been written when it was opened; nothing after is read.
    pub(super) length: u64,
}

/// All files of the journal, oldest first, held open: what is renamed or
/// removed meanwhile is still read.
#[derive(Debug)]
pub(crate) struct Segments {
    older: Vec<Segment>,
    log: Option<Segment>,
    /// The number of `journal/log`, whether it is there or not.
    current: u64,
}

impl Segments {
    /// Opens the journal. One that is missing has no segments.
    pub(crate) fn open(store: &Store) -> io::Result<Self> {
        match directory(store)? {
            Some(dir) => Self::open_in(&dir),
            None => Ok(Self {
                older: Vec::new(),
                log: None,
                current: 1,
            }),
        }
    }

    pub(super) fn open_in(dir: &Dir) -> io::Result<Self> {
        let mut numbers = older(dir)?;
        loop {
            let current = numbers.last().map_or(1, |newest| newest + 1);
            let log = open(dir, JOURNAL_LOG, current)?;
            // Had the file been renamed before it was opened, its number would
            // be another.
            let again = older(dir)?;
            if again.last() != numbers.last() {
                numbers = again;
                continue;
            }
            // What cannot be opened, or is no file, costs its own records only.
            let older = numbers
                .into_iter()
                .filter_map(|number| open(dir, &name_of(number), number).ok()?);
            return Ok(Self {
                older: older.collect(),
                log,
                current,
            });
        }
    }

    /// The older segments, oldest first.
    pub(super) fn older(&self) -> &[Segment] {
        &self.older
    }

    /// The segment that is written to.
    pub(super) fn log(&self) -> Option<&Segment> {
        self.log.as_ref()
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = &Segment> {
        self.older.iter().chain(&self.log)
    }

    /// How many bytes come after `position`.
    pub(super) fn bytes_after(&self, position: JournalPosition) -> u64 {
        let position = self.known(position);
        let after = |segment: &Segment| segment.length - position.within(segment);
        self.all().map(after).sum()
    }

    /// The position that has so many bytes after it, or the beginning.
    pub(super) fn last(&self, bytes: u64) -> JournalPosition {
        let mut left = bytes;
        for segment in self.all().rev() {
            if segment.length >= left {
                return JournalPosition {
                    segment: segment.number,
                    byte: segment.length - left,
                    before: u64::MAX,
                };
            }
            left -= segment.length;
        }
        JournalPosition::default()
    }

    /// Hands out the records from `start` on, oldest first, and tells where the
    /// next reading may begin. Records that are torn or damaged are passed over.
    pub(crate) fn each(
        &self,
        start: JournalPosition,
        mut found: impl FnMut(Execution),
    ) -> io::Result<JournalPosition> {
        let start = self.known(start);
        let mut end = JournalPosition {
            segment: self.current,
            ..JournalPosition::default()
        };
        for segment in self.all() {
            let done = segment.each(start.within(segment), &mut found)?;
            if segment.number == self.current {
                end.byte = done;
            } else if segment.number + 1 == self.current {
                end.before = done;
            }
        }
        Ok(end)
    }

    /// A position in a journal that has been removed since means nothing.
    fn known(&self, position: JournalPosition) -> JournalPosition {
        if position.segment <= self.current {
            position
        } else {
            JournalPosition::default()
        }
    }
}

impl Segment {
    /// When it was last written to, renamed or otherwise changed.
    pub(super) fn changed(&self) -> io::Result<u64> {
        regular(&self.file).map(|stat| crate::store::dir::changed(&stat))
    }

    /// Hands out the records from byte `start` on; up to which byte.
    fn each(&self, start: u64, found: &mut impl FnMut(Execution)) -> io::Result<u64> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        let mut done = start;
        let mut left = self.length - start;
        while left > 0 {
            let read = file.take(PIECE.min(left)).read_to_end(&mut bytes)? as u64;
            if read == 0 {
                break;
            }
            left -= read;
            let used = frame::each(&bytes, &mut *found);
            bytes.drain(..used);
            done += used as u64;
        }
        Ok(done)
    }
}

/// The directory of the journal; `None`: there is none yet.
pub(super) fn directory(store: &Store) -> io::Result<Option<Dir>> {
    match store.root().open_dir(JOURNAL) {
        Ok(dir) => Ok(Some(dir)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The name of an older segment.
pub(super) fn name_of(number: u64) -> String {
    format!("{JOURNAL_LOG}.{number}")
}

/// The numbers of the older segments in `dir`, in order.
fn older(dir: &Dir) -> io::Result<Vec<u64>> {
    let mut numbers: Vec<u64> = dir
        .list()?
        .iter()
        .filter_map(|name| {
            let number = name.strip_prefix(JOURNAL_LOG)?.strip_prefix('.')?;
            let number = number.parse().ok().filter(|number| *number < u64::MAX)?;
            (name_of(number) == *name).then_some(number)
        })
        .collect();
    numbers.sort_unstable();
    Ok(numbers)
}

fn open(dir: &Dir, name: &str, number: u64) -> io::Result<Option<Segment>> {
    let file = match dir.open_read(name) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = size(&regular(&file)?);
    Ok(Some(Segment {
        number,
        file,
        length,
    }))
}
