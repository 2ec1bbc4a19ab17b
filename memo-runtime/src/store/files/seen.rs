//! What files of the user held when they were last read, so that they are not
//! read again: a table of fixed size, `files/seen`.
//!
//! ```text
//! seen = set*            16384 of them; those that were never written are
//!                        missing, or zeros
//! set  = slot slot slot slot
//!
//!   at  bytes  slot
//!    0      8  file     the beginning of a digest of host, device and inode
//!    8     16  state    the beginning of a digest of host, device, inode,
//!                       size, and times of modification and change
//!   24     32  content  the BLAKE3 digest of the file's bytes
//!   56      8  sum      the beginning of the BLAKE3 digest of bytes 0..56
//! ```
//!
//! The set of a file is told by `file`. It is written to in place, a slot at a
//! time and without a lock: a torn slot does not match its sum, and what is
//! lost is read again. So the table needs no care, and never grows beyond
//! 4 MiB.

use std::fs::File;
use std::os::unix::fs::FileExt;

use crate::config;
use crate::key::Digest;
use crate::store::Store;
use crate::store::dir::sole;
use crate::store::layout::{FILES, FILES_SEEN};

const SETS: u64 = 16 << 10;
const SLOTS: usize = 4;
const SLOT: usize = 64;
const SET: usize = SLOTS * SLOT;

/// The table of a store, opened when it is first looked into.
#[derive(Debug)]
pub(crate) struct Remembered<'a> {
    store: &'a Store,
    writes: bool,
    table: Option<Option<File>>,
}

impl Store {
    /// What is remembered of files. `writes`: more may be.
    pub(crate) fn remembered(&self, writes: bool) -> Remembered<'_> {
        Remembered {
            store: self,
            writes,
            table: None,
        }
    }
}

/// A file, and its state, by their digests.
struct Name {
    file: [u8; 8],
    state: [u8; 16],
}

impl Name {
    /// Of what the system tells: device, inode, and the rest.
    fn of(state: &[u64; 5]) -> Self {
        // Stores may be shared by hosts, and each numbers its own devices.
        let mut hasher = blake3::Hasher::new();
        hasher.update(config::host().as_bytes());
        let mut update = |parts: &[u64]| {
            for part in parts {
                hasher.update(&part.to_le_bytes());
            }
            hasher.finalize()
        };
        let (file, rest) = state.split_at(2);
        let (file, state) = (update(file), update(rest));
        Self {
            file: beginning(&file),
            state: beginning(&state),
        }
    }

    /// Where its set begins.
    fn at(&self) -> u64 {
        u64::from_le_bytes(self.file) % SETS * SET as u64
    }
}

impl Remembered<'_> {
    /// The digest of what a file holds that is in this state.
    pub(crate) fn recall(&mut self, state: &[u64; 5]) -> Option<Digest> {
        let name = Name::of(state);
        let set = self.set(&name)?;
        let mut slots = set.chunks_exact(SLOT);
        let slot = slots.find(|slot| slot[8..24] == name.state && is_whole(slot))?;
        let content: [u8; 32] = slot[24..56].try_into().ok()?;
        Some(Digest::from_bytes(content))
    }

    /// Notes what a file holds that is in this state. That it cannot be noted
    /// costs reading it again.
    pub(crate) fn note(&mut self, state: &[u64; 5], content: &Digest) {
        if !self.writes {
            return;
        }
        let name = Name::of(state);
        let Some(set) = self.set(&name) else { return };
        let slots: Vec<&[u8]> = set.chunks_exact(SLOT).collect();
        // What was known of the file, else a slot that nobody needs, else any.
        let same = slots.iter().position(|slot| slot[..8] == name.file);
        let free = || slots.iter().position(|slot| !is_whole(slot));
        let any = || usize::from(name.state[0]) % SLOTS;
        let index = same.or_else(free).unwrap_or_else(any);
        let mut slot = [0; SLOT];
        slot[..8].copy_from_slice(&name.file);
        slot[8..24].copy_from_slice(&name.state);
        slot[24..56].copy_from_slice(content.as_bytes());
        let sum = sum(&slot);
        slot[56..].copy_from_slice(&sum);
        if let Some(table) = self.table() {
            let _ = table.write_all_at(&slot, name.at() + (index * SLOT) as u64);
        }
    }

    fn set(&mut self, name: &Name) -> Option<[u8; SET]> {
        let table = self.table()?;
        let mut set = [0; SET];
        // The table ends with the last set that was written.
        table.read_at(&mut set, name.at()).ok()?;
        Some(set)
    }

    fn table(&mut self) -> Option<&File> {
        let (store, writes) = (self.store, self.writes);
        let open = || {
            let root = store.root();
            let file = if writes {
                let dir = root.open_or_make_dir(FILES).ok()?;
                dir.open_or_create(FILES_SEEN).ok()?
            } else {
                root.open_dir(FILES).ok()?.open_read(FILES_SEEN).ok()?
            };
            // It is written to in place: by no second name.
            sole(&file).ok().map(|_| file)
        };
        self.table.get_or_insert_with(open).as_ref()
    }
}

fn is_whole(slot: &[u8]) -> bool {
    slot[56..] == sum(slot)
}

fn sum(slot: &[u8]) -> [u8; 8] {
    beginning(&blake3::hash(&slot[..56]))
}

fn beginning<const N: usize>(hash: &blake3::Hash) -> [u8; N] {
    let mut beginning = [0; N];
    beginning.copy_from_slice(&hash.as_bytes()[..N]);
    beginning
}
