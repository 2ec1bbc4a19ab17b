//! Where the package goes: a directory that is made for it, or was empty. Until
//! the package is kept, everything can be put back as it was.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::render::escape;

/// The directory of a package in the making. Dropped before it is
/// [kept](Self::keep), it leaves everything as it was before.
#[derive(Debug)]
pub(super) struct Destination {
    dir: PathBuf,
    was_there: bool,
    /// The uppermost of the directories that had to be made.
    made: Option<PathBuf>,
    /// The manifests of packages and workspaces around.
    around: Vec<Manifest>,
    is_kept: bool,
}

/// A manifest as it was.
#[derive(Debug)]
struct Manifest {
    path: PathBuf,
    text: String,
}

impl Manifest {
    fn has_changed(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text != self.text)
    }
}

impl Destination {
    /// Takes a directory for a package, and makes it if it is not there, with
    /// those above it.
    pub(super) fn claim(dir: PathBuf) -> Result<Self, Failure> {
        be_free(&dir)?;
        let above = dir.ancestors().skip(1);
        let manifests = above.map(|dir| dir.join("Cargo.toml"));
        let around = manifests.filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            Some(Manifest { path, text })
        });
        let mut destination = Self {
            around: around.collect(),
            was_there: dir.exists(),
            dir,
            made: None,
            is_kept: false,
        };
        destination.make()?;
        Ok(destination)
    }

    /// The directory, as an absolute path.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Writes a file.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<(), Failure> {
        let path = self.dir.join(path);
        let parent = path.parent().unwrap_or(&self.dir);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| cannot("write", &path, &error))
    }

    /// The manifest of a workspace that has got the package as a member.
    pub(super) fn joined(&self) -> Option<&Path> {
        let changed = self.around.iter().find(|manifest| manifest.has_changed());
        changed.map(|manifest| &*manifest.path)
    }

    /// Leaves the package where it is.
    pub(super) fn keep(mut self) {
        self.is_kept = true;
    }

    fn make(&mut self) -> Result<(), Failure> {
        let missing = self.dir.ancestors().take_while(|dir| !dir.exists());
        let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        for dir in missing.into_iter().rev() {
            fs::create_dir(&dir).map_err(|error| cannot("create", &dir, &error))?;
            self.made.get_or_insert(dir);
        }
        Ok(())
    }

    fn undo(&self) -> io::Result<()> {
        for manifest in self.around.iter().filter(|it| it.has_changed()) {
            fs::write(&manifest.path, &manifest.text)?;
        }
        if self.was_there {
            return empty(&self.dir);
        }
        self.made.as_ref().map_or(Ok(()), fs::remove_dir_all)
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        if !self.is_kept {
            // Trouble upon trouble: what was said first matters more.
            let _ = self.undo();
        }
    }
}

fn empty(dir: &Path) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => fs::remove_dir_all(entry.path())?,
            false => fs::remove_file(entry.path())?,
        }
    }
    Ok(())
}

/// Refuses what would be overwritten.
fn be_free(dir: &Path) -> Result<(), Failure> {
    let what = match fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
        Ok(false) => return Ok(()),
        Ok(true) => "is there and not empty",
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => "is no directory",
        Err(error) => return Err(cannot("read", dir, &error)),
    };
    Err(Failure::Usage(format!(
        "`{}` {what}: choose another place, or put memo-runtime into a package that is there with \
         `cargo memo init`",
        escape(&dir.to_string_lossy())
    )))
}

fn cannot(act: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::Failed(format!(
        "cannot {act} `{}`: {error}: nothing was made",
        escape(&path.to_string_lossy())
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_leaves_no_trace() {
        let temp = tempfile::tempdir().unwrap();
        let manifest = temp.path().join("Cargo.toml");
        fs::write(&manifest, "before").unwrap();
        let there = temp.path().join("there");
        fs::create_dir(&there).unwrap();
        for dir in [temp.path().join("a/b/c"), there.clone()] {
            let destination = Destination::claim(dir).unwrap();
            destination.write("src/main.rs", "").unwrap();
            destination.write("Cargo.toml", "").unwrap();
            fs::write(&manifest, "after").unwrap();
            assert_eq!(destination.joined(), Some(&*manifest));
            drop(destination);
            assert_eq!(fs::read_to_string(&manifest).unwrap(), "before");
        }
        assert!(!temp.path().join("a").exists());
        assert_eq!(fs::read_dir(there).unwrap().count(), 0);
    }

    #[test]
    fn what_is_kept_stays() {
        let temp = tempfile::tempdir().unwrap();
        let destination = Destination::claim(temp.path().join("a")).unwrap();
        destination.write("src/main.rs", "text").unwrap();
        assert_eq!(destination.joined(), None);
        destination.keep();
        let file = temp.path().join("a/src/main.rs");
        assert_eq!(fs::read_to_string(file).unwrap(), "text");
    }
}
