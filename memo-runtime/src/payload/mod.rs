//! The bytes of values on their way out of entries.
//!
//! What must hold: nothing of a payload is handed out before its digest has
//! been checked, save its first bytes to who plans where the rest goes.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::ops::{Deref, Range};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;

use crate::codec::compress::Method;
use crate::hash::TreeHasher;

mod checked;
mod mapping;
mod packed;
mod pages;

use checked::{Sound, State, checked};
pub(crate) use mapping::Mapping;
use packed::Packed;

/// From this size on, what is wanted in memory is mapped and not read: it takes
/// none of it while it is decoded.
pub(crate) const MAPPED: u64 = 1 << 20;

/// The payload of an entry that was found.
#[derive(Debug)]
pub(crate) struct Incoming {
    source: Source,
    digest: [u8; 32],
}

#[derive(Debug)]
enum Source {
    /// In memory, and checked.
    Memory {
        bytes: Arc<Vec<u8>>,
        at: Range<usize>,
    },
    /// In its file, from there on to the end, and not checked yet.
    File { file: File, start: u64, len: u64 },
    /// What comes out of a compressed one, which has been checked.
    Packed(Packed),
}

/// A payload that is not what it was, or cannot be read.
#[derive(Debug)]
pub(crate) enum Unsound {
    /// It does not match its digest.
    Digest,
    /// What was compressed does not come out of it.
    Frame,
    /// The system refuses to read it.
    System(io::Error),
}

impl From<io::Error> for Unsound {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // No system call answers so: a decompressor does.
            io::ErrorKind::InvalidData => Self::Frame,
            // The file has become shorter.
            io::ErrorKind::UnexpectedEof => Self::Digest,
            _ => Self::System(error),
        }
    }
}

/// A whole payload that has been checked.
#[derive(Debug)]
pub(crate) enum Bytes {
    /// In memory, within these bytes.
    Memory(Arc<Vec<u8>>, Range<usize>),
    /// Mapped.
    Mapped(Arc<Mapping>),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Memory(bytes, at) => &bytes[at.clone()],
            Self::Mapped(mapping) => mapping,
        }
    }
}

impl Incoming {
    /// What stands at `at` in `bytes`, and has been checked.
    pub(crate) fn checked(bytes: impl Into<Arc<Vec<u8>>>, at: Range<usize>) -> Self {
        let bytes = bytes.into();
        Self {
            source: Source::Memory { bytes, at },
            digest: [0; 32],
        }
    }

    /// `len` bytes of `file` from `start` on, up to its end, which are to have
    /// this digest.
    pub(crate) fn in_file(file: File, start: u64, len: u64, digest: [u8; 32]) -> Self {
        Self {
            source: Source::File { file, start, len },
            digest,
        }
    }

    /// What comes out of it, which was compressed by `method`, once it has been
    /// checked.
    pub(crate) fn unpacked(self, method: Method) -> Result<Self, Unsound> {
        Ok(Self {
            source: Source::Packed(Packed::new(self.bytes()?, method)?),
            digest: [0; 32],
        })
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> u64 {
        match &self.source {
            Source::Memory { at, .. } => at.len() as u64,
            Source::File { len, .. } => *len,
            Source::Packed(packed) => packed.len(),
        }
    }

    /// The first bytes, as many as there are up to `count`. They have not been
    /// checked: they may only say where the rest is to go, and every length in
    /// them has to be compared with [`len`](Self::len).
    pub(crate) fn first(&self, count: usize) -> io::Result<Cow<'_, [u8]>> {
        let count = (count as u64).min(self.len()) as usize;
        match &self.source {
            Source::Memory { bytes, at } => Ok(Cow::Borrowed(&bytes[at.clone()][..count])),
            Source::File { file, start, .. } => {
                let mut first = vec![0; count];
                file.read_exact_at(&mut first, *start)?;
                Ok(Cow::Owned(first))
            }
            Source::Packed(packed) => packed.first(count).map(Cow::Owned),
        }
    }

