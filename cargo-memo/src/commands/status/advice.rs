//! What is off with a store, and what to do about it.

use std::collections::BTreeSet;

use memo_runtime::StoreError;
use memo_runtime::manage::{FunctionName, Vault};

use super::{Callees, Context, Heads, Status, name_of};
use crate::code_state::CodeState;
use crate::failure::Failure;
use crate::render::{count, escape};
use crate::set_aside;

/// So much advice at once is followed.
const MOST: usize = 2;
/// Versions of the runtime that were used since count, in nanoseconds: a week.
const RECENT: u64 = 7 * 24 * 3600 * 1_000_000_000;

/// What was moved aside since is news, in nanoseconds: a day.
const LATELY: u64 = 24 * 3600 * 1_000_000_000;

/// Something that is off, the most important first.
#[derive(Debug)]
pub(super) enum Advice {
    /// The journal cannot be read, and why.
    Journal(String),
    /// Entries are damaged, or were moved aside lately.
    Damaged { entries: usize, aside: usize },
    /// The file system has no locks that can be relied upon.
    NoLocks,
    /// There is more than the limits allow.
    OverLimit,
    /// Several versions of the runtime use the store.
    Runtimes(Vec<String>),
    /// More of the code of these packages could count.
    Coarse(BTreeSet<String>),
    /// The code of these is gone.
    Gone { callees: Callees, entries: usize },
    /// Results of these are older than their time to live.
    Expired { callees: Callees },
}

/// What is most important of what is off.
pub(super) fn of(
    context: &Context<'_>,
    vault: &Vault,
    status: &Status,
    heads: &Heads,
    journal: Option<StoreError>,
) -> Result<Vec<Advice>, Failure> {
    let mut advice = Vec::new();
    advice.extend(journal.map(|error| Advice::Journal(error.to_string())));
    let aside = vault.moved_aside();
    let lately = aside.newest >= context.calendar.now.saturating_sub(LATELY);
    let (entries, aside) = (heads.damaged, if lately { aside.entries } else { 0 });
    if entries + aside > 0 {
        advice.push(Advice::Damaged { entries, aside });
    }
    if !vault.has_locks() {
        advice.push(Advice::NoLocks);
    }
    if is_over_limit(status) {
        advice.push(Advice::OverLimit);
    }
    let since = context.calendar.now.saturating_sub(RECENT);
    let runtimes = vault.runtimes()?.into_iter();
    let recent = runtimes.filter(|(_, used)| *used >= since);
    let versions: Vec<String> = recent.map(|(version, _)| version).collect();
    if versions.len() > 1 {
        advice.push(Advice::Runtimes(versions));
    }
    if !status.codes.coarse.is_empty() {
        advice.push(Advice::Coarse(status.codes.coarse.clone()));
    }
    let gone = || {
        let rows = status.functions.values();
        rows.filter(|row| row.code.best == Some(CodeState::Gone))
    };
    if gone().next().is_some() {
        advice.push(Advice::Gone {
            callees: Callees::of(gone()),
            entries: gone().map(|row| row.entries).sum(),
        });
    }
    let expired = heads.read.iter().filter(|head| {
        let until = head.created.saturating_add(head.ttl);
        head.ttl > 0 && until <= context.calendar.now
    });
    let expired: BTreeSet<FunctionName> = expired.map(|head| name_of(&head.header)).collect();
    if !expired.is_empty() {
        let rows = expired.iter().filter_map(|name| status.functions.get(name));
        advice.push(Advice::Expired {
            callees: Callees::of(rows),
        });
    }
    advice.truncate(MOST);
    Ok(advice)
}

fn is_over_limit(status: &Status) -> bool {
    let limits = &status.limits;
    let entries = u64::try_from(status.entries()).unwrap_or(u64::MAX);
    limits.max_size.is_some_and(|most| status.disk() > most)
        || limits.max_entries.is_some_and(|most| entries > most)
}

impl Advice {
    /// The word for it in the document.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Journal(_) => "journal",
            Self::Damaged { .. } => "damaged",
            Self::NoLocks => "no_locks",
            Self::OverLimit => "over_limit",
            Self::Runtimes(_) => "runtimes",
            Self::Coarse(_) => "no_build_script",
            Self::Gone { .. } => "code_gone",
            Self::Expired { .. } => "expired",
        }
    }

    /// The words for people, with what helps.
    pub(super) fn text(&self, context: &Context<'_>) -> String {
        match self {
            Self::Journal(why) => format!(
                "hits, misses and times are unknown: {}; `cargo memo doctor` looks closer",
                escape(why)
            ),
            Self::Damaged { entries, aside } => damaged(context, *entries, *aside),
            Self::NoLocks => "the file system of the store has no locks to rely on, so that \
                 results may be computed more than once at a time: \
                 `cargo memo doctor` tells what helps"
                .to_owned(),
            Self::OverLimit => "the store is over its limit: `cargo memo gc` brings it back at \
                 once, and programs that compute do so by and by"
                .to_owned(),
            Self::Runtimes(versions) => format!(
                "versions {} of memo-runtime use this store, and share results only where they \
                 agree: `cargo memo doctor` tells where they come from",
                list(versions.iter().map(String::as_str))
            ),
            Self::Coarse(packages) => format!(
                "of functions in {} only their own code is part of the key: add \
                 `memo_build::fingerprint();` to `build.rs`, and what they call is as well",
                list(packages.iter().map(String::as_str))
            ),
            Self::Gone { callees, entries } => format!(
                "results of {} whose code is gone, {}: `cargo memo clear --code gone` removes {}",
                callees.words(),
                count(*entries, "entry", "entries"),
                if *entries == 1 { "it" } else { "them" }
            ),
            Self::Expired { callees } => format!(
                "results of {} have expired: `cargo memo gc` removes them",
                callees.words()
            ),
        }
    }
}

fn damaged(context: &Context<'_>, entries: usize, aside: usize) -> String {
    if entries > 0 {
        format!(
            "{} among those used last: `cargo memo verify --repair` finds all and moves them aside",
            count(entries, "damaged entry", "damaged entries")
        )
    } else {
        format!(
            "{}; `cargo memo verify` checks the others",
            set_aside::in_words(aside, &context.place.dir)
        )
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(escape).collect::<Vec<_>>().join(", ")
}
