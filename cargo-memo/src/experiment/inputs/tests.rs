use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use super::{Input, MOST, digest};
use crate::failure::Failure;

/// A directory with these files.
fn dir(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in files {
        write(dir.path(), path, content);
    }
    dir
}

fn write(dir: &Path, path: &str, content: &str) {
    let path = dir.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

fn found(dir: &Path, patterns: &[&str]) -> Result<Vec<Input>, Failure> {
    let patterns: Vec<String> = patterns.iter().map(|&it| it.to_owned()).collect();
    digest(dir, Path::new("no store"), &patterns).map(|inputs| inputs.all)
}

fn names(dir: &Path, patterns: &[&str]) -> Vec<String> {
    let found = found(dir, patterns).unwrap().into_iter();
    found.map(|input| input.name).collect()
}

fn message(dir: &Path, pattern: &str) -> String {
    found(dir, &[pattern]).unwrap_err().message().unwrap()
}

const DATA: &[(&str, &str)] = &[
    ("data/b.csv", "2"),
    ("data/a.csv", "1"),
    ("data/.hidden.csv", "3"),
    ("data/deep/c.csv", "4"),
    ("data/notes.txt", "5"),
    ("odd[1]*.csv", "6"),
];

#[test]
fn patterns_match_as_shells_do() {
    let dir = dir(DATA);
    for (patterns, expected) in [
        (&["data/a.csv"][..], &["data/a.csv"][..]),
        (&["./data/../data/a.csv"], &["data/../data/a.csv"]),
        (&["data/*.csv"], &["data/a.csv", "data/b.csv"]),
        (&["data/[ab].csv"], &["data/a.csv", "data/b.csv"]),
        (&["data/?.csv", "data/a.csv"], &["data/a.csv", "data/b.csv"]),
        (&["data/.*.csv"], &["data/.hidden.csv"]),
        (&["data/.h*"], &["data/.hidden.csv"]),
        (
            &["**/*.csv"],
            &["data/a.csv", "data/b.csv", "data/deep/c.csv", "odd[1]*.csv"],
        ),
        (&["data//./[!a].csv"], &["data/b.csv"]),
        (&["data/*/c.csv"], &["data/deep/c.csv"]),
        (&["**/c.csv"], &["data/deep/c.csv"]),
        (&["data/deep"], &["data/deep/c.csv"]),
        (&["data/d*"], &["data/deep/c.csv"]),
        (&["odd[1]*.csv"], &["odd[1]*.csv"]),
        (
            &["data/notes.txt", "data/a.csv"],
            &["data/a.csv", "data/notes.txt"],
        ),
        (
            &["data"],
            &[
                "data/.hidden.csv",
                "data/a.csv",
                "data/b.csv",
                "data/deep/c.csv",
                "data/notes.txt",
            ],
        ),
        (&[], &[]),
    ] {
        let expected: Vec<String> = expected.iter().map(|it| format!("input {it}")).collect();
        assert_eq!(names(dir.path(), patterns), expected, "{patterns:?}");
    }
}

#[test]
fn a_directory_whose_name_looks_like_a_pattern_is_none() {
    let around = tempfile::tempdir().unwrap();
    let dir = around.path().join("run [1] *");
    write(&dir, "a.csv", "1");
    write(around.path(), "run 1 x/b.csv", "1");
    assert_eq!(names(&dir, &["*.csv"]), ["input a.csv"]);
}

#[test]
fn a_name_that_is_no_text_is_a_file_like_any() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let dir = dir(&[("data/a.csv", "1")]);
    let odd = dir
        .path()
        .join("data")
        .join(OsStr::from_bytes(b"b\xff.csv"));
    fs::write(&odd, "2").unwrap();
    let look = || found(dir.path(), &["data"]).unwrap();
    let before = look();
    assert_eq!(before.len(), 2);
    fs::write(&odd, "3").unwrap();
    assert_ne!(look(), before);
    assert_eq!(names(dir.path(), &["data/a*"]), ["input data/a.csv"]);
    assert_eq!(names(dir.path(), &["data/*"]).len(), 2);
}

#[test]
fn content_and_name_count_and_nothing_else_does() {
    let dir = dir(DATA);
    let look = |pattern| found(dir.path(), &[pattern]).unwrap();
    for pattern in ["data", "data/*", "data/a.csv"] {
        let before = look(pattern);
        let file = dir.path().join("data/a.csv");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&file, "1").unwrap();
        assert_eq!(look(pattern), before, "{pattern}: written anew");
        fs::write(&file, "2").unwrap();
        let edited = look(pattern);
        assert_ne!(edited, before, "{pattern}: edited");
        assert_eq!(edited.len(), before.len());
        assert_ne!(edited[0].text, "", "{pattern}");
        fs::write(&file, "1").unwrap();
        assert_eq!(look(pattern), before, "{pattern}: edited back");
    }
    let before = look("data");
    fs::rename(dir.path().join("data/b.csv"), dir.path().join("data/d.csv")).unwrap();
    assert_ne!(look("data"), before, "renamed");
}

