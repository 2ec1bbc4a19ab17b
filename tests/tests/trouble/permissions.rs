//! Stores that may only be read, may not be opened, belong to others or are open to others.

use std::fs;
use std::os::unix::fs::chown;

use super::mounts::Mounted;
use crate::privileges::{Common, is_root, set_mode};
use crate::tree::tree;
use crate::worker::{NOBODY, run};

#[test]
fn a_hit_in_a_read_only_store_works_and_a_miss_is_computed() {
    if !is_root("a hit in a read-only store works and a miss is computed") {
        return;
    }
    let common = Common::new();
    common
        .run_as_nobody(&["get=1:100"])
        .did("keeps", &["computed 1"])
        .silently("keeps");
    for (path, (mode, ..)) in tree(&common.store()) {
        set_mode(&path, mode & 0o555);
    }
    let before = tree(&common.store());
    common
        .run_as_nobody(&["get=1:100"])
        .did("hit", &["found 1"])
        .silently("hit");
    common
        .run_as_nobody(&["get=2:100", "get=3:9", "get=1:100", "get=2:100"])
        .did(
            "misses",
            &["computed 2", "computed 3", "found 1", "computed 2"],
        )
        .warned_once("misses", "ermission denied");
    assert!(
        tree(&common.store()) == before,
        "a read-only store was changed"
    );
}

#[test]
fn a_hit_on_a_read_only_file_system_works_and_a_miss_is_computed() {
    if !is_root("a hit on a read-only file system works and a miss is computed") {
        return;
    }
    let common = Common::new();
    common.run(&["get=1:100"]).did("keeps", &["computed 1"]);
    let _mounted = Mounted::read_only(&common.store());
    common
        .run(&["get=1:100"])
        .did("hit", &["found 1"])
        .silently("hit");
    common
        .run(&["get=2:100", "get=3:9", "get=2:100"])
        .did("misses", &["computed 2", "computed 3", "computed 2"])
        .warned_once("misses", "ead-only file system");
}

/// Some programs copy a tree without its empty directories.
#[test]
fn a_hit_in_a_read_only_store_without_its_empty_directories_works() {
    if !is_root("a hit in a read-only store without its empty directories works") {
        return;
    }
    let common = Common::new();
    common.run(&["get=1:100"]).did("keeps", &["computed 1"]);
    for name in ["tmp", "flights"] {
        fs::remove_dir(common.store().join(name)).unwrap();
    }
    let _mounted = Mounted::read_only(&common.store());
    common.run(&["get=1:100"]).did("hit", &["found 1"]);
}

#[test]
fn a_store_that_may_not_be_opened_is_told_once() {
    if !is_root("a store that may not be opened is told once") {
        return;
    }
    for part in [
        "",
        "entries",
        "flights",
        "tmp",
        "format",
        "journal",
        "journal/log",
    ] {
        let common = Common::new();
        common
            .run_as_nobody(&["get=1:100"])
            .did("keeps", &["computed 1"]);
        set_mode(&common.store().join(part), 0);
        let run = common
            .run_as_nobody(&["get=1:100", "get=2:100", "get=2:100"])
            .right(part);
        assert!(run.said.len() <= 1, "`{part}`: {run:?}");
        // Neither the journal nor, with a flight, `tmp` is needed to keep a result.
        if !part.starts_with("journal") && part != "tmp" {
            run.warned_once(part, "ermission denied");
        }
        set_mode(&common.store().join(part), 0o700);
    }
}

#[test]
fn an_entry_that_may_not_be_opened_is_told_once_and_left_alone() {
    if !is_root("an entry that may not be opened is told once and left alone") {
        return;
    }
    let common = Common::new();
    common
        .run_as_nobody(&["get=1:100"])
        .did("keeps", &["computed 1"]);
    let entries = common.store().join("entries");
    let function = fs::read_dir(entries)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let fan = fs::read_dir(function)
        .unwrap()
        .map(|item| item.unwrap().path());
    let fan = fan.into_iter().find(|path| path.is_dir()).unwrap();
    let entry = fs::read_dir(&fan).unwrap().next().unwrap().unwrap().path();
    for path in [entry, fan] {
        set_mode(&path, 0);
        common
            .run_as_nobody(&["get=1:100", "get=1:100"])
            .did("without permission", &["computed 1", "computed 1"])
            .warned_once("without permission", "ermission denied");
        set_mode(&path, 0o700);
    }
    common
        .run_as_nobody(&["get=1:100"])
        .did("again", &["found 1"])
        .silently("again");
}

#[test]
fn parts_of_a_store_that_belong_to_another_user_serve_nothing() {
    if !is_root("parts of a store that belong to another user serve nothing") {
        return;
    }
    // In a foreign directory between the two, only what is ours is read.
    for part in ["entries", "entries/*/??/*"] {
        let common = Common::new();
        common.run(&["get=1:100"]).did("keeps", &["computed 1"]);
        let pattern = format!("{}/{part}", common.store().display());
        crate::privileges::tool("sh", &["-c", &format!("chown {NOBODY} {pattern}")]);
        common
            .run(&["get=1:100", "get=1:100"])
            .did(part, &["computed 1", "computed 1"])
            .warned_once(part, "user id 65534");
    }
}

#[test]
fn a_store_that_others_may_write_to_is_refused_and_left_alone() {
    for part in ["", "entries", "flights", "tmp", "journal"] {
        for mode in [0o770, 0o777, 0o702, 0o720, 0o1777] {
            let temp = tempfile::tempdir().unwrap();
            let store = temp.path().join("store");
            run(&store, &["get=1:100"]).did("keeps", &["computed 1"]);
            set_mode(&store.join(part), mode);
            let before = tree(&store);
            let what = format!("`{part}` with mode {mode:o}");
            run(&store, &["get=1:100", "get=2:100"])
                .did(&what, &["computed 1", "computed 2"])
                .warned_once(&what, "can be written by others");
            assert!(tree(&store) == before, "{what}: it was changed");
        }
    }
}

#[test]
fn a_flight_of_another_user_keeps_nobody_waiting() {
    if !is_root("a flight of another user keeps nobody waiting") {
        return;
    }
    let common = Common::new();
    common.run(&["die=1:100"]);
    let flights = common.store().join("flights");
    let flight = fs::read_dir(flights)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    chown(&flight, Some(NOBODY), None).unwrap();
    common.run(&["get=1:100"]).did("takeover", &["computed 1"]);
}
