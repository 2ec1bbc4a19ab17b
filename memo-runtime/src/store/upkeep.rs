//! What a store knows of its upkeep: who is at it, when it was done last, how
//! much has come since, and which versions of this crate use the store.
//!
//! Upkeep is done by one process at a time, which holds the lock of
//! `upkeep/lock`; the file says who that is, for people. The lock's file is
//! never removed. All else here is advisory: if it is lost, upkeep is done
//! sooner or later than it would have been.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::dir::{self, Dir, regular, sole};
use super::flight::lock;
use super::inventory::list;
use super::layout::{self, RUNTIMES, UPKEEP, UPKEEP_GROWTH, UPKEEP_LOCK, UPKEEP_STATE};
use super::publish::write_temporary;
use super::{Store, check_owner};
use crate::clock::{Moment, nanos};
use crate::error::StoreError;
use crate::frame;

/// The version of this crate.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// A version that is in use says so this often.
const RUNTIME_GRAIN: Duration = Duration::from_secs(24 * 3600);
/// Enough bytes for a record here whose names are of sensible length.
const RECORD_MAX: usize = 1024;

/// Who is at the upkeep of a store. `S` is how it has its texts: borrowed
/// when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeper<S = String> {
    /// The process.
    pub pid: u32,
    /// The host it runs on.
    pub host: S,
    /// When it began.
    pub since: Moment,
}

/// The right to do the upkeep of a store, until it is dropped.
#[derive(Debug)]
pub struct UpkeepLock {
    /// None where the file system has no locks.
    _file: Option<File>,
    /// How much had come since the upkeep before, when this one began.
    growth: u64,
}

/// How upkeep left the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UpkeepState {
    /// When it was done.
    pub(crate) finished: Moment,
    /// How many entries there were then.
    pub(crate) entries: u64,
    /// How much of the disk they took, in bytes.
    pub(crate) disk: u64,
}

impl Store {
    /// Tries to get the lock of upkeep for `keeper`; `None`: another has it.
    pub(crate) fn try_upkeep(
        &self,
        keeper: &Keeper<&str>,
    ) -> Result<Option<UpkeepLock>, StoreError> {
        let failed = |error| {
            let path = self.path().join(UPKEEP).join(UPKEEP_LOCK);
            StoreError::io("lock", path, error)
        };
        let dir = self.upkeep_dir().map_err(failed)?;
        if !self.has_locks() {
            return Ok(Some(UpkeepLock {
                _file: None,
                growth: growth(&dir),
            }));
        }
        let file = dir.open_or_create(UPKEEP_LOCK).map_err(failed)?;
        sole(&file).map_err(failed)?;
        if !lock::try_exclusive(&file).map_err(failed)? {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(128);
        if frame::append(keeper, &mut bytes) {
            let _ = file.write_all_at(&bytes, 0);
        }
        Ok(Some(UpkeepLock {
            _file: Some(file),
            growth: growth(&dir),
        }))
    }

    /// Who had the lock of upkeep last, and has it still if it is not to be
    /// had.
    pub(crate) fn last_keeper(&self) -> Option<Keeper> {
        read(&self.root().open_dir(UPKEEP).ok()?, UPKEEP_LOCK)
    }

    /// How upkeep left the store last time.
    pub(crate) fn upkeep_state(&self) -> Option<UpkeepState> {
        read(&self.root().open_dir(UPKEEP).ok()?, UPKEEP_STATE)
    }

    /// Begins to reckon when upkeep is due, in a store that does not tell.
    pub(crate) fn begin_upkeep_state(&self, now: Moment) -> io::Result<()> {
        let state = UpkeepState {
            finished: now,
            entries: 0,
            disk: 0,
        };
        let dir = self.upkeep_dir()?;
        // One that is there and cannot be read is of no use to anybody.
        let _ = dir.unlink(UPKEEP_STATE);
        self.put(&dir, UPKEEP_STATE, &encode(&state))
    }

    /// Notes how upkeep has left the store. What has come while it was done
    /// counts for the next.
    pub(crate) fn end_upkeep(&self, lock: &UpkeepLock, state: &UpkeepState) -> io::Result<()> {
        let dir = self.upkeep_dir()?;
        let since = growth(&dir).saturating_sub(lock.growth);
        self.put(&dir, UPKEEP_STATE, &encode(state))?;
        self.put(&dir, UPKEEP_GROWTH, &vec![0; since as usize])
    }

    /// How many pieces have come since upkeep was done last.
    pub(crate) fn growth(&self) -> u64 {
        self.root().open_dir(UPKEEP).map_or(0, |dir| growth(&dir))
    }

    /// Notes that `pieces` have come; how many there are now.
    pub(crate) fn grow(&self, pieces: usize) -> io::Result<u64> {
        let mut file = self.upkeep_dir()?.open_append(UPKEEP_GROWTH)?;
        file.write_all(&vec![0; pieces])?;
        Ok(dir::size(&regular(&file)?))
    }

    /// Notes that this version of the crate uses the store, once a day.
    pub(crate) fn note_runtime(&self, now: Moment) -> io::Result<()> {
        let name = [RUNTIMES, "/", VERSION].concat();
        let noted = self.root().stat_at(&name);
        let is_new = noted.is_err();
        if noted.is_ok_and(|stat| now.abs_diff(dir::modified(&stat)) < nanos(RUNTIME_GRAIN)) {
            return Ok(());
        }
        let dir = self.root().open_or_make_dir(RUNTIMES)?;
        let file = if is_new {
            dir.create_new(VERSION)
        } else {
            dir.open_write(VERSION)
        };
        file?.set_modified(UNIX_EPOCH + Duration::from_nanos(now))
    }

    /// The versions of this crate that have used the store, and when each
    /// last said so.
    pub(crate) fn runtimes(&self) -> Result<Vec<(String, Moment)>, StoreError> {
        let Ok(dir) = self.root().open_dir(RUNTIMES) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for name in list(&dir)? {
            if let Ok(stat) = dir.stat_at(&name) {
                found.push((name, dir::modified(&stat)));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn upkeep_dir(&self) -> io::Result<Dir> {
        let dir = self.root().open_or_make_dir(UPKEEP)?;
        check_owner(&dir, self.shared, self.user).map_err(io::Error::other)?;
        Ok(dir)
    }

    /// Puts a file in its place, whole. A power cut may take it away again.
    fn put(&self, dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
        let tmp = self.tmp().map_err(io::Error::other)?;
        let temporary = layout::unique_name();
        let put = write_temporary(tmp, &temporary, |file| file.write_all(bytes))
            .and_then(|()| tmp.rename(&temporary, dir, name));
        if put.is_err() {
            let _ = tmp.unlink(&temporary);
        }
        put
    }
}

fn growth(dir: &Dir) -> u64 {
    dir.stat_at(UPKEEP_GROWTH)
        .map_or(0, |stat| dir::size(&stat))
}

fn encode(state: &UpkeepState) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    frame::append(state, &mut bytes);
    bytes
}

fn read<T: serde::de::DeserializeOwned>(dir: &Dir, name: &str) -> Option<T> {
    let file = dir.open_read(name).ok()?;
    regular(&file).ok()?;
    let mut bytes = [0; RECORD_MAX];
    let size = file.read_at(&mut bytes, 0).ok()?;
    frame::first(&bytes[..size])
}

#[cfg(test)]
mod tests;
