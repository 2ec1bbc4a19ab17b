//! Files that a program leaves: collected when it has ended, and put back when
//! its run is found instead of made.
//!
//! What is declared are files and directories beneath the directory in which
//! the program runs. A directory stands for all files in it, at any depth, and
//! for the empty directories, that the run has left: what lay there before, and
//! has not been changed since the program was started, is another run's or the
//! user's. What is declared by its own path is kept whatever its age. Putting
//! back a directory leaves files alone that the recording does not have.
//!
//! What files hold is kept by content, as that of an
//! [`OutputFile`](crate::OutputFile): the header of the entry names it, a file
//! by its digest and a directory by the list of what is in it. What must hold,
//! whatever a recording says:
//!
//! - Nothing is read or written but what is declared, beneath the directory,
//!   through no link, and not in the store.
//! - A file has the rights that it was left with, as far as the user's mask
//!   grants them, and runs as nobody else.
//! - Nothing is written if anything is in the way, or is not kept any more.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::Stat;

use super::{OutputKind, RecordedOutput};
use crate::clock::{self, Clock, Moment, nanos};
use crate::file::beneath::RIGHTS;
use crate::file::keep::{Keeper, Met, keep_list, meet};
use crate::file::permitted::Site;
use crate::file::restore::{Piece, put_back};
use crate::file::scope::Unrestored;
use crate::file::tree::{self, Found, Kind, Leaf, Tree, Walker, may_execute};
use crate::file::{Desk, Trouble};
use crate::header::{KeptContent, KeptFile};
use crate::key::Digest;
use crate::store::FileId;
use crate::store::dir::changed;

/// How far the clock that a kernel stamps files with may lag: one tick, which
/// is longest at 100 of them per second.
const TICK: Duration = Duration::from_millis(10);
const SECOND: Moment = 1_000_000_000;

/// The files that a program leaves, as they are declared.
#[derive(Clone, Copy)]
pub struct Outputs<'a> {
    /// Where the program runs. A link in this path is the user's own.
    pub dir: &'a Path,
    /// Paths from there, each [one that can be](output_path).
    pub declared: &'a [String],
    /// Whether to go on with what takes long.
    pub goes_on: &'a dyn Fn() -> bool,
}

impl Outputs<'_> {
    /// Waits until what changes is told by its time from what lies in declared
    /// directories now: a tick of the clock, if anything there has just changed.
    /// The moment from which on that is so, at which the program is started.
    pub fn settled(&self) -> SystemTime {
        let latest = declared_paths(self).unwrap_or_default().into_iter();
        let latest = latest.filter_map(|path| self.last_change_in(&path)).max();
        let told_from = latest.map_or(0, |latest| latest.saturating_add(nanos(TICK) + 1));
        let wait = told_from.saturating_sub(Clock::system().now());
        // Where a clock was set back there is no use in waiting.
        if wait <= SECOND + nanos(TICK) {
            std::thread::sleep(Duration::from_nanos(wait));
        }
        SystemTime::now()
    }

    /// When anything in a declared directory was changed last; `None`: it is
    /// none. What cannot be looked at is told when it is collected.
    fn last_change_in(&self, path: &str) -> Option<Moment> {
        let names: Vec<&OsStr> = path.split('/').map(OsStr::new).collect();
        let mut latest = Latest(0);
        let site = Site::of_run(self.dir, &names);
        let met = meet(&site, &self.dir.join(path), &[], &mut latest);
        (!matches!(met, Ok(Met::File))).then_some(latest.0)
    }
}

/// What was put back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// How many files and empty directories were missing, or differed.
    pub written: usize,
    /// How many were as they should be; they have not been touched.
    pub same: usize,
}

/// What was collected.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) outputs: Vec<RecordedOutput>,
    /// The same, as the header names it.
    pub(super) files: Vec<KeptFile>,
    /// Why it cannot be kept, although it could be read.
    pub(super) problem: Option<String>,
}

/// A declared path without what says nothing, its names joined by `/`.
///
/// # Errors
///
/// It does not lead to something beneath where it begins, and why.
pub fn output_path(declared: &str) -> Result<String, &'static str> {
    if declared.starts_with('/') {
        return Err("it is absolute; give it relative to the working directory");
    }
    let names: Vec<&str> = declared
        .split('/')
        .filter(|name| !matches!(*name, "" | "."))
        .collect();
    if names.contains(&"..") {
        return Err("it leads out of the working directory; start the run further up");
    }
    if names.is_empty() {
        return Err("it is the working directory itself; name what the program leaves there");
    }
    if declared.contains('\0') {
        return Err("no path contains a NUL");
    }
    Ok(names.join("/"))
}

