//! Files that results name, kept by their content.
//!
//! ```text
//! files/
//!   <2 hex digits>/<62 hex digits>    the bytes of a file, or the list of what
//!                                     is in a directory; the digits are the
//!                                     BLAKE3 digest of the bytes
//!   of/<function>                     empty; entries of the function may name
//!                                     files
//!   seen                              what files of the user held (`seen`)
//! ```
//!
//! Which files an entry names, its header says. What must hold:
//!
//! - A file that is kept is never written to. It comes by rename, whole, and
//!   goes by rename or unlink; its mode forbids to write to it. It is never a
//!   hard link of a file of the user: to write to that would change it.
//! - It is kept once, however many entries name it, and comes before the first
//!   entry that names it.
//! - Its modification time is that of its last keeping. For an hour from then
//!   it is not removed: an entry that names it may be about to come.

pub(crate) mod copy;
pub(crate) mod inventory;
pub(crate) mod seen;

use std::fs::{File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use super::dir::{self, Dir, regular};
use super::layout::{self, DAMAGED, FILES, FILES_OF};
use super::read::id;
use super::{FileId, Store};
use crate::clock::Moment;
use crate::error::StoreError;
use crate::key::Digest;
use copy::NotCopied;

/// The mode of a file that is kept: nobody writes to it.
const MODE: u32 = 0o444;
/// No list of what is in a directory is longer, in bytes.
const MAX_LIST: u64 = 16 << 20;

/// Why a file could not be added.
#[derive(Debug)]
pub(crate) enum NotAdded {
    /// It cannot be read.
    Unread(io::Error),
    /// The store cannot be written to.
    Store(StoreError),
    /// It was not to go on.
    Stopped,
}

/// Why a file that was kept cannot be had.
#[derive(Debug)]
pub(crate) enum Unfetched {
    /// It is not there.
    Missing,
    /// It is not what was kept; and which file that is said of.
    Damaged(Option<FileId>),
    /// The store cannot be read.
    Store(StoreError),
}

impl Unfetched {
    /// What is in this file is not what was kept.
    pub(crate) fn damaged(file: &File) -> Self {
        Self::Damaged(regular(file).ok().map(|stat| id(&stat)))
    }
}

impl Store {
    /// Which directory the store is.
    pub(crate) fn id(&self) -> Option<FileId> {
        self.root().stat().ok().map(|stat| id(&stat))
    }

    /// Notes that entries of a function may name files, before the first that
    /// does.
    pub(crate) fn mark_files_of(&self, function: &str, now: Moment) -> Result<(), StoreError> {
        let mark = || {
            let dir = self.files()?.open_or_make_dir(FILES_OF)?;
            dir.open_or_create(function)?.set_modified(time(now))
        };
        mark().map_err(|error| self.failed("write", &[FILES_OF, "/", function].concat(), error))
    }

    /// Keeps what is in an open file, all of it, unless it no longer `goes_on`;
    /// its digest. `durable`: it survives a power cut.
    pub(crate) fn add_file(
        &self,
        from: &File,
        durable: bool,
        now: Moment,
        goes_on: impl Fn() -> bool,
    ) -> Result<Digest, NotAdded> {
        self.add(durable, now, |to| copy::copy(from, to, goes_on))
    }

    /// Keeps a list of what is in a directory; its digest.
    pub(crate) fn add_list(
        &self,
        list: &[u8],
        durable: bool,
        now: Moment,
    ) -> Result<Digest, StoreError> {
        let digest = Digest::from_bytes(*blake3::hash(list).as_bytes());
        if self.renew_file(&digest, list.len() as u64, now) {
            return Ok(digest);
        }
        let added = self.add(durable, now, |mut to| {
            to.write_all(list).map_err(NotCopied::Unwritten)?;
            Ok(digest)
        });
        added.map_err(|error| match error {
            NotAdded::Store(error) => error,
            NotAdded::Unread(error) => self.failed("write", "", error),
            NotAdded::Stopped => self.failed("write", "", io::ErrorKind::Interrupted.into()),
        })
    }

    /// Whether a file of so many bytes is kept, as far as can be told without
    /// reading it. It is taken to be kept again now.
    pub(crate) fn renew_file(&self, digest: &Digest, bytes: u64, now: Moment) -> bool {
        let renew = || -> io::Result<bool> {
            let file = self.root().open_read(&path_of(digest))?;
            let is_whole = dir::size(&regular(&file)?) == bytes;
            // Who may not renew it, in a store of several users, brings a copy.
            Ok(is_whole && file.set_modified(time(now)).is_ok())
        };
        renew().unwrap_or(false)
    }

    fn add(
        &self,
        durable: bool,
        now: Moment,
        write: impl FnOnce(&File) -> Result<Digest, NotCopied>,
    ) -> Result<Digest, NotAdded> {
        let tmp = self.tmp().map_err(NotAdded::Store)?;
        let temporary = layout::unique_name();
        let stored = |error| NotAdded::Store(self.failed("write", "", error));
        let added = (|| {
            let file = tmp.create_new(&temporary).map_err(stored)?;
            let digest = write(&file).map_err(|error| match error {
                NotCopied::Unread(error) => NotAdded::Unread(error),
                NotCopied::Unwritten(error) => stored(error),
                NotCopied::Stopped => NotAdded::Stopped,
            })?;
            let bytes = file.metadata().map_err(stored)?.len();
            if self.renew_file(&digest, bytes, now) {
                let _ = tmp.unlink(&temporary);
                return Ok(digest);
            }
            let settle = || {
                file.set_modified(time(now))?;
                file.set_permissions(Permissions::from_mode(MODE))?;
                if durable {
                    file.sync_data()?;
                }
                let (fan, leaf) = names_of(&digest);
                // The directory may go before the file is in it.
                let mut attempts = super::publish::ATTEMPTS;
                loop {
                    let dir = self.files()?.open_or_make_dir(&fan)?;
                    match tmp.rename(&temporary, &dir, &leaf) {
                        Err(error) if error.kind() == io::ErrorKind::NotFound && attempts > 0 => {
                            attempts -= 1;
                        }
                        Ok(()) if durable => return dir.sync(),
                        renamed => return renamed,
                    }
                }
            };
            settle().map_err(stored)?;
            Ok(digest)
        })();
        if added.is_err() {
            let _ = tmp.unlink(&temporary);
        }
        added
    }

    /// Opens a file of so many bytes that is kept. What is in it has not been
    /// checked.
    pub(crate) fn fetch_file(&self, digest: &Digest, bytes: u64) -> Result<File, Unfetched> {
        let file = match self.root().open_read(&path_of(digest)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Unfetched::Missing);
            }
            Err(error) => return Err(Unfetched::Store(self.failed_at("read", digest, error))),
        };
        let Ok(stat) = regular(&file) else {
            return Err(Unfetched::Damaged(None));
        };
        if !self.shared && stat.st_uid != self.user {
            let owner = format!("it belongs to user id {}", stat.st_uid);
            let error = io::Error::new(io::ErrorKind::PermissionDenied, owner);
            return Err(Unfetched::Store(self.failed_at("read", digest, error)));
        }
        if dir::size(&stat) != bytes {
            return Err(Unfetched::Damaged(Some(id(&stat))));
        }
        Ok(file)
    }

    /// The list of what is in a directory, checked.
    pub(crate) fn fetch_list(&self, digest: &Digest) -> Result<Vec<u8>, Unfetched> {
        let stat = self.root().stat_at(&path_of(digest));
        let bytes = stat.map_or(0, |stat| dir::size(&stat));
        let file = self.fetch_file(digest, bytes)?;
        let damaged = Unfetched::damaged(&file);
        if bytes > MAX_LIST {
            return Err(damaged);
        }
        let mut list = Vec::with_capacity(bytes as usize);
        let read = file.take(bytes).read_to_end(&mut list);
        read.map_err(|error| Unfetched::Store(self.failed_at("read", digest, error)))?;
        if blake3::hash(&list).as_bytes() == digest.as_bytes() {
            Ok(list)
        } else {
            Err(damaged)
        }
    }

    /// Moves a damaged file aside, unless it has been replaced meanwhile;
    /// whether it was moved.
    pub(crate) fn set_file_aside(&self, digest: &Digest, looked_at: Option<FileId>) -> bool {
        let aside = || -> io::Result<bool> {
            let (fan, leaf) = names_of(digest);
            let dir = self.root().open_dir(FILES)?.open_dir(&fan)?;
            let there = id(&dir.stat_at(&leaf)?);
            if looked_at.is_some_and(|file| file != there) {
                return Ok(false);
            }
            let damaged = self.root().open_or_make_dir(DAMAGED)?;
            let target = format!("{digest}-{}", layout::unique_name());
            dir.rename(&leaf, &damaged, &target)?;
            Ok(true)
        };
        aside().unwrap_or(false)
    }

    /// The directory of files, which is made when the first is kept.
    fn files(&self) -> io::Result<Dir> {
        self.root().open_or_make_dir(FILES)
    }

    fn failed_at(&self, operation: &'static str, digest: &Digest, error: io::Error) -> StoreError {
        StoreError::io(operation, self.path().join(path_of(digest)), error)
    }

    fn failed(&self, operation: &'static str, name: &str, error: io::Error) -> StoreError {
        StoreError::io(operation, self.path().join(FILES).join(name), error)
    }
}

/// Where a file is, from the root of the store.
fn path_of(digest: &Digest) -> String {
    let (fan, leaf) = names_of(digest);
    [FILES, "/", &fan, "/", &leaf].concat()
}

/// The names of a file's directory and of the file.
fn names_of(digest: &Digest) -> (String, String) {
    let mut fan = digest.to_hex();
    let leaf = fan.split_off(2);
    (fan, leaf)
}

fn time(moment: Moment) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_nanos(moment)
}
