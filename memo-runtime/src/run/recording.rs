//! What a program printed and left, to be read.

use std::io::{self, BufRead, BufReader, Read};
use std::time::Duration;

use super::format::{self, CHUNK_HEAD, NoRecording, Summary};
use super::{RecordedOutput, RunFacts, Stream};
use crate::clock::Moment;
use crate::header;
use crate::key::Digest;
use crate::store::Loaded;
use crate::store::payload::OpenPayload;

/// So much is read ahead.
const AHEAD: usize = 128 << 10;

/// What a program printed and left, its exit code and its metrics. A large one
/// is read piece by piece from its file, which may be removed meanwhile.
#[derive(Debug)]
pub struct Recording {
    pub(super) facts: RunFacts,
    pub(super) created: Moment,
    pub(super) duration: Duration,
    pub(super) summary: Summary,
    payload: OpenPayload,
}

impl Recording {
    pub(super) fn new(
        facts: RunFacts,
        (created, duration): (Moment, Duration),
        summary: Summary,
        payload: OpenPayload,
    ) -> Self {
        Self {
            facts,
            created,
            duration,
            summary,
            payload,
        }
    }

    /// The recording in an entry that was found.
    pub(super) fn of(loaded: Loaded) -> Result<Self, NoRecording> {
        let malformed = NoRecording::Malformed;
        let (_, facts) = header::decode(loaded.header())
            .map_err(|_| malformed("its header cannot be decoded"))?;
        let facts = facts.ok_or(malformed("its header tells of no run"))?;
        let times = (loaded.created(), loaded.duration());
        let payload = loaded.into_recording();
        let summary = Summary::read(&payload)?;
        Ok(Self::new(facts, times, summary, payload))
    }

    /// The exit code, and the metrics.
    pub fn facts(&self) -> &RunFacts {
        &self.facts
    }

    /// When it was computed.
    pub fn created(&self) -> Moment {
        self.created
    }

    /// How long the program ran.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The files that the program left, in the order of their paths.
    pub fn outputs(&self) -> &[RecordedOutput] {
        &self.summary.outputs
    }

    /// How much it printed to standard output, in bytes.
    pub fn stdout_bytes(&self) -> u64 {
        self.summary.streams[Stream::Stdout.index()].bytes
    }

    /// How much it printed to standard error, in bytes.
    pub fn stderr_bytes(&self) -> u64 {
        self.summary.streams[Stream::Stderr.index()].bytes
    }

    /// The BLAKE3 digest of what it printed to a stream.
    pub fn digest(&self, stream: Stream) -> Digest {
        self.summary.streams[stream.index()].digest
    }

    /// Hands out what was printed, in order, in pieces of at most 128 KiB.
    ///
    /// # Errors
    ///
    /// What `each` returned; or the recording cannot be read.
    pub fn replay(&self, mut each: impl FnMut(Stream, &[u8]) -> io::Result<()>) -> io::Result<()> {
        let chunks = self.part(0, self.summary.chunks);
        let mut reader = BufReader::with_capacity(AHEAD.min(chunks.left() + 1), chunks);
        while !reader.fill_buf()?.is_empty() {
            let mut head = [0; CHUNK_HEAD];
            reader.read_exact(&mut head)?;
            let Some((stream, length)) = format::read_chunk_head(head) else {
                let strange = "it is not made like a recording";
                return Err(io::Error::new(io::ErrorKind::InvalidData, strange));
            };
            let mut left = length as usize;
            while left > 0 {
                let buffer = reader.fill_buf()?;
                if buffer.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                let piece = buffer.len().min(left);
                each(stream, &buffer[..piece])?;
                reader.consume(piece);
                left -= piece;
            }
        }
        Ok(())
    }

    fn part(&self, at: u64, len: u64) -> Part<'_> {
        Part {
            payload: &self.payload,
            at,
            end: at.saturating_add(len),
        }
    }
}

/// Part of a payload.
struct Part<'a> {
    payload: &'a OpenPayload,
    at: u64,
    end: u64,
}

impl Part<'_> {
    fn left(&self) -> usize {
        usize::try_from(self.end - self.at).unwrap_or(usize::MAX)
    }
}

impl Read for Part<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let some = self.left().min(into.len());
        self.payload.read_exact_at(&mut into[..some], self.at)?;
        self.at += some as u64;
        Ok(some)
    }
}
