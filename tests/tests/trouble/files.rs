//! Too many open files.

use crate::worker::run;

#[test]
fn too_many_open_files_cost_nothing_but_the_keeping() {
    for room in 0..=12 {
        let temp = tempfile::tempdir().unwrap();
        let store = temp.path().join("store");
        run(&store, &["get=1:100"]).did("keeps", &["computed 1"]);
        let what = format!("room for {room} open files");
        let limit = format!("open-files={room}");
        let run = run(
            &store,
            &[&limit, "get=1:100", "get=2:100", "get=3:200", "get=2:100"],
        );
        let run = run.right(&what);
        assert!(run.said.len() <= 1, "{what}: {run:?}");
        if room >= 12 {
            assert_eq!(run.did, ["found 1", "computed 2", "computed 3", "found 2"]);
        }
    }
}

#[test]
fn a_crowd_with_few_open_files_gets_its_values() {
    for room in [0, 3, 6, 12, 24] {
        let temp = tempfile::tempdir().unwrap();
        let store = temp.path().join("store");
        let what = format!("64 threads with room for {room} open files");
        let limit = format!("open-files={room}");
        let run = run(&store, &[&limit, "threads=64"]).right(&what);
        assert!(run.said.len() <= 1, "{what}: {run:?}");
    }
}

#[test]
fn a_store_that_could_be_opened_serves_hits_with_one_file_to_spare() {
    let temp = tempfile::tempdir().unwrap();
    let store = temp.path().join("store");
    run(&store, &["get=1:100"]).did("keeps", &["computed 1"]);
    run(&store, &["get=1:100", "open-files=1", "get=1:100"])
        .did("one to spare", &["found 1", "found 1"]);
}
