//! The one door to paths inside a store: a directory that is held open, and
//! everything done relative to it.
//!
//! What must hold: no operation follows a symbolic link out of (or within)
//! the store, blocks on a FIFO, or truncates a file that others may read.
//! Every descriptor is close-on-exec. Names are made by [`super::layout`]
//! from digits and slugs, so none contains `..` or begins with `/`.

mod beneath;
mod file_system;
mod listing;

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use file_system::{FileSystem, Room, Site};
use rustix::fs::{
    self as sys, AtFlags, FileType, Mode, OFlags, RenameFlags, Stat, Timespec, Timestamps,
    UTIME_NOW,
};
use rustix::io::Errno;

use crate::clock::{Moment, nanos};

const PRIVATE_DIR: Mode = Mode::RWXU;
const PRIVATE_FILE: Mode = Mode::RUSR.union(Mode::WUSR);
const SHARED_DIR: Mode = Mode::RWXU.union(Mode::RWXG);
const SHARED_FILE: Mode = PRIVATE_FILE.union(Mode::RGRP).union(Mode::WGRP);

const READ: OFlags = OFlags::RDONLY
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::NONBLOCK);

/// A directory that is held open.
#[derive(Debug)]
pub(crate) struct Dir {
    fd: OwnedFd,
    path: PathBuf,
    shared: bool,
}

