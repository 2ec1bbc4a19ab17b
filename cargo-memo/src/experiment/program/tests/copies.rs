use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::super::pinned::Pinned;

fn copies(dir: &Path) -> usize {
    let entries = fs::read_dir(dir).unwrap().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("pinned-"))
        .count()
}

#[test]
fn a_copy_stays_while_it_is_used_and_not_longer() {
    let temp = tempfile::tempdir().unwrap();
    let executable = temp.path().join("train");
    fs::write(&executable, "old").unwrap();
    fs::set_permissions(&executable, fs::Permissions::from_mode(0o755)).unwrap();
    let around = temp.path().join("memo");
    let first = Pinned::of(&executable, &around).unwrap();
    fs::write(&executable, "new").unwrap();
    let second = Pinned::of(&executable, &around).unwrap();

    assert_eq!(first.path.file_name(), executable.file_name());
    assert_eq!(fs::read_to_string(&first.path).unwrap(), "old");
    assert_eq!(fs::read_to_string(&second.path).unwrap(), "new");
    let mode = fs::metadata(&first.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    drop(first);
    assert_eq!(copies(&around), 1);
    drop(second);
    assert_eq!(copies(&around), 0);
}

#[test]
fn what_a_killed_process_has_left_is_removed_by_the_next() {
    let temp = tempfile::tempdir().unwrap();
    let executable = temp.path().join("train");
    fs::write(&executable, "program").unwrap();
    let around = temp.path().join("memo");
    let used = Pinned::of(&executable, &around).unwrap();
    fs::create_dir(around.join("pinned-left")).unwrap();
    fs::write(around.join("pinned-left/train"), "program").unwrap();
    fs::write(around.join("pinned-file"), "of somebody else").unwrap();
    let next = Pinned::of(&executable, &around).unwrap();

    assert!(!around.join("pinned-left").exists());
    assert!(around.join("pinned-file").exists());
    assert!(used.path.exists() && next.path.exists());
}

#[test]
fn an_executable_that_is_gone_leaves_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let around = temp.path().join("memo");
    assert!(Pinned::of(&temp.path().join("gone"), &around).is_err());
    assert_eq!(copies(&around), 0);
}
