//! What is opened below a directory, and what is refused.

use super::beneath::step_by_step;
use super::*;

fn scratch() -> (tempfile::TempDir, Dir) {
    let temp = tempfile::tempdir().unwrap();
    let dir = Dir::open_root(temp.path(), false).unwrap();
    (temp, dir)
}

#[test]
fn a_link_in_any_component_is_refused() {
    let (temp, dir) = scratch();
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir(outside.path().join("sub")).unwrap();
    std::fs::write(outside.path().join("sub/file"), b"x").unwrap();
    std::os::unix::fs::symlink(outside.path(), temp.path().join("link")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("sub/file"), temp.path().join("leaf")).unwrap();
    for relative in ["link/sub/file", "leaf"] {
        assert!(dir.open_read(relative).is_err(), "{relative} was followed");
        assert!(
            step_by_step(&dir.fd, relative, READ).is_err(),
            "{relative} was followed"
        );
    }
    assert!(dir.open_dir("link").is_err());
    assert!(dir.open_or_create("leaf").is_err());
}

#[test]
fn both_ways_of_opening_find_the_same_file() {
    let (temp, dir) = scratch();
    std::fs::create_dir_all(temp.path().join("a/b")).unwrap();
    std::fs::write(temp.path().join("a/b/c"), b"value").unwrap();
    for fd in [
        beneath::open(&dir.fd, "a/b/c", READ).unwrap(),
        step_by_step(&dir.fd, "a/b/c", READ).unwrap(),
    ] {
        assert_eq!(io::read_to_string(File::from(fd)).unwrap(), "value");
    }
    assert_eq!(
        step_by_step(&dir.fd, "a/x/c", READ).unwrap_err(),
        Errno::NOENT
    );
}

#[test]
fn the_first_to_move_wins() {
    let (temp, dir) = scratch();
    std::fs::write(temp.path().join("one"), b"1").unwrap();
    std::fs::write(temp.path().join("two"), b"2").unwrap();
    assert!(dir.rename_new("one", &dir, "target").unwrap());
    assert!(!dir.rename_new("two", &dir, "target").unwrap());
    assert_eq!(std::fs::read(temp.path().join("target")).unwrap(), b"1");
    dir.rename("two", &dir, "target").unwrap();
    assert_eq!(std::fs::read(temp.path().join("target")).unwrap(), b"2");
}

#[test]
fn a_fifo_neither_hangs_nor_passes_for_a_file() {
    let (_temp, dir) = scratch();
    sys::mknodat(&dir.fd, "fifo", FileType::Fifo, PRIVATE_FILE, 0).unwrap();
    assert!(regular(&dir.open_read("fifo").unwrap()).is_err());
    assert!(dir.open_append("fifo").is_err());
}

#[test]
fn a_removed_directory_is_noticed() {
    let (temp, dir) = scratch();
    assert!(!dir.is_gone());
    std::fs::remove_dir(temp.path()).unwrap();
    assert!(dir.is_gone());
}
