//! Programs as calls: a run is found or made, its outcome kept, as that of a
//! function is.
//!
//! The value of such a call is a [`Recording`]: what the program printed, to
//! both streams and in order, the files that it left, and its exit code and
//! metrics. Everything else is as with any call: one key, one entry, one
//! flight, records in the journal; its files are kept and put back as those of
//! an [`OutputFile`](crate::OutputFile). This module starts no program;
//! `cargo memo run` does.
//!
//! What must hold: a large recording is never held in memory, neither when it
//! is made nor when it is found; and nothing about the store keeps a program
//! from running, or from printing.

pub(crate) mod format;
mod outputs;
mod recorder;
mod recording;
mod tape;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use crate::call::ProgramCode;
pub use crate::header::{Metric, RunFacts};
pub use crate::metrics::read_metrics;
pub use outputs::{Outputs, Restored, output_path};
pub use recorder::{Finished, Recorder};
pub use recording::Recording;

use crate::call::engine::{self, Approach};
use crate::call::function::Identity;
use crate::call::inputs::{Inputs, Prepared};
use crate::call::patience::Waiting;
use crate::call::report::Report;
use crate::call::ticket::Ticket;
use crate::call::{Executable, Memo, Open, take};
use crate::clock::Moment;
use crate::config::{self, Mode};
use crate::file::Desk;
use crate::file::scope::Unrestored;
use crate::header::{self, Argument};
use crate::journal::{self, Cause, Outcome};
use crate::key::Digest;
use crate::manage::{Entry, Holder, Unreadable, Vault};
use crate::store::Delivery;
use crate::store::entry::Fault;
use format::NoRecording;

/// The variable that tells a program where to put metrics.
pub const METRICS_VARIABLE: &str = config::METRICS;
/// The variable that tells a program the keys of the runs that it is part of,
/// in hex digits, with commas in between.
pub const HELD_VARIABLE: &str = config::HELD;

/// One of the two streams that programs print to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// What an output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OutputKind {
    /// A file.
    File,
    /// An empty directory.
    Dir,
}

/// A file that a program left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedOutput {
    /// Where it was, relative to where the program ran: names with `/` between
    /// them, none of which is `.` or `..`.
    pub path: String,
    /// Its mode, as the program left it.
    pub mode: u32,
    /// What it is.
    pub kind: OutputKind,
    /// Its size in bytes.
    pub bytes: u64,
    /// The BLAKE3 digest of its bytes.
    pub digest: Digest,
}

/// A run of a program that has not been made yet: the program, and everything
/// that its outcome depends on.
#[derive(Clone, Debug)]
pub struct RunCall {
    call: Arc<Prepared>,
}

/// How a run is to be begun.
pub struct Manner<'a> {
    /// Make it, whatever is kept.
    pub refresh: bool,
    /// Wait for another that makes it.
    pub wait: bool,
    /// Keep what comes of it.
    pub keep: bool,
    /// What is put back if it is found; `None`: nothing.
    pub outputs: Option<&'a Outputs<'a>>,
    /// Ends the waiting.
    pub cancelled: &'a AtomicBool,
    /// Is told for whom it waits, and how long that usually takes.
    pub waits: &'a dyn Fn(&Holder, Option<Duration>),
}

/// What beginning a run came to.
#[derive(Debug)]
pub enum Begun {
    /// It is kept: found at once, or after another had made it. Its outputs are
    /// in their places.
    Found(Recording, Outcome, Restored),
    /// It is kept, and its outputs cannot be put into their places: why.
    Hindered(String),
    /// It is to be made, by whoever has this.
    Compute(Recorder),
    /// Another makes it, and waiting for that was not wanted.
    UnderWay,
    /// The waiting was ended, or putting back what it left.
    Cancelled,
    /// It is not kept, and `MEMO=offline` forbids to make it.
    Refused,
}

