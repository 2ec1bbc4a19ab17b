//! The program as it is run, with a store of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory for one test, empty at first.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// Runs the program on little data, in a directory that also holds its store.
fn run(directory: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_memo-starter"))
        .args(["--epochs", "5", "--points", "20"])
        .args(arguments)
        .current_dir(directory)
        .env_remove("MEMO")
        .env_remove("MEMO_LOG")
        .env("MEMO_DIR", directory.join("store"))
        .output()
        .unwrap()
}

/// The steps of a run that succeeded, and how their results were come by.
fn steps(output: &Output) -> Vec<String> {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let words = |line: &str| {
        line.split_whitespace()
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    };
    said.lines().map(words).collect()
}

#[test]
fn a_second_run_computes_nothing() {
    let directory = directory("second_run");
    let first = run(&directory, &[]);
    assert_eq!(steps(&first), ["prepare computed", "train computed"]);
    let second = run(&directory, &[]);
    assert_eq!(steps(&second), ["prepare hit", "train hit"]);
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn what_is_tried_decides_what_is_computed() {
    let directory = directory("tried");
    run(&directory, &[]);
    let faster = run(&directory, &["--lr", "0.1"]);
    assert_eq!(steps(&faster), ["prepare hit", "train computed"]);
    let noisier = run(&directory, &["--noise", "0.3"]);
    assert_eq!(steps(&noisier), ["prepare computed", "train computed"]);
}

#[test]
fn the_map_is_drawn_where_it_is_wanted() {
    let directory = directory("map");
    let drawn = run(&directory, &["--out", "map.svg"]);
    assert!(drawn.status.success());
    let svg = fs::read_to_string(directory.join("map.svg")).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));

    let nowhere = run(&directory, &["--out", "nowhere/map.svg"]);
    let errors = String::from_utf8_lossy(&nowhere.stderr);
    assert!(
        errors.contains("error: cannot write `nowhere/map.svg`"),
        "{errors}"
    );
    assert_eq!(nowhere.status.code(), Some(1));
}
