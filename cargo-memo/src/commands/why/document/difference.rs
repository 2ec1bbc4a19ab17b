//! What differs in the code, as programs see it.

use memo_code::difference::Change;
use memo_code::list::{Dependency, Fact, FactKind, Item};
use memo_runtime::Digest;
use serde::Serialize;

use crate::commands::why::code::{CodeChange, ConditionChange};

/// What differs in the code.
#[derive(Serialize)]
pub(super) struct DifferenceDocument<'a> {
    items: Vec<ChangeDocument<ItemDocument<'a>>>,
    same_items: usize,
    dependencies: Vec<ChangeDocument<DependencyDocument<'a>>>,
    facts: Vec<ChangeDocument<FactDocument<'a>>>,
    conditions: Vec<ConditionDocument<'a>>,
}

#[derive(Serialize)]
struct ChangeDocument<T> {
    change: &'static str,
    before: Option<T>,
    after: Option<T>,
}

#[derive(Serialize)]
struct ItemDocument<'a> {
    #[serde(rename = "crate")]
    krate: &'a str,
    path: &'a str,
    file: &'a str,
    line: u32,
    digest: String,
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct DependencyDocument<'a> {
    name: &'a str,
    version: &'a str,
    detail: &'a str,
    features: &'a [String],
}

#[derive(Serialize)]
struct FactDocument<'a> {
    kind: &'static str,
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct ConditionDocument<'a> {
    condition: &'a str,
    before: Option<bool>,
    after: Option<bool>,
}

impl<'a> DifferenceDocument<'a> {
    /// The document of a change.
    pub(super) fn new(change: &CodeChange<'a>) -> Self {
        let list = &change.list;
        let items = list.items.iter();
        let dependencies = list.dependencies.iter();
        let facts = list.facts.iter();
        Self {
            items: items
                .map(|one| ChangeDocument::new(one, ItemDocument::new))
                .collect(),
            same_items: list.same_items,
            dependencies: dependencies
                .map(|one| ChangeDocument::new(one, DependencyDocument::new))
                .collect(),
            facts: facts
                .map(|one| ChangeDocument::new(one, FactDocument::new))
                .collect(),
            conditions: change
                .conditions
                .iter()
                .map(ConditionDocument::new)
                .collect(),
        }
    }
}

impl<T> ChangeDocument<T> {
    fn new<'a, P>(change: &Change<'a, P>, document: impl Fn(&'a P) -> T) -> Self {
        Self {
            change: change_word(change),
            before: change.before().map(&document),
            after: change.after().map(&document),
        }
    }
}

/// The word for a change, in documents and on pages.
pub(in crate::commands::why) fn change_word<T>(change: &Change<'_, T>) -> &'static str {
    match change {
        Change::Changed { .. } => "changed",
        Change::New(_) => "new",
        Change::Gone(_) => "gone",
        Change::Moved { .. } => "moved",
    }
}

impl<'a> ItemDocument<'a> {
    fn new(item: &'a Item) -> Self {
        Self {
            krate: &item.krate,
            path: &item.path,
            file: &item.file,
            line: item.line,
            digest: Digest::from_bytes(item.digest).to_hex(),
            text: item.text.as_deref(),
        }
    }
}

impl<'a> DependencyDocument<'a> {
    fn new(dependency: &'a Dependency) -> Self {
        Self {
            name: &dependency.name,
            version: &dependency.version,
            detail: &dependency.detail,
            features: &dependency.features,
        }
    }
}

impl<'a> FactDocument<'a> {
    fn new(fact: &'a Fact) -> Self {
        Self {
            kind: match fact.kind {
                FactKind::Edition => "edition",
                FactKind::Feature => "feature",
                FactKind::Condition => "condition",
                FactKind::Environment => "environment",
                FactKind::File => "file",
                FactKind::Whole => "whole",
                FactKind::Name => "name",
                FactKind::Version => "version",
            },
            name: &fact.name,
            value: &fact.value,
        }
    }
}

impl<'a> ConditionDocument<'a> {
    fn new(change: &ConditionChange<'a>) -> Self {
        Self {
            condition: change.condition,
            before: change.before,
            after: change.after,
        }
    }
}
