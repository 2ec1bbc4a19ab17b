//! Payloads made smaller.
//!
//! A compressed payload is
//!
//! ```text
//!   at  bytes
//!    0      8  length   u64, little-endian: of what was compressed
//!    8   rest  frame    one frame of the method, up to the end
//! ```
//!
//! and the method stands beside the codec in the entry's prefix
//! ([`Encoding`]). A frame is one of Zstandard (RFC 8878), or of LZ4 in its
//! frame format, without a checksum of its own: the entry has a better one.
//!
//! What must hold: a payload that does not get smaller is kept as it is. What
//! comes out of a frame is as long as the length says, ends where the frame
//! ends, and the frame where the payload ends, or it is an error; no room is
//! made for a length that a frame of that size could not fill.

mod frame;
#[cfg(feature = "lz4")]
mod lz4;
mod setting;
#[cfg(test)]
mod tests;
#[cfg(feature = "zstd")]
mod zstd;

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::path::Path;

use log::Level;

pub(crate) use self::frame::Unpacked;
pub use self::setting::{Compression, Features, lz4, zstd};
use super::{Beside, Codec, Encoded};
use crate::error::StoreError;
use crate::events;
use crate::payload::{Incoming, Unsound};

/// How bytes were made smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Zstd,
    Lz4,
}

impl Method {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Lz4 => "lz4",
        }
    }

    /// The method's number in an entry's prefix; 0 is none.
    fn id(self) -> u32 {
        match self {
            Self::Zstd => 1,
            Self::Lz4 => 2,
        }
    }

    fn from_id(id: u32) -> Option<Self> {
        [Self::Zstd, Self::Lz4]
            .into_iter()
            .find(|method| method.id() == id)
    }

    /// Whether this crate was built with it.
    fn is_there(self) -> bool {
        match self {
            Self::Zstd => cfg!(feature = "zstd"),
            Self::Lz4 => cfg!(feature = "lz4"),
        }
    }

    /// The most bytes that one byte of a frame can stand for: a block of
    /// Zstandard has at least 4 bytes and stands for at most 128 KiB; a match
    /// of LZ4 is longer by at most 255 for each byte of its length.
    fn most_per_byte(self) -> u64 {
        match self {
            Self::Zstd => 32 << 10,
            Self::Lz4 => 255,
        }
    }
}

/// How the bytes of a payload came about: from a value by a codec, and then
/// smaller by a method, if by any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding {
    pub(crate) codec: Codec,
    pub(crate) method: Option<Method>,
}

impl From<Codec> for Encoding {
    fn from(codec: Codec) -> Self {
        Self {
            codec,
            method: None,
        }
    }
}

impl Encoding {
    /// Its number in an entry's prefix: that of the codec in the lower half,
    /// that of the method in the upper.
    pub(crate) fn number(self) -> u32 {
        self.codec.id() | self.method.map_or(0, Method::id) << 16
    }

    /// The encoding with this number; `None`: a later version has it.
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        let (codec, method) = (number & 0xffff, number >> 16);
        Some(Self {
            codec: Codec::from_id(codec)?,
            method: match method {
                0 => None,
                id => Some(Method::from_id(id)?),
            },
        })
    }

    /// The encoding with this number of what is in `store`.
    ///
    /// # Errors
    ///
    /// It takes another program to read that: it is not damaged.
    pub(crate) fn readable(number: u32, store: &Path) -> Result<Self, StoreError> {
        let path = || store.to_owned();
        let encoding = Self::from_number(number).ok_or_else(|| StoreError::NewerEntry {
            path: path(),
            found: number,
        })?;
        match encoding.method.filter(|method| !method.is_there()) {
            None => Ok(encoding),
            Some(method) => Err(StoreError::Compressed {
                path: path(),
                method: method.name(),
            }),
        }
    }

    /// The payload as the codec wrote it.
    pub(crate) fn open(self, payload: Incoming) -> Result<Incoming, Unsound> {
        match self.method {
            None => Ok(payload),
            Some(method) => payload.unpacked(method),
        }
    }
}

/// The bytes of a value as they go into an entry.
#[derive(Debug)]
pub(crate) struct Packed<'a> {
    pub(crate) encoding: Encoding,
    pub(crate) pieces: Vec<Cow<'a, [u8]>>,
    /// They are not in `pieces` but in the place beside memory.
    pub(crate) is_beside: bool,
}

/// The size of the length before a frame.
pub(crate) const LENGTH: usize = 8;

