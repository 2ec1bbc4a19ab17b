//! From the user's directories to the store.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use rustix::fs::{FileType, fstat};

use super::beneath::{Dir, Obstacle, kind};
use super::content::Reading;
use super::permitted::Site;
use super::seen::State;
use super::tree::{self, Found, Kind, Leaf, Tree, Walker};
use super::{Desk, Trouble};
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
    let mut keeping = Keeping {
        desk,
        reading: Reading::at(desk),
        durable,
        failed: None,
    };
    desk.store.mark_files_of(function, desk.clock.now())?;
    let mut kept = Vec::with_capacity(paths.len());
    for path in paths {
        let content = keeping.output(path)?;
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

/// Who walks through outputs and keeps them.
struct Keeping<'a, 'b> {
    desk: &'a Desk<'b>,
    reading: Reading<'b>,
    durable: bool,
    /// What stands in the way in the store.
    failed: Option<StoreError>,
}

impl Keeping<'_, '_> {
    fn output(&mut self, path: &Path) -> Result<KeptContent, Unkept> {
        let site = Site::of(path)?;
        let refused = |obstacle: Obstacle| refused(path, &obstacle);
        let missing = || Trouble::new(path, "the function has not written it");
        let parent = site.open(self.store())?.ok_or_else(missing)?;
        let name = site.name.as_os_str();
        let stat = parent.look(name).map_err(refused)?.ok_or_else(missing)?;
        match kind(&stat) {
            FileType::Directory => {
                let dir = parent.child(name).map_err(refused)?.ok_or_else(missing)?;
                self.directory(&dir, path)
            }
            FileType::RegularFile => {
                let name = rustix::path::Arg::into_c_str(name);
                let name = name.map_err(|error| refused(error.into()))?;
                let found = Found {
                    dir: &parent,
                    name: &name,
                    path,
                    stat: &stat,
                };
                let kept = self.file(&found);
                let Leaf {
                    bytes,
                    executable,
                    digest,
                } = self.unless_failed(kept)?.ok_or_else(missing)?;
                Ok(KeptContent::File {
                    bytes,
                    executable,
                    digest,
                })
            }
            other => Err(refused(Obstacle::Is(other)).into()),
        }
    }

    fn directory(&mut self, dir: &Dir, path: &Path) -> Result<KeptContent, Unkept> {
        if self.store().is_some() && dir.id().ok() == self.store() {
            return Err(Trouble::new(path, "it is the store").into());
        }
        let walked = tree::walk(dir, path, self);
        let tree = self.unless_failed(walked)?;
        let (mut files, mut bytes) = (0, 0_u64);
        for node in &tree.nodes {
            if let Kind::File(leaf) = &node.kind {
                files += 1;
                bytes = bytes.saturating_add(leaf.bytes);
            }
        }
        let encoded = tree.to_bytes().filter(|it| Tree::from_bytes(it).is_some());
        let encoded =
            encoded.ok_or_else(|| Trouble::new(path, "there are too many files in it"))?;
        let now = self.desk.clock.now();
        let digest = self.desk.store.add_list(&encoded, self.durable, now)?;
        Ok(KeptContent::Directory {
            files,
            bytes,
            digest,
        })
    }

    /// What a walk came to, unless it was the store that ended it.
    fn unless_failed<T>(&mut self, walked: Result<T, Trouble>) -> Result<T, Unkept> {
        match self.failed.take() {
            Some(error) => Err(error.into()),
            None => Ok(walked?),
        }
    }
}

impl Walker for Keeping<'_, '_> {
    fn file(&mut self, found: &Found<'_>) -> Result<Option<Leaf>, Trouble> {
        let Desk { store, clock, .. } = *self.desk;
        let now = clock.now();
        let known = self.reading.memory().recall(&State::of(found.stat));
        if let Some(digest) = known {
            let leaf = Leaf::of(found.stat, digest);
            if store.renew_file(&leaf.digest, leaf.bytes, now) {
                return Ok(Some(leaf));
            }
        }
        let refused = |obstacle: Obstacle| refused(found.path, &obstacle);
        let Some((file, before)) = found.dir.file(found.name).map_err(refused)? else {
            return Ok(None);
        };
        let digest = match store.add_file(&file, self.durable, now) {
            Ok(digest) => digest,
            Err(NotAdded::Unread(error)) => return Err(found.trouble(error.to_string())),
            Err(NotAdded::Store(error)) => {
                let trouble = found.trouble(error.to_string());
                self.failed = Some(error);
                return Err(trouble);
            }
        };
        let after = fstat(&file).map_err(|error| refused(error.into()))?;
        let state = State::of(&before);
        if state != State::of(&after) {
            return Err(found.trouble(
                "it changed while it was kept; does something that the function started go on?",
            ));
        }
        self.reading.memory().note(&state, digest);
        Ok(Some(Leaf::of(&before, digest)))
    }

    fn link(&mut self, found: &Found<'_>) -> Result<Option<Vec<u8>>, Trouble> {
        Err(refused(found.path, &Obstacle::Is(FileType::Symlink)))
    }

    fn store(&self) -> Option<FileId> {
        self.reading.store()
    }

    fn pass_store(&mut self, found: &Found<'_>) -> Result<(), Trouble> {
        Err(found.trouble("it is the store, which no output may contain"))
    }
}

fn refused(path: &Path, obstacle: &Obstacle) -> Trouble {
    let advice = match obstacle {
        Obstacle::Is(_) => "; only files and directories are kept",
        Obstacle::System(_) => "",
    };
    Trouble::new(path, format!("{obstacle}{advice}"))
}
