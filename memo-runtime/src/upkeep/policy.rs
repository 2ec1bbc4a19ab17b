//! Which entries go: a pure function of what there is, the limits, and the
//! time.
//!
//! First go entries that are past their time to live, whatever the limits
//! say; then those that went unused for too long; then, in the order that the
//! limits name, as many as there are too many, and as large as there is too
//! much. What must hold: an entry in flight is never planned, nor is one used a
//! moment ago that could be used again; nothing is planned without need; and whoever plans for the same
//! store at the same time plans the same.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use super::plan::{Litter, Plan, Planned, Totals};
use super::survey::Survey;
use crate::clock::{Moment, nanos};
use crate::config::{Limits, Order};
use crate::journal::{Cause, JournalPosition};
use crate::store::FunctionName;
use crate::store::inventory::Entry;

/// An entry is left alone for so long after it was used.
pub(crate) const RECENT: Duration = Duration::from_secs(120);

/// A clock that is ahead by more than this was wrong then, or is now.
const FAR_AHEAD: Duration = Duration::from_secs(3600);

/// An entry, and what the policy needs to know of it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) function: Arc<FunctionName>,
    pub(crate) entry: Entry,
    /// When it was last used, as exactly as is known.
    pub(crate) last_used: Moment,
    /// Whether its key is being computed.
    pub(crate) in_flight: bool,
    /// Whether it is past its time to live.
    pub(crate) expired: bool,
    /// How long computing it took, in nanoseconds, if that is known.
    pub(crate) computing: Option<u64>,
}

impl Candidate {
    fn is_protected(&self, now: Moment) -> bool {
        self.in_flight || now.abs_diff(self.last_used) < nanos(RECENT)
    }

    fn is_far_ahead(&self, now: Moment) -> bool {
        self.last_used.saturating_sub(now) > nanos(FAR_AHEAD)
    }

    /// Which of two goes first.
    fn compare(&self, other: &Self, order: Order, now: Moment) -> Ordering {
        let by_value = match order {
            Order::Lru => Ordering::Equal,
            Order::Value => self.compare_value(other),
        };
        // What is ahead of its time counts as used now.
        let used = |candidate: &Self| candidate.last_used.min(now);
        by_value
            .then_with(|| used(self).cmp(&used(other)))
            .then_with(|| self.entry.key.cmp(&other.entry.key))
    }

    /// Compares the computing time that a byte of disk saves.
    fn compare_value(&self, other: &Self) -> Ordering {
        let times = |one: &Self, two: &Self| {
            u128::from(one.computing.unwrap_or(0)) * u128::from(two.entry.disk.max(1))
        };
        times(self, other).cmp(&times(other, self))
    }
}

/// [Plans](plan) what goes of what a survey found.
pub(crate) fn plan_of(survey: Survey, limits: &Limits, now: Moment) -> Plan {
    Plan {
        read_to: survey.read_to,
        ..plan(survey.candidates, limits, now)
    }
}

/// Plans what goes so that the rest is within `limits` at the moment `now`.
/// Where only entries are left that must stay, it may be more than that.
pub(crate) fn plan(candidates: Vec<Candidate>, limits: &Limits, now: Moment) -> Plan {
    let total: Totals = candidates.iter().map(|it| &it.entry).collect();
    let mut choice = Choice {
        causes: vec![None; candidates.len()],
        left: total,
        candidates: &candidates,
        now,
    };
    choice.expired();
    if let Some(max_age) = limits.max_age {
        choice.unused(nanos(max_age));
    }
    choice.too_much(limits);
    let causes = choice.causes;
    let stays = candidates.iter().zip(&causes);
    let early = stays.filter(|(it, cause)| cause.is_none() && it.is_far_ahead(now));
    let mut early: Vec<Entry> = early.map(|(it, _)| it.entry.clone()).collect();
    // Where most are ahead, it is the clock here that is wrong.
    if early.len() > candidates.len() / 2 {
        early.clear();
    }
    let mut plan = Plan {
        early,
        entries: Vec::with_capacity(causes.iter().flatten().count()),
        litter: Litter::Old,
        total,
        read_to: JournalPosition::default(),
    };
    let chosen = candidates.into_iter().zip(causes);
    plan.entries.extend(chosen.filter_map(|(candidate, cause)| {
        Some(Planned {
            cause: cause?,
            function: candidate.function,
            entry: candidate.entry,
            computing: candidate.computing,
        })
    }));
    plan.sort();
    plan
}

/// What has been chosen so far.
struct Choice<'a> {
    candidates: &'a [Candidate],
    /// Why each of them goes, if it does.
    causes: Vec<Option<Cause>>,
    left: Totals,
    now: Moment,
}

impl Choice<'_> {
    fn choose(&mut self, at: usize, cause: Cause) {
        self.causes[at] = Some(cause);
        self.left.remove(&self.candidates[at].entry);
    }

    /// Those that may still be chosen.
    fn free(&self) -> impl Iterator<Item = (usize, &Candidate)> {
        let candidates = self.candidates.iter().enumerate();
        candidates.filter(|(at, it)| self.causes[*at].is_none() && !it.is_protected(self.now))
    }

    /// Chooses what is past its time to live. However lately it was used, it
    /// is not used again.
    fn expired(&mut self) {
        let candidates = self.candidates.iter().enumerate();
        let expired: Vec<usize> = candidates
            .filter_map(|(at, it)| (it.expired && !it.in_flight).then_some(at))
            .collect();
        for at in expired {
            self.choose(at, Cause::Expired);
        }
    }

    /// Chooses what went unused for longer than `max_age` nanoseconds.
    fn unused(&mut self, max_age: u64) {
        let age = |it: &Candidate| self.now.saturating_sub(it.last_used);
        let mut unused: Vec<usize> = self
            .free()
            .filter_map(|(at, it)| (age(it) > max_age).then_some(at))
            .collect();
        // Where a clock has jumped, ages may be wrong: it must not cost
        // everything at once.
        let half = self.candidates.len() / 2;
        if unused.len() > half && self.candidates.iter().any(|it| it.is_far_ahead(self.now)) {
            self.in_order(&mut unused, Order::Lru);
            unused.truncate(half);
        }
        for at in unused {
            self.choose(at, Cause::OverAge);
        }
    }

    /// Chooses what is beyond the limits of count and size.
    fn too_much(&mut self, limits: &Limits) {
        let max_entries = limits.max_entries.unwrap_or(u64::MAX);
        let max_size = limits.max_size.unwrap_or(u64::MAX);
        let too_many = |left: &Totals| left.entries > max_entries;
        let too_large = |left: &Totals| left.disk > max_size;
        if !too_many(&self.left) && !too_large(&self.left) {
            return;
        }
        let mut free: Vec<usize> = self.free().map(|(at, _)| at).collect();
        self.in_order(&mut free, limits.order);
        for at in free {
            if too_many(&self.left) {
                self.choose(at, Cause::OverCount);
            } else if !too_large(&self.left) {
                break;
            } else if self.candidates[at].entry.disk > 0 {
                self.choose(at, Cause::OverSize);
            }
        }
    }

    fn in_order(&self, positions: &mut [usize], order: Order) {
        positions.sort_unstable_by(|&one, &other| {
            self.candidates[one].compare(&self.candidates[other], order, self.now)
        });
    }
}

#[cfg(test)]
mod tests;
