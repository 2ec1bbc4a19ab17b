//! When a program keeps its store within limits by itself.
//!
//! Upkeep is due an hour after the last, and sooner where the store seems to
//! be half as large again as it may be. Whether it is due is looked at when
//! a program begins to compute, so that programs that only find results do
//! nothing for it. It is then done on a thread of its own, while the program
//! computes; a program that ends meanwhile ends it, and the next begins anew.
//!
//! How large a store has become, many short processes could tell only by
//! listing it. Instead each leaves a byte in `upkeep/growth` for every 64th
//! of the limit that it adds. Who adds less does so with that probability, in
//! the long run the same; chance comes from the key, which is as good as
//! random.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use log::Level;

use super::policy::RECENT;
use super::{execution, policy, survey};
use crate::clock::{Clock, Moment, nanos};
use crate::config::{self, Limits};
use crate::error::StoreError;
use crate::events::{self, Bytes};
use crate::key::Digest;
use crate::store::Store;
use crate::store::upkeep::{Keeper, UpkeepState};

/// How long after upkeep it is due again.
const EVERY: Duration = Duration::from_secs(3600);
/// A process looks whether upkeep is due no more often than this.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Growth is reckoned in pieces of this part of the limit.
const PIECES: u64 = 64;
/// No entry needs to leave more: it is enough to be far beyond the limit.
const MOST_PIECES: u64 = 4 * PIECES;
/// What a file system gives away at a time, in bytes, as far as it matters.
const BLOCK: u64 = 4096;

/// The upkeep that one program does for a store.
#[derive(Debug, Default)]
pub(crate) struct Automatic {
    /// When it was last looked whether upkeep is due; 0: never.
    looked: AtomicU64,
    running: Mutex<Option<JoinHandle<()>>>,
}

/// What upkeep goes by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) clock: &'a Clock,
}

impl Automatic {
    /// Begins upkeep if it is due, as far as was not looked a moment ago.
    /// For who is about to compute.
    pub(crate) fn look(&self, store: &Arc<Store>, terms: &Terms<'_>) {
        let now = terms.clock.now();
        let looked = self.looked.load(Ordering::Relaxed);
        if looked != 0 && now.abs_diff(looked) < nanos(LOOK_EVERY) {
            return;
        }
        self.looked.store(now.max(1), Ordering::Relaxed);
        let _ = store.note_runtime(now);
        match store.upkeep_state() {
            None => {
                let _ = store.begin_upkeep_state(now);
            }
            Some(state) => {
                if is_due(&state, store.growth(), terms.limits, now) {
                    self.begin(store, terms);
                }
            }
        }
    }

    /// Reckons with an entry of so many bytes that came into the store, and
    /// begins upkeep if that makes it due.
    pub(crate) fn published(
        &self,
        store: &Arc<Store>,
        terms: &Terms<'_>,
        key: &Digest,
        bytes: u64,
    ) {
        let Some(max_size) = terms.limits.max_size else {
            return;
        };
        let pieces = pieces(max_size, key, bytes);
        if pieces == 0 {
            return;
        }
        let Ok(growth) = store.grow(pieces as usize) else {
            return;
        };
        let state = store.upkeep_state();
        if state.is_some_and(|state| is_due(&state, growth, terms.limits, terms.clock.now())) {
            self.begin(store, terms);
        }
    }

    /// Waits for the end of upkeep that is under way.
    pub(crate) fn finish(&self) {
        let running = self.running().take();
        if let Some(thread) = running {
            let _ = thread.join();
        }
    }

    fn begin(&self, store: &Arc<Store>, terms: &Terms<'_>) {
        // On a file system without locks all processes would be at it at once.
        if !store.has_locks() {
            return;
        }
        let mut running = self.running();
        if running.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        let store = Arc::clone(store);
        let (limits, clock) = (*terms.limits, terms.clock.clone());
        let thread = thread::Builder::new().name("memo-upkeep".into());
        *running = thread.spawn(move || run(&store, &limits, &clock)).ok();
    }

    fn running(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body of the thread that does the upkeep.
fn run(store: &Arc<Store>, limits: &Limits, clock: &Clock) {
    yield_to_others();
    if let Err(error) = upkeep(store, limits, clock)
        && events::seen(Level::Debug)
    {
        events::emit(Level::Debug, format_args!("upkeep: {error}"));
    }
}

fn upkeep(store: &Arc<Store>, limits: &Limits, clock: &Clock) -> Result<(), StoreError> {
    let now = clock.now();
    let keeper = Keeper {
        pid: config::process(),
        host: config::host(),
        since: now,
    };
    let Some(lock) = store.try_upkeep(&keeper)? else {
        return Ok(());
    };
    // Another may just have done it.
    let state = store.upkeep_state();
    if state.is_some_and(|state| !is_due(&state, store.growth(), limits, now)) {
        return Ok(());
    }
    let done = survey::candidates(store, limits.order, now, &()).and_then(|survey| {
        let plan = survey.map(|survey| policy::plan_of(survey, limits, now));
        let plan = plan.unwrap_or_default();
        let removed = execution::carry_out(store, clock, &plan, &())?;
        Ok((plan, removed))
    });
    match done {
        Ok((plan, removed)) => {
            execution::end(store, &lock, now, &plan, &removed);
            let entries = removed.entries.entries;
            if entries > 0 && events::seen(Level::Info) {
                let disk = Bytes(removed.entries.disk);
                events::emit(
                    Level::Info,
                    format_args!("removed {entries} entries, {disk}, to keep to the limits"),
                );
            }
            Ok(())
        }
        Err(error) => {
            // What failed now is tried again in an hour, not at once.
            let state = state.map(|state| UpkeepState {
                finished: now,
                ..state
            });
            if let Some(state) = state {
                let _ = store.end_upkeep(&lock, &state);
            }
            Err(error)
        }
    }
}

/// Whether upkeep is due at the moment `now`, after so much growth.
fn is_due(state: &UpkeepState, growth: u64, limits: &Limits, now: Moment) -> bool {
    // A time in the future is one that a clock which was put back tells of.
    let since = now.abs_diff(state.finished);
    let is_overfull = limits.max_size.is_some_and(|max_size| {
        let grown = piece(max_size).saturating_mul(growth);
        state.disk.saturating_add(grown) > max_size.saturating_add(max_size / 2)
    });
    since >= nanos(EVERY) || (is_overfull && since >= nanos(RECENT))
}

fn piece(max_size: u64) -> u64 {
    (max_size / PIECES).max(1)
}

/// How many pieces to reckon for an entry of so many bytes: on average, its
/// size divided by that of a piece.
fn pieces(max_size: u64, key: &Digest, bytes: u64) -> u64 {
    let piece = piece(max_size);
    let disk = bytes.next_multiple_of(BLOCK);
    let [.., a, b, c, d] = *key.as_bytes();
    let chance = u128::from(u32::from_le_bytes([a, b, c, d]));
    let rest = u128::from(disk % piece);
    let more = chance * u128::from(piece) < rest << 32;
    (disk / piece + u64::from(more)).min(MOST_PIECES)
}

/// Lets every other thread run first.
#[cfg(target_os = "linux")]
fn yield_to_others() {
    // On Linux this is about the thread, and what it starts.
    let _ = rustix::process::nice(19);
}

/// Elsewhere it would be about the whole process.
#[cfg(not(target_os = "linux"))]
fn yield_to_others() {}

#[cfg(test)]
mod tests;
