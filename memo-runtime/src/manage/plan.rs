//! Removing: first a plan, as a value; then that very plan.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Entry, FunctionName, Vault};
use crate::clock::nanos;
use crate::config;
use crate::error::StoreError;
use crate::journal::{Cause, Execution, Outcome};
use crate::key::Digest;
use crate::store::flight;

/// What is to be removed.
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

/// One entry that a plan removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The function it is a result of, if the store tells.
    pub function: FunctionName,
    /// The entry.
    pub entry: Entry,
}

/// What would be removed, before anything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The entries.
    pub entries: Vec<Planned>,
    /// Whether what killed processes left, and damaged entries, go as well.
    pub litter: bool,
}

impl Plan {
    /// The size of all that would be removed, in bytes.
    pub fn bytes(&self) -> u64 {
        self.entries.iter().map(|planned| planned.entry.bytes).sum()
    }
}

/// What has been removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// How many entries. Less than were planned if others removed some.
    pub entries: usize,
    /// Their size in bytes.
    pub bytes: u64,
    /// How many files that killed processes left, and damaged entries.
    pub litter: usize,
}

/// A temporary file older than this has no living writer.
const LITTER_AGE: Duration = Duration::from_secs(3600);

impl Vault {
    /// What removing by `criterion` would remove.
    ///
    /// # Errors
    ///
    /// The store cannot be listed.
    pub fn plan(&self, criterion: &Criterion) -> Result<Plan, StoreError> {
        let mut plan = Plan {
            entries: Vec::new(),
            litter: *criterion == Criterion::All,
        };
        for function in self.functions()? {
            let name = function.name.clone().unwrap_or_default();
            self.each_entry(&function, |entry| {
                let wanted = match criterion {
                    Criterion::All => true,
                    Criterion::Of { functions, keys } => {
                        functions.contains(&name.path) || keys.contains(&entry.key)
                    }
                };
                if wanted {
                    let function = name.clone();
                    plan.entries.push(Planned { function, entry });
                }
            })?;
        }
        plan.entries.sort_by(|one, other| {
            (&one.function, one.entry.key).cmp(&(&other.function, other.entry.key))
        });
        Ok(plan)
    }

    /// Removes what the plan names, and the lists of code that nothing refers
    /// to any more. Who has an entry open keeps what they
    /// have; computations under way go on.
    ///
    /// # Errors
    ///
    /// An entry cannot be removed; those before it have been.
    pub fn clear(&self, plan: &Plan) -> Result<Removed, StoreError> {
        let mut removed = Removed::default();
        for planned in &plan.entries {
            if self.store.remove_entry(&planned.entry)? {
                removed.entries += 1;
                removed.bytes += planned.entry.bytes;
                self.record(planned);
            }
        }
        if plan.litter {
            for name in self.store.flight_names()? {
                if let Some((_, flight::Seen::Abandoned)) = flight::look(&self.store, &name, true) {
                    removed.litter += 1;
                }
            }
            let before = self.clock.now().saturating_sub(nanos(LITTER_AGE));
            removed.litter += self.store.remove_litter(before)?;
        }
        self.store.remove_empty_dirs()?;
        let functions = plan
            .entries
            .iter()
            .map(|planned| planned.entry.function_dir());
        self.store.remove_unused_code(&functions.collect())?;
        Ok(removed)
    }

    fn record(&self, planned: &Planned) {
        self.journal.add(&Execution {
            time: self.clock.now(),
            pid: config::process(),
            host: config::host(),
            package: &planned.function.package,
            function: &planned.function.path,
            key: planned.entry.key,
            outcome: Outcome::Cleared,
            cause: Cause::Plain,
            took: 0,
            computing: 0,
            bytes: planned.entry.bytes,
        });
    }
}
