//! Removing: first a plan, as a value; then that very plan.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use super::{Limits, Moment, Vault, Watch};
use crate::config;
use crate::error::StoreError;
use crate::key::Digest;
use crate::store::upkeep::{Keeper, UpkeepLock};
use crate::upkeep::plan::{Litter, Plan, Removed};
use crate::upkeep::{execution, policy, survey};

/// How long to wait before the lock of upkeep is tried again.
const NAP: Duration = Duration::from_millis(20);
/// A wait of so many naps is not worth a word.
const UNTOLD: usize = 15;

/// What a person wants to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Everything.
    All,
    /// Certain results.
    Of {
        /// All results of these functions, in every package.
        functions: BTreeSet<String>,
        /// And the results with these keys.
        keys: BTreeSet<Digest>,
    },
}

impl Vault {
    /// What removing by `criterion` would remove.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn plan(&self, criterion: &Criterion) -> Result<Plan, StoreError> {
        let entries = survey::everything(&self.store, |function, entry| match criterion {
            Criterion::All => true,
            Criterion::Of { functions, keys } => {
                functions.contains(&function.path) || keys.contains(&entry.key)
            }
        })?;
        let litter = match criterion {
            Criterion::All => Litter::All,
            Criterion::Of { .. } => Litter::Stays,
        };
        Ok(Plan {
            litter,
            ..Plan::of(entries)
        })
    }

    /// What has to go so that the rest is within `limits`, and what is past
    /// its time to live; `None`: `watch` stopped it. Who means to carry it out
    /// holds the [lock](Self::lock_upkeep) of upkeep from before.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn plan_upkeep(
        &self,
        limits: &Limits,
        watch: &dyn Watch,
    ) -> Result<Option<Plan>, StoreError> {
        let now = self.clock.now();
        let survey = survey::candidates(&self.store, limits.order, now, watch)?;
        Ok(survey.map(|survey| policy::plan_of(survey, limits, now)))
    }

    /// Finds out how long computing took what the plan removes, as far as that
    /// can be told; whether it was not stopped.
    pub fn price(&self, plan: &mut Plan, watch: &dyn Watch) -> bool {
        survey::price(&self.store, &mut plan.entries, watch)
    }

    /// Removes what the plan names, and what nothing refers to any more after
    /// it. Who has an entry open keeps what they have; computations under way
    /// go on. Entries that were to be evicted and have been used since the
    /// plan was made stay.
    ///
    /// # Errors
    ///
    /// The store cannot be listed. That single entries cannot be removed is told
    /// in what is returned, and the others are.
    pub fn carry_out(&self, plan: &Plan, watch: &dyn Watch) -> Result<Removed, StoreError> {
        execution::carry_out(&self.store, &self.clock, plan, watch)
    }

    /// Waits until nobody else does the upkeep of the store, as another
    /// `cargo memo gc` or a program with `#[memo]` functions may; `None`:
    /// `watch` stopped it. If that takes a while, `busy` is told once, with who it
    /// is if that can be told.
    ///
    /// # Errors
    ///
    /// The lock cannot be had, because the store may only be read, say.
    pub fn lock_upkeep(
        &self,
        watch: &dyn Watch,
        busy: impl FnOnce(Option<Keeper>),
    ) -> Result<Option<UpkeepLock>, StoreError> {
        let keeper = Keeper {
            pid: config::process(),
            host: config::host(),
            since: self.clock.now(),
        };
        let mut busy = Some(busy);
        let mut naps = 0;
        while watch.goes_on() {
            if let Some(lock) = self.store.try_upkeep(&keeper)? {
                return Ok(Some(lock));
            }
            if naps == UNTOLD
                && let Some(busy) = busy.take()
            {
                busy(self.store.last_keeper());
            }
            naps += 1;
            thread::sleep(NAP);
        }
        Ok(None)
    }

    /// Ends upkeep after its plan was carried out: notes how the store was
    /// left, and shortens the journal.
    pub fn end_upkeep(&self, lock: UpkeepLock, plan: &Plan, removed: &Removed) {
        execution::end(&self.store, &lock, self.clock.now(), plan, removed);
    }

    /// The versions of this crate that have used the store, and when each
    /// last did, to the day.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn runtimes(&self) -> Result<Vec<(String, Moment)>, StoreError> {
        self.store.runtimes()
    }
}
