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
use super::restore::is_temporary;
use crate::codec::record;
use crate::key::Digest;
use crate::store::FileId;
use crate::store::dir::size;

/// The longest name that file systems have, in bytes.
const LONGEST: usize = 255;

/// What is in a directory, at any depth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tree {
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
pub(super) enum Kind {
    File(Leaf),
    Empty,
    Link(Vec<u8>),
}

/// A regular file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leaf {
    pub(super) bytes: u64,
    pub(super) executable: bool,
    pub(super) digest: Digest,
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

/// Whether the owner of a file may execute it.
pub(super) fn is_executable(stat: &Stat) -> bool {
    stat.st_mode & 0o100 != 0
}

impl Tree {
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
        let mut all: Vec<Vec<&OsStr>> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let names: Vec<&OsStr> = node
                .path
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
}

/// Whether a name is that of something in a directory, and of nothing else.
fn is_plain(name: &OsStr) -> bool {
    let bytes = name.as_bytes();
    !matches!(bytes, b"" | b"." | b"..") && bytes.len() <= LONGEST && !bytes.contains(&0)
}

/// Something that was found in a directory.
pub(super) struct Found<'a> {
    pub(super) dir: &'a Dir,
    pub(super) name: &'a CStr,
    /// Where it is, for people.
    pub(super) path: &'a Path,
    pub(super) stat: &'a Stat,
}

impl Found<'_> {
    pub(super) fn trouble(&self, problem: impl Into<String>) -> Trouble {
        Trouble::new(self.path, problem)
    }
}

/// Who walks through a directory, and makes of it what they will.
pub(super) trait Walker {
    /// The digest of a regular file; `None`: it has gone.
    fn file(&mut self, found: &Found<'_>) -> Result<Option<Leaf>, Trouble>;

    /// The text of a link; `None`: it has gone.
    fn link(&mut self, found: &Found<'_>) -> Result<Option<Vec<u8>>, Trouble>;

    /// The store, which is part of no tree.
    fn store(&self) -> Option<FileId>;

    /// Passes the store over, or refuses a directory that it is in.
    fn pass_store(&mut self, found: &Found<'_>) -> Result<(), Trouble>;
}

/// All that is in a directory.
pub(super) fn walk(dir: &Dir, path: &Path, walker: &mut impl Walker) -> Result<Tree, Trouble> {
    let mut tree = Tree::default();
    descend(dir, path, &[], walker, &mut tree)?;
    // By whole paths: a directory's names and what is in it were sorted each
    // for itself.
    tree.nodes
        .sort_unstable_by(|one, other| one.path.cmp(&other.path));
    Ok(tree)
}

/// Adds what is in a directory to `tree`; whether there was anything.
fn descend(
    dir: &Dir,
    path: &Path,
    above: &[u8],
    walker: &mut impl Walker,
    tree: &mut Tree,
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
        let found = Found {
            dir,
            name,
            path: &path,
            stat: &stat,
        };
        let inside = match above {
            [] => name.to_bytes().to_vec(),
            above => [above, b"/", name.to_bytes()].concat(),
        };
        let kind = match kind(&stat) {
            FileType::RegularFile => walker.file(&found)?.map(Kind::File),
            FileType::Symlink => walker.link(&found)?.map(Kind::Link),
            FileType::Directory => {
                if walker.store() == Some((stat.st_dev, stat.st_ino)) {
                    walker.pass_store(&found)?;
                    continue;
                }
                match dir.child(name.as_c_str()).map_err(refused)? {
                    None => None,
                    Some(child) => {
                        let holds = descend(&child, &path, &inside, walker, tree)?;
                        is_empty &= !holds;
                        (!holds).then_some(Kind::Empty)
                    }
                }
            }
            other => return Err(refused(Obstacle::Is(other))),
        };
        if let Some(kind) = kind {
            is_empty = false;
            tree.nodes.push(Node { path: inside, kind });
        }
    }
    Ok(!is_empty)
}
