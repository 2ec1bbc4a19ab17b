//! The one door to files of the user: a directory that is held open, and what
//! is directly in it.
//!
//! No operation follows a link, opens what is not a regular file, or waits for
//! one. Names are single: who calls has split paths.

use std::ffi::{CStr, CString};
use std::fmt;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{self as sys, AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use rustix::path::Arg;

use crate::store::FileId;

const SAFE: OFlags = OFlags::CLOEXEC.union(OFlags::NOFOLLOW);
const DIRECTORY: OFlags = SAFE.union(OFlags::RDONLY).union(OFlags::DIRECTORY);
const READ: OFlags = SAFE.union(OFlags::RDONLY).union(OFlags::NONBLOCK);
const NEW: OFlags = SAFE
    .union(OFlags::RDWR)
    .union(OFlags::CREATE)
    .union(OFlags::EXCL);

/// The bits of a mode that are ever set: no file runs as somebody else.
pub(crate) const RIGHTS: u32 = 0o777;

/// Why nothing can be done with a name.
#[derive(Debug)]
pub(crate) enum Obstacle {
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

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(kind) => write!(f, "it is {}", word(*kind)),
            Self::System(error @ Errno::MFILE) => {
                write!(
                    f,
                    "its directories are too deep: {}",
                    io::Error::from(*error)
                )
            }
            Self::System(error) => io::Error::from(*error).fmt(f),
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

/// A regular file that is open, and what the system says of it.
pub(super) type Opened = (File, Stat);

/// Looks at what the user has named; links are followed.
pub(super) fn look(path: &Path) -> Result<Stat, Obstacle> {
    Ok(sys::stat(path)?)
}

/// Opens a regular file that the user has named; links are followed.
pub(super) fn open(path: &Path) -> Result<Opened, Obstacle> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let fd = sys::open(path, flags, Mode::empty())?;
    opened(fd)
}

fn opened(fd: OwnedFd) -> Result<Opened, Obstacle> {
    let stat = sys::fstat(&fd)?;
    match kind(&stat) {
        FileType::RegularFile => Ok((fd.into(), stat)),
        kind => Err(Obstacle::Is(kind)),
    }
}

/// A directory that is held open.
#[derive(Debug)]
pub(crate) struct Dir(OwnedFd);

impl Dir {
    /// Opens a directory that the user has named. A link in this path is the
    /// user's own.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(sys::open(path, flags, Mode::empty())?))
    }

    /// Which directory it is.
    pub(super) fn id(&self) -> Result<FileId, Errno> {
        let stat = sys::fstat(&self.0)?;
        Ok((stat.st_dev, stat.st_ino))
    }

    /// Looks at what a name stands for; `None` if there is nothing.
    pub(super) fn look(&self, name: impl Arg) -> Result<Option<Stat>, Obstacle> {
        match sys::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a directory; `None` if there is nothing.
    pub(super) fn child(&self, name: impl Arg + Copy) -> Result<Option<Self>, Obstacle> {
        match sys::openat(&self.0, name, DIRECTORY, Mode::empty()) {
            Ok(fd) => Ok(Some(Self(fd))),
            Err(Errno::NOENT) => Ok(None),
            Err(error @ (Errno::NOTDIR | Errno::LOOP)) => Err(self.refusal(name, error)),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a directory, creating it if there is nothing.
    pub(super) fn child_or_new(&self, name: impl Arg + Copy) -> Result<Self, Obstacle> {
        if let Some(dir) = self.child(name)? {
            return Ok(dir);
        }
        self.make(name, RIGHTS)?;
        self.child(name)?.ok_or(Obstacle::System(Errno::NOENT))
    }

    /// Creates a directory. Another may be quicker, which is as well.
    pub(super) fn make(&self, name: impl Arg + Copy, mode: u32) -> Result<(), Obstacle> {
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
    pub(super) fn file(&self, name: impl Arg + Copy) -> Result<Option<Opened>, Obstacle> {
        // Opening a device can do something; so it is looked at first.
        match self.look(name)?.map(|stat| kind(&stat)) {
            None => return Ok(None),
            Some(FileType::RegularFile) => {}
            Some(kind) => return Err(Obstacle::Is(kind)),
        }
        let fd = match sys::openat(&self.0, name, READ, Mode::empty()) {
            Err(Errno::NOENT) => return Ok(None),
            Err(error @ (Errno::LOOP | Errno::NXIO)) => return Err(self.refusal(name, error)),
            other => other?,
        };
        opened(fd).map(Some)
    }

    /// Where the link `name` leads to, as it says.
    pub(super) fn target(&self, name: impl Arg) -> Result<CString, Errno> {
        sys::readlinkat(&self.0, name, Vec::new())
    }

    /// Creates a file that must not exist, for reading and writing.
    pub(super) fn create(&self, name: impl Arg, mode: u32) -> Result<File, Errno> {
        Ok(sys::openat(&self.0, name, NEW, rights(mode))?.into())
    }

    /// Renames `name` to `target`, replacing what is there.
    pub(super) fn rename(&self, name: impl Arg, target: impl Arg) -> Result<(), Errno> {
        sys::renameat(&self.0, name, &self.0, target)
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: impl Arg) -> Result<(), Errno> {
        sys::unlinkat(&self.0, name, AtFlags::empty())
    }

    /// The names in this directory, sorted by their bytes.
    pub(super) fn list(&self) -> Result<Vec<CString>, Errno> {
        let mut names = Vec::new();
        for item in sys::Dir::read_from(&self.0)? {
            let item = item?;
            let name: &CStr = item.file_name();
            if !matches!(name.to_bytes(), b"." | b"..") {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// What is there instead of what was to be opened.
    fn refusal(&self, name: impl Arg, error: Errno) -> Obstacle {
        match self.look(name) {
            Ok(Some(stat)) => Obstacle::Is(kind(&stat)),
            _ => Obstacle::System(error),
        }
    }
}

/// What a file is.
pub(super) fn kind(stat: &Stat) -> FileType {
    FileType::from_raw_mode(stat.st_mode)
}

/// The rights of what is created; the user's mask takes its share from them.
fn rights(mode: u32) -> Mode {
    Mode::from_bits_truncate(mode & RIGHTS)
}
