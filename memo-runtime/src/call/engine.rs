//! What happens in a call up to where its value is found or has to be
//! computed. From there on it is the [`Ticket`]'s; in between the caller
//! computes, at once or in a future.
//!
//! What must hold: nothing here fails or panics because of the store, and a
//! value is handed out only after its bytes have been checked.

use std::io;
use std::time::Duration;

use log::Level;

use super::inputs::Prepared;
use super::memo::Open;
use super::patience::Waiting;
use super::report::Report;
use super::ticket::Ticket;
use super::tier::Held;
use crate::codec::compress::Encoding;
use crate::config::Mode;
use crate::error::StoreError;
use crate::events::{self, Human};
use crate::journal::{Cause, Outcome};
use crate::store::entry::Fault;
use crate::store::flight::{self, Clearance};
use crate::store::{FileId, Loaded, Lookup};

/// Where a call stands before anything is computed.
pub(crate) enum Approach {
    /// The value is in this store.
    Found(Loaded, Outcome, Open),
    /// It has to be computed.
    Compute(Ticket),
    /// Another computes it, and this thread may wait for that.
    UnderWay,
    /// It may not be computed, for `MEMO=offline`, and this is why it would be.
    Refused(&'static str),
}

/// How to look for a value.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    /// Compute it, whatever is kept.
    pub(crate) refresh: bool,
    /// Whether to wait for another's computation, right here.
    pub(crate) wait: bool,
    /// Whether to wait for the next when a computation failed that was waited
    /// for: it is to be made by one at a time, whatever comes of it.
    pub(crate) queue: bool,
    /// Whether what was kept turned out to be damaged when it was taken, and
    /// has been moved aside.
    pub(crate) damaged: bool,
}

/// What looking for a value came to.
#[allow(
    clippy::large_enum_variant,
    reason = "it lives for a moment, on the stack"
)]
enum Look {
    Found(Loaded),
    Missing(Cause),
    /// The place cannot be read or written: leave it alone.
    Blocked,
}

/// Finds the value of a call, or the right to compute it.
pub(crate) fn approach(
    call: &Prepared,
    report: &Report,
    manner: Manner,
    waiting: &Waiting<'_>,
) -> Approach {
    let mode = call
        .memo
        .as_ref()
        .map(|memo| memo.options().mode)
        .unwrap_or_default();
    let uncached = |open, cause| match mode {
        Mode::Offline => Approach::Refused("cannot be had from the store"),
        _ => Approach::Compute(Ticket::new(report, open, None, cause)),
    };
    let Some(memo) = &call.memo else {
        return uncached(None, Cause::Trouble);
    };
    if let Some(reason) = &call.refused {
        let name = &call.about.identity.name.path;
        events::warn_once(
            "argument",
            &format!("{name} {reason}"),
            format_args!("{name} is computed, not kept: {reason}"),
        );
        return uncached(None, Cause::Trouble);
    }
    if mode == Mode::Off {
        return uncached(None, Cause::Plain);
    }
    let Some(mut open) = memo.opened() else {
        return uncached(None, Cause::Trouble);
    };
    let refresh = manner.refresh || mode == Mode::Refresh;
    let cause = if refresh {
        Cause::Refreshed
    } else {
        let looked = match look(call, &open, report) {
            // Who computes finds this out on taking off.
            Look::Missing(Cause::Absent) if !writes(mode) && open.store.is_gone() => {
                match memo.reopened(&open) {
                    Some(reopened) => {
                        open = reopened;
                        look(call, &open, report)
                    }
                    None => Look::Missing(Cause::Absent),
                }
            }
            looked => looked,
        };
        match looked {
            Look::Found(loaded) => return Approach::Found(loaded, Outcome::Hit, open),
            Look::Missing(Cause::Absent) if manner.damaged => Cause::Damaged,
            Look::Missing(cause) => cause,
            Look::Blocked => return uncached(None, Cause::Trouble),
        }
    };
    match mode {
        Mode::Offline => Approach::Refused("is not in the store"),
        Mode::ReadOnly => uncached(None, cause),
        _ if !open.store.has_locks() => {
            let error = "its file system has no locks: results may be computed more than once";
            let dir = memo.dir().display();
            events::warn_once("locks", "", format_args!("the store `{dir}`: {error}"));
            uncached(Some(open), cause)
        }
        _ => {
            memo.keep_up(&open);
            take_off(call, report, open, cause, manner, waiting)
        }
    }
}

