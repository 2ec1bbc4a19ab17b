//! The store as a directory: what is made, what is refused, what wins.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::entry::{Facts, Fault, Sealed};
use super::*;
use crate::clock::Clock;
use crate::key::{Digest, digest_of};

fn digest(of: &str) -> Digest {
    digest_of(of).unwrap()
}

fn owner() -> FunctionName {
    FunctionName {
        package: "p".into(),
        path: "f".into(),
    }
}

fn publish(store: &Store, key: &str, value: &[u8], replace: bool) -> Published {
    let facts = Facts {
        key: digest(key),
        value_type: digest("type"),
        codec: 1,
        created: 1,
        duration: 2,
        ttl: 0,
    };
    let place = Place::new("f-0", digest(key));
    let pieces = [value.into()];
    let sealed = Sealed::new(&facts, b"header", &pieces);
    store
        .publish_unlocked(&place, &owner(), &sealed, replace, true)
        .unwrap()
}

fn look_up(store: &Store, key: &str) -> Lookup {
    store.look_up(
        &Place::new("f-0", digest(key)),
        &digest("type"),
        Delivery::Value,
        None,
    )
}

fn found(store: &Store, key: &str) -> Vec<u8> {
    match look_up(store, key) {
        Lookup::Found(loaded) => loaded.into_incoming().bytes().unwrap().to_vec(),
        other => panic!("{other:?}"),
    }
}

fn open(path: &Path) -> Store {
    Store::open(path, false).unwrap()
}

#[test]
fn a_new_store_is_private_and_marked_for_backup_and_git() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("a/b/.memo");
    open(&path);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o700
    );
    assert_eq!(fs::read_to_string(path.join(".gitignore")).unwrap(), "*\n");
    assert_eq!(fs::read_to_string(path.join("format")).unwrap(), "1\n");
    let tag = fs::read_to_string(path.join("CACHEDIR.TAG")).unwrap();
    assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55"));
}

#[test]
fn a_directory_with_other_things_in_it_is_refused_and_left_alone() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("thesis.tex"), "x").unwrap();
    fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let error = Store::open(temp.path(), false).unwrap_err();
    assert!(matches!(&error, StoreError::NotAStore { stranger, .. } if stranger == "thesis.tex"));
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
}

#[test]
fn a_store_of_a_later_format_is_refused_and_left_alone() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("store");
    open(&path);
    fs::write(path.join("format"), "2\n").unwrap();
    let error = Store::open(&path, false).unwrap_err().to_string();
    assert!(
        error.contains("has format 2, this program knows format 1"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(path.join("format")).unwrap(), "2\n");
}

#[test]
fn a_half_made_store_is_finished() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("store");
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(path.join("format.0123456789abcdef"), "").unwrap();
    fs::write(path.join("format"), "").unwrap();
    open(&path);
    assert_eq!(fs::read_to_string(path.join("format")).unwrap(), "1\n");
}

#[test]
fn a_store_that_others_may_write_to_is_refused() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("store");
    open(&path);
    for (mode, private, shared) in [
        (0o777, false, false),
        (0o770, false, true),
        (0o755, true, true),
    ] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(Store::open(&path, false).is_ok(), private, "{mode:o}");
        assert_eq!(
            Store::open(&path, true).is_ok(),
            shared,
            "{mode:o} for the group"
        );
    }
}

#[test]
fn the_first_to_publish_wins_and_a_refresh_replaces() {
    let temp = tempfile::tempdir().unwrap();
    let store = open(&temp.path().join("store"));
    assert!(matches!(look_up(&store, "key"), Lookup::Absent));
    assert_eq!(publish(&store, "key", b"one", false), Published::New);
    assert_eq!(publish(&store, "key", b"two", false), Published::Already);
    assert_eq!(found(&store, "key"), b"one");
    assert_eq!(publish(&store, "key", b"three", true), Published::New);
    assert_eq!(found(&store, "key"), b"three");
    assert_eq!(
        fs::read_dir(temp.path().join("store/tmp")).unwrap().count(),
        0
    );
}

