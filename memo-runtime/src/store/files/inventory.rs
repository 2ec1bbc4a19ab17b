//! Which files the store keeps, whether they are whole, and how those go that
//! no entry names.

use std::collections::HashSet;
use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

use rustix::fs::Stat;
use rustix::io::Errno;

use super::copy::digest_while;
use super::{Unfetched, names_of, path_of};
use crate::clock::{Moment, nanos};
use crate::error::StoreError;
use crate::key::Digest;
use crate::store::dir::{self, Dir, regular};
use crate::store::inventory::{Entry, list};
use crate::store::layout::{self, FILES, FILES_OF};
use crate::store::{FileId, Store};

/// For so long after it was kept, a file stays: the entry that names it may be
/// about to come.
const GRACE: Duration = Duration::from_secs(3600);

/// A file that the store keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    /// The digest that its bytes are to have.
    pub(crate) digest: Digest,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// How much of the disk it takes, in bytes.
    pub(crate) disk: u64,
    /// When it was last kept.
    kept: Moment,
}

/// Files that results name, as the store keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptFiles {
    /// How many there are, the lists of what is in directories included.
    pub files: u64,
    /// Their sizes together, in bytes.
    pub bytes: u64,
    /// How much of the disk they take, in bytes.
    pub disk: u64,
}

impl KeptFiles {
    /// Counts a file.
    pub(crate) fn add(&mut self, stored: &Stored) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(stored.bytes);
        self.disk = self.disk.saturating_add(stored.disk);
    }
}

/// What became of the files that no entry names.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Unnamed {
    /// How many were removed.
    pub(crate) removed: u64,
    /// Those that were kept so lately that they stay.
    pub(crate) young: KeptFiles,
}

/// What checking a file came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CheckedFile {
    /// Its bytes are what was kept.
    Whole,
    /// It is not there.
    Missing,
    /// Its bytes are not what was kept, or it is no file; and which file that is
    /// said of.
    Damaged(Option<FileId>),
    /// It cannot be read now.
    Unreadable,
    /// Whoever watches wanted no more.
    Stopped,
}

impl Stored {
    fn of(fan: &str, leaf: &[u8], stat: &Stat) -> Option<Self> {
        let leaf = str::from_utf8(leaf).ok()?;
        Some(Self {
            digest: [fan, leaf].concat().parse().ok()?,
            bytes: dir::size(stat),
            disk: dir::disk(stat),
            kept: dir::modified(stat),
        })
    }

    fn is_young(&self, now: Moment) -> bool {
        // One of a time to come is as old as a clock that was put back.
        now.abs_diff(self.kept) < nanos(GRACE)
    }
}

impl Store {
    /// The functions, by their directories, whose entries may name files.
    pub(crate) fn functions_with_files(&self) -> Result<HashSet<String>, StoreError> {
        match self.files_dir()? {
            Some(files) => match files.open_dir(FILES_OF) {
                Ok(of) => Ok(list(&of)?.into_iter().collect()),
                Err(_) => Ok(HashSet::new()),
            },
            None => Ok(HashSet::new()),
        }
    }

    /// Hands out all files that the store keeps, in no particular order.
    pub(crate) fn each_file(&self, mut found: impl FnMut(Stored)) -> Result<(), StoreError> {
        let Some(files) = self.files_dir()? else {
            return Ok(());
        };
        for fan in list(&files)?.into_iter().filter(|name| is_fan(name)) {
            let listed = files.each_name(&fan, |listed| {
                if let Ok(stat) = listed.stat()
                    && let Some(stored) = Stored::of(&fan, listed.name(), &stat)
                {
                    found(stored);
                }
                ControlFlow::Continue(())
            });
            match listed {
                Err(error) if is_no_directory(&error) => {}
                listed => {
                    listed
                        .map_err(|error| StoreError::io("list", files.path().join(&fan), error))?;
                }
            }
        }
        Ok(())
    }

    /// How much of the disk a file takes, in bytes.
    pub(crate) fn disk_of_file(&self, digest: &Digest) -> u64 {
        let stat = self.root().stat_at(&path_of(digest));
        stat.map_or(0, |stat| dir::disk(&stat))
    }

