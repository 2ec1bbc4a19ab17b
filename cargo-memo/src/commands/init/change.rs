//! Files to be written, all or none.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// What becomes of a file.
#[derive(Clone, Debug)]
pub(super) struct Change {
    /// Where it is.
    pub(super) path: PathBuf,
    /// What is in it; `None` if it is not there yet.
    pub(super) before: Option<String>,
    /// What will be.
    pub(super) after: String,
}

/// Writes all files, or leaves them as they are.
///
/// # Errors
///
/// The file that could not be written, and why.
pub(super) fn write_all(changes: &[Change]) -> Result<(), (PathBuf, io::Error)> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    let mut prepared = Vec::new();
    for change in changes {
        let file = prepare(change).map_err(at(&change.path))?;
        prepared.push((change, file));
    }
    let mut done: Vec<&Change> = Vec::new();
    for (change, (file, target)) in prepared {
        if let Err(error) = file.persist(&target) {
            for change in done {
                // Trouble upon trouble: what was said first matters more.
                let _ = undo(change);
            }
            return Err((change.path.clone(), error.error));
        }
        done.push(change);
    }
    Ok(())
}

/// The new content in a file beside, and the place that it is to take: the
/// file that a link leads to, not the link.
fn prepare(change: &Change) -> io::Result<(NamedTempFile, PathBuf)> {
    let (target, permissions) = match change.before {
        Some(_) => {
            let target = fs::canonicalize(&change.path)?;
            let permissions = fs::metadata(&target)?.permissions();
            (target, Some(permissions))
        }
        None => (change.path.clone(), None),
    };
    let mut builder = Builder::new();
    builder
        .prefix(".memo-init-")
        .permissions(Permissions::from_mode(0o666));
    let mut file = builder.tempfile_in(target.parent().unwrap_or(Path::new(".")))?;
    file.write_all(change.after.as_bytes())?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    Ok((file, target))
}

fn undo(change: &Change) -> io::Result<()> {
    match &change.before {
        Some(before) => fs::write(&change.path, before),
        None => fs::remove_file(&change.path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(path: PathBuf, before: Option<&str>) -> Change {
        Change {
            path,
            before: before.map(str::to_owned),
            after: "after".into(),
        }
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_the_others_as_they_were() {
        let temp = tempfile::tempdir().unwrap();
        let first = temp.path().join("first");
        fs::write(&first, "before").unwrap();
        let second = temp.path().join("second");
        // A directory cannot be replaced by a file.
        fs::create_dir(&second).unwrap();
        let changes = [
            change(first.clone(), Some("before")),
            change(second.clone(), None),
        ];
        let (path, _) = write_all(&changes).unwrap_err();
        assert_eq!(path, second);
        assert_eq!(fs::read_to_string(&first).unwrap(), "before");
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 2);
    }

    #[test]
    fn permissions_and_links_stay() {
        let temp = tempfile::tempdir().unwrap();
        let (real, link) = (temp.path().join("real"), temp.path().join("link"));
        fs::write(&real, "before").unwrap();
        fs::set_permissions(&real, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write_all(&[change(link.clone(), Some("before"))]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&real).unwrap(), "after");
        let mode = fs::metadata(&real).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
    }
}
