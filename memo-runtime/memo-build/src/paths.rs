//! Paths as a model has them: relative, with `/` between their parts.

use std::path::{Component, Path, Prefix};

/// `to` seen from the directory `from`, both absolute; empty if they are the same.
///
/// What is not text is replaced. A path on another drive stays absolute, as there is no way to it.
pub(crate) fn relative(from: &Path, to: &Path) -> String {
    let (from, to) = (parts(from), parts(to));
    if from.first() != to.first() {
        return to.join("/");
    }
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| "..");
    let down = to[common..].iter().map(String::as_str);
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// The root, or the drive, and then one name each.
fn parts(path: &Path) -> Vec<String> {
    let mut parts = vec![String::new()];
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => {
                parts[0] = match prefix.kind() {
                    Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => {
                        format!("{}:", char::from(letter).to_ascii_uppercase())
                    }
                    _ => prefix.as_os_str().to_string_lossy().replace('\\', "/"),
                }
            }
            Component::RootDir | Component::CurDir => {}
            Component::ParentDir => {
                if parts.len() > 1 {
                    parts.pop();
                }
            }
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::relative;

    #[test]
    fn a_path_is_seen_from_a_directory() {
        for (from, to, expected) in [
            ("/w/a", "/w/a", ""),
            ("/w/a", "/w/a/src/lib.rs", "src/lib.rs"),
            ("/w/a", "/w/b", "../b"),
            ("/w/a", "/w", ".."),
            ("/w/deep/a", "/elsewhere/b", "../../../elsewhere/b"),
            ("/w/a", "/w/x/../b/./c", "../b/c"),
            ("/", "/w", "w"),
        ] {
            let seen = relative(Path::new(from), Path::new(to));
            assert_eq!(seen, expected, "{to} from {from}");
        }
    }
}
