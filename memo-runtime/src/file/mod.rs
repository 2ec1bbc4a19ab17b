//! Files as arguments and results.
//!
//! An [`InputFile`] is keyed by what it holds; an [`OutputFile`] is kept with
//! the result that names it, and put back on a hit. What must hold:
//!
//! - A file counts by its content, never by its path or its times. Its times
//!   may only tell that it has not been written to since it was read, and not
//!   before it has been left alone for two seconds ([`seen`]).
//! - Nothing is written but what a result names, at a path that is permitted
//!   ([`permitted`]), through no link ([`beneath`]), whole or not at all, and
//!   only with the bytes that were kept ([`restore`]).
//! - Whatever goes wrong, the function is computed, and it is told why.
//!
//! Which files a value has in it is found out while it is serialized
//! ([`scope`]).

pub(crate) mod beneath;
mod content;
mod input;
pub(crate) mod keep;
pub(crate) mod named;
mod output;
pub(crate) mod permitted;
pub(crate) mod restore;
pub(crate) mod scope;
mod seen;
mod temporary;
pub(crate) mod tree;

use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

use serde::ser::Error;
use serde::{Serialize, Serializer};

pub use input::InputFile;
pub use output::OutputFile;

use crate::call::Memo;
use crate::clock::Clock;
use crate::config::Mode;
use crate::key::{Audience, audience};
use crate::store::Store;

/// What the types of files share: they are used as the path that they are.
macro_rules! path_type {
    ($name:ident) => {
        impl $name {
            /// Where it is.
            pub fn path(&self) -> &Path {
                &self.path
            }

            /// Opens the file for reading.
            ///
            /// # Errors
            ///
            /// As [`File::open`](std::fs::File::open).
            pub fn open(&self) -> std::io::Result<std::fs::File> {
                std::fs::File::open(&self.path)
            }

            /// All bytes of the file.
            ///
            /// # Errors
            ///
            /// As [`std::fs::read`].
            pub fn read(&self) -> std::io::Result<Vec<u8>> {
                std::fs::read(&self.path)
            }

            /// All of the file, as text.
            ///
            /// # Errors
            ///
            /// As [`std::fs::read_to_string`].
            pub fn read_to_string(&self) -> std::io::Result<String> {
                std::fs::read_to_string(&self.path)
            }
        }

        impl From<PathBuf> for $name {
            fn from(path: PathBuf) -> Self {
                Self::new(path)
            }
        }

        impl From<String> for $name {
            fn from(path: String) -> Self {
                Self::new(path)
            }
        }

        impl From<&Path> for $name {
            fn from(path: &Path) -> Self {
                Self::new(path)
            }
        }

        impl From<&str> for $name {
            fn from(path: &str) -> Self {
                Self::new(path)
            }
        }

        impl AsRef<Path> for $name {
            fn as_ref(&self) -> &Path {
                &self.path
            }
        }

        impl std::ops::Deref for $name {
            type Target = Path;

            fn deref(&self) -> &Path {
                &self.path
            }
        }
    };
}

use path_type;

/// A store and a clock, as far as files have to do with them.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    /// Keeps files, and remembers what was in those of the user.
    pub(crate) store: &'a Store,
    pub(crate) clock: &'a Clock,
    /// Whether the store may be written to.
    pub(crate) writes: bool,
    /// Whether to go on with what takes long.
    pub(crate) goes_on: &'a dyn Fn() -> bool,
}

impl<'a> Desk<'a> {
    /// The store of `memo`, which is open.
    pub(crate) fn of(memo: &'a Memo, store: &'a Store) -> Self {
        let options = memo.options();
        Self {
            store,
            clock: &options.clock,
            writes: !matches!(options.mode, Mode::Off | Mode::ReadOnly),
            goes_on: &|| true,
        }
    }
}

/// What is the matter with a file, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    path: PathBuf,
    problem: String,
}

impl Trouble {
    pub(crate) fn new(path: &Path, problem: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            problem: problem.into(),
        }
    }

    /// The same, of a path that is told as it is from `dir`.
    pub(crate) fn told_from(mut self, dir: &Path) -> Self {
        if let Ok(path) = self.path.strip_prefix(dir)
            && path != Path::new("")
        {
            self.path = path.to_owned();
        }
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('`')?;
        // A name can have anything in it, and this is seen in terminals.
        for char in self.path.to_string_lossy().chars() {
            if char.is_control() {
                write!(f, "{}", char.escape_default())?;
            } else {
                f.write_char(char)?;
            }
        }
        write!(f, "`: {}", self.problem)
    }
}

/// A file as it is in keys.
fn serialize_content<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    let content = scope::content_of(path).map_err(S::Error::custom)?;
    content.serialize(serializer)
}

/// A file as it is elsewhere. `name` is that of its type.
fn serialize_path<S: Serializer>(
    name: &'static str,
    path: &Path,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match audience::<S>() {
        // Two contents of one path are to be told apart.
        Audience::People => match scope::keyed_content(path) {
            Some(content) => serializer.collect_str(&format_args!(
                "{} {}",
                path.to_string_lossy(),
                &content.digest().to_hex()[..8]
            )),
            None => serializer.serialize_str(&path.to_string_lossy()),
        },
        Audience::Key | Audience::Other => serializer.serialize_newtype_struct(name, path),
    }
}

#[cfg(test)]
mod tests;
