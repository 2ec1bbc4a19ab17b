//! What is kept, and what is refused.

use std::cell::Cell;
use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use super::*;
use crate::experiment::outputs::collect;

#[test]
fn files_and_directories_are_kept_in_order() {
    let place = Place::new();
    place
        .write("model.bin", "weights")
        .write("out/b.csv", "1,2")
        .write("out/a/deep/x", "")
        .directory("out/hollow")
        .write("not-declared", "x");
    place.rights("model.bin", 0o640).rights("out/hollow", 0o700);
    let (collected, memory) = place.collect(&["out", "./model.bin"]).unwrap();
    assert_eq!(
        collected,
        Collected {
            files: 3,
            bytes: 10
        }
    );
    assert_eq!(
        memory.paths(),
        ["model.bin", "out/a/deep/x", "out/b.csv", "out/hollow"]
    );
    assert_eq!(memory.outputs[0].mode, 0o640);
    assert_eq!(memory.outputs[3].mode, 0o700);
    assert_eq!(memory.outputs[3].kind, OutputKind::Dir);
    assert_eq!(memory.contents[2], b"1,2");
}

#[test]
fn what_is_declared_twice_is_kept_once() {
    let place = Place::new();
    place.write("out/a/x", "x").write("out-2", "y");
    let (_, memory) = place
        .collect(&["out/a/x", "out//a/", "out", "out-2", "out"])
        .unwrap();
    assert_eq!(memory.paths(), ["out/a/x", "out-2"]);
}

#[test]
fn nothing_declared_is_nothing_kept() {
    let place = Place::new();
    let (collected, _) = place.collect(&[]).unwrap();
    assert_eq!(collected, Collected::default());
}

#[test]
fn holes_are_kept_as_zeros() {
    let place = Place::new();
    let sparse = File::create(place.path("sparse")).unwrap();
    sparse.set_len(1 << 20).unwrap();
    let (collected, memory) = place.collect(&["sparse"]).unwrap();
    assert_eq!(collected.bytes, 1 << 20);
    assert!(memory.contents[0].iter().all(|&byte| byte == 0));
}

#[test]
fn bits_that_lend_rights_are_not_kept() {
    let place = Place::new();
    place.write("tool", "x").rights("tool", 0o6755);
    let (_, memory) = place.collect(&["tool"]).unwrap();
    assert_eq!(memory.outputs[0].mode, 0o755);
}

#[test]
fn what_a_killed_restore_left_is_passed_over() {
    let place = Place::new();
    place
        .write("out/.memo-0123456789abcdef", "half")
        .write("out/.memo-notes", "whole");
    let (_, memory) = place.collect(&["out"]).unwrap();
    assert_eq!(memory.paths(), ["out/.memo-notes"]);
}

/// When the program is started, if something has changed that much earlier.
fn started_after(place: &Place, path: &str, after: Duration) -> SystemTime {
    let metadata = fs::metadata(place.path(path)).unwrap();
    let nanos = u32::try_from(metadata.ctime_nsec()).unwrap();
    let changed = Duration::new(metadata.ctime().unsigned_abs(), nanos);
    SystemTime::UNIX_EPOCH + changed + after
}

#[test]
fn what_lay_in_a_directory_before_is_not_the_runs() {
    for path in ["out/x", "out/hollow"] {
        let place = Place::new();
        match path {
            "out/x" => place.write(path, "x"),
            _ => place.directory(path),
        };
        let kept = |after| {
            let since = started_after(&place, path, after);
            !place
                .collect_since(since, &["out"])
                .unwrap()
                .1
                .outputs
                .is_empty()
        };
        assert!(kept(Duration::ZERO), "{path}: at once");
        assert!(
            kept(Duration::from_millis(10)),
            "{path}: by a lagging clock"
        );
        assert!(!kept(Duration::from_nanos(10_000_001)), "{path}: before");
    }
}

#[test]
fn a_new_file_may_bear_an_old_date() {
    let place = Place::new();
    place.write("out/unpacked", "x");
    let file = File::options().write(true).open(place.path("out/unpacked"));
    file.unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    let since = started_after(&place, "out/unpacked", Duration::ZERO);
    let (_, memory) = place.collect_since(since, &["out"]).unwrap();
    assert_eq!(memory.paths(), ["out/unpacked"]);
}

#[test]
fn what_is_declared_by_its_own_path_may_be_old() {
    let place = Place::new();
    place
        .write("model.bin", "weights")
        .write("out/log", "line")
        .write("out/old", "x")
        .directory("hollow");
    let since = started_after(&place, "hollow", Duration::from_secs(3600));
    let declared = ["model.bin", "out", "out/log", "hollow"];
    let (collected, memory) = place.collect_since(since, &declared).unwrap();
    assert_eq!(memory.paths(), ["hollow", "model.bin", "out/log"]);
    assert_eq!(collected.files, 2);
}

