//! Carrying out a plan: what it names is removed, over all cores, and what
//! nothing refers to any more after it.
//!
//! What must hold: every removal is in the journal with its cause, but for
//! the last few of a process that is killed; an entry that was used or
//! replaced since the plan was made is not evicted; one that cannot be
//! removed stands in no other's way; and whatever is done here can be done again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::files;
use super::plan::{Litter, Plan, Planned, Removed, Totals};
use super::survey;
use crate::clock::{Clock, Moment};
use crate::config;
use crate::error::StoreError;
use crate::journal::{Execution, Journal, Outcome};
use crate::key::Digest;
use crate::store::Store;
use crate::store::dir::Dir;
use crate::store::files::inventory::Unnamed;
use crate::store::flight;
use crate::store::removal::{Emptying, Removal};
use crate::store::upkeep::{UpkeepLock, UpkeepState};
use crate::watch::Watch;
use crate::workers::{Queue, on_all_cores};

/// So many removals are written to the journal at once: less than 64 KiB.
const AT_ONCE: usize = 256;

/// Removes what the plan names, and lists of code that no entry refers to.
///
/// Entries that cannot be removed are counted, and the others removed.
///
/// # Errors
///
/// The store cannot be listed.
pub(crate) fn carry_out(
    store: &Arc<Store>,
    clock: &Clock,
    plan: &Plan,
    watch: &dyn Watch,
) -> Result<Removed, StoreError> {
    let planned = plan.removes();
    watch.planned(planned.entries, planned.bytes);
    let now = clock.now();
    for entry in &plan.early {
        store.stamp(entry, now);
    }
    let uses = if plan
        .entries
        .iter()
        .any(|it| it.outcome() == Outcome::Evicted)
    {
        survey::uses_since(store, plan.read_to).0
    } else {
        HashMap::new()
    };
    let fans = Queue::of(plan.entries.chunk_by(|one, other| fan(one) == fan(other)));
    let stopped = AtomicBool::new(false);
    let workers = on_all_cores(|| {
        let mut worker = Worker {
            store,
            journal: Journal::new(store),
            clock,
            watch,
            stopped: &stopped,
            uses: &uses,
            removed: Removed::default(),
            untold: Vec::new(),
        };
        worker.work(&fans);
        worker.tell();
        worker.removed
    });
    let mut removed = Removed {
        stopped: stopped.into_inner(),
        ..Removed::default()
    };
    for part in workers {
        removed.entries.merge(&part.entries);
        removed.gone += part.gone;
        removed.used += part.used;
        removed.failed += part.failed;
        removed.trouble = removed.trouble.or(part.trouble);
    }
    store.renew_generation();
    if !removed.stopped {
        let unnamed = clean_up(store, now, plan)?;
        removed.litter = unnamed.removed;
        removed.young_files = unnamed.young;
    }
    Ok(removed)
}

/// Notes that upkeep was done, and leaves the journal short.
pub(crate) fn end(store: &Store, lock: &UpkeepLock, now: Moment, plan: &Plan, removed: &Removed) {
    let left = |all: fn(&Totals) -> u64| all(&plan.total).saturating_sub(all(&removed.entries));
    let state = UpkeepState {
        finished: now,
        entries: left(|totals| totals.entries),
        disk: left(|totals| totals.disk),
    };
    let _ = store.end_upkeep(lock, &state);
    let _ = store.compact_journal();
}

/// The directory that an entry is in.
fn fan(planned: &Planned) -> (&str, u8) {
    (
        planned.entry.function_dir(),
        planned.entry.key.as_bytes()[0],
    )
}

