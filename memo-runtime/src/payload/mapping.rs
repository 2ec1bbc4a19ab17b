//! Parts of files as memory.
//!
//! What must hold: only files below `entries/` are mapped, which are never
//! written to: they come by rename, whole, and go by unlink or rename, so that
//! a mapping stays what it was when it was checked, however long it is held;
//! and an entry that is being written, by the one who writes it, as far as it
//! is written.

#![allow(
    unsafe_code,
    reason = "mapping a file is unsafe, for others may write to it"
)]

use std::fs::File;
use std::io;
use std::ops::{Deref, Range};

use blake3::Hash;
use memmap2::{Mmap, MmapOptions};

use crate::hash::TreeHasher;

/// Bytes at an address that is a multiple of 64, if their place in the file is.
#[derive(Debug)]
pub(crate) struct Mapping {
    memory: Memory,
}

#[derive(Debug)]
enum Memory {
    File(Mmap),
    /// What was read already, with room to begin at such an address.
    Copied(Vec<u8>, Range<usize>),
}

const ALIGNMENT: usize = 64;

/// So much of a file is fetched before it is hashed: a file that is larger than
/// memory would be gone again if it were fetched whole.
const WINDOW: usize = 64 << 20;

impl Mapping {
    /// `len` bytes of `file` from `start` on.
    pub(crate) fn of(file: &File, start: u64, len: u64) -> io::Result<Self> {
        let len = usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
        if len == 0 {
            return Ok(Self::copied(&[]));
        }
        // SAFETY: files below `entries/` are never written to by this crate,
        // and who else may write there may as well write to this program's
        // memory: the store belongs to its owner alone.
        let mapped = unsafe { MmapOptions::new().offset(start).len(len).map(file) }?;
        Ok(Self {
            memory: Memory::File(mapped),
        })
    }

    /// A copy of bytes that have been read.
    pub(crate) fn copied(bytes: &[u8]) -> Self {
        let mut copy = Self::room(bytes.len());
        copy.fill(|room| room.copy_from_slice(bytes));
        copy
    }

    /// So many bytes that `fill` writes.
    pub(super) fn filled<E>(
        len: usize,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut mapping = Self::room(len);
        mapping.fill(fill).unwrap_or(Ok(()))?;
        Ok(mapping)
    }

    fn room(len: usize) -> Self {
        let room = vec![0; len + ALIGNMENT];
        let begin = room.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        Self {
            memory: Memory::Copied(room, begin..begin + len),
        }
    }

    /// Writes into memory that is no file's.
    fn fill<R>(&mut self, fill: impl FnOnce(&mut [u8]) -> R) -> Option<R> {
        match &mut self.memory {
            Memory::File(_) => None,
            Memory::Copied(room, at) => Some(fill(&mut room[at.clone()])),
        }
    }

    /// The digest of its bytes.
    ///
    /// # Errors
    ///
    /// The system cannot read the file, or it has become shorter: to look at
    /// such memory would end the program.
    pub(super) fn digest(&self) -> io::Result<Hash> {
        let mut hasher = TreeHasher::new();
        for (number, window) in self.chunks(WINDOW).enumerate() {
            self.fetch(number * WINDOW, window.len())?;
            hasher.update(window);
        }
        Ok(hasher.finalize())
    }

    /// Has the system read a part of the file.
    #[cfg(target_os = "linux")]
    fn fetch(&self, at: usize, len: usize) -> io::Result<()> {
        let Memory::File(mapped) = &self.memory else {
            return Ok(());
        };
        match mapped.advise_range(memmap2::Advice::PopulateRead, at, len) {
            // Kernels before 5.14 do not know how to.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            fetched => fetched,
        }
    }

    /// Other systems read it when it is looked at.
    #[cfg(not(target_os = "linux"))]
    fn fetch(&self, _: usize, _: usize) -> io::Result<()> {
        Ok(())
    }
}

impl Deref for Mapping {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.memory {
            Memory::File(mapped) => mapped,
            Memory::Copied(room, at) => &room[at.clone()],
        }
    }
}