/// Compresses the bytes of a value of the type of this name, if that makes
/// them smaller. What a hit maps is kept as it is. `beside`: where the bytes
/// are if they are not in memory.
pub(crate) fn pack<'a>(
    encoded: Encoded<'a>,
    by: Compression,
    type_name: &str,
    beside: &dyn Beside,
) -> Packed<'a> {
    let Encoded {
        codec,
        pieces,
        is_beside,
    } = encoded;
    let is_mapped = codec == Codec::Raw && type_name.contains("MappedVec<");
    let method = by.method().filter(|_| !is_mapped);
    let packed = method.and_then(|method| {
        if !is_beside {
            return smaller(&pieces, by, method);
        }
        let contents = beside.contents().ok()?;
        smaller(&[Cow::Borrowed(&*contents)], by, method)
    });
    match packed {
        Some(pieces) => Packed {
            encoding: Encoding { codec, method },
            pieces,
            is_beside: false,
        },
        None => Packed {
            encoding: codec.into(),
            pieces,
            is_beside,
        },
    }
}

/// The length of `pieces` and a frame of them, if that is smaller.
fn smaller(
    pieces: &[Cow<'_, [u8]>],
    by: Compression,
    method: Method,
) -> Option<Vec<Cow<'static, [u8]>>> {
    if !method.is_there() {
        let name = method.name();
        events::warn_once(
            "compress",
            name,
            format_args!(
                "results are kept uncompressed: `{by}` needs the feature `{name}` of `memo-runtime`"
            ),
        );
        return None;
    }
    let len: u64 = pieces.iter().map(|piece| piece.len() as u64).sum();
    let mut out = Chunks {
        chunks: Vec::new(),
        room: len.saturating_sub(1),
    };
    let packed = out
        .write_all(&len.to_le_bytes())
        .and_then(|()| write_frame(pieces, len, by, &mut out));
    match packed {
        Ok(()) => Some(out.chunks.into_iter().map(Cow::Owned).collect()),
        Err(error) if error.kind() == io::ErrorKind::StorageFull => None,
        Err(error) => {
            let by = method.name();
            events::emit(
                Level::Warn,
                format_args!("a result is kept uncompressed: {by}: {error}"),
            );
            None
        }
    }
}

#[allow(
    unused_variables,
    reason = "without the features there is nothing to write with"
)]
fn write_frame(
    pieces: &[Cow<'_, [u8]>],
    len: u64,
    by: Compression,
    out: &mut Chunks,
) -> io::Result<()> {
    match by {
        #[cfg(feature = "zstd")]
        Compression::Zstd { level } => zstd::write(pieces, len, level, out),
        #[cfg(feature = "lz4")]
        Compression::Lz4 => lz4::write(pieces, len, out),
        _ => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Bytes in memory, up to so many, which are never moved for lack of room.
struct Chunks {
    chunks: Vec<Vec<u8>>,
    room: u64,
}

const CHUNK: usize = 1 << 20;

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() as u64 > self.room {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let free = |chunk: &Vec<u8>| CHUNK - chunk.len();
        if self.chunks.last().is_none_or(|last| free(last) == 0) {
            self.chunks.push(Vec::new());
        }
        let Some(last) = self.chunks.last_mut() else {
            return Ok(0);
        };
        let taken = &bytes[..bytes.len().min(free(last))];
        last.extend_from_slice(taken);
        self.room -= taken.len() as u64;
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the payload was before it was compressed; so many bytes of it are to
/// be read from `payload`.
///
/// # Errors
///
/// It is of kind `InvalidData` if that cannot be.
pub(crate) fn unpack<'a>(
    mut payload: impl BufRead + 'a,
    len: u64,
    method: Method,
) -> io::Result<Unpacked<'a>> {
    let mut length = [0; LENGTH];
    payload.read_exact(&mut length).map_err(frame::spoiled)?;
    let length = u64::from_le_bytes(length);
    let frame = len.saturating_sub(LENGTH as u64);
    if length > frame.saturating_mul(method.most_per_byte()) {
        return Err(frame::broken("it says that it is longer than it can be"));
    }
    match method {
        #[cfg(feature = "zstd")]
        Method::Zstd => Unpacked::new(zstd::Frame::new(payload, length)?, length),
        #[cfg(feature = "lz4")]
        Method::Lz4 => Unpacked::new(lz4::Frame::new(payload), length),
        #[allow(unreachable_patterns, reason = "with both features there is no other")]
        _ => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            format!(
                "it is compressed with {}, which this program was built without",
                method.name()
            ),
        )),
    }
}
