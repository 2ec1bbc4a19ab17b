//! The lock protocol: who may compute a key.
//!
//! A flight is a file whose exclusive lock is held by whoever computes its
//! key. The protocol is written against [`Tower`], so that the very same
//! code runs on files and under a model checker (`model.rs`).
//!
//! What must hold, whatever dies when:
//!
//! 1. At most one holds the flight of a key at a time.
//! 2. A holder has looked into the store *after* it got the lock, so a key
//!    that was published is not computed again.
//! 3. A flight's file leaves its place only by the hand of its holder, while
//!    the lock is held: by becoming the entry (publication is a rename of
//!    the flight itself) or by being unlinked.
//! 4. Whoever gets a lock checks that the file it locked is still the one at
//!    its place. If it is not, the lock is worthless and is dropped.
//! 5. Who waited for a computation that then failed is told so and does not
//!    queue for the next turn to fail.
//!
//! There is no other state: a holder that is killed loses its lock to the
//! kernel, its file stays in place, and the next to lock it takes over.

/// What the protocol needs of the world, for one key.
pub(crate) trait Tower {
    /// An open flight file.
    type Handle;
    /// A published result.
    type Found;
    /// Why locks cannot be had here.
    type Trouble;

    /// Opens the flight's file, creating it if it is missing.
    fn open(&self) -> Result<Self::Handle, Self::Trouble>;
    /// Tries to lock it, without waiting; whether the lock is now held.
    fn try_lock(&self, handle: &Self::Handle) -> Result<bool, Self::Trouble>;
    /// Whether the file is the one that is at its place now.
    fn is_current(&self, handle: &Self::Handle) -> Result<bool, Self::Trouble>;
    /// Whether the last holder of this file left the mark of failure.
    fn has_failed(&self, handle: &Self::Handle) -> bool;
    /// Looks into the store.
    fn published(&self) -> Option<Self::Found>;
    /// Removes the file from its place. Only for holders.
    fn unlink(&self, handle: &Self::Handle);
    /// Waits a little for the lock; `false`: waited long enough.
    fn wait(&self, handle: &Self::Handle) -> bool;
}

/// How an attempt to fly ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Clearance<H, F> {
    /// The lock is held: compute, then publish or fail.
    Held(H),
    /// The result is there.
    Published(F),
    /// Another holds the flight and waiting was not allowed.
    Busy,
    /// Another has held the flight for longer than is worth waiting.
    WaitedOut,
    /// The computation that was waited for failed.
    HolderFailed,
}

/// More rounds than any crowd needs; a file system that tells a file by
/// another number each time must not keep us for ever.
const MAX_ROUNDS: u32 = 1000;

/// Tries to become the one who computes a key. `may_wait`: whether this
/// thread may block on another's flight; it must not while it holds one.
pub(crate) fn request<T: Tower>(
    tower: &T,
    may_wait: bool,
) -> Result<Clearance<T::Handle, T::Found>, T::Trouble> {
    for _ in 0..MAX_ROUNDS {
        let handle = tower.open()?;
        let mut waited = false;
        while !tower.try_lock(&handle)? {
            if !may_wait {
                return Ok(Clearance::Busy);
            }
            waited = true;
            if !tower.wait(&handle) {
                return Ok(Clearance::WaitedOut);
            }
        }
        let current = tower.is_current(&handle)?;
        if let Some(found) = tower.published() {
            if current {
                tower.unlink(&handle);
            }
            return Ok(Clearance::Published(found));
        }
        if current {
            return Ok(Clearance::Held(handle));
        }
        if waited && tower.has_failed(&handle) {
            return Ok(Clearance::HolderFailed);
        }
        // The file was published and the entry removed since, or the file
        // was cleared away: begin again with the file that is there now.
    }
    Ok(Clearance::Busy)
}
