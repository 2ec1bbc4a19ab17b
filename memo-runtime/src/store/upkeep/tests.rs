//! The lock of upkeep, and what is noted beside it.

use super::*;

fn store() -> (tempfile::TempDir, Store) {
    let temp = tempfile::tempdir().unwrap();
    let store = Store::open(&temp.path().join("store"), false).unwrap();
    (temp, store)
}

fn keeper(pid: u32) -> Keeper<&'static str> {
    Keeper {
        pid,
        host: "here",
        since: 7,
    }
}

#[test]
fn one_at_a_time_does_the_upkeep_and_tells_who() {
    let (_temp, store) = store();
    assert_eq!(store.last_keeper(), None);
    let lock = store.try_upkeep(&keeper(1)).unwrap();
    assert!(lock.is_some());
    assert!(store.try_upkeep(&keeper(2)).unwrap().is_none());
    assert_eq!(store.last_keeper().unwrap().pid, 1);
    drop(lock);
    assert!(store.try_upkeep(&keeper(3)).unwrap().is_some());
    assert_eq!(store.last_keeper().unwrap().pid, 3);
}

#[test]
fn what_comes_during_upkeep_counts_for_the_next() {
    let (_temp, store) = store();
    assert_eq!(store.grow(5).unwrap(), 5);
    let lock = store.try_upkeep(&keeper(1)).unwrap().unwrap();
    assert_eq!(store.grow(2).unwrap(), 7);
    let state = UpkeepState {
        finished: 1,
        entries: 2,
        disk: 3,
    };
    store.end_upkeep(&lock, &state).unwrap();
    assert_eq!(store.growth(), 2);
    assert_eq!(store.upkeep_state(), Some(state));
}

#[test]
fn a_state_that_cannot_be_read_is_begun_anew() {
    let (temp, store) = store();
    store.begin_upkeep_state(5).unwrap();
    assert_eq!(store.upkeep_state().unwrap().finished, 5);
    let path = temp.path().join("store/upkeep/state");
    std::fs::write(path, b"nothing").unwrap();
    assert_eq!(store.upkeep_state(), None);
    store.begin_upkeep_state(6).unwrap();
    assert_eq!(store.upkeep_state().unwrap().finished, 6);
}

#[test]
fn the_versions_in_use_are_told() {
    let (temp, store) = store();
    assert_eq!(store.runtimes().unwrap(), []);
    store.note_runtime(3 * 1_000_000_000).unwrap();
    let version = |when| (VERSION.to_owned(), when);
    assert_eq!(store.runtimes().unwrap(), [version(3 * 1_000_000_000)]);
    // Within a day it is not noted again.
    store.note_runtime(5 * 1_000_000_000).unwrap();
    assert_eq!(store.runtimes().unwrap(), [version(3 * 1_000_000_000)]);
    let tomorrow = 25 * 3600 * 1_000_000_000;
    store.note_runtime(tomorrow).unwrap();
    std::fs::write(temp.path().join("store/runtimes/0.0.9"), b"").unwrap();
    let told = store.runtimes().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1], version(tomorrow));
}
