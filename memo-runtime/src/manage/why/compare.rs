//! What makes the keys of two calls of a function different, as their
//! entries tell.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{ArgumentChange, ReadEntry, Reason};
use crate::clock::Moment;
use crate::header::Argument;
use crate::key::Digest;
use crate::store::inventory::EntryHead;

/// How far an entry is from another: how many arguments differ, how much
/// else; of equals the one used latest is nearest.
pub(super) type Distance = (usize, usize, Reverse<Moment>, Digest);

/// How far `before`, which was `used` last then, is from `after`.
pub(super) fn distance(before: &ReadEntry, after: &ReadEntry, used: Option<Moment>) -> Distance {
    let (mut arguments, mut others) = (0, 0);
    for reason in differences(&before.head, &after.head) {
        match reason {
            Reason::Arguments(changes) => arguments += changes.len(),
            _ => others += 1,
        }
    }
    let used = Reverse(before.head.created.max(used.unwrap_or_default()));
    (arguments, others, used, before.entry.key)
}

/// What differs in the call of `after`, the main difference first.
pub(super) fn differences(before: &EntryHead, after: &EntryHead) -> Vec<Reason> {
    let (old, new) = (&before.header, &after.header);
    let mut reasons = Vec::new();
    let arguments = arguments(&old.arguments, &new.arguments);
    if !arguments.is_empty() {
        reasons.push(Reason::Arguments(arguments));
    } else if !is_same_order(&old.arguments, &new.arguments) {
        reasons.push(Reason::ArgumentOrder);
    }
    if old.instance != new.instance {
        reasons.push(Reason::TypeArguments {
            before: old.instance.clone(),
            after: new.instance.clone(),
        });
    }
    if old.version != new.version {
        reasons.push(Reason::Version {
            before: old.version,
            after: new.version,
        });
    }
    if old.code_level != new.code_level {
        reasons.push(Reason::Level {
            before: old.code_level,
            after: new.code_level,
        });
    } else if old.fingerprint != new.fingerprint {
        reasons.push(Reason::Code {
            before: old.fingerprint,
            after: new.fingerprint,
        });
    }
    if before.value_type != after.value_type {
        reasons.push(Reason::ValueType {
            before: old.value_type.clone(),
            after: new.value_type.clone(),
        });
    }
    reasons
}

/// The arguments that differ, in the order of the call, then those that it
/// has no more.
fn arguments(before: &[Argument], after: &[Argument]) -> Vec<ArgumentChange> {
    let [old, new] = [before, after].map(by_name);
    let changed = names(after).zip(after).filter_map(|(name, argument)| {
        let earlier = old.get(&name).copied();
        let same = earlier.is_some_and(|earlier| earlier.digest == argument.digest);
        (!same).then(|| ArgumentChange {
            before: earlier.cloned(),
            after: Some(argument.clone()),
        })
    });
    let gone = names(before).zip(before);
    let gone = gone.filter(|(name, _)| !new.contains_key(name));
    let gone = gone.map(|(_, argument)| ArgumentChange {
        before: Some(argument.clone()),
        after: None,
    });
    changed.chain(gone).collect()
}

/// The name of an argument, and how many before it have the same: programs
/// take some several times.
type Name<'a> = (&'a str, usize);

fn names(arguments: &[Argument]) -> impl Iterator<Item = Name<'_>> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    arguments.iter().map(move |argument| {
        let before = seen.entry(&argument.name).or_default();
        *before += 1;
        (&*argument.name, *before - 1)
    })
}

fn by_name(arguments: &[Argument]) -> BTreeMap<Name<'_>, &Argument> {
    names(arguments).zip(arguments).collect()
}

fn is_same_order(before: &[Argument], after: &[Argument]) -> bool {
    let [before, after] = [before, after].map(|list| list.iter().map(|argument| &argument.name));
    before.eq(after)
}
