//! The words for every reason: a clause for the first line, and sentences for
//! what the clause leaves open.

use memo_code::difference::Change;
use memo_code::list::{Fact, FactKind};
use memo_runtime::manage::{
    Cause, CodeLevel, Duplicate, NotKept, Reason, Removal, RemovedBy, Unknown,
};

use super::code::CodeChange;
use crate::render::count;

/// What is changed, or what happened.
enum Clause {
    /// `its code`, to be followed by `changed`.
    Changed(Vec<String>),
    /// `its result had expired`
    Happened(&'static str),
}

/// What follows `because`; `None`: it cannot be told.
pub(super) fn clause(reasons: &[Reason], code: Option<&CodeChange<'_>>) -> Option<String> {
    let mut changed = Vec::new();
    for reason in reasons {
        match of_reason(reason, code)? {
            Clause::Happened(words) => return Some(words.to_owned()),
            Clause::Changed(what) => changed.extend(what),
        }
    }
    Some(format!("{} changed", joined(&changed)))
}

fn of_reason(reason: &Reason, code: Option<&CodeChange<'_>>) -> Option<Clause> {
    let changed = |what: &str| Clause::Changed(vec![what.to_owned()]);
    Some(match reason {
        Reason::First => Clause::Happened("no earlier call of it is known"),
        Reason::Arguments(changes) => {
            Clause::Changed(some(changes.len(), "an argument", "arguments"))
        }
        Reason::ArgumentOrder => changed("the order of its arguments"),
        Reason::TypeArguments { .. } => changed("its type arguments"),
        Reason::Version { .. } => changed("its version"),
        Reason::Level { .. } => changed("its code level"),
        Reason::Code { .. } => Clause::Changed(of_code(code)),
        Reason::ValueType { .. } => changed("the type of its result"),
        Reason::Program => changed("the program that it is in"),
        Reason::Expired { .. } => Clause::Happened("its result had expired"),
        Reason::Removed(removal) => Clause::Happened(match removal.by {
            RemovedBy::Eviction(_) => "its result had been evicted",
            RemovedBy::Clearing => "its result had been cleared",
            RemovedBy::Program => "its result had been forgotten",
            RemovedBy::Damage => "its result was damaged",
        }),
        Reason::Lost { .. } => Clause::Happened("its result was gone"),
        Reason::NotKept { why, .. } => Clause::Happened(match why {
            NotKept::Error => "the call before came to an error",
            NotKept::Panic => "the call before panicked",
            NotKept::Cancelled => "the call before was cancelled",
            NotKept::Refused => "`cache_if` refused the result before",
            NotKept::Trouble => "the result before could not be kept",
            NotKept::ExitCode => "it exited with an error the last time",
            NotKept::Signal => "it was ended by a signal the last time",
            NotKept::TimedOut => "it took longer than allowed the last time",
            NotKept::NoOutput => "it did not leave its outputs the last time",
            NotKept::Edited => "it was edited while it ran the last time",
        }),
        Reason::Refreshed => Clause::Happened("a refresh was asked for"),
        Reason::Checked { .. } => {
            Clause::Happened("what is kept was to be compared with another computation")
        }
        Reason::Inserted => Clause::Happened("the program handed the result over"),
        Reason::Duplicate(how) => Clause::Happened(match how {
            Duplicate::Nested => "it was under way elsewhere, and could not wait",
            Duplicate::WaitedOut => "it was under way elsewhere for too long",
            Duplicate::HolderFailed => "it was under way elsewhere, and failed there",
            Duplicate::Overlapped => "it was under way elsewhere at the same time",
        }),
        Reason::Trouble => Clause::Happened("the store could not be used"),
        Reason::Unknown(_) => return None,
    })
}

/// What of the code changed.
fn of_code(code: Option<&CodeChange<'_>>) -> Vec<String> {
    let own = || "its code".to_owned();
    let Some(code) = code else {
        return vec![own()];
    };
    let facts = |kind| {
        let fact =
            |change: &Change<'_, Fact>| change.after().or(change.before()).map(|one| one.kind);
        code.facts()
            .filter(|change| fact(change) == Some(kind))
            .count()
    };
    let mut what = Vec::new();
    if !code.list.items.is_empty() || facts(FactKind::Whole) > 0 {
        what.push(own());
    }
    let dependencies = code.list.dependencies.len() + facts(FactKind::Name);
    what.extend(some(dependencies, "a dependency", "dependencies"));
    what.extend(some(
        facts(FactKind::File),
        "an included file",
        "included files",
    ));
    if facts(FactKind::Feature) > 0 {
        what.push("the features of a package".to_owned());
    }
    let conditions = facts(FactKind::Condition) + code.conditions().count();
    what.extend(some(
        conditions,
        "a condition of compilation",
        "conditions of compilation",
    ));
    let variables = facts(FactKind::Environment);
    what.extend(some(
        variables,
        "an environment variable",
        "environment variables",
    ));
    what.extend(some(facts(FactKind::Edition), "the edition", "editions"));
    let versions = facts(FactKind::Version);
    what.extend(some(
        versions,
        "the version of a function",
        "versions of functions",
    ));
    if what.is_empty() {
        what.push("the program around it".to_owned());
    }
    what
}

/// `a dependency`, `3 dependencies`; nothing for none.
fn some(number: usize, one: &str, many: &str) -> Vec<String> {
    match number {
        0 => Vec::new(),
        1 => vec![one.to_owned()],
        _ => vec![count(number, one, many)],
    }
}

/// `a`, `a and b`, `a, b and c`
fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What the clause leaves open of a reason. `when` words moments, `ttl` is
/// for how long the result is valid.
pub(super) fn sentence(
    reason: &Reason,
    when: impl Fn(u64) -> String,
    ttl: Option<String>,
) -> Option<String> {
    Some(match reason {
        Reason::Expired { computed } => {
            let computed = computed.map(|at| format!("It had been computed {}", when(at)));
            match (computed, ttl) {
                (Some(computed), Some(ttl)) => format!("{computed} and was valid for {ttl}."),
                (Some(computed), None) => format!("{computed}."),
                (None, Some(ttl)) => format!("It was valid for {ttl}."),
                (None, None) => return None,
            }
        }
        Reason::Removed(removal) => removed(removal, when),
        Reason::Lost { seen } => format!(
            "It was there {}; nothing in the journal tells who removed it.",
            when(*seen)
        ),
        Reason::NotKept { at, why } => format!("That was {}. {}", when(*at), not_kept(*why)),
        Reason::Checked { same: true } => "It came out as it is kept.".to_owned(),
        Reason::Checked { same: false } => "It came out otherwise than it is kept: the function \
             depends on more than its arguments and its code."
            .to_owned(),
        Reason::Duplicate(Duplicate::Nested) => "Within another computation a call computes \
             rather than waits, so that two never wait for each other."
            .to_owned(),
        Reason::Program => "Only a function of this name in another program of the package has \
             earlier results."
            .to_owned(),
        Reason::Unknown(unknown) => match unknown {
            Unknown::NoEntry => {
                "No earlier call with the same key is known, and there is no entry \
                 that tells its arguments and its code."
                    .to_owned()
            }
            Unknown::NothingEarlier => {
                "No earlier call with the same key is known, and no earlier \
                 entry is left to compare with."
                    .to_owned()
            }
            Unknown::NoDifference => {
                "In all that entries tell of their calls it is like the nearest earlier one."
                    .to_owned()
            }
            Unknown::NotRecorded => {
                "A result was kept, and the journal does not tell why it was not used.".to_owned()
            }
        },
        _ => return None,
    })
}

/// How a result went: `It was cleared yesterday 17:20.`
pub(super) fn removed(removal: &Removal, when: impl Fn(u64) -> String) -> String {
    let at = when(removal.at);
    match removal.by {
        RemovedBy::Eviction(Cause::Plain) => {
            format!("It was evicted {at}, to keep the store within its limits.")
        }
        RemovedBy::Eviction(Cause::Expired) => format!("It was evicted {at}: it had expired."),
        RemovedBy::Eviction(cause) => format!("It was evicted {at}: {}.", cause.words()),
        RemovedBy::Clearing => format!("It was cleared {at}."),
        RemovedBy::Program => format!("The program asked to forget it {at}."),
        RemovedBy::Damage => format!("It was found damaged {at}, and moved aside."),
    }
}

/// Why nothing was kept.
pub(super) fn not_kept(why: NotKept) -> &'static str {
    match why {
        NotKept::Error => "Nothing was kept, for it came to an error.",
        NotKept::Panic => "Nothing was kept, for it panicked.",
        NotKept::Cancelled => "Nothing was kept, for it was cancelled.",
        NotKept::Refused => "Nothing was kept, for `cache_if` refused the result.",
        NotKept::Trouble => "Nothing was kept, for the store or the codec failed.",
        NotKept::ExitCode => {
            "Nothing was kept, for it exited with an error: --keep-failures keeps that too."
        }
        NotKept::Signal => "Nothing was kept, for it was ended by a signal.",
        NotKept::TimedOut => "Nothing was kept, for it took longer than --timeout allowed.",
        NotKept::NoOutput => "Nothing was kept, for it did not leave what --output names.",
        NotKept::Edited => "Nothing was kept, for it was edited while it ran.",
    }
}

/// Nothing was kept again, for the same reason.
pub(super) const NEITHER_KEPT: &str = "Nothing was kept this time either.";

/// Why a fingerprint changed whose code is the same.
pub(super) const PROGRAM_COUNTS: &str = "All code that it is known to reach is the same. Type \
     arguments can bring code from anywhere, so the whole program counts as well.";

/// Why it cannot be told what of the code changed.
pub(super) fn code_not_there(level: CodeLevel) -> &'static str {
    match level {
        CodeLevel::Function => {
            "At the level `function` its own tokens count, and no list of them is kept."
        }
        CodeLevel::Program => "The bytes of the program count, and tell no more.",
        _ => "What of it changed cannot be told: the store does not have the code of both.",
    }
}