/// Requests the flight of a call that is not in the store, or is to be
/// refreshed.
fn take_off(
    call: &Prepared,
    report: &Report,
    open: Open,
    cause: Cause,
    Manner { wait, queue, .. }: Manner,
    waiting: &Waiting<'_>,
) -> Approach {
    // What another computed may have been begun before the refresh was asked
    // for, so it does not do.
    let refresh = cause == Cause::Refreshed;
    let again = |open: &Open| {
        if refresh || open.store.is_vacant(&call.about.place) {
            return None;
        }
        // Trouble and damage were told of at the first look.
        let clock = call.memo.as_ref().map(|memo| &memo.options().clock);
        match open.store.look_up(
            &call.about.place,
            &call.about.value_type,
            call.delivery,
            clock,
        ) {
            Lookup::Found(loaded) if !is_expired(call, &loaded) => Some(loaded),
            _ => None,
        }
    };
    let waiting = if wait {
        waiting
    } else {
        &Waiting::not_at_all()
    };
    let holder = report.holder();
    let request = || {
        flight::request(
            &open.store,
            &call.about.place,
            &holder,
            || again(&open),
            waiting,
        )
    };
    let mut clearance = request();
    while queue && matches!(clearance, Ok(Clearance::HolderFailed)) {
        waiting.begin_again();
        clearance = request();
    }
    let replace = replaces(cause);
    let ticket = |open, flight, cause| {
        Approach::Compute(Ticket::new(report, Some(open), flight, cause).replacing(replace))
    };
    match clearance {
        Ok(Clearance::Held(flight)) => ticket(open, Some(flight), cause),
        Ok(Clearance::Published(loaded)) => {
            let outcome = if waiting.has_waited() {
                Outcome::Waited
            } else {
                Outcome::Hit
            };
            Approach::Found(loaded, outcome, open)
        }
        Ok(Clearance::Busy) => ticket(open, None, Cause::Nested),
        Ok(Clearance::WaitedOut) if !wait || waiting.is_cancelled() => Approach::UnderWay,
        Ok(Clearance::WaitedOut) => ticket(open, None, Cause::WaitedOut),
        Ok(Clearance::HolderFailed) => ticket(open, None, Cause::HolderFailed),
        Err(error) => {
            let memo = call.memo.as_ref();
            if open.store.is_gone()
                && let Some(reopened) = memo.and_then(|memo| memo.reopened(&open))
            {
                // Removed under our feet, and perhaps filled again since.
                return match again(&reopened) {
                    Some(loaded) => Approach::Found(loaded, Outcome::Hit, reopened),
                    None => ticket(reopened, None, cause),
                };
            }
            if let Some(memo) = memo {
                memo.warn(&error);
            }
            ticket(open, None, Cause::Trouble)
        }
    }
}

/// Whether a miss writes to the store.
fn writes(mode: Mode) -> bool {
    !matches!(mode, Mode::ReadOnly | Mode::Offline)
}

/// Whether what is computed for this cause takes the place of what is kept.
fn replaces(cause: Cause) -> bool {
    matches!(cause, Cause::Refreshed | Cause::Expired | Cause::Damaged)
}

