//! How long a call waits for another's computation, and what it says
//! meanwhile.
//!
//! The deadline is meant for a holder that is stopped or stuck. One that is
//! seen to be alive on this host is given more time: computing what it
//! computes a second time would rarely be done sooner.
//!
//! A thread of a work-stealing pool must not wait blindly. While it waited
//! in a job (a `join`, say) it may have taken up another job, and that one
//! may want what is being computed on top of the first. The holder then waits
//! for the job that lies below on the waiting thread's own stack, and neither
//! goes on. From outside that looks like this: the holder is a thread of the
//! same process, and it does not run. Then the waiting thread computes.

use std::cell::{Cell, OnceCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::inputs::Prepared;
use super::report::Report;
use crate::config::{self, default_wait};
use crate::journal;
use crate::store::flight::{Holder, Holding, Patience, run_time};

/// Shorter waits go without a message.
const FIRST_MESSAGE: Duration = Duration::from_millis(100);
const NEXT_MESSAGE: Duration = Duration::from_secs(60);

/// For how long a holder in the same pool may stand still.
const STANDSTILL: Duration = Duration::from_secs(1);
/// How often to look whether it does.
const LOOK: Duration = Duration::from_millis(50);
/// How long to wait for a holder that is alive.
const ALIVE_WAIT: Duration = Duration::from_secs(3600);

/// The waiting of one call.
pub(crate) struct Waiting<'a> {
    call: Option<(&'a Prepared, &'a Report)>,
    limit: OnceCell<(Duration, Option<Duration>)>,
    next_message: Cell<Duration>,
    waited: Cell<bool>,
    /// When the holder was last seen to have run, and for how long it had.
    ran: Cell<Option<(Duration, u64)>>,
    next_look: Cell<Duration>,
    cancelled: Option<&'a AtomicBool>,
    /// Told for whom it is waited, instead of the log.
    told: Option<&'a Told<'a>>,
    /// Whether to wait for as long as the holder is alive.
    until_the_end: bool,
}

/// Is told who computes, and how long that usually takes.
pub(crate) type Told<'a> = dyn Fn(&Holder, Option<Duration>) + 'a;

impl<'a> Waiting<'a> {
    /// Waits as long as settings and experience say.
    pub(crate) fn of(call: &'a Prepared, report: &'a Report) -> Self {
        Self {
            call: Some((call, report)),
            ..Self::not_at_all()
        }
    }

    /// Does not wait.
    pub(crate) fn not_at_all() -> Self {
        Self {
            call: None,
            limit: OnceCell::new(),
            next_message: Cell::new(FIRST_MESSAGE),
            waited: Cell::new(false),
            ran: Cell::new(None),
            next_look: Cell::new(LOOK),
            cancelled: None,
            told: None,
            until_the_end: false,
        }
    }

    /// Ends the waiting early once `flag` is set.
    pub(crate) fn until(mut self, flag: &'a AtomicBool) -> Self {
        self.cancelled = Some(flag);
        self
    }

    /// Tells `told` for whom it waits.
    pub(crate) fn telling(mut self, told: &'a Told<'a>) -> Self {
        self.told = Some(told);
        self
    }

    /// Waits for a holder that is alive on this host, however long that takes:
    /// for a thread that holds nothing that the holder could wait for.
    pub(crate) fn until_the_end(mut self, does: bool) -> Self {
        self.until_the_end = does;
        self
    }

    /// Begins to wait for another holder.
    pub(crate) fn begin_again(&self) {
        self.next_message.set(FIRST_MESSAGE);
    }

    /// Whether it was ended early.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled
            .is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    /// Whether there was anything to wait for.
    pub(crate) fn has_waited(&self) -> bool {
        self.waited.get()
    }

    /// The longest wait, and how long the computation usually takes.
    fn limit(&self, call: &Prepared) -> (Duration, Option<Duration>) {
        *self.limit.get_or_init(|| {
            let name = &call.about.identity.name;
            let memo = call.memo.as_ref();
            let usual = memo
                .and_then(|memo| memo.opened())
                .and_then(|open| journal::longest_recent(&open.store, &name.package, &name.path));
            let set = memo.and_then(|memo| memo.options().wait);
            (set.unwrap_or_else(|| default_wait(usual)), usual)
        })
    }

    /// Whether to wait on past the deadline, as the holder is alive. Where
    /// the wait was set, it was set; and a ring of processes, each of whose
    /// pools, or of whose runs, waits for the next, looks alive too.
    fn is_worth_more(
        &self,
        call: &Prepared,
        waited: Duration,
        holder: impl Fn() -> Option<Holder>,
    ) -> bool {
        let set = call
            .memo
            .as_ref()
            .is_some_and(|memo| memo.options().wait.is_some());
        let is_here = Holding::thread_of(&call.about.place.key).is_some();
        let in_a_ring = in_a_pool() && Holding::any_in_process() && !is_here;
        // What goes on around this process may be what the holder waits for.
        let in_a_run = !config::held().is_empty();
        !set && !in_a_ring
            && !in_a_run
            && (self.until_the_end || waited < ALIVE_WAIT)
            && holder().is_some_and(|holder| {
                holder.host == config::host() && config::is_running(holder.pid)
            })
    }

    /// Whether the holder may be waiting for this very thread.
    fn is_in_the_way(&self, call: &Prepared, waited: Duration) -> bool {
        if waited < self.next_look.get() || !in_a_pool() {
            return false;
        }
        self.next_look.set(waited + LOOK);
        let Some(thread) = Holding::thread_of(&call.about.place.key) else {
            self.ran.set(None);
            return false;
        };
        let run_time = run_time(thread).unwrap_or(0);
        match self.ran.get() {
            Some((since, before)) if before == run_time => waited - since >= STANDSTILL,
            _ => {
                self.ran.set(Some((waited, run_time)));
                false
            }
        }
    }
}

impl Patience for Waiting<'_> {
    fn goes_on(&self, waited: Duration, holder: impl Fn() -> Option<Holder>) -> bool {
        let Some((call, report)) = self.call else {
            return false;
        };
        self.waited.set(true);
        let (limit, usual) = self.limit(call);
        if waited >= self.next_message.get()
            && let Some(holder) = holder()
        {
            match self.told {
                Some(told) => told(&holder, usual),
                None => report.waits(&holder, usual),
            }
            self.next_message.set(waited + NEXT_MESSAGE);
        }
        let overdue = waited >= limit && !self.is_worth_more(call, waited, holder);
        !overdue && !self.is_cancelled() && !self.is_in_the_way(call, waited)
    }
}

/// Whether this thread belongs to a rayon pool.
fn in_a_pool() -> bool {
    rayon_core::current_thread_index().is_some()
}