/// All declared paths, in order.
fn declared_paths(outputs: &Outputs<'_>) -> Result<Vec<String>, Trouble> {
    let path = |declared: &String| {
        output_path(declared).map_err(|why| Trouble::new(Path::new(declared), why))
    };
    let mut paths: Vec<String> = outputs
        .declared
        .iter()
        .map(path)
        .collect::<Result<_, _>>()?;
    paths.sort_unstable_by(|one, other| one.split('/').cmp(other.split('/')));
    Ok(paths)
}

/// The last change of what is in a directory.
struct Latest(Moment);

impl Walker for Latest {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        self.0 = self.0.max(last_change(found.stat));
        Ok(())
    }

    fn empty(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        self.file(found)
    }

    fn store(&self) -> Option<FileId> {
        None
    }
}

/// Whether `path` is, or is beneath, `above`.
fn is_beneath(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Collects what a run has left that was started at the moment `since`. It is
/// kept at `desk`, where an entry of `function` is about to name it; without, it
/// is only looked at.
pub(super) fn collect(
    outputs: &Outputs<'_>,
    since: SystemTime,
    desk: Option<&Desk<'_>>,
    function: &str,
    durable: bool,
) -> Result<Collected, Trouble> {
    let mut paths = declared_paths(outputs)?;
    if paths.is_empty() {
        return Ok(Collected::default());
    }
    let named = paths.iter().cloned().collect();
    // What is in a directory that is declared too comes with that.
    paths.dedup_by(|next, kept| is_beneath(next, kept));

    let marked = desk.map(|desk| desk.store.mark_files_of(function, desk.clock.now()));
    let (desk, problem) = match marked {
        Some(Err(error)) => (None, Some(error.to_string())),
        _ => (desk, None),
    };
    let mut collection = Collection {
        keeper: match desk {
            Some(desk) => Keeper::at(desk, durable),
            None => Keeper::of_nothing(&Clock::system(), outputs.goes_on),
        },
        goes_on: outputs.goes_on,
        named,
        since: clock::moment(since.checked_sub(TICK).unwrap_or(since)),
        outputs: Vec::new(),
        problem,
    };
    let mut files = Vec::new();
    for path in &paths {
        let begin = collection.outputs.len();
        let met = collection.declared(outputs.dir, path);
        let met = met.map_err(|trouble| trouble.told_from(outputs.dir))?;
        let left = &collection.outputs[begin..];
        if let Some(desk) = desk.filter(|_| collection.problem.is_none()) {
            match kept_file(path, met, left, desk, durable) {
                Ok(file) => files.extend(file),
                Err(problem) => collection.problem = Some(problem),
            }
        }
    }
    Ok(Collected {
        outputs: collection.outputs,
        files,
        problem: collection.problem,
    })
}

/// What the header names of what was `left` at a declared path, if that is
/// anything.
fn kept_file(
    path: &str,
    met: Met,
    left: &[RecordedOutput],
    desk: &Desk<'_>,
    durable: bool,
) -> Result<Option<KeptFile>, String> {
    let files = || left.iter().filter_map(|it| Some((it, it.leaf()?)));
    let content = match files().next() {
        None => return Ok(None),
        Some((_, leaf)) if met == Met::File => KeptContent::from(leaf),
        Some(_) => {
            let mut tree = Tree::default();
            for (output, leaf) in files() {
                let inside = &output.path[path.len() + 1..];
                tree.add(inside.as_bytes(), Kind::File(leaf));
            }
            let kept = keep_list(&tree.sorted(), Path::new(path), desk, durable);
            kept.map_err(|error| error.to_string())?
        }
    };
    let path = path.to_owned();
    Ok(Some(KeptFile { path, content }))
}

impl RecordedOutput {
    /// What it holds, if it is a file.
    fn leaf(&self) -> Option<Leaf> {
        (self.kind == OutputKind::File).then_some(Leaf {
            bytes: self.bytes,
            executable: may_execute(self.mode),
            digest: self.digest,
        })
    }
}

/// Who walks through what a program has left.
struct Collection<'a> {
    keeper: Keeper<'a>,
    goes_on: &'a dyn Fn() -> bool,
    /// What is declared by its own path.
    named: HashSet<String>,
    /// When the first change can have been that of the run.
    since: Moment,
    outputs: Vec<RecordedOutput>,
    problem: Option<String>,
}

