//! The in-memory tier: entries of small results, for calls that are made
//! again in the same process.
//!
//! It holds an entry as it was loaded, its payload checked and encoded, and
//! what is told of its call. It is found by the call as it is spelled, so that
//! a call that is made again needs no digest and no key. What is held is good
//! because both contain everything. It is as good as what is in the store for as long as the store
//! is of the same [`Generation`], which ends when something is removed or
//! replaced: then the store is looked into again, and also after an hour, so
//! that the entry's time of last use stays true.
//!
//! What must hold: what is held takes no more memory than there is room for,
//! all that comes with an entry counted. What was not used again since it was
//! last passed over goes first.

use std::collections::hash_map;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::mem::size_of;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::about::About;
use super::inputs::Prepared;
use crate::clock::Moment;
use crate::key::Spelled;
use crate::store::{Generation, Loaded};

/// For how long an entry is held without looking into the store, in
/// nanoseconds: the grain of the time of last use.
const HELD_FOR: u64 = 3600 * 1_000_000_000;
/// What an entry takes beside what is in it: its places in the map and the
/// queue, either of which may be half empty, and what its allocations cost.
const OVERHEAD: u64 = 256;

/// An entry in memory.
#[derive(Debug)]
pub(crate) struct Held {
    spelled: Arc<[u8]>,
    pub(super) about: Arc<About>,
    loaded: Loaded,
    generation: Generation,
    since: Moment,
    size: u64,
    /// Whether it was used since it was last passed over.
    used: AtomicBool,
}

impl Held {
    /// What was `loaded` for `call` at the moment `since`, from a store of this
    /// generation; `None`: it is not in memory.
    pub(super) fn new(
        call: &Prepared,
        loaded: &Loaded,
        generation: Generation,
        since: Moment,
    ) -> Option<Self> {
        let loaded = loaded.again()?;
        let spelled = Arc::from(call.spelled.as_bytes());
        let told = size_of::<Self>() + call.spelled.as_bytes().len() + call.about.size();
        let size = loaded.size() + told as u64 + OVERHEAD;
        Some(Self {
            spelled,
            about: Arc::clone(&call.about),
            loaded,
            generation,
            since,
            size,
            used: AtomicBool::new(false),
        })
    }

    /// The entry, if it is as good as what is in a store of this generation.
    pub(super) fn entry(&self, generation: Generation, now: Moment) -> Option<Loaded> {
        let is_good = self.generation == generation && now.abs_diff(self.since) < HELD_FOR;
        is_good.then(|| self.loaded.again()).flatten()
    }
}

/// The entries that a process holds in memory for one store.
pub(crate) struct Tier {
    room: u64,
    shelf: Mutex<Shelf<Arc<[u8]>, Arc<Held>>>,
}

impl Tier {
    /// A tier that takes no more than `room` bytes.
    pub(super) fn new(room: u64) -> Self {
        Self {
            room,
            shelf: Mutex::default(),
        }
    }

    /// What is held of a call, whatever has become of it in the store.
    pub(super) fn get(&self, call: &Spelled) -> Option<Arc<Held>> {
        let held = Arc::clone(self.shelf().items.get(call.as_bytes())?);
        // Most of the time it is: then no other thread's view of it goes stale.
        if !held.used.load(Ordering::Relaxed) {
            held.used.store(true, Ordering::Relaxed);
        }
        Some(held)
    }

    /// Holds an entry, in the place of what is held of the same call.
    pub(super) fn hold(&self, held: Held) {
        if held.size <= self.room {
            let call = Arc::clone(&held.spelled);
            self.shelf().put(call, Arc::new(held), self.room);
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf<Arc<[u8]>, Arc<Held>>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tier")
            .field("room", &self.room)
            .finish_non_exhaustive()
    }
}

/// Something that takes room, and may be spared for having been used.
trait Item {
    /// How many bytes it takes.
    fn size(&self) -> u64;
    /// Whether it was used since this was last asked.
    fn was_used(&self) -> bool;
}

impl Item for Arc<Held> {
    fn size(&self) -> u64 {
        self.size
    }

    fn was_used(&self) -> bool {
        self.used.swap(false, Ordering::Relaxed)
    }
}

/// Items by what they are found by, and in the order in which they are to go.
#[derive(Debug)]
struct Shelf<K, T> {
    items: HashMap<K, T>,
    /// Each key of `items` once, the next to go in front.
    queue: VecDeque<K>,
    /// The size of all items.
    size: u64,
}

impl<K, T> Default for Shelf<K, T> {
    fn default() -> Self {
        Self {
            items: HashMap::new(),
            queue: VecDeque::new(),
            size: 0,
        }
    }
}

impl<K: Clone + Eq + Hash, T: Item> Shelf<K, T> {
    /// Puts an item where it fits into `room`, in the place of what has the
    /// same key.
    fn put(&mut self, key: K, item: T, room: u64) {
        self.size += item.size();
        match self.items.entry(key) {
            hash_map::Entry::Occupied(mut place) => self.size -= place.insert(item).size(),
            hash_map::Entry::Vacant(place) => {
                self.queue.push_back(place.key().clone());
                place.insert(item);
            }
        }
        while self.size > room {
            self.drop_next();
        }
    }

    /// Drops the first that was not used since it last came to the front.
    fn drop_next(&mut self) {
        while let Some(key) = self.queue.pop_front() {
            if self.items.get(&key).is_some_and(Item::was_used) {
                self.queue.push_back(key);
            } else {
                self.size -= self.items.remove(&key).map_or(0, |item| item.size());
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
