//! Patterns as shells have them: `*` and `?` stay within a name, `**` goes through directories,
//! and a name that begins with a dot is matched by a pattern that does.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use glob::Pattern;

/// Whether a text could match more than one name.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// A directory that cannot be listed.
#[derive(Debug)]
pub(super) struct Unlisted {
    pub(super) dir: PathBuf,
    pub(super) error: io::Error,
}

/// One part of a pattern, between slashes.
enum Part<'a> {
    Name(&'a str),
    Names { pattern: Pattern, hidden: bool },
    Directories,
}

impl<'a> Part<'a> {
    fn parse(text: &'a str) -> Result<Self, &'static str> {
        Ok(match text {
            "**" => Self::Directories,
            name if !is_pattern(name) => Self::Name(name),
            names => Self::Names {
                pattern: Pattern::new(names).map_err(|error| error.msg)?,
                hidden: names.starts_with('.'),
            },
        })
    }
}

/// A pattern that can be matched.
pub(super) struct Glob<'a> {
    parts: Vec<Part<'a>>,
    is_absolute: bool,
}

impl<'a> Glob<'a> {
    /// Reads a pattern; the error says what is wrong with it.
    pub(super) fn parse(text: &'a str) -> Result<Self, &'static str> {
        let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
        let parts = parts.map(Part::parse).collect::<Result<_, _>>()?;
        Ok(Self {
            parts,
            is_absolute: text.starts_with('/'),
        })
    }

    /// The paths that it matches in `dir`, relative to that unless the pattern is absolute.
    pub(super) fn matches(&self, dir: &Path) -> Result<Vec<PathBuf>, Unlisted> {
        let begin = if self.is_absolute { "/" } else { "" };
        let mut found = vec![PathBuf::from(begin)];
        for part in &self.parts {
            let mut next = Vec::new();
            for path in found {
                match part {
                    Part::Name(name) => next.push(path.join(name)),
                    Part::Names { pattern, hidden } => {
                        let is_meant =
                            |name: &str| pattern.matches(name) && *hidden == name.starts_with('.');
                        next.extend(list(dir, &path, is_meant)?);
                    }
                    Part::Directories => below(dir, path, &mut next)?,
                }
            }
            next.retain(|path| dir.join(path).symlink_metadata().is_ok());
            found = next;
        }
        found.sort();
        found.dedup();
        Ok(found)
    }
}

/// The entries of a directory whose names are meant; none if it is no directory.
fn list(
    dir: &Path,
    path: &Path,
    is_meant: impl Fn(&str) -> bool,
) -> Result<Vec<PathBuf>, Unlisted> {
    let listed = dir.join(path);
    if !listed.is_dir() {
        return Ok(Vec::new());
    }
    let read = || {
        let mut found = Vec::new();
        for entry in fs::read_dir(&listed)? {
            let name = entry?.file_name();
            if is_meant(&name.to_string_lossy()) {
                found.push(path.join(name));
            }
        }
        Ok(found)
    };
    read().map_err(|error| Unlisted {
        dir: path.to_owned(),
        error,
    })
}

/// A directory and all in it, but for what is hidden or behind links.
fn below(dir: &Path, path: PathBuf, out: &mut Vec<PathBuf>) -> Result<(), Unlisted> {
    for inner in list(dir, &path, |name| !name.starts_with('.'))? {
        let metadata = dir.join(&inner).symlink_metadata();
        if metadata.is_ok_and(|it| it.is_dir()) {
            below(dir, inner, out)?;
        }
    }
    out.push(path);
    Ok(())
}
