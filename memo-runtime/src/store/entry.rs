//! The entry file: one stored outcome of a call.
//!
//! ```text
//! entry   = prefix header padding payload
//!
//!   at  bytes  prefix
//!    0      8  magic           89 'm' 'e' 'm' 'o' 0D 0A 1A
//!    8      4  version         u32, 1
//!   12      4  codec           u32, how the payload encodes the value;
//!                              given a meaning by `codec`, never 0
//!   16      8  header length   u64, bytes
//!   24      8  payload offset  u64: the end of the header, rounded up to 64
//!   32      8  payload length  u64, bytes; the file ends with the payload
//!   40      8  created         u64, nanoseconds since 1970 UTC
//!   48      8  duration        u64, nanoseconds that computing took
//!   56      8  time to live    u64, nanoseconds; 0: for ever
//!   64     32  key             BLAKE3 digest that names the call
//!   96     32  value type      BLAKE3 digest of the result's type
//!  128     32  payload digest  BLAKE3 of the payload
//!  160     32  head digest     BLAKE3 of bytes 0..160 and 192..payload offset
//!
//! header  = what explains the call to people (`header`)
//! padding = zero bytes up to the payload offset
//! ```
//!
//! Integers are little-endian. The two digests cover every byte of the file,
//! so any flipped bit, cut or appended byte is noticed; a head can be checked
//! without its payload, so that listing entries reads little. What must hold:
//! nothing is decoded, and nothing is allocated by a length read from the
//! file, before the length is compared with the file's size and the digest
//! with the bytes.
//!
//! Every later version keeps the prefix's size and the places of magic,
//! version, lengths and digests, so that a newer entry can be told from a
//! damaged one: its head digest matches. Version history: 1, the first.

mod fault;

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::thread;

use crate::clock::Moment;
use crate::hash::TreeHasher;
use crate::key::Digest;
pub(crate) use fault::Fault;

const MAGIC: [u8; 8] = *b"\x89memo\r\n\x1a";
/// The version of the entry format that this crate writes and reads.
pub(crate) const VERSION: u32 = 1;
/// The size of the part of an entry that has a fixed form.
pub(crate) const PREFIX: usize = 192;
const HEAD_DIGEST: Range<usize> = 160..192;
const TTL: Range<usize> = 56..64;
const ALIGNMENT: u64 = 64;
/// No header is longer: names and short argument texts fit many times over.
pub(crate) const MAX_HEADER: u64 = 1 << 20;

/// What an entry's prefix says beside lengths and digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Names the call.
    pub(crate) key: Digest,
    /// Names the type of the value.
    pub(crate) value_type: Digest,
    /// How the payload encodes the value.
    pub(crate) codec: u32,
    /// When the value was computed.
    pub(crate) created: Moment,
    /// How long that took, in nanoseconds.
    pub(crate) duration: u64,
    /// For how long it is valid, in nanoseconds; 0: for ever.
    pub(crate) ttl: u64,
}

/// An entry ready to be written.
pub(crate) struct Sealed<'a> {
    facts: &'a Facts,
    header: &'a [u8],
    /// The payload, one piece after the other.
    pieces: &'a [Cow<'a, [u8]>],
    payload: u64,
}

/// A payload up to this size is joined to its head, to be written at once.
const JOINED: u64 = 64 << 10;
/// A payload from this size on is hashed while it is written.
const OVERLAPPED: u64 = 1 << 20;

/// The payload of an entry by its size and digest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PayloadSum {
    /// Its size in bytes.
    pub(crate) len: u64,
    /// The BLAKE3 digest of its bytes.
    pub(crate) digest: blake3::Hash,
}

