//! What leaves the store: entries, directories without any, and what killed
//! processes left.
//!
//! What must hold: nothing is removed through a link; a directory that is
//! being written to stays, with all that it says of itself, or is made again
//! by its writer; and a removal that is killed halfway leaves nothing that
//! the next does not find.

use std::io;
use std::time::Duration;

use super::Store;
use super::dir::{self, Dir};
use super::flight::lock;
use super::inventory::{Entry, list};
use super::layout::{self, EXPIRES_FILE, FUNCTION_FILE};
use crate::clock::{Moment, nanos};
use crate::error::StoreError;

/// A temporary file older than this has no living writer unless it is locked,
/// and a flight may be looked at without standing in anybody's way.
const LITTER_AGE: Duration = Duration::from_secs(3600);
/// Damaged entries are kept for so long, for who wants to look into them,
const DAMAGED_AGE: Duration = Duration::from_secs(30 * 24 * 3600);
/// as long as they take no more than this, in bytes.
const DAMAGED_DISK: u64 = 1_000_000_000;

/// What came of removing an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    /// It is removed.
    Done,
    /// Another had removed it.
    Gone,
    /// It was used or replaced since it was listed, and stays.
    Used,
}

/// A directory below `entries/`, open to remove entries from it.
#[derive(Debug)]
pub(crate) struct Emptying<'a> {
    function: &'a Dir,
    fan: String,
    dir: Dir,
}

impl Store {
    /// The directory of a function; `None`: it has gone.
    pub(crate) fn function_dir(&self, function: &str) -> Result<Option<Dir>, StoreError> {
        unless_gone(self.entries.open_dir(function))
            .map_err(|error| StoreError::io("open", self.entries.path().join(function), error))
    }

    /// Whether a function may have entries with a time to live.
    pub(crate) fn has_expiring(&self, function: &str) -> bool {
        let marker = [function, "/", EXPIRES_FILE].concat();
        self.entries.stat_at(&marker).is_ok()
    }

    /// Takes the time of last use of an entry to be `now`. Where that is not
    /// allowed, it stays as it is.
    pub(crate) fn stamp(&self, entry: &Entry, now: Moment) {
        let place = entry.place();
        if let Ok(file) = self.entries.open_read(place.relative()) {
            let _ = file.set_modified(std::time::UNIX_EPOCH + Duration::from_nanos(now));
        }
    }

    /// Removes the directories that hold no entry any more.
    pub(crate) fn remove_empty_dirs(&self) -> Result<(), StoreError> {
        for function in list(&self.entries)? {
            let Ok(dir) = self.entries.open_dir(&function) else {
                continue;
            };
            let names = list(&dir)?;
            let tells = |name: &&String| [FUNCTION_FILE, EXPIRES_FILE].contains(&name.as_str());
            let (telling, fans): (Vec<&String>, Vec<&String>) = names.iter().partition(tells);
            let left = fans.iter().filter(|fan| dir.remove_dir(fan).is_err());
            if left.count() == 0 {
                self.remove_function(&function, &dir, &telling);
            }
        }
        Ok(())
    }

    /// Removes a function's directory that holds nothing but what it tells of
    /// itself. Somebody may publish there meanwhile: then all is put back.
    fn remove_function(&self, function: &str, dir: &Dir, telling: &[&String]) {
        let Ok(tmp) = &self.tmp else { return };
        let moved: Vec<(&String, String)> = telling
            .iter()
            .map(|name| (*name, layout::unique_name()))
            .filter(|(name, aside)| dir.rename(name, tmp, aside).is_ok())
            .collect();
        let removed = self.entries.remove_dir(function).is_ok();
        for (name, aside) in moved {
            if removed || !matches!(tmp.rename_new(&aside, dir, name), Ok(true)) {
                let _ = tmp.unlink(&aside);
            }
        }
    }

    /// Whether a flight was begun so long ago that nobody is about to lock it.
    pub(crate) fn is_old_flight(&self, name: &str, now: Moment) -> bool {
        let stat = self.flights().and_then(|flights| {
            let stat = flights.stat_at(name);
            stat.map_err(|error| StoreError::io("look at", flights.path().join(name), error))
        });
        stat.is_ok_and(|stat| now.saturating_sub(dir::modified(&stat)) > nanos(LITTER_AGE))
    }

    /// Removes what killed writers left in `tmp/`, and damaged entries that
    /// are old or many, or all of them; how many files.
    pub(crate) fn remove_litter(&self, now: Moment, all_damaged: bool) -> Result<u64, StoreError> {
        let mut removed = 0;
        if let Ok(tmp) = &self.tmp {
            for name in list(tmp)? {
                let is_old = tmp
                    .stat_at(&name)
                    .is_ok_and(|stat| now.saturating_sub(dir::modified(&stat)) > nanos(LITTER_AGE));
                removed += u64::from(is_old && !is_locked(tmp, &name) && tmp.unlink(&name).is_ok());
            }
        }
        if let Ok(damaged) = self.root().open_dir(layout::DAMAGED) {
            let mut files = Vec::new();
            for name in list(&damaged)? {
                if let Ok(stat) = damaged.stat_at(&name) {
                    files.push((dir::changed(&stat), dir::disk(&stat), name));
                }
            }
            files.sort_unstable_by(|one, other| other.cmp(one));
            let mut kept = 0_u64;
            for (since, disk, name) in files {
                kept = kept.saturating_add(disk);
                let is_old = now.saturating_sub(since) > nanos(DAMAGED_AGE);
                if all_damaged || is_old || kept > DAMAGED_DISK {
                    removed += u64::from(damaged.unlink(&name).is_ok());
                }
            }
        }
        Ok(removed)
    }
}

/// Whether somebody writes the file `name`, however long ago it was begun.
fn is_locked(tmp: &Dir, name: &str) -> bool {
    let file = tmp.open_write(name);
    file.is_ok_and(|file| matches!(lock::try_exclusive(&file), Ok(false)))
}

impl<'a> Emptying<'a> {
    /// Opens the directory `fan` of a function; `None`: it has gone.
    pub(crate) fn open(function: &'a Dir, fan: &str) -> Result<Option<Self>, StoreError> {
        let dir = unless_gone(function.open_dir(fan))
            .map_err(|error| StoreError::io("open", function.path().join(fan), error))?;
        Ok(dir.map(|dir| Self {
            function,
            fan: fan.to_owned(),
            dir,
        }))
    }

    /// Removes an entry. `unused`: only if it is as it was listed.
    pub(crate) fn remove(&self, entry: &Entry, unused: bool) -> Result<Removal, StoreError> {
        let place = entry.place();
        let leaf = place.leaf();
        let remove = || {
            if unused && dir::modified(&self.dir.stat_at(leaf)?) != entry.last_used {
                return Ok(Removal::Used);
            }
            self.dir.unlink(leaf).map(|()| Removal::Done)
        };
        match remove() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Removal::Gone),
            removed => {
                removed.map_err(|error| StoreError::io("remove", self.dir.path().join(leaf), error))
            }
        }
    }

    /// Removes the directory itself, if it is empty.
    pub(crate) fn close(self) {
        let _ = self.function.remove_dir(&self.fan);
    }
}

fn unless_gone(opened: io::Result<Dir>) -> io::Result<Option<Dir>> {
    match opened {
        Ok(dir) => Ok(Some(dir)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