/// What is known of a kept run without reading its recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The exit code, and the metrics.
    pub facts: RunFacts,
    /// When it was computed.
    pub created: Moment,
    /// How long the program ran.
    pub duration: Duration,
}

impl RunCall {
    /// Begins to describe a run of `program`. `package`: the package that it
    /// is built from; empty if it is from none.
    pub fn builder(memo: &Memo, package: &str, program: &str) -> RunBuilder {
        RunBuilder {
            memo: memo.clone(),
            identity: Identity::of_program(package, program),
            program: Executable::default(),
            arguments: Vec::new(),
            ttl: None,
        }
    }

    /// The key of the call.
    pub fn key(&self) -> Digest {
        self.call.about.place.key
    }

    pub(crate) fn prepared(&self) -> &Prepared {
        &self.call
    }

    /// Whether it is kept, and what came of it. The recording is neither read
    /// nor checked, and nothing is recorded or changed.
    pub fn peek(&self) -> Option<Kept> {
        let memo = self.call.memo.as_ref()?;
        if matches!(memo.mode(), Mode::Off | Mode::Refresh) {
            return None;
        }
        let store = memo.opened_if_there()?;
        let (facts, header) = store.peek(&self.call.about.place, &self.call.about.value_type)?;
        let (_, run) = header::decode(&header).ok()?;
        (!self.call.is_over(facts.created)).then_some(Kept {
            facts: run?,
            created: facts.created,
            duration: Duration::from_nanos(facts.duration),
        })
    }

    /// The longest that the program ran lately, whatever its arguments.
    pub fn usual(&self) -> Option<Duration> {
        let store = self.call.memo.as_ref()?.opened_if_there()?;
        let name = &self.call.about.identity.name;
        journal::longest_recent(&store, &name.package, &name.path)
    }

    /// Finds the recording, or the right to make it.
    pub fn begin(&self, manner: &Manner<'_>) -> Begun {
        self.begin_within(&config::held(), manner)
    }

    /// As [`begin`](Self::begin), in a process that is part of the runs with
    /// the keys `held`.
    fn begin_within(&self, held: &[Digest], manner: &Manner<'_>) -> Begun {
        let call = &*self.call;
        let report = Report::begin(call);
        // Whoever computes it waits for this very process.
        let is_nested = held.contains(&self.key());
        let waiting = Waiting::of(call, &report)
            .until(manner.cancelled)
            .telling(manner.waits)
            .until_the_end(held.is_empty());
        let mut how = engine::Manner {
            refresh: manner.refresh,
            wait: manner.wait && !is_nested,
            queue: true,
            damaged: false,
        };
        let mut lost = None;
        let ticket = loop {
            match engine::approach(call, &report, how, &waiting) {
                Approach::Found(loaded, outcome, open) => {
                    let (codec, file, size) = (loaded.codec(), loaded.id(), loaded.size());
                    let recording = match Recording::of(loaded) {
                        Ok(recording) => recording,
                        Err(NoRecording::Malformed(_)) => {
                            break engine::undecodable(call, &report, codec);
                        }
                        Err(NoRecording::System(error)) => {
                            break engine::unreadable(call, &report, error);
                        }
                    };
                    match self.restore(&open, &recording, manner.outputs) {
                        Ok(restored) => {
                            self.tell(&report, &open, &recording, outcome, size);
                            return Begun::Found(recording, outcome, restored);
                        }
                        Err(Unrestored::Lost(trouble)) => {
                            lost = Some(trouble.to_string());
                            let again = how.damaged;
                            match take::damaged(call, &report, Fault::LostFile, file, again) {
                                Some(ticket) => break ticket,
                                None => (how.damaged, how.refresh) = (true, false),
                            }
                        }
                        Err(Unrestored::Unreadable(trouble)) => {
                            lost = Some(trouble.to_string());
                            break Ticket::uncached(&report, Cause::Trouble);
                        }
                        Err(Unrestored::Cancelled) => return Begun::Cancelled,
                        Err(hindered) => return Begun::Hindered(hindered.to_string()),
                    }
                }
                Approach::Compute(ticket) => break ticket,
                Approach::UnderWay if waiting.is_cancelled() => return Begun::Cancelled,
                Approach::UnderWay if is_nested => {
                    let open = call.memo.as_ref().and_then(Memo::opened);
                    break Ticket::new(&report, open, None, Cause::Nested);
                }
                Approach::UnderWay => return Begun::UnderWay,
                Approach::Refused(_) => return Begun::Refused,
            }
        };
        if lost.is_some() && call.memo.as_ref().map(Memo::mode) == Some(Mode::Offline) {
            return Begun::Refused;
        }
        Begun::Compute(Recorder::new(&self.call, ticket, manner.keep, lost))
    }

