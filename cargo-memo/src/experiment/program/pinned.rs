//! A copy of an executable that stays while whoever made it lives.
//!
//! Each is in a directory of its own, which is locked. What must hold: a directory that is not
//! locked belongs to nobody, and is removed by the next who makes one. Directories are made,
//! locked and removed by one at a time.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// How the names of the directories begin.
const PREFIX: &str = "pinned-";

/// Whoever has it locked may make and remove directories.
const GATE: &str = "pinning";

/// A copy; it is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Pinned {
    /// The executable.
    pub(super) path: PathBuf,
    // In this order: what is locked, nobody removes meanwhile.
    _dir: TempDir,
    _lock: File,
}

impl Pinned {
    /// Copies an executable to a directory beneath `around`.
    pub(super) fn of(executable: &Path, around: &Path) -> io::Result<Self> {
        let (dir, lock) = make(around)?;
        let name = executable.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let path = dir.path().join(name);
        fs::copy(executable, &path)?;
        Ok(Self {
            path,
            _dir: dir,
            _lock: lock,
        })
    }
}

fn make(around: &Path) -> io::Result<(TempDir, File)> {
    fs::create_dir_all(around)?;
    let gate = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(around.join(GATE))?;
    // Without locks nobody can tell what is in use, and nothing is removed.
    let is_locked = gate.lock().is_ok();
    if is_locked {
        remove_abandoned(around);
    }
    let dir = tempfile::Builder::new().prefix(PREFIX).tempdir_in(around)?;
    let lock = File::open(dir.path())?;
    if is_locked {
        lock.lock()?;
    }
    Ok((dir, lock))
}

/// Removes what killed processes have left. What cannot be removed is left to the next.
fn remove_abandoned(around: &Path) {
    for entry in fs::read_dir(around).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX)
            && entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_ours {
            continue;
        }
        let path = entry.path();
        if File::open(&path).is_ok_and(|dir| dir.try_lock().is_ok()) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}
