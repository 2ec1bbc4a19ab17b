//! Something else stands where a part of the store should: a FIFO, a directory, a file, a link.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::privileges::tool;
use crate::tree::tree;
use crate::worker::run;

const KINDS: [&str; 5] = ["fifo", "directory", "file", "link", "broken link"];

/// Puts a thing of `kind` at `path`, in the place of what is there. Links lead to `outside`.
fn put(kind: &str, path: &Path, outside: &Path) {
    if path.is_dir() {
        fs::remove_dir_all(path).unwrap();
    } else if path.exists() {
        fs::remove_file(path).unwrap();
    }
    match kind {
        "fifo" => tool("mkfifo", &[path.to_str().unwrap()]),
        "directory" => fs::create_dir(path).unwrap(),
        "file" => fs::write(path, "something else").unwrap(),
        "link" => symlink(outside, path).unwrap(),
        _ => symlink(outside.join("missing"), path).unwrap(),
    }
}

/// The paths of a store in which key 1 is kept, relative to it, a path of each kind.
fn parts(store: &Path) -> Vec<String> {
    let tree = tree(store);
    let mut parts: Vec<String> = tree
        .keys()
        .map(|path| {
            path.strip_prefix(store)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    parts.push("damaged".to_owned());
    parts
}

#[test]
fn whatever_stands_in_the_way_the_value_is_right_and_one_warning_at_most_is_given() {
    let scene = tempfile::tempdir().unwrap();
    let template = scene.path().join("template");
    run(&template, &["get=1:100"]).did("keeps", &["computed 1"]);
    let parts = parts(&template);
    assert!(parts.len() >= 13, "{parts:?}");

    let mut bad = Vec::new();
    for part in &parts {
        for kind in KINDS {
            let temp = tempfile::tempdir().unwrap();
            let store = temp.path().join("store");
            let outside = temp.path().join("outside");
            fs::create_dir(&outside).unwrap();
            fs::write(outside.join("file"), "precious").unwrap();
            run(&store, &["get=1:100"]).did("keeps", &["computed 1"]);
            // Joining an empty path would add a slash.
            let path = if part.is_empty() {
                store.clone()
            } else {
                store.join(part)
            };
            put(kind, &path, &outside);
            let before = tree(&outside);

            let what = format!("{kind} at `{part}`");
            let steps = [
                "get=1:100",
                "get=2:50",
                "get=1:100",
                "refresh=1:100",
                "insert=2:50",
            ];
            let run = run(&store, &steps).right(&what);
            // That the damaged entry was moved aside is one thing, that it could not be another.
            if run.said.len() > 1 {
                bad.push(format!("{what}: {:#?}", run.said));
            }
            // The root itself may be a link: that is the user's own choice.
            if !part.is_empty() && tree(&outside) != before {
                bad.push(format!("{what}: something changed outside"));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn whatever_stands_in_the_place_of_a_flight_the_value_is_right() {
    for kind in KINDS {
        let temp = tempfile::tempdir().unwrap();
        let store = temp.path().join("store");
        let outside = temp.path().join("outside");
        fs::create_dir(&outside).unwrap();
        run(&store, &["die=1:100"]);
        let flight = fs::read_dir(store.join("flights"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        put(kind, &flight, &outside);
        let before = tree(&outside);
        let run = run(&store, &["get=1:100", "get=1:100"]).right(kind);
        assert!(run.said.len() <= 1, "{kind}: {run:?}");
        assert!(
            tree(&outside) == before,
            "{kind}: something changed outside"
        );
        assert_eq!(run.did[1], "found 1", "{kind}: not kept");
    }
}
