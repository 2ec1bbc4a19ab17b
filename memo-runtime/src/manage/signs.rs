//! Signs of trouble with a store that are seen without looking closely.

use super::{Moment, Vault};
use crate::store::dir;
use crate::store::layout::DAMAGED;

/// Damaged entries that were moved aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MovedAside {
    /// How many there are.
    pub entries: usize,
    /// When the last was moved.
    pub newest: Moment,
}

impl Vault {
    /// Whether the file system promises that computations of one key exclude
    /// each other. Network file systems do not.
    pub fn has_locks(&self) -> bool {
        self.store.has_locks()
    }

    /// The damaged entries that were moved aside and are still there. What
    /// cannot be listed is not there.
    pub fn moved_aside(&self) -> MovedAside {
        let mut found = MovedAside::default();
        let Ok(dir) = self.store.root().open_dir(DAMAGED) else {
            return found;
        };
        for name in dir.list().unwrap_or_default() {
            found.entries += 1;
            // Moving a file changes this time, and not that of its content.
            let since = dir.stat_at(&name).map_or(0, |stat| dir::changed(&stat));
            found.newest = found.newest.max(since);
        }
        found
    }
}
