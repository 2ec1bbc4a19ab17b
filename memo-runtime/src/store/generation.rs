//! How a process that holds results in memory learns that some have gone.
//!
//! The directory `entries/` has a time of modification. Whoever takes an
//! entry away, or puts another in its place, gives the directory a new one
//! afterwards. What was loaded is good for as long as the directory is as it
//! was before: looking is one system call, and needs no path.
//!
//! What must hold: the generation is read before the entry is, and renewed
//! after the entry has gone. Then whoever has loaded an entry that goes has an
//! older generation than the directory. A process that is killed between the
//! two leaves others with what they have, which is right, for keys contain
//! everything, and only stays in memory for longer.

use rustix::fs::Stat;

use super::Store;
use super::dir;
use crate::clock::{Clock, Moment};

/// What `entries/` was like at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generation {
    modified: Moment,
    /// Tells generations apart on file systems whose times of modification
    /// are coarse.
    changed: Moment,
    inode: u64,
}

impl Generation {
    fn of(stat: &Stat) -> Self {
        Self {
            modified: dir::modified(stat),
            changed: dir::changed(stat),
            inode: stat.st_ino,
        }
    }
}

impl Store {
    /// The present generation; `None` where it cannot be told, as after the
    /// store was removed.
    pub(crate) fn generation(&self) -> Option<Generation> {
        let stat = self.entries.stat().ok()?;
        (stat.st_nlink > 0).then(|| Generation::of(&stat))
    }

    /// Begins a new generation, after entries have gone or were replaced.
    /// Where that is not allowed, others keep what they have in memory.
    pub(crate) fn renew_generation(&self) {
        let _ = self.entries.touch(Clock::system().now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_lasts_until_it_is_renewed_or_the_store_is_removed() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("store");
        let store = Store::open(&path, false).unwrap();
        let first = store.generation();
        assert!(first.is_some());
        assert_eq!(store.generation(), first);
        for _ in 0..100 {
            let before = store.generation();
            store.renew_generation();
            assert_ne!(store.generation(), before);
        }
        std::fs::remove_dir_all(path).unwrap();
        assert_eq!(store.generation(), None);
    }
}
