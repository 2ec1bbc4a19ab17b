//! Files on their way into the user's directories: written beside their place,
//! and renamed into it.

use std::ffi::OsStr;
use std::fs::File;

use rustix::fs::{Stat, fstat};
use rustix::io::Errno;

use super::beneath::{Dir, RIGHTS};
use crate::store::layout;

/// What the names of temporary files begin with; 16 hexadecimal digits follow.
const TEMPORARY: &str = ".memo-";

/// Whether a name is that of a temporary file, which stays if a process that
/// restores is killed.
pub(super) fn is_temporary(name: &[u8]) -> bool {
    name.strip_prefix(TEMPORARY.as_bytes())
        .is_some_and(|digits| digits.len() == 16 && digits.iter().all(u8::is_ascii_hexdigit))
}

/// Whether a file in `dir` has the rights of `mode`, as far as the user's mask
/// grants them. To ask the system for the mask is to set it, also for what
/// other threads create: what a new file gets tells it.
pub(super) fn has_rights(dir: &Dir, stat: &Stat, mode: u32) -> bool {
    let found = stat.st_mode & RIGHTS;
    let granted = || Some(fstat(Temporary::create(dir, mode).ok()?.1).ok()?.st_mode);
    found == mode & RIGHTS || granted().is_some_and(|granted| found == granted & RIGHTS)
}

/// A file that is removed unless it is renamed.
pub(super) struct Temporary<'a> {
    dir: &'a Dir,
    name: String,
    renamed: bool,
}

impl<'a> Temporary<'a> {
    /// Creates it, with what the user's mask grants of the rights in `mode`.
    pub(super) fn create(dir: &'a Dir, mode: u32) -> Result<(Self, File), Errno> {
        let name = [TEMPORARY, &layout::unique_name()].concat();
        let file = dir.create(&name, mode)?;
        let temporary = Self {
            dir,
            name,
            renamed: false,
        };
        Ok((temporary, file))
    }

    /// Puts it in its place.
    pub(super) fn rename(mut self, target: &OsStr) -> Result<(), Errno> {
        self.dir.rename(&self.name, target)?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = self.dir.remove(&self.name);
        }
    }
}
