//! The duty to compute a value: from the moment that it is known that it has
//! to be computed, until it is kept, given up or lost.
//!
//! What must hold: whoever has a ticket with a flight hands a value in, or
//! drops it, and then those who wait are told that nothing came of it;
//! whatever happens is in the journal.

mod publication;

use std::time::{Duration, Instant};

use super::beside::Room;
use super::bounds::Keeping;
use super::files;
use super::inputs::Prepared;
use super::memo::Open;
use super::report::Report;
use crate::codec::compress;
use crate::codec::{self, Beside, Chosen, Codec, Wanted};
use crate::error::StoreError;
use crate::events;
use crate::file::scope;
use crate::journal::{Cause, Outcome};
use crate::store::flight::{Flight, Holding};
pub(crate) use publication::{Kept, Payload};

/// The duty to compute a value, and to hand it in.
#[derive(Debug)]
pub(crate) struct Ticket {
    report: Report,
    open: Option<Open>,
    flight: Option<Flight>,
    cause: Cause,
    replace: bool,
    computing: Instant,
    handed_in: bool,
}

/// What came of handing a value in.
pub(crate) struct HandedIn {
    pub(crate) outcome: Outcome,
    /// Whether there is an entry now.
    pub(crate) kept: bool,
}

impl Ticket {
    pub(crate) fn new(
        report: &Report,
        open: Option<Open>,
        flight: Option<Flight>,
        cause: Cause,
    ) -> Self {
        Self {
            report: report.clone(),
            open,
            flight,
            cause,
            replace: false,
            computing: Instant::now(),
            handed_in: false,
        }
    }

    /// A duty that nothing is to come of but the value.
    pub(crate) fn uncached(report: &Report, cause: Cause) -> Self {
        Self::new(report, None, None, cause)
    }

