//! Which files a value has in it, found out while it is serialized.
//!
//! serde's traits have no room for a store or a list, so each thread has a
//! stack of scopes: what is in a value is told to the innermost, and what a
//! file looks like serialized depends on it. In keys it is its content, in
//! entries its path, everywhere else its path as well.
//!
//! # Where a call comes by
//!
//! - `call/inputs.rs`, around the spelling and the text of the same argument:
//!   [`keying`] with the call's store. What it returns of inputs is kept with
//!   the call until it has been computed.
//! - `call/ticket.rs`, when the value is there and is to be kept: if one of
//!   the inputs [has changed](InputSeen::change), the value is not kept, and why
//!   is told. Its encoding stands in [`encoding`]; if that met any outputs,
//!   [`Outputs::keep`] comes before the entry is published, and its records go
//!   into the header ([`header::append_files`](crate::header::append_files)). An
//!   entry without them must not be published.
//! - `call/engine.rs`: decoding stands in [`decoding`]; if that met any
//!   outputs, [`Outputs::restore`] comes before the value is handed out, with
//!   the header that it was decoded beside. Where that fails, the value is
//!   computed, in the place of what is kept if [`Unrestored::is_loss`].
//! - Who only looks (`Call::cached`) hands a value out if
//!   [`Outputs::are_there`]. So does `MEMO=check`: before the function is
//!   computed again nothing is restored, and after it the outputs have to be
//!   there, or the hit differs.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::mem;
use std::path::{Path, PathBuf};

use serde::Serializer;

use super::content::{self, Content, Look, Reading};
use super::keep::{self, Unkept};
use super::restore;
pub(crate) use super::restore::Unrestored;
use super::{Desk, Trouble};
use crate::call::Memo;
use crate::clock::Clock;
use crate::header::KeptFile;
use crate::key::{Audience, audience};

thread_local! {
    static SCOPES: RefCell<Vec<Scope>> = const { RefCell::new(Vec::new()) };
}

enum Scope {
    /// Files count by their content.
    Keying(Option<Memo>, Vec<InputSeen>),
    /// Files are paths, and outputs are taken down.
    Serialized(Outputs),
}

/// Runs `digest`, which digests an argument of a call that keeps its result
/// through `memo`: files in it count by their content. Tells which there were.
/// The memo is lent for that long, as a clone would cost every argument more
/// than looking for files in it does. A panic takes it along.
pub(crate) fn keying<R>(
    memo: &mut Option<Memo>,
    digest: impl FnOnce() -> R,
) -> (R, Vec<InputSeen>) {
    match within(Scope::Keying(memo.take(), Vec::new()), digest) {
        (digest, Some(Scope::Keying(taken, seen))) => {
            *memo = taken;
            (digest, seen)
        }
        (digest, _) => (digest, Vec::new()),
    }
}

/// Runs `encode`, which encodes a result. Tells which outputs there were.
pub(crate) fn encoding<R>(encode: impl FnOnce() -> R) -> (R, Outputs) {
    taking_down(encode)
}

/// Runs `decode`, which decodes a result. Tells which outputs there were.
pub(crate) fn decoding<R>(decode: impl FnOnce() -> R) -> (R, Outputs) {
    taking_down(decode)
}

fn taking_down<R>(body: impl FnOnce() -> R) -> (R, Outputs) {
    match within(Scope::Serialized(Outputs::default()), body) {
        (result, Some(Scope::Serialized(outputs))) => (result, outputs),
        (result, _) => (result, Outputs::default()),
    }
}

fn within<R>(scope: Scope, body: impl FnOnce() -> R) -> (R, Option<Scope>) {
    /// Takes the scope off again, also on the way of a panic.
    struct Inside;
    impl Drop for Inside {
        fn drop(&mut self) {
            leave();
        }
    }
    fn leave() -> Option<Scope> {
        SCOPES.with_borrow_mut(Vec::pop)
    }
    SCOPES.with_borrow_mut(|scopes| scopes.push(scope));
    let inside = Inside;
    let result = body();
    mem::forget(inside);
    (result, leave())
}

