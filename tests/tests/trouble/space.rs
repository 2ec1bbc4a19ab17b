//! No space, no inodes.

use std::fs;

use super::mounts::Mounted;
use crate::privileges::is_root;
use crate::worker::run;

/// The bytes and the files in use on the file system of `path`.
fn in_use(path: &std::path::Path) -> (u64, u64) {
    let stat = rustix::fs::statvfs(path).unwrap();
    (
        (stat.f_blocks - stat.f_bfree) * stat.f_frsize,
        stat.f_files - stat.f_ffree,
    )
}

#[test]
fn a_full_disk_costs_what_does_not_fit_and_nothing_else() {
    if !is_root("a full disk costs what does not fit and nothing else") {
        return;
    }
    for kib in (64..=512).step_by(16).chain([768, 1024]) {
        let temp = tempfile::tempdir().unwrap();
        let _mounted = Mounted::tmpfs(temp.path(), &format!("size={kib}k,mode=700"));
        let store = temp.path().join("store");
        let what = format!("{kib} KiB");
        // What fits is kept, what does not leaves nothing behind, and is told once.
        run(&store, &["get=1:100"])
            .did(&what, &["computed 1"])
            .silently(&what);
        let before = in_use(temp.path());
        run(&store, &["get=2:1100000", "get=3:1100000", "get=2:1100000"])
            .did(&what, &["computed 2", "computed 3", "computed 2"])
            .warned_once(&what, "No space left");
        let after = in_use(temp.path());
        // The directories of the two keys and the journal's records stay.
        assert!(
            after.0 <= before.0 + 8 * 4096,
            "{what}: {before:?} then {after:?}"
        );
        run(&store, &["get=1:100", "get=4:50"])
            .right(&what)
            .silently(&what);

        // A program prints more than fits, and then as if nothing were.
        let before = in_use(temp.path());
        run(&store, &["run=7:1100000", "run=7:1100000"]).did(&what, &["computed 7", "computed 7"]);
        let after = in_use(temp.path());
        assert!(
            after.0 <= before.0 + 4 * 4096,
            "{what}: {before:?} then {after:?}"
        );

        // Not a byte more fits.
        let filler = temp.path().join("filler");
        let _ = fs::write(&filler, vec![1; kib * 1024]);
        run(
            &store,
            &["get=5:100", "get=6:100", "get=5:100", "get=1:100"],
        )
        .did(
            &what,
            &["computed 5", "computed 6", "computed 5", "found 1"],
        )
        .warned_once(&what, "No space left");
        fs::remove_file(filler).unwrap();
        run(&store, &["get=5:100", "get=5:100"])
            .did(&what, &["computed 5", "found 5"])
            .silently(&what);
        assert_eq!(
            fs::read_dir(store.join("tmp")).unwrap().count(),
            0,
            "{what}: tmp"
        );
        assert_eq!(
            fs::read_dir(store.join("flights")).unwrap().count(),
            0,
            "{what}: flights"
        );
    }
}

#[test]
fn a_file_system_without_inodes_left_costs_nothing_but_the_keeping() {
    if !is_root("a file system without inodes left costs nothing but the keeping") {
        return;
    }
    for inodes in 2..=20 {
        let temp = tempfile::tempdir().unwrap();
        let _mounted = Mounted::tmpfs(temp.path(), &format!("size=4m,mode=700,nr_inodes={inodes}"));
        let store = temp.path().join("store");
        let what = format!("{inodes} inodes");
        let run = run(
            &store,
            &["get=1:100", "get=2:100", "get=1:100", "get=2:100"],
        )
        .right(&what);
        assert!(run.said.len() <= 1, "{what}: {run:?}");
        for name in ["tmp", "flights"] {
            let left = fs::read_dir(store.join(name)).map_or(0, Iterator::count);
            assert_eq!(left, 0, "{what}: something was left in {name}");
        }
    }
}
