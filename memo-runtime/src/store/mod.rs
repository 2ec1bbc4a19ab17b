//! The store: the directory that holds entries, flights, lists of code and
//! the journal.
//!
//! It moves bytes under names and knows nothing of what keys are made of, of
//! codecs, or of the types of functions. What must hold:
//!
//! - A file below `entries/` is never written to: it appears by rename, whole,
//!   and leaves by rename or unlink. Whoever has it open keeps what it has.
//! - Nothing outside the directory is read or written, whatever stands in it.
//! - No operation waits for another process, save [`flight::request`].

pub(crate) mod check;
pub(crate) mod code;
pub(crate) mod dir;
pub(crate) mod entry;
pub(crate) mod files;
pub(crate) mod flight;
mod generation;
pub(crate) mod inventory;
pub(crate) mod layout;
mod lookup;
pub(crate) mod payload;
mod publish;
mod read;
pub(crate) mod removal;
pub(crate) mod scan;
pub(crate) mod spool;
mod strangers;
pub(crate) mod trial;
pub(crate) mod upkeep;
mod value;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) use generation::Generation;
pub(crate) use layout::{FORMAT, Place};
pub use publish::FunctionName;
pub(crate) use publish::Published;
pub(crate) use read::{Delivery, FileId, Loaded, Lookup};

use crate::error::StoreError;
use dir::Dir;

/// A directory that only writing needs, or why it cannot be had.
type Part = Result<Dir, StoreError>;

/// A store that is held open.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    root: Dir,
    entries: Dir,
    flights: Part,
    tmp: Part,
    shared: bool,
    user: u32,
    locks: bool,
}

impl Store {
    /// Opens the store in `path`, creating it if it is missing. `shared`: it
    /// may belong to, and be written by, the group.
    pub(crate) fn open(path: &Path, shared: bool) -> Result<Self, StoreError> {
        if !path.is_dir() {
            make_root(path, shared).map_err(|error| StoreError::io("create", path, error))?;
        }
        let root =
            Dir::open_root(path, shared).map_err(|error| StoreError::io("open", path, error))?;
        let user = rustix::process::geteuid().as_raw();
        let is_new = !admit(&root, shared, user)? || is_missing(&root, layout::ENTRIES);
        if is_new {
            let path = path.join(layout::FORMAT_FILE);
            write_root_files(&root).map_err(|error| StoreError::io("write", path, error))?;
        }
        Self::assemble(root, path, shared, user, Dir::open_or_make_dir)
    }

    /// Opens the store in `path` without changing anything; `None` if there
    /// is none, or none that is finished.
    pub(crate) fn open_existing(path: &Path, shared: bool) -> Result<Option<Self>, StoreError> {
        let root = match Dir::open_root(path, shared) {
            Ok(root) => root,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io("open", path, error)),
        };
        let user = rustix::process::geteuid().as_raw();
        if !admit(&root, shared, user)? || is_missing(&root, layout::ENTRIES) {
            return Ok(None);
        }
        Self::assemble(root, path, shared, user, Dir::open_dir).map(Some)
    }

    fn assemble(
        root: Dir,
        path: &Path,
        shared: bool,
        user: u32,
        open: fn(&Dir, &str) -> io::Result<Dir>,
    ) -> Result<Self, StoreError> {
        let part = |name| {
            let part = open(&root, name)
                .map_err(|error| StoreError::io("open", root.path().join(name), error))?;
            check_owner(&part, shared, user)?;
            Ok(part)
        };
        let entries = part(layout::ENTRIES)?;
        if let Ok(journal) = root.open_dir(layout::JOURNAL) {
            check_owner(&journal, shared, user)?;
        }
        let flights = needed_for_writing(part(layout::FLIGHTS))?;
        let tmp = needed_for_writing(part(layout::TMP))?;
        let locks = flights.as_ref().map_or(true, Dir::has_locks);
        let path = path.to_owned();
        Ok(Self {
            path,
            root,
            entries,
            flights,
            tmp,
            shared,
            user,
            locks,
        })
    }

    /// Where the store is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The root directory.
    pub(crate) fn root(&self) -> &Dir {
        &self.root
    }

    /// Whether flights exclude each other on this file system.
    pub(crate) fn has_locks(&self) -> bool {
        self.locks
    }

    /// Whether the directory was removed or replaced under our feet.
    pub(crate) fn is_gone(&self) -> bool {
        let (flights, tmp) = (self.flights.as_ref().ok(), self.tmp.as_ref().ok());
        let parts = [Some(&self.root), Some(&self.entries), flights, tmp];
        parts.into_iter().flatten().any(Dir::is_gone)
    }

    fn flights(&self) -> Result<&Dir, StoreError> {
        self.flights.as_ref().map_err(StoreError::again)
    }

    fn tmp(&self) -> Result<&Dir, StoreError> {
        self.tmp.as_ref().map_err(StoreError::again)
    }
}

