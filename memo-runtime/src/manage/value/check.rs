//! Whether one entry is whole.

use super::super::{Entry, Unreadable, Vault, Watch};
use crate::store::check::{Checked, Piece};

/// What checking one entry came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryCheck {
    /// Every byte is as it was written.
    Whole,
    /// It has been removed.
    Gone,
    /// Whoever watches wanted no more.
    Stopped,
}

impl Vault {
    /// Compares every byte of an entry with its digests, however large it is.
    ///
    /// # Errors
    ///
    /// It is damaged, newer than this crate, or cannot be read.
    pub fn check_entry(&self, entry: &Entry, watch: &impl Watch) -> Result<EntryCheck, Unreadable> {
        watch.planned(1, entry.bytes);
        let checked = self
            .store
            .check_entry(&entry.place(), &mut Piece::new(), |bytes| {
                watch.done(0, bytes);
                watch.goes_on()
            });
        watch.done(1, 0);
        match checked {
            Checked::Whole => Ok(EntryCheck::Whole),
            Checked::Gone => Ok(EntryCheck::Gone),
            Checked::Stopped => Ok(EntryCheck::Stopped),
            Checked::Amiss(problem, _) => Err(problem),
        }
    }
}
