//! Results on the shelf: kept in the store, not loaded, and passed on.
//!
//! A shelf names a value that is kept, by its call and by its digest. It loads
//! or maps the value when that is wanted, and as an argument it stands for the
//! value by that digest, so that a large result is handed from one memoized
//! function to the next without being read. What must hold: a shelf never gives
//! another value than the one that it is keyed by; where that is gone it says so.

mod error;
mod serialized;

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use error::ShelfError;
pub(crate) use serialized::within;

use crate::call::{Keeping, Memo, Prepared, Value};
use crate::clock::Moment;
use crate::codec::compress::Encoding;
use crate::codec::{self, Codec, DecodeError};
use crate::config::Mode;
use crate::error::StoreError;
use crate::file::Desk;
use crate::file::scope::{self, Outputs};
use crate::hash;
use crate::header::{self, KeptFile};
use crate::key::{Digest, KeyBuilder};
use crate::mapped::MappedVec;
use crate::payload::{Incoming, Unsound};
use crate::plain::Plain;
use crate::store::entry::Fault;
use crate::store::layout;
use crate::store::{Delivery, FileId, Loaded, Lookup, Place};

/// A result that is kept in the store and has not been loaded. From
/// [`Call::shelve`](crate::Call::shelve).
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # // SAFETY: no other thread of this program runs yet.
/// # unsafe { std::env::set_var("MEMO_DIR", dir.path().join("store")) };
/// use memo_runtime::{ShelfError, Shelved, call, memo};
///
/// #[memo]
/// fn squares(upto: u64) -> Vec<u64> {
///     (0..upto).map(|n| n * n).collect()
/// }
///
/// #[memo]
/// fn largest(squares: &Shelved<Vec<u64>>) -> Result<Option<u64>, ShelfError> {
///     Ok(squares.map()?.last().copied())
/// }
///
/// let squares = call!(squares(1000)).shelve(); // computed, or found and not read
/// assert_eq!(largest(&squares)?, Some(998_001)); // keyed by their digest, which is known
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is cheap to clone and can be serialized: it says which call it is of,
/// and is looked for in the store that it is read from, or in that of the
/// workspace. As an argument it is keyed by the digest of the value, which its
/// entry knows: where a call comes out as before, what is made of it is found.
///
/// The store may let go of a value, as of any that was not used for long:
/// [`load`](Self::load) then is an error, and the call has to be made again.
pub struct Shelved<T> {
    label: Arc<Label>,
    /// Where it is looked for; `None`: in the store of the workspace.
    memo: Option<Memo>,
    value: PhantomData<fn() -> T>,
}

/// Which call a value is of.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    /// The call as one would write it.
    call: String,
    /// `None`: an argument could not be serialized.
    key: Option<Digest>,
    /// The directory of its function in the store.
    function: String,
    value_type: Digest,
    /// The digest of the value.
    content: Digest,
    /// The value, where it could not be kept.
    held: Option<Held>,
}

/// A value that is in no store.
#[derive(Serialize, Deserialize)]
struct Held {
    encoding: u32,
    #[serde(with = "serialized::bytes")]
    bytes: Arc<Vec<u8>>,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}

impl<T> Shelved<T> {
    /// The value of a call, which is kept in this entry.
    pub(crate) fn kept(call: &Prepared, entry: &Loaded) -> Self {
        Self::new(call, call.about.value_type, content_of(entry), None)
    }

    /// The value of a call, which is not kept as a value of this type: in the
    /// encoding with this number.
    pub(crate) fn held(call: &Prepared, value_type: Digest, encoding: u32, bytes: Vec<u8>) -> Self {
        let payload = Digest::from_bytes(*hash::hash(&bytes).as_bytes());
        let content = content(encoding, &payload, &[]);
        let bytes = Arc::new(bytes);
        Self::new(call, value_type, content, Some(Held { encoding, bytes }))
    }

    /// A value that no codec can encode, which cannot be had again and is the
    /// same as no other.
    pub(crate) fn lost(call: &Prepared, value_type: Digest) -> Self {
        Self::new(call, value_type, no_other(), None)
    }

