//! A removal as a document.

use memo_runtime::manage::{Limits, Removed, Totals};
use serde::Serialize;

use super::{Loss, Losses, Removal};
use crate::render::{document, seconds};

#[derive(Serialize)]
struct RemovalDocument<'a> {
    dry_run: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<LimitsDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<TotalsDocument>,
    planned: LossDocument,
    functions: Vec<FunctionDocument<'a>>,
    causes: Vec<CauseDocument>,
    removed: Option<RemovedDocument>,
}

#[derive(Serialize)]
struct LimitsDocument {
    max_bytes: Option<u64>,
    max_age_seconds: Option<f64>,
    max_entries: Option<u64>,
    order: &'static str,
}

#[derive(Serialize)]
struct TotalsDocument {
    entries: u64,
    bytes: u64,
    disk_bytes: u64,
}

#[derive(Serialize)]
struct LossDocument {
    #[serde(flatten)]
    totals: TotalsDocument,
    computed_seconds: Option<f64>,
}

#[derive(Serialize)]
struct FunctionDocument<'a> {
    function: &'a str,
    package: &'a str,
    #[serde(flatten)]
    loss: LossDocument,
}

#[derive(Serialize)]
struct CauseDocument {
    cause: &'static str,
    #[serde(flatten)]
    loss: LossDocument,
}

#[derive(Serialize)]
struct RemovedDocument {
    #[serde(flatten)]
    totals: TotalsDocument,
    gone: u64,
    used: u64,
    leftovers: u64,
    young_files: FilesDocument,
}

#[derive(Serialize)]
struct FilesDocument {
    files: u64,
    disk_bytes: u64,
}

impl LimitsDocument {
    fn new(limits: &Limits) -> Self {
        Self {
            max_bytes: limits.max_size,
            max_age_seconds: limits.max_age.map(|age| age.as_secs_f64()),
            max_entries: limits.max_entries,
            order: limits.order.word(),
        }
    }
}

impl TotalsDocument {
    fn new(totals: &Totals) -> Self {
        Self {
            entries: totals.entries,
            bytes: totals.bytes,
            disk_bytes: totals.disk,
        }
    }
}

impl LossDocument {
    fn new(loss: &Loss) -> Self {
        Self {
            totals: TotalsDocument::new(&loss.totals),
            computed_seconds: loss.computing.map(seconds),
        }
    }
}

impl Removal {
    /// The document that the verb answers with.
    pub(super) fn document(&self, losses: &Losses<'_>, removed: Option<&Removed>) -> String {
        let functions = losses.by_function.iter();
        let causes = losses.by_cause.iter();
        let limits = self.limits.as_ref();
        document(
            self.verb,
            RemovalDocument {
                dry_run: self.dry_run,
                limits: limits.map(LimitsDocument::new),
                store: limits.map(|_| TotalsDocument::new(&self.plan.total)),
                planned: LossDocument::new(&losses.total),
                functions: functions
                    .map(|(name, loss)| FunctionDocument {
                        function: &name.path,
                        package: &name.package,
                        loss: LossDocument::new(loss),
                    })
                    .collect(),
                causes: causes
                    .map(|(cause, loss)| CauseDocument {
                        cause,
                        loss: LossDocument::new(loss),
                    })
                    .collect(),
                removed: removed.map(|removed| RemovedDocument {
                    totals: TotalsDocument::new(&removed.entries),
                    gone: removed.gone,
                    used: removed.used,
                    leftovers: removed.litter,
                    young_files: FilesDocument {
                        files: removed.young_files.files,
                        disk_bytes: removed.young_files.disk,
                    },
                }),
            },
        )
    }
}
