//! The payload of an entry, open to be read piece by piece at any place.
//!
//! What is small is in memory, what is large stays in its file: a file below
//! `entries/` is never written to, so that what was checked once stays as it
//! was, and whoever has it open keeps it when it is removed.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// A payload whose bytes have been checked, or were just made.
#[derive(Debug)]
pub(crate) struct OpenPayload {
    bytes: Bytes,
    /// Where the payload begins in them.
    start: u64,
    len: u64,
}

#[derive(Debug)]
enum Bytes {
    Memory(Vec<u8>),
    File(File),
    Nowhere,
}

impl OpenPayload {
    /// What follows in `bytes` from `start` on.
    pub(crate) fn in_memory(bytes: Vec<u8>, start: usize) -> Self {
        Self {
            len: (bytes.len() as u64).saturating_sub(start as u64),
            start: start as u64,
            bytes: Bytes::Memory(bytes),
        }
    }

    /// `len` bytes of `file` from `start` on.
    pub(crate) fn in_file(file: File, start: u64, len: u64) -> Self {
        Self {
            bytes: Bytes::File(file),
            start,
            len,
        }
    }

    /// `len` bytes of which nothing is left.
    pub(crate) fn nowhere(len: u64) -> Self {
        Self {
            bytes: Bytes::Nowhere,
            start: 0,
            len,
        }
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Reads as many bytes as `into` has room for, from `at` on.
    ///
    /// # Errors
    ///
    /// The payload has no such bytes, or they cannot be read.
    pub(crate) fn read_exact_at(&self, into: &mut [u8], at: u64) -> io::Result<()> {
        let end = at.checked_add(into.len() as u64);
        if end.is_none_or(|end| end > self.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match &self.bytes {
            Bytes::File(file) => file.read_exact_at(into, self.start + at),
            Bytes::Memory(bytes) => {
                let from = (self.start + at) as usize;
                into.copy_from_slice(&bytes[from..from + into.len()]);
                Ok(())
            }
            Bytes::Nowhere => Err(io::Error::other(
                "it was too large to be held, and not kept",
            )),
        }
    }
}
