//! What there is in a store, as far as the policy has to know it.
//!
//! What the file system tells is enough for most of it. Entries are opened
//! only where one may be past its time to live, or where computing times
//! count. The time of last use is renewed once an hour on disk; what the
//! journal says of the last hour makes it exact.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::files;
use super::plan::Planned;
use super::policy::Candidate;
use crate::clock::{Moment, nanos};
use crate::config::Order;
use crate::error::StoreError;
use crate::journal::{self, Cause, JournalPosition, Outcome};
use crate::key::Digest;
use crate::store::inventory::{Entry, FunctionDir};
use crate::store::scan::Gather;
use crate::store::{FunctionName, Store};
use crate::watch::Watch;
use crate::workers::{Queue, on_all_cores};

/// The time of last use on disk may be as old as this; with a margin for
/// what was under way.
const GRAIN: Duration = Duration::from_secs(2 * 3600);

/// Of a longer journal only the last so many bytes are read: a hundred
/// thousand uses tell enough.
const LAST_USES: u64 = 16 << 20;

/// What there is in a store.
pub(crate) struct Survey {
    pub(crate) candidates: Vec<Candidate>,
    /// Up to where the journal was read for it.
    pub(crate) read_to: JournalPosition,
}

/// How many entries a thread opens before it looks for more.
const PIECE: usize = 256;

/// Looks at all entries; `None` if it was stopped.
pub(crate) fn candidates(
    store: &Store,
    order: Order,
    now: Moment,
    watch: &dyn Watch,
) -> Result<Option<Survey>, StoreError> {
    // First of all: whoever lands later has used the entry since.
    let in_flight = in_flight(store)?;
    let functions = store.functions()?;
    let (mut uses, read_to) = uses_since(store, JournalPosition::default());
    let recent = now.saturating_sub(nanos(GRAIN))..=now;
    uses.retain(|_, time| recent.contains(time));
    let names: Vec<Arc<FunctionName>> = functions.iter().map(name).collect();
    let mut found = store.scan(&functions, |at| Found {
        function: Arc::clone(&names[at]),
        in_flight: &in_flight,
        uses: &uses,
        candidates: Vec::new(),
    })?;
    for (function, found) in functions.iter().zip(&mut found) {
        if order == Order::Value || store.has_expiring(&function.dir) {
            glance(store, &mut found.candidates, now, watch);
        }
        if !watch.goes_on() {
            return Ok(None);
        }
    }
    let with_files = store.functions_with_files()?;
    let naming = functions.iter().zip(&mut found);
    let naming = naming.filter(|(function, _)| with_files.contains(&function.dir));
    let naming = naming.flat_map(|(_, found)| &mut found.candidates);
    files::share_out(store, naming, watch);
    let mut candidates = Vec::with_capacity(found.iter().map(|it| it.candidates.len()).sum());
    for found in found {
        candidates.extend(found.candidates);
    }
    Ok(Some(Survey {
        candidates,
        read_to,
    }))
}

/// Everything in the store, to be removed for no other cause than that
/// somebody wants it.
pub(crate) fn everything(
    store: &Store,
    wanted: impl Fn(&FunctionName, &Entry) -> bool + Sync,
) -> Result<Vec<Planned>, StoreError> {
    let functions = store.functions()?;
    let names: Vec<Arc<FunctionName>> = functions.iter().map(name).collect();
    let chosen = store.scan(&functions, |at| Chosen {
        function: Arc::clone(&names[at]),
        wanted: &wanted,
        planned: Vec::new(),
    })?;
    Ok(chosen.into_iter().flat_map(|it| it.planned).collect())
}

/// Finds out how long computing took, where that is not known; whether it was
/// done to the end.
pub(crate) fn price(store: &Store, planned: &mut [Planned], watch: &dyn Watch) -> bool {
    watch.planned(planned.len() as u64, 0);
    each(planned, watch, |planned| {
        if planned.computing.is_none() {
            planned.computing = store.glance(&planned.entry).map(|glance| glance.duration);
        }
        watch.done(1, 0);
    });
    watch.goes_on()
}

fn name(function: &FunctionDir) -> Arc<FunctionName> {
    Arc::new(function.name.clone().unwrap_or_default())
}

fn in_flight(store: &Store) -> Result<HashSet<Digest>, StoreError> {
    let names = store.flight_names()?;
    Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
}

/// When keys were last used, as far as the end of the journal tells, from
/// `start` on; and where it ends. Without it, order is coarser and nothing else.
pub(super) fn uses_since(
    store: &Store,
    start: JournalPosition,
) -> (HashMap<Digest, Moment>, JournalPosition) {
    let mut uses = HashMap::new();
    let read_to = journal::read_last(store, start, LAST_USES, |execution| {
        let is_use = matches!(
            execution.outcome,
            Outcome::Hit | Outcome::Waited | Outcome::Computed | Outcome::Duplicate
        );
        if is_use {
            let last = uses.entry(execution.key).or_insert(0);
            *last = execution.time.max(*last);
        }
    });
    (uses, read_to.unwrap_or(start))
}

/// Opens entries for what their files do not tell.
fn glance(store: &Store, candidates: &mut [Candidate], now: Moment, watch: &dyn Watch) {
    each(candidates, watch, |it| {
        if let Some(glance) = store.glance(&it.entry) {
            it.computing = Some(glance.duration);
            it.expired = glance.ttl > 0 && now >= glance.created.saturating_add(glance.ttl);
        }
    });
}

pub(super) fn each<T: Send>(items: &mut [T], watch: &dyn Watch, work: impl Fn(&mut T) + Sync) {
    let pieces = Queue::of(items.chunks_mut(PIECE));
    on_all_cores(|| {
        while watch.goes_on()
            && let Some(piece) = pieces.next()
        {
            piece.iter_mut().for_each(&work);
        }
    });
}

/// The entries of one function, for the policy.
struct Found<'a> {
    function: Arc<FunctionName>,
    in_flight: &'a HashSet<Digest>,
    uses: &'a HashMap<Digest, Moment>,
    candidates: Vec<Candidate>,
}

impl Gather for Found<'_> {
    fn add(&mut self, entry: Entry) {
        let journaled = self.uses.get(&entry.key).copied();
        self.candidates.push(Candidate {
            function: Arc::clone(&self.function),
            last_used: entry.last_used.max(journaled.unwrap_or(0)),
            in_flight: self.in_flight.contains(&entry.key),
            expired: false,
            computing: None,
            entry,
        });
    }

    fn merge(&mut self, mut other: Self) {
        self.candidates.append(&mut other.candidates);
    }
}

/// The entries of one function that a person wants to be removed.
struct Chosen<'a, W> {
    function: Arc<FunctionName>,
    wanted: &'a W,
    planned: Vec<Planned>,
}

impl<W: Fn(&FunctionName, &Entry) -> bool + Sync> Gather for Chosen<'_, W> {
    fn add(&mut self, entry: Entry) {
        if (self.wanted)(&self.function, &entry) {
            self.planned.push(Planned {
                function: Arc::clone(&self.function),
                entry,
                cause: Cause::Plain,
                computing: None,
            });
        }
    }

    fn merge(&mut self, mut other: Self) {
        self.planned.append(&mut other.planned);
    }
}
