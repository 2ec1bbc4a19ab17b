//! The git commit of the sources, as far as it can be told cheaply.
//!
//! The commit is read from the repository's files. Whether files differ from
//! it only git can tell; it is asked at most once a process, after a
//! computation that was long enough for that not to matter.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use crate::header::Commit;

/// Asking git takes tens of milliseconds; shorter computations go without.
const LONG: Duration = Duration::from_secs(1);

/// The commit that is checked out around `dir`, after computing took
/// `computing`.
pub(crate) fn commit(dir: &Path, computing: Duration) -> Option<Commit<&'static str>> {
    static ID: OnceLock<Option<(PathBuf, String)>> = OnceLock::new();
    static DIRTY: OnceLock<Option<bool>> = OnceLock::new();
    let (root, id) = ID.get_or_init(|| head(dir)).as_ref()?;
    let dirty = match DIRTY.get() {
        Some(dirty) => *dirty,
        None if computing >= LONG => *DIRTY.get_or_init(|| is_dirty(root)),
        None => None,
    };
    Some(Commit { id, dirty })
}

/// The work tree around `dir` and the commit of its HEAD.
fn head(dir: &Path) -> Option<(PathBuf, String)> {
    let root = dir.ancestors().find(|dir| dir.join(".git").exists())?;
    let mut git = root.join(".git");
    if git.is_file() {
        // A linked work tree or submodule: the file tells where it lives.
        let text = fs::read_to_string(&git).ok()?;
        git = root.join(text.strip_prefix("gitdir:")?.trim());
    }
    let head = fs::read_to_string(git.join("HEAD")).ok()?;
    let id = match head.trim().strip_prefix("ref:") {
        Some(reference) => resolve(&git, reference.trim())?,
        None => head.trim().to_owned(),
    };
    let is_id = id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| (root.to_owned(), id))
}

fn resolve(git: &Path, reference: &str) -> Option<String> {
    let common = match fs::read_to_string(git.join("commondir")) {
        Ok(path) => git.join(path.trim()),
        Err(_) => git.to_owned(),
    };
    if let Ok(id) = fs::read_to_string(common.join(reference)) {
        return Some(id.trim().to_owned());
    }
    let packed = fs::read_to_string(common.join("packed-refs")).ok()?;
    packed
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(_, name)| *name == reference)
        .map(|(id, _)| id.to_owned())
}

fn is_dirty(root: &Path) -> Option<bool> {
    let output = Command::new("git")
        .args([
            "--no-optional-locks",
            "status",
            "--porcelain",
            "--untracked-files=no",
        ])
        .current_dir(root)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then_some(!output.stdout.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = temp.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        temp
    }

    fn id(temp: &tempfile::TempDir, below: &str) -> Option<String> {
        head(&temp.path().join(below)).map(|(_, id)| id)
    }

    #[test]
    fn the_commit_is_found_in_every_form_of_head() {
        let branch = "ref: refs/heads/main\n";
        let loose = repository(&[(".git/HEAD", branch), (".git/refs/heads/main", ID)]);
        assert_eq!(id(&loose, "a/b").as_deref(), Some(ID));
        let packed = format!("# pack-refs\n{ID} refs/heads/main\n");
        let packed = repository(&[(".git/HEAD", branch), (".git/packed-refs", &packed)]);
        assert_eq!(id(&packed, "").as_deref(), Some(ID));
        let detached = repository(&[(".git/HEAD", ID)]);
        assert_eq!(id(&detached, "").as_deref(), Some(ID));
    }

    #[test]
    fn a_linked_work_tree_shares_the_references() {
        let linked = repository(&[
            ("main/.git/worktrees/w/HEAD", "ref: refs/heads/x\n"),
            ("main/.git/worktrees/w/commondir", "../..\n"),
            ("main/.git/refs/heads/x", ID),
            ("linked/.git", "gitdir: ../main/.git/worktrees/w\n"),
        ]);
        assert_eq!(id(&linked, "linked").as_deref(), Some(ID));
    }

    #[test]
    fn no_repository_or_a_strange_one_is_no_commit() {
        assert_eq!(
            id(&repository(&[(".git/HEAD", "ref: refs/heads/new\n")]), ""),
            None
        );
        assert_eq!(id(&repository(&[(".git/HEAD", "what is this")]), ""), None);
    }
}
