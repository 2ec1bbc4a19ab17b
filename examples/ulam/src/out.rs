//! The file that the picture goes to: tried before anything is computed, written at the end.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use image::{ImageFormat, RgbImage};

/// Why there is no picture, and what to do.
#[derive(Debug)]
pub(crate) enum OutError {
    /// The directory does not exist.
    NoDirectory(PathBuf),
    /// Something that is not a regular file has this name.
    NotAFile(PathBuf),
    /// The system refuses.
    Refused(PathBuf, io::Error),
}

impl fmt::Display for OutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDirectory(path) => write!(
                f,
                "cannot write the picture to `{}`: its directory does not exist; create it first",
                path.display()
            ),
            Self::NotAFile(path) => write!(
                f,
                "cannot write the picture to `{}`: it exists and is no file; choose another name",
                path.display()
            ),
            Self::Refused(path, error) => write!(
                f,
                "cannot write the picture to `{}`: {error}; choose another place with --out",
                path.display()
            ),
        }
    }
}

impl std::error::Error for OutError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(_, error) => Some(error),
            Self::NoDirectory(_) | Self::NotAFile(_) => None,
        }
    }
}

/// Finds out whether a file can be written there, and leaves everything as it is.
pub(crate) fn check(path: &Path) -> Result<(), OutError> {
    let refused = |error| OutError::Refused(path.to_owned(), error);
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(OutError::NotAFile(path.to_owned())),
        Ok(_) => fs::File::options()
            .append(true)
            .open(path)
            .map(drop)
            .map_err(refused),
        Err(_) if !directory(path).is_dir() => Err(OutError::NoDirectory(path.to_owned())),
        Err(_) => fs::File::create_new(path)
            .and_then(|_| fs::remove_file(path))
            .map_err(refused),
    }
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Writes the picture, in place of an older one.
pub(crate) fn write(path: &Path, picture: &RgbImage) -> Result<(), OutError> {
    let mut png = io::Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(io::Error::other)
        .and_then(|()| fs::write(path, png.into_inner()))
        .map_err(|error| OutError::Refused(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_leaves_no_file_and_harms_none() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ulam.png");
        check(&path).unwrap();
        assert!(!path.exists());

        fs::write(&path, "older").unwrap();
        check(&path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"older");
    }

    #[test]
    fn a_missing_directory_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let error = check(&directory.path().join("none/ulam.png")).unwrap_err();
        assert!(matches!(error, OutError::NoDirectory(_)));
        assert!(
            error
                .to_string()
                .ends_with("none/ulam.png`: its directory does not exist; create it first")
        );
    }

    #[test]
    fn a_directory_is_not_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ulam.png");
        fs::create_dir(&path).unwrap();
        assert!(matches!(check(&path), Err(OutError::NotAFile(_))));
    }

    #[test]
    fn a_picture_comes_back_as_it_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ulam.png");
        let picture = RgbImage::from_fn(5, 5, |x, y| image::Rgb([x as u8 * 50, y as u8 * 50, 7]));
        write(&path, &picture).unwrap();
        assert_eq!(image::open(&path).unwrap().into_rgb8(), picture);
    }
}