/// Without the directories that only writing needs, what is kept can still be
/// read: that they are missing is no trouble before they are needed.
fn needed_for_writing(part: Part) -> Result<Part, StoreError> {
    match part {
        Err(error) if !error.is_about_writing() => Err(error),
        part => Ok(part),
    }
}

fn is_missing(root: &Dir, name: &str) -> bool {
    matches!(root.stat_at(name), Err(error) if error.kind() == io::ErrorKind::NotFound)
}

fn make_root(path: &Path, shared: bool) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let mode = if shared { 0o770 } else { 0o700 };
    match std::fs::DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn check_owner(root: &Dir, shared: bool, user: u32) -> Result<(), StoreError> {
    let path = || root.path().to_owned();
    let stat = root
        .stat()
        .map_err(|error| StoreError::io("open", path(), error))?;
    let mode = stat.st_mode & 0o7777;
    let forbidden = if shared { 0o002 } else { 0o022 };
    if !shared && stat.st_uid != user {
        return Err(StoreError::ForeignOwner {
            path: path(),
            owner: stat.st_uid,
            user,
        });
    }
    if mode & forbidden != 0 {
        return Err(StoreError::OpenToOthers { path: path(), mode });
    }
    Ok(())
}

/// Whether the directory is a store already, and may be used. One that is
/// something else is refused as that: who owns it, and who may write to it, is
/// then none of our business.
fn admit(root: &Dir, shared: bool, user: u32) -> Result<bool, StoreError> {
    let found = has_format(root);
    if !matches!(found, Err(StoreError::NotAStore { .. })) {
        check_owner(root, shared, user)?;
    }
    found
}

/// Whether the directory is a store already. One that is not can become one,
/// if nothing stands in it that has no place in a store.
fn has_format(root: &Dir) -> Result<bool, StoreError> {
    let path = || root.path().to_owned();
    let read = || {
        read_format(root)
            .map_err(|error| StoreError::io("read", path().join(layout::FORMAT_FILE), error))
    };
    let mut found = read()?;
    if found.is_none() {
        let names = root
            .list()
            .map_err(|error| StoreError::io("list", path(), error))?;
        // What a removal that is under way has left, or not removed yet.
        let remains = names.iter().any(|name| name == layout::ENTRIES)
            && names.iter().all(|name| layout::belongs_in_root(name));
        let stranger = names
            .into_iter()
            .find(|name| !layout::belongs_to_new_root(name));
        if let Some(stranger) = stranger.filter(|_| !remains) {
            // Another process may have made the store between the two looks.
            found = read()?;
            if found.is_none() {
                return Err(StoreError::NotAStore {
                    path: path(),
                    stranger,
                });
            }
        }
    }
    match found.as_deref().map(str::trim) {
        Some(found) if found == FORMAT.to_string() => Ok(true),
        // An empty file is what a power cut after its creation leaves.
        None | Some("") => Ok(false),
        Some(found) => {
            let found = found.escape_debug().to_string();
            Err(StoreError::NewerFormat {
                path: path(),
                found,
            })
        }
    }
}

/// What the format file says, as far as a version number may be long.
fn read_format(root: &Dir) -> io::Result<Option<String>> {
    use std::io::Read;
    let file = match root.open_read(layout::FORMAT_FILE) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    dir::regular(&file)?;
    let mut bytes = Vec::new();
    file.take(32).read_to_end(&mut bytes)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Makes a directory a store. The format comes first, for a directory with
/// nothing else in it is not taken for a store; nothing is overwritten.
fn write_root_files(root: &Dir) -> io::Result<()> {
    let write = |name: &str, text: &str| {
        let temporary = format!("{}.{}", layout::FORMAT_FILE, layout::unique_name());
        let put = || {
            root.create_new(&temporary)?.write_all(text.as_bytes())?;
            match name {
                layout::FORMAT_FILE => root.rename(&temporary, root, name).map(|()| true),
                _ => root.rename_new(&temporary, root, name),
            }
        };
        let put = put();
        if !matches!(put, Ok(true)) {
            let _ = root.unlink(&temporary);
        }
        put.map(drop)
    };
    write(layout::FORMAT_FILE, &format!("{FORMAT}\n"))?;
    write(
        layout::CACHEDIR_TAG,
        "Signature: 8a477f597d28d172789f06886806bc55\n\
         # This directory holds results kept by cargo memo; it can be deleted.\n",
    )?;
    write(layout::GITIGNORE, "*\n")
}

#[cfg(test)]
mod tests;
