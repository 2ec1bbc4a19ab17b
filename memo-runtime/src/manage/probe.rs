//! Proving that a directory does what a store needs, by trying it.
//!
//! What must hold: a store is left as it was found, but for the time of last
//! change of its `tmp/`; and whatever is wrong with a directory becomes a
//! [`Finding`], never an error.

mod finding;
mod holder;

use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::{fs, io};

pub use finding::{Check, Finding, Leftovers, Opening, Permissions, Tried, Verdict};
pub use holder::hold_lock;

use super::{Entry, Gather, Limits, Share, Vault};
use crate::clock::{Clock, nanos};
use crate::error::StoreError;
use crate::store::dir::{self, Dir};
use crate::store::flight::{self, Seen};
use crate::store::layout;
use crate::store::trial::Trial;
use holder::{Excluded, LockHolder};

/// What is looked at, and with whose help.
#[derive(Clone, Copy)]
pub struct Probe<'a> {
    /// Where the store is, or would be.
    pub dir: &'a Path,
    /// Who may write to it.
    pub share: Share,
    /// How large it may grow.
    pub limits: &'a Limits,
    /// A program that calls [`hold_lock`] with this path, writes a line, and
    /// then waits for its standard input to end.
    pub lock_holder: &'a dyn Fn(&Path) -> Command,
}

impl Probe<'_> {
    /// Looks at everything, in the order in which it depends on each other.
    pub fn run(&self) -> Vec<Finding> {
        let clock = Clock::system();
        let mut checks = Vec::new();
        match Vault::open(self.dir, self.share) {
            Ok(Some(vault)) => {
                checks.push(Check::Store(Opening::Open));
                self.look_at_root(&mut checks);
                let tmp = vault.store.root().open_dir(layout::TMP);
                self.try_everything(tmp, &clock, &mut checks);
                self.look_at_room(vault.store.root(), disk(&vault).ok(), &mut checks);
                look_inside(&vault, &clock, &mut checks);
            }
            Ok(None) => {
                checks.push(Check::Store(Opening::Missing));
                let parent = nearest(self.dir);
                self.try_everything(parent, &clock, &mut checks);
                if let Ok(parent) = nearest(self.dir) {
                    self.look_at_room(&parent, Some(0), &mut checks);
                }
            }
            Err(error) => {
                checks.push(Check::Store(Opening::Refused(error)));
                self.look_at_root(&mut checks);
            }
        }
        checks.into_iter().map(Finding::of).collect()
    }

    fn look_at_root(&self, checks: &mut Vec<Check>) {
        if let Ok(root) = Dir::open_root(self.dir, self.share == Share::Group)
            && let Ok(stat) = root.stat()
        {
            checks.push(Check::Permissions(Permissions {
                mode: stat.st_mode & 0o7777,
                owner: stat.st_uid,
                group: stat.st_gid,
                user: rustix::process::geteuid().as_raw(),
                share: self.share,
            }));
            checks.extend(root.file_system().ok().map(Check::FileSystem));
        }
    }

    /// Tries what a store needs in a directory below `parent`.
    fn try_everything(&self, parent: io::Result<Dir>, clock: &Clock, checks: &mut Vec<Check>) {
        let begun = parent.as_ref().map_err(same).and_then(|parent| {
            let known = checks.iter().any(|one| matches!(one, Check::FileSystem(_)));
            if !known {
                checks.extend(parent.file_system().ok().map(Check::FileSystem));
            }
            Ok((parent, Trial::begin(parent, clock)?))
        });
        let (parent, trial) = match begun {
            Ok(begun) => begun,
            Err(error) => {
                checks.push(Check::Writing(Tried::Failed(error.to_string())));
                return;
            }
        };
        checks.push(Check::Writing(Tried::Kept));
        if parent.has_locks() {
            checks.push(Check::LocksOfOpens(Tried::of(trial.opens_exclude())));
            let excluded = LockHolder::try_with(&trial, self.lock_holder);
            let Excluded { living, killed } = excluded;
            checks.push(Check::LocksOfProcesses(living));
            checks.push(Check::LocksOfKilled(killed));
        } else {
            checks.push(Check::LocksOfOpens(Tried::Skipped));
        }
        checks.extend([
            Check::Creating(Tried::of(trial.creates_exclusively())),
            Check::Renaming(Tried::of(trial.renames_whole())),
            Check::Placing(Tried::of(trial.first_rename_wins())),
            Check::Syncing(Tried::of(trial.syncs())),
            Check::Times(trial.time_grain().map_err(|error| error.to_string())),
        ]);
        if let Ok(time) = trial.time() {
            let now = clock.now();
            checks.push(Check::Clock {
                apart: Duration::from_nanos(now.abs_diff(time)),
                ahead: time > now,
            });
        }
    }

    fn look_at_room(&self, root: &Dir, used: Option<u64>, checks: &mut Vec<Check>) {
        if let Ok(room) = root.room() {
            checks.push(Check::Room {
                room,
                used: used.unwrap_or(0),
                max_size: self.limits.max_size,
            });
        }
    }
}

