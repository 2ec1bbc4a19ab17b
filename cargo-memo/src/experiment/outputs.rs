//! Files that a run leaves: collected when it has ended, and restored when it
//! is found instead of run.
//!
//! What is declared are files and directories beneath the working directory.
//! A directory stands for all files in it, at any depth, and for the empty
//! directories, that the run has left: what lay there before, and has not been
//! changed since the program was started, is another run's or the user's.
//! What is declared by its own path is kept whatever its age. Restoring a
//! directory leaves files alone that the recording does not have. Nothing that
//! the user has is removed, before a run or after it.
//!
//! What must hold, whatever a recording says:
//!
//! - Nothing outside of the working directory is read or written, and nothing
//!   in it that has not been declared: paths are walked name by name, through
//!   no link ([`beneath`]), and what is not a plain relative path is refused
//!   ([`names`]).
//! - Nothing is read from the store, or written into it ([`store`]).
//! - Only regular files are read and replaced. Anything else in the place of
//!   an output is refused before the first is written.
//! - A file is in its place whole or not at all, and only with the bytes that
//!   were recorded. Two runs that restore a file at once both leave it whole.
//! - A file has no more rights than the user's mask grants, and runs as nobody
//!   else.

mod beneath;
mod collect;
mod names;
mod restore;
mod store;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::SystemTime;

use memo_runtime::run::{RecordedOutput, Recorder, Recording};

use crate::failure::Failure;
use crate::interrupt;

/// Who keeps what a run left.
pub(crate) trait Keeps {
    /// Keeps a regular file, which is read from where it stands to its end.
    fn output(&mut self, path: &str, mode: u32, file: &mut File);
    /// Keeps an empty directory.
    fn directory(&mut self, path: &str, mode: u32);
}

impl Keeps for Recorder {
    fn output(&mut self, path: &str, mode: u32, file: &mut File) {
        Recorder::output(self, path, mode, file);
    }

    fn directory(&mut self, path: &str, mode: u32) {
        Recorder::directory(self, path, mode);
    }
}

/// Who has what a run left.
pub(crate) trait Has {
    /// What it left. None of it need be true.
    fn outputs(&self) -> &[RecordedOutput];
    /// The bytes of an output.
    fn open(&self, index: usize) -> io::Result<Box<dyn Read + '_>>;
}

impl Has for Recording {
    fn outputs(&self) -> &[RecordedOutput] {
        Recording::outputs(self)
    }

    fn open(&self, index: usize) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.open_output(index)?))
    }
}

/// What was collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Collected {
    /// How many files.
    pub(crate) files: usize,
    /// Their bytes.
    pub(crate) bytes: u64,
}

/// What was restored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Restored {
    /// How many files and empty directories were missing, or differed.
    pub(crate) written: usize,
    /// How many were as they should be; they have not been touched.
    pub(crate) same: usize,
}

/// Checks what is declared as output: relative paths that stay beneath `dir`,
/// the working directory, and apart from the `store`.
///
/// # Errors
///
/// One is not; a usage error.
pub(crate) fn check(declared: &[String], dir: &Path, store: &Path) -> Result<(), Failure> {
    for path in declared {
        names::declared(path)?;
        store::apart(path, dir, store)?;
    }
    Ok(())
}

/// Hands what a run left to `keeper`, in the order of the paths.
///
/// `since` is the moment before the program was started. Of what is in a
/// declared directory, files and empty directories are kept whose inode changed
/// then or later, or up to 10 milliseconds before: the clock that a kernel
/// stamps files with may lag by one tick. What is declared by its own path is
/// kept whenever it changed.
///
/// # Errors
///
/// A declared output is missing or cannot be read; it is, contains or is
/// behind something that is neither a file nor a directory; it has a name that
/// is not UTF-8; it changes meanwhile. Then the run must not be kept.
pub(crate) fn collect(
    dir: &Path,
    declared: &[String],
    since: SystemTime,
    keeper: &mut impl Keeps,
) -> Result<Collected, Failure> {
    collect::collect(dir, declared, since, keeper, &interrupt::came)
}

/// Makes what a run left be there again: what is `declared` now, and nothing
/// else.
///
/// # Errors
///
/// The recording says what no run can have left, or something is in the way:
/// then nothing has been written. Or an output cannot be written, or is not
/// what was recorded: then those before it are in their places.
pub(crate) fn restore(
    dir: &Path,
    declared: &[String],
    recording: &impl Has,
) -> Result<Restored, Failure> {
    restore::restore(dir, declared, recording, &interrupt::came)
}

fn interrupted(what: &str) -> Failure {
    Failure::Interrupted(format!("interrupted while {what}"))
}
