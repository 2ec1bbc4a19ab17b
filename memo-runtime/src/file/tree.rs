//! Directories as values: a list of what is in them.
//!
//! ```text
//! tree   = count node*                 in the record encoding (`codec::record`)
//! node   = path kind                   sorted by path
//! path   = names, joined by `/`: count byte*
//! kind   = 0 size executable digest    a file: its bytes by their BLAKE3 digest
//!        | 1                           a directory with nothing in it
//!        | 2 target                    a link: the text of where it leads to
//! ```
//!
//! Directories that hold something are known by that. The digest of a
//! directory is the BLAKE3 digest of its tree. What must hold: two directories
//! with different content have different trees.

use std::ffi::{CStr, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, Stat};
use serde::{Deserialize, Serialize};

use super::Trouble;
use super::beneath::{Dir, Obstacle, kind};
use super::temporary::is_temporary;
use crate::codec::record;
use crate::header::KeptContent;
use crate::key::Digest;
use crate::store::FileId;
use crate::store::dir::size;

/// The longest name that file systems have, in bytes.
const LONGEST: usize = 255;

/// What is in a directory, at any depth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tree {
    pub(super) nodes: Vec<Node>,
}

/// Something in a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Node {
    /// Its path from there.
    pub(super) path: Vec<u8>,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    File(Leaf),
    Empty,
    Link(Vec<u8>),
}

/// A regular file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leaf {
    pub(crate) bytes: u64,
    pub(crate) executable: bool,
    pub(crate) digest: Digest,
}

impl Leaf {
    /// A file that the system describes like this, and whose bytes have this
    /// digest.
    pub(super) fn of(stat: &Stat, digest: Digest) -> Self {
        Self {
            bytes: size(stat),
            executable: is_executable(stat),
            digest,
        }
    }
}

impl From<Leaf> for KeptContent {
    fn from(leaf: Leaf) -> Self {
        let Leaf {
            bytes,
            executable,
            digest,
        } = leaf;
        Self::File {
            bytes,
            executable,
            digest,
        }
    }
}

/// Whether the owner of a file may execute it.
pub(super) fn is_executable(stat: &Stat) -> bool {
    may_execute(stat.st_mode)
}

/// Whether a mode lets the owner of a file execute it.
pub(crate) fn may_execute(mode: u32) -> bool {
    mode & 0o100 != 0
}

impl Tree {
    /// Adds what has this path from the directory.
    pub(crate) fn add(&mut self, path: &[u8], kind: Kind) {
        let path = path.to_vec();
        self.nodes.push(Node { path, kind });
    }

    /// The tree, when everything has been added. By whole paths: a directory's
    /// names and what is in it were sorted each for itself.
    pub(crate) fn sorted(mut self) -> Self {
        self.nodes
            .sort_unstable_by(|one, other| one.path.cmp(&other.path));
        self
    }

    /// The tree in its encoding.
    pub(super) fn to_bytes(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        record::append(self, &mut bytes).ok()?;
        Some(bytes)
    }

    /// The tree that all of `bytes` are.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        record::decode(bytes).ok()
    }

    /// The names of each path, if what it says can be put back: plain names,
    /// each path once, and none beneath another that is no directory.
    pub(super) fn names(&self) -> Option<Vec<Vec<&OsStr>>> {
        names(self.nodes.iter().map(|node| node.path.as_slice()))
    }
}

/// The names of each path, if they can be put back beside each other: plain
/// names, each path once, and none beneath another.
pub(crate) fn names<'a>(paths: impl Iterator<Item = &'a [u8]>) -> Option<Vec<Vec<&'a OsStr>>> {
    let mut all: Vec<Vec<&OsStr>> = Vec::new();
    for path in paths {
        let names: Vec<&OsStr> = path
            .split(|byte| *byte == b'/')
            .map(OsStr::from_bytes)
            .collect();
        if !names.iter().all(|name| is_plain(name)) {
            return None;
        }
        all.push(names);
    }
    let mut sorted: Vec<&Vec<&OsStr>> = all.iter().collect();
    sorted.sort_unstable();
    let apart = |pair: &[&Vec<&OsStr>]| !pair[1].starts_with(pair[0]);
    sorted.windows(2).all(apart).then_some(all)
}

