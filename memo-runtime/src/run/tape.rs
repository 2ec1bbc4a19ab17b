//! A recording while it is made.
//!
//! Up to 64 KiB are held in memory, so that a small recording is written in
//! one piece, and what one stream prints in a row becomes one chunk. Beyond
//! that, what is held is spooled into the store whenever it is full. What must
//! hold: the program is never held up for trouble with the store. It ends the
//! recording, and what is counted and digested goes on.

use super::format::{self, CHUNK_HEAD, StreamSum, Summary};
use super::{RecordedOutput, Stream};
use crate::call::{Memo, Open};
use crate::key::Digest;
use crate::store::payload::OpenPayload;
use crate::store::spool::Spool;

/// So much is held in memory.
const HELD: usize = 64 << 10;

/// A recording that is being made.
#[derive(Debug)]
pub(super) struct Tape {
    /// Where to spool to; `None`: nowhere.
    store: Option<(Memo, Open)>,
    /// Whether it is to be kept.
    keep: bool,
    held: Vec<u8>,
    /// Where in `held` the chunk begins that is still added to.
    open: Option<(Stream, usize)>,
    rest: Rest,
    /// How many bytes are no longer held.
    passed: u64,
    sums: [Sum; 2],
    /// How many bytes the chunks take, once they are complete.
    chunks: Option<u64>,
    outputs: Vec<RecordedOutput>,
    problem: Option<String>,
}

/// Where what is not held any more went.
#[derive(Debug)]
enum Rest {
    None,
    Spooled(Spool),
    Lost,
}

/// What has been printed to a stream so far.
#[derive(Debug, Default)]
struct Sum {
    bytes: u64,
    hasher: blake3::Hasher,
}

/// The bytes of a finished recording.
#[derive(Debug)]
pub(super) enum Bytes {
    Held(Vec<u8>),
    Spooled(Spool),
    /// So many, of which nothing is left.
    Lost(u64),
}

impl Tape {
    /// A recording that spools into `store`, and is to be kept there or not.
    pub(super) fn new(store: Option<(Memo, Open)>, keep: bool) -> Self {
        Self {
            store,
            keep,
            held: Vec::new(),
            open: None,
            rest: Rest::None,
            passed: 0,
            sums: Default::default(),
            chunks: None,
            outputs: Vec::new(),
            problem: None,
        }
    }

    /// Adds what was printed to a stream.
    pub(super) fn print(&mut self, stream: Stream, mut bytes: &[u8]) {
        if self.chunks.is_some() {
            self.ends("something was printed after outputs were collected".to_owned());
            return;
        }
        let sum = &mut self.sums[stream.index()];
        sum.bytes += bytes.len() as u64;
        sum.hasher.update(bytes);
        while !bytes.is_empty() {
            let is_open = self.open.is_some_and(|(open, _)| open == stream);
            let head = if is_open { 0 } else { CHUNK_HEAD };
            let room = HELD.saturating_sub(self.held.len() + head);
            if room == 0 {
                self.pass_on();
                continue;
            }
            if !is_open {
                self.close();
                self.open = Some((stream, self.held.len()));
                self.held.extend_from_slice(&[0; CHUNK_HEAD]);
            }
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.held.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Adds the files that were left. Nothing is printed after it.
    pub(super) fn left(&mut self, outputs: Vec<RecordedOutput>) {
        self.complete_chunks();
        if let Some(output) = outputs.iter().find(|it| !format::leads_beneath(&it.path)) {
            self.ends(format!(
                "`{}` is no path beneath the directory",
                output.path
            ));
        }
        self.outputs = outputs;
    }

    /// The finished recording, and why it is not to be kept.
    pub(super) fn finish(mut self) -> (Bytes, Summary, Option<String>) {
        let summary = Summary {
            streams: [0, 1].map(|stream: usize| StreamSum {
                bytes: self.sums[stream].bytes,
                digest: digest(&self.sums[stream].hasher),
            }),
            chunks: self.complete_chunks(),
            outputs: std::mem::take(&mut self.outputs),
        };
        if !summary.append(&mut self.held) {
            self.ends("there are too many outputs".to_owned());
        }
        if !matches!(self.rest, Rest::None) {
            self.pass_on();
        }
        let bytes = match self.rest {
            Rest::None => Bytes::Held(self.held),
            Rest::Spooled(spool) => Bytes::Spooled(spool),
            Rest::Lost => Bytes::Lost(self.passed),
        };
        (bytes, summary, self.problem)
    }

    /// Nothing more is printed; how many bytes the chunks take.
    fn complete_chunks(&mut self) -> u64 {
        self.close();
        let so_far = self.passed + self.held.len() as u64;
        *self.chunks.get_or_insert(so_far)
    }

    /// Ends the chunk that is added to.
    fn close(&mut self) {
        if let Some((stream, at)) = self.open.take() {
            let length = (self.held.len() - at - CHUNK_HEAD) as u32;
            self.held[at..at + CHUNK_HEAD].copy_from_slice(&format::chunk_head(stream, length));
        }
    }

    /// Spools what is held.
    fn pass_on(&mut self) {
        self.close();
        self.passed += self.held.len() as u64;
        if let Rest::None = self.rest {
            self.rest = Rest::Lost;
            if let Some((memo, open)) = &self.store {
                let begun = Spool::begin(&open.store).or_else(|error| {
                    // Removed under our feet?
                    let gone = open.store.is_gone();
                    match gone.then(|| memo.reopened(open)).flatten() {
                        Some(new) => Spool::begin(&new.store),
                        None => Err(error),
                    }
                });
                match begun {
                    Ok(mut spool) => {
                        if !self.keep {
                            spool.unname();
                        }
                        self.rest = Rest::Spooled(spool);
                    }
                    Err(error) => self.ends(error.to_string()),
                }
            }
        }
        if let Rest::Spooled(spool) = &mut self.rest
            && let Err(error) = spool.append(&self.held)
        {
            // What it took is free again for the program.
            self.rest = Rest::Lost;
            self.ends(error.to_string());
        }
        self.held.clear();
    }

    /// It will not be kept, and this is why.
    pub(super) fn ends(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }
}

impl Bytes {
    /// The bytes, to be read.
    pub(super) fn open(self) -> OpenPayload {
        match self {
            Self::Held(bytes) => OpenPayload::in_memory(bytes, 0),
            Self::Spooled(spool) => spool
                .payload()
                .unwrap_or_else(|_| OpenPayload::nowhere(spool.len())),
            Self::Lost(len) => OpenPayload::nowhere(len),
        }
    }
}

fn digest(hasher: &blake3::Hasher) -> Digest {
    Digest::from_bytes(*hasher.finalize().as_bytes())
}
