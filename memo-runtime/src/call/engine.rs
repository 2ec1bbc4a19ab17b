//! What happens in a call up to where its value is found or has to be
//! computed. From there on it is the [`Ticket`]'s; in between the caller
//! computes, at once or in a future.
//!
//! What must hold: nothing here fails or panics because of the store, and a
//! value is handed out only after its bytes have been checked.

use std::time::Duration;

use log::Level;

use super::bounds::Keeping;
use super::inputs::Prepared;
use super::memo::Open;
use super::patience::Waiting;
use super::report::Report;
use super::ticket::Ticket;
use crate::codec::Codec;
use crate::config::Mode;
use crate::error::StoreError;
use crate::events::{self, Human};
use crate::journal::{Cause, Outcome};
use crate::store::entry::Fault;
use crate::store::flight::{self, Clearance};
use crate::store::{Loaded, Lookup};

/// Where a call stands before anything is computed.
pub(super) enum Approach {
    /// The value is in the store.
    Found(Loaded, Outcome),
    /// It has to be computed.
    Compute(Ticket),
    /// Another computes it, and this thread may wait for that.
    UnderWay,
}

/// How to look for a value.
#[derive(Clone, Copy)]
pub(super) struct Manner {
    /// Only a value computed since the call began will do.
    pub(super) refresh: bool,
    /// Whether to wait for another's computation, right here.
    pub(super) wait: bool,
}

/// What looking into the store came to.
enum Look {
    Found(Loaded),
    Missing(Cause),
    /// The place cannot be read or written: leave it alone.
    Blocked,
}

/// Finds the value of a call, or the right to compute it.
///
/// # Panics
///
/// With `MEMO=offline`, when the value is not in the store.
pub(super) fn approach(
    call: &Prepared,
    report: &Report,
    manner: Manner,
    waiting: &Waiting<'_>,
) -> Approach {
    let uncached = |open, cause| Approach::Compute(Ticket::new(report, open, None, cause));
    let Some(memo) = &call.memo else {
        return uncached(None, Cause::Trouble);
    };
    if let Some(reason) = &call.refused {
        let name = &call.about.identity.name.path;
        events::warn_once(
            "argument",
            name,
            format_args!("{name} is computed, not kept: {reason}"),
        );
        return uncached(None, Cause::Trouble);
    }
    let mode = memo.options().mode;
    if mode == Mode::Off {
        return uncached(None, Cause::Plain);
    }
    let Some(open) = memo.opened() else {
        if mode == Mode::Offline {
            panic!(
                "MEMO=offline, and the store `{}` cannot be used",
                memo.dir().display()
            );
        }
        return uncached(None, Cause::Trouble);
    };
    let refresh = manner.refresh || mode == Mode::Refresh;
    let cause = if refresh {
        Cause::Refreshed
    } else {
        match look(call, &open, report) {
            Look::Found(loaded) => return Approach::Found(loaded, Outcome::Hit),
            Look::Missing(cause) => cause,
            Look::Blocked => return uncached(None, Cause::Trouble),
        }
    };
    match mode {
        Mode::Offline => panic!(
            "MEMO=offline, and the result of {} is not in the store",
            call.about
        ),
        Mode::ReadOnly => return uncached(None, cause),
        _ if !open.store.has_locks() => {
            let error = "its file system has no locks: results may be computed more than once";
            let dir = memo.dir().display();
            events::warn_once("locks", "", format_args!("the store `{dir}`: {error}"));
            return uncached(Some(open), cause);
        }
        _ => {}
    }
    take_off(call, report, open, cause, refresh, manner.wait, waiting)
}

