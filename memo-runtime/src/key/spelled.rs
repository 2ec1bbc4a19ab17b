//! A call spelled out: what its key is made of, as bytes that nothing has
//! digested yet.
//!
//! ```text
//! spelled  = argument* called
//! argument = text(name) value
//! value    = the canonical encoding     where that is at most 256 bytes
//!          | ff digest                  of one that is longer, or known by its digest only
//! called   = 32 bytes                   the digest of what is called
//! ```
//!
//! with `text` as in the encoding of values. A process that has met a call
//! finds it again by its spelling, and needs neither the digests of its
//! arguments nor its key.
//!
//! What must hold: calls that are spelled alike have the same key. Encodings
//! are prefix-free, and none begins with `ff`.

use std::ops::Range;

use serde::Serialize;

use super::digest::Digest;
use super::digester::Digester;
use super::error::EncodeError;
use super::output::{Output, Purpose};

/// Stands before a digest, where encodings have a tag.
const DIGEST: u8 = 0xff;
/// Room for two or three small arguments.
const USUAL: usize = 128;

/// A call that is being spelled out, or has been.
#[derive(Clone, Debug)]
pub(crate) struct Spelled(Vec<u8>);

/// Where the value of an argument stands.
#[derive(Clone, Debug)]
pub(crate) struct Spot(Range<usize>);

impl Spelled {
    /// No arguments yet.
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(USUAL))
    }

    /// Adds an argument.
    ///
    /// # Errors
    ///
    /// As [`digest_of`](super::digest_of).
    pub(crate) fn argument<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
    ) -> Result<Spot, EncodeError> {
        let mut digester = Digester::new(Purpose::Argument);
        digester.encode(value)?;
        let start = self.begin(name);
        match digester.short()? {
            Some(encoding) => self.0.extend_from_slice(encoding),
            None => self.digest(&digester.finish()?),
        }
        Ok(self.spot(start))
    }

    /// Adds an argument of which the digest is known.
    pub(crate) fn digested(&mut self, name: &str, digest: &Digest) -> Spot {
        let start = self.begin(name);
        self.digest(digest);
        self.spot(start)
    }

    /// Ends it with the digest of what is called.
    pub(crate) fn end(&mut self, called: &Digest) {
        self.0.extend_from_slice(called.as_bytes());
    }

    /// The digest of an argument's value.
    pub(crate) fn digest_of(&self, spot: &Spot) -> Digest {
        let value = &self.0[spot.0.clone()];
        if let Some((&DIGEST, digest)) = value.split_first()
            && let Ok(digest) = digest.try_into()
        {
            return Digest::from_bytes(digest);
        }
        let mut output = Output::new(Purpose::Argument);
        output.bytes(value);
        output.finish()
    }

    /// What calls are compared by.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Begins an argument; where its value is to stand.
    fn begin(&mut self, name: &str) -> usize {
        self.0.extend_from_slice(&(name.len() as u64).to_le_bytes());
        self.0.extend_from_slice(name.as_bytes());
        self.0.len()
    }

    fn digest(&mut self, digest: &Digest) {
        self.0.push(DIGEST);
        self.0.extend_from_slice(digest.as_bytes());
    }

    fn spot(&self, start: usize) -> Spot {
        Spot(start..self.0.len())
    }
}
