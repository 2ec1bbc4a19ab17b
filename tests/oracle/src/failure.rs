//! Why the oracle cannot say anything: never mistaken for a verdict.

use std::fmt;
use std::path::Path;

/// What could not be done, and why, in one sentence.
#[derive(Debug)]
pub struct Failure(String);

/// What may not be possible.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure in words.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// Something could not be done with a file or directory.
    pub fn at(what: &str, path: &Path, why: impl fmt::Display) -> Self {
        Self(format!("cannot {what} {}: {why}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
