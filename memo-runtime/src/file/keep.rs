//! From the user's directories to the store.

use std::collections::BTreeSet;
use std::fmt;
use std::mem;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, fstat};
use rustix::path::Arg;

use super::beneath::{Obstacle, kind};
use super::content::Reading;
use super::permitted::Site;
use super::seen::State;
use super::tree::{Found, Kind, Leaf, Tree, Walker, refused, walk};
use super::{Desk, Trouble};
use crate::clock::Clock;
use crate::error::StoreError;
use crate::header::{KeptContent, KeptFile};
use crate::store::FileId;
use crate::store::files::NotAdded;

/// Why outputs are not kept.
#[derive(Debug)]
pub(crate) enum Unkept {
    /// One of them is not what can be kept.
    Output(Trouble),
    /// The store cannot be written to.
    Store(StoreError),
}

impl From<Trouble> for Unkept {
    fn from(trouble: Trouble) -> Self {
        Self::Output(trouble)
    }
}

impl From<StoreError> for Unkept {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl fmt::Display for Unkept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output(trouble) => write!(f, "output {trouble}"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

/// Keeps what is at `paths`, where an entry of `function` is about to name it.
pub(super) fn keep(
    paths: &BTreeSet<PathBuf>,
    desk: &Desk<'_>,
    function: &str,
    durable: bool,
) -> Result<Vec<KeptFile>, Unkept> {
    desk.store.mark_files_of(function, desk.clock.now())?;
    let mut keeping = Keeping {
        keeper: Keeper::at(desk, durable),
        tree: Tree::default(),
    };
    let mut kept = Vec::with_capacity(paths.len());
    for path in paths {
        let (met, tree) = keeping.output(path)?;
        let content = match (met, tree.nodes.first().map(|node| &node.kind)) {
            (Met::Directory, _) => keep_list(&tree, path, desk, durable)?,
            (Met::File, Some(Kind::File(leaf))) => (*leaf).into(),
            _ => return Err(Trouble::new(path, "the function has not written it").into()),
        };
        let path = path
            .to_str()
            .ok_or_else(|| Trouble::new(path, "its path is not UTF-8: rename it"))?;
        kept.push(KeptFile {
            path: path.to_owned(),
            content,
        });
    }
    Ok(kept)
}

/// What was at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    Nothing,
    File,
    Directory,
}

/// Has `walker` meet what is at `site`: a file, or all that is in a directory.
/// `path` is where that is, for people, and `inside` is what it is known by.
pub(crate) fn meet(
    site: &Site,
    path: &Path,
    inside: &[u8],
    walker: &mut impl Walker,
) -> Result<Met, Trouble> {
    let refused = |obstacle: Obstacle| refused(path, &obstacle);
    let Some(parent) = site.open(walker.store())? else {
        return Ok(Met::Nothing);
    };
    let name = site.name.as_os_str().into_c_str();
    let name = name.map_err(|error| refused(error.into()))?;
    let Some(stat) = parent.look(&*name).map_err(refused)? else {
        return Ok(Met::Nothing);
    };
    let found = Found {
        dir: &parent,
        name: &name,
        inside,
        path,
        stat: &stat,
    };
    match kind(&stat) {
        FileType::RegularFile => walker.file(&found).map(|()| Met::File),
        FileType::Directory if walker.store() == Some((stat.st_dev, stat.st_ino)) => {
            Err(found.trouble("it is the store"))
        }
        FileType::Directory => {
            let Some(dir) = parent.child(&*name).map_err(refused)? else {
                return Ok(Met::Nothing);
            };
            if !walk(&dir, path, inside, walker)? {
                walker.empty(&found)?;
            }
            Ok(Met::Directory)
        }
        other => Err(refused(Obstacle::Is(other))),
    }
}

/// Brings files into the store.
pub(crate) struct Keeper<'a> {
    /// Where they are kept; `None`: they are only digested.
    desk: Option<Desk<'a>>,
    reading: Reading<'a>,
    durable: bool,
    /// What stands in the way in the store.
    failed: Option<StoreError>,
}

impl<'a> Keeper<'a> {
    /// Keeps files in a store. `durable`: they survive a power cut.
    pub(crate) fn at(desk: &Desk<'a>, durable: bool) -> Self {
        Self {
            desk: Some(*desk),
            reading: Reading::at(desk),
            durable,
            failed: None,
        }
    }

