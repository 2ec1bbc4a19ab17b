//! What is put back, and what is left alone.

use std::cell::Cell;
use std::os::unix::fs::MetadataExt as _;
use std::thread;

use super::*;
use crate::experiment::outputs::restore;

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
    let (_, memory) = place.collect(&["out", "model.bin"]).unwrap();
    let before = place.everything();
    fs::remove_dir_all(place.path("out")).unwrap();
    fs::remove_file(place.path("model.bin")).unwrap();
    let restored = place.restore(&memory).unwrap();
    assert_eq!(
        restored,
        Restored {
            written: 4,
            same: 0
        }
    );
    assert_eq!(place.everything(), before);
    let restored = place.restore(&memory).unwrap();
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
    let restored = place.restore(&Memory::of(&[("same", "content")])).unwrap();
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
    for (recorded, there) in [
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
        let mut memory = Memory::default();
        memory.add("x", recorded, OutputKind::File, b"content");
        assert_eq!(place.restore(&memory).unwrap().written, 1, "{recorded:o}");
        assert_eq!(place.mode("x"), recorded & granted);
        assert_ne!(inode(), before, "{recorded:o}: changed in its place");
        assert_eq!(place.restore(&memory).unwrap().same, 1, "{recorded:o}");
        nothing_temporary(&place);
    }
}

#[test]
fn what_differs_is_replaced() {
    for other in ["", "contenT", "content and more"] {
        let place = Place::new();
        place.write("out/x", other);
        place.restore(&Memory::of(&[("out/x", "content")])).unwrap();
        assert_eq!(place.read("out/x"), "content", "instead of {other:?}");
        nothing_temporary(&place);
    }
}

#[test]
fn a_file_that_may_not_be_read_or_written_is_replaced() {
    for mode in [0o444, 0o000] {
        let place = Place::new();
        place.write("x", "other").rights("x", mode);
        place.restore(&Memory::of(&[("x", "content")])).unwrap();
        assert_eq!(place.read("x"), "content");
    }
}

#[test]
fn a_second_name_of_a_file_keeps_its_content() {
    let place = Place::new();
    fs::hard_link(place.outer.path().join("beside"), place.path("x")).unwrap();
    place.restore(&Memory::of(&[("x", "content")])).unwrap();
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
    place.restore(&Memory::of(&[("out/x", "content")])).unwrap();
    assert_eq!(place.read("out/mine"), "mine");
}

#[test]
fn a_directory_that_is_not_empty_any_more_is_there() {
    let place = Place::new();
    place.write("hollow/mine", "mine");
    let mut memory = Memory::default();
    memory.add("hollow", 0o755, OutputKind::Dir, b"");
    assert_eq!(place.restore(&memory).unwrap().same, 1);
    assert_eq!(place.read("hollow/mine"), "mine");
}

#[test]
fn a_working_directory_may_be_behind_a_link() {
    let place = Place::new();
    let link = place.outer.path().join("link");
    symlink(&place.work, &link).unwrap();
    super::restore(&link, &["x".to_owned()], &Memory::of(&[("x", "content")])).unwrap();
    assert_eq!(place.read("x"), "content");
}

#[test]
fn a_large_file_comes_piece_by_piece() {
    let place = Place::new();
    let content: Vec<u8> = (0..3_000_017_u32).map(|at| (at % 251) as u8).collect();
    let mut memory = Memory::default();
    memory.add("large", 0o644, OutputKind::File, &content);
    place.restore(&memory).unwrap();
    assert!(fs::read(place.path("large")).unwrap() == content);
}

#[test]
fn what_is_not_what_was_recorded_is_not_put_in_place() {
    let cases: [(&str, &[u8]); 4] = [
        ("other bytes", b"c0ntent"),
        ("too few", b"cont"),
        ("too many", b"content and more"),
        ("none", b""),
    ];
    for (what, content) in cases {
        let place = Place::new();
        place.write("x", "mine");
        let mut memory = Memory::of(&[("x", "content")]);
        memory.contents[0] = content.to_vec();
        let message = place.restore(&memory).unwrap_err();
        assert!(message.contains("cannot restore `x`"), "{what}: {message}");
        assert_eq!(place.read("x"), "mine", "{what}");
        nothing_temporary(&place);
    }
}

#[test]
fn trouble_on_the_way_leaves_nothing_half() {
    struct Broken(Memory);
    impl Has for Broken {
        fn outputs(&self) -> &[RecordedOutput] {
            self.0.outputs()
        }
        fn open(&self, index: usize) -> io::Result<Box<dyn Read + '_>> {
            struct Failing;
            impl Read for Failing {
                fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                    Err(io::Error::other("the disk is gone"))
                }
            }
            Ok(Box::new(self.0.contents[index][..3].chain(Failing)))
        }
    }
    let place = Place::new();
    let broken = Broken(Memory::of(&[("x", "content")]));
    let failure = super::restore(&place.work, &broken.0.declared(), &broken).unwrap_err();
    assert!(failure.message().unwrap().contains("the disk is gone"));
    assert!(!place.path("x").exists());
    nothing_temporary(&place);
}

#[test]
fn an_interrupt_leaves_nothing_half() {
    let memory = Memory::of(&[("x", "content")]);
    // One look before each piece is read, and one before the end is found.
    for looks in 0..2_u32 {
        let place = Place::new();
        let left = Cell::new(looks);
        let stopped = || left.replace(left.get().saturating_sub(1)) == 0;
        let found = restore::restore(&place.work, &memory.declared(), &memory, &stopped);
        assert!(matches!(found, Err(Failure::Interrupted(_))), "{found:?}");
        assert!(!place.path("x").exists());
        nothing_temporary(&place);
    }
}

#[test]
fn two_at_once_leave_a_whole_file() {
    let place = Place::new();
    let ones = Memory::of(&[("a/b/x", &"1".repeat(100_000))]);
    let twos = Memory::of(&[("a/b/x", &"2".repeat(100_000))]);
    thread::scope(|scope| {
        for memory in [&ones, &twos, &ones, &twos] {
            scope.spawn(|| {
                for _ in 0..25 {
                    place.restore(memory).unwrap();
                    let found = fs::read(place.path("a/b/x")).unwrap();
                    assert!(found == ones.contents[0] || found == twos.contents[0]);
                }
            });
        }
    });
    nothing_temporary(&place);
}

#[test]
fn a_directory_that_is_not_there_is_said_so() {
    let found = super::restore(
        Path::new("/no/such/directory"),
        &["x".to_owned()],
        &Memory::of(&[("x", "y")]),
    );
    let message = found.unwrap_err().message().unwrap();
    assert!(message.contains("/no/such/directory"), "{message}");
}
