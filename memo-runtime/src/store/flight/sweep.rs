//! Looking at flights from outside, and clearing away those that nobody
//! holds.

use super::super::Store;
use super::{Holder, lock, read_holder, sole};
use crate::key::Digest;

/// What a flight file turned out to be.
#[derive(Debug)]
pub(crate) enum Seen {
    /// Somebody computes the key, and has perhaps said who.
    UnderWay(Option<Holder>),
    /// A killed process left it.
    Abandoned,
}

/// Looks at the flight `name`; removes it if it is abandoned and `remove` is
/// set. `None`: there is no such flight (any more).
///
/// To learn whether it is held, its lock is taken for a moment; whoever wants
/// to compute the key in that moment waits for it to pass.
pub(crate) fn look(store: &Store, name: &str, remove: bool) -> Option<(Digest, Seen)> {
    let key = name.parse().ok()?;
    let flights = store.flights().ok()?;
    let file = flights.open_write(name).ok()?;
    sole(&file).ok()?;
    let holder = read_holder(&file);
    if !lock::try_exclusive(&file).ok()? {
        return Some((key, Seen::UnderWay(holder)));
    }
    if !flights.leads_to(name, &file).ok()? {
        return None;
    }
    if remove {
        let _ = flights.unlink(name);
    }
    Some((key, Seen::Abandoned))
}