    /// Keeps nothing, and tells what files hold.
    pub(crate) fn of_nothing(clock: &Clock, goes_on: &'a dyn Fn() -> bool) -> Self {
        Self {
            desk: None,
            reading: Reading::without_store(clock, goes_on),
            durable: false,
            failed: None,
        }
    }

    /// From now on nothing is kept, if the store failed; how it did.
    pub(crate) fn give_up(&mut self) -> Option<StoreError> {
        let failed = self.failed.take()?;
        self.desk = None;
        Some(failed)
    }

    /// Which directory the store is.
    pub(crate) fn store(&self) -> Option<FileId> {
        self.reading.store()
    }

    /// Keeps a regular file; `None`: it has gone.
    pub(crate) fn keep(&mut self, found: &Found<'_>) -> Result<Option<Leaf>, Trouble> {
        let open = || found.dir.file(found.name);
        let Some(Desk {
            store,
            clock,
            goes_on,
            ..
        }) = self.desk
        else {
            let read = self.reading.file(found.stat, found.path, open)?;
            return Ok(read.map(|(leaf, _)| leaf));
        };
        let now = clock.now();
        let known = self.reading.memory().recall(&State::of(found.stat));
        if let Some(digest) = known {
            let leaf = Leaf::of(found.stat, digest);
            if store.renew_file(&leaf.digest, leaf.bytes, now) {
                return Ok(Some(leaf));
            }
        }
        let refused = |obstacle: Obstacle| refused(found.path, &obstacle);
        let Some((file, before)) = open().map_err(refused)? else {
            return Ok(None);
        };
        let digest = match store.add_file(&file, self.durable, now, goes_on) {
            Ok(digest) => digest,
            Err(NotAdded::Unread(error)) => return Err(found.trouble(error.to_string())),
            Err(NotAdded::Stopped) => return Err(found.trouble("interrupted while it was kept")),
            Err(NotAdded::Store(error)) => {
                let trouble = found.trouble(error.to_string());
                self.failed = Some(error);
                return Err(trouble);
            }
        };
        let after = fstat(&file).map_err(|error| refused(error.into()))?;
        let state = State::of(&before);
        if state != State::of(&after) {
            return Err(
                found.trouble("it changed while it was kept; is something still writing to it?")
            );
        }
        self.reading.memory().note(&state, digest);
        Ok(Some(Leaf::of(&before, digest)))
    }
}

/// Keeps the list of what is in the directory at `path`, whose files are kept.
pub(crate) fn keep_list(
    tree: &Tree,
    path: &Path,
    desk: &Desk<'_>,
    durable: bool,
) -> Result<KeptContent, Unkept> {
    let (mut files, mut bytes) = (0, 0_u64);
    for node in &tree.nodes {
        if let Kind::File(leaf) = &node.kind {
            files += 1;
            bytes = bytes.saturating_add(leaf.bytes);
        }
    }
    let encoded = tree.to_bytes().filter(|it| Tree::from_bytes(it).is_some());
    let encoded = encoded.ok_or_else(|| Trouble::new(path, "there are too many files in it"))?;
    let digest = desk.store.add_list(&encoded, durable, desk.clock.now())?;
    Ok(KeptContent::Directory {
        files,
        bytes,
        digest,
    })
}

/// Who walks through the outputs of a function and keeps them.
struct Keeping<'a> {
    keeper: Keeper<'a>,
    tree: Tree,
}

impl Keeping<'_> {
    /// Keeps what is at `path`: a file, or what is in a directory.
    fn output(&mut self, path: &Path) -> Result<(Met, Tree), Unkept> {
        let met = meet(&Site::of(path)?, path, &[], self);
        if let Some(error) = self.keeper.give_up() {
            return Err(error.into());
        }
        Ok((met?, mem::take(&mut self.tree).sorted()))
    }
}

impl Walker for Keeping<'_> {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        if let Some(leaf) = self.keeper.keep(found)? {
            self.tree.add(found.inside, Kind::File(leaf));
        }
        Ok(())
    }

    fn empty(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        // Of the output itself, a list of nothing says as much.
        if !found.inside.is_empty() {
            self.tree.add(found.inside, Kind::Empty);
        }
        Ok(())
    }

    fn store(&self) -> Option<FileId> {
        self.keeper.store()
    }
}
