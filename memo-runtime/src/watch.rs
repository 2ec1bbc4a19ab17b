//! How whoever started long work watches it.

/// Told how far long work has come, and asked whether it is to go on. Several
/// threads do so at once.
pub trait Watch: Sync {
    /// So much is there to do.
    fn planned(&self, _entries: u64, _bytes: u64) {}

    /// So much more is done.
    fn done(&self, _entries: u64, _bytes: u64) {}

    /// Whether to go on. Work that is stopped leaves everything sound, and
    /// tells how far it came.
    fn goes_on(&self) -> bool {
        true
    }
}

/// Nobody watches.
impl Watch for () {}
