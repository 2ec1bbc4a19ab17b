use std::cell::Cell;
use std::fs;
use std::path::PathBuf;

use cargo_metadata::{Metadata, MetadataCommand};
use tempfile::TempDir;

use super::{Place, load, save};

/// A workspace of which one member is found by a pattern.
fn workspace() -> TempDir {
    let temp = tempfile::tempdir().unwrap();
    for (path, content) in [
        ("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n"),
        (
            "crates/a/Cargo.toml",
            "[package]\nname = \"a\"\nedition = \"2024\"\n",
        ),
        ("crates/a/src/lib.rs", ""),
    ] {
        let path = temp.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    temp
}

/// Asks through the memory; whether cargo had to be asked, and the targets that it told.
fn ask(temp: &TempDir) -> (bool, usize) {
    let root = temp.path().canonicalize().unwrap();
    let target = root.join("target");
    let place = Place {
        file: target.join("memo/workspace"),
        target,
    };
    let asked = Cell::new(false);
    let told = load(&root, &place).unwrap_or_else(|| {
        asked.set(true);
        let told = told(&root, &place.target);
        save(&root, &place, &told);
        told
    });
    let targets = told.packages.iter().map(|package| package.targets.len());
    (asked.get(), targets.sum())
}

/// What cargo tells, whatever the environment says of the target directory.
fn told(root: &std::path::Path, target: &std::path::Path) -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root.join("Cargo.toml")).no_deps();
    let mut told = command.exec().unwrap();
    told.target_directory = PathBuf::from(target).try_into().unwrap();
    told
}

#[test]
fn cargo_is_asked_again_when_it_would_tell_something_else() {
    let temp = workspace();
    let write = |path: &str, content: &str| {
        let path = temp.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    assert_eq!(ask(&temp), (true, 1));
    assert_eq!(ask(&temp), (false, 1));
    write("crates/a/src/lib.rs", "pub fn edited() {}");
    write("crates/notes.txt", "no package");
    assert_eq!(ask(&temp), (false, 1), "sources say nothing of it");
    write("crates/a/src/bin/run.rs", "fn main() {}");
    assert_eq!(ask(&temp), (true, 2), "a binary");
    write("crates/a/build.rs", "fn main() {}");
    assert_eq!(ask(&temp), (true, 3), "a build script");
    write("crates/b/src/lib.rs", "");
    assert_eq!(ask(&temp), (false, 3), "no package yet");
    write(
        "crates/b/Cargo.toml",
        "[package]\nname = \"b\"\nedition = \"2024\"\n",
    );
    assert_eq!(ask(&temp), (true, 4), "a member that a pattern names");
    write(".cargo/config.toml", "[build]\njobs = 1\n");
    assert_eq!(ask(&temp), (true, 4), "configuration");
    assert_eq!(ask(&temp), (false, 4));
}

#[test]
fn nothing_is_left_where_it_would_not_be_found() {
    let temp = workspace();
    let root = temp.path().canonicalize().unwrap();
    let place = Place {
        target: root.join("target"),
        file: root.join("target/memo/workspace"),
    };
    save(&root, &place, &told(&root, &root.join("elsewhere")));
    assert!(!root.join("target").exists());
}

#[test]
fn what_is_damaged_is_asked_for_again() {
    let temp = workspace();
    assert_eq!(ask(&temp), (true, 1));
    let file = temp.path().join("target/memo/workspace");
    let bytes = fs::read(&file).unwrap();
    for end in [0, 31, 32, bytes.len() / 2] {
        fs::write(&file, &bytes[..end]).unwrap();
        assert_eq!(ask(&temp), (true, 1), "{end}");
    }
}
