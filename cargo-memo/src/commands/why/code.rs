//! The code of two results, as the store has it.

use std::collections::BTreeMap;

use memo_code::CodeList;
use memo_code::difference::{Change, Difference};
use memo_code::list::{Fact, FactKind};
use memo_runtime::Digest;
use memo_runtime::manage::{Explanation, ReadEntry, Reason, StoredCode, Vault};

/// The code of two results that differ in it.
#[derive(Debug)]
pub(super) struct Code {
    before: Option<Side>,
    after: Option<Side>,
}

/// The code of one result.
#[derive(Debug)]
struct Side {
    conditions: Vec<(String, bool)>,
    list: CodeList,
}

/// What differs in the code of two results.
#[derive(Debug)]
pub(super) struct CodeChange<'a> {
    /// The crate that the function is in.
    pub(super) krate: &'a str,
    /// What differs in the lists.
    pub(super) list: Difference<'a>,
    /// Conditions of compilation, and their truth before and after.
    pub(super) conditions: Vec<ConditionChange<'a>>,
}

/// A condition that turned, or that counts in one of the two alone.
#[derive(Debug)]
pub(super) struct ConditionChange<'a> {
    pub(super) condition: &'a str,
    pub(super) before: Option<bool>,
    pub(super) after: Option<bool>,
}

impl Code {
    /// The code of a result and of the nearest earlier one, if it changed.
    pub(super) fn read(vault: &Vault, explanation: &Explanation) -> Option<Self> {
        let changed = |reason: &&Reason| matches!(reason, Reason::Code { .. });
        let Reason::Code { before, after } = explanation.reasons.iter().find(changed)? else {
            return None;
        };
        Some(Self {
            before: side(vault, explanation.nearest.as_ref(), *before),
            after: side(vault, explanation.computation.entry.as_ref(), *after),
        })
    }

    /// What differs; `None`: the store does not have both.
    pub(super) fn change(&self) -> Option<CodeChange<'_>> {
        let (before, after) = (self.before.as_ref()?, self.after.as_ref()?);
        Some(CodeChange {
            krate: &after.list.krate,
            list: Difference::between(&before.list, &after.list),
            conditions: conditions(&before.conditions, &after.conditions),
        })
    }
}

impl<'a> CodeChange<'a> {
    /// Whether all that is known of the code is the same.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty() && self.conditions.is_empty()
    }

    /// The facts that are worth telling, and not the mere consequence of
    /// items that came or went.
    pub(super) fn facts(&self) -> impl Iterator<Item = &Change<'a, Fact>> {
        self.list.facts.iter().filter(|change| match change {
            Change::Changed { .. } | Change::Moved { .. } => true,
            Change::New(fact) | Change::Gone(fact) => {
                let follows = !matches!(
                    fact.kind,
                    FactKind::Environment | FactKind::File | FactKind::Whole
                );
                !follows || self.list.items.is_empty()
            }
        })
    }

    /// The conditions that are worth telling.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &ConditionChange<'a>> {
        self.conditions.iter().filter(|change| {
            let turned = change.before.is_some() && change.after.is_some();
            turned || self.list.items.is_empty()
        })
    }
}

fn side(vault: &Vault, entry: Option<&ReadEntry>, fingerprint: Option<Digest>) -> Option<Side> {
    let StoredCode { conditions, list } = vault.code(&entry?.function, &fingerprint?).ok()??;
    Some(Side {
        conditions,
        list: CodeList::from_bytes(&list)?,
    })
}

fn conditions<'a>(
    before: &'a [(String, bool)],
    after: &'a [(String, bool)],
) -> Vec<ConditionChange<'a>> {
    let mut truths: BTreeMap<&str, [Option<bool>; 2]> = BTreeMap::new();
    for (side, list) in [before, after].into_iter().enumerate() {
        for (condition, truth) in list {
            truths.entry(condition).or_default()[side] = Some(*truth);
        }
    }
    let changes = truths
        .into_iter()
        .map(|(condition, [before, after])| ConditionChange {
            condition,
            before,
            after,
        });
    changes
        .filter(|change| change.before != change.after)
        .collect()
}