impl Dir {
    /// Opens the root of a store. A link in this path is the user's own
    /// choice and is followed. `shared`: what is created may be read and
    /// written by the group.
    pub(crate) fn open_root(path: &Path, shared: bool) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = sys::open(path, flags, Mode::empty())?;
        Ok(Self {
            fd,
            path: path.to_owned(),
            shared,
        })
    }

    /// Opens the directory `name` in this one, never through a link.
    pub(crate) fn open_dir(&self, name: &str) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let fd = sys::openat(&self.fd, name, flags, Mode::empty())?;
        Ok(Self {
            fd,
            path: self.path.join(name),
            shared: self.shared,
        })
    }

    /// Opens the directory `name`, creating it first where it is missing.
    pub(crate) fn open_or_make_dir(&self, name: &str) -> io::Result<Self> {
        match self.open_dir(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_dir(name)?;
                self.open_dir(name)
            }
            other => other,
        }
    }

    /// Creates the directory `name`; whether it is new.
    pub(crate) fn make_dir(&self, name: &str) -> io::Result<bool> {
        let mode = if self.shared { SHARED_DIR } else { PRIVATE_DIR };
        match sys::mkdirat(&self.fd, name, mode) {
            Ok(()) if self.shared => {
                // The umask, which is meant for what is not shared, took the
                // group's right to write.
                let _ = sys::chmodat(&self.fd, name, mode, AtFlags::empty());
                Ok(true)
            }
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Where the directory is, for messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What the system says of this directory.
    pub(crate) fn stat(&self) -> io::Result<Stat> {
        Ok(sys::fstat(&self.fd)?)
    }

    /// Gives the directory this time of modification, or the present one, which
    /// is coarser, where it belongs to somebody else.
    pub(crate) fn touch(&self, time: Moment) -> io::Result<()> {
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: UTIME_NOW,
        };
        let last_modification = Timespec::try_from(Duration::from_nanos(time)).unwrap_or(now);
        let times = |last_modification| Timestamps {
            last_access: now,
            last_modification,
        };
        match sys::futimens(&self.fd, &times(last_modification)) {
            Err(Errno::PERM) => Ok(sys::futimens(&self.fd, &times(now))?),
            touched => Ok(touched?),
        }
    }

    /// Whether the directory itself has been removed while it is held open.
    pub(crate) fn is_gone(&self) -> bool {
        self.stat().is_ok_and(|stat| stat.st_nlink == 0)
    }

    /// Opens a file below this directory for reading. `relative` may have
    /// several components; a link in any of them is refused with `ELOOP`.
    pub(crate) fn open_read(&self, relative: &str) -> io::Result<File> {
        Ok(beneath::open(&self.fd, relative, READ)?.into())
    }

    /// Creates the file `name`, which must not exist, for reading and writing.
    pub(crate) fn create_new(&self, name: &str) -> io::Result<File> {
        self.open_with(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL)
    }

    /// Opens the file `name` for reading and writing, creating it if missing.
    /// It is not truncated.
    pub(crate) fn open_or_create(&self, name: &str) -> io::Result<File> {
        self.open_with(name, OFlags::RDWR | OFlags::CREATE)
    }

    /// Opens the file `name` for reading and writing, if it is there.
    pub(crate) fn open_write(&self, name: &str) -> io::Result<File> {
        self.open_with(name, OFlags::RDWR)
    }

    /// Opens the file `name` for appending, creating it if missing.
    pub(crate) fn open_append(&self, name: &str) -> io::Result<File> {
        let file = self.open_with(name, OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE)?;
        sole(&file)?;
        Ok(file)
    }

    fn open_with(&self, name: &str, flags: OFlags) -> io::Result<File> {
        let mode = if self.shared {
            SHARED_FILE
        } else {
            PRIVATE_FILE
        };
        let flags = flags | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file: File = sys::openat(&self.fd, name, flags, mode)?.into();
        if self.shared && flags.contains(OFlags::CREATE) {
            // As for directories; refused where the file is another's.
            let _ = sys::fchmod(&file, mode);
        }
        Ok(file)
    }

    /// What the system says of `relative` itself, not of what it links to.
    pub(crate) fn stat_at(&self, relative: &str) -> io::Result<Stat> {
        Ok(sys::statat(&self.fd, relative, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    /// Whether `file` is still the file that `name` leads to.
    pub(crate) fn leads_to(&self, name: &str, file: &File) -> io::Result<bool> {
        match self.stat_at(name) {
            Ok(there) => {
                let here = sys::fstat(file)?;
                Ok((there.st_dev, there.st_ino) == (here.st_dev, here.st_ino))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Moves `name` to `target` below `to` unless something is there
    /// already; whether it was moved.
    pub(crate) fn rename_new(&self, name: &str, to: &Dir, target: &str) -> io::Result<bool> {
        match sys::renameat_with(&self.fd, name, &to.fd, target, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            // Not every file system knows the flag; link(2) refuses an
            // existing name just as well.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                match sys::linkat(&self.fd, name, &to.fd, target, AtFlags::empty()) {
                    Ok(()) => {
                        let _ = self.unlink(name);
                        Ok(true)
                    }
                    Err(Errno::EXIST) => Ok(false),
                    Err(Errno::PERM | Errno::NOSYS | Errno::NOTSUP) => {
                        self.rename(name, to, target).map(|()| true)
                    }
                    Err(error) => Err(error.into()),
                }
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Moves `name` to `target` below `to`, replacing what is there.
    pub(crate) fn rename(&self, name: &str, to: &Dir, target: &str) -> io::Result<()> {
        Ok(sys::renameat(&self.fd, name, &to.fd, target)?)
    }

    /// Removes the file `relative`, or the link if it is one.
    pub(crate) fn unlink(&self, relative: &str) -> io::Result<()> {
        Ok(sys::unlinkat(&self.fd, relative, AtFlags::empty())?)
    }

    /// Removes the empty directory `relative`.
    pub(crate) fn remove_dir(&self, relative: &str) -> io::Result<()> {
        Ok(sys::unlinkat(&self.fd, relative, AtFlags::REMOVEDIR)?)
    }

    /// Makes the names in this directory durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        Ok(sys::fsync(&self.fd)?)
    }

    /// The names in this directory, in the file system's order. Names that
    /// are not UTF-8 are passed over: none of ours is like that.
    pub(crate) fn list(&self) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for item in sys::Dir::read_from(&self.fd)? {
            if let Ok(name) = item?.file_name().to_str()
                && name != "."
                && name != ".."
            {
                found.push(name.to_owned());
            }
        }
        Ok(found)
    }
}

/// The size of a file in bytes.
pub(crate) fn size(stat: &Stat) -> u64 {
    u64::try_from(stat.st_size).unwrap_or(0)
}

/// How much of the disk a file takes, in bytes: the holes of a sparse file do
/// not count.
pub(crate) fn disk(stat: &Stat) -> u64 {
    u64::try_from(stat.st_blocks)
        .unwrap_or(0)
        .saturating_mul(512)
}

/// When a file was last modified.
pub(crate) fn modified(stat: &Stat) -> Moment {
    moment(stat.st_mtime, stat.st_mtime_nsec)
}

/// When a file was last written to, renamed, or otherwise changed.
pub(crate) fn changed(stat: &Stat) -> Moment {
    moment(stat.st_ctime, stat.st_ctime_nsec)
}

/// A time of the file system. The types of its parts differ by platform.
fn moment(seconds: impl TryInto<u64>, part: impl TryInto<u32>) -> Moment {
    let seconds = seconds.try_into().unwrap_or(0);
    let part = part.try_into().unwrap_or(0).min(999_999_999);
    nanos(Duration::new(seconds, part))
}

/// Checks that an open file is a regular one and tells its size and times.
pub(crate) fn regular(file: &File) -> io::Result<Stat> {
    let stat = sys::fstat(file)?;
    if FileType::from_raw_mode(stat.st_mode).is_file() {
        Ok(stat)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "not a regular file",
        ))
    }
}

/// As [`regular`], and the file goes by no second name: writing to it changes
/// nothing elsewhere.
pub(crate) fn sole(file: &File) -> io::Result<Stat> {
    let stat = regular(file)?;
    if stat.st_nlink > 1 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it has a second name (a hard link)",
        ));
    }
    Ok(stat)
}

#[cfg(test)]
mod tests;
