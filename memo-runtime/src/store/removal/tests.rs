//! What is removed beside entries, and what is not.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::*;
use crate::key::{Digest, digest_of};
use crate::store::entry::{Facts, Sealed};
use crate::store::{FunctionName, Place};

struct Desk {
    _temp: tempfile::TempDir,
    store: Store,
    path: PathBuf,
}

fn digest(of: &str) -> Digest {
    digest_of(of).unwrap()
}

fn now() -> Moment {
    nanos(UNIX_EPOCH.elapsed().unwrap())
}

impl Desk {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("store");
        let store = Store::open(&path, false).unwrap();
        Self {
            _temp: temp,
            store,
            path,
        }
    }

    fn publish(&self, function: &str, key: &str, ttl: u64) -> Entry {
        let facts = Facts {
            key: digest(key),
            value_type: digest("type"),
            codec: 1,
            created: 1,
            duration: 2,
            ttl,
        };
        let place = Place::new(function, digest(key));
        let pieces = [b"value".as_slice().into()];
        let sealed = Sealed::new(&facts, b"header", &pieces);
        let owner = FunctionName::default();
        self.store
            .publish_unlocked(&place, &owner, &sealed, false, false)
            .unwrap();
        let mut found = None;
        self.store
            .each_entry_in(function, |entry| {
                if entry.key == digest(key) {
                    found = Some(entry);
                }
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
        found.unwrap()
    }

    fn remove(&self, entry: &Entry, unused: bool) -> Removal {
        let function = self.store.function_dir(entry.function_dir()).unwrap();
        let Some(function) = function else {
            return Removal::Gone;
        };
        let hex = entry.key.to_hex();
        match Emptying::open(&function, &hex[..2]).unwrap() {
            Some(emptying) => {
                let removal = emptying.remove(entry, unused).unwrap();
                emptying.close();
                removal
            }
            None => Removal::Gone,
        }
    }
}

#[test]
fn an_entry_goes_with_its_directory_and_only_once() {
    let desk = Desk::new();
    let entry = desk.publish("f-0", "key", 0);
    assert_eq!(desk.remove(&entry, true), Removal::Done);
    assert_eq!(desk.remove(&entry, true), Removal::Gone);
    desk.store.remove_empty_dirs().unwrap();
    assert!(!desk.path.join("entries/f-0").exists());
    assert_eq!(desk.remove(&entry, false), Removal::Gone);
    assert_eq!(fs::read_dir(desk.path.join("tmp")).unwrap().count(), 0);
}

#[test]
fn an_entry_that_was_used_since_stays_unless_it_is_to_go_whatever() {
    let desk = Desk::new();
    let entry = desk.publish("f-0", "key", 0);
    let file = File::open(desk.store.listed_path(&entry)).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(9))
        .unwrap();
    assert_eq!(desk.remove(&entry, true), Removal::Used);
    assert_eq!(desk.remove(&entry, false), Removal::Done);
}

#[test]
fn a_function_tells_whether_its_entries_may_expire() {
    let desk = Desk::new();
    let lasting = desk.publish("f-0", "key", 0);
    assert!(!desk.store.has_expiring("f-0"));
    let fleeting = desk.publish("f-0", "other", 5);
    assert!(desk.store.has_expiring("f-0"));
    desk.remove(&fleeting, true);
    desk.store.remove_empty_dirs().unwrap();
    assert!(desk.store.has_expiring("f-0"), "it may have more of them");
    desk.remove(&lasting, true);
    desk.store.remove_empty_dirs().unwrap();
    assert!(!desk.path.join("entries/f-0").exists());
}

#[test]
fn a_function_that_somebody_publishes_for_keeps_what_it_tells_of_itself() {
    let desk = Desk::new();
    desk.publish("f-0", "key", 5);
    let dir = desk.store.function_dir("f-0").unwrap().unwrap();
    // As if the entry had come after its directory was found empty.
    let telling = [FUNCTION_FILE.to_owned(), EXPIRES_FILE.to_owned()];
    desk.store.remove_function("f-0", &dir, &telling.each_ref());
    for name in &telling {
        assert!(desk.path.join("entries/f-0").join(name).exists(), "{name}");
    }
    assert_eq!(fs::read_dir(desk.path.join("tmp")).unwrap().count(), 0);
}

#[test]
fn a_link_in_the_way_is_not_followed() {
    let desk = Desk::new();
    let entry = desk.publish("f-0", "key", 0);
    let outside = tempfile::tempdir().unwrap();
    let place = entry.place();
    let fan = desk.path.join("entries").join(place.parent());
    let victim = outside.path().join(place.leaf());
    fs::rename(fan.join(place.leaf()), &victim).unwrap();
    fs::remove_dir(&fan).unwrap();
    std::os::unix::fs::symlink(outside.path(), &fan).unwrap();
    let function = desk.store.function_dir("f-0").unwrap().unwrap();
    assert!(Emptying::open(&function, place.fan()).is_err());
    desk.store.remove_empty_dirs().unwrap();
    assert!(victim.exists());
}

#[test]
fn litter_is_what_is_old() {
    let desk = Desk::new();
    let hour = Duration::from_secs(3600);
    let put = |name: &str, age: Duration| {
        let path = desk.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, b"x").unwrap();
        File::open(&path)
            .unwrap()
            .set_modified(SystemTime::now() - age)
            .unwrap();
    };
    put("tmp/old", 2 * hour);
    put("tmp/new", hour / 2);
    put("damaged/one", Duration::ZERO);
    assert_eq!(desk.store.remove_litter(now(), false).unwrap(), 1);
    assert!(desk.path.join("tmp/new").exists());
    assert!(desk.path.join("damaged/one").exists());
    let next_month = now() + nanos(31 * 24 * hour);
    fs::remove_file(desk.path.join("tmp/new")).unwrap();
    assert_eq!(desk.store.remove_litter(next_month, false).unwrap(), 1);
    put("damaged/two", Duration::ZERO);
    assert_eq!(desk.store.remove_litter(now(), true).unwrap(), 1);
}
