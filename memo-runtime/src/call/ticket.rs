//! The duty to compute a value: from the moment that it is known that it has
//! to be computed, until it is kept, given up or lost.
//!
//! What must hold: whoever has a ticket with a flight hands a value in, or
//! drops it, and then those who wait are told that nothing came of it;
//! whatever happens is in the journal.

use std::borrow::Cow;
use std::path::Path;
use std::time::{Duration, Instant};

use super::bounds::Keeping;
use super::inputs::{About, Prepared};
use super::memo::{Memo, Open};
use super::report::Report;
use crate::clock::nanos;
use crate::codec::{self, Chosen, Codec, record};
use crate::config;
use crate::events;
use crate::header::{Argument as ArgumentRecord, Header};
use crate::journal::{Cause, Outcome};
use crate::provenance;
use crate::store::Published;
use crate::store::code::CodeInProgram;
use crate::store::entry::{self, Facts, Sealed};
use crate::store::flight::{Flight, Holding};

/// The duty to compute a value, and to hand it in.
pub(super) struct Ticket {
    report: Report,
    open: Option<Open>,
    flight: Option<Flight>,
    cause: Cause,
    replace: bool,
    computing: Instant,
    handed_in: bool,
}

/// What came of handing a value in.
pub(super) struct HandedIn {
    pub(super) outcome: Outcome,
    /// Whether there is an entry now.
    pub(super) kept: bool,
}

impl Ticket {
    pub(super) fn new(
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
    pub(super) fn uncached(report: &Report, cause: Cause) -> Self {
        Self::new(report, None, None, cause)
    }

    /// Whether the value takes the place of what is kept.
    pub(super) fn replacing(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// To be held while computing, so that nothing computed on the way waits
    /// for another's flight while this one is held.
    pub(super) fn holding(&self) -> Option<Holding> {
        self.flight
            .as_ref()
            .map(|flight| Holding::begin(flight.key()))
    }

    /// Keeps the value, if it is to be kept, and tells what came of it.
    pub(super) fn finish<R>(
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
        let encoded = if refused {
            None
        } else {
            encode(call, keeping, value)
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
                    name,
                    format_args!("{name} is computed, not kept: {reason}"),
                );
                self.cause = Cause::Trouble;
                (Outcome::Computed, 0)
            }
            Some(Ok((codec, payload))) => {
                let duplicate = matches!(
                    self.cause,
                    Cause::Nested | Cause::WaitedOut | Cause::HolderFailed
                );
                let outcome = if duplicate {
                    Outcome::Duplicate
                } else {
                    Outcome::Computed
                };
                (outcome, self.keep(call, &open, codec, &payload, computing))
            }
        };
        self.report
            .computed(&open, outcome, self.cause, computing, bytes);
        HandedIn {
            outcome,
            kept: bytes > 0,
        }
    }

    /// Publishes an encoded value; the size of the entry, 0 if that failed.
    fn keep(
        &mut self,
        call: &Prepared,
        open: &Open,
        codec: Codec,
        payload: &[u8],
        computing: Duration,
    ) -> u64 {
        let Some(memo) = &call.memo else { return 0 };
        let facts = Facts {
            key: call.place.key,
            value_type: call.about.value_type,
            codec: codec.id(),
            created: memo.options().clock.now(),
            duration: nanos(computing),
            ttl: call.ttl.unwrap_or(0),
        };
        let mut header = Vec::with_capacity(512);
        let mut told = self.header(&call.about, computing);
        let fits = |bytes: &[u8]| bytes.len() as u64 <= entry::MAX_HEADER;
        if record::append(&told, &mut header).is_err() || !fits(&header) {
            // A hundred thousand arguments, say: the key has them all.
            header.clear();
            told.arguments = &[];
            if record::append(&told, &mut header).is_err() || !fits(&header) {
                header.clear();
            }
        }
        let sealed = Sealed::new(&facts, &header, payload);
        let durable = memo.options().fsync.wanted(computing);
        let owner = &call.about.identity.name;
        let published = match self.flight.take() {
            Some(flight) => flight.publish(&call.place, owner, &sealed, self.replace, durable),
            None => open
                .store
                .publish_unlocked(&call.place, owner, &sealed, self.replace, durable),
        };
        let published = match published {
            Err(_) if open.store.is_gone() => match memo.reopened(open) {
                Some(new) => {
                    new.store
                        .publish_unlocked(&call.place, owner, &sealed, self.replace, durable)
                }
                None => return 0,
            },
            published => published,
        };
        match published {
            Ok(published) => {
                keep_code(call, memo, durable);
                if published == Published::New {
                    memo.grown(open, &call.place.key, sealed.len());
                }
                sealed.len()
            }
            Err(error) => {
                memo.warn(&error);
                0
            }
        }
    }

    fn header<'a>(
        &self,
        about: &'a About,
        computing: Duration,
    ) -> Header<&'a str, &'a [ArgumentRecord]> {
        let (code_level, fingerprint) = about.code();
        let function = about.site.map(|site| &site.function);
        let sources = match function {
            Some(function) => Cow::Borrowed(Path::new(function.manifest_dir)),
            None => Cow::Owned(config::current_dir().unwrap_or_default()),
        };
        Header {
            package: &about.identity.name.package,
            package_version: function.map_or("", |function| function.package_version),
            function: &about.identity.name.path,
            instance: about.instance.as_ref().map(|it| it.path.as_str()),
            version: about.version,
            code_level,
            fingerprint,
            arguments: &about.arguments,
            value_type: about.value_type_name,
            host: config::host(),
            pid: config::process(),
            commit: provenance::commit(&sources, computing),
        }
    }
}

/// Keeps the list of the code that a value was computed by. That it cannot be
/// kept makes explanations poorer, and nothing else.
fn keep_code(call: &Prepared, memo: &Memo, durable: bool) {
    let Some(site) = call.about.site else { return };
    let (Some(reached), (_, Some(fingerprint))) = (site.function.code.reached(), call.about.code())
    else {
        return;
    };
    let Some(open) = memo.opened() else { return };
    let code = CodeInProgram {
        conditions: reached.conditions,
        list: reached.list,
    };
    let function = call.place.function_dir();
    if let Err(error) = open.store.keep_code(function, &fingerprint, &code, durable) {
        let store = memo.dir().display().to_string();
        events::warn_once(
            "code",
            &store,
            format_args!("the code of some results will not be told: {error}"),
        );
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
fn encode<R>(call: &Prepared, keeping: &Keeping<R>, value: &R) -> Option<Chosen> {
    let codecs: &[Codec] = match &call.codec {
        Some(codec) => std::slice::from_ref(codec),
        None => codec::candidates(call.about.shape_is_complete),
    };
    let chosen = (keeping.choose)(value, codecs)?;
    if let Ok((codec, _)) = &chosen
        && call.codec.is_none()
        && *codec == Codec::MessagePack
    {
        let name = &call.about.identity.name.path;
        let note =
            format_args!("{name} is kept as {codec}: its result needs the names of its fields");
        events::note_once("messagepack", name, note);
    }
    Some(chosen)
}