    /// Reads the whole payload into `buffers`, one after the other, which
    /// together have as many bytes, and checks it.
    pub(crate) fn read_into(&self, buffers: &mut [&mut [u8]]) -> Result<(), Unsound> {
        let room: u64 = buffers.iter().map(|buffer| buffer.len() as u64).sum();
        if room != self.len() {
            return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
        }
        match &self.source {
            Source::Memory { bytes, at } => {
                let mut rest = &bytes[at.clone()];
                for buffer in buffers {
                    let (first, others) = rest.split_at(buffer.len());
                    buffer.copy_from_slice(first);
                    rest = others;
                }
                Ok(())
            }
            Source::File { file, start, len } => {
                if is_hollow(file, *len)? {
                    return Err(Unsound::Digest);
                }
                let mut hasher = TreeHasher::new();
                let mut next = *start;
                for buffer in buffers {
                    pages::prefer_large(buffer);
                    let read = |offset, piece: &mut [u8]| file.read_exact_at(piece, next + offset);
                    hasher.fill(buffer, &read)?;
                    next += buffer.len() as u64;
                }
                self.compare(&hasher.finalize())
            }
            Source::Packed(packed) => Ok(packed.read_into(buffers)?),
        }
    }

    /// The whole payload, in memory or mapped.
    pub(crate) fn bytes(self) -> Result<Bytes, Unsound> {
        match self.source {
            Source::Memory { bytes, at } => Ok(Bytes::Memory(bytes, at)),
            Source::File { len, .. } if len < MAPPED => {
                let mut bytes = vec![0; len as usize];
                self.read_into(&mut [&mut bytes])?;
                let all = 0..bytes.len();
                Ok(Bytes::Memory(bytes.into(), all))
            }
            Source::File { .. } => self.map().map(Bytes::Mapped),
            Source::Packed(packed) => {
                let bytes = packed.unpack()?;
                let all = 0..bytes.len();
                Ok(Bytes::Memory(bytes.into(), all))
            }
        }
    }

    /// The whole payload, mapped. It is checked unless this process has done so
    /// before, and shared with whoever has it mapped.
    pub(crate) fn map(self) -> Result<Arc<Mapping>, Unsound> {
        match &self.source {
            Source::Memory { bytes, at } => Ok(Arc::new(Mapping::copied(&bytes[at.clone()]))),
            Source::File { file, start, len } => {
                let state = State::of(file)?;
                if state.size != start + len || is_hollow(file, *len)? {
                    return Err(Unsound::Digest);
                }
                let known = checked().find(&state, &self.digest);
                if let Some(Sound::Mapped(mapping)) = known {
                    return Ok(mapping);
                }
                let mapping = Arc::new(Mapping::of(file, *start, *len)?);
                if known.is_none() {
                    self.compare(&mapping.digest()?)?;
                }
                checked().remember(state, self.digest, &mapping);
                Ok(mapping)
            }
            Source::Packed(packed) => Ok(Arc::new(packed.map()?)),
        }
    }

    fn compare(&self, digest: &blake3::Hash) -> Result<(), Unsound> {
        if *digest.as_bytes() == self.digest {
            Ok(())
        } else {
            Err(Unsound::Digest)
        }
    }
}

/// Whether a file says that there is more in it than fits into memory, and has
/// next to nothing on the disk: nobody has computed that, and to check it would
/// take minutes.
fn is_hollow(file: &File, len: u64) -> io::Result<bool> {
    if len < memory() {
        return Ok(false);
    }
    let on_disk = file.metadata()?.blocks().saturating_mul(512);
    Ok(on_disk < len / 1024)
}

/// How much memory this machine has.
#[cfg(target_os = "linux")]
fn memory() -> u64 {
    let system = rustix::system::sysinfo();
    u64::from(system.mem_unit).saturating_mul(system.totalram as u64)
}

/// More than most machines have.
#[cfg(not(target_os = "linux"))]
fn memory() -> u64 {
    1 << 40
}

#[cfg(test)]
mod tests;
