//! What probing a directory finds, and how grave it is.

use std::io;
use std::time::Duration;

use super::super::{FileSystem, Room, Share, Site};
use crate::error::StoreError;

/// Something that was looked at, and how it is.
#[derive(Debug)]
pub struct Finding {
    /// What was looked at, and what was seen.
    pub check: Check,
    /// How grave that is.
    pub verdict: Verdict,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It is as it should be.
    Fine,
    /// Results are right, and something is worth knowing.
    Odd,
    /// The cache does not do what it promises.
    Broken,
}

/// What was looked at, and what was seen.
#[derive(Debug)]
#[non_exhaustive]
pub enum Check {
    /// Whether the store can be opened.
    Store(Opening),
    /// Whose the directory is, and who may use it.
    Permissions(Permissions),
    /// The kind of the file system.
    FileSystem(FileSystem),
    /// Whether files can be made at all.
    Writing(Tried),
    /// Whether two opens of a file lock each other out.
    LocksOfOpens(Tried),
    /// Whether two processes lock each other out.
    LocksOfProcesses(Tried),
    /// Whether the lock of a killed process is free again.
    LocksOfKilled(Tried),
    /// Whether a file can be created by one alone.
    Creating(Tried),
    /// Whether a rename replaces a file at once, and readers keep the old one.
    Renaming(Tried),
    /// Whether a rename can be kept from replacing a file.
    Placing(Tried),
    /// Whether bytes and names can be synced.
    Syncing(Tried),
    /// How finely times of files can be set, or why they cannot.
    Times(Result<Duration, String>),
    /// How far the file system's clock and this machine's are apart.
    Clock {
        /// How far.
        apart: Duration,
        /// Whether the file system's is ahead.
        ahead: bool,
    },
    /// How much more the disk holds.
    Room {
        /// What the file system says.
        room: Room,
        /// How much of the disk entries take already, in bytes.
        used: u64,
        /// How much they may take.
        max_size: Option<u64>,
    },
    /// What killed processes and damage have left.
    Leftovers(Leftovers),
    /// Whether the journal can be read.
    Journal(Tried),
    /// The versions of this crate that use the store.
    Runtimes(Vec<String>),
}

/// How opening a store went.
#[derive(Debug)]
pub enum Opening {
    /// It is open.
    Open,
    /// There is none yet.
    Missing,
    /// There is something that cannot be used.
    Refused(StoreError),
}

/// Whose a directory is, and who may use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Its permission bits.
    pub mode: u32,
    /// The user id that owns it.
    pub owner: u32,
    /// The group id that owns it.
    pub group: u32,
    /// The user id of this process.
    pub user: u32,
    /// Who may write to the store, as settings say.
    pub share: Share,
}

/// How trying something ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// The file system does it.
    Kept,
    /// The file system says that it did, and did not.
    Unkept,
    /// The system refused, and said why.
    Failed(String),
    /// It was not tried, as it might never end.
    Skipped,
}

impl Tried {
    pub(super) fn of(tried: io::Result<bool>) -> Self {
        match tried {
            Ok(true) => Self::Kept,
            Ok(false) => Self::Unkept,
            Err(error) => Self::Failed(error.to_string()),
        }
    }
}

/// What killed processes and damage have left in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// Temporary files that nobody writes to any more.
    pub temporary: usize,
    /// Flights that nobody holds.
    pub flights: usize,
    /// Damaged entries that were moved aside.
    pub damaged: usize,
    /// Their size in bytes.
    pub damaged_bytes: u64,
}

/// Clocks further apart than this make ages wrong that matter to people.
const APART: Duration = Duration::from_secs(60);
/// Less room than this is none.
const NO_ROOM: u64 = 16 << 20;
const NO_FILES: u64 = 16;
const FEW_FILES: u64 = 10_000;
/// The group's permission to write to a directory.
const GROUP_WRITES: u32 = 0o020;

impl Finding {
    pub(super) fn of(check: Check) -> Self {
        let verdict = check.verdict();
        Self { check, verdict }
    }
}

