//! What can go wrong with a store, as types.
//!
//! A memoized call never returns one of these: trouble in the store is
//! reported once and the value is computed. They reach code that opens a
//! store itself ([`crate::Memo::open`]) or looks into one
//! ([`crate::manage`]).

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a store could not be opened, read or changed.
///
/// Messages are lower case, name the operation and the path, and end with
/// what to do next where that can be known.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// A system call failed.
    Io {
        /// What was being done, as a verb phrase: `create`, `read`, `list`.
        operation: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system answered.
        source: io::Error,
    },
    /// The store was written by a later version of this crate.
    NewerFormat {
        /// The root of the store.
        path: PathBuf,
        /// The format found there.
        found: String,
    },
    /// An entry was written by a later version of this crate.
    NewerEntry {
        /// The entry.
        path: PathBuf,
        /// Its format version.
        found: u32,
    },
    /// Entries are compressed by a method that this program was built without.
    Compressed {
        /// The root of the store.
        path: PathBuf,
        /// The method, which is the name of its feature of this crate too.
        method: &'static str,
    },
    /// The directory holds other things than a store.
    NotAStore {
        /// The directory.
        path: PathBuf,
        /// A name found there that no store has.
        stranger: String,
    },
    /// The directory belongs to another user.
    ForeignOwner {
        /// The directory.
        path: PathBuf,
        /// The user id that owns it.
        owner: u32,
        /// The user id of this process.
        user: u32,
    },
    /// Other users may write to the directory.
    OpenToOthers {
        /// The directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// No directory was named and no workspace was found to put it into.
    NoPlace {
        /// Where the search began.
        searched: PathBuf,
    },
}

impl StoreError {
    pub(crate) fn io(
        operation: &'static str,
        path: impl Into<PathBuf>,
        source: impl Into<io::Error>,
    ) -> Self {
        Self::Io {
            operation,
            path: path.into(),
            source: source.into(),
        }
    }

    /// The same error once more.
    pub(crate) fn again(&self) -> Self {
        match self {
            Self::Io {
                operation,
                path,
                source,
            } => {
                let again = match source.raw_os_error() {
                    Some(code) => io::Error::from_raw_os_error(code),
                    None => source.kind().into(),
                };
                Self::io(operation, path, again)
            }
            other => Self::io("use", other.path(), io::ErrorKind::PermissionDenied),
        }
    }

    /// Whether a directory is missing and cannot be created.
    pub(crate) fn is_about_writing(&self) -> bool {
        use io::ErrorKind::{
            NotFound, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
        };
        matches!(self, Self::Io { source, .. } if matches!(
            source.kind(),
            NotFound | ReadOnlyFilesystem | PermissionDenied | StorageFull | QuotaExceeded
        ))
    }

    /// The path that the error is about.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. }
            | Self::NewerFormat { path, .. }
            | Self::NewerEntry { path, .. }
            | Self::Compressed { path, .. }
            | Self::NotAStore { path, .. }
            | Self::ForeignOwner { path, .. }
            | Self::OpenToOthers { path, .. } => path,
            Self::NoPlace { searched } => searched,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io {
                operation,
                path,
                source,
            } => {
                write!(f, "cannot {operation} `{}`: {source}", path.display())
            }
            Self::NewerFormat { path, found } => write!(
                f,
                "the store `{}` has format {found}, this program knows format {}: \
                 update memo-runtime and cargo-memo, or set MEMO_DIR to another directory",
                path.display(),
                crate::store::FORMAT
            ),
            Self::NewerEntry { path, found } => write!(
                f,
                "the entry `{}` has format {found}, which a later memo-runtime wrote; \
                 it is left alone",
                path.display()
            ),
            Self::Compressed { path, method } => write!(
                f,
                "entries in `{}` are compressed with {method} and left alone: \
                 enable the feature `{method}` of memo-runtime to read them",
                path.display()
            ),
            Self::NotAStore { path, stranger } => write!(
                f,
                "`{}` is not a memo store, it holds `{stranger}`: \
                 name an empty or new directory",
                path.display()
            ),
            Self::ForeignOwner { path, owner, user } => write!(
                f,
                "the store `{}` belongs to user id {owner}, this process runs as {user}: \
                 set MEMO_DIR to a directory of your own",
                path.display()
            ),
            Self::OpenToOthers { path, mode } => write!(
                f,
                "the store `{}` can be written by others (mode {mode:04o}): \
                 `chmod go-w` it, or set MEMO_SHARE=group if your group may write to it",
                path.display()
            ),
            Self::NoPlace { searched } => write!(
                f,
                "no cargo workspace found at or above `{}`: set MEMO_DIR to say where results are kept",
                searched.display()
            ),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
