//! What is put back, and what is left alone.

use std::cell::Cell;
use std::os::unix::fs::MetadataExt as _;
use std::thread;

use super::*;

fn nothing_temporary(place: &Place) {
    let left = place
        .everything()
        .into_iter()
        .find(|line| line.contains(".memo-"));
    assert_eq!(left, None);
}

#[test]
fn what_was_kept_comes_back() {
    let place = Place::new();
    place
        .write("model.bin", "weights")
        .write("out/a/deep/x", "")
        .write("out/ünï\ncode", "y")
        .directory("out/hollow")
        .rights("model.bin", 0o600)
        .rights("out/hollow", 0o700);
    let recorded = place.collect(&["out", "model.bin"]).unwrap().outputs;
    let before = place.everything();
    fs::remove_dir_all(place.path("out")).unwrap();
    fs::remove_file(place.path("model.bin")).unwrap();
    let restored = place.restore(&recorded).unwrap();
    assert_eq!(
        restored,
        Restored {
            written: 4,
            same: 0
        }
    );
    assert_eq!(place.everything(), before);
    let restored = place.restore(&recorded).unwrap();
    assert_eq!(
        restored,
        Restored {
            written: 0,
            same: 4
        }
    );
}

#[test]
fn what_is_the_same_is_not_touched() {
    let place = Place::new();
    place.write("same", "content");
    let rights = 0o644 & place.mode(".");
    place.rights("same", rights);
    let state = || {
        let metadata = fs::metadata(place.path("same")).unwrap();
        (metadata.ino(), metadata.modified().unwrap())
    };
    let before = state();
    let restored = place
        .restore(&place.all_recorded(&[("same", "content")]))
        .unwrap();
    assert_eq!(
        restored,
        Restored {
            written: 0,
            same: 1
        }
    );
    assert_eq!((state(), place.mode("same")), (before, rights));
}

#[test]
fn what_has_other_rights_is_replaced() {
    // The working directory was created with all rights but the mask's.
    let granted = Place::new().mode(".");
    for (left, there) in [
        (0o755, 0o644),
        (0o644, 0o755),
        (0o600, 0o644),
        (0o666, 0o646),
    ] {
        let place = Place::new();
        place.write("x", "content").rights("x", there);
        let inode = || fs::metadata(place.path("x")).unwrap().ino();
        // Held open, so that its inode is not given to another.
        let _held = File::open(place.path("x")).unwrap();
        let before = inode();
        let recorded = [place.recorded("x", left, b"content")];
        assert_eq!(place.restore(&recorded).unwrap().written, 1, "{left:o}");
        assert_eq!(place.mode("x"), left & granted);
        assert_ne!(inode(), before, "{left:o}: changed in its place");
        assert_eq!(place.restore(&recorded).unwrap().same, 1, "{left:o}");
        nothing_temporary(&place);
    }
}

#[test]
fn what_differs_is_replaced() {
    for other in ["", "contenT", "content and more"] {
        let place = Place::new();
        place.write("out/x", other);
        place
            .restore(&place.all_recorded(&[("out/x", "content")]))
            .unwrap();
        assert_eq!(place.read("out/x"), "content", "instead of {other:?}");
        nothing_temporary(&place);
    }
}

#[test]
fn a_file_that_may_not_be_read_or_written_is_replaced() {
    for mode in [0o444, 0o000] {
        let place = Place::new();
        place.write("x", "other").rights("x", mode);
        place
            .restore(&place.all_recorded(&[("x", "content")]))
            .unwrap();
        assert_eq!(place.read("x"), "content");
    }
}

#[test]
fn a_second_name_of_a_file_keeps_its_content() {
    let place = Place::new();
    fs::hard_link(place.outer.path().join("beside"), place.path("x")).unwrap();
    place
        .restore(&place.all_recorded(&[("x", "content")]))
        .unwrap();
    assert_eq!(place.read("x"), "content");
    assert_eq!(
        fs::read(place.outer.path().join("beside")).unwrap(),
        b"beside"
    );
}

#[test]
fn other_files_in_a_directory_stay() {
    let place = Place::new();
    place.write("out/mine", "mine");
    place
        .restore(&place.all_recorded(&[("out/x", "content")]))
        .unwrap();
    assert_eq!(place.read("out/mine"), "mine");
}