    fn new(call: &Prepared, value_type: Digest, content: Digest, held: Option<Held>) -> Self {
        let label = Label {
            call: call.about.to_string(),
            key: call.refused.is_none().then_some(call.about.place.key),
            function: call.about.place.function_dir().to_owned(),
            value_type,
            content,
            held,
        };
        Self {
            label: Arc::new(label),
            memo: call.memo.clone(),
            value: PhantomData,
        }
    }

    /// The key of its call; `None` if an argument of that could not be
    /// serialized.
    pub fn key(&self) -> Option<Digest> {
        self.label.key
    }

    fn take<R>(
        &self,
        value_type: Digest,
        receive: impl FnOnce(Codec, Incoming) -> Result<R, DecodeError>,
    ) -> Result<R, ShelfError> {
        if value_type != self.label.value_type {
            return Err(self.damaged("it is of another type"));
        }
        let memo = self.memo.clone().or_else(Memo::of_surroundings);
        let (number, payload, found) = match &self.label.held {
            Some(held) => {
                let bytes = Arc::clone(&held.bytes);
                let all = 0..bytes.len();
                (held.encoding, Incoming::checked(bytes, all), None)
            }
            None => {
                let loaded = self.look_up(memo.as_ref())?;
                let found = (loaded.id(), loaded.created());
                (loaded.codec(), loaded.into_incoming(), Some(found))
            }
        };
        let dir = memo.as_ref().map_or(Path::new(""), Memo::dir);
        let encoding = Encoding::readable(number, dir).map_err(|error| self.store(Some(error)))?;
        let decode = || receive(encoding.codec, encoding.open(payload)?);
        let (value, outputs) = within(memo.as_ref(), || scope::decoding(decode));
        let value = value.map_err(|error| {
            let reason = match error {
                DecodeError::Unsound(Unsound::System(error)) => {
                    return self.store(Some(StoreError::io("read", dir, error)));
                }
                DecodeError::Unsound(Unsound::Digest) => Fault::BadPayloadDigest.to_string(),
                DecodeError::Unsound(Unsound::Frame) => Fault::Undecodable.to_string(),
                DecodeError::Malformed(error) => error.to_string(),
            };
            self.set_aside(memo.as_ref(), found.map(|(file, _)| file));
            self.damaged(reason)
        })?;
        if let Some((_, created)) = found
            && !outputs.is_empty()
        {
            let restored = self.restore(memo.as_ref(), &outputs, created);
            return restored.map(|()| value);
        }
        Ok(value)
    }

    /// Puts back the files that the value names.
    fn restore(
        &self,
        memo: Option<&Memo>,
        outputs: &Outputs,
        created: Moment,
    ) -> Result<(), ShelfError> {
        let gone = || self.gone();
        let memo = memo.ok_or_else(gone)?;
        let store = memo.opened_if_there().ok_or_else(gone)?;
        let place = self.place().ok_or_else(gone)?;
        let peeked = store.peek(&place, &self.label.value_type);
        let same = peeked.filter(|(facts, _)| facts.created == created);
        let (_, header) = same.ok_or_else(gone)?;
        let restored = outputs.restore(&Desk::of(memo, &store), &header);
        restored.map_err(|error| {
            if error.is_loss() {
                self.set_aside(Some(memo), None);
            }
            self.damaged(error)
        })
    }

    fn look_up(&self, memo: Option<&Memo>) -> Result<Loaded, ShelfError> {
        let gone = || self.gone();
        let place = self.place().ok_or_else(gone)?;
        let memo = memo.ok_or_else(|| self.store(None))?;
        let store = memo.opened_if_there().ok_or_else(gone)?;
        let clock = (memo.mode() != Mode::ReadOnly).then_some(&memo.options().clock);
        match store.look_up(&place, &self.label.value_type, Delivery::Value, clock) {
            Lookup::Found(loaded) if content_of(&loaded) == self.label.content => Ok(loaded),
            // The call has been made again, and came out otherwise.
            Lookup::Found(_) | Lookup::Absent => Err(gone()),
            Lookup::Damaged(fault, file) => {
                self.set_aside(Some(memo), file);
                Err(self.damaged(fault))
            }
            Lookup::Newer(found) => {
                let path = memo.dir().to_owned();
                Err(self.store(Some(StoreError::NewerEntry { path, found })))
            }
            Lookup::Trouble(error) => Err(self.store(Some(error))),
        }
    }

