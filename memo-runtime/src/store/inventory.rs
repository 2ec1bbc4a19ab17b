//! What is in the store: listings by function, and single entries' heads.
//!
//! Listings open no entry: the layout and the files' sizes and times tell
//! all. A store that changes meanwhile is no error; what has gone is left
//! out.

use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::Store;
use super::dir::{self, Dir, regular};
use super::entry::{Fault, Head, PREFIX};
use super::layout::{FUNCTION_FILE, Place};
use super::publish::FunctionName;
use crate::clock::Moment;
use crate::error::StoreError;
use crate::frame;
use crate::header::{self, Header, KeptFile, RunFacts};
use crate::key::Digest;

/// An entry as the listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key that it is the outcome of.
    pub key: Digest,
    /// The size of its file in bytes.
    pub bytes: u64,
    /// How much of the disk the file takes, in bytes: what `du` counts.
    pub disk: u64,
    /// When it was last used; renewed at most once an hour.
    pub last_used: Moment,
    /// The directory of its function. Many share one text: a million entries
    /// are held at once.
    pub(crate) function: Arc<str>,
}

/// A function's directory in the store.
#[derive(Clone, Debug)]
pub struct FunctionDir {
    /// Whose results these are; `None` if the directory does not tell and
    /// holds no readable entry.
    pub name: Option<FunctionName>,
    pub(crate) dir: String,
}

/// The head of an entry, checked: all but the value.
#[derive(Clone, Debug)]
pub struct EntryHead {
    /// What the entry says of its call.
    pub header: Header,
    /// What the run came to, if it is one of a program.
    pub run: Option<RunFacts>,
    /// When the value was computed.
    pub created: Moment,
    /// How long that took, in nanoseconds.
    pub duration: u64,
    /// For how long it is valid, in nanoseconds; 0: for ever.
    pub ttl: u64,
    /// The digest of the result's type.
    pub value_type: Digest,
    /// The number of the codec.
    pub(crate) codec: u32,
    /// The size of the encoded value in bytes.
    pub value_bytes: u64,
}

/// What the fixed part of an entry says, not checked against its digest: for
/// putting many in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    /// When the value was computed.
    pub created: Moment,
    /// How long that took, in nanoseconds.
    pub duration: u64,
    /// For how long it is valid, in nanoseconds; 0: for ever.
    pub ttl: u64,
}

impl Entry {
    /// The directory of the function that it is a result of.
    pub(crate) fn function_dir(&self) -> &str {
        &self.function
    }

    /// Where it is in the store.
    pub(crate) fn place(&self) -> Place {
        Place::new(&self.function, self.key)
    }
}

impl Store {
    /// The directories of all functions.
    pub(crate) fn functions(&self) -> Result<Vec<FunctionDir>, StoreError> {
        let mut found = Vec::new();
        for listed in list(&self.entries)? {
            let Some(dir) = self.entries.open_dir(&listed).ok() else {
                continue;
            };
            let name = read_name(&dir).or_else(|| self.name_by_entry(&listed));
            found.push(FunctionDir { name, dir: listed });
        }
        Ok(found)
    }

