//! What the journal adds up to as far as it has been summed up.
//!
//! ```text
//! journal/past = a frame with the place in the journal up to which the sums
//!                go, and how many follow; then a frame for each function
//! ```
//!
//! The file is replaced as a whole, and is not believed unless it is whole. As
//! it says up to where it goes, nothing is counted twice, whether what was
//! counted has been removed or not.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use super::segments::JournalPosition;
use super::statistics::{FunctionStatistics, Statistics};
use crate::frame;
use crate::store::dir::{Dir, regular};
use crate::store::layout::JOURNAL_PAST;
use crate::store::{FunctionName, Store};

/// A file over this size is none of ours.
const MAX_BYTES: u64 = 64 << 20;

/// The sums, and up to where they go.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) sums: Statistics,
    pub(super) through: JournalPosition,
}

#[derive(Serialize, Deserialize)]
enum Piece {
    Through {
        position: JournalPosition,
        functions: u64,
    },
    Function(FunctionName, FunctionStatistics),
}

impl Past {
    /// What stands in `dir`; nothing has been summed up where it is missing or
    /// damaged.
    pub(super) fn read(dir: &Dir) -> Self {
        read_bytes(dir)
            .ok()
            .and_then(|bytes| Self::decode(&bytes))
            .unwrap_or_default()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut past = Self::default();
        let mut promised = None;
        frame::each(bytes, |piece| match piece {
            Piece::Through {
                position,
                functions,
            } => {
                past.through = position;
                promised = Some(functions);
            }
            Piece::Function(name, sums) => {
                past.sums.functions.insert(name, sums);
            }
        });
        (promised? == past.sums.functions.len() as u64).then_some(past)
    }

    /// Puts it in the place of what stands in `dir`.
    pub(super) fn write(self, store: &Store, dir: &Dir) -> io::Result<()> {
        let mut functions = Vec::new();
        let mut written = 0;
        for (name, sums) in self.sums.functions {
            written += u64::from(frame::append(&Piece::Function(name, sums), &mut functions));
        }
        let mut bytes = Vec::new();
        let through = Piece::Through {
            position: self.through,
            functions: written,
        };
        frame::append(&through, &mut bytes);
        bytes.extend_from_slice(&functions);
        store.replace_file(dir, JOURNAL_PAST, &bytes)
    }
}

fn read_bytes(dir: &Dir) -> io::Result<Vec<u8>> {
    let file = dir.open_read(JOURNAL_PAST)?;
    regular(&file)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
