//! Files that a run depends on, by their content.
//!
//! A pattern is a file, a directory, or a glob as shells have it. What must hold: a byte that
//! changes in any file, a file that comes, goes or is renamed changes a digest; modes, times and
//! the order in which a directory is listed do not. What cannot be read is an error, never an
//! input that is left out.

mod pattern;

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{self, Component, Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use memo_runtime::Digest;
use memo_runtime::key::KeyBuilder;

use super::seen::Seen;
use crate::failure::Failure;
use crate::render::{count, escape, size};
use pattern::{Glob, Unlisted, is_pattern};

/// More files than these are not told one by one.
const MOST: usize = 64;

/// An argument that stands for files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// `input` and a path, relative to the working directory; or a pattern.
    pub(crate) name: String,
    /// The digest of what is there.
    pub(crate) digest: Digest,
    /// For people: how large it is, and the beginning of its digest.
    pub(crate) text: String,
}

/// What one file is.
#[derive(Clone, Debug)]
struct Content {
    digest: Digest,
    size: u64,
    seen: Seen,
}

/// All inputs of a run.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// An argument for each file, sorted by path; or, where they are many, one
    /// for each pattern.
    pub(crate) all: Vec<Input>,
    dir: PathBuf,
    store: Option<(u64, u64)>,
    patterns: Vec<String>,
    contents: BTreeMap<PathBuf, Content>,
}

/// The files that `patterns` name in the directory `dir`. The `store` is none of them: it changes
/// with every run.
pub(crate) fn digest(dir: &Path, store: &Path, patterns: &[String]) -> Result<Inputs, Failure> {
    let dir = path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let store = fs::metadata(store).ok().map(|store| identity(&store));
    let (all, contents) = read_all(&dir, store, patterns)?;
    Ok(Inputs {
        all,
        store,
        dir,
        patterns: patterns.to_vec(),
        contents,
    })
}

impl Inputs {
    /// Whether a file is among them, by its path relative to the directory.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.contents.contains_key(&plain(path))
    }

    /// Whether files have been written to, have come or gone since they were read. Those that nobody
    /// has written to are not read for it. Of a program that `has_run`, what was written to has
    /// changed even if it is now as it was: it may have read what came between.
    pub(crate) fn have_changed(&self, has_run: bool) -> bool {
        let mut now = Vec::new();
        for pattern in &self.patterns {
            match files(&self.dir, self.store, pattern) {
                Ok(found) => now.extend(found),
                Err(_) => return true,
            }
        }
        now.sort();
        now.dedup();
        let is_same = |path: &PathBuf| {
            let full = self.dir.join(path);
            let before = self.contents.get(path);
            before.is_some_and(|before| {
                fs::metadata(&full).is_ok_and(|now| match has_run {
                    true => before.seen.is_untouched(&now),
                    false => {
                        let is_same =
                            || content(&full).is_ok_and(|now| now.digest == before.digest);
                        before.seen.is_still(&now) || is_same()
                    }
                })
            })
        };
        now.len() != self.contents.len() || !now.iter().all(is_same)
    }
}

/// Inputs, and the files that they are of.
type Found = (Vec<Input>, BTreeMap<PathBuf, Content>);

fn read_all(dir: &Path, store: Option<(u64, u64)>, patterns: &[String]) -> Result<Found, Failure> {
    let mut found = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        found.push((pattern, files(dir, store, pattern)?));
    }
    let mut contents: BTreeMap<PathBuf, Content> = BTreeMap::new();
    let paths: Vec<PathBuf> = found.iter().flat_map(|(_, files)| files).cloned().collect();
    contents.extend(read(dir, paths)?);

    if contents.len() > MOST {
        let whole = found
            .iter()
            .map(|(pattern, files)| together(pattern, files, &contents));
        return Ok((whole.collect(), contents));
    }
    // A directory without files is an input too: once there is a file in it, that is another.
    let empty = found.iter().filter(|(_, files)| files.is_empty());
    let empty = empty.map(|(pattern, files)| together(pattern, files, &contents));
    let each = contents.iter().map(|(path, content)| Input {
        name: format!("input {}", escape(&path.to_string_lossy())),
        digest: named(path, content),
        text: described(content.size, &content.digest),
    });
    Ok((empty.chain(each).collect(), contents))
}

/// All files of a pattern as one input.
fn together(pattern: &str, files: &[PathBuf], contents: &BTreeMap<PathBuf, Content>) -> Input {
    let mut digest = KeyBuilder::new();
    let mut bytes = 0_u64;
    for (path, content) in files.iter().filter_map(|path| contents.get_key_value(path)) {
        digest.digest("file", &named(path, content));
        bytes = bytes.saturating_add(content.size);
    }
    let digest = digest.finish();
    let number = count(files.len(), "file", "files");
    Input {
        name: format!("input {}", escape(pattern)),
        digest,
        text: format!("{number}, {}", described(bytes, &digest)),
    }
}

/// The digest of a content in its place. The name of an input is text, and not every path is.
fn named(path: &Path, content: &Content) -> Digest {
    let mut digest = KeyBuilder::new();
    digest
        .field("path", path.as_os_str().as_bytes())
        .digest("content", &content.digest);
    digest.finish()
}

