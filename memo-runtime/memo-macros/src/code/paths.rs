//! Paths of source files as the model has them: relative to the package's directory, with `/`.
//!
//! The compiler names a file as it was given it, relative to the workspace or whole. A checkout
//! that is reached through a symbolic link has two names, so a file may have two spellings.

use std::path::{Component, Path, PathBuf};

/// The spellings of `file`, the most literal first: one as the names are, one with the links on the
/// way to it resolved. A relative name begins in `current`, the result in `package`.
pub(super) fn spellings(file: &Path, current: &Path, package: &Path) -> [String; 2] {
    let file = current.join(file);
    let resolved = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let directory = resolved(file.parent().unwrap_or(current));
    let real = file.file_name().map(|name| directory.join(name));
    [
        relative(&file, package),
        relative(real.as_ref().unwrap_or(&file), &resolved(package)),
    ]
}

/// `path` as seen from the directory `base`, both from the root on.
fn relative(path: &Path, base: &Path) -> String {
    let (path, base) = (normal(path), normal(base));
    let common = path
        .components()
        .zip(base.components())
        .take_while(|(one, other)| one == other)
        .count();
    let up = base.components().skip(common).map(|_| "..".to_owned());
    let down = path.components().skip(common);
    let down = down.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The path without `.` and `..`, by its text alone.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(file: &str, current: &str, package: &str) -> String {
        let [literal, _] = spellings(Path::new(file), Path::new(current), Path::new(package));
        literal
    }

    #[test]
    fn a_file_is_seen_from_the_package() {
        assert_eq!(literal("src/lib.rs", "/ws", "/ws"), "src/lib.rs");
        assert_eq!(
            literal("crates/a/src/lib.rs", "/ws", "/ws/crates/a"),
            "src/lib.rs"
        );
        assert_eq!(literal("/ws/a/src/m.rs", "/ws", "/ws/a"), "src/m.rs");
        assert_eq!(literal("b/src/m.rs", "/ws", "/ws/a"), "../b/src/m.rs");
        assert_eq!(
            literal("a/src/../shared/./m.rs", "/ws", "/ws/a"),
            "shared/m.rs"
        );
    }

    #[test]
    #[cfg(unix)]
    fn a_file_behind_a_link_is_found_by_its_real_name() {
        let root = std::env::temp_dir().join(format!("memo-macros-paths-{}", std::process::id()));
        std::fs::create_dir_all(root.join("real/src")).unwrap();
        std::os::unix::fs::symlink(root.join("real"), root.join("link")).unwrap();
        let [_, real] = spellings(
            Path::new("src/lib.rs"),
            &root.join("real"),
            &root.join("link"),
        );
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(real, "src/lib.rs");
    }
}