    /// Puts back what was left.
    fn restore(
        &self,
        open: &Open,
        recording: &Recording,
        outputs: Option<&Outputs<'_>>,
    ) -> Result<Restored, Unrestored> {
        let outputs = outputs.filter(|_| !recording.outputs().is_empty());
        let (Some(outputs), Some(memo)) = (outputs, &self.call.memo) else {
            return Ok(Restored::default());
        };
        let desk = Desk::of(memo, &open.store);
        outputs::restore(outputs, recording.outputs(), &desk)
    }

    /// Tells that a recording was found.
    fn tell(
        &self,
        report: &Report,
        open: &Open,
        recording: &Recording,
        outcome: Outcome,
        size: u64,
    ) {
        if let Some(memo) = &self.call.memo
            && memo.mode() != Mode::ReadOnly
        {
            report.found(open, outcome, report.took(), recording.duration(), size);
        }
    }
}

/// What a run depends on. From [`RunCall::builder`].
#[derive(Debug)]
#[must_use = "it describes a run, and makes none"]
pub struct RunBuilder {
    memo: Memo,
    identity: Identity,
    program: Executable,
    arguments: Vec<Argument>,
    ttl: Option<Duration>,
}

impl RunBuilder {
    /// The code of the program. Without, it is no part of the key.
    pub fn code(mut self, code: ProgramCode) -> Self {
        self.program.code = Some(code);
        self
    }

    /// Adds what else the outcome depends on. Names and order are part of the
    /// key; `text` is for people.
    pub fn argument(mut self, name: &str, digest: Digest, text: &str) -> Self {
        self.arguments.push(Argument {
            name: name.to_owned(),
            digest,
            text: text.to_owned(),
        });
        self
    }

    /// For how long the recording is valid.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    /// Where the sources of the program are, for the commit that is told.
    pub fn dir(mut self, dir: &Path) -> Self {
        self.program.dir = Some(dir.to_owned());
        self
    }

    /// The run.
    pub fn build(self) -> RunCall {
        let mut inputs = Inputs::of_program(self.memo, self.identity, self.program);
        self.arguments
            .into_iter()
            .for_each(|argument| inputs.add_digested(argument));
        if let Some(ttl) = self.ttl {
            inputs.set_ttl(ttl);
        }
        let call = inputs.finish(format::shape(), format::TYPE_NAME, Delivery::Recording);
        RunCall {
            call: Arc::new(call),
        }
    }
}

impl Vault {
    /// The recording that is the value of an entry, checked; `None`: it has
    /// gone, or its value is none.
    ///
    /// # Errors
    ///
    /// It is damaged, newer than this crate, or cannot be read.
    pub fn recording(&self, entry: &Entry) -> Result<Option<Recording>, Unreadable> {
        let Some(loaded) = self.store.load(entry, &format::shape().digest)? else {
            return Ok(None);
        };
        match Recording::of(loaded) {
            Ok(recording) => Ok(Some(recording)),
            Err(NoRecording::Malformed(why)) => Err(Unreadable::Damaged(why.to_owned())),
            Err(NoRecording::System(error)) => Err(Unreadable::System(error.to_string())),
        }
    }
}
