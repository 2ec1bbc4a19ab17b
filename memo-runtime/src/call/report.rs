//! What a call tells: to the journal, to the log, and to those who wait.

use std::sync::Arc;
use std::time::{Duration, Instant};

use log::Level;

use super::about::About;
use super::inputs::Prepared;
use super::memo::Open;
use crate::clock::{Clock, Moment, nanos};
use crate::config;
use crate::events::{self, Bytes, Human};
use crate::journal::{Cause, Execution, Outcome};
use crate::store::flight::Holder;

/// Who is called, since when.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    about: Arc<About>,
    clock: Clock,
    since: Moment,
    preparing: Duration,
    began: Instant,
}

impl Report {
    /// The report of a call that begins now.
    pub(crate) fn begin(call: &Prepared) -> Self {
        let clock = call
            .memo
            .as_ref()
            .map(|memo| memo.options().clock.clone())
            .unwrap_or_default();
        Self {
            about: Arc::clone(&call.about),
            preparing: call.preparing,
            began: Instant::now(),
            since: clock.now(),
            clock,
        }
    }

    /// When the call began.
    pub(crate) fn since(&self) -> Moment {
        self.since
    }

    /// How long the call has been going on, digesting its arguments included.
    pub(crate) fn took(&self) -> Duration {
        self.preparing + self.began.elapsed()
    }

    /// What a flight says of this call.
    pub(crate) fn holder(&self) -> Holder<&str> {
        Holder {
            function: &self.about.identity.name.path,
            package: &self.about.identity.name.package,
            pid: config::process(),
            host: config::host(),
            since: self.clock.now(),
            failed: false,
        }
    }

    /// The value was found, after another had computed it if `outcome` says.
    /// All of that took `took`.
    pub(crate) fn found(
        &self,
        open: &Open,
        outcome: Outcome,
        took: Duration,
        computing: Duration,
        bytes: u64,
    ) {
        self.record(open, outcome, Cause::Plain, took, computing, bytes);
        let level = if outcome == Outcome::Waited {
            Level::Info
        } else {
            Level::Debug
        };
        if events::seen(level) {
            events::emit(
                level,
                format_args!(
                    "{outcome}: {} in {}, {} (computed in {})",
                    self.about,
                    Human(took),
                    Bytes(bytes),
                    Human(computing)
                ),
            );
        }
    }

    /// The value was computed.
    pub(crate) fn computed(
        &self,
        open: &Open,
        outcome: Outcome,
        cause: Cause,
        computing: Duration,
        bytes: u64,
    ) {
        self.journal(open, outcome, cause, computing, bytes);
        if events::seen(Level::Info) {
            let kept: &dyn std::fmt::Display = if bytes > 0 {
                &Bytes(bytes)
            } else {
                &"not kept"
            };
            events::emit(
                Level::Info,
                format_args!(
                    "{outcome}: {} in {}, {kept} ({})",
                    self.about,
                    Human(computing),
                    cause.words()
                ),
            );
        }
    }

    /// The value was computed without a store.
    pub(crate) fn computed_uncached(&self, computing: Duration) {
        if events::seen(Level::Debug) {
            events::emit(
                Level::Debug,
                format_args!(
                    "computed without a store: {} in {}",
                    self.about,
                    Human(computing)
                ),
            );
        }
    }

    /// The computation came to no value.
    pub(crate) fn failed(&self, open: &Open, outcome: Outcome, cause: Cause, computing: Duration) {
        self.journal(open, outcome, cause, computing, 0);
        events::emit(
            Level::Info,
            format_args!("{}: {} after {}", outcome, self.about, Human(computing)),
        );
    }

    /// Adds an event to the journal.
    pub(crate) fn journal(
        &self,
        open: &Open,
        outcome: Outcome,
        cause: Cause,
        computing: Duration,
        bytes: u64,
    ) {
        self.record(open, outcome, cause, self.took(), computing, bytes);
    }

    fn record(
        &self,
        open: &Open,
        outcome: Outcome,
        cause: Cause,
        took: Duration,
        computing: Duration,
        bytes: u64,
    ) {
        let execution = Execution {
            // What was found is told of as often as anything can be asked for:
            // the clock has been looked at once.
            time: match outcome {
                Outcome::Hit => self.since,
                _ => self.clock.now(),
            },
            pid: config::process(),
            host: config::host(),
            package: &self.about.identity.name.package,
            function: &self.about.identity.name.path,
            key: self.about.place.key,
            outcome,
            cause,
            took: nanos(took),
            computing: nanos(computing),
            bytes,
            count: 1,
        };
        // Who only finds a run ends at once: a thread to write it later would
        // take longer than writing it.
        if self.about.is_program() {
            open.journal.add_many([execution]);
        } else {
            open.journal.add(&execution);
        }
    }

    /// Tells for whom the call waits, how long that has gone on, and how
    /// long it usually takes.
    pub(crate) fn waits(&self, holder: &Holder, usual: Option<Duration>) {
        let since = Duration::from_nanos(self.clock.now().saturating_sub(holder.since));
        let usually = match usual {
            Some(usual) => format!("usually takes {}", Human(usual)),
            None => "not computed before".to_owned(),
        };
        events::emit(
            Level::Info,
            format_args!(
                "waiting for process {} on {}, which computes {} since {} ({usually})",
                holder.pid,
                holder.host,
                self.about,
                Human(since),
            ),
        );
    }
}