fn look(call: &Prepared, open: &Open, report: &Report) -> Look {
    let Some(memo) = &call.memo else {
        return Look::Blocked;
    };
    let clock = &memo.options().clock;
    let tier = memo.tier().filter(|_| call.may_be_held());
    // Read before the entry is: see `store/generation.rs`.
    let generation = tier.and_then(|_| open.store.generation());
    if let (Some(held), Some(generation)) = (&call.held, generation)
        && let Some(loaded) = held.entry(generation, report.since())
        && !is_expired(call, &loaded)
    {
        return Look::Found(loaded);
    }
    let renew = (memo.options().mode != Mode::ReadOnly).then_some(clock);
    match open.store.look_up(
        &call.about.place,
        &call.about.value_type,
        call.delivery,
        renew,
    ) {
        Lookup::Found(loaded) if is_expired(call, &loaded) => Look::Missing(Cause::Expired),
        Lookup::Found(loaded) => {
            if let (Some(tier), Some(generation)) = (tier, generation)
                && let Some(held) = Held::new(call, &loaded, generation, report.since())
            {
                tier.hold(held);
            }
            Look::Found(loaded)
        }
        Lookup::Absent => Look::Missing(Cause::Absent),
        Lookup::Damaged(fault, file) => {
            set_aside(call, open, report, fault, file);
            Look::Missing(Cause::Damaged)
        }
        Lookup::Newer(found) => {
            let path = open.store.entry_path(&call.about.place);
            memo.warn(&StoreError::NewerEntry { path, found });
            Look::Blocked
        }
        Lookup::Trouble(error) => {
            memo.warn(&error);
            Look::Blocked
        }
    }
}

/// Moves a damaged entry aside and tells of it.
pub(super) fn set_aside(
    call: &Prepared,
    open: &Open,
    report: &Report,
    fault: Fault,
    file: Option<FileId>,
) {
    let path = open.store.entry_path(&call.about.place);
    let path = path.display();
    if call
        .memo
        .as_ref()
        .is_none_or(|memo| memo.options().mode == Mode::ReadOnly)
    {
        events::warn_once(
            "damaged",
            &path.to_string(),
            format_args!("damaged entry: `{path}`: {fault}"),
        );
        return;
    }
    events::emit(
        Level::Warn,
        format_args!("damaged entry moved aside: `{path}`: {fault}"),
    );
    if let Err(error) = open.store.move_aside(&call.about.place, file)
        && let Some(memo) = &call.memo
    {
        memo.warn(&error);
    }
    report.journal(open, Outcome::Damaged, Cause::Plain, Duration::ZERO, 0);
}

/// Whether a found value is older than the call's time to live.
pub(crate) fn is_expired(call: &Prepared, loaded: &Loaded) -> bool {
    call.is_over(loaded.created())
}

/// The duty to compute a value that was found, in the encoding of this number,
/// and could not be decoded.
pub(crate) fn undecodable(call: &Prepared, report: &Report, number: u32) -> Ticket {
    let Some(memo) = &call.memo else {
        return Ticket::uncached(report, Cause::Trouble);
    };
    if let Err(error) = Encoding::readable(number, memo.dir()) {
        memo.warn(&error);
        return Ticket::uncached(report, Cause::Trouble);
    }
    let writable = memo.options().mode != Mode::ReadOnly;
    match memo.opened().filter(|_| writable) {
        Some(open) => {
            set_aside(call, &open, report, Fault::Undecodable, None);
            Ticket::new(report, Some(open), None, Cause::Damaged).replacing(true)
        }
        None => Ticket::uncached(report, Cause::Damaged),
    }
}

/// The duty to compute a value that was found, and cannot be read any more.
pub(crate) fn unreadable(call: &Prepared, report: &Report, error: io::Error) -> Ticket {
    if let Some(memo) = &call.memo {
        memo.warn(&StoreError::io("read", memo.dir(), error));
    }
    Ticket::uncached(report, Cause::Trouble)
}

/// Tells that a hit that was computed again came out otherwise.
pub(crate) fn report_difference(call: &Prepared, computing: Duration) {
    events::emit(
        Level::Error,
        format_args!(
            "MEMO=check: {} came out otherwise than what is kept (computed again in {}): \
             the function depends on more than its arguments, or its code changed",
            call.about,
            Human(computing)
        ),
    );
}