#[test]
fn a_directory_that_is_not_empty_any_more_is_there() {
    let place = Place::new();
    place.write("hollow/mine", "mine");
    let recorded = [hollow("hollow", 0o755)];
    assert_eq!(place.restore(&recorded).unwrap().same, 1);
    assert_eq!(place.read("hollow/mine"), "mine");
}

#[test]
fn a_working_directory_may_be_behind_a_link() {
    let place = Place::new();
    let link = place.outer.path().join("link");
    symlink(&place.work, &link).unwrap();
    let recorded = place.all_recorded(&[("x", "content")]);
    let restored = place.restore_declared(&link, &strings(&["x"]), &recorded);
    assert_eq!(restored.unwrap().written, 1);
    assert_eq!(place.read("x"), "content");
}

#[test]
fn a_large_file_comes_piece_by_piece() {
    let place = Place::new();
    let content: Vec<u8> = (0..20_000_017_u32).map(|at| (at % 251) as u8).collect();
    let recorded = [place.recorded("large", 0o644, &content)];
    place.restore(&recorded).unwrap();
    assert!(fs::read(place.path("large")).unwrap() == content);
}

/// What is kept is exchanged for this; `None`: it goes.
fn exchange(place: &Place, output: &RecordedOutput, content: Option<&[u8]>) {
    let kept = place.kept(output);
    fs::remove_file(&kept).unwrap();
    if let Some(content) = content {
        fs::write(kept, content).unwrap();
    }
}

#[test]
fn what_is_not_what_was_recorded_is_not_put_in_place() {
    let cases: [(&str, Option<&[u8]>, &str); 5] = [
        ("other bytes", Some(b"c0ntent"), "damaged"),
        ("too few", Some(b"cont"), "damaged"),
        ("too many", Some(b"content and more"), "damaged"),
        ("none", Some(b""), "damaged"),
        ("no file", None, "it is not kept any more"),
    ];
    for (what, content, why) in cases {
        let place = Place::new();
        place.write("x", "mine");
        let recorded = place.all_recorded(&[("a", "another"), ("x", "content")]);
        exchange(&place, &recorded[1], content);
        let unrestored = place.restore_declared(&place.work, &strings(&["a", "x"]), &recorded);
        let unrestored = unrestored.unwrap_err();
        assert!(unrestored.is_loss(), "{what}: {unrestored}");
        let told = unrestored.to_string();
        assert!(told.starts_with("cannot restore `x`: "), "{what}: {told}");
        assert!(told.contains(why), "{what}: {told}");
        assert_eq!(place.read("x"), "mine", "{what}");
        nothing_temporary(&place);
    }
}

#[test]
fn an_interrupt_leaves_nothing_half() {
    // One look when it is compared, and one when a piece has been read.
    for looks in 0..2_u32 {
        let place = Place::new();
        let recorded = place.all_recorded(&[("x", "content")]);
        let left = Cell::new(looks);
        let outputs = Outputs {
            dir: &place.work,
            declared: &strings(&["x"]),
            goes_on: &|| left.replace(left.get().saturating_sub(1)) > 0,
        };
        let found = restore(&outputs, &recorded, &place.desk());
        assert!(matches!(found, Err(Unrestored::Cancelled)), "{found:?}");
        assert!(!place.path("x").exists());
        nothing_temporary(&place);
    }
}

#[test]
fn two_at_once_leave_a_whole_file() {
    let place = Place::new();
    let (one, two) = ("1".repeat(100_000), "2".repeat(100_000));
    let ones = place.all_recorded(&[("a/b/x", &one)]);
    let twos = place.all_recorded(&[("a/b/x", &two)]);
    let place = &place;
    thread::scope(|scope| {
        for recorded in [&ones, &twos, &ones, &twos] {
            let (one, two) = (&one, &two);
            scope.spawn(move || {
                for _ in 0..25 {
                    place.restore(recorded).unwrap();
                    let found = place.read("a/b/x");
                    assert!(found == *one || found == *two);
                }
            });
        }
    });
    nothing_temporary(place);
}

#[test]
fn a_directory_that_is_not_there_is_said_so() {
    let place = Place::new();
    let recorded = place.all_recorded(&[("x", "y")]);
    let nowhere = Path::new("/no/such/directory");
    let found = place.restore_declared(nowhere, &strings(&["x"]), &recorded);
    let message = found.unwrap_err().to_string();
    assert!(message.contains("/no/such/directory"), "{message}");
}