impl Collection<'_> {
    /// Collects what a declared path leads to.
    fn declared(&mut self, dir: &Path, path: &str) -> Result<Met, Trouble> {
        let names: Vec<&OsStr> = path.split('/').map(OsStr::new).collect();
        let begin = self.outputs.len();
        let site = Site::of_run(dir, &names);
        let met = meet(&site, &dir.join(path), path.as_bytes(), self)?;
        if met == Met::Nothing || met == Met::File && self.outputs.len() == begin {
            let missing = "the program did not leave it; it is declared with --output";
            return Err(Trouble::new(Path::new(path), missing));
        }
        Ok(met)
    }

    /// Whether it is the run that left this, as far as can be told.
    fn is_left(&self, stat: &Stat, path: &str) -> bool {
        self.named.contains(path) || last_change(stat) >= self.since
    }

    fn add(&mut self, found: &Found<'_>, path: &str, leaf: Option<Leaf>) {
        let nothing = || Digest::from_bytes(*blake3::hash(&[]).as_bytes());
        self.outputs.push(RecordedOutput {
            path: path.to_owned(),
            mode: found.stat.st_mode & RIGHTS,
            kind: match leaf {
                Some(_) => OutputKind::File,
                None => OutputKind::Dir,
            },
            bytes: leaf.map_or(0, |leaf| leaf.bytes),
            digest: leaf.map_or_else(nothing, |leaf| leaf.digest),
        });
    }
}

impl Walker for Collection<'_> {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        let path = text(found)?;
        if !(self.goes_on)() {
            return Err(found.trouble("interrupted before it was kept"));
        }
        if !self.is_left(found.stat, path) {
            return Ok(());
        }
        let mut kept = self.keeper.keep(found);
        if let Some(error) = self.keeper.give_up() {
            // What else is amiss is told all the same.
            self.problem.get_or_insert(error.to_string());
            kept = self.keeper.keep(found);
        }
        if let Some(leaf) = kept? {
            self.add(found, path, Some(leaf));
        }
        Ok(())
    }

    fn empty(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        let path = text(found)?;
        if self.is_left(found.stat, path) {
            self.add(found, path, None);
        }
        Ok(())
    }

    fn store(&self) -> Option<FileId> {
        self.keeper.store()
    }
}

/// The path of something that was found.
fn text<'a>(found: &Found<'a>) -> Result<&'a str, Trouble> {
    str::from_utf8(found.inside).map_err(|_| found.trouble("its name is not UTF-8; rename it"))
}

/// When an inode changed: what it holds, what it may, or what it is called. Of
/// a file system that knows whole seconds only, the end of that second.
fn last_change(stat: &Stat) -> Moment {
    let changed = changed(stat);
    match changed % SECOND {
        0 => changed.saturating_add(SECOND - 1),
        _ => changed,
    }
}

/// Makes what a run left be there again: what is declared now, and nothing
/// else.
pub(super) fn restore(
    outputs: &Outputs<'_>,
    recorded: &[RecordedOutput],
    desk: &Desk<'_>,
) -> Result<Restored, Unrestored> {
    let declared = declared_paths(outputs)?;
    let impossible = |path: &str, why| Unrestored::Lost(Trouble::new(Path::new(path), why));
    let paths = recorded.iter().map(|output| output.path.as_bytes());
    let all = tree::names(paths).ok_or_else(|| {
        let why = "what was recorded here cannot be the paths of outputs";
        Unrestored::Lost(Trouble::new(outputs.dir, why))
    })?;
    let mut pieces = Vec::with_capacity(recorded.len());
    for (output, names) in recorded.iter().zip(all) {
        if !declared.iter().any(|above| is_beneath(&output.path, above)) {
            return Err(impossible(&output.path, "it has not been declared"));
        }
        pieces.push(Piece {
            path: outputs.dir.join(&output.path),
            site: Site::of_run(outputs.dir, &names),
            leaf: output.leaf(),
            mode: Some(output.mode & RIGHTS),
        });
    }
    let desk = Desk {
        goes_on: outputs.goes_on,
        ..*desk
    };
    let written = put_back(pieces, &desk)
        .map_err(|unrestored| unrestored.told_from(outputs.dir))?
        .len();
    Ok(Restored {
        written,
        same: recorded.len() - written,
    })
}

#[cfg(test)]
mod tests;
