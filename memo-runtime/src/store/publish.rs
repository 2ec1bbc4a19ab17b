//! How entries come into the store: written elsewhere, then renamed into
//! place, whole.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use rustix::fs::Mode;
use serde::{Deserialize, Serialize};

use super::Store;
use super::dir::Dir;
use super::entry::Sealed;
use super::layout::{self, Place};
use crate::error::StoreError;
use crate::frame;
use crate::payload::MAPPED;

/// What came of publishing an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Published {
    /// The entry is in place.
    New,
    /// Another was there first, and stays.
    Already,
}

/// The full name of a function, kept once in its directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FunctionName {
    /// The package of the function; empty without the macro.
    pub package: String,
    /// The path of the function, or the name that it was given.
    pub path: String,
}

/// Directories may be removed by others while we create them; this many
/// times they are made again.
pub(super) const ATTEMPTS: u32 = 16;

impl Store {
    /// Moves the whole entry `name` in `from` to its place.
    pub(super) fn place_entry(
        &self,
        from: &Dir,
        name: &str,
        place: &Place,
        owner: &FunctionName,
        expires: bool,
        replace: bool,
    ) -> Result<Published, StoreError> {
        if replace {
            self.check_replaceable(place)?;
        }
        let put = || {
            if expires {
                self.mark_expiring(place)?;
            }
            if replace {
                from.rename(name, &self.entries, place.relative())
                    .map(|()| true)
            } else {
                from.rename_new(name, &self.entries, place.relative())
            }
        };
        let mut outcome = put();
        for _ in 0..ATTEMPTS {
            match &outcome {
                Err(error) if error.kind() == io::ErrorKind::NotFound && !self.is_gone() => {
                    // Either the directories are missing or the file is.
                    if from.stat_at(name).is_err() {
                        break;
                    }
                    match self.make_entry_dirs(place, owner) {
                        // Another may have removed what was just made.
                        Err(error) if error.kind() != io::ErrorKind::NotFound => {
                            outcome = Err(error);
                            break;
                        }
                        _ => outcome = put(),
                    }
                }
                _ => break,
            }
        }
        match outcome {
            Ok(true) => {
                if replace {
                    self.renew_generation();
                }
                Ok(Published::New)
            }
            Ok(false) => Ok(Published::Already),
            Err(error) => Err(StoreError::io("publish", self.entry_path(place), error)),
        }
    }

    /// Writes and publishes an entry without a flight.
    pub(crate) fn publish_unlocked(
        &self,
        place: &Place,
        owner: &FunctionName,
        sealed: &Sealed<'_>,
        replace: bool,
        durable: bool,
    ) -> Result<Published, StoreError> {
        let tmp = self.tmp()?;
        let name = layout::unique_name();
        let written = write_temporary(tmp, &name, |file| {
            sealed.write_to(file)?;
            self.withhold_writing(file, sealed.len());
            if durable { file.sync_data() } else { Ok(()) }
        })
        .map_err(|error| StoreError::io("write", tmp.path().join(&name), error))
        .and_then(|()| self.place_entry(tmp, &name, place, owner, sealed.expires(), replace));
        if !matches!(written, Ok(Published::New)) {
            let _ = tmp.unlink(&name);
        }
        let published = written?;
        if durable {
            self.sync_names(place)?;
        }
        Ok(published)
    }

    /// Takes away everybody's right to write to a file that is mapped by those
    /// who read it. That only guards against mistakes, so that it does not
    /// matter if it is refused, or its file is in its place already.
    ///
    /// A flight's file must have come to its place before: who waits for the
    /// flight opens it to read and write, and so does who takes over what a
    /// killed process left. In a store that is shared, others renew the time of
    /// last use, which needs that right.
    pub(super) fn withhold_writing(&self, file: &File, size: u64) {
        if size > MAPPED && !self.shared {
            let _ = rustix::fs::fchmod(file, Mode::RUSR);
        }
    }

    /// Removes an entry; whether there was one.
    pub(crate) fn remove(&self, place: &Place) -> Result<bool, StoreError> {
        self.check_replaceable(place)?;
        match self.entries.unlink(place.relative()) {
            Ok(()) => {
                self.renew_generation();
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(StoreError::io("remove", self.entry_path(place), error)),
        }
    }

    /// Checks that what stands in the place of an entry, which has not been
    /// looked up, may go: that no link leads there, and that it is not what a
    /// later version wrote.
    fn check_replaceable(&self, place: &Place) -> Result<(), StoreError> {
        match self.newer_entry(place) {
            Ok(None) => Ok(()),
            Ok(Some(version)) => Err(StoreError::NewerEntry {
                path: self.entry_path(place),
                found: version,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(StoreError::io("replace", self.entry_path(place), error)),
        }
    }

    /// Makes the name of a published entry durable.
    pub(super) fn sync_names(&self, place: &Place) -> Result<(), StoreError> {
        let sync = || {
            let function = self.entries.open_dir(place.function_dir())?;
            function.open_dir(place.fan())?.sync()
        };
        match sync() {
            // Another removed the entry already.
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(StoreError::io("sync", self.entry_path(place), error))
            }
            _ => Ok(()),
        }
    }

    fn make_entry_dirs(&self, place: &Place, owner: &FunctionName) -> io::Result<()> {
        if self.entries.make_dir(place.function_dir())? {
            self.name_function(place, owner);
        }
        self.entries.make_dir(place.parent())?;
        Ok(())
    }

    /// Notes that entries of the function may have a time to live, before the
    /// first that has.
    fn mark_expiring(&self, place: &Place) -> io::Result<()> {
        if self.has_expiring(place.function_dir()) {
            return Ok(());
        }
        let function = self.entries.open_dir(place.function_dir());
        match function.and_then(|function| function.create_new(layout::EXPIRES_FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes the function's name into its new directory, so that the
    /// directory tells whose it is. Failing to is no trouble: entries tell
    /// as well.
    fn name_function(&self, place: &Place, owner: &FunctionName) {
        let mut bytes = Vec::new();
        if !frame::append(owner, &mut bytes) {
            return;
        }
        let Ok(tmp) = self.tmp() else { return };
        let target = [place.function_dir(), "/", layout::FUNCTION_FILE].concat();
        let temporary = layout::unique_name();
        let named = write_temporary(tmp, &temporary, |file| file.write_all(&bytes))
            .and_then(|()| tmp.rename_new(&temporary, &self.entries, &target));
        if !matches!(named, Ok(true)) {
            let _ = tmp.unlink(&temporary);
        }
    }

    /// Puts a file with these bytes in the place of `name` in `dir`: whole, and
    /// durable before it is seen.
    pub(crate) fn replace_file(&self, dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
        let tmp = self
            .tmp()
            .map_err(|error| io::Error::other(error.to_string()))?;
        let temporary = layout::unique_name();
        let replaced = write_temporary(tmp, &temporary, |file| {
            file.write_all(bytes)?;
            file.sync_data()
        })
        .and_then(|()| tmp.rename(&temporary, dir, name));
        if replaced.is_err() {
            let _ = tmp.unlink(&temporary);
        }
        replaced
    }

    /// Where an entry is, for messages.
    pub(crate) fn entry_path(&self, place: &Place) -> PathBuf {
        self.entries.path().join(place.relative())
    }
}

pub(super) fn write_temporary(
    tmp: &Dir,
    name: &str,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    write(&mut tmp.create_new(name)?)
}

#[cfg(test)]
mod tests;
