//! What tells that a file has not been written to since it was read, and what
//! it held then.
//!
//! What must hold: what is remembered of a file is believed only while its
//! device, inode, size, and times of change are those that it had before and
//! after it was read; and it is remembered only if it had been left alone for a
//! while then, for who writes twice within a tick of the file system's clock
//! leaves the same times. Time is passed in.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::fs::Stat;

use crate::clock::{Moment, nanos};
use crate::key::Digest;
use crate::store::dir;
use crate::store::files::seen::Remembered;

/// Two writes within this time may leave a file with the same times. Some file
/// systems know even seconds only.
const GRAIN: Duration = Duration::from_secs(2);

/// A process remembers so many files; then it begins anew.
const MOST: usize = 1 << 16;

/// A file as the system describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    device: u64,
    inode: u64,
    size: u64,
    modified: Moment,
    changed: Moment,
}

impl State {
    pub(super) fn of(stat: &Stat) -> Self {
        Self {
            device: stat.st_dev,
            inode: stat.st_ino,
            size: dir::size(stat),
            modified: dir::modified(stat),
            changed: dir::changed(stat),
        }
    }

    /// Its parts.
    pub(super) fn parts(&self) -> [u64; 5] {
        let Self {
            device,
            inode,
            size,
            modified,
            changed,
        } = *self;
        [device, inode, size, modified, changed]
    }

    /// Whether it has been left alone for so long that whoever writes to it
    /// after the moment `now` changes its state. Times to come do not tell.
    fn is_settled(&self, now: Moment) -> bool {
        now.saturating_sub(self.modified.max(self.changed)) >= nanos(GRAIN)
    }
}

/// What files held when they were read, in this process and in the store.
#[derive(Debug)]
pub(super) struct Memory<'a> {
    now: Moment,
    stored: Option<Remembered<'a>>,
}

impl<'a> Memory<'a> {
    /// What is remembered at the moment `now`. Whatever is read for it has to
    /// be looked at later.
    pub(super) fn of(now: Moment, stored: Option<Remembered<'a>>) -> Self {
        Self { now, stored }
    }

    /// The digest of what a file holds that is in this state.
    pub(super) fn recall(&mut self, state: &State) -> Option<Digest> {
        if let Some(digest) = in_process().get(state) {
            return Some(*digest);
        }
        let digest = self.stored.as_mut()?.recall(&state.parts())?;
        remember(*state, digest);
        Some(digest)
    }

    /// Notes what a file holds that was in this state before and after it was
    /// read.
    pub(super) fn note(&mut self, state: &State, digest: Digest) {
        if !state.is_settled(self.now) {
            return;
        }
        remember(*state, digest);
        if let Some(stored) = &mut self.stored {
            stored.note(&state.parts(), &digest);
        }
    }
}

fn remember(state: State, digest: Digest) {
    let mut known = in_process();
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(state, digest);
}

fn in_process() -> MutexGuard<'static, HashMap<State, Digest>> {
    static KNOWN: LazyLock<Mutex<HashMap<State, Digest>>> = LazyLock::new(Mutex::default);
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}