fn described(bytes: u64, digest: &Digest) -> String {
    format!("{}, {}", size(bytes), &digest.to_hex()[..8])
}

/// The regular files that a pattern names, sorted, each once.
fn files(dir: &Path, store: Option<(u64, u64)>, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let failed = |path: &Path, problem: &str| {
        let (pattern, path) = (escape(pattern), escape(&path.to_string_lossy()));
        let of = match pattern == path {
            true => String::new(),
            false => format!(" of `--input {pattern}`"),
        };
        Failure::Failed(format!("cannot read the input `{path}`{of}: {problem}"))
    };
    let mut walk = Walk {
        dir,
        store,
        found: Vec::new(),
        around: Vec::new(),
    };
    for path in matching(dir, pattern)? {
        walk.visit(&path)
            .map_err(|trouble| failed(&trouble.path, &trouble.problem))?;
    }
    let mut found = walk.found;
    found.sort();
    found.dedup();
    Ok(found)
}

/// The paths that a pattern names, relative to `dir` if it is. What is there by the very name that
/// was written is meant, whatever characters it has.
fn matching(dir: &Path, pattern: &str) -> Result<Vec<PathBuf>, Failure> {
    let literal = plain(Path::new(pattern));
    if !pattern.is_empty() && dir.join(&literal).symlink_metadata().is_ok() {
        return Ok(vec![literal]);
    }
    let shown = escape(pattern);
    let nothing = || {
        Failure::Failed(format!(
            "nothing matches `--input {shown}` in `{}`: name a file or directory that is there, \
             and quote globs so that the shell leaves them alone",
            escape(&dir.to_string_lossy())
        ))
    };
    if !is_pattern(pattern) {
        return Err(nothing());
    }
    let glob = Glob::parse(pattern)
        .map_err(|problem| Failure::Usage(format!("`--input {shown}` is no pattern: {problem}")))?;
    let found = glob.matches(dir).map_err(|Unlisted { dir, error }| {
        let dir = escape(&dir.to_string_lossy());
        Failure::Failed(format!(
            "cannot list `{dir}` for `--input {shown}`: {error}"
        ))
    })?;
    if found.is_empty() {
        return Err(nothing());
    }
    Ok(found)
}

/// The path without `.`, so that a file has one name.
fn plain(path: &Path) -> PathBuf {
    let parts = path.components();
    let parts: PathBuf = parts.filter(|part| *part != Component::CurDir).collect();
    if parts.as_os_str().is_empty() {
        return PathBuf::from(".");
    }
    parts
}

/// From paths to the regular files in and below them.
struct Walk<'a> {
    dir: &'a Path,
    /// The store, by device and inode.
    store: Option<(u64, u64)>,
    found: Vec<PathBuf>,
    /// The directories around, by device and inode: a link to one of them has no end.
    around: Vec<(u64, u64)>,
}

/// What cannot be an input, and why.
struct Trouble {
    path: PathBuf,
    problem: String,
}

impl Walk<'_> {
    fn visit(&mut self, path: &Path) -> Result<(), Trouble> {
        let trouble = |problem: String| Trouble {
            path: path.to_owned(),
            problem,
        };
        let full = self.dir.join(path);
        let metadata = fs::metadata(&full).map_err(|error| match is_link(&full) {
            true => trouble(format!("what the link leads to cannot be read: {error}")),
            false => trouble(error.to_string()),
        })?;
        if metadata.is_file() {
            self.found.push(path.to_owned());
            return Ok(());
        }
        if !metadata.is_dir() {
            return Err(trouble("it is neither a file nor a directory".to_owned()));
        }
        let identity = identity(&metadata);
        if self.store == Some(identity) {
            return Ok(());
        }
        if self.around.contains(&identity) {
            return Err(trouble(
                "the link leads back to a directory that it is in".to_owned(),
            ));
        }
        self.around.push(identity);
        for entry in fs::read_dir(&full).map_err(|error| trouble(error.to_string()))? {
            let entry = entry.map_err(|error| trouble(error.to_string()))?;
            self.visit(&plain(&path.join(entry.file_name())))?;
        }
        self.around.pop();
        Ok(())
    }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// Reads files, several at once.
fn read(dir: &Path, mut paths: Vec<PathBuf>) -> Result<Vec<(PathBuf, Content)>, Failure> {
    paths.sort();
    paths.dedup();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(paths.len()));
    let work = || {
        let mut own = Vec::new();
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            own.push((path, content(&dir.join(path))));
        }
        done.lock().unwrap_or_else(|it| it.into_inner()).extend(own);
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 1..threads.min(paths.len()) {
            scope.spawn(work);
        }
        work();
    });
    let mut contents = Vec::with_capacity(paths.len());
    for (path, content) in done.into_inner().unwrap_or_else(|it| it.into_inner()) {
        let content = content.map_err(|error| {
            let shown = escape(&path.to_string_lossy());
            Failure::Failed(format!("cannot read the input `{shown}`: {error}"))
        })?;
        contents.push((path.clone(), content));
    }
    Ok(contents)
}

fn content(path: &Path) -> io::Result<Content> {
    let file = File::open(path)?;
    let seen = Seen::of(&file.metadata()?);
    let (digest, size) = super::content::digest(file)?;
    Ok(Content { seen, size, digest })
}

#[cfg(test)]
mod tests;
