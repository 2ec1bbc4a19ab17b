//! Where outputs may be: beneath the current directory, or a directory that
//! the program has permitted; those of a run, beneath where it ran.
//!
//! What must hold: a path that is not permitted leads nowhere. It is compared
//! name by name, without a look at the file system; from the permitted
//! directory on it is walked through no link, and not into the store.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::FileType;

use super::Trouble;
use super::beneath::{Dir, Obstacle};
use crate::config;
use crate::store::FileId;

/// Permits outputs beneath `dir`.
pub(super) fn permit(dir: &Path) {
    // As it is named, and where that leads: outputs may be named by either.
    let forms = [plain(dir), dir.canonicalize().ok()];
    let mut permitted = permitted();
    for form in forms.into_iter().flatten() {
        if !permitted.contains(&form) {
            permitted.push(form);
        }
    }
}

fn permitted() -> MutexGuard<'static, Vec<PathBuf>> {
    static PERMITTED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    PERMITTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The path from the root directory on, without `.`; `None` if there is `..`
/// in it, or no current directory.
fn plain(path: &Path) -> Option<PathBuf> {
    let path = config::current_dir()?.join(path);
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => return None,
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    Some(plain)
}

/// Where an output is: its names beneath a permitted directory.
#[derive(Debug)]
pub(crate) struct Site {
    /// The permitted directory.
    base: PathBuf,
    parents: Vec<OsString>,
    /// The name of the output in the last of them.
    pub(super) name: OsString,
    /// Whether another directory could be permitted.
    more: bool,
}

impl Site {
    /// Where the output of a run is that it left in `dir`, or beneath it.
    pub(crate) fn of_run(dir: &Path, names: &[&OsStr]) -> Self {
        let mut parents: Vec<OsString> = names.iter().map(OsString::from).collect();
        let name = parents.pop().unwrap_or_default();
        Self {
            base: dir.to_owned(),
            parents,
            name,
            more: false,
        }
    }

    /// Where an output is, if it may be there.
    pub(super) fn of(path: &Path) -> Result<Self, Trouble> {
        let refused = |problem: &str| Trouble::new(path, problem);
        if path.components().any(|part| part == Component::ParentDir) {
            return Err(refused("`..` is in its path: name it without"));
        }
        let whole = plain(path).ok_or_else(|| refused("there is no current directory"))?;
        let here = config::current_dir().into_iter();
        let all: Vec<PathBuf> = here.chain(permitted().iter().cloned()).collect();
        // The nearest: a link on the way to it is one that the user permits.
        let nearest = all
            .into_iter()
            .filter(|base| whole != *base && whole.starts_with(base))
            .max_by_key(|base| base.components().count());
        let base = nearest.ok_or_else(|| {
            refused(
                "it is not beneath the current directory: \
                 permit the directory that it is in with `OutputFile::permit`",
            )
        })?;
        let names = whole.strip_prefix(&base).unwrap_or(&whole);
        let mut names: Vec<OsString> = names.iter().map(OsString::from).collect();
        let name = names.pop().ok_or_else(|| refused("it has no name"))?;
        Ok(Self {
            base,
            parents: names,
            name,
            more: true,
        })
    }

    /// Opens the directory that the output is in; `None`: there is none.
    pub(super) fn open(&self, store: Option<FileId>) -> Result<Option<Dir>, Trouble> {
        self.walk(store, |dir, name| dir.child(name))
    }

    /// Opens the directory that the output is in, and makes it first where it
    /// is missing.
    pub(super) fn make(&self, store: Option<FileId>) -> Result<Dir, Trouble> {
        let made = self.walk(store, |dir, name| dir.child_or_new(name).map(Some))?;
        made.ok_or_else(|| Trouble::new(&self.base, "it went while it was written to"))
    }

    /// Where something is that is in the output, which is a directory.
    pub(super) fn beneath(&self, names: &[&OsStr]) -> Self {
        let mut parents = self.parents.clone();
        parents.push(self.name.clone());
        parents.extend(names.iter().map(OsString::from));
        let name = parents.pop().unwrap_or_default();
        Self {
            base: self.base.clone(),
            parents,
            name,
            more: self.more,
        }
    }

    /// What stands in the way, at `path`.
    pub(super) fn hindered(&self, path: &Path, obstacle: &Obstacle) -> Trouble {
        let cure = match obstacle {
            Obstacle::Is(FileType::Symlink) if self.more => {
                "; move it away, or permit what it leads to with `OutputFile::permit`"
            }
            Obstacle::Is(_) => "; move it away",
            Obstacle::System(_) => "",
        };
        Trouble::new(path, format!("{obstacle}{cure}"))
    }

    fn walk(
        &self,
        store: Option<FileId>,
        step: impl Fn(&Dir, &OsStr) -> Result<Option<Dir>, Obstacle>,
    ) -> Result<Option<Dir>, Trouble> {
        let mut path = self.base.clone();
        for above in path.ancestors().skip(1) {
            if store.is_some() && id_of(above) == store {
                return Err(in_the_store(&path));
            }
        }
        let root = Dir::open(&path).map_err(|error| Trouble::new(&path, error.to_string()))?;
        let mut dir = outside(root, store, &path)?;
        for name in &self.parents {
            path.push(name);
            match step(&dir, name.as_os_str())
                .map_err(|obstacle| self.hindered(&path, &obstacle))?
            {
                Some(child) => dir = outside(child, store, &path)?,
                None => return Ok(None),
            }
        }
        Ok(Some(dir))
    }
}

/// Refuses the store.
fn outside(dir: Dir, store: Option<FileId>, path: &Path) -> Result<Dir, Trouble> {
    if store.is_some() && dir.id().ok() == store {
        return Err(in_the_store(path));
    }
    Ok(dir)
}

fn in_the_store(path: &Path) -> Trouble {
    Trouble::new(path, "it is in the store: no output may be there")
}

fn id_of(path: &Path) -> Option<FileId> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}
