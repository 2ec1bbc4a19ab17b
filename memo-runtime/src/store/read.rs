//! How entries are read: opened, measured, checked, handed out.
//!
//! A hit takes no lock and writes nothing, save that the time of last use
//! (the file's modification time) is renewed when it is over an hour old.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustix::fs::{Stat, Timespec, Timestamps, UTIME_NOW};

use super::Store;
use super::dir::{self, Dir, regular};
use super::entry::{Facts, Fault, Head, PREFIX};
use super::inventory::{Entry, Unreadable};
use super::layout::{self, Place};
use super::payload::OpenPayload;
use crate::clock::{Clock, Moment};
use crate::error::StoreError;
use crate::key::Digest;
use crate::payload::Incoming;

/// The whole of a small entry is read at once.
const AT_ONCE: u64 = 64 << 10;
/// A head is rarely longer.
const HEAD_AT_ONCE: u64 = 4 << 10;
/// So much of a large entry is read at once.
const PIECE: usize = 256 << 10;
/// Both times of a file, as the system's clock has it.
const PRESENT: Timestamps = Timestamps {
    last_access: Timespec {
        tv_sec: 0,
        tv_nsec: UTIME_NOW,
    },
    last_modification: Timespec {
        tv_sec: 0,
        tv_nsec: UTIME_NOW,
    },
};
/// An hour, in nanoseconds.
const LAST_USE_GRAIN: u64 = 3600 * 1_000_000_000;

/// What was found in the place of an entry.
#[derive(Debug)]
pub(crate) enum Lookup {
    /// A whole entry of the wanted call and type.
    Found(Loaded),
    /// Nothing.
    Absent,
    /// Something that is not a whole entry of the wanted call.
    Damaged(Fault, Option<FileId>),
    /// An entry that a later version wrote.
    Newer(u32),
    /// The place could not be read.
    Trouble(StoreError),
}

/// Which file was looked at: device and inode.
pub(crate) type FileId = (u64, u64);

/// How the payload of an entry is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// For a value: in memory and checked if the entry is small, and otherwise
    /// in its open file, to be checked when it is taken.
    Value,
    /// For a recording: checked, in memory if the entry is small, and otherwise
    /// in its open file.
    Recording,
}

/// An entry whose head has been checked.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The whole entry, checked; all before the payload if that is in the file.
    bytes: Arc<Vec<u8>>,
    file: Option<File>,
    id: FileId,
    head: Head,
}

impl Loaded {
    /// The encoded header.
    pub(crate) fn header(&self) -> &[u8] {
        self.head.header(&self.bytes)
    }

    /// The encoded value, which checks itself when it is taken.
    pub(crate) fn into_incoming(self) -> Incoming {
        let payload = self.head.payload();
        match self.file {
            None => Incoming::checked(self.bytes, payload),
            Some(file) => {
                let (start, len) = (payload.start as u64, payload.len() as u64);
                Incoming::in_file(file, start, len, self.head.payload_digest())
            }
        }
    }

    /// The same entry once more, if it is in memory.
    pub(crate) fn again(&self) -> Option<Self> {
        self.file.is_none().then(|| Self {
            bytes: Arc::clone(&self.bytes),
            file: None,
            id: self.id,
            head: self.head.clone(),
        })
    }

    /// The encoded recording, wherever it is.
    pub(crate) fn into_recording(self) -> OpenPayload {
        let payload = self.head.payload();
        match self.file {
            None => OpenPayload::in_memory(Arc::unwrap_or_clone(self.bytes), payload.start),
            Some(file) => OpenPayload::in_file(file, payload.start as u64, payload.len() as u64),
        }
    }

    /// The size of the entry file.
    pub(crate) fn size(&self) -> u64 {
        self.head.payload().end as u64
    }

    /// Which file it was found in.
    pub(crate) fn id(&self) -> FileId {
        self.id
    }

    pub(crate) fn codec(&self) -> u32 {
        self.head.facts.codec
    }

    /// The digest of the encoded value.
    pub(crate) fn payload_digest(&self) -> Digest {
        Digest::from_bytes(self.head.payload_digest())
    }

    /// When the value was computed.
    pub(crate) fn created(&self) -> Moment {
        self.head.facts.created
    }

    /// How long computing it took.
    pub(crate) fn duration(&self) -> Duration {
        Duration::from_nanos(self.head.facts.duration)
    }
}

