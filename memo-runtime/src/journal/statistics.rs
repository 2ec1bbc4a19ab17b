//! The journal summed up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Cause, Execution, Outcome};
use crate::clock::Moment;
use crate::store::FunctionName;

/// What the journal tells of one function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionStatistics {
    /// Calls whose value was found, or computed by another meanwhile.
    pub hits: u64,
    /// Calls that computed their value because it was not there; not those
    /// that were asked to compute it again.
    pub misses: u64,
    /// Calls that came to an error or a panic.
    pub errors: u64,
    /// How long computing took, all in all, in nanoseconds.
    pub computed: u64,
    /// How much longer the hits would have taken to compute than they took,
    /// in nanoseconds.
    pub saved: u64,
    /// When it was last called.
    pub last_used: Option<Moment>,
}

/// What the journal tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// By function.
    pub functions: BTreeMap<FunctionName, FunctionStatistics>,
}

impl Statistics {
    /// Counts what one more record tells of.
    pub fn add(&mut self, execution: &Execution) {
        let name = FunctionName {
            package: execution.package.clone(),
            path: execution.function.clone(),
        };
        let sum = self.functions.entry(name).or_default();
        match execution.outcome {
            Outcome::Hit | Outcome::Waited => {
                sum.hits = sum.hits.saturating_add(execution.count);
                let saved = execution.computing.saturating_sub(execution.took);
                let saved = saved.saturating_mul(execution.count);
                sum.saved = sum.saved.saturating_add(saved);
            }
            Outcome::Computed | Outcome::Duplicate => {
                let asked_for = matches!(
                    execution.cause,
                    Cause::Refreshed | Cause::Checked | Cause::Differs | Cause::Inserted
                );
                sum.misses = sum.misses.saturating_add(u64::from(!asked_for));
                sum.computed = sum.computed.saturating_add(execution.computing);
            }
            Outcome::Error | Outcome::Panic => {
                sum.errors = sum.errors.saturating_add(1);
                sum.computed = sum.computed.saturating_add(execution.computing);
            }
            _ => return,
        }
        sum.last_used = sum.last_used.max(Some(execution.time));
    }

    /// All functions together.
    pub fn total(&self) -> FunctionStatistics {
        let mut total = FunctionStatistics::default();
        for one in self.functions.values() {
            total.hits = total.hits.saturating_add(one.hits);
            total.misses = total.misses.saturating_add(one.misses);
            total.errors = total.errors.saturating_add(one.errors);
            total.computed = total.computed.saturating_add(one.computed);
            total.saved = total.saved.saturating_add(one.saved);
            total.last_used = total.last_used.max(one.last_used);
        }
        total
    }
}