#[test]
fn what_cannot_be_kept_is_named() {
    let place = Place::new();
    place
        .write("file", "x")
        .directory("out")
        .link("link", "file")
        .link("dangling", "nowhere")
        .link("linked", "out")
        .link("away", "../outside")
        .fifo("fifo")
        .directory("mixed")
        .fifo("mixed/fifo");
    let _socket = std::os::unix::net::UnixListener::bind(place.path("socket")).unwrap();
    for (declared, expected) in [
        ("missing", "`missing`: the program did not leave it"),
        (
            "out/missing/x",
            "`out/missing/x`: the program did not leave it",
        ),
        ("link", "`link` is a symbolic link"),
        ("dangling", "`dangling` is a symbolic link"),
        ("linked/x", "`linked` is a symbolic link"),
        ("away/precious", "`away` is a symbolic link"),
        ("file/x", "`file` is a file"),
        ("fifo", "`fifo` is a named pipe"),
        ("mixed", "`mixed/fifo` is a named pipe"),
        ("socket", "`socket` is a socket"),
    ] {
        let message = place.collect(&[declared]).unwrap_err();
        assert!(message.contains(expected), "{declared}: {message}");
    }
}

#[test]
fn a_name_that_is_no_text_is_refused() {
    let place = Place::new();
    place.directory("out");
    fs::write(place.path("out").join(OsStr::from_bytes(b"bad\xff")), "x").unwrap();
    let message = place.collect(&["out"]).unwrap_err();
    assert!(
        message.contains("`out/bad\u{fffd}`: its name is not UTF-8"),
        "{message}"
    );
}

#[test]
fn a_name_that_a_terminal_would_obey_is_spelled_out() {
    let message = Place::new().collect(&["a\x1b[31m"]).unwrap_err();
    assert!(!message.contains('\x1b'), "{message:?}");
}

#[test]
fn only_paths_beneath_the_working_directory_can_be_declared() {
    let Place { outer, work } = Place::new();
    let store = outer.path().join("store");
    for path in ["out", "./out/", "a//b", "..a", "a..", ".hidden"] {
        assert!(check(&[path.to_owned()], &work, &store).is_ok(), "{path}");
    }
    for path in [
        "",
        ".",
        "./",
        "/etc/passwd",
        "/",
        "..",
        "../x",
        "a/../../x",
        "a/..",
        "a\0b",
    ] {
        let refused = check(&["fine".to_owned(), path.to_owned()], &work, &store);
        assert!(matches!(refused, Err(Failure::Usage(_))), "{path:?}");
    }
}

/// Something that writes to a file while it is kept.
struct Meddler<'a> {
    path: PathBuf,
    meddle: &'a dyn Fn(&Path),
}

impl Keeps for Meddler<'_> {
    fn output(&mut self, _path: &str, _mode: u32, file: &mut File) {
        io::copy(file, &mut io::sink()).unwrap();
        (self.meddle)(&self.path);
    }

    fn directory(&mut self, _path: &str, _mode: u32) {}
}

#[test]
fn a_file_that_changes_meanwhile_is_not_kept() {
    let longer = |path: &Path| {
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"more").unwrap();
    };
    let other = |path: &Path| {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH)
            .unwrap();
    };
    let nothing = |_: &Path| {};
    let shorter = |path: &Path| {
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_len(1)
            .unwrap()
    };
    let cases = [
        (&longer as &dyn Fn(&Path), false),
        (&other, false),
        (&shorter, false),
        (&nothing, true),
    ];
    for (case, (meddle, kept)) in cases.into_iter().enumerate() {
        let place = Place::new();
        place.write("log", "line");
        let mut meddler = Meddler {
            path: place.path("log"),
            meddle,
        };
        let found = collect(
            &place.work,
            &["log".to_owned()],
            SystemTime::UNIX_EPOCH,
            &mut meddler,
        );
        assert_eq!(found.is_ok(), kept, "case {case}: {found:?}");
    }
}

#[test]
fn a_file_that_is_not_read_to_its_end_is_not_kept() {
    struct Lazy;
    impl Keeps for Lazy {
        fn output(&mut self, _path: &str, _mode: u32, _file: &mut File) {}
        fn directory(&mut self, _path: &str, _mode: u32) {}
    }
    let place = Place::new();
    place.write("log", "line");
    let declared = ["log".to_owned()];
    assert!(collect(&place.work, &declared, SystemTime::UNIX_EPOCH, &mut Lazy).is_err());
}

#[test]
fn an_interrupt_ends_it_between_files() {
    let place = Place::new();
    place.write("a", "x").write("b", "x").write("c", "x");
    let looks = Cell::new(0);
    let stopped = || {
        looks.set(looks.get() + 1);
        looks.get() > 2
    };
    let declared = ["a", "b", "c"].map(String::from);
    let mut memory = Memory::default();
    let found = collect::collect(
        &place.work,
        &declared,
        SystemTime::UNIX_EPOCH,
        &mut memory,
        &stopped,
    );
    assert!(matches!(found, Err(Failure::Interrupted(_))), "{found:?}");
    assert_eq!(memory.paths(), ["a", "b"]);
}