#[test]
fn an_entry_in_the_place_of_another_is_not_taken_for_it() {
    let temp = tempfile::tempdir().unwrap();
    let store = open(&temp.path().join("store"));
    publish(&store, "one", b"1", false);
    publish(&store, "two", b"2", false);
    let path = |key| store.entry_path(&Place::new("f-0", digest(key)));
    fs::copy(path("one"), path("two")).unwrap();
    assert!(matches!(
        look_up(&store, "two"),
        Lookup::Damaged(Fault::OtherKey, _)
    ));
    let place = Place::new("f-0", digest("one"));
    let other_type = store.look_up(&place, &digest("other type"), Delivery::Value, None);
    assert!(matches!(other_type, Lookup::Damaged(Fault::OtherType, _)));
}

#[test]
fn a_damaged_entry_makes_room_for_a_new_one() {
    let temp = tempfile::tempdir().unwrap();
    let store = open(&temp.path().join("store"));
    publish(&store, "key", b"value", false);
    let place = Place::new("f-0", digest("key"));
    fs::write(store.entry_path(&place), "not an entry").unwrap();
    let Lookup::Damaged(Fault::BadMagic, file) = look_up(&store, "key") else {
        panic!("it was not noticed")
    };
    assert!(!store.move_aside(&place, Some((0, 0))).unwrap());
    assert!(
        store.entry_path(&place).exists(),
        "another file was moved aside"
    );
    assert!(store.move_aside(&place, file).unwrap());
    assert!(
        !store.move_aside(&place, file).unwrap(),
        "it was moved twice"
    );
    assert!(matches!(look_up(&store, "key"), Lookup::Absent));
    assert_eq!(
        fs::read_dir(temp.path().join("store/damaged"))
            .unwrap()
            .count(),
        1
    );
    publish(&store, "key", b"value", false);
    assert_eq!(found(&store, "key"), b"value");
}

#[test]
fn a_function_is_named_in_its_directory_and_else_by_its_entries() {
    let temp = tempfile::tempdir().unwrap();
    let store = open(&temp.path().join("store"));
    publish(&store, "key", b"value", false);
    let functions = store.functions().unwrap();
    assert_eq!(functions[0].name, Some(owner()));
    let mut entries = Vec::new();
    store
        .entries_of(&functions[0], |entry| entries.push(entry))
        .unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].key, digest("key"));
    fs::remove_file(temp.path().join("store/entries/f-0/function")).unwrap();
    assert_eq!(
        store.functions().unwrap()[0].name,
        None,
        "the header here is no header"
    );
}

#[test]
fn last_use_is_not_renewed_by_looking_without_a_clock() {
    let temp = tempfile::tempdir().unwrap();
    let store = open(&temp.path().join("store"));
    publish(&store, "key", b"value", false);
    let place = Place::new("f-0", digest("key"));
    let modified = || {
        fs::metadata(store.entry_path(&place))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = modified();
    look_up(&store, "key");
    assert_eq!(modified(), before);
    store.look_up(
        &place,
        &digest("type"),
        Delivery::Value,
        Some(&Clock::manual(0)),
    );
    assert_eq!(modified(), std::time::UNIX_EPOCH);
}

#[test]
fn a_removed_store_is_noticed() {
    let temp = tempfile::tempdir().unwrap();
    let store = open(&temp.path().join("store"));
    assert!(!store.is_gone());
    fs::remove_dir_all(temp.path().join("store")).unwrap();
    assert!(store.is_gone());
    assert!(matches!(look_up(&store, "key"), Lookup::Absent));
}

#[test]
fn looking_for_a_store_makes_none() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("store");
    assert!(Store::open_existing(&path, false).unwrap().is_none());
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(Store::open_existing(&path, false).unwrap().is_none());
    assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    fs::write(path.join("thesis.tex"), "x").unwrap();
    assert!(Store::open_existing(&path, false).is_err());
}