    /// Checks a file, which is to have so many `bytes` if that is known.
    /// `goes_on` is told how many have been read since it was last told, and
    /// whether to go on.
    pub(crate) fn check_file(
        &self,
        digest: &Digest,
        bytes: Option<u64>,
        goes_on: impl FnMut(u64) -> bool,
    ) -> CheckedFile {
        let stat = self.root().stat_at(&path_of(digest));
        let bytes = bytes.unwrap_or_else(|| stat.map_or(0, |stat| dir::size(&stat)));
        let file = match self.fetch_file(digest, bytes) {
            Ok(file) => file,
            Err(Unfetched::Missing) => return CheckedFile::Missing,
            Err(Unfetched::Damaged(file)) => return CheckedFile::Damaged(file),
            Err(Unfetched::Store(_)) => return CheckedFile::Unreadable,
        };
        match digest_while(&file, goes_on) {
            Ok(Some(found)) if found == *digest => CheckedFile::Whole,
            Ok(Some(_)) => {
                let stat = regular(&file).ok();
                CheckedFile::Damaged(stat.map(|stat| super::id(&stat)))
            }
            Ok(None) => CheckedFile::Stopped,
            Err(_) => CheckedFile::Unreadable,
        }
    }

    /// Which file stands in the place of an entry.
    pub(crate) fn id_of_entry(&self, entry: &Entry) -> Option<FileId> {
        let stat = self.stat_entry(&entry.place()).ok()??;
        Some(super::id(&stat))
    }

    /// Removes the files that are not `named` by an entry, and the marks of the
    /// functions that are not among `naming`; how many files. What was kept
    /// within the last hour stays, unless `all` goes.
    pub(crate) fn remove_files_except(
        &self,
        named: &HashSet<Digest>,
        naming: &HashSet<String>,
        now: Moment,
        all: bool,
    ) -> Result<Unnamed, StoreError> {
        let mut result = Unnamed::default();
        let Some(files) = self.files_dir()? else {
            return Ok(result);
        };
        let goes = |stored: &Stored| all || !stored.is_young(now);
        let mut unnamed = Vec::new();
        self.each_file(|stored| {
            if named.contains(&stored.digest) {
                return;
            }
            if goes(&stored) {
                unnamed.push(stored.digest);
            } else {
                result.young.add(&stored);
            }
        })?;
        for digest in &unnamed {
            let is_removed = self.remove_file(&files, digest, goes).unwrap_or(false);
            result.removed += u64::from(is_removed);
        }
        if let Ok(of) = files.open_dir(FILES_OF) {
            for function in list(&of)?.iter().filter(|it| !naming.contains(*it)) {
                let marked = of.stat_at(function).map(|stat| dir::modified(&stat));
                let is_young = |marked: Moment| now.abs_diff(marked) < nanos(GRACE);
                if all || marked.is_ok_and(|marked| !is_young(marked)) {
                    let _ = of.unlink(function);
                }
            }
        }
        for fan in list(&files)?.iter().filter(|name| is_fan(name)) {
            let _ = files.remove_dir(fan);
        }
        Ok(result)
    }

    /// Removes a file that still `goes` once nobody can find it any more; whether
    /// it did.
    fn remove_file(
        &self,
        files: &Dir,
        digest: &Digest,
        goes: impl Fn(&Stored) -> bool,
    ) -> io::Result<bool> {
        let tmp = self.tmp().map_err(io::Error::other)?;
        let (fan, leaf) = names_of(digest);
        let dir = files.open_dir(&fan)?;
        let aside = layout::unique_name();
        dir.rename(&leaf, tmp, &aside)?;
        let stat = tmp.stat_at(&aside)?;
        if Stored::of(&fan, leaf.as_bytes(), &stat).is_some_and(|stored| !goes(&stored)) {
            // Kept again since it was listed.
            if tmp.rename_new(&aside, &dir, &leaf)? {
                return Ok(false);
            }
        }
        tmp.unlink(&aside).map(|()| true)
    }

    /// The directory of files, if there is one.
    fn files_dir(&self) -> Result<Option<Dir>, StoreError> {
        match self.root().open_dir(FILES) {
            Ok(dir) => Ok(Some(dir)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("open", self.path().join(FILES), error)),
        }
    }
}

/// Whether a name is that of a directory with files.
fn is_fan(name: &str) -> bool {
    name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether something has gone since it was listed, or is nothing of ours.
fn is_no_directory(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::ACCESS)
    )
}