/// A failed read, before it is known what to make of it.
pub(super) enum Failed {
    System(io::Error),
    Fault(Fault),
    Newer(u32),
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Store {
    /// Looks for the entry of `place`, whose value is to be of `value_type`
    /// and is wanted as `delivery` says. `clock`: renews the time of last use;
    /// `None` leaves it.
    pub(crate) fn look_up(
        &self,
        place: &Place,
        value_type: &Digest,
        delivery: Delivery,
        clock: Option<&Clock>,
    ) -> Lookup {
        let mut file = None;
        match self.read_entry(place, value_type, delivery, clock, &mut file) {
            Ok(loaded) => Lookup::Found(loaded),
            Err(Failed::Fault(fault)) => Lookup::Damaged(fault, file),
            Err(Failed::Newer(version)) => Lookup::Newer(version),
            Err(Failed::System(error)) => match error
                .raw_os_error()
                .map(rustix::io::Errno::from_raw_os_error)
            {
                // ESTALE: removed on another host of a network file system.
                Some(rustix::io::Errno::NOENT | rustix::io::Errno::STALE) => Lookup::Absent,
                _ => Lookup::Trouble(StoreError::io("read", self.entry_path(place), error)),
            },
        }
    }

    fn read_entry(
        &self,
        place: &Place,
        value_type: &Digest,
        delivery: Delivery,
        clock: Option<&Clock>,
        looked_at: &mut Option<FileId>,
    ) -> Result<Loaded, Failed> {
        let (file, stat) = self.open_entry(place, looked_at)?;
        let size = dir::size(&stat);
        let at_once = if size <= AT_ONCE { size } else { HEAD_AT_ONCE };
        let (head, mut bytes) = read_head(&file, size, place, at_once)?;
        if head.facts.value_type != *value_type {
            return Err(Fault::OtherType.into());
        }
        let stays = (bytes.len() as u64) < size;
        match delivery {
            _ if !stays => head.check_payload(&bytes)?,
            Delivery::Value => bytes.truncate(head.len()),
            Delivery::Recording => {
                let mut hasher = blake3::Hasher::new();
                hasher.update(&bytes[head.len()..]);
                bytes.truncate(head.len());
                hash_rest(&file, &mut hasher)?;
                head.check_payload_digest(&hasher.finalize())?;
            }
        }
        if let Some(clock) = clock {
            renew_last_use(&file, &stat, clock);
        }
        Ok(Loaded {
            bytes: Arc::new(bytes),
            file: stays.then_some(file),
            id: id(&stat),
            head,
        })
    }

    /// What the head of an entry says whose value is to be of `value_type`,
    /// and its encoded header; `None` if there is no such entry whose head
    /// could be read. The value is not looked at.
    pub(crate) fn peek(&self, place: &Place, value_type: &Digest) -> Option<(Facts, Vec<u8>)> {
        let (file, stat) = self.open_entry(place, &mut None).ok()?;
        let (head, bytes) = read_head(&file, dir::size(&stat), place, HEAD_AT_ONCE).ok()?;
        let header = head.header(&bytes).to_vec();
        (head.facts.value_type == *value_type).then_some((head.facts, header))
    }

    /// Reads a listed recording whose value is to be of `value_type`, and checks
    /// it; `None`: it has gone, or its value is of another type.
    pub(crate) fn load(
        &self,
        entry: &Entry,
        value_type: &Digest,
    ) -> Result<Option<Loaded>, Unreadable> {
        let place = entry.place();
        match self.read_entry(&place, value_type, Delivery::Recording, None, &mut None) {
            Ok(loaded) => Ok(Some(loaded)),
            Err(Failed::Fault(Fault::OtherType)) => Ok(None),
            Err(Failed::Fault(fault)) => Err(Unreadable::Damaged(fault.to_string())),
            Err(Failed::Newer(version)) => Err(Unreadable::Newer(version)),
            Err(Failed::System(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(Failed::System(error)) => Err(Unreadable::System(error.to_string())),
        }
    }

    /// Opens what stands in the place of an entry, if it is a regular file of
    /// somebody whose results may be used.
    pub(super) fn open_entry(
        &self,
        place: &Place,
        looked_at: &mut Option<FileId>,
    ) -> Result<(File, Stat), Failed> {
        let file = self.entries.open_read(place.relative())?;
        let Ok(stat) = regular(&file) else {
            return Err(Fault::NotAFile.into());
        };
        *looked_at = Some(id(&stat));
        if !self.shared && stat.st_uid != self.user {
            let owner = format!("it belongs to user id {}", stat.st_uid);
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, owner).into());
        }
        Ok((file, stat))
    }

    /// What stands in the place of an entry now, be it a link or anything
    /// else; `None`: nothing does.
    pub(super) fn stat_entry(&self, place: &Place) -> io::Result<Option<Stat>> {
        let stat = self
            .entry_dir(place)
            .and_then(|dir| dir.stat_at(place.leaf()));
        match stat {
            Ok(stat) => Ok(Some(stat)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The directory of an entry, to which no link leads.
    fn entry_dir(&self, place: &Place) -> io::Result<Dir> {
        self.entries
            .open_dir(place.function_dir())?
            .open_dir(place.fan())
    }

    /// The version of an entry that a later version of this crate wrote.
    pub(super) fn newer_entry(&self, place: &Place) -> io::Result<Option<u32>> {
        let file = self.entries.open_read(place.relative())?;
        let Ok(stat) = regular(&file) else {
            return Ok(None);
        };
        let size = dir::size(&stat);
        let mut bytes = Vec::new();
        read_up_to(&file, PREFIX as u64, &mut bytes)?;
        let Ok(head) = Head::measure(&bytes, size) else {
            return Ok(None);
        };
        read_up_to(&file, (head.len() - bytes.len()) as u64, &mut bytes)?;
        Ok(head.check(&bytes).ok().and_then(|()| head.newer()))
    }

    /// Whether nothing stands in the place of an entry. Cheaper than looking
    /// the entry up, for a place that was empty a moment ago.
    pub(crate) fn is_vacant(&self, place: &Place) -> bool {
        let stat = self.entries.stat_at(place.relative());
        stat.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    }

    /// Moves what stands in the place of an entry aside, unless it has been
    /// replaced by something whole meanwhile; whether it was moved.
    pub(crate) fn move_aside(
        &self,
        place: &Place,
        looked_at: Option<FileId>,
    ) -> Result<bool, StoreError> {
        let aside = || -> io::Result<bool> {
            let dir = self.entry_dir(place)?;
            let is_other = |stat: Stat| looked_at.is_some_and(|file| file != id(&stat));
            if is_other(dir.stat_at(place.leaf())?) {
                return Ok(false);
            }
            let target = format!("{}-{}", place.key, layout::unique_name());
            let damaged = self.root.open_or_make_dir(layout::DAMAGED)?;
            dir.rename(place.leaf(), &damaged, &target)?;
            // Another may have been renamed into its place between the two.
            if damaged.stat_at(&target).is_ok_and(is_other) {
                damaged.rename_new(&target, &dir, place.leaf())?;
                return Ok(false);
            }
            Ok(true)
        };
        match aside() {
            Ok(true) => {
                self.renew_generation();
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            moved => {
                moved.map_err(|error| StoreError::io("move aside", self.entry_path(place), error))
            }
        }
    }
}

/// Which file this is.
pub(super) fn id(stat: &Stat) -> FileId {
    (stat.st_dev, stat.st_ino)
}

/// Reads and checks the head of the entry of `place`, and `at_once` bytes in
/// any case, if the file has so many.
fn read_head(
    file: &File,
    size: u64,
    place: &Place,
    at_once: u64,
) -> Result<(Head, Vec<u8>), Failed> {
    let mut bytes = Vec::new();
    read_up_to(file, size.min(at_once), &mut bytes)?;
    let head = Head::measure(&bytes, size)?;
    let more = (head.len() as u64).saturating_sub(bytes.len() as u64);
    read_up_to(file, more, &mut bytes)?;
    head.check(&bytes)?;
    if let Some(version) = head.newer() {
        return Err(Failed::Newer(version));
    }
    if head.facts.key != place.key {
        return Err(Fault::OtherKey.into());
    }
    Ok((head, bytes))
}

/// Hashes what is left of a file, a piece at a time.
fn hash_rest(mut file: &File, hasher: &mut blake3::Hasher) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => hasher.update(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
    }
}

/// Reads `count` bytes, fewer only at the end of the file.
pub(super) fn read_up_to(file: &File, count: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let room = usize::try_from(count).map_err(|_| io::ErrorKind::OutOfMemory)?;
    bytes
        .try_reserve_exact(room)
        .map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    file.take(count).read_to_end(bytes)?;
    Ok(())
}

fn renew_last_use(file: &File, stat: &Stat, clock: &Clock) {
    let now = clock.now();
    if now.abs_diff(dir::modified(stat)) > LAST_USE_GRAIN {
        let time = SystemTime::UNIX_EPOCH + Duration::from_nanos(now);
        if file.set_modified(time).is_err() {
            // Who may write to another's file may give it the present time and
            // no other. A store that may only be read keeps its times.
            let _ = rustix::fs::futimens(file, &PRESENT);
        }
    }
}

#[cfg(test)]
mod tests;
