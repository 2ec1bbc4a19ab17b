//! The one door to files beneath the working directory: a directory that is
//! held open, and what is directly in it.
//!
//! No operation follows a link, opens what is not a regular file, or waits for
//! one. Names are single: [`names`](super::names) has split them.

use std::ffi::CString;
use std::fmt;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{self as sys, AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::render::escape;

const SAFE: OFlags = OFlags::CLOEXEC.union(OFlags::NOFOLLOW);
const DIRECTORY: OFlags = SAFE.union(OFlags::RDONLY).union(OFlags::DIRECTORY);
const READ: OFlags = SAFE.union(OFlags::RDONLY).union(OFlags::NONBLOCK);
const NEW: OFlags = SAFE
    .union(OFlags::WRONLY)
    .union(OFlags::CREATE)
    .union(OFlags::EXCL);

/// The bits of a mode that are kept: no file runs as somebody else.
pub(super) const RIGHTS: u32 = 0o777;

/// Why nothing can be done with a name.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// It is something of this kind.
    Is(FileType),
    /// The system says so.
    System(Errno),
}

impl From<Errno> for Obstacle {
    fn from(error: Errno) -> Self {
        Self::System(error)
    }
}

/// What an obstacle is at a path.
pub(super) struct Told<'a>(pub(super) &'a str, pub(super) &'a Obstacle);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = escape(self.0);
        match self.1 {
            Obstacle::Is(kind) => write!(f, "`{path}` is {}", word(*kind)),
            Obstacle::System(error) => write!(f, "`{path}`: {}", io::Error::from(*error)),
        }
    }
}

fn word(kind: FileType) -> &'static str {
    match kind {
        FileType::RegularFile => "a file",
        FileType::Directory => "a directory",
        FileType::Symlink => "a symbolic link",
        FileType::Fifo => "a named pipe",
        FileType::Socket => "a socket",
        _ => "a device",
    }
}

/// A directory that is held open.
#[derive(Debug)]
pub(super) struct Dir(OwnedFd);

impl Dir {
    /// Opens the working directory. A link in this path is the user's own.
    pub(super) fn working(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(sys::open(path, flags, Mode::empty())?))
    }

    /// What a name stands for; `None` if there is nothing.
    pub(super) fn kind(&self, name: &str) -> Result<Option<FileType>, Obstacle> {
        let stat = self.look(name)?;
        Ok(stat.map(|stat| FileType::from_raw_mode(stat.st_mode)))
    }

    /// Looks at what a name stands for; `None` if there is nothing.
    pub(super) fn look(&self, name: &str) -> Result<Option<Stat>, Obstacle> {
        match sys::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a directory; `None` if there is nothing.
    pub(super) fn child(&self, name: &str) -> Result<Option<Self>, Obstacle> {
        match sys::openat(&self.0, name, DIRECTORY, Mode::empty()) {
            Ok(fd) => Ok(Some(Self(fd))),
            Err(Errno::NOENT) => Ok(None),
            Err(error @ (Errno::NOTDIR | Errno::LOOP)) => Err(self.refusal(name, error)),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a directory, creating it if there is nothing.
    pub(super) fn child_or_new(&self, name: &str, mode: u32) -> Result<Self, Obstacle> {
        if let Some(dir) = self.child(name)? {
            return Ok(dir);
        }
        self.make(name, mode)?;
        self.child(name)?.ok_or(Obstacle::System(Errno::NOENT))
    }

    /// Creates a directory. Another run may be quicker, which is as well.
    pub(super) fn make(&self, name: &str, mode: u32) -> Result<(), Obstacle> {
        match sys::mkdirat(&self.0, name, rights(mode)) {
            Ok(()) => Ok(()),
            Err(error @ Errno::EXIST) => match self.refusal(name, error) {
                Obstacle::Is(FileType::Directory) => Ok(()),
                obstacle => Err(obstacle),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a regular file for reading; `None` if there is nothing.
    pub(super) fn file(&self, name: &str) -> Result<Option<(File, Stat)>, Obstacle> {
        // Opening a device can do something; so it is looked at first.
        match self.kind(name)? {
            None => return Ok(None),
            Some(FileType::RegularFile) => {}
            Some(kind) => return Err(Obstacle::Is(kind)),
        }
        let fd = match sys::openat(&self.0, name, READ, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(None),
            Err(error @ (Errno::LOOP | Errno::NXIO)) => return Err(self.refusal(name, error)),
            other => other?,
        };
        let stat = sys::fstat(&fd)?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Ok(Some((fd.into(), stat))),
            kind => Err(Obstacle::Is(kind)),
        }
    }

    /// Creates a file that must not exist, for writing.
    pub(super) fn create(&self, name: &str, mode: u32) -> Result<File, Errno> {
        Ok(sys::openat(&self.0, name, NEW, rights(mode))?.into())
    }

    /// Renames `name` to `target`, replacing what is there.
    pub(super) fn rename(&self, name: &str, target: &str) -> Result<(), Errno> {
        sys::renameat(&self.0, name, &self.0, target)
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: &str) -> Result<(), Errno> {
        sys::unlinkat(&self.0, name, AtFlags::empty())
    }

    /// The names in this directory, sorted.
    pub(super) fn list(&self) -> Result<Vec<CString>, Errno> {
        let mut names = Vec::new();
        for item in sys::Dir::read_from(&self.0)? {
            let item = item?;
            if !matches!(item.file_name().to_bytes(), b"." | b"..") {
                names.push(item.file_name().to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// What is there instead of what was to be opened.
    fn refusal(&self, name: &str, error: Errno) -> Obstacle {
        match self.kind(name) {
            Ok(Some(kind)) => Obstacle::Is(kind),
            _ => Obstacle::System(error),
        }
    }
}

/// The rights of what is created; the user's mask takes its share from them.
fn rights(mode: u32) -> Mode {
    Mode::from_bits_truncate(mode & RIGHTS)
}