#[test]
fn a_text_says_how_large_it_is_and_how_its_digest_begins() {
    let dir = dir(&[("a.csv", "12345")]);
    let input = found(dir.path(), &["a.csv"]).unwrap().remove(0);
    let begin = input.digest.to_hex();
    let text = &input.text;
    assert!(
        text.starts_with("5 B, ") && text.len() == "5 B, ".len() + 8,
        "{text}"
    );
    assert!(!begin.is_empty());
}

#[test]
fn many_files_are_one_input_for_each_pattern() {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..MOST {
        write(dir.path(), &format!("data/{number:03}.csv"), "1");
    }
    write(dir.path(), "other.csv", "1");
    let look = || found(dir.path(), &["data/*.csv", "other.csv"]).unwrap();
    let inputs = look();
    let [many, one] = &inputs[..] else {
        panic!("{inputs:?}")
    };
    assert_eq!(
        (&*many.name, &*one.name),
        ("input data/*.csv", "input other.csv")
    );
    assert!(many.text.starts_with("64 files, 64 B, "), "{}", many.text);
    for edit in ["data/063.csv", "data/000.csv"] {
        write(dir.path(), edit, "2");
        let edited = look();
        assert_ne!(edited[0].digest, many.digest, "{edit}");
        assert_eq!(edited[1], *one, "{edit}");
        write(dir.path(), edit, "1");
    }
    fs::rename(
        dir.path().join("data/000.csv"),
        dir.path().join("data/zzz.csv"),
    )
    .unwrap();
    assert_ne!(look()[0].digest, many.digest, "renamed");
}

#[test]
fn an_empty_directory_is_an_input_too() {
    let dir = dir(&[]);
    fs::create_dir(dir.path().join("data")).unwrap();
    let empty = found(dir.path(), &["data"]).unwrap();
    assert_eq!(empty.len(), 1);
    assert!(empty[0].text.starts_with("0 files, "), "{}", empty[0].text);
    write(dir.path(), "data/a", "");
    assert_ne!(found(dir.path(), &["data"]).unwrap(), empty);
}

#[test]
fn links_are_followed_unless_they_have_no_end() {
    let dir = dir(&[("real/a.csv", "1"), ("data/own.csv", "2")]);
    symlink("../real/a.csv", dir.path().join("data/link.csv")).unwrap();
    symlink("../real", dir.path().join("data/more")).unwrap();
    let expected = ["data/link.csv", "data/more/a.csv", "data/own.csv"];
    let expected = expected.map(|it| format!("input {it}"));
    assert_eq!(names(dir.path(), &["data"]), expected);
    let before = found(dir.path(), &["data/link.csv"]).unwrap();
    write(dir.path(), "real/a.csv", "3");
    assert_ne!(found(dir.path(), &["data/link.csv"]).unwrap(), before);

    symlink("..", dir.path().join("data/more/up")).unwrap();
    let message = message(dir.path(), "data");
    assert!(message.contains("leads back"), "{message}");
}

#[test]
fn what_cannot_be_an_input_is_an_error_that_names_it() {
    let dir = dir(&[("data/a.csv", "1")]);
    symlink("gone.csv", dir.path().join("data/dangling")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    for (pattern, parts) in [
        (
            "missing.csv",
            &["nothing matches `--input missing.csv`"][..],
        ),
        ("data/*.txt", &["nothing matches `--input data/*.txt`"]),
        ("data/[.]*", &["nothing matches"]),
        ("data/*.csv/*", &["nothing matches"]),
        ("data/[", &["`--input data/[` is no pattern"]),
        ("", &["nothing matches"]),
        ("data", &["`data/dangling` of `--input data`", "link"]),
        ("data/d*", &["`data/dangling`", "link"]),
        ("socket", &["`socket`", "neither a file nor a directory"]),
        ("data/a.csv/b", &["nothing matches"]),
        ("bad\u{1b}[31m", &["bad\\u{1b}[31m"]),
    ] {
        let message = message(dir.path(), pattern);
        for part in parts {
            assert!(message.contains(part), "{pattern}: {message}");
        }
    }
    drop(socket);
}
