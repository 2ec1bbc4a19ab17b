//! What a call has to do with files: those in its arguments are to stay as they
//! were while it computes, those in its result are kept with it and put back.

use super::bounds::Keeping;
use super::inputs::Prepared;
use super::memo::Open;
use crate::clock::Moment;
use crate::codec::{self, Nowhere, Wanted};
use crate::file::Desk;
use crate::file::scope::{self, Outputs, Unrestored};
use crate::header::KeptFile;

/// Keeps the content of the files in a result that is about to be kept; the
/// reason why the result is not to be kept, if there is one.
pub(super) fn keep(
    call: &Prepared,
    open: &Open,
    outputs: &Outputs,
    durable: bool,
) -> Result<Vec<KeptFile>, String> {
    let Some(memo) = &call.memo else {
        return Ok(Vec::new());
    };
    let desk = Desk::of(memo, &open.store);
    if let Some(change) = call.files.iter().find_map(|seen| seen.change(&desk)) {
        return Err(change.to_string());
    }
    if outputs.is_empty() {
        return Ok(Vec::new());
    }
    let kept = outputs.keep(&desk, call.about.place.function_dir(), durable);
    kept.map_err(|error| error.to_string())
}

/// Puts back the files in a result that was found, and was computed then.
pub(super) fn restore(
    call: &Prepared,
    outputs: &Outputs,
    created: Moment,
) -> Result<(), Unrestored> {
    if outputs.is_empty() {
        return Ok(());
    }
    let restore = |desk: &Desk<'_>, header: &[u8]| outputs.restore(desk, header);
    with_header(call, Some(created), restore).unwrap_or(Ok(()))
}

/// Whether the files in a result that was found are there, as they were kept;
/// if `created` is given, with the result that was computed then.
pub(super) fn are_there(call: &Prepared, outputs: &Outputs, created: Option<Moment>) -> bool {
    let are_there = |desk: &Desk<'_>, header: &[u8]| outputs.are_there(desk, header);
    outputs.is_empty() || with_header(call, created, are_there).unwrap_or(false)
}

/// The files that a result names.
pub(super) fn named_in<R>(keeping: &Keeping<R>, value: &R) -> Outputs {
    let wanted = Wanted::Any(codec::candidates(true));
    scope::encoding(|| (keeping.give)(value, wanted, &mut Nowhere).is_some()).1
}

/// Hands out the encoded header of the entry, which knows what the files in the
/// result were. It is empty if the entry has just gone, or was replaced: files
/// of one computation do not go with the result of another.
fn with_header<R>(
    call: &Prepared,
    created: Option<Moment>,
    body: impl FnOnce(&Desk<'_>, &[u8]) -> R,
) -> Option<R> {
    let memo = call.memo.as_ref()?;
    let store = memo.opened_if_there()?;
    let peeked = store.peek(&call.about.place, &call.about.value_type);
    let same = peeked.filter(|(facts, _)| created.is_none_or(|then| facts.created == then));
    let header = same.map(|(_, header)| header).unwrap_or_default();
    Some(body(&Desk::of(memo, &store), &header))
}
