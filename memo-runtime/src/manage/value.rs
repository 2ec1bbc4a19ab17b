//! Stored values in a form that can be shown, without the types of the program
//! that stored them.
//!
//! MessagePack says itself what it is made of, and so do raw arrays. bincode
//! does not: there the name of the type has to tell, which it does for types
//! that are made of those of the standard library. Of a recording there is
//! shown what it came to and how large its parts are. A value is handed out
//! piece by piece to an [`Inspector`], no further than is wanted.
//!
//! What must hold: nothing is allocated for a length that the data claim to
//! have, and whatever the data are, reading them ends.

mod bincode;
mod check;
mod messagepack;
mod raw;
mod recording;
mod source;
#[cfg(test)]
mod tests;
mod types;

use std::io;
use std::ops::ControlFlow;

pub use check::EntryCheck;

use self::source::{Source, Trouble};
use super::{Entry, EntryHead, Unreadable, Vault};
use crate::codec::Codec;
use crate::codec::compress::{self, Encoding};
use crate::store::entry::Fault;

/// A piece of a value that has no parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Atom<'a> {
    /// `()`, or a struct without fields.
    Unit,
    /// `None`, or nil.
    Nothing,
    /// A truth value.
    Bool(bool),
    /// An integer that is not negative.
    Unsigned(u128),
    /// An integer of a type with a sign.
    Signed(i128),
    /// A number of single precision.
    Single(f32),
    /// A number of double precision.
    Double(f64),
    /// A character.
    Char(char),
    /// Text, or the beginning of one.
    Text {
        /// What of it was read.
        text: &'a str,
        /// How many bytes it has.
        bytes: u64,
    },
    /// Bytes, or the beginning of them.
    Bytes {
        /// What of them was read.
        bytes: &'a [u8],
        /// How many there are.
        total: u64,
    },
}

/// What a piece of a value with parts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Elements in a row.
    List,
    /// A fixed number of elements.
    Tuple,
    /// Keys and values, which take turns.
    Map,
    /// Fields of a struct: their names, as texts, and their values take turns.
    Struct(&'static str),
    /// One value in an enum's variant.
    Variant(&'static str),
}

/// Is shown a value piece by piece, parts within their groups.
pub trait Inspector {
    /// There is a piece without parts. `Break` ends the reading.
    fn atom(&mut self, atom: Atom<'_>) -> ControlFlow<()>;

    /// What follows are parts of a group, up to its end.
    fn begin(&mut self, group: Group) -> ControlFlow<()>;

    /// The group that began last ends; `left_out` is how many elements it has
    /// beyond those shown, for a map how many pairs.
    fn end(&mut self, left_out: u64) -> ControlFlow<()>;
}

/// How much of a value is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The most pieces without parts.
    pub atoms: u64,
    /// The most bytes of a text, or of bytes in a row.
    pub text: usize,
}

/// How much of a value was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// All of it.
    Whole,
    /// Its beginning.
    Beginning,
    /// Nothing: what its bytes mean is known to the program only.
    Nothing,
}

/// The first bytes of an encoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// How many there are in all.
    pub total: u64,
}

impl Vault {
    /// Shows the value of an entry with such a head to `inspector`; `None`: it
    /// has gone.
    ///
    /// The value is not checked against its digest: see [`Vault::check_entry`].
    ///
    /// # Errors
    ///
    /// It cannot be read, or is none of its type. Part of it may have been shown.
    pub fn inspect(
        &self,
        entry: &Entry,
        head: &EntryHead,
        extent: Extent,
        inspector: &mut dyn Inspector,
    ) -> Result<Option<Shown>, Unreadable> {
        let codec = Encoding::from_number(head.codec).map(|it| it.codec);
        if codec == Some(Codec::Recording) {
            let Some(file) = self.store.open_value(entry, head.value_bytes)? else {
                return Ok(None);
            };
            let mut reading = Reading::new(Source::new(io::empty(), 0), extent, inspector);
            let outcome = recording::value(&mut reading, head, file);
            return reading.ended(outcome).map(Some);
        }
        let Some(source) = self.encoded(entry, head)? else {
            return Ok(None);
        };
        let mut reading = Reading::new(source, extent, inspector);
        let outcome = match codec {
            Some(Codec::MessagePack) => messagepack::value(&mut reading, 0),
            Some(Codec::Bincode) => match types::parse(&head.header.value_type) {
                Some(shape) => bincode::value(&mut reading, &shape),
                None => return Ok(Some(Shown::Nothing)),
            },
            Some(Codec::Raw) => raw::value(&mut reading),
            Some(Codec::Recording) | None => return Ok(Some(Shown::Nothing)),
        };
        reading.ended(outcome).map(Some)
    }

