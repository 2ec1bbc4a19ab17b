//! Where source files come from: the disk, or memory.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// Files, by paths relative to the directory of the package at hand, with `/` between their parts.
pub trait Sources {
    /// The content of a file.
    ///
    /// # Errors
    ///
    /// It is not there, or cannot be read.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Whether a file is there.
    fn has(&self, path: &str) -> bool {
        self.read(path).is_ok()
    }

    /// All files below a directory, sorted; not those in hidden directories, in `target`, and in
    /// other packages.
    ///
    /// # Errors
    ///
    /// A directory cannot be listed.
    fn files_below(&self, dir: &str) -> io::Result<Vec<String>>;
}

/// Files on disk.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The files of the package in the directory `root`, and of those around it.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn list(&self, dir: &str, out: &mut Vec<String>) -> io::Result<()> {
        for entry in std::fs::read_dir(self.root.join(dir))? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
                continue;
            };
            let path = join(dir, name);
            if !entry.file_type()?.is_dir() {
                out.push(path);
            } else if name != "target" && !entry.path().join("Cargo.toml").exists() {
                self.list(&path, out)?;
            }
        }
        Ok(())
    }
}

impl Sources for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.root.join(path))
    }

    fn has(&self, path: &str) -> bool {
        self.root.join(path).is_file()
    }

    fn files_below(&self, dir: &str) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        self.list(dir, &mut files)?;
        files.sort();
        Ok(files)
    }
}

/// Files in memory, by path.
impl Sources for BTreeMap<String, String> {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        match self.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn files_below(&self, dir: &str) -> io::Result<Vec<String>> {
        let prefix = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        let below = self.keys().filter(|path| path.starts_with(&prefix));
        Ok(below.cloned().collect())
    }
}

/// `path` seen from the directory `dir`, without `.` and without `..` where that can be.
pub fn join(dir: &str, path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in dir.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The directory of a file.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(dir, _)| dir)
}
