use std::io::Write;

use super::*;

const DIGEST: [u8; 32] = [1; 32];

fn mapping() -> Arc<Mapping> {
    Arc::new(Mapping::copied(b"payload"))
}

fn state(inode: u64) -> State {
    State {
        file: (1, inode),
        size: 7,
        modified: 5,
        changed: 6,
        settled: true,
    }
}

#[test]
fn a_file_is_known_only_as_it_was_checked() {
    let mut checked = Checked::new();
    let mapping = mapping();
    checked.remember(state(1), DIGEST, &mapping);
    let found = checked.find(&state(1), &DIGEST);
    assert!(matches!(found, Some(Sound::Mapped(it)) if Arc::ptr_eq(&it, &mapping)));
    for other in [
        state(2),
        State {
            file: (2, 1),
            ..state(1)
        },
        State {
            size: 8,
            ..state(1)
        },
        State {
            modified: 6,
            ..state(1)
        },
        State {
            changed: 7,
            ..state(1)
        },
    ] {
        assert!(checked.find(&other, &DIGEST).is_none(), "{other:?}");
    }
    assert!(checked.find(&state(1), &[2; 32]).is_none());
}

#[test]
fn what_is_not_mapped_any_more_is_still_known() {
    let mut checked = Checked::new();
    checked.remember(state(1), DIGEST, &mapping());
    assert!(matches!(
        checked.find(&state(1), &DIGEST),
        Some(Sound::Unmapped)
    ));
}

#[test]
fn the_number_of_files_is_bounded_and_who_was_asked_for_last_stays() {
    let mut checked = Checked::new();
    for inode in 0..MOST as u64 {
        checked.remember(state(inode), DIGEST, &mapping());
    }
    assert!(checked.find(&state(0), &DIGEST).is_some());
    for inode in 1..=2 {
        checked.remember(state(MOST as u64 + inode), DIGEST, &mapping());
    }
    assert_eq!(checked.files.len(), MOST);
    assert!(checked.find(&state(0), &DIGEST).is_some());
    for gone in 1..=2 {
        assert!(checked.find(&state(gone), &DIGEST).is_none(), "{gone}");
    }
}

#[test]
fn what_changed_a_moment_ago_is_not_remembered() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"payload").unwrap();
    let changed = State::at(&file, 0).unwrap().changed;
    let tick = nanos(TICK);
    for (now, settles) in [
        (changed, false),
        (changed + tick, false),
        (changed + tick + 1, true),
        (changed - 1, false),
    ] {
        let mut checked = Checked::new();
        let state = State::at(&file, now).unwrap();
        checked.remember(state, DIGEST, &mapping());
        assert_eq!(checked.find(&state, &DIGEST).is_some(), settles);
    }
}

#[test]
fn writing_and_touching_make_another_state() {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"payload").unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    let before = State::of(&file).unwrap();
    assert!(State::of(&file).unwrap().is_still(&before));
    file.set_modified(std::time::UNIX_EPOCH + TICK).unwrap();
    assert!(!State::of(&file).unwrap().is_still(&before));
    file.write_all(b"!").unwrap();
    assert_eq!(State::of(&file).unwrap().size, 8);
}