/// The head of an entry, up to its payload. `header` is an encoded header;
/// there is room for `joined` more bytes.
pub(crate) fn head(facts: &Facts, header: &[u8], payload: PayloadSum, joined: usize) -> Vec<u8> {
    let payload_offset = offset_after(header.len() as u64);
    let mut head = Vec::with_capacity(payload_offset as usize + joined);
    head.extend_from_slice(&MAGIC);
    head.extend_from_slice(&VERSION.to_le_bytes());
    head.extend_from_slice(&facts.codec.to_le_bytes());
    head.extend_from_slice(&(header.len() as u64).to_le_bytes());
    head.extend_from_slice(&payload_offset.to_le_bytes());
    head.extend_from_slice(&payload.len.to_le_bytes());
    head.extend_from_slice(&facts.created.to_le_bytes());
    head.extend_from_slice(&facts.duration.to_le_bytes());
    head.extend_from_slice(&facts.ttl.to_le_bytes());
    head.extend_from_slice(facts.key.as_bytes());
    head.extend_from_slice(facts.value_type.as_bytes());
    head.extend_from_slice(payload.digest.as_bytes());
    head.extend_from_slice(&[0; 32]);
    head.extend_from_slice(header);
    head.resize(payload_offset as usize, 0);
    let digest = head_digest(&head);
    head[HEAD_DIGEST].copy_from_slice(digest.as_bytes());
    head
}

impl<'a> Sealed<'a> {
    /// Puts an entry together. `header` is an encoded header.
    pub(crate) fn new(facts: &'a Facts, header: &'a [u8], pieces: &'a [Cow<'a, [u8]>]) -> Self {
        Self {
            facts,
            header,
            pieces,
            payload: pieces.iter().map(|piece| piece.len() as u64).sum(),
        }
    }

    /// Whether the entry has a time to live.
    pub(crate) fn expires(&self) -> bool {
        self.facts.ttl != 0
    }

    /// The size of the file.
    pub(crate) fn len(&self) -> u64 {
        self.payload_offset() + self.payload
    }

    /// Writes all of it to a file, from its beginning on: what is small at
    /// once, and of what is large the payload first, for nothing is an entry
    /// that has no head.
    pub(crate) fn write_to(&self, mut file: &File) -> io::Result<()> {
        if self.payload <= JOINED {
            let mut entry = self.head(self.digest(), self.payload as usize);
            for piece in self.pieces {
                entry.extend_from_slice(piece);
            }
            return file.write_all(&entry);
        }
        let digest = if self.payload < OVERLAPPED {
            self.write_payload(file)?;
            self.digest()
        } else {
            thread::scope(|scope| {
                let hashing = thread::Builder::new().spawn_scoped(scope, || self.digest());
                self.write_payload(file)?;
                let hashed = hashing.ok().and_then(|hashing| hashing.join().ok());
                Ok::<_, io::Error>(hashed.unwrap_or_else(|| self.digest()))
            })?
        };
        file.write_all_at(&self.head(digest, 0), 0)
    }

    fn write_payload(&self, file: &File) -> io::Result<()> {
        let mut at = self.payload_offset();
        for piece in self.pieces {
            file.write_all_at(piece, at)?;
            at += piece.len() as u64;
        }
        Ok(())
    }

    fn digest(&self) -> blake3::Hash {
        let mut hasher = TreeHasher::new();
        self.pieces.iter().for_each(|piece| hasher.update(piece));
        hasher.finalize()
    }

    fn head(&self, digest: blake3::Hash, joined: usize) -> Vec<u8> {
        let len = self.payload;
        head(self.facts, self.header, PayloadSum { len, digest }, joined)
    }

    fn payload_offset(&self) -> u64 {
        offset_after(self.header.len() as u64)
    }
}

/// The checked geometry of an entry file.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) facts: Facts,
    version: u32,
    header: Range<usize>,
    payload: Range<usize>,
    payload_digest: [u8; 32],
}

