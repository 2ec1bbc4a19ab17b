//! Why there is no exact model.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why what a package is made of could not be found out.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The manifest cannot be read.
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The package is a copy that cargo has downloaded, which is no place to ask cargo from.
    Downloaded,
    /// `cargo metadata` failed.
    Cargo(cargo_metadata::Error),
    /// Cargo does not list the package whose manifest this is.
    NotListed {
        /// The manifest.
        path: PathBuf,
    },
}

impl Error {
    /// The reason without any path, and so the same wherever the workspace is.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::Manifest { .. } => "the manifest cannot be read",
            Self::Downloaded => "the package is a downloaded copy",
            Self::Cargo(_) => "`cargo metadata` failed",
            Self::NotListed { .. } => "`cargo metadata` does not list the package",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())?;
        match self {
            Self::Manifest { path, source } => write!(f, ": {}: {source}", path.display()),
            Self::Downloaded => Ok(()),
            Self::Cargo(cargo_metadata::Error::CargoMetadata { stderr }) => {
                write!(f, ": {}", in_one_line(stderr))
            }
            Self::Cargo(error) => write!(f, ": {error}"),
            Self::NotListed { path } => write!(f, ": {}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Manifest { source, .. } => Some(source),
            Self::Cargo(error) => Some(error),
            Self::Downloaded | Self::NotListed { .. } => None,
        }
    }
}

/// What cargo says on several lines, each the cause of the one before.
fn in_one_line(stderr: &str) -> String {
    let said = stderr.trim();
    let said = said.strip_prefix("error: ").unwrap_or(said);
    let lines = said.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && *line != "Caused by:");
    lines.collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn what_cargo_says_fits_into_one_line() {
        let stderr = "error: failed to load manifest\n\nCaused by:\n  no such file\n".to_owned();
        let error = Error::Cargo(cargo_metadata::Error::CargoMetadata { stderr });
        let expected = "`cargo metadata` failed: failed to load manifest: no such file";
        assert_eq!(error.to_string(), expected);
    }
}
