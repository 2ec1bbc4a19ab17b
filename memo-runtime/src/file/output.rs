//! Files as results.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{path_type, permitted, scope};
use crate::key::{Audience, audience};

/// A file or directory that a memoized function has written: a result, or
/// part of one, whose content is kept and put back on a hit.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # // SAFETY: no other thread of this program runs yet.
/// # unsafe { std::env::set_var("MEMO_DIR", dir.path().join("store")) };
/// # let plots = dir.path().join("plots");
/// # std::fs::create_dir(&plots)?;
/// # OutputFile::permit(&plots);
/// use std::{fs, io, path::PathBuf};
///
/// use memo_runtime::{OutputFile, memo};
///
/// #[memo]
/// fn plot(path: PathBuf, points: Vec<u32>) -> io::Result<OutputFile> {
///     fs::write(&path, points.iter().map(|p| "*".repeat(*p as usize) + "\n").collect::<String>())?;
///     Ok(OutputFile::new(path))
/// }
///
/// let path = plots.join("points.txt");
/// let drawn = plot(path.clone(), vec![3, 1])?; // computed
/// fs::remove_file(&drawn)?;
/// let found = plot(path, vec![3, 1])?; // found, and put back
/// assert_eq!(found.read_to_string()?, "***\n*\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// When the result is kept, the content goes to the store: the bytes of files,
/// whether they may be executed, and the names in a directory. It is kept once,
/// however many results have it. The file itself stays the program's own: the
/// two share no bytes that writing to one would change in the other, so that
/// they are never hard links of one file.
///
/// On a hit a file that is missing or differs is put back, whole or not at all.
/// **What was there instead is replaced**; files in a directory that were not
/// kept are left alone. If it cannot be put back, the function is computed.
///
/// # Where outputs may be
///
/// Beneath the current directory, or beneath a directory that the program has
/// [permitted](Self::permit); at no path with `..`, through no link, and not in
/// the store. A result with an output elsewhere is computed, not kept, and a
/// warning says so. So a store that was tampered with, or copied from another
/// machine, cannot have a program write anywhere else.
///
/// As an argument it is keyed as an [`InputFile`](crate::InputFile) with the
/// same content. Elsewhere it serializes as its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutputFile {
    path: PathBuf,
}

impl OutputFile {
    /// The file or directory at `path`, which is not looked at before the
    /// result is kept. A relative path is taken from the current directory, in
    /// the call that finds the result as well.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Permits outputs beneath `dir`, for as long as the program runs. Links in
    /// this path are followed, links beneath it are not.
    pub fn permit(dir: impl AsRef<Path>) {
        permitted::permit(dir.as_ref());
    }
}

path_type!(OutputFile);

impl Serialize for OutputFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if scope::is_by_content::<S>() {
            return super::serialize_content(&self.path, serializer);
        }
        if audience::<S>() == Audience::Other {
            scope::met(&self.path);
        }
        super::serialize_path("OutputFile", &self.path, serializer)
    }
}

impl<'de> Deserialize<'de> for OutputFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "OutputFile")]
        struct Named(PathBuf);
        let Named(path) = Named::deserialize(deserializer)?;
        scope::met(&path);
        Ok(Self { path })
    }
}
