//! One call, from inputs to value: key, look up, fly or wait, compute,
//! publish.
//!
//! `#[memo]` expands to one call of [`call`] (or [`call_async`]); everything
//! that happens is in here, to be read, stepped through and tested.

mod about;
mod asynchronous;
mod beside;
mod bounds;
mod builder;
pub(crate) mod engine;
mod executable;
mod files;
pub(crate) mod function;
pub(crate) mod inputs;
mod instance;
mod memo;
pub(crate) mod patience;
mod program;
pub(crate) mod report;
mod shelve;
pub(crate) mod take;
pub(crate) mod ticket;
mod tier;

#[cfg(test)]
mod tests;

use std::borrow::Borrow;
use std::fmt;
use std::time::Duration;

pub use asynchronous::{AsyncCall, call_async, future_of};
pub use bounds::{Argument, Fallible, KeepAny, Keeping, ReadBack, Returned, Value, Written};
pub use builder::{Builder, CallBuilder};
pub(crate) use executable::Executable;
pub use executable::ProgramCode;
pub use function::{Code, Function, Reached, Site, Workspace};
pub use inputs::Inputs;
pub(crate) use inputs::Prepared;
pub use memo::Memo;
pub(crate) use memo::Open;

use crate::config::Mode;
use crate::file::scope;
use crate::journal::{Cause, Outcome};
use crate::key::Digest;
use crate::store::{Loaded, Lookup};
use engine::{Approach, Manner};
use patience::Waiting;
use report::Report;
use take::Taken;
use ticket::Ticket;

/// A call of a memoized function that has not been made yet.
///
/// `call!(f(a, b))` gives one; so does [`CallBuilder::computing`]. Arguments
/// have been evaluated and the key is known; nothing has been looked up.
#[must_use = "a call does nothing until its value is asked for"]
pub struct Call<R, F> {
    prepared: Prepared,
    keeping: Keeping<R>,
    compute: F,
}

/// The value of a call, and how it was come by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched<R> {
    /// The value.
    pub value: R,
    /// How it was come by: computed, found, or waited for.
    pub outcome: Outcome,
    /// How long the call took, looking up and keeping included.
    pub duration: Duration,
}

impl<R> Fetched<R> {
    /// What `make` makes of the value, come by in the same way.
    pub fn map<S>(self, make: impl FnOnce(R) -> S) -> Fetched<S> {
        Fetched {
            value: make(self.value),
            outcome: self.outcome,
            duration: self.duration,
        }
    }
}

impl<T, E> Fetched<Result<T, E>> {
    /// The value in an `Ok`, or the error.
    ///
    /// # Errors
    ///
    /// What the function returned.
    pub fn transpose(self) -> Result<Fetched<T>, E> {
        let Self {
            value,
            outcome,
            duration,
        } = self;
        value.map(|value| Fetched {
            value,
            outcome,
            duration,
        })
    }
}

/// A memoized call: what the function of `inputs` returns when `compute` is
/// its body. This is what `#[memo]` expands to.
pub fn call<R, F: FnOnce() -> R>(inputs: Inputs, keeping: Keeping<R>, compute: F) -> Call<R, F> {
    Call::new(inputs, keeping, compute)
}

impl<R, F: FnOnce() -> R> Call<R, F> {
    pub(crate) fn new(inputs: Inputs, keeping: Keeping<R>, compute: F) -> Self {
        Self {
            prepared: inputs.prepare(&keeping),
            keeping,
            compute,
        }
    }

    /// The value: kept from an earlier call, or computed now and kept.
    ///
    /// # Panics
    ///
    /// When the function panics; then nothing is kept. With `MEMO=offline`,
    /// when the value is not in the store.
    pub fn get(self) -> R {
        self.fetch().value
    }

    /// The value, and how it was come by.
    ///
    /// # Panics
    ///
    /// As [`Call::get`].
    pub fn fetch(self) -> Fetched<R> {
        self.run(false)
    }

    /// Computes the value, and puts it in the place of the one that is kept.
    pub fn refresh(self) -> R {
        self.run(true).value
    }

    /// Computes the value without looking at the store or changing it.
    pub fn uncached(self) -> R {
        scope::outside(self.compute)
    }

    fn run(self, refresh: bool) -> Fetched<R> {
        let Self {
            prepared,
            keeping,
            compute,
        } = self;
        let report = Report::begin(&prepared);
        let waiting = Waiting::of(&prepared, &report);
        let mut manner = Manner {
            refresh,
            wait: true,
            queue: false,
            damaged: false,
        };
        let ticket = loop {
            match engine::approach(&prepared, &report, manner, &waiting) {
                Approach::Found(loaded, outcome, open) => {
                    let kept = Told::of(&loaded, outcome, open);
                    match take::take(&prepared, &report, &keeping, loaded, manner.damaged) {
                        Taken::Value(value) if !is_check(&prepared) => {
                            return found(&prepared, &report, value, kept);
                        }
                        Taken::Value(kept) => {
                            return check(&prepared, &report, &keeping, &kept, compute);
                        }
                        Taken::Damaged => manner.damaged = true,
                        Taken::Compute(ticket) => break permitted(&prepared, ticket),
                    }
                }
                Approach::Compute(ticket) => break ticket,
                Approach::UnderWay => break Ticket::uncached(&report, Cause::Trouble),
                Approach::Refused(why) => refuse(&prepared, why),
            }
        };
        let value = {
            let _holding = ticket.holding();
            scope::outside(compute)
        };
        let outcome = ticket.finish(&prepared, &keeping, &value).outcome;
        Fetched {
            value,
            outcome,
            duration: report.took(),
        }
    }
}

