//! Stores that are put into the same state again and again.

use std::fs;
use std::path::Path;

use crate::tree::Tree;

/// The files of `tree` below `part`, with their contents.
pub(crate) fn files<'a>(
    tree: &'a Tree,
    part: &'a Path,
) -> impl Iterator<Item = (&'a Path, &'a [u8])> {
    tree.iter()
        .filter(move |(path, (mode, ..))| path.starts_with(part) && mode & 0o170_000 == 0o100_000)
        .map(|(path, (.., contents))| (path.as_path(), contents.as_slice()))
}

/// Puts a copy of `tree`, which was at `from`, to `to`.
pub(crate) fn plant(tree: &Tree, from: &Path, to: &Path) {
    for (path, (mode, _, contents)) in tree {
        // Joining an empty path would add a slash.
        let path = match path.strip_prefix(from).unwrap() {
            part if part.as_os_str().is_empty() => to.to_owned(),
            part => to.join(part),
        };
        if mode & 0o170_000 == 0o040_000 {
            fs::create_dir(&path).unwrap();
        } else {
            fs::write(&path, contents).unwrap();
        }
        fs::set_permissions(
            &path,
            std::os::unix::fs::PermissionsExt::from_mode(mode & 0o7777),
        )
        .unwrap();
    }
}
