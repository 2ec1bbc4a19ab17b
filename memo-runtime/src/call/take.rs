//! Taking a found value: what has not been checked yet is checked, the value is
//! decoded, and the files that it names are put back.
//!
//! What must hold: a value is handed out only after all of its bytes have been
//! checked, and with its files in their places.

use std::path::Path;

use super::bounds::Keeping;
use super::engine::{self, set_aside};
use super::files;
use super::inputs::Prepared;
use super::memo::Memo;
use super::report::Report;
use super::ticket::Ticket;
use crate::codec::DecodeError;
use crate::codec::compress::Encoding;
use crate::config::Mode;
use crate::events;
use crate::file::scope::{self, Outputs};
use crate::journal::Cause;
use crate::payload::Unsound;
use crate::shelved;
use crate::store::entry::Fault;
use crate::store::{FileId, Loaded};

/// What taking a found value came to.
#[allow(
    clippy::large_enum_variant,
    reason = "it lives for a moment, on the stack"
)]
pub(crate) enum Taken<R> {
    /// The value.
    Value(R),
    /// It was damaged, and has been moved aside: look again.
    Damaged,
    /// It cannot be had, and has to be computed.
    Compute(Ticket),
}

/// Takes a found value. `again`: what was found before was damaged as well.
pub(crate) fn take<R>(
    call: &Prepared,
    report: &Report,
    keeping: &Keeping<R>,
    loaded: Loaded,
    again: bool,
) -> Taken<R> {
    let (number, file, created) = (loaded.codec(), loaded.id(), loaded.created());
    let damaged = |fault| match damaged(call, report, fault, file, again) {
        Some(ticket) => Taken::Compute(ticket),
        None => Taken::Damaged,
    };
    let store = call.memo.as_ref().map_or(Path::new(""), Memo::dir);
    let Ok(encoding) = Encoding::readable(number, store) else {
        return Taken::Compute(engine::undecodable(call, report, number));
    };
    let (value, outputs) = receive(call, keeping, encoding, loaded);
    match value {
        Ok(value) if super::is_check(call) => Taken::Value(value),
        Ok(value) => match files::restore(call, &outputs, created) {
            Ok(()) => Taken::Value(value),
            Err(error) => {
                let name = &call.about.identity.name.path;
                let subject = format!("{name} {error}");
                events::warn_once(
                    "restore",
                    &subject,
                    format_args!("{name} is computed: {error}"),
                );
                if error.is_loss() {
                    damaged(Fault::LostFile)
                } else {
                    Taken::Compute(Ticket::uncached(report, Cause::Trouble))
                }
            }
        },
        Err(DecodeError::Unsound(Unsound::System(error))) => {
            Taken::Compute(engine::unreadable(call, report, error))
        }
        Err(DecodeError::Unsound(Unsound::Digest)) => damaged(Fault::BadPayloadDigest),
        Err(DecodeError::Unsound(Unsound::Frame) | DecodeError::Malformed(_)) => {
            damaged(Fault::Undecodable)
        }
    }
}

/// Takes a found value, if it can be had. Nothing is told, put back or changed.
pub(crate) fn take_quietly<R>(call: &Prepared, keeping: &Keeping<R>, loaded: Loaded) -> Option<R> {
    let encoding = Encoding::readable(loaded.codec(), Path::new("")).ok()?;
    let created = loaded.created();
    let (value, outputs) = receive(call, keeping, encoding, loaded);
    value
        .ok()
        .filter(|_| files::are_there(call, &outputs, Some(created)))
}

/// Decodes a value, and tells which files it names.
fn receive<R>(
    call: &Prepared,
    keeping: &Keeping<R>,
    encoding: Encoding,
    loaded: Loaded,
) -> (Result<R, DecodeError>, Outputs) {
    let decode = || {
        let payload = encoding.open(loaded.into_incoming())?;
        (keeping.receive)(encoding.codec, payload)
    };
    shelved::within(call.memo.as_ref(), || scope::decoding(decode))
}

/// The duty to compute what a damaged entry was to be the value of, which is
/// moved aside; `None`: look again, for another may compute it. `again`: what
/// was found before was damaged as well.
pub(crate) fn damaged(
    call: &Prepared,
    report: &Report,
    fault: Fault,
    file: FileId,
    again: bool,
) -> Option<Ticket> {
    let memo = call.memo.as_ref();
    let writable = memo.filter(|memo| memo.options().mode != Mode::ReadOnly);
    let Some(open) = writable.and_then(Memo::opened) else {
        return Some(Ticket::uncached(report, Cause::Damaged));
    };
    set_aside(call, &open, report, fault, Some(file));
    // Whoever wrote it anew will write it so again.
    let ticket = || Ticket::new(report, Some(open), None, Cause::Damaged);
    again.then(|| ticket().replacing(true))
}
