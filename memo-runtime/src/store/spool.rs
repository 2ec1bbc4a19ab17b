//! Entries too large to be held in memory: the payload is written as it comes,
//! the head at the end.
//!
//! The file stands in `tmp/`, with room for the head before the payload, and
//! its lock is held by whoever writes it, for as long as that takes: what is
//! locked is no litter. What must hold: nothing of it is seen below `entries/`
//! before the head is written; and a writer that is killed leaves a file that
//! upkeep removes.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::entry::{self, Facts, MAX_HEADER, PREFIX, PayloadSum};
use super::flight::{Flight, lock};
use super::layout::{self, Place};
use super::payload::OpenPayload;
use super::{FunctionName, Published, Store};
use crate::error::StoreError;
use crate::payload::Mapping;

/// How much room there is for the head.
const ROOM: usize = 16 << 10;

/// An entry that is being written, its payload first.
#[derive(Debug)]
pub(crate) struct Spool {
    store: Arc<Store>,
    file: File,
    /// Its name in `tmp/`, while it has one.
    name: Option<String>,
    pid: u32,
    hasher: Box<blake3::Hasher>,
    /// Where the payload begins.
    start: u64,
    /// How long the payload is.
    len: u64,
}

impl Spool {
    /// Begins an entry of `store`.
    pub(crate) fn begin(store: &Arc<Store>) -> Result<Self, StoreError> {
        let tmp = store.tmp()?;
        let name = layout::unique_name();
        let file = tmp.create_new(&name);
        let file = file.map_err(|error| StoreError::io("create", tmp.path().join(&name), error))?;
        if store.has_locks() {
            // Where it cannot be locked, its age tells whether it is litter.
            let _ = lock::try_exclusive(&file);
        }
        Ok(Self {
            store: Arc::clone(store),
            file,
            name: Some(name),
            pid: std::process::id(),
            hasher: Box::default(),
            start: ROOM as u64,
            len: 0,
        })
    }

    /// Takes its name away, so that it is gone with the process. It cannot be
    /// published any more.
    pub(crate) fn unname(&mut self) {
        if let (Some(name), Ok(tmp)) = (self.name.take(), self.store.tmp()) {
            let _ = tmp.unlink(&name);
        }
    }

    /// Adds to the payload.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let at = self.start + self.len;
        let written = self.file.write_all_at(bytes, at);
        written.map_err(|error| self.failed("write", error))?;
        self.hasher.update(bytes);
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Writes the head, and makes all of it the entry of `place`. `flight`:
    /// the flight of the key, if it is held. `replace`: also if an entry is
    /// there. `durable`: synced first.
    ///
    /// The payload can be read afterwards, whatever came of it.
    pub(crate) fn publish(
        &mut self,
        flight: Option<Flight>,
        place: &Place,
        owner: &FunctionName,
        (facts, header): (&Facts, &[u8]),
        replace: bool,
        durable: bool,
    ) -> Result<Published, StoreError> {
        self.seal(facts, header)?;
        if durable {
            let synced = self.file.sync_data();
            synced.map_err(|error| self.failed("sync", error))?;
        }
        let store = Arc::clone(&self.store);
        let tmp = store.tmp()?;
        let Some(name) = self.name.clone() else {
            return Err(self.failed("publish", io::ErrorKind::NotFound.into()));
        };
        let published = store.place_entry(tmp, &name, place, owner, facts.ttl != 0, replace)?;
        if published == Published::New {
            self.name = None;
            store.withhold_writing(&self.file, self.size());
        }
        // The entry is in its place before anybody else may compute the key.
        flight.into_iter().for_each(Flight::land);
        if durable {
            store.sync_names(place)?;
        }
        Ok(published)
    }

    /// Writes it anew to another store, in the place of one that was removed.
    pub(crate) fn move_to(&mut self, store: &Arc<Store>) -> Result<(), StoreError> {
        self.copy(store, self.start)
    }

    /// The payload, mapped.
    pub(crate) fn mapped(&self) -> io::Result<Mapping> {
        Mapping::of(&self.file, self.start, self.len)
    }

    /// How long the payload is.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The size of the entry.
    pub(crate) fn size(&self) -> u64 {
        self.start + self.len
    }

    /// The payload.
    pub(crate) fn payload(&self) -> io::Result<OpenPayload> {
        let file = self.file.try_clone()?;
        Ok(OpenPayload::in_file(file, self.start, self.len))
    }

    fn seal(&mut self, facts: &Facts, header: &[u8]) -> Result<(), StoreError> {
        let sum = PayloadSum {
            len: self.len,
            digest: self.hasher.finalize(),
        };
        let mut header = header.to_vec();
        let room = self.start as usize - PREFIX;
        if header.len() > room {
            // Rarely: hundreds of arguments, or of metrics.
            let store = Arc::clone(&self.store);
            self.copy(&store, PREFIX as u64 + MAX_HEADER)?;
        }
        header.resize(self.start as usize - PREFIX, 0);
        let head = entry::head(facts, &header, sum, 0);
        let written = self.file.write_all_at(&head, 0);
        written.map_err(|error| self.failed("write", error))
    }

    /// Goes on in a new file of `store` that has the payload at `start`.
    fn copy(&mut self, store: &Arc<Store>, start: u64) -> Result<(), StoreError> {
        let mut other = Self::begin(store)?;
        other.start = start;
        let copied = (|| {
            (&self.file).seek(SeekFrom::Start(self.start))?;
            (&other.file).seek(SeekFrom::Start(start))?;
            io::copy(&mut (&self.file).take(self.len), &mut &other.file)
        })();
        copied.map_err(|error| other.failed("write", error))?;
        (other.len, other.hasher) = (self.len, self.hasher.clone());
        *self = other;
        Ok(())
    }

    fn failed(&self, operation: &'static str, error: io::Error) -> StoreError {
        let name = self.name.as_deref().unwrap_or_default();
        let path = self.store.path().join(layout::TMP).join(name);
        StoreError::io(operation, path, error)
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // A forked child drops it as well, and it is not the child's.
        if std::process::id() == self.pid {
            self.unname();
        }
    }
}