    /// The first bytes of the encoded value of an entry with such a head, at
    /// most `most`; `None`: it has gone.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn value_bytes(
        &self,
        entry: &Entry,
        head: &EntryHead,
        most: usize,
    ) -> Result<Option<Beginning>, Unreadable> {
        let Some(mut source) = self.encoded(entry, head)? else {
            return Ok(None);
        };
        let total = source.left();
        match source.bytes(total, most) {
            Ok(bytes) => Ok(Some(Beginning { bytes, total })),
            Err(Trouble::System(error)) => Err(Unreadable::System(error.to_string())),
            Err(_) => Err(Unreadable::Damaged(Fault::TooShort.to_string())),
        }
    }

    /// The value of an entry with such a head as its codec wrote it; `None`: it
    /// has gone.
    fn encoded(
        &self,
        entry: &Entry,
        head: &EntryHead,
    ) -> Result<Option<Source<Box<dyn io::Read>>>, Unreadable> {
        let len = head.value_bytes;
        let Some(file) = self.store.open_value(entry, len)? else {
            return Ok(None);
        };
        let method = Encoding::from_number(head.codec).and_then(|it| it.method);
        let Some(method) = method else {
            return Ok(Some(Source::new(Box::new(file), len)));
        };
        match compress::unpack(io::BufReader::new(file), len, method) {
            Ok(unpacked) => {
                let len = unpacked.len();
                Ok(Some(Source::new(Box::new(unpacked), len)))
            }
            Err(error) => match Trouble::from(error) {
                Trouble::System(error) => Err(Unreadable::System(error.to_string())),
                _ => Err(Unreadable::Damaged(Fault::Undecodable.to_string())),
            },
        }
    }
}

/// A value that is being read, and shown as far as is wanted.
struct Reading<'i, R> {
    source: Source<R>,
    /// How many more pieces are wanted.
    atoms: u64,
    /// The most of a text.
    text: usize,
    /// Whether something has been left out.
    cut: bool,
    inspector: &'i mut dyn Inspector,
}

impl<'i, R: io::Read> Reading<'i, R> {
    fn new(source: Source<R>, extent: Extent, inspector: &'i mut dyn Inspector) -> Self {
        Self {
            source,
            atoms: extent.atoms,
            text: extent.text,
            cut: false,
            inspector,
        }
    }

    fn atom(&mut self, atom: Atom<'_>) -> Result<(), Trouble> {
        self.atoms = self.atoms.saturating_sub(1);
        wanted(self.inspector.atom(atom))
    }

    /// Shows the name of a field, which is not in the data.
    fn name(&mut self, text: &str) -> Result<(), Trouble> {
        let bytes = text.len() as u64;
        wanted(self.inspector.atom(Atom::Text { text, bytes }))
    }

    /// Shows a text of so many bytes.
    fn text(&mut self, bytes: u64) -> Result<(), Trouble> {
        let mut read = self.source.bytes(bytes, self.text)?;
        let whole = read.len() as u64 == bytes;
        if let Err(error) = str::from_utf8(&read) {
            // A character that was cut through is no mistake.
            if whole || error.error_len().is_some() {
                return Err(Trouble::Malformed);
            }
            read.truncate(error.valid_up_to());
        }
        let text = str::from_utf8(&read).map_err(|_| Trouble::Malformed)?;
        self.cut |= !whole;
        self.atom(Atom::Text { text, bytes })
    }

    /// Shows so many bytes.
    fn bytes(&mut self, total: u64) -> Result<(), Trouble> {
        let bytes = self.source.bytes(total, self.text)?;
        self.cut |= bytes.len() as u64 != total;
        let bytes = bytes.as_slice();
        self.atom(Atom::Bytes { bytes, total })
    }

    /// Shows `len` parts, as long as more are wanted. Where they are not, the
    /// reading ends with the group: what comes behind it cannot be found.
    fn group(
        &mut self,
        group: Group,
        len: u64,
        mut part: impl FnMut(&mut Self) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        wanted(self.inspector.begin(group))?;
        for at in 0..len {
            if self.atoms == 0 {
                wanted(self.inspector.end(len - at))?;
                return Err(Trouble::Enough);
            }
            match part(self) {
                Err(Trouble::Enough) => {
                    wanted(self.inspector.end(len - at - 1))?;
                    return Err(Trouble::Enough);
                }
                other => other?,
            }
        }
        wanted(self.inspector.end(0))
    }

    /// Tells how many parts there are, and shows none.
    fn count(&mut self, group: Group, len: u64) -> Result<(), Trouble> {
        self.cut |= len > 0;
        wanted(self.inspector.begin(group))?;
        wanted(self.inspector.end(len))
    }

    /// What reading came to.
    fn ended(&self, outcome: Result<(), Trouble>) -> Result<Shown, Unreadable> {
        match outcome {
            Ok(()) if self.source.is_at_end() && !self.cut => Ok(Shown::Whole),
            Ok(()) if self.source.is_at_end() => Ok(Shown::Beginning),
            Err(Trouble::Enough) => Ok(Shown::Beginning),
            Ok(()) | Err(Trouble::Malformed) => {
                Err(Unreadable::Damaged(Fault::Undecodable.to_string()))
            }
            Err(Trouble::System(error)) => Err(Unreadable::System(error.to_string())),
        }
    }
}

fn wanted(flow: ControlFlow<()>) -> Result<(), Trouble> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Trouble::Enough),
    }
}
