//! Files as arguments.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{OutputFile, path_type, scope};

/// A file or directory that a memoized function reads: an argument that is
/// keyed by its content.
///
/// ```
/// # let dir = tempfile::tempdir()?;
/// # // SAFETY: no other thread of this program runs yet.
/// # unsafe { std::env::set_var("MEMO_DIR", dir.path().join("store")) };
/// # let path = dir.path().join("rivers.csv");
/// # std::fs::write(&path, "Elbe,1094\nOder,840\n")?;
/// use memo_runtime::{InputFile, memo};
///
/// #[memo]
/// fn rows(table: &InputFile) -> usize {
///     table.read_to_string().map_or(0, |text| text.lines().count())
/// }
///
/// let rivers = InputFile::new(&path);
/// assert_eq!(rows(&rivers), 2); // computed
/// assert_eq!(rows(&rivers), 2); // found
/// std::fs::write(&path, "Elbe,1094\n")?;
/// assert_eq!(rows(&rivers), 1); // computed: the table is another
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// What counts is what is in the file when the function is called. Its path
/// does not: a file that is moved, or has the same bytes as another, keeps its
/// results. Of a directory count the names in it at any depth, whether files may be
/// executed, and their bytes; of links in it, the text of their target; the
/// store, if it lies there, does not.
///
/// A file is read once and then not again for as long as size, inode and times
/// tell that nobody has written to it. They are not believed of a file that was
/// written to within the last two seconds.
///
/// Who writes to a file through a shared mapping need not change its times at
/// once: sync such a file before it is an argument. Files whose bytes are made
/// up when they are read, as those in `/proc`, are refused.
///
/// If it cannot be read, the function is computed, nothing is kept, and a
/// warning says why. The same goes for a file that changes while the function
/// computes: nobody can know which of the two the result is of.
///
/// Elsewhere than in a key it serializes as its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InputFile {
    path: PathBuf,
}

impl InputFile {
    /// The file or directory at `path`, which is not looked at yet. A relative
    /// path is taken from the current directory.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

/// What one function has written is read by the next.
impl From<&OutputFile> for InputFile {
    fn from(output: &OutputFile) -> Self {
        Self::new(&**output)
    }
}

impl From<OutputFile> for InputFile {
    fn from(output: OutputFile) -> Self {
        Self::from(&output)
    }
}

path_type!(InputFile);

impl Serialize for InputFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if scope::is_by_content::<S>() {
            return super::serialize_content(&self.path, serializer);
        }
        super::serialize_path("InputFile", &self.path, serializer)
    }
}

impl<'de> Deserialize<'de> for InputFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "InputFile")]
        struct Named(PathBuf);
        let Named(path) = Named::deserialize(deserializer)?;
        Ok(Self { path })
    }
}