fn look_inside(vault: &Vault, clock: &Clock, checks: &mut Vec<Check>) {
    if let Ok(leftovers) = leftovers(vault, clock) {
        checks.push(Check::Leftovers(leftovers));
    }
    if let Err(error) = vault.statistics() {
        checks.push(Check::Journal(Tried::Failed(error.to_string())));
    } else {
        checks.push(Check::Journal(Tried::Kept));
    }
    if let Ok(versions) = vault.runtimes() {
        let versions = versions.into_iter().map(|(version, _)| version);
        checks.push(Check::Runtimes(versions.collect()));
    }
}

/// How much of the disk the entries take.
fn disk(vault: &Vault) -> Result<u64, StoreError> {
    #[derive(Default)]
    struct Disk(u64);
    impl Gather for Disk {
        fn add(&mut self, entry: Entry) {
            self.0 += entry.disk;
        }
        fn merge(&mut self, other: Self) {
            self.0 += other.0;
        }
    }
    let parts = vault.scan(&vault.functions()?, |_| Disk::default())?;
    Ok(parts.into_iter().map(|Disk(bytes)| bytes).sum())
}

/// A temporary file older than this has no living writer.
const LITTER_AGE: Duration = Duration::from_secs(3600);

fn leftovers(vault: &Vault, clock: &Clock) -> io::Result<Leftovers> {
    let before = clock.now().saturating_sub(nanos(LITTER_AGE));
    let root = vault.store.root();
    let mut found = Leftovers::default();
    if let Ok(tmp) = root.open_dir(layout::TMP) {
        for name in tmp.list()? {
            let old = tmp
                .stat_at(&name)
                .is_ok_and(|stat| dir::modified(&stat) < before);
            found.temporary += usize::from(old);
        }
    }
    if let Ok(damaged) = root.open_dir(layout::DAMAGED) {
        for name in damaged.list()? {
            found.damaged += 1;
            found.damaged_bytes += damaged.stat_at(&name).map_or(0, |stat| dir::size(&stat));
        }
    }
    for name in vault.store.flight_names().unwrap_or_default() {
        let seen = flight::look(&vault.store, &name, false);
        found.flights += usize::from(matches!(seen, Some((_, Seen::Abandoned))));
    }
    Ok(found)
}

/// The directory in which a store would be made: itself if it is there
/// already, else the nearest around it that is.
fn nearest(dir: &Path) -> io::Result<Dir> {
    let there = dir
        .ancestors()
        .find(|dir| fs::symlink_metadata(dir).is_ok());
    Dir::open_root(there.unwrap_or(dir), false)
}

/// The same error once more.
fn same(error: &io::Error) -> io::Error {
    error
        .raw_os_error()
        .map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

#[cfg(test)]
mod tests;
