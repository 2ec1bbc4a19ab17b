//! What stands in a directory, to be compared with what stood there before.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Kind and mode, owner, and contents of each file below a directory; of a link, where it leads.
pub(crate) type Tree = BTreeMap<PathBuf, (u32, u32, Vec<u8>)>;

/// Everything below `root`, the directory itself included, no link followed.
pub(crate) fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut left = vec![root.to_owned()];
    while let Some(path) = left.pop() {
        let data = fs::symlink_metadata(&path).unwrap();
        let contents = if data.is_dir() {
            left.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|item| item.unwrap().path()),
            );
            Vec::new()
        } else if data.is_file() {
            fs::read(&path).unwrap()
        } else if data.is_symlink() {
            fs::read_link(&path)
                .unwrap()
                .into_os_string()
                .into_encoded_bytes()
        } else {
            Vec::new()
        };
        found.insert(path, (data.mode(), data.uid(), contents));
    }
    found
}