/// Requests the flight of a call that is not in the store.
fn take_off(
    call: &Prepared,
    report: &Report,
    open: Open,
    cause: Cause,
    refresh: bool,
    wait: bool,
    waiting: &Waiting<'_>,
) -> Approach {
    let again = || {
        if open.store.is_vacant(&call.place) {
            return None;
        }
        // Trouble and damage were told of at the first look.
        let clock = call.memo.as_ref().map(|memo| &memo.options().clock);
        match open
            .store
            .look_up(&call.place, &call.about.value_type, clock)
        {
            Lookup::Found(loaded) if is_expired(call, &loaded) => None,
            Lookup::Found(loaded) if refresh && loaded.created() <= report.began_at() => None,
            Lookup::Found(loaded) => Some(loaded),
            _ => None,
        }
    };
    let waiting = if wait {
        waiting
    } else {
        &Waiting::not_at_all()
    };
    let holder = report.holder();
    let clearance = flight::request(&open.store, &call.place, &holder, again, waiting);
    let ticket = |open, flight, cause| Approach::Compute(Ticket::new(report, open, flight, cause));
    match clearance {
        Ok(Clearance::Held(flight)) => ticket(Some(open), Some(flight), cause),
        Ok(Clearance::Published(loaded)) => {
            let outcome = if waiting.has_waited() {
                Outcome::Waited
            } else {
                Outcome::Hit
            };
            Approach::Found(loaded, outcome)
        }
        Ok(Clearance::Busy) => ticket(Some(open), None, Cause::Nested),
        Ok(Clearance::WaitedOut) if !wait => Approach::UnderWay,
        Ok(Clearance::WaitedOut) => ticket(Some(open), None, Cause::WaitedOut),
        Ok(Clearance::HolderFailed) => ticket(Some(open), None, Cause::HolderFailed),
        Err(error) => {
            let memo = call.memo.as_ref();
            if open.store.is_gone()
                && let Some(reopened) = memo.and_then(|memo| memo.reopened(&open))
            {
                // Removed under our feet: the new one is empty, and whoever
                // else finds that out computes as well.
                return ticket(Some(reopened), None, cause);
            }
            if let Some(memo) = memo {
                memo.warn(&error);
            }
            ticket(Some(open), None, Cause::Trouble)
        }
    }
}

fn look(call: &Prepared, open: &Open, report: &Report) -> Look {
    let Some(memo) = &call.memo else {
        return Look::Blocked;
    };
    let clock = &memo.options().clock;
    let renew = (memo.options().mode != Mode::ReadOnly).then_some(clock);
    match open
        .store
        .look_up(&call.place, &call.about.value_type, renew)
    {
        Lookup::Found(loaded) if is_expired(call, &loaded) => Look::Missing(Cause::Expired),
        Lookup::Found(loaded) => Look::Found(loaded),
        Lookup::Absent => Look::Missing(Cause::Absent),
        Lookup::Damaged(fault) => {
            set_aside(call, open, report, fault);
            Look::Missing(Cause::Damaged)
        }
        Lookup::Newer(found) => {
            let path = open.store.entry_path(&call.place);
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
pub(super) fn set_aside(call: &Prepared, open: &Open, report: &Report, fault: Fault) {
    let path = open.store.entry_path(&call.place);
    events::emit(
        Level::Warn,
        format_args!("damaged entry moved aside: `{}`: {fault}", path.display()),
    );
    let read_only = call
        .memo
        .as_ref()
        .is_none_or(|memo| memo.options().mode == Mode::ReadOnly);
    if !read_only {
        if let Err(error) = open.store.move_aside(&call.place)
            && let Some(memo) = &call.memo
        {
            memo.warn(&error);
        }
        report.journal(open, Outcome::Damaged, Cause::Plain, Duration::ZERO, 0);
    }
}

/// Whether a found value is older than the call's time to live.
pub(super) fn is_expired(call: &Prepared, loaded: &Loaded) -> bool {
    let now = call
        .memo
        .as_ref()
        .map_or(0, |memo| memo.options().clock.now());
    let age = now.saturating_sub(loaded.created());
    call.ttl
        .is_some_and(|ttl| age >= ttl.saturating_mul(1_000_000_000))
}

/// Decodes a found value; `None`: what was found is no such value, and has
/// been moved aside.
pub(super) fn decode<R>(
    call: &Prepared,
    report: &Report,
    keeping: &Keeping<R>,
    loaded: &Loaded,
) -> Option<R> {
    let value = decode_quietly(keeping, loaded);
    if value.is_none()
        && let Some(open) = call.memo.as_ref().and_then(|memo| memo.opened())
    {
        set_aside(call, &open, report, Fault::Undecodable);
    }
    value
}

/// Decodes a found value, if it can be decoded.
pub(super) fn decode_quietly<R>(keeping: &Keeping<R>, loaded: &Loaded) -> Option<R> {
    let codec = Codec::from_id(loaded.codec())?;
    (keeping.decode)(codec, loaded.payload()).ok()
}

/// The duty to compute what was found and could not be decoded.
pub(super) fn redo(call: &Prepared, report: &Report) -> Ticket {
    let writes = |memo: &&super::Memo| memo.options().mode != Mode::ReadOnly;
    match call
        .memo
        .as_ref()
        .filter(writes)
        .and_then(super::Memo::opened)
    {
        Some(open) => Ticket::replacing(report, open, Cause::Damaged),
        None => Ticket::uncached(report, Cause::Damaged),
    }
}

/// Tells that a hit that was computed again came out otherwise.
pub(super) fn report_difference(call: &Prepared, computing: Duration) {
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
