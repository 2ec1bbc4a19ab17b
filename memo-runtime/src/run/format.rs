//! What a recording looks like, byte by byte.
//!
//! ```text
//! payload = chunk* summary trailer
//! chunk   = stream length bytes    what was printed, in order
//! stream  = u8; 1: standard output, 2: standard error
//! length  = u32, 1 to 64 KiB
//! summary = a record (`codec::record`): `Summary`
//! trailer = u64, the length of the summary in bytes
//! ```
//!
//! Integers are little-endian. What outputs hold is kept by content
//! (`store/files.rs`), and named by the entry's header. The version of this
//! format is part of the key: a recording of another is not found. What must
//! hold: the summary is believed only as
//! far as the lengths in it add up to the payload's; nothing is allocated for
//! a length that the payload does not have; and the path of an output leads
//! beneath the directory that it is relative to.

use std::io;

use serde::{Deserialize, Serialize};

use super::{OutputKind, RecordedOutput, Stream};
use crate::codec::record;
use crate::codec::shape::Shape;
use crate::key::{Digest, KeyBuilder};
use crate::store::payload::OpenPayload;

/// The name of the type that recordings are of.
pub(super) const TYPE_NAME: &str = "recording";
/// The version of this format.
const VERSION: u64 = 2;
/// No chunk is longer.
pub(super) const CHUNK_MAX: usize = 64 << 10;
/// How long the head of a chunk is.
pub(super) const CHUNK_HEAD: usize = 5;
/// No summary is longer.
const SUMMARY_MAX: u64 = 16 << 20;
const TRAILER: u64 = 8;

/// What a recording is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// What was printed to standard output and to standard error.
    pub(crate) streams: [StreamSum; 2],
    /// How many bytes all chunks take.
    pub(crate) chunks: u64,
    /// What was left.
    pub(crate) outputs: Vec<RecordedOutput>,
}

/// What was printed to one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StreamSum {
    pub(crate) bytes: u64,
    pub(crate) digest: Digest,
}

/// Why a payload is no recording.
#[derive(Debug)]
pub(crate) enum NoRecording {
    /// It is not made like one.
    Malformed(&'static str),
    /// It cannot be read.
    System(io::Error),
}

impl From<io::Error> for NoRecording {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Malformed("it is cut short"),
            _ => Self::System(error),
        }
    }
}

/// The type of recordings: its name and version.
pub(super) fn shape() -> Shape {
    let mut digest = KeyBuilder::new();
    digest.number(TYPE_NAME, VERSION);
    Shape {
        digest: digest.finish(),
        complete: true,
    }
}

impl Stream {
    pub(super) fn index(self) -> usize {
        match self {
            Self::Stdout => 0,
            Self::Stderr => 1,
        }
    }
}

/// The head of a chunk.
pub(super) fn chunk_head(stream: Stream, length: u32) -> [u8; CHUNK_HEAD] {
    let [a, b, c, d] = length.to_le_bytes();
    [stream.index() as u8 + 1, a, b, c, d]
}

/// The stream and the length that the head of a chunk tells.
pub(super) fn read_chunk_head(head: [u8; CHUNK_HEAD]) -> Option<(Stream, u32)> {
    let [stream, a, b, c, d] = head;
    let stream = match stream {
        1 => Stream::Stdout,
        2 => Stream::Stderr,
        _ => return None,
    };
    let length = u32::from_le_bytes([a, b, c, d]);
    (1..=CHUNK_MAX as u32)
        .contains(&length)
        .then_some((stream, length))
}

/// Whether a path is relative, and leads to something beneath where it begins.
pub(super) fn leads_beneath(path: &str) -> bool {
    let name = |name: &str| !name.is_empty() && name != "." && name != ".." && !name.contains('\0');
    path.split('/').all(name)
}

impl Summary {
    /// Appends the summary and the trailer; whether they fit.
    pub(super) fn append(&self, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let encoded = record::append(self, out);
        let length = (out.len() - start) as u64;
        out.extend_from_slice(&length.to_le_bytes());
        encoded.is_ok() && length <= SUMMARY_MAX
    }

    /// Reads the summary at the end of a payload.
    pub(crate) fn read(payload: &OpenPayload) -> Result<Self, NoRecording> {
        let mut trailer = [0; TRAILER as usize];
        let end = payload.len().checked_sub(TRAILER);
        let end = end.ok_or(NoRecording::Malformed("it is cut short"))?;
        payload.read_exact_at(&mut trailer, end)?;
        let length = u64::from_le_bytes(trailer);
        let start = end.checked_sub(length).filter(|_| length <= SUMMARY_MAX);
        let start = start.ok_or(NoRecording::Malformed("its summary is too long"))?;
        let mut bytes = vec![0; length as usize];
        payload.read_exact_at(&mut bytes, start)?;
        let summary: Self = record::decode(&bytes)
            .map_err(|_| NoRecording::Malformed("its summary cannot be decoded"))?;
        summary.check(start).map_err(NoRecording::Malformed)?;
        Ok(summary)
    }

    /// Compares lengths with that of all before the summary.
    fn check(&self, before: u64) -> Result<(), &'static str> {
        if self.chunks != before {
            return Err("its lengths do not add up");
        }
        let [stdout, stderr] = self.streams;
        let printed = stdout.bytes.checked_add(stderr.bytes);
        if printed.is_none_or(|printed| printed > self.chunks) {
            return Err("its lengths do not add up");
        }
        for output in &self.outputs {
            if !leads_beneath(&output.path) {
                return Err("the path of an output leads elsewhere");
            }
            if output.kind == OutputKind::Dir && output.bytes > 0 {
                return Err("a directory has bytes");
            }
        }
        Ok(())
    }
}
