//! Which files this process has checked, so that it need not do it again.
//!
//! A file below `entries/` is never written to, so that one that is still the
//! same is still sound; and one that was written to all the same shows it by
//! its times, which the system keeps. It also does when the time of its last
//! use is renewed, which is once an hour: then it is checked again.
//!
//! What must hold: a file is what was checked only if it has the same digest
//! in its head, the same number, size and times. Its times tell two states
//! apart only if the clock ticked in between, so that a file that changed just
//! before it was looked at is not remembered.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::Mapping;
use crate::clock::{Clock, Moment, nanos};

/// What the system tells of a file: which it is, and what becomes another when
/// it is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    file: (u64, u64),
    pub(super) size: u64,
    modified: Moment,
    changed: Moment,
    /// Whether it had been left alone for long enough to tell later states
    /// from this one.
    settled: bool,
}

/// The clock of a system ticks at least so often.
const TICK: Duration = Duration::from_millis(20);
/// File systems that keep no fractions of seconds keep at least every other.
const COARSE_TICK: Duration = Duration::from_secs(2);

impl State {
    /// The state of a file at this moment.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        Self::at(file, Clock::system().now())
    }

    fn at(file: &File, now: Moment) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let moment = |seconds: i64, part: i64| {
            let whole = Duration::from_secs(seconds.try_into().unwrap_or(0));
            nanos(whole + Duration::from_nanos(part.try_into().unwrap_or(0)))
        };
        let changed = moment(metadata.ctime(), metadata.ctime_nsec());
        let tick = match metadata.ctime_nsec() {
            0 => COARSE_TICK,
            _ => TICK,
        };
        Ok(Self {
            file: (metadata.dev(), metadata.ino()),
            size: metadata.size(),
            modified: moment(metadata.mtime(), metadata.mtime_nsec()),
            changed,
            settled: now > changed.saturating_add(nanos(tick)),
        })
    }

    fn is_still(&self, earlier: &Self) -> bool {
        let times = |state: &Self| (state.modified, state.changed);
        (self.file, self.size, times(self)) == (earlier.file, earlier.size, times(earlier))
    }
}

/// What is remembered of a file that was found sound.
#[derive(Debug)]
struct Known {
    state: State,
    digest: [u8; 32],
    mapping: Weak<Mapping>,
    /// When it was last asked for: the later, the higher.
    turn: u64,
}

/// Files that have been checked, by their number.
#[derive(Debug)]
pub(super) struct Checked {
    files: BTreeMap<(u64, u64), Known>,
    turn: u64,
}

/// So many files are remembered, of which each takes some 150 bytes.
const MOST: usize = 4096;

/// The files that this process has checked.
pub(super) fn checked() -> MutexGuard<'static, Checked> {
    static CHECKED: Mutex<Checked> = Mutex::new(Checked::new());
    CHECKED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is known of a file that is as it was when it was checked.
#[derive(Debug)]
pub(super) enum Sound {
    /// It is mapped.
    Mapped(Arc<Mapping>),
    /// It is not mapped any more.
    Unmapped,
}

impl Checked {
    const fn new() -> Self {
        Self {
            files: BTreeMap::new(),
            turn: 0,
        }
    }

    /// Whether a file in this state, whose payload is to have this digest, is
    /// known to be sound.
    pub(super) fn find(&mut self, state: &State, digest: &[u8; 32]) -> Option<Sound> {
        let known = self.files.get_mut(&state.file)?;
        if !state.is_still(&known.state) || known.digest != *digest {
            return None;
        }
        self.turn += 1;
        known.turn = self.turn;
        Some(
            known
                .mapping
                .upgrade()
                .map_or(Sound::Unmapped, Sound::Mapped),
        )
    }

    /// Remembers that a file was found sound which had been in this state
    /// before it was checked, and that this is its payload.
    pub(super) fn remember(&mut self, state: State, digest: [u8; 32], mapping: &Arc<Mapping>) {
        if !state.settled {
            return;
        }
        if self.files.len() >= MOST && !self.files.contains_key(&state.file) {
            let oldest = self.files.iter().min_by_key(|(_, known)| known.turn);
            if let Some(oldest) = oldest.map(|(file, _)| *file) {
                self.files.remove(&oldest);
            }
        }
        self.turn += 1;
        let known = Known {
            state,
            digest,
            mapping: Arc::downgrade(mapping),
            turn: self.turn,
        };
        self.files.insert(state.file, known);
    }
}

#[cfg(test)]
mod tests;
