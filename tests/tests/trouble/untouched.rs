//! What must not be touched: directories that are no stores, and stores that are only looked at.

use std::fs;
use std::path::Path;

use memo_runtime::Share;
use memo_runtime::manage::Vault;

use crate::tree::tree;
use crate::worker::{Run, run, worker};

fn run_as(store: &Path, mode: &str, steps: &[&str]) -> Run {
    let mut command = worker(store);
    command.env("MEMO", mode).args(steps);
    Run::of(command, &format!("MEMO={mode} {steps:?}"))
}

/// Names that a store has too are no proof of a store.
#[test]
fn a_directory_that_is_no_store_is_refused_and_left_alone() {
    let plants: [&dyn Fn(&Path); 5] = [
        &|dir| fs::write(dir.join("Cargo.toml"), "[package]").unwrap(),
        &|dir| fs::write(dir.join(".gitignore"), "/target\n").unwrap(),
        &|dir| fs::write(dir.join("format"), "of my data: csv\n").unwrap(),
        &|dir| {
            fs::create_dir(dir.join("code")).unwrap();
            fs::write(dir.join("code/main.rs"), "fn main() {}").unwrap();
        },
        &|dir| {
            fs::create_dir(dir.join("journal")).unwrap();
            fs::write(dir.join("journal/2024.md"), "dear diary").unwrap();
        },
    ];
    let mut changed = Vec::new();
    for (index, plant) in plants.iter().enumerate() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("project");
        fs::create_dir(&dir).unwrap();
        plant(&dir);
        let before = tree(&dir);
        let run = run(&dir, &["get=1:100"]).right("no store");
        if tree(&dir) != before || run.said.len() != 1 {
            changed.push((index, run, tree(&dir).into_keys().collect::<Vec<_>>()));
        }
    }
    assert!(changed.is_empty(), "{changed:#?}");
}

#[test]
fn looking_creates_nothing() {
    for (mode, step) in [
        ("readonly", "get=1:100"),
        ("on", "cached=1:100"),
        ("on", "forget=1:100"),
    ] {
        let temp = tempfile::tempdir().unwrap();
        let missing = temp.path().join("missing");
        run_as(&missing, mode, &[step]).right(step);
        assert!(!missing.exists(), "MEMO={mode} {step} made a store");
        let empty = temp.path().join("empty");
        fs::create_dir(&empty).unwrap();
        run_as(&empty, mode, &[step]).right(step);
        assert_eq!(
            fs::read_dir(&empty).unwrap().count(),
            0,
            "MEMO={mode} {step} made a store"
        );
    }
}

#[test]
fn a_store_that_is_switched_off_is_not_even_opened() {
    let temp = tempfile::tempdir().unwrap();
    let store = temp.path().join("store");
    run(&store, &["get=1:100"]).did("keeps", &["computed 1"]);
    let before = tree(&store);
    let steps = [
        "get=1:100",
        "cached=1:100",
        "refresh=1:100",
        "insert=1:100",
        "forget=1:100",
    ];
    run_as(&store, "off", &steps).did(
        "off",
        &[
            "computed 1",
            "nothing 1",
            "computed 1",
            "nothing 1",
            "nothing 1",
        ],
    );
    assert!(tree(&store) == before, "it was changed");
}

#[test]
fn looking_into_an_empty_directory_with_a_tool_makes_no_store_of_it() {
    let temp = tempfile::tempdir().unwrap();
    let _ = Vault::open(temp.path(), Share::None);
    assert_eq!(
        fs::read_dir(temp.path()).unwrap().count(),
        0,
        "a store was made"
    );
}
