//! Entries and stores that a later version wrote: refused with a clear message, and left alone.

use std::fs;

use log::Level;
use memo_runtime::{Memo, Outcome, StoreError};

use super::forged::Forged;
use super::kept::Kept;
use crate::messages;

#[test]
fn an_entry_of_a_later_format_is_left_alone_and_its_caller_served() {
    let kept = Kept::new(vec![3_u8; 10]);
    let entry = kept.keep(0);
    let mut forged = Forged::read(&entry);
    forged.set_version(2);
    let later = forged.write(&entry);
    for _ in 0..3 {
        assert!(kept.computes(0), "an entry of a later format was a hit");
    }
    assert_eq!(fs::read(&entry).unwrap(), later, "it was changed");
    assert!(kept.take_damaged().is_empty(), "it was moved aside");
    assert_eq!(kept.journaled(Outcome::Damaged), 0);
    let told = messages::take(Level::Warn, entry.to_str().unwrap());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("format 2") && told[0].contains("later"),
        "{told:?}"
    );
    assert!(
        fs::read_dir(kept.store().join("flights"))
            .unwrap()
            .next()
            .is_none()
    );
}

#[test]
fn a_refresh_does_not_replace_an_entry_of_a_later_format() {
    let kept = Kept::new(vec![3_u8; 10]);
    let entry = kept.keep(0);
    let mut forged = Forged::read(&entry);
    forged.set_version(2);
    let later = forged.write(&entry);
    let memo = Memo::open(kept.store()).unwrap();
    let call = || {
        memo.call("function")
            .arg("key", &0_u64)
            .computing(|| vec![3_u8; 10])
    };
    call().refresh();
    call().insert(vec![3; 10]);
    assert_eq!(fs::read(&entry).unwrap(), later, "it was changed");
}

#[test]
fn a_store_of_a_later_format_is_left_alone_and_its_callers_served() {
    messages::collect();
    // What later versions may write is theirs to choose.
    for format in [
        "2\n",
        "1000000",
        "4294967296\n",
        "2.1\n",
        "2 with extras\n",
        "-1\n",
        "\u{fe0f}",
    ] {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("store");
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        fs::create_dir(dir.join("entries")).unwrap();
        fs::write(dir.join("format"), format).unwrap();

        let refused = Memo::open(&dir).expect_err(format);
        let message = refused.to_string();
        assert!(message.contains(dir.to_str().unwrap()), "{message}");
        if format == "2\n" {
            assert!(
                matches!(&refused, StoreError::NewerFormat { found, .. } if found == "2"),
                "{refused:?}"
            );
            assert!(
                message.contains("format 2") && message.contains("update"),
                "{message}"
            );
        }

        let memo = Memo::builder(&dir).build();
        for _ in 0..3 {
            let mut computed = false;
            let value = memo.call("function").get_or_compute(|| {
                computed = true;
                7
            });
            assert!(computed && value == 7);
        }
        let told = messages::take(Level::Warn, dir.to_str().unwrap());
        assert_eq!(told.len(), 1, "{format:?}: {told:?}");
        assert_eq!(
            fs::read_to_string(dir.join("format")).unwrap(),
            format,
            "it was changed"
        );
        assert_eq!(
            fs::read_dir(&dir).unwrap().count(),
            2,
            "{format:?}: something was added"
        );
    }
}

/// What a crash right after its creation leaves, and nothing else, is made good.
#[test]
fn an_empty_format_file_is_made_good() {
    let kept = Kept::new(1);
    kept.keep(0);
    fs::write(kept.store().join("format"), "").unwrap();
    let memo = Memo::open(kept.store()).unwrap();
    assert_eq!(
        memo.call("function")
            .arg("key", &0_u64)
            .get_or_compute(|| 2),
        1,
        "not a hit"
    );
    assert_eq!(
        fs::read_to_string(kept.store().join("format")).unwrap(),
        "1\n"
    );
}
