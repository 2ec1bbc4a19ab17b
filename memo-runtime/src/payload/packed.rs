//! A payload that comes out of a compressed one.
//!
//! What must hold: the compressed bytes have been checked before any of them
//! is decompressed, and memory is taken only as it is filled.

use std::fmt;
use std::io::{self, Read};

use super::{Bytes, Mapping, Unsound};
use crate::codec::compress::{self, Method, Unpacked};

/// A compressed payload, checked.
pub(super) struct Packed {
    bytes: Bytes,
    method: Method,
    len: u64,
}

/// How much room is made for output at first.
const FIRST: usize = 64 << 10;

impl Packed {
    pub(super) fn new(bytes: Bytes, method: Method) -> Result<Self, Unsound> {
        let len = open(&bytes, method)?.len();
        Ok(Self { bytes, method, len })
    }

    /// How many bytes come out of it, if it is sound.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The first bytes that come out.
    pub(super) fn first(&self, count: usize) -> io::Result<Vec<u8>> {
        take(&mut open(&self.bytes, self.method)?, count)
    }

    /// Fills `buffers`, which together have [`len`](Self::len) bytes.
    pub(super) fn read_into(&self, buffers: &mut [&mut [u8]]) -> io::Result<()> {
        let mut unpacked = open(&self.bytes, self.method)?;
        buffers
            .iter_mut()
            .try_for_each(|buffer| unpacked.read_exact(buffer))
    }

    /// All that comes out, as if it were mapped.
    pub(super) fn map(&self) -> io::Result<Mapping> {
        let len = usize::try_from(self.len).map_err(|_| io::ErrorKind::OutOfMemory)?;
        Mapping::filled(len, |room| self.read_into(&mut [room]))
    }

    /// All that comes out.
    pub(super) fn unpack(&self) -> io::Result<Vec<u8>> {
        let len = usize::try_from(self.len).map_err(|_| io::ErrorKind::OutOfMemory)?;
        take(&mut open(&self.bytes, self.method)?, len)
    }
}

/// The next `count` bytes. The room for them grows as they come.
fn take(unpacked: &mut Unpacked<'_>, count: usize) -> io::Result<Vec<u8>> {
    let mut taken: Vec<u8> = Vec::new();
    while taken.len() < count {
        let filled = taken.len();
        let room = filled.max(FIRST).min(count - filled);
        taken
            .try_reserve_exact(room)
            .map_err(|_| io::ErrorKind::OutOfMemory)?;
        taken.resize(filled + room, 0);
        unpacked.read_exact(&mut taken[filled..])?;
    }
    Ok(taken)
}

fn open(bytes: &[u8], method: Method) -> io::Result<Unpacked<'_>> {
    compress::unpack(bytes, bytes.len() as u64, method)
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packed")
            .field("method", &self.method)
            .field("len", &self.len)
            .finish_non_exhaustive()
    }
}
