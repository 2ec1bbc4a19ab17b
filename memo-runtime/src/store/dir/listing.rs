//! Listing a directory with many files: their names one at a time, and what
//! the system says of those that are asked for.

use std::ffi::CStr;
use std::io;
use std::ops::ControlFlow;
use std::os::fd::OwnedFd;

use rustix::fs::{self as sys, AtFlags, OFlags, Stat};

use super::{Dir, beneath};

const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOFOLLOW);

/// A name in a directory that is being listed.
pub(crate) struct Listed<'a> {
    dir: &'a OwnedFd,
    name: &'a CStr,
}

impl Listed<'_> {
    /// The name.
    pub(crate) fn name(&self) -> &[u8] {
        self.name.to_bytes()
    }

    /// What the system says of it, and not of what it links to.
    pub(crate) fn stat(&self) -> io::Result<Stat> {
        Ok(sys::statat(self.dir, self.name, AtFlags::SYMLINK_NOFOLLOW)?)
    }
}

impl Dir {
    /// Hands out the names in the directory `relative`, through no link, in
    /// the file system's order.
    pub(crate) fn each_name(
        &self,
        relative: &str,
        mut found: impl FnMut(&Listed<'_>) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let dir = beneath::open(&self.fd, relative, DIRECTORY)?;
        names::each(&dir, |name| match name.to_bytes() {
            b"." | b".." => ControlFlow::Continue(()),
            _ => found(&Listed { dir: &dir, name }),
        })
    }
}

#[cfg(target_os = "linux")]
mod names {
    use std::cell::Cell;
    use std::ffi::CStr;
    use std::io;
    use std::ops::ControlFlow;
    use std::os::fd::OwnedFd;

    use rustix::fs::RawDir;

    /// Room for so many bytes of names at once.
    const ROOM: usize = 64 << 10;

    thread_local! {
        /// The room is kept: most directories of entries are small, and there
        /// are many.
        static KEPT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    }

    pub(super) fn each(
        dir: &OwnedFd,
        mut found: impl FnMut(&CStr) -> ControlFlow<()>,
    ) -> io::Result<()> {
        let mut room = KEPT.take();
        room.reserve(ROOM);
        let mut names = RawDir::new(dir, room.spare_capacity_mut());
        let listed = loop {
            match names.next() {
                Some(Ok(item)) if found(item.file_name()).is_continue() => {}
                Some(Err(error)) => break Err(error.into()),
                Some(Ok(_)) | None => break Ok(()),
            }
        };
        KEPT.set(room);
        listed
    }
}

#[cfg(not(target_os = "linux"))]
mod names {
    use std::ffi::CStr;
    use std::io;
    use std::ops::ControlFlow;
    use std::os::fd::OwnedFd;

    use rustix::fs::Dir;

    pub(super) fn each(
        dir: &OwnedFd,
        mut found: impl FnMut(&CStr) -> ControlFlow<()>,
    ) -> io::Result<()> {
        for item in Dir::read_from(dir)? {
            if found(item?.file_name()).is_break() {
                break;
            }
        }
        Ok(())
    }
}