impl Head {
    /// Reads the lengths in the prefix that `bytes` begin with and compares
    /// them with the size of the file. Digests are not looked at yet.
    pub(crate) fn measure(bytes: &[u8], file_size: u64) -> Result<Self, Fault> {
        // The magic comes first: a version number means nothing elsewhere.
        let magic = bytes.get(..MAGIC.len()).ok_or(Fault::TooShort)?;
        if magic != MAGIC {
            return Err(Fault::BadMagic);
        }
        let prefix: &[u8; PREFIX] = bytes.first_chunk().ok_or(Fault::TooShort)?;
        let header_len = u64_at(prefix, 16);
        let payload_offset = u64_at(prefix, 24);
        let payload_len = u64_at(prefix, 32);
        if header_len > MAX_HEADER
            || payload_offset != offset_after(header_len)
            || payload_offset.checked_add(payload_len) != Some(file_size)
        {
            return Err(Fault::BadLengths);
        }
        let end = usize::try_from(file_size).map_err(|_| Fault::BadLengths)?;
        Ok(Self {
            version: u32_at(prefix, 8),
            facts: Facts {
                codec: u32_at(prefix, 12),
                created: u64_at(prefix, 40),
                duration: u64_at(prefix, 48),
                ttl: u64_at(prefix, TTL.start),
                key: Digest::from_bytes(digest_at(prefix, 64)),
                value_type: Digest::from_bytes(digest_at(prefix, 96)),
            },
            header: PREFIX..PREFIX + header_len as usize,
            payload: payload_offset as usize..end,
            payload_digest: digest_at(prefix, 128),
        })
    }

    /// The version, if it is later than this crate can read. It means
    /// something only once the head digest has been checked.
    pub(crate) fn newer(&self) -> Option<u32> {
        (self.version > VERSION).then_some(self.version)
    }

    /// The size of all before the payload.
    pub(crate) fn len(&self) -> usize {
        self.payload.start
    }

    /// What the digest of the payload is to be.
    pub(crate) fn payload_digest(&self) -> [u8; 32] {
        self.payload_digest
    }

    /// Where the payload is.
    pub(crate) fn payload(&self) -> Range<usize> {
        self.payload.clone()
    }

    /// Compares the head digest with the bytes before the payload.
    pub(crate) fn check(&self, bytes: &[u8]) -> Result<(), Fault> {
        let head = bytes.get(..self.len()).ok_or(Fault::TooShort)?;
        if head_digest(head).as_bytes()[..] == head[HEAD_DIGEST] {
            Ok(())
        } else {
            Err(Fault::BadHeadDigest)
        }
    }

    /// Compares the payload digest with the payload in a whole file.
    pub(crate) fn check_payload(&self, bytes: &[u8]) -> Result<(), Fault> {
        let payload = bytes.get(self.payload()).ok_or(Fault::TooShort)?;
        self.check_payload_digest(&blake3::hash(payload))
    }

    /// Compares the payload digest with that of the bytes in its place.
    pub(crate) fn check_payload_digest(&self, digest: &blake3::Hash) -> Result<(), Fault> {
        if *digest.as_bytes() == self.payload_digest {
            Ok(())
        } else {
            Err(Fault::BadPayloadDigest)
        }
    }

    /// The encoded header within the bytes before the payload.
    pub(crate) fn header<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.header.clone()).unwrap_or_default()
    }
}

fn offset_after(header_len: u64) -> u64 {
    (PREFIX as u64)
        .saturating_add(header_len)
        .next_multiple_of(ALIGNMENT)
}

fn head_digest(head: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(&head[..HEAD_DIGEST.start])
        .update(&head[HEAD_DIGEST.end..]);
    hasher.finalize()
}

fn u32_at(prefix: &[u8; PREFIX], at: usize) -> u32 {
    u32::from_le_bytes(array_at(prefix, at))
}

fn u64_at(prefix: &[u8; PREFIX], at: usize) -> u64 {
    u64::from_le_bytes(array_at(prefix, at))
}

fn digest_at(prefix: &[u8; PREFIX], at: usize) -> [u8; 32] {
    array_at(prefix, at)
}

fn array_at<const N: usize>(prefix: &[u8; PREFIX], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&prefix[at..at + N]);
    array
}

#[cfg(test)]
mod tests;