    /// Whether the value takes the place of what is kept.
    pub(crate) fn replacing(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// To be held while computing, so that nothing computed on the way waits
    /// for another's flight while this one is held.
    pub(crate) fn holding(&self) -> Option<Holding> {
        self.flight
            .as_ref()
            .map(|flight| Holding::begin(flight.key()))
    }

    /// Keeps the value, if it is to be kept, and tells what came of it.
    pub(crate) fn finish<R>(
        mut self,
        call: &Prepared,
        keeping: &Keeping<R>,
        value: &R,
    ) -> HandedIn {
        let computing = self.computing.elapsed();
        // The value's own `Serialize` may call a memoized function.
        let _holding = self.holding();
        self.handed_in = true;
        let Some(open) = self.open.take() else {
            self.report.computed_uncached(computing);
            return HandedIn {
                outcome: Outcome::Computed,
                kept: false,
            };
        };
        let refused = keeping.when.is_some_and(|when| !when(value));
        let mut room = Room::of(&open.store);
        let encoded: Option<Result<_, String>> = if refused {
            None
        } else {
            let (encoded, outputs) = scope::encoding(|| encode(call, keeping, value, &mut room));
            encoded.map(|encoded| {
                let durable = self.is_durable(call, computing);
                Ok((encoded?, files::keep(call, &open, &outputs, durable)?))
            })
        };
        let (outcome, bytes) = match encoded {
            None if refused => {
                self.cause = Cause::Refused;
                (Outcome::Computed, 0)
            }
            None => (Outcome::Error, 0),
            Some(Err(reason)) => {
                let name = &call.about.identity.name.path;
                events::warn_once(
                    "codec",
                    &format!("{name} {reason}"),
                    format_args!("{name} is computed, not kept: {reason}"),
                );
                self.cause = Cause::Trouble;
                (Outcome::Computed, 0)
            }
            Some(Ok((encoded, files))) => {
                let outcome = self.outcome();
                let type_name = call.about.value_type_name;
                let packed = compress::pack(encoded, call.compress, type_name, &room);
                let mut spool = room.into_spool().filter(|_| packed.is_beside);
                let kept = Kept {
                    encoding: packed.encoding,
                    payload: match &mut spool {
                        Some(spool) => Payload::Spooled(spool),
                        None => Payload::Pieces(&packed.pieces),
                    },
                    run: None,
                    files: &files,
                };
                let bytes = self
                    .keep(call, &open, kept, computing)
                    .unwrap_or_else(|error| {
                        if let Some(memo) = &call.memo {
                            memo.warn(&error);
                        }
                        0
                    });
                (outcome, bytes)
            }
        };
        self.report
            .computed(&open, outcome, self.cause, computing, bytes);
        HandedIn {
            outcome,
            kept: bytes > 0,
        }
    }

    /// Keeps what came of a run, and tells of it; an error if it could not be
    /// kept.
    pub(crate) fn finish_run(
        mut self,
        call: &Prepared,
        kept: Kept<'_>,
        computing: Duration,
    ) -> (HandedIn, Option<StoreError>) {
        self.handed_in = true;
        let outcome = self.outcome();
        let Some(open) = self.open.take() else {
            self.report.computed_uncached(computing);
            let kept = false;
            return (HandedIn { outcome, kept }, None);
        };
        let (bytes, error) = match self.keep(call, &open, kept, computing) {
            Ok(bytes) => (bytes, None),
            Err(error) => {
                self.cause = Cause::Trouble;
                (0, Some(error))
            }
        };
        let kept = bytes > 0;
        self.report
            .computed(&open, outcome, self.cause, computing, bytes);
        (HandedIn { outcome, kept }, error)
    }

    /// Gives up, with nothing to keep, and tells why.
    pub(crate) fn leave(mut self, outcome: Outcome, cause: Cause, computing: Duration) {
        self.handed_in = true;
        match &self.open {
            None => self.report.computed_uncached(computing),
            Some(open) if outcome == Outcome::Error => {
                self.report.failed(open, outcome, cause, computing);
            }
            Some(open) => self.report.computed(open, outcome, cause, computing, 0),
        }
    }

    /// Why it is computed.
    pub(crate) fn cause(&self) -> Cause {
        self.cause
    }

    /// Whether the flight of the key is held.
    pub(crate) fn is_flying(&self) -> bool {
        self.flight.is_some()
    }

    /// The store that the value is kept in.
    pub(crate) fn open(&self) -> Option<&Open> {
        self.open.as_ref()
    }

    fn outcome(&self) -> Outcome {
        match self.cause {
            Cause::Nested | Cause::WaitedOut | Cause::HolderFailed => Outcome::Duplicate,
            _ => Outcome::Computed,
        }
    }

    /// Whether what took so long to compute is to survive a power cut.
    pub(crate) fn is_durable(&self, call: &Prepared, computing: Duration) -> bool {
        let memo = call.memo.as_ref();
        memo.is_some_and(|memo| memo.options().fsync.wanted(computing))
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.handed_in {
            let (outcome, cause) = if std::thread::panicking() {
                (Outcome::Panic, self.cause)
            } else {
                (Outcome::Error, Cause::Cancelled)
            };
            if let Some(open) = &self.open {
                self.report
                    .failed(open, outcome, cause, self.computing.elapsed());
            }
        }
    }
}

/// Encodes what is to be kept of a value; `None`: nothing is.
fn encode<'a, R>(
    call: &Prepared,
    keeping: &Keeping<R>,
    value: &'a R,
    beside: &mut dyn Beside,
) -> Option<Chosen<'a>> {
    let wanted = match &call.codec {
        Some(codec) => Wanted::This(codec),
        None => Wanted::Any(codec::candidates(call.about.shape_is_complete)),
    };
    let chosen = (keeping.give)(value, wanted, beside)?;
    if let Ok(encoded) = &chosen
        && call.codec.is_none()
        && encoded.codec == Codec::MessagePack
    {
        let codec = encoded.codec;
        let name = &call.about.identity.name.path;
        let note =
            format_args!("{name} is kept as {codec}: its result needs the names of its fields");
        events::note_once("messagepack", name, note);
    }
    Some(chosen)
}
