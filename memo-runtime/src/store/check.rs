//! Checking entries whole, however large they are.
//!
//! Every byte is hashed, a piece at a time, so that it takes little memory.
//! What must hold: nothing is written, not even the time of last use; no link
//! is followed and nothing is waited for. An entry that is replaced or removed
//! while it is read is looked at again: a store that changes is no finding.

use std::io::{self, Read};

use rustix::fs::FileType;

use super::Store;
use super::dir;
use super::entry::{Fault, Head, PREFIX};
use super::inventory::Unreadable;
use super::layout::Place;
use super::publish::ATTEMPTS;
use super::read::{Failed, FileId, id, read_up_to};
use crate::header;

/// What checking an entry came to.
#[derive(Debug)]
pub(crate) enum Checked {
    /// Every byte is as it was written.
    Whole,
    /// It has been removed.
    Gone,
    /// It is damaged, newer than this crate, or cannot be read; and which
    /// file that is said of.
    Amiss(Unreadable, Option<FileId>),
    /// Whoever watches wanted no more.
    Stopped,
}

/// So much is read at once.
const PIECE: usize = 256 << 10;

/// The room that one thread needs for checking.
#[derive(Debug)]
pub(crate) struct Piece(Vec<u8>);

impl Piece {
    /// Takes the room.
    pub(crate) fn new() -> Self {
        Self(vec![0; PIECE])
    }
}

/// How far reading an entry came.
enum HowFar {
    Whole,
    Stopped,
}

impl Store {
    /// Checks the entry of `place`. `goes_on` is told how many bytes have
    /// been read since it was last told, and whether to go on.
    pub(crate) fn check_entry(
        &self,
        place: &Place,
        piece: &mut Piece,
        mut goes_on: impl FnMut(u64) -> bool,
    ) -> Checked {
        let mut problem = Unreadable::System("it is replaced all the time".to_owned());
        for _ in 0..ATTEMPTS {
            let mut looked_at = None;
            let failed = match self.hash_entry(place, piece, &mut goes_on, &mut looked_at) {
                Ok(HowFar::Whole) => return Checked::Whole,
                Ok(HowFar::Stopped) => return Checked::Stopped,
                Err(failed) => failed,
            };
            let there = match self.stat_entry(place) {
                Ok(None) => return Checked::Gone,
                Ok(Some(there)) => there,
                Err(error) => return Checked::Amiss(Unreadable::System(error.to_string()), None),
            };
            problem = match failed {
                Failed::System(_) if !FileType::from_raw_mode(there.st_mode).is_file() => {
                    Unreadable::Damaged(Fault::NotAFile.to_string())
                }
                Failed::System(error) => Unreadable::System(error.to_string()),
                Failed::Fault(fault) => Unreadable::Damaged(fault.to_string()),
                Failed::Newer(version) => Unreadable::Newer(version),
            };
            if looked_at.is_none_or(|file| file == id(&there)) {
                return Checked::Amiss(problem, Some(id(&there)));
            }
        }
        Checked::Amiss(problem, None)
    }

    fn hash_entry(
        &self,
        place: &Place,
        Piece(piece): &mut Piece,
        goes_on: &mut impl FnMut(u64) -> bool,
        looked_at: &mut Option<FileId>,
    ) -> Result<HowFar, Failed> {
        let (file, stat) = self.open_entry(place, looked_at)?;
        let size = dir::size(&stat);
        let mut bytes = Vec::new();
        read_up_to(&file, PREFIX as u64, &mut bytes)?;
        let head = Head::measure(&bytes, size)?;
        read_up_to(&file, (head.len() - bytes.len()) as u64, &mut bytes)?;
        head.check(&bytes)?;
        if let Some(version) = head.newer() {
            return Err(Failed::Newer(version));
        }
        if head.facts.key != place.key {
            return Err(Fault::OtherKey.into());
        }
        if header::decode(head.header(&bytes)).is_err() {
            return Err(Fault::BadHeader.into());
        }
        let mut hasher = blake3::Hasher::new();
        let mut payload = (&file).take(head.payload().len() as u64);
        if !goes_on(head.len() as u64) {
            return Ok(HowFar::Stopped);
        }
        loop {
            let read = match payload.read(piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            hasher.update(&piece[..read]);
            if !goes_on(read as u64) {
                return Ok(HowFar::Stopped);
            }
        }
        head.check_payload_digest(&hasher.finalize())?;
        Ok(HowFar::Whole)
    }
}
