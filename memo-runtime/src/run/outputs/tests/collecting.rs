//! What is kept, and what is refused.

use std::cell::Cell;
use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::time::Duration;

use super::*;

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
    let collected = place.collect(&["out", "./model.bin"]).unwrap();
    assert_eq!(
        paths(&collected),
        ["model.bin", "out/a/deep/x", "out/b.csv", "out/hollow"]
    );
    let outputs = &collected.outputs;
    assert_eq!(outputs[0].mode, 0o640);
    assert_eq!(outputs[3].mode, 0o700);
    assert_eq!(outputs[3].kind, OutputKind::Dir);
    assert_eq!(outputs[2].bytes, 3);
    assert_eq!(fs::read(place.kept(&outputs[2])).unwrap(), b"1,2");
    let named: Vec<(&str, u64)> = collected
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.content.bytes()))
        .collect();
    assert_eq!(named, [("model.bin", 7), ("out", 3)]);
}

#[test]
fn what_is_declared_twice_is_kept_once() {
    let place = Place::new();
    place.write("out/a/x", "x").write("out-2", "y");
    let collected = place.collect(&["out/a/x", "out//a/", "out", "out-2", "out"]);
    assert_eq!(paths(&collected.unwrap()), ["out/a/x", "out-2"]);
}

#[test]
fn nothing_declared_is_nothing_kept() {
    let place = Place::new();
    let collected = place.collect(&[]).unwrap();
    assert!(collected.outputs.is_empty() && collected.files.is_empty());
    assert!(!place.store.path().join("files").exists());
}

#[test]
fn holes_are_kept_as_zeros() {
    let place = Place::new();
    let sparse = File::create(place.path("sparse")).unwrap();
    sparse.set_len(1 << 20).unwrap();
    let collected = place.collect(&["sparse"]).unwrap();
    let kept = fs::read(place.kept(&collected.outputs[0])).unwrap();
    assert!(kept == vec![0; 1 << 20]);
}

#[test]
fn bits_that_lend_rights_are_not_kept() {
    let place = Place::new();
    place.write("tool", "x").rights("tool", 0o6755);
    let collected = place.collect(&["tool"]).unwrap();
    assert_eq!(collected.outputs[0].mode, 0o755);
}

#[test]
fn what_a_killed_restore_left_is_passed_over() {
    let place = Place::new();
    place
        .write("out/.memo-0123456789abcdef", "half")
        .write("out/.memo-notes", "whole");
    let collected = place.collect(&["out"]).unwrap();
    assert_eq!(paths(&collected), ["out/.memo-notes"]);
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
    let collected = place.collect_since(since, &["out"]).unwrap();
    assert_eq!(paths(&collected), ["out/unpacked"]);
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
    let collected = place.collect_since(since, &declared).unwrap();
    assert_eq!(paths(&collected), ["hollow", "model.bin", "out/log"]);
    assert_eq!(collected.files.len(), 2);
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
        ("link", "`link`: it is a symbolic link"),
        ("dangling", "`dangling`: it is a symbolic link"),
        ("linked/x", "`linked`: it is a symbolic link"),
        ("away/precious", "`away`: it is a symbolic link"),
        ("file/x", "`file`: it is a file"),
        ("fifo", "`fifo`: it is a named pipe"),
        ("mixed", "`mixed/fifo`: it is a named pipe"),
        ("socket", "`socket`: it is a socket"),
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
        // Whether to go on is asked before a file is opened, and when a piece
        // of it has been read.
        let looks = Cell::new(0);
        let goes_on = || {
            looks.set(looks.get() + 1);
            if looks.get() == 2 {
                meddle(&place.path("log"));
            }
            true
        };
        let found = place.collect_while(&goes_on, SystemTime::UNIX_EPOCH, &["log"]);
        assert_eq!(looks.get(), 2, "case {case}");
        assert_eq!(found.is_ok(), kept, "case {case}: {found:?}");
    }
}

#[test]
fn without_a_store_outputs_are_looked_at_all_the_same() {
    let place = Place::new();
    place.write("out/x", "content");
    let collect = |path: &str| {
        let declared = strings(&[path]);
        let outputs = Outputs {
            dir: &place.work,
            declared: &declared,
            goes_on: &|| true,
        };
        collect(&outputs, SystemTime::UNIX_EPOCH, None, "train-0", false)
    };
    let collected = collect("out").unwrap();
    assert_eq!(paths(&collected), ["out/x"]);
    let digest = Digest::from_bytes(*blake3::hash(b"content").as_bytes());
    assert_eq!(collected.outputs[0].digest, digest);
    assert!(collected.files.is_empty() && collected.problem.is_none());
    assert!(collect("missing").is_err());
}

#[test]
fn an_output_that_the_store_cannot_take_is_a_problem_of_the_store() {
    let place = Place::new();
    place.write("a", "content").write("b", "other");
    fs::write(place.store.path().join("files"), "in the way").unwrap();
    let collected = place.collect(&["a", "b"]).unwrap();
    assert_eq!(paths(&collected), ["a", "b"]);
    assert!(collected.problem.is_some() && collected.files.is_empty());
    assert!(place.collect(&["a", "missing"]).is_err());
}

#[test]
fn an_interrupt_ends_it_between_files() {
    let place = Place::new();
    place.write("a", "x").write("b", "x").write("c", "x");
    let looks = Cell::new(0);
    let goes_on = || {
        looks.set(looks.get() + 1);
        looks.get() <= 4
    };
    let found = place.collect_while(&goes_on, SystemTime::UNIX_EPOCH, &["a", "b", "c"]);
    let told = found.unwrap_err();
    assert_eq!(told, "`c`: interrupted before it was kept");
}

#[test]
fn what_lay_in_a_directory_a_moment_before_is_not_left_by_the_run() {
    for round in 0..10 {
        let place = Place::new();
        place
            .write("out/before", "another's")
            .directory("out/hollow");
        let since = place.settled(&["out"]);
        place.write("out/after", "the run's");
        let collected = place.collect_since(since, &["out"]).unwrap();
        assert_eq!(paths(&collected), ["out/after"], "round {round}");
    }
}

#[test]
fn a_run_whose_outputs_are_not_there_yet_or_cannot_be_declared_can_be_started() {
    let place = Place::new();
    place.write("file", "x").fifo("pipe");
    let before = SystemTime::now();
    assert!(place.settled(&["out", "file", "pipe", "../outside"]) >= before);
}
