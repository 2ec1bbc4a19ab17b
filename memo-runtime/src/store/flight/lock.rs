//! The one door to file locks.
//!
//! Locks are taken with `flock` through fs2, on a file that was opened for
//! reading and writing, and are released by closing the file and in no other
//! way: an explicit unlock would also unlock a duplicate that a forked child
//! holds.

use std::fs::File;
use std::io;

/// Tries to lock `file`, whether by another process or another open of the
/// same file in this one; whether the lock is now held.
///
/// # Errors
///
/// The file system has no locks, or the system is out of them.
pub(crate) fn try_exclusive(file: &File) -> io::Result<bool> {
    loop {
        match fs2::FileExt::try_lock_exclusive(file) {
            Ok(()) => return Ok(true),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