impl<R, F> Call<R, F> {
    /// The value if it is kept. Nothing is computed, recorded or changed.
    pub fn cached(&self) -> Option<R> {
        cached(&self.prepared, &self.keeping)
    }

    /// Removes the kept value; whether there was one.
    pub fn forget(&self) -> bool {
        forget(&self.prepared)
    }

    /// Keeps `value` as the result of this call, in the place of one that is
    /// kept; whether it was kept.
    pub fn insert(&self, value: impl Borrow<R>) -> bool {
        insert(&self.prepared, &self.keeping, value.borrow())
    }

    /// The key of the call; `None` if an argument could not be serialized.
    pub fn key(&self) -> Option<Digest> {
        key(&self.prepared)
    }
}

impl<R, F> fmt::Debug for Call<R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.prepared.about)
    }
}

/// Panics, for `MEMO=offline` forbids to compute.
fn refuse(call: &Prepared, why: &str) -> ! {
    panic!("MEMO=offline, and the result of {} {why}", call.about)
}

/// The duty to compute what was found and cannot be taken.
fn permitted(call: &Prepared, ticket: Ticket) -> Ticket {
    let memo = call.memo.as_ref();
    if memo.is_some_and(|memo| memo.options().mode == Mode::Offline) {
        refuse(call, "cannot be had from the store");
    }
    ticket
}

fn is_check(call: &Prepared) -> bool {
    call.memo
        .as_ref()
        .is_some_and(|memo| memo.options().mode == Mode::Check)
}

/// What is told of a hit.
struct Told {
    open: Open,
    outcome: Outcome,
    /// How long computing the value took.
    duration: Duration,
    /// The size of the entry.
    size: u64,
}

impl Told {
    fn of(loaded: &Loaded, outcome: Outcome, open: Open) -> Self {
        Self {
            open,
            outcome,
            duration: loaded.duration(),
            size: loaded.size(),
        }
    }
}

fn found<R>(call: &Prepared, report: &Report, value: R, told: Told) -> Fetched<R> {
    let outcome = told.outcome;
    let took = report.took();
    if let Some(memo) = &call.memo
        && memo.options().mode != Mode::ReadOnly
    {
        report.found(&told.open, outcome, took, told.duration, told.size);
    }
    Fetched {
        value,
        outcome,
        duration: took,
    }
}

/// Computes a hit again and compares; the computed value is handed out.
fn check<R>(
    call: &Prepared,
    report: &Report,
    keeping: &Keeping<R>,
    kept: &R,
    compute: impl FnOnce() -> R,
) -> Fetched<R> {
    let computing = std::time::Instant::now();
    let value = scope::outside(compute);
    let computing = computing.elapsed();
    checked(
        call,
        report,
        is_same(call, keeping, kept, &value),
        computing,
    );
    Fetched {
        value,
        outcome: Outcome::Computed,
        duration: report.took(),
    }
}

/// Whether a hit that was computed again came out the same, the files that it
/// names included.
fn is_same<R>(call: &Prepared, keeping: &Keeping<R>, kept: &R, value: &R) -> bool {
    (keeping.same)(kept, value) && files::are_there(call, &files::named_in(keeping, kept), None)
}

/// Tells whether a hit that was computed again came out the same.
fn checked(call: &Prepared, report: &Report, same: bool, computing: Duration) {
    if !same {
        engine::report_difference(call, computing);
    }
    if let Some(open) = call.memo.as_ref().and_then(Memo::opened) {
        let cause = if same { Cause::Checked } else { Cause::Differs };
        report.journal(&open, Outcome::Computed, cause, computing, 0);
    }
}

fn key(call: &Prepared) -> Option<Digest> {
    call.refused.is_none().then_some(call.about.place.key)
}

fn cached<R>(call: &Prepared, keeping: &Keeping<R>) -> Option<R> {
    take::take_quietly(call, keeping, kept(call)?)
}

/// What is kept of a call. Nothing is recorded or changed.
fn kept(call: &Prepared) -> Option<Loaded> {
    key(call)?;
    let memo = call
        .memo
        .as_ref()
        .filter(|memo| memo.options().mode != Mode::Off)?;
    let store = memo.opened_if_there()?;
    let found = store.look_up(
        &call.about.place,
        &call.about.value_type,
        call.delivery,
        None,
    );
    let Lookup::Found(loaded) = found else {
        return None;
    };
    (!engine::is_expired(call, &loaded)).then_some(loaded)
}

fn forget(call: &Prepared) -> bool {
    let Some(memo) = &call.memo else { return false };
    // Nothing to forget is no reason to create a store.
    if memo.opened_if_there().is_none() {
        return false;
    }
    let Some(open) = writable(call) else {
        return false;
    };
    match open.store.remove(&call.about.place) {
        Ok(false) => false,
        Ok(true) => {
            let report = Report::begin(call);
            report.journal(&open, Outcome::Cleared, Cause::Forgotten, Duration::ZERO, 0);
            true
        }
        Err(error) => {
            memo.warn(&error);
            false
        }
    }
}

fn insert<R>(call: &Prepared, keeping: &Keeping<R>, value: &R) -> bool {
    let Some(open) = writable(call) else {
        return false;
    };
    let report = Report::begin(call);
    let ticket = Ticket::new(&report, Some(open), None, Cause::Inserted).replacing(true);
    ticket.finish(call, keeping, value).kept
}

/// The store, if the call has a key and the store may be written to.
fn writable(call: &Prepared) -> Option<memo::Open> {
    key(call)?;
    let memo = call.memo.as_ref()?;
    (!matches!(memo.options().mode, Mode::Off | Mode::ReadOnly)).then(|| memo.opened())?
}