impl Check {
    fn verdict(&self) -> Verdict {
        let odd_if = |odd| if odd { Verdict::Odd } else { Verdict::Fine };
        match self {
            Self::Store(Opening::Open | Opening::Missing) => Verdict::Fine,
            Self::Store(Opening::Refused(_)) => Verdict::Broken,
            Self::Permissions(Permissions { mode, share, .. }) => {
                odd_if(*share == Share::Group && mode & GROUP_WRITES == 0)
            }
            Self::FileSystem(file_system) => odd_if(file_system.site != Site::Here),
            Self::Writing(tried)
            | Self::LocksOfOpens(tried)
            | Self::LocksOfProcesses(tried)
            | Self::LocksOfKilled(tried)
            | Self::Creating(tried)
            | Self::Renaming(tried)
            | Self::Placing(tried)
            | Self::Syncing(tried) => match tried {
                Tried::Kept => Verdict::Fine,
                Tried::Skipped => Verdict::Odd,
                Tried::Unkept | Tried::Failed(_) => Verdict::Broken,
            },
            Self::Times(grain) => odd_if(grain.as_ref().map_or(true, |grain| *grain > APART)),
            Self::Clock { apart, .. } => odd_if(*apart > APART),
            Self::Room {
                room,
                used,
                max_size,
            } => {
                if room.free < NO_ROOM || room.files.is_some_and(|files| files < NO_FILES) {
                    return Verdict::Broken;
                }
                let holds = used.saturating_add(room.free);
                let few = room.files.is_some_and(|files| files < FEW_FILES);
                odd_if(few || max_size.is_some_and(|max_size| holds < max_size))
            }
            Self::Leftovers(found) => odd_if(*found != Leftovers::default()),
            Self::Journal(tried) => odd_if(*tried != Tried::Kept),
            Self::Runtimes(versions) => odd_if(versions.len() > 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(free: u64, used: u64, files: Option<u64>) -> Verdict {
        let check = Check::Room {
            room: Room { free, files },
            used,
            max_size: Some(1 << 30),
        };
        Finding::of(check).verdict
    }

    #[test]
    fn a_disk_that_ends_before_the_limit_is_odd_and_a_full_one_is_broken() {
        assert_eq!(room(1 << 30, 0, None), Verdict::Fine);
        assert_eq!(room(1 << 29, 1 << 29, Some(1 << 20)), Verdict::Fine);
        assert_eq!(room(1 << 29, 0, None), Verdict::Odd);
        assert_eq!(room(1 << 30, 0, Some(100)), Verdict::Odd);
        assert_eq!(room(1 << 20, 1 << 30, None), Verdict::Broken);
        assert_eq!(room(1 << 30, 0, Some(0)), Verdict::Broken);
    }

    #[test]
    fn a_broken_promise_is_grave_and_one_that_was_not_tried_is_odd() {
        let verdict = |tried| Finding::of(Check::LocksOfProcesses(tried)).verdict;
        assert_eq!(verdict(Tried::of(Ok(true))), Verdict::Fine);
        assert_eq!(verdict(Tried::of(Ok(false))), Verdict::Broken);
        let refused = io::Error::from(io::ErrorKind::Unsupported);
        assert_eq!(verdict(Tried::of(Err(refused))), Verdict::Broken);
        assert_eq!(verdict(Tried::Skipped), Verdict::Odd);
    }

    #[test]
    fn a_shared_store_that_the_group_cannot_write_to_is_odd() {
        let verdict = |mode, share| {
            let permissions = Permissions {
                mode,
                owner: 1,
                group: 1,
                user: 1,
                share,
            };
            Finding::of(Check::Permissions(permissions)).verdict
        };
        assert_eq!(verdict(0o700, Share::None), Verdict::Fine);
        assert_eq!(verdict(0o700, Share::Group), Verdict::Odd);
        assert_eq!(verdict(0o770, Share::Group), Verdict::Fine);
    }

    #[test]
    fn clocks_may_be_a_little_apart() {
        let verdict = |seconds, ahead| {
            let apart = Duration::from_secs(seconds);
            Finding::of(Check::Clock { apart, ahead }).verdict
        };
        assert_eq!(verdict(1, true), Verdict::Fine);
        assert_eq!(verdict(3600, true), Verdict::Odd);
        assert_eq!(verdict(3600, false), Verdict::Odd);
    }
}
