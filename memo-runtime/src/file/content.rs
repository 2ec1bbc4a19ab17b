//! What a path leads to, by its content.

use std::fs::File;
use std::io;
use std::mem;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{FileType, Stat, fstat};
use serde::Serialize;

use super::beneath::{self, Dir, Obstacle, kind};
use super::seen::{Memory, State};
use super::tree::{self, Found, Kind, Leaf, Tree, Walker};
use super::{Desk, Trouble};
use crate::clock::Clock;
use crate::key::Digest;
use crate::store::FileId;
use crate::store::dir::size;
use crate::store::files::copy;

/// A file that is written to while it is read is read so often.
const ATTEMPTS: u32 = 3;

/// What a file or directory is in a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Content {
    /// The digest of its bytes.
    File(Digest),
    /// The digest of its tree.
    Directory(Digest),
}

impl Content {
    /// Its digest.
    pub(super) fn digest(&self) -> &Digest {
        let (Self::File(digest) | Self::Directory(digest)) = self;
        digest
    }
}

/// What a path led to when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) content: Content,
    /// A digest of the states of all files.
    states: Digest,
}

/// Where it is remembered what files hold, and what is not looked at.
pub(super) struct Reading<'a> {
    memory: Memory<'a>,
    store: Option<FileId>,
    goes_on: &'a dyn Fn() -> bool,
}

impl<'a> Reading<'a> {
    /// Remembers in the store as well.
    pub(super) fn at(desk: &Desk<'a>) -> Self {
        let stored = desk.store.remembered(desk.writes);
        Self {
            memory: Memory::of(desk.clock.now(), Some(stored)),
            store: desk.store.id(),
            goes_on: desk.goes_on,
        }
    }

    /// There is no store, or none yet.
    pub(super) fn without_store(clock: &Clock, goes_on: &'a dyn Fn() -> bool) -> Self {
        Self {
            memory: Memory::of(clock.now(), None),
            store: None,
            goes_on,
        }
    }

    /// Which directory the store is.
    pub(super) fn store(&self) -> Option<FileId> {
        self.store
    }

    /// The memory.
    pub(super) fn memory(&mut self) -> &mut Memory<'a> {
        &mut self.memory
    }

    /// The digest of a regular file that the system described like this, and
    /// its state. `open` opens it; `None`: it has gone.
    pub(super) fn file(
        &mut self,
        stat: &Stat,
        path: &Path,
        open: impl FnOnce() -> Result<Option<beneath::Opened>, Obstacle>,
    ) -> Result<Option<(Leaf, State)>, Trouble> {
        let state = State::of(stat);
        if let Some(digest) = self.memory.recall(&state) {
            return Ok(Some((Leaf::of(stat, digest), state)));
        }
        let trouble = |problem: String| Trouble::new(path, problem);
        let opened = open().map_err(|obstacle| trouble(obstacle.to_string()))?;
        let Some((file, mut stat)) = opened else {
            return Ok(None);
        };
        if !has_its_size(&file, &stat).map_err(|error| trouble(error.to_string()))? {
            let problem = "its size does not tell what is in it, as of files in /proc";
            return Err(trouble(problem.to_owned()));
        }
        let goes_on = self.goes_on;
        for _ in 0..ATTEMPTS {
            let digest = copy::digest_while(&file, |_| goes_on())
                .map_err(|error| trouble(error.to_string()))?
                .ok_or_else(|| trouble("interrupted while it was read".to_owned()))?;
            let after = fstat(&file).map_err(|error| trouble(Obstacle::from(error).to_string()))?;
            let state = State::of(&after);
            if state == State::of(&stat) {
                self.memory.note(&state, digest);
                return Ok(Some((Leaf::of(&stat, digest), state)));
            }
            stat = after;
        }
        Err(trouble("it changes while it is read".to_owned()))
    }
}

/// Whether a file ends where the system says: files whose bytes are made up when
/// they are read need not, and nothing tells when those change.
fn has_its_size(file: &File, stat: &Stat) -> io::Result<bool> {
    let mut byte = [0];
    Ok(match size(stat).checked_sub(1) {
        None => file.read_at(&mut byte, 0)? == 0,
        Some(last) => file.read_at(&mut byte, last)? == 1,
    })
}

/// What `path` leads to. Links in it are followed, links beneath it are not.
pub(super) fn look_at(path: &Path, reading: &mut Reading<'_>) -> Result<Look, Trouble> {
    let refused = |obstacle: Obstacle| Trouble::new(path, obstacle.to_string());
    let gone = || refused(Obstacle::System(rustix::io::Errno::NOENT));
    let stat = beneath::look(path).map_err(refused)?;
    let mut looking = Looking {
        reading,
        tree: Tree::default(),
        states: blake3::Hasher::new(),
    };
    let content = match kind(&stat) {
        FileType::Directory => {
            let dir = Dir::open(path).map_err(|error| Trouble::new(path, error.to_string()))?;
            tree::walk(&dir, path, &[], &mut looking)?;
            let bytes = mem::take(&mut looking.tree).sorted().to_bytes();
            let bytes =
                bytes.ok_or_else(|| Trouble::new(path, "there are too many files in it"))?;
            Content::Directory(digest(&blake3::hash(&bytes)))
        }
        FileType::RegularFile => {
            let open = || beneath::open(path).map(Some);
            let read = looking.reading.file(&stat, path, open)?;
            let (leaf, state) = read.ok_or_else(gone)?;
            looking.take_down(&state);
            Content::File(leaf.digest)
        }
        other => return Err(refused(Obstacle::Is(other))),
    };
    let states = digest(&looking.states.finalize());
    Ok(Look { content, states })
}

fn digest(hash: &blake3::Hash) -> Digest {
    Digest::from_bytes(*hash.as_bytes())
}

/// Who reads a directory to digest it.
struct Looking<'a, 'b> {
    reading: &'a mut Reading<'b>,
    tree: Tree,
    /// In the order in which files are met, which their names decide.
    states: blake3::Hasher,
}

impl Looking<'_, '_> {
    fn take_down(&mut self, state: &State) {
        for part in state.parts() {
            self.states.update(&part.to_le_bytes());
        }
    }
}

impl Walker for Looking<'_, '_> {
    fn file(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        let open = || found.dir.file(found.name);
        if let Some((leaf, state)) = self.reading.file(found.stat, found.path, open)? {
            self.take_down(&state);
            self.tree.add(found.inside, Kind::File(leaf));
        }
        Ok(())
    }

    fn link(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        let target = found.dir.target(found.name);
        let target = target.map_err(|error| found.trouble(Obstacle::from(error).to_string()))?;
        self.tree.add(found.inside, Kind::Link(target.into_bytes()));
        Ok(())
    }

    fn empty(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        self.tree.add(found.inside, Kind::Empty);
        Ok(())
    }

    fn store(&self) -> Option<FileId> {
        self.reading.store()
    }

    fn pass_store(&mut self, _: &Found<'_>) -> Result<(), Trouble> {
        Ok(())
    }
}
