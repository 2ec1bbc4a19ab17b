//! Paths from one directory to another, for manifests that can be moved
//! together with what they name.

use std::path::{Component, Path, PathBuf};

/// The way from one directory to another, both without links in them.
pub(super) fn relative(from: &Path, to: &Path) -> PathBuf {
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    let up = from.map(|_| Component::ParentDir);
    up.chain(to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_another_directory_goes_up_and_down() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/a/b/c", "/a/d"), Path::new("../../d"));
        assert_eq!(way("/a", "/a/b"), Path::new("b"));
        assert_eq!(way("/a", "/b"), Path::new("../b"));
    }
}
