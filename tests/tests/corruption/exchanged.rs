//! Whole, correct entries in the wrong places.

use std::fs;

use memo_runtime::Outcome;

use super::kept::Kept;
use crate::messages;

#[test]
fn entries_that_changed_places_are_misses_and_heal() {
    let kept = Kept::new(vec![5; 100]);
    let entries: Vec<_> = (0..8).map(|key| kept.keep(key)).collect();
    for one in 0..entries.len() {
        for other in 0..one {
            let what = format!("{one} and {other}");
            let bytes = [one, other].map(|key| fs::read(&entries[key]).unwrap());
            let aside = entries[one].with_extension("aside");
            fs::rename(&entries[one], &aside).unwrap();
            fs::rename(&entries[other], &entries[one]).unwrap();
            fs::rename(&aside, &entries[other]).unwrap();
            kept.heals(one as u64, &entries[one], &bytes[1], &what);
            kept.heals(other as u64, &entries[other], &bytes[0], &what);
        }
    }
}

/// The key tells types apart; this entry stands where only a wrong rename could have put it.
#[test]
fn an_entry_of_another_type_is_a_miss_and_heals() {
    let numbers = Kept::new(vec![1_u64, 2, 3]);
    let texts = Kept::new("text".to_owned());
    let entry = numbers.keep(0);
    let other = fs::read(texts.keep(0)).unwrap();
    fs::write(&entry, &other).unwrap();
    numbers.heals(0, &entry, &other, "text for numbers");
}

#[test]
fn a_directory_in_the_place_of_an_entry_is_moved_aside() {
    let kept = Kept::new(7_u8);
    let entry = kept.keep(0);
    fs::remove_file(&entry).unwrap();
    fs::create_dir(&entry).unwrap();
    fs::write(entry.join("inside"), "kept").unwrap();
    assert!(kept.computes(0));
    assert!(!kept.computes(0));
    let aside: Vec<_> = fs::read_dir(kept.store().join("damaged"))
        .unwrap()
        .collect();
    assert_eq!(aside.len(), 1);
    assert_eq!(
        fs::read(aside[0].as_ref().unwrap().path().join("inside")).unwrap(),
        b"kept"
    );
    assert_eq!(kept.journaled(Outcome::Damaged), 1);
    let told = messages::take(log::Level::Warn, entry.to_str().unwrap());
    assert_eq!(told.len(), 1, "{told:?}");
}

/// What cannot be moved aside is still told and journaled once a call, and the value is right.
#[test]
fn a_damaged_entry_that_cannot_be_moved_aside_is_told_once_and_healed() {
    let kept = Kept::new(vec![9; 50]);
    let entry = kept.keep(0);
    fs::write(kept.store().join("damaged"), "not a directory").unwrap();
    fs::write(&entry, "not an entry").unwrap();
    assert!(kept.computes(0));
    let told = messages::take(log::Level::Warn, entry.to_str().unwrap());
    let damaged = told
        .iter()
        .filter(|told| told.contains("it does not begin as an entry"));
    assert_eq!(damaged.count(), 1, "{told:?}");
    assert_eq!(kept.journaled(Outcome::Damaged), 1);
    assert!(!kept.computes(0), "not healed");
}
