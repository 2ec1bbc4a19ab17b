//! Trying for real what a store needs of its directory.
//!
//! Everything happens in a directory of its own, which goes when the
//! [`Trial`] does. What a killed one leaves is removed by the next that is
//! begun in the same place, an hour later.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::dir::{self, Dir, regular};
use super::flight::lock;
use super::layout;
use crate::clock::{Clock, Moment, nanos};

const LOCK: &str = "lock";

/// A trial as old as this has nobody who carries it out.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A directory to try things in.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    parent: &'a Dir,
    name: String,
    dir: Dir,
}

impl<'a> Trial<'a> {
    /// Makes a directory in `parent`, and removes those that were left there.
    pub(crate) fn begin(parent: &'a Dir, clock: &Clock) -> io::Result<Self> {
        sweep(parent, clock);
        let name = layout::trial_name();
        parent.make_dir(&name)?;
        let dir = parent.open_dir(&name);
        let dir = dir.inspect_err(|_| drop(parent.remove_dir(&name)))?;
        Ok(Self { parent, name, dir })
    }

    /// The lock file that other processes can be asked to lock.
    pub(crate) fn lock_file(&self) -> PathBuf {
        self.dir.path().join(LOCK)
    }

    /// Whether this process gets the lock now. It gives it back at once.
    pub(crate) fn gets_lock(&self) -> io::Result<bool> {
        lock::try_exclusive(&self.dir.open_or_create(LOCK)?)
    }

    /// Two opens of a file exclude each other within a process.
    pub(crate) fn opens_exclude(&self) -> io::Result<bool> {
        let open = || self.dir.open_or_create(LOCK);
        let (first, second) = (open()?, open()?);
        if !lock::try_exclusive(&first)? || lock::try_exclusive(&second)? {
            return Ok(false);
        }
        drop(first);
        lock::try_exclusive(&second)
    }

    /// A file is created by one alone.
    pub(crate) fn creates_exclusively(&self) -> io::Result<bool> {
        self.write("created", b"")?;
        match self.dir.create_new("created") {
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// A rename replaces a file at once, and who has it open keeps what it
    /// had.
    pub(crate) fn renames_whole(&self) -> io::Result<bool> {
        self.write("old", b"old")?;
        self.write("new", b"new")?;
        let mut reader = self.dir.open_read("old")?;
        self.dir.rename("new", &self.dir, "old")?;
        Ok(read(&mut reader)? == b"old" && self.read("old")? == b"new")
    }

    /// A rename that must not replace anything does not.
    pub(crate) fn first_rename_wins(&self) -> io::Result<bool> {
        self.write("first", b"first")?;
        self.write("second", b"second")?;
        let first = self.dir.rename_new("first", &self.dir, "place")?;
        let second = self.dir.rename_new("second", &self.dir, "place")?;
        Ok(first && !second && self.read("place")? == b"first")
    }

    /// Bytes and names can be made to survive a power cut, as far as the
    /// system tells.
    pub(crate) fn syncs(&self) -> io::Result<bool> {
        let file = self.write("synced", b"bytes")?;
        file.sync_data()?;
        self.dir.sync()?;
        Ok(true)
    }

    /// How finely a file's time can be set.
    pub(crate) fn time_grain(&self) -> io::Result<Duration> {
        // All digits differ from zero, so that each one that is lost shows.
        let wanted = Duration::new(1_234_567_891, 123_456_789);
        let file = self.write("timed", b"")?;
        file.set_modified(UNIX_EPOCH + wanted)?;
        let found = dir::modified(&regular(&file)?);
        let lost = nanos(wanted).abs_diff(found);
        let powers = (0..).map(|power| 10_u64.pow(power)).take(18);
        let grain = powers.into_iter().find(|grain| lost < *grain);
        Ok(Duration::from_nanos(grain.unwrap_or(u64::MAX)))
    }

    /// What the file system says the time is.
    pub(crate) fn time(&self) -> io::Result<Moment> {
        let file = self.write("now", b"now")?;
        Ok(dir::modified(&regular(&file)?))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<File> {
        let mut file = self.dir.create_new(name)?;
        file.write_all(bytes)?;
        Ok(file)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        read(&mut self.dir.open_read(name)?)
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        remove(self.parent, &self.name, &self.dir);
    }
}

/// Locks the file of a trial that another process carries out; `None`:
/// somebody else has locked it.
pub(crate) fn lock(file: &Path) -> io::Result<Option<File>> {
    let file = File::options().read(true).write(true).open(file)?;
    Ok(lock::try_exclusive(&file)?.then_some(file))
}

fn read(file: &mut File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(16).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes what killed trials have left.
fn sweep(parent: &Dir, clock: &Clock) {
    let before = clock.now().saturating_sub(nanos(ABANDONED));
    let names = parent.list().unwrap_or_default();
    for name in names.iter().filter(|name| layout::is_trial(name)) {
        if let Ok(dir) = parent.open_dir(name)
            && dir.stat().is_ok_and(|stat| dir::modified(&stat) < before)
        {
            remove(parent, name, &dir);
        }
    }
}

fn remove(parent: &Dir, name: &str, dir: &Dir) {
    for file in dir.list().unwrap_or_default() {
        let _ = dir.unlink(&file);
    }
    let _ = parent.remove_dir(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> (tempfile::TempDir, Dir) {
        let temp = tempfile::tempdir().unwrap();
        let dir = Dir::open_root(temp.path(), false).unwrap();
        (temp, dir)
    }

    #[test]
    fn this_file_system_does_what_is_needed() {
        let (_temp, parent) = scene();
        let trial = Trial::begin(&parent, &Clock::system()).unwrap();
        assert!(trial.opens_exclude().unwrap());
        assert!(trial.creates_exclusively().unwrap());
        assert!(trial.renames_whole().unwrap());
        assert!(trial.first_rename_wins().unwrap());
        assert!(trial.syncs().unwrap());
        assert!(trial.time_grain().unwrap() <= Duration::from_secs(2));
        let now = Clock::system().now();
        assert!(now.abs_diff(trial.time().unwrap()) < nanos(Duration::from_secs(60)));
    }

    #[test]
    fn a_lock_that_is_held_is_not_got() {
        let (_temp, parent) = scene();
        let trial = Trial::begin(&parent, &Clock::system()).unwrap();
        assert!(trial.gets_lock().unwrap());
        let held = trial.dir.open_or_create(LOCK).unwrap();
        assert!(lock::try_exclusive(&held).unwrap());
        assert!(!trial.gets_lock().unwrap());
    }

    #[test]
    fn nothing_is_left_of_a_trial() {
        let (_temp, parent) = scene();
        let trial = Trial::begin(&parent, &Clock::system()).unwrap();
        trial.renames_whole().unwrap();
        assert_eq!(parent.list().unwrap().len(), 1);
        drop(trial);
        assert!(parent.list().unwrap().is_empty());
    }

    #[test]
    fn what_a_killed_trial_left_goes_after_an_hour() {
        let (_temp, parent) = scene();
        let clock = Clock::manual(Clock::system().now());
        let killed = Trial::begin(&parent, &clock).unwrap();
        killed.creates_exclusively().unwrap();
        std::mem::forget(killed);
        drop(Trial::begin(&parent, &clock).unwrap());
        assert_eq!(parent.list().unwrap().len(), 1);
        clock.advance(2 * ABANDONED);
        drop(Trial::begin(&parent, &clock).unwrap());
        assert!(parent.list().unwrap().is_empty());
    }
}