/// Removes what is left when entries have gone: files that are no entries, and
/// those that none names.
fn clean_up(store: &Store, now: Moment, plan: &Plan) -> Result<Unnamed, StoreError> {
    let mut litter = 0;
    if plan.litter != Litter::Stays {
        let all = plan.litter == Litter::All;
        for name in store.flight_names()? {
            if all || store.is_old_flight(&name, now) {
                let looked = flight::look(store, &name, true);
                litter += u64::from(matches!(looked, Some((_, flight::Seen::Abandoned))));
            }
        }
        litter += store.remove_litter(now, all)?;
    }
    let mut unnamed = files::remove_unnamed(store, now, plan.litter == Litter::All)?;
    unnamed.removed += litter;
    store.remove_empty_dirs()?;
    let touched: BTreeSet<&str> = plan
        .entries
        .iter()
        .map(|planned| planned.entry.function_dir())
        .collect();
    store.remove_unused_code(&touched)?;
    Ok(unnamed)
}

/// One of the threads that remove entries.
struct Worker<'a> {
    store: &'a Store,
    journal: Arc<Journal>,
    clock: &'a Clock,
    watch: &'a dyn Watch,
    stopped: &'a AtomicBool,
    /// When keys were used since the plan was made.
    uses: &'a HashMap<Digest, Moment>,
    removed: Removed,
    /// What was removed and is not in the journal yet.
    untold: Vec<(&'a Planned, Moment)>,
}

impl<'a> Worker<'a> {
    fn work<I>(&mut self, fans: &Queue<I>)
    where
        I: Iterator<Item = &'a [Planned]>,
    {
        // Neighbours are of the same function.
        let mut function: Option<(&str, Option<Dir>)> = None;
        while self.goes_on()
            && let Some(planned) = fans.next()
        {
            let Some(first) = planned.first() else {
                continue;
            };
            let name = first.entry.function_dir();
            let fan = &first.entry.key.to_hex()[..2];
            let emptying = match &function {
                Some((open, dir)) if *open == name => Ok(dir.as_ref()),
                _ => self.store.function_dir(name).map(|dir| {
                    let (_, dir) = function.insert((name, dir));
                    dir.as_ref()
                }),
            };
            let emptying = emptying.and_then(|dir| match dir {
                Some(dir) => Emptying::open(dir, fan),
                None => Ok(None),
            });
            match emptying {
                Ok(Some(emptying)) => self.empty(emptying, planned),
                Ok(None) => self.removed.gone += planned.len() as u64,
                Err(error) => self.fail(error, planned.len() as u64),
            }
        }
    }

    fn empty(&mut self, fan: Emptying<'_>, planned: &'a [Planned]) {
        for it in planned {
            if !self.goes_on() {
                return;
            }
            let evicted = it.outcome() == Outcome::Evicted;
            let removal = if evicted && self.uses.contains_key(&it.entry.key) {
                Ok(Removal::Used)
            } else {
                fan.remove(&it.entry, evicted)
            };
            match removal {
                Err(error) => self.fail(error, 1),
                Ok(Removal::Gone) => self.removed.gone += 1,
                Ok(Removal::Used) => self.removed.used += 1,
                Ok(Removal::Done) => {
                    self.removed.entries.add(&it.entry);
                    self.untold.push((it, self.clock.now()));
                    if self.untold.len() == AT_ONCE {
                        self.tell();
                    }
                }
            }
            self.watch.done(1, it.entry.bytes);
        }
        fan.close();
    }

    /// Notes that entries cannot be removed; the others can.
    fn fail(&mut self, error: StoreError, entries: u64) {
        self.removed.failed += entries;
        self.removed.trouble.get_or_insert(Arc::new(error));
    }

    fn goes_on(&self) -> bool {
        if !self.watch.goes_on() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        !self.stopped.load(Ordering::Relaxed)
    }

    /// Writes to the journal what was removed.
    fn tell(&mut self) {
        let executions = self.untold.drain(..).map(|(planned, time)| Execution {
            time,
            pid: config::process(),
            host: config::host(),
            package: planned.function.package.as_str(),
            function: planned.function.path.as_str(),
            key: planned.entry.key,
            outcome: planned.outcome(),
            cause: planned.cause,
            took: 0,
            computing: planned.computing.unwrap_or(0),
            bytes: planned.entry.bytes,
            count: 1,
        });
        self.journal.add_many(executions);
    }
}
