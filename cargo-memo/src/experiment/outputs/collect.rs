//! From the working directory to the recording.

use std::collections::HashSet;
use std::fs::File;
use std::io::Seek as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{FileType, Stat, fstat};
use rustix::io::Errno;

use super::beneath::{Dir, Obstacle, RIGHTS, Told};
use super::restore::is_temporary;
use super::{Collected, Keeps, interrupted, names};
use crate::failure::Failure;
use crate::render::escape;

/// How far the clock that a kernel stamps files with may lag: one tick, which
/// is longest at 100 of them per second.
const TICK: Duration = Duration::from_millis(10);

/// Hands everything declared to `keeper`, unless `stopped`.
pub(super) fn collect(
    dir: &Path,
    declared: &[String],
    since: SystemTime,
    keeper: &mut impl Keeps,
    stopped: &dyn Fn() -> bool,
) -> Result<Collected, Failure> {
    let mut paths = declared
        .iter()
        .map(|path| names::declared(path))
        .collect::<Result<Vec<_>, _>>()?;
    if paths.is_empty() {
        return Ok(Collected::default());
    }
    let named = paths.iter().map(|names| names.join("/")).collect();
    // What is in a directory that is declared too comes with that.
    paths.sort_unstable();
    paths.dedup_by(|next, kept| next.starts_with(kept));

    let root = Dir::working(dir).map_err(|error| {
        Failure::Failed(format!(
            "cannot keep outputs: `{}`: {error}",
            escape(&dir.display().to_string())
        ))
    })?;
    let mut collection = Collection {
        named,
        since: since.checked_sub(TICK).unwrap_or(since),
        keeper,
        stopped,
        collected: Collected::default(),
    };
    for path in &paths {
        collection.declared(&root, path)?;
    }
    Ok(collection.collected)
}

struct Collection<'a, K> {
    /// What is declared by its own path.
    named: HashSet<String>,
    /// When the first change can have been that of the run.
    since: SystemTime,
    keeper: &'a mut K,
    stopped: &'a dyn Fn() -> bool,
    collected: Collected,
}

impl<K: Keeps> Collection<'_, K> {
    /// Keeps what a declared path leads to.
    fn declared(&mut self, root: &Dir, names: &[&str]) -> Result<(), Failure> {
        let Some((last, parents)) = names.split_last() else {
            return Ok(());
        };
        let path = names.join("/");
        let mut parent = None;
        for (depth, name) in parents.iter().enumerate() {
            let here = parent.as_ref().unwrap_or(root);
            let next = here
                .child(name)
                .map_err(|obstacle| refused(&parents[..=depth].join("/"), &obstacle))?;
            parent = Some(next.ok_or_else(|| missing(&path))?);
        }
        self.thing(parent.as_ref().unwrap_or(root), last, &path)
    }

    /// Keeps a file, or all that is in a directory.
    fn thing(&mut self, parent: &Dir, name: &str, path: &str) -> Result<(), Failure> {
        if (self.stopped)() {
            return Err(interrupted("keeping outputs"));
        }
        let refused = |obstacle| refused(path, &obstacle);
        let looked = parent.look(name).map_err(refused)?;
        let stat = looked.ok_or_else(|| missing(path))?;
        match FileType::from_raw_mode(stat.st_mode) {
            FileType::Directory => {
                let dir = parent.child(name).map_err(refused)?;
                self.directory(&dir.ok_or_else(|| missing(path))?, &stat, path)
            }
            FileType::RegularFile if !self.is_left(&stat, path) => Ok(()),
            _ => {
                let found = parent.file(name).map_err(refused)?;
                let (file, stat) = found.ok_or_else(|| missing(path))?;
                self.file(file, &stat, path)
            }
        }
    }

    /// Whether it is the run that left this, as far as can be told.
    fn is_left(&self, stat: &Stat, path: &str) -> bool {
        self.named.contains(path) || changed(stat) >= self.since
    }

    fn directory(&mut self, dir: &Dir, stat: &Stat, path: &str) -> Result<(), Failure> {
        let refused = |error| refused(path, &Obstacle::System(error));
        let names = dir.list().map_err(refused)?;
        let mut is_empty = true;
        for name in &names {
            let Ok(name) = name.to_str() else {
                let path = format!("{path}/{}", name.to_string_lossy());
                return Err(unkept(&path, "its name is not UTF-8; rename it"));
            };
            if !is_temporary(name) {
                self.thing(dir, name, &format!("{path}/{name}"))?;
                is_empty = false;
            }
        }
        if is_empty && self.is_left(stat, path) {
            self.keeper.directory(path, stat.st_mode & RIGHTS);
        }
        Ok(())
    }

    fn file(&mut self, mut file: File, before: &Stat, path: &str) -> Result<(), Failure> {
        let mode = before.st_mode & RIGHTS;
        self.keeper.output(path, mode, &mut file);
        let read = file.stream_position();
        let after = fstat(&file).map_err(|error| refused(path, &error.into()))?;
        let size = u64::try_from(before.st_size).unwrap_or(0);
        if !is_same(before, &after) {
            return Err(unkept(
                path,
                "it changed while it was read; does something that the program started go on?",
            ));
        }
        if !matches!(read, Ok(read) if read == size) {
            return Err(unkept(path, "it could not be read to its end"));
        }
        self.collected.files += 1;
        self.collected.bytes += size;
        Ok(())
    }
}

/// When an inode changed: what it holds, what it may, or what it is called. Of
/// a file system that knows whole seconds only, the end of that second.
fn changed(stat: &Stat) -> SystemTime {
    let seconds = u64::try_from(stat.st_ctime).unwrap_or(0);
    let nanos = match u32::try_from(stat.st_ctime_nsec) {
        Ok(0) | Err(_) => 999_999_999,
        Ok(nanos) => nanos,
    };
    let age = Duration::from_secs(seconds) + Duration::from_nanos(nanos.into());
    let changed = SystemTime::UNIX_EPOCH.checked_add(age);
    changed.unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Whether a file has not been written to in between.
fn is_same(before: &Stat, after: &Stat) -> bool {
    let state = |stat: &Stat| (stat.st_size, stat.st_mtime, stat.st_mtime_nsec);
    state(before) == state(after)
}

fn missing(path: &str) -> Failure {
    unkept(
        path,
        "the program did not leave it; it is declared with --output",
    )
}

fn refused(path: &str, obstacle: &Obstacle) -> Failure {
    let advice = match obstacle {
        Obstacle::Is(_) => "; only files and directories are kept",
        Obstacle::System(Errno::MFILE) => "; its directories are too deep",
        Obstacle::System(_) => "",
    };
    Failure::Failed(format!(
        "the run is not kept: {}{advice}",
        Told(path, obstacle)
    ))
}

fn unkept(path: &str, why: &str) -> Failure {
    Failure::Failed(format!("the run is not kept: `{}`: {why}", escape(path)))
}