    /// Moves a damaged entry aside, so that the call can be made again. Where
    /// that cannot be done, the call does it.
    fn set_aside(&self, memo: Option<&Memo>, file: Option<FileId>) {
        if let (Some(memo), Some(place)) = (memo, self.place())
            && memo.mode() != Mode::ReadOnly
            && let Some(store) = memo.opened_if_there()
        {
            let _ = store.move_aside(&place, file);
        }
    }

    fn place(&self) -> Option<Place> {
        let label = &*self.label;
        Some(Place::new(&label.function, label.key?))
    }

    fn gone(&self) -> ShelfError {
        ShelfError::Gone {
            call: self.label.call.clone(),
        }
    }

    fn damaged(&self, reason: impl fmt::Display) -> ShelfError {
        ShelfError::Damaged {
            call: self.label.call.clone(),
            reason: reason.to_string(),
        }
    }

    fn store(&self, source: Option<StoreError>) -> ShelfError {
        ShelfError::Store {
            call: self.label.call.clone(),
            source,
        }
    }
}

/// The digest of the value in an entry, and of the files that it names: of those
/// the value itself has no more than the paths.
fn content_of(entry: &Loaded) -> Digest {
    match header::kept_files(entry.header()) {
        Ok(files) => content(entry.codec(), &entry.payload_digest(), &files),
        Err(_) => no_other(),
    }
}

fn content(encoding: u32, payload: &Digest, files: &[KeptFile]) -> Digest {
    let mut key = KeyBuilder::new();
    key.number("encoding", encoding.into());
    key.digest("payload", payload);
    for file in files {
        key.field("path", file.path.as_bytes());
        key.digest("file", file.content.digest());
    }
    key.finish()
}

/// The digest of something that is the same as nothing else.
fn no_other() -> Digest {
    let mut key = KeyBuilder::new();
    key.field("unique", layout::unique_name().as_bytes());
    key.finish()
}

impl<T: Value> Shelved<T> {
    /// The value.
    ///
    /// # Errors
    ///
    /// It is gone, or cannot be read; see [`ShelfError`].
    pub fn load(&self) -> Result<T, ShelfError> {
        self.take(Keeping::<T>::value_type(), Keeping::<T>::receive_whole)
    }
}

/// Arrays that are kept as they are, and can be mapped.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` on the shelf cannot be mapped",
    label = "only `Vec`, `Box<[_]>` and `MappedVec` of plain numbers can",
    note = "`.load()` it, or have the function return a `MappedVec`"
)]
pub trait Array {
    /// What it is an array of.
    type Element: Plain;
}

impl<P: Plain> Array for Vec<P> {
    type Element = P;
}

impl<P: Plain> Array for Box<[P]> {
    type Element = P;
}

impl<P: Plain> Array for MappedVec<P> {
    type Element = P;
}

impl<T: Array + Value> Shelved<T> {
    /// The value, mapped instead of read.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn map(&self) -> Result<MappedVec<T::Element>, ShelfError> {
        self.take(Keeping::<T>::value_type(), codec::receive)
    }
}

impl<T> Clone for Shelved<T> {
    fn clone(&self) -> Self {
        Self {
            label: Arc::clone(&self.label),
            memo: self.memo.clone(),
            value: PhantomData,
        }
    }
}

impl<T> fmt::Debug for Shelved<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shelved({})", self.label.call)
    }
}

/// Two shelves are equal if they are of equal values, as far as their digests
/// tell.
impl<T> PartialEq for Shelved<T> {
    fn eq(&self, other: &Self) -> bool {
        self.label.content == other.label.content
    }
}