    fn name_by_entry(&self, dir: &str) -> Option<FunctionName> {
        let mut name = None;
        self.each_entry_in(dir, |entry| match self.head(&entry) {
            Ok(Some(EntryHead { header, .. })) => {
                name = Some(FunctionName {
                    package: header.package,
                    path: header.function,
                });
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        })
        .ok()?;
        name
    }

    /// Hands out the entries of one function, in no particular order.
    pub(crate) fn entries_of(
        &self,
        function: &FunctionDir,
        mut found: impl FnMut(Entry),
    ) -> Result<(), StoreError> {
        self.each_entry_in(&function.dir, |entry| {
            found(entry);
            ControlFlow::Continue(())
        })
    }

    pub(super) fn each_entry_in(
        &self,
        function: &str,
        mut found: impl FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let Ok(dir) = self.entries.open_dir(function) else {
            return Ok(());
        };
        let function: Arc<str> = function.into();
        let mut go_on = ControlFlow::Continue(());
        for fan in list(&dir)?.into_iter().filter(|name| name.len() == 2) {
            self.each_in_fan(&function, &fan, |entry| {
                go_on = found(entry);
                go_on
            })?;
            if go_on.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Reads and checks the head of an entry; `None`: it has gone.
    pub(crate) fn head(&self, entry: &Entry) -> Result<Option<EntryHead>, Unreadable> {
        let read = self.open_head(entry)?;
        read.map(|(head, bytes)| entry_head(&head, &bytes))
            .transpose()
    }

    /// The files that an entry names, with their digests; `None`: it has gone.
    pub(crate) fn files_named_by(
        &self,
        entry: &Entry,
    ) -> Result<Option<Vec<KeptFile>>, Unreadable> {
        let read = self.open_head(entry)?;
        read.map(|(head, bytes)| header::kept_files(head.header(&bytes)).map_err(undecodable))
            .transpose()
    }

    /// The head of an entry, checked, and the bytes that it is in.
    fn open_head(&self, entry: &Entry) -> Result<Option<(Head, Vec<u8>)>, Unreadable> {
        let file = match self.entries.open_read(entry.place().relative()) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Unreadable::System(error.to_string())),
        };
        let stat = regular(&file).map_err(|_| Unreadable::Damaged(Fault::NotAFile.to_string()))?;
        read_head(&file, dir::size(&stat)).map(Some)
    }

    /// What the fixed part of an entry says, unchecked; `None`: it has gone,
    /// or is no entry.
    pub(crate) fn glance(&self, entry: &Entry) -> Option<Glance> {
        use std::os::unix::fs::FileExt;
        let file = self.entries.open_read(entry.place().relative()).ok()?;
        let mut prefix = [0; PREFIX];
        let read = file.read_at(&mut prefix, 0).ok()?;
        let head = Head::measure(&prefix[..read], entry.bytes).ok()?;
        Some(Glance {
            created: head.facts.created,
            duration: head.facts.duration,
            ttl: head.facts.ttl,
        })
    }

    /// Where the file of a listed entry is.
    pub(crate) fn listed_path(&self, entry: &Entry) -> PathBuf {
        self.entries.path().join(entry.place().relative())
    }

    /// The names of all flights.
    pub(crate) fn flight_names(&self) -> Result<Vec<String>, StoreError> {
        self.flights.as_ref().map_or_else(|_| Ok(Vec::new()), list)
    }
}

/// Why the head of an entry cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is damaged, and how.
    Damaged(String),
    /// A later version of this crate wrote it.
    Newer(u32),
    /// The system refused to read it, and said why.
    System(String),
}

fn read_head(file: &File, size: u64) -> Result<(Head, Vec<u8>), Unreadable> {
    let damaged = |fault: Fault| Unreadable::Damaged(fault.to_string());
    let mut bytes = Vec::with_capacity(1024);
    let read = |count: u64, bytes: &mut Vec<u8>| {
        file.take(count)
            .read_to_end(bytes)
            .map_err(|error| Unreadable::System(error.to_string()))
    };
    read(1024, &mut bytes)?;
    let head = Head::measure(&bytes, size).map_err(damaged)?;
    if bytes.len() < head.len() {
        read((head.len() - bytes.len()) as u64, &mut bytes)?;
    }
    head.check(&bytes).map_err(damaged)?;
    if let Some(version) = head.newer() {
        return Err(Unreadable::Newer(version));
    }
    debug_assert!(head.len() >= PREFIX);
    Ok((head, bytes))
}

fn entry_head(head: &Head, bytes: &[u8]) -> Result<EntryHead, Unreadable> {
    let (header, run) = header::decode(head.header(bytes)).map_err(undecodable)?;
    Ok(EntryHead {
        header,
        run,
        created: head.facts.created,
        duration: head.facts.duration,
        ttl: head.facts.ttl,
        value_type: head.facts.value_type,
        codec: head.facts.codec,
        value_bytes: head.payload().len() as u64,
    })
}

fn undecodable(error: impl std::fmt::Display) -> Unreadable {
    Unreadable::Damaged(format!("its header cannot be decoded: {error}"))
}

fn read_name(function: &Dir) -> Option<FunctionName> {
    let file = function.open_read(FUNCTION_FILE).ok()?;
    regular(&file).ok()?;
    let mut bytes = Vec::new();
    file.take(1 << 20).read_to_end(&mut bytes).ok()?;
    frame::first(&bytes)
}

pub(super) fn list(dir: &Dir) -> Result<Vec<String>, StoreError> {
    match dir.list() {
        Ok(names) => Ok(names),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(StoreError::io("list", dir.path(), error)),
    }
}