/// Runs `compute`, which is another's code: whatever is being serialized when
/// it is called, what it serializes itself is in no scope.
pub(crate) fn outside<R>(compute: impl FnOnce() -> R) -> R {
    struct Back(Vec<Scope>);
    impl Drop for Back {
        fn drop(&mut self) {
            SCOPES.set(mem::take(&mut self.0));
        }
    }
    let _back = Back(SCOPES.take());
    compute()
}

/// Whether a file is its content to this serializer, or else its path.
pub(super) fn is_by_content<S: Serializer>() -> bool {
    let audience = audience::<S>();
    SCOPES.with_borrow(|scopes| match scopes.last() {
        // Also where another serializer stands between, as for types that
        // serde first gathers: a key must never be that of a path.
        Some(Scope::Keying(..)) => audience != Audience::People,
        Some(Scope::Serialized(_)) => false,
        None => audience == Audience::Key,
    })
}

/// The content of a file that is part of an argument.
pub(super) fn content_of(path: &Path) -> Result<Content, Trouble> {
    let memo = SCOPES.with_borrow(|scopes| match scopes.last() {
        Some(Scope::Keying(memo, _)) => memo.clone(),
        _ => None,
    });
    // Not to be created for this: nothing is kept yet.
    let store = memo.as_ref().and_then(Memo::opened_if_there);
    let look = match (&memo, &store) {
        (Some(memo), Some(store)) => {
            let desk = Desk::of(memo, store);
            content::look_at(path, &mut Reading::at(&desk))?
        }
        _ => content::look_at(
            path,
            &mut Reading::without_store(&Clock::system(), &|| true),
        )?,
    };
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(Scope::Keying(_, seen)) = scopes.last_mut() {
            seen.push(InputSeen {
                // The program may go elsewhere while it computes.
                path: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
                look,
            });
        }
    });
    Ok(look.content)
}

/// The content of a file by which this argument was keyed just now.
pub(super) fn keyed_content(path: &Path) -> Option<Content> {
    let path = std::path::absolute(path).ok()?;
    SCOPES.with_borrow(|scopes| match scopes.last() {
        Some(Scope::Keying(_, seen)) => {
            let of_path = seen.iter().rev().find(|seen| seen.path == path);
            of_path.map(|seen| seen.look.content)
        }
        _ => None,
    })
}

/// Takes down an output that was met in a result.
pub(super) fn met(path: &Path) {
    SCOPES.with_borrow_mut(|scopes| {
        if let Some(Scope::Serialized(Outputs(paths))) = scopes.last_mut()
            && !paths.contains(path)
        {
            paths.insert(path.to_owned());
        }
    });
}

/// A file or directory that a call was keyed by, as it was then.
#[derive(Clone, Debug)]
pub(crate) struct InputSeen {
    path: PathBuf,
    look: Look,
}

impl InputSeen {
    /// What has become of it, if it is not as it was: the result of a
    /// computation that came between may be of either.
    pub(crate) fn change(&self, desk: &Desk<'_>) -> Option<Trouble> {
        match content::look_at(&self.path, &mut Reading::at(desk)) {
            Ok(look) if look == self.look => None,
            Ok(_) => {
                let problem = "this input has changed while the function computed";
                Some(Trouble::new(&self.path, problem))
            }
            Err(trouble) => Some(trouble),
        }
    }
}

/// The output files in a result, each once.
#[derive(Debug, Default)]
pub(crate) struct Outputs(BTreeSet<PathBuf>);

impl Outputs {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps their content in the store, where an entry of `function`, the
    /// name of a directory below `entries/`, is about to name it. `durable`:
    /// it survives a power cut.
    pub(crate) fn keep(
        &self,
        desk: &Desk<'_>,
        function: &str,
        durable: bool,
    ) -> Result<Vec<KeptFile>, Unkept> {
        keep::keep(&self.0, desk, function, durable)
    }

    /// Puts back what is missing or differs, as the encoded `header` of the
    /// entry has it.
    pub(crate) fn restore(&self, desk: &Desk<'_>, header: &[u8]) -> Result<(), Unrestored> {
        restore::restore(&self.0, desk, header)
    }

    /// Whether all are as the encoded `header` of the entry has them. Nothing
    /// is changed.
    pub(crate) fn are_there(&self, desk: &Desk<'_>, header: &[u8]) -> bool {
        restore::are_there(&self.0, desk, header)
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keying(..) => "Keying",
            Self::Serialized(_) => "Serialized",
        })
    }
}