/// Whether a name is that of something in a directory, and of nothing else.
fn is_plain(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    !matches!(bytes, b"" | b"." | b"..") && bytes.len() <= LONGEST && !bytes.contains(&0)
}

/// Something that was found in a directory.
pub(crate) struct Found<'a> {
    pub(crate) dir: &'a Dir,
    pub(crate) name: &'a CStr,
    /// Its path from where the walk began.
    pub(crate) inside: &'a [u8],
    /// Where it is, for people.
    pub(crate) path: &'a Path,
    pub(crate) stat: &'a Stat,
}

impl Found<'_> {
    pub(crate) fn trouble(&self, problem: impl Into<String>) -> Trouble {
        Trouble::new(self.path, problem)
    }
}

/// Who walks through a directory, and makes of it what they will. What is met
/// may have gone when it is opened.
pub(crate) trait Walker {
    /// Meets a regular file.
    fn file(&mut self, found: &Found<'_>) -> Result<(), Trouble>;

    /// Meets a link. It is refused where it cannot be kept.
    fn link(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        Err(refused(found.path, &Obstacle::Is(FileType::Symlink)))
    }

    /// Meets a directory with nothing in it.
    fn empty(&mut self, found: &Found<'_>) -> Result<(), Trouble>;

    /// The store, which is part of no tree.
    fn store(&self) -> Option<FileId>;

    /// Passes the store over, or refuses a directory that it is in.
    fn pass_store(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        Err(found.trouble("it is the store, which no output may contain"))
    }
}

/// Has `walker` meet all that is in a directory; whether there was anything.
/// `inside`: the path of the directory from where the walk began.
pub(crate) fn walk(
    dir: &Dir,
    path: &Path,
    inside: &[u8],
    walker: &mut impl Walker,
) -> Result<bool, Trouble> {
    let names = dir.list();
    let names = names.map_err(|error| Trouble::new(path, Obstacle::from(error).to_string()))?;
    let mut is_empty = true;
    for name in &names {
        if is_temporary(name.to_bytes()) {
            continue;
        }
        let path: PathBuf = path.join(OsStr::from_bytes(name.to_bytes()));
        let refused = |obstacle: Obstacle| Trouble::new(&path, obstacle.to_string());
        let Some(stat) = dir.look(name.as_c_str()).map_err(refused)? else {
            continue;
        };
        let inside = match inside {
            [] => name.to_bytes().to_vec(),
            above => [above, b"/", name.to_bytes()].concat(),
        };
        let found = Found {
            dir,
            name,
            inside: &inside,
            path: &path,
            stat: &stat,
        };
        match kind(&stat) {
            FileType::RegularFile => walker.file(&found)?,
            FileType::Symlink => walker.link(&found)?,
            FileType::Directory if walker.store() == Some((stat.st_dev, stat.st_ino)) => {
                walker.pass_store(&found)?;
                continue;
            }
            FileType::Directory => {
                if let Some(child) = dir.child(name.as_c_str()).map_err(refused)?
                    && !walk(&child, &path, &inside, walker)?
                {
                    walker.empty(&found)?;
                }
            }
            other => return Err(refused(Obstacle::Is(other))),
        }
        is_empty = false;
    }
    Ok(!is_empty)
}

/// Why what is at `path` is not kept.
pub(super) fn refused(path: &Path, obstacle: &Obstacle) -> Trouble {
    let advice = match obstacle {
        Obstacle::Is(_) => "; only files and directories are kept",
        Obstacle::System(_) => "",
    };
    Trouble::new(path, format!("{obstacle}{advice}"))
}
