//! The duty to run a program, and what it prints and leaves on the way into
//! the store.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::outputs::{self, Outputs};
use super::recording::Recording;
use super::tape::{Bytes, Tape};
use super::{RunFacts, Stream};
use crate::call::inputs::Prepared;
use crate::call::ticket::{Kept, Payload, Ticket};
use crate::codec::Codec;
use crate::file::Desk;
use crate::header::KeptFile;
use crate::journal::{Cause, Outcome};
use crate::key::Digest;

/// The duty to run a program, and to hand in what it prints and leaves.
///
/// Dropped without having been finished, nothing is kept, and those who wait
/// go on.
#[must_use = "others may be waiting for what comes of it"]
#[derive(Debug)]
pub struct Recorder {
    call: Arc<Prepared>,
    ticket: Ticket,
    keep: bool,
    tape: Box<Tape>,
    /// The files that it left, as the header names them.
    files: Vec<KeptFile>,
    lost: Option<String>,
}

/// What came of a recording.
#[derive(Debug)]
pub struct Finished {
    /// What is in the journal.
    pub outcome: Outcome,
    /// Whether there is an entry now.
    pub kept: bool,
    /// Why there is not, although there was to be one.
    pub problem: Option<String>,
    /// What was recorded, whether it is kept or not.
    pub recording: Option<Recording>,
}

impl Recorder {
    pub(super) fn new(
        call: &Arc<Prepared>,
        ticket: Ticket,
        keep: bool,
        lost: Option<String>,
    ) -> Self {
        let store = call.memo.clone().zip(ticket.open().cloned());
        Self {
            call: Arc::clone(call),
            tape: Box::new(Tape::new(store, keep)),
            ticket,
            keep,
            files: Vec::new(),
            lost,
        }
    }

    /// Why the program is run.
    pub fn cause(&self) -> Cause {
        self.ticket.cause()
    }

    /// Which output of the run that was kept is lost, if that is why the program
    /// is run.
    pub fn lost(&self) -> Option<&str> {
        self.lost.as_deref()
    }

    /// The key, if this is the one that computes it: to be told to the program
    /// in [`HELD_VARIABLE`](super::HELD_VARIABLE).
    pub fn held(&self) -> Option<Digest> {
        self.ticket.is_flying().then_some(self.call.about.place.key)
    }

    /// Adds what the program printed.
    pub fn write(&mut self, stream: Stream, bytes: &[u8]) {
        self.tape.print(stream, bytes);
    }

    /// Adds the files that a program left which was started at the moment
    /// `since` and ran for `took`. Nothing is printed after it.
    ///
    /// Of what is in a declared directory, files and empty directories are
    /// taken whose inode changed then or later, or up to 10 milliseconds
    /// before: the clock that a kernel stamps files with may lag by one tick.
    /// So that nothing else has changed in these, `since` is to be what
    /// [`Outputs::settled`] told. What is declared by its own path is taken
    /// whenever it changed.
    ///
    /// # Errors
    ///
    /// A declared output is missing or cannot be read; it is, contains or is
    /// behind something that is neither a file nor a directory; it has a name
    /// that is not UTF-8; it changes meanwhile. Then the run must not be kept.
    pub fn collect(
        &mut self,
        outputs: &Outputs<'_>,
        since: SystemTime,
        took: Duration,
    ) -> Result<(), String> {
        let call = &self.call;
        let memo = call.memo.as_ref().filter(|_| self.keep);
        let open = memo.zip(self.ticket.open()).map(|(memo, open)| {
            // Removed under our feet?
            let gone = open.store.is_gone();
            let new = gone.then(|| memo.reopened(open)).flatten();
            (memo, new.unwrap_or_else(|| open.clone()))
        });
        let desk = open.as_ref().map(|(memo, open)| Desk {
            goes_on: outputs.goes_on,
            ..Desk::of(memo, &open.store)
        });
        let function = call.about.place.function_dir();
        let durable = self.ticket.is_durable(call, took);
        let collected = outputs::collect(outputs, since, desk.as_ref(), function, durable);
        let collected = collected.map_err(|trouble| trouble.to_string())?;
        if let Some(problem) = collected.problem {
            self.tape.ends(problem);
        }
        self.tape.left(collected.outputs);
        self.files = collected.files;
        Ok(())
    }

    /// Keeps what was recorded of a program that ran for `took`, unless nothing
    /// was to be kept.
    pub fn finish(self, facts: RunFacts, took: Duration) -> Finished {
        let trouble = self.trouble();
        let Self {
            call,
            ticket,
            keep,
            tape,
            files,
            lost: _,
        } = self;
        let now = call
            .memo
            .as_ref()
            .map_or(0, |memo| memo.options().clock.now());
        let (mut bytes, summary, problem) = tape.finish();
        let left = |ticket: Ticket, cause| {
            ticket.leave(Outcome::Computed, cause, took);
            (Outcome::Computed, false)
        };
        let handed_in = |ticket: Ticket, payload| {
            let kept = Kept {
                encoding: Codec::Recording.into(),
                payload,
                run: Some(&facts),
                files: &files,
            };
            let (handed_in, error) = ticket.finish_run(&call, kept, took);
            let problem = error.map(|error| error.to_string());
            ((handed_in.outcome, handed_in.kept), problem)
        };
        let ((outcome, kept), problem) = match (&mut bytes, trouble.or(problem)) {
            _ if !keep => (left(ticket, Cause::Checked), None),
            (_, Some(problem)) => (left(ticket, Cause::Trouble), Some(problem)),
            // There is no store, and that is as it should be.
            (Bytes::Lost(_), None) => (left(ticket, Cause::Plain), None),
            (Bytes::Held(bytes), None) => {
                handed_in(ticket, Payload::Pieces(&[Cow::Borrowed(bytes)]))
            }
            (Bytes::Spooled(spool), None) => handed_in(ticket, Payload::Spooled(spool)),
        };
        Finished {
            outcome,
            kept,
            problem,
            recording: Some(Recording::new(facts, (now, took), summary, bytes.open())),
        }
    }

    /// Why nothing could be kept from the first.
    fn trouble(&self) -> Option<String> {
        let cannot = self.ticket.cause() == Cause::Trouble && self.ticket.open().is_none();
        let memo = self.call.memo.as_ref().filter(|_| cannot)?;
        Some(
            memo.trouble()
                .unwrap_or_else(|| "there is no store".to_owned()),
        )
    }

    /// Keeps nothing of a program that ran for `took`, and tells why.
    pub fn fail(self, cause: Cause, took: Duration) {
        self.ticket.leave(Outcome::Error, cause, took);
    }
}
