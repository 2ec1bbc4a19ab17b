//! What is refused before anything is run.

use std::fs;
use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

/// A working directory beside something that is nobody's business.
struct Place {
    outer: TempDir,
    work: PathBuf,
}

impl Place {
    fn new() -> Self {
        let outer = tempfile::tempdir().unwrap();
        let work = outer.path().join("work");
        fs::create_dir(&work).unwrap();
        Self { outer, work }
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.work.join(relative)
    }

    fn directory(&self, relative: &str) -> &Self {
        fs::create_dir_all(self.path(relative)).unwrap();
        self
    }

    fn link(&self, relative: &str, to: &str) -> &Self {
        symlink(to, self.path(relative)).unwrap();
        self
    }
}

#[test]
fn only_paths_beneath_the_working_directory_can_be_declared() {
    let Place { outer, work } = Place::new();
    let store = outer.path().join("store");
    for path in ["out", "./out/", "a//b", "..a", "a..", ".hidden"] {
        assert!(check(&[path.to_owned()], &work, &store).is_ok(), "{path}");
    }
    for path in [
        "",
        ".",
        "./",
        "/etc/passwd",
        "/",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "a\0b",
    ] {
        let refused = check(&["fine".to_owned(), path.to_owned()], &work, &store);
        assert!(matches!(refused, Err(Failure::Usage(_))), "{path:?}");
    }
}

fn refusal(place: &Place, declared: &str, store: &Path) -> Option<String> {
    match check(&[declared.to_owned()], &place.work, store) {
        Ok(()) => None,
        Err(Failure::Usage(message)) => Some(message),
        Err(other) => panic!("{declared}: {other:?}"),
    }
}

#[test]
fn an_output_is_apart_from_the_store() {
    let cases = [
        ("target/memo", Some("it is the store")),
        ("./target//memo/", Some("it is the store")),
        ("target/memo/v1", Some("it lies in the store")),
        ("target", Some("it contains the store")),
        ("target/memory", None),
        ("target/mem", None),
        ("memo", None),
    ];
    let place = Place::new();
    for exists in [false, true] {
        if exists {
            place.directory("target/memo");
        }
        for (declared, expected) in cases {
            let found = refusal(&place, declared, &place.path("target/memo"));
            match expected {
                None => assert_eq!(found, None),
                Some(why) => assert!(found.unwrap().contains(why), "{declared}, {exists}"),
            }
        }
    }
}

#[test]
fn a_store_has_other_names() {
    let place = Place::new();
    place.directory("kept/store").link("link", "kept");
    let linked = place.outer.path().join("elsewhere");
    symlink(&place.work, &linked).unwrap();
    for store in [
        place.path("link/store"),
        place.path("kept/../kept/store"),
        linked.join("kept/store"),
    ] {
        let found = refusal(&place, "kept", &store).unwrap_or_default();
        assert!(
            found.contains("it contains the store"),
            "{store:?}: {found}"
        );
    }
    let found = refusal(&place, "link/store", &place.path("kept/store")).unwrap();
    assert!(found.contains("it is the store"), "{found}");
    let missing = place.path("new/../fresh/store");
    assert!(refusal(&place, "fresh", &missing).is_some());
}
