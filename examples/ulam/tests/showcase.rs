//! The program as a user runs it, each test with a store of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    fs,
    process::{Command, Output},
};

use tempfile::TempDir;

/// Runs the program in a directory that also holds its store.
fn ulam(directory: &TempDir, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ulam"))
        .args(words)
        .current_dir(directory)
        .env_remove("MEMO")
        .env("MEMO_DIR", directory.path().join("store"))
        .output()
        .unwrap()
}

/// The lines of a run that succeeded.
fn lines(output: Output) -> Vec<String> {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.lines().map(str::to_owned).collect()
}

/// What each line of a successful run says, without the duration: call, outcome, primes.
fn told(output: Output) -> Vec<String> {
    lines(output)
        .iter()
        .map(|line| {
            let columns: Vec<&str> = line
                .split("  ")
                .map(str::trim)
                .filter(|column| !column.is_empty())
                .collect();
            assert_eq!(columns.len(), 4, "{line}");
            [columns[0], columns[1], columns[3]].join(" | ")
        })
        .collect()
}

#[test]
fn a_second_run_computes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let run = || told(ulam(&directory, &["--upto", "1_000_000"]));
    assert_eq!(
        run(),
        [
            "primes_between(1, 1000000) | computed | 78498 primes",
            "primes_between(1, 1000000) | hit | 78498 primes",
            "ulam_spiral(primes, 1, 100) | computed | 25 primes",
            "ulam_spiral(primes, 1, 100) | hit | 25 primes",
        ]
    );
    let second = run();
    assert_eq!(second.len(), 4);
    assert!(
        second.iter().all(|line| line.contains(" | hit | ")),
        "{second:#?}"
    );
}

#[test]
fn the_whole_spiral_uses_the_primes_that_are_there() {
    let directory = tempfile::tempdir().unwrap();
    lines(ulam(&directory, &["--upto", "1e5"]));
    assert_eq!(
        told(ulam(&directory, &["--upto", "1e5", "--whole"])),
        [
            "primes_between(1, 100000) | hit | 9592 primes",
            "primes_between(1, 100000) | hit | 9592 primes",
            "density(primes, 1, 100000, 1900) | computed | 9592 primes",
            "density(primes, 1, 100000, 1900) | hit | 9592 primes",
        ]
    );
}

#[test]
fn a_picture_is_written_where_it_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let printed = lines(ulam(&directory, &["--upto", "1e6", "--out", "ulam.png"]));
    assert_eq!(printed.last().unwrap(), "wrote ulam.png (1444 × 1444)");
    let picture = image::open(directory.path().join("ulam.png")).unwrap();
    assert_eq!((picture.width(), picture.height()), (1444, 1444));
}

#[test]
fn bad_arguments_are_usage_errors() {
    let directory = tempfile::tempdir().unwrap();
    for words in [["--upto", "1"], ["--upto", "1e11"], ["--out", "ulam.jpg"]] {
        let output = ulam(&directory, &words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty(), "{words:?}");
    }
}

#[test]
fn a_file_that_cannot_be_written_stops_the_program_before_it_computes() {
    let directory = tempfile::tempdir().unwrap();
    let output = ulam(&directory, &["--out", "none/ulam.png"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: cannot write the picture to `none/ulam.png`: its directory does not exist; create it first\n"
    );
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
}
