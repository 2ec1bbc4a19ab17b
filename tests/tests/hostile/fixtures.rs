//! What is planted in a store.

use std::fs;

use super::store::Prepared;
use crate::privileges::is_root;

type Plant = Box<dyn Fn(&Prepared)>;

/// Every path in a store.
const PATHS: [&str; 18] = [
    "entries",
    "flights",
    "tmp",
    "journal",
    "damaged",
    "format",
    "CACHEDIR.TAG",
    ".gitignore",
    "journal/log",
    "function",
    "function name",
    "fan",
    "entry",
    "flight",
    "first flight",
    "code",
    "lists",
    "list",
];

fn links() -> Vec<(String, Plant)> {
    let mut fixtures: Vec<(String, Plant)> = Vec::new();
    for path in PATHS {
        for target in ["same", "file", "directory", "missing"] {
            let plant = move |store: &Prepared| store.link(path, target);
            fixtures.push((format!("a link to {target} at {path}"), Box::new(plant)));
        }
    }
    for path in [
        "journal/log",
        "flight",
        "first flight",
        "entry",
        "format",
        "function name",
        ".gitignore",
        "list",
    ] {
        let plant = move |store: &Prepared| store.hard_link(path);
        fixtures.push((format!("a hard link at {path}"), Box::new(plant)));
    }
    let plant = |store: &Prepared| {
        store.link("damaged", "directory");
        fs::write(store.path("entry"), "damaged").unwrap();
    };
    fixtures.push((
        "a damaged entry, and a link for those".to_owned(),
        Box::new(plant),
    ));
    fixtures
}

fn things() -> Vec<(String, Plant)> {
    let mut fixtures: Vec<(String, Plant)> = Vec::new();
    for path in PATHS {
        let plant = move |store: &Prepared| store.fifo(path);
        fixtures.push((format!("a FIFO at {path}"), Box::new(plant)));
    }
    for path in [
        "entry",
        "flight",
        "journal/log",
        "format",
        "function name",
        "list",
    ] {
        let plant = move |store: &Prepared| store.socket(path);
        fixtures.push((format!("a socket at {path}"), Box::new(plant)));
        let plant = move |store: &Prepared| store.directory(path);
        fixtures.push((format!("a directory at {path}"), Box::new(plant)));
    }
    fixtures
}

fn sizes() -> Vec<(String, Plant)> {
    let mut fixtures: Vec<(String, Plant)> = Vec::new();
    for path in [
        "entry",
        "flight",
        "first flight",
        "journal/log",
        "format",
        "function name",
        "list",
    ] {
        let plant = move |store: &Prepared| store.stretch(path);
        fixtures.push((format!("a TiB at {path}"), Box::new(plant)));
        let plant = move |store: &Prepared| {
            fs::write(store.vacate(path), "").unwrap();
            store.stretch(path);
        };
        fixtures.push((format!("a TiB of nothing at {path}"), Box::new(plant)));
    }
    let plant = |store: &Prepared| store.promise_a_tib();
    fixtures.push((
        "an entry with a right head and a TiB of value".to_owned(),
        Box::new(plant),
    ));
    for (at, what) in [(16, "header"), (24, "offset"), (32, "value")] {
        for length in [u64::MAX, 1 << 63, u64::MAX - 191, 1 << 32] {
            let plant = move |store: &Prepared| {
                let mut bytes = fs::read(store.path("entry")).unwrap();
                bytes[at..at + 8].copy_from_slice(&length.to_le_bytes());
                fs::write(store.path("entry"), bytes).unwrap();
            };
            fixtures.push((format!("{what} of {length:#x} bytes"), Box::new(plant)));
        }
    }
    fixtures
}

fn for_root() -> Vec<(String, Plant)> {
    let mut fixtures: Vec<(String, Plant)> = Vec::new();
    for path in [
        "entry",
        "flight",
        "journal/log",
        "format",
        "function name",
        "fan",
        "journal",
        "lists",
        "list",
    ] {
        for minor in ["5", "7"] {
            let plant = move |store: &Prepared| store.device(path, minor);
            fixtures.push((format!("device 1, {minor} at {path}"), Box::new(plant)));
        }
        let plant = move |store: &Prepared| {
            if !store.path(path).exists() {
                fs::write(store.path(path), "").unwrap();
            }
            store.give_away(path);
        };
        fixtures.push((format!("another owner of {path}"), Box::new(plant)));
    }
    fixtures
}

/// Plants each fixture in a store of its own, and tells all that were not borne.
fn bears(fixtures: Vec<(String, Plant)>, as_nobody: bool) {
    let mut failed = Vec::new();
    for (what, plant) in &fixtures {
        let store = Prepared::new();
        plant(&store);
        let borne = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.bears(what, as_nobody);
        }));
        if borne.is_err() {
            failed.push(what);
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {}: {failed:#?}",
        failed.len(),
        fixtures.len()
    );
}

#[test]
fn links_lead_nowhere() {
    bears(links(), false);
}

#[test]
fn links_lead_nowhere_for_a_plain_user() {
    if is_root("links lead nowhere, as a plain user") {
        bears(links(), true);
    }
}

#[test]
fn things_that_are_no_files_hang_nothing() {
    bears(things(), false);
}

#[test]
fn sizes_that_are_lies_take_no_memory() {
    bears(sizes(), false);
}

#[test]
fn devices_and_other_owners_do_no_harm() {
    if is_root("devices and other owners do no harm") {
        bears(for_root(), false);
    }
}
