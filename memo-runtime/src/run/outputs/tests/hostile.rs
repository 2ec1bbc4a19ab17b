//! Recordings that no run made, and directories in which somebody has laid
//! something out. Nothing outside may change, and nothing inside either.

use super::*;

/// What a hostile recording says, and what it meets.
struct Trap {
    name: &'static str,
    outputs: Vec<(String, u32, OutputKind)>,
    lay: fn(&Place),
}

fn nothing(_: &Place) {}

fn trap(name: &'static str, paths: &[&str], lay: fn(&Place)) -> Trap {
    let output = |path: &&str| ((*path).to_owned(), 0o644, OutputKind::File);
    Trap {
        name,
        outputs: paths.iter().map(output).collect(),
        lay,
    }
}

fn trap_for_directory(name: &'static str, path: &str, lay: fn(&Place)) -> Trap {
    Trap {
        name,
        outputs: vec![(path.to_owned(), 0o755, OutputKind::Dir)],
        lay,
    }
}

/// Paths that no output has.
fn impossible_paths() -> Vec<Trap> {
    let long = "n".repeat(300);
    let long_beneath_new = format!("new/{long}");
    let long_parent = format!("{}/x", "n".repeat(256));
    let mut traps = vec![
        trap("parent", &["../outside/precious"], nothing),
        trap("parent alone", &[".."], nothing),
        trap("parent within", &["a/../../beside"], |place| {
            place.directory("a");
        }),
        trap("parent that stays", &["a/../x"], |place| {
            place.directory("a");
        }),
        trap("parent at the end", &["a/.."], nothing),
        trap(
            "many parents",
            &["../../../../../../../../tmp/memo-was-here"],
            nothing,
        ),
        trap("absolute", &["/tmp/memo-was-here"], nothing),
        trap("root", &["/"], nothing),
        trap("two slashes", &["//tmp/memo-was-here"], nothing),
        trap("empty", &[""], nothing),
        trap("empty name", &["a//b"], nothing),
        trap("ends in a slash", &["a/"], nothing),
        trap("here", &["."], nothing),
        trap("here first", &["./x"], nothing),
        trap("here within", &["a/./x"], nothing),
        trap("NUL", &["x\0y"], nothing),
        trap("NUL after parent", &["..\0/x"], nothing),
        trap("long name", &[&long], nothing),
        trap(
            "long name beneath what is missing",
            &[&long_beneath_new],
            nothing,
        ),
        trap("NUL beneath what is missing", &["new/x\0y"], nothing),
        trap("long directory", &[&long_parent], nothing),
        trap("twice", &["x", "x"], nothing),
        trap("beneath a file", &["x", "x/y"], nothing),
        trap("above a file", &["x/y/z", "a", "x/y"], nothing),
        trap("among others", &["a", "b/c", "../beside", "d"], nothing),
        trap_for_directory("directory: parent", "../new", nothing),
        trap_for_directory("directory: absolute", "/tmp/memo-was-here", nothing),
        trap_for_directory("directory: here", ".", nothing),
        trap_for_directory("directory: empty", "", nothing),
    ];
    let mut both = trap_for_directory("directory above a file", "x", nothing);
    both.outputs
        .push(("x/y".to_owned(), 0o644, OutputKind::File));
    traps.push(both);
    traps
}

/// Things in the way.
fn obstacles() -> Vec<Trap> {
    vec![
        trap("link to a file", &["x"], |place| {
            place.link("x", "../outside/precious");
        }),
        trap("absolute link", &["x"], |place| {
            let target = place.outer.path().join("outside/precious");
            place.link("x", target.to_str().unwrap());
        }),
        trap("dangling link", &["x"], |place| {
            place.link("x", "../outside/new");
        }),
        trap("link to a directory", &["x"], |place| {
            place.link("x", "../outside");
        }),
        trap("link to itself", &["x"], |place| {
            place.link("x", "x");
        }),
        trap("link within", &["x"], |place| {
            place.write("mine", "mine").link("x", "mine");
        }),
        trap("linked parent", &["a/precious"], |place| {
            place.link("a", "../outside");
        }),
        trap("linked parent within", &["a/x"], |place| {
            place.directory("b").link("a", "b");
        }),
        trap("linked grandparent", &["a/b/x"], |place| {
            place.directory("real/b").link("a", "real");
        }),
        trap("linked last parent", &["a/b/precious"], |place| {
            place.directory("a").link("a/b", "../../outside");
        }),
        trap("dangling parent", &["a/x"], |place| {
            place.link("a", "../outside/new");
        }),
        trap("parent linked to here", &["a/x"], |place| {
            place.link("a", ".");
        }),
        trap(
            "parent linked to the root",
            &["a/tmp/memo-was-here"],
            |place| {
                place.link("a", "/");
            },
        ),
        trap("linked parent, something missing", &["a/new/x"], |place| {
            place.link("a", "../outside");
        }),
        trap("parent is a file", &["a/x"], |place| {
            place.write("a", "mine");
        }),
        trap("parent is a FIFO", &["a/x"], |place| {
            place.fifo("a");
        }),
        trap("directory", &["x"], |place| {
            place.directory("x");
        }),
        trap("full directory", &["x"], |place| {
            place.write("x/mine", "mine");
        }),
        trap("FIFO", &["x"], |place| {
            place.fifo("x");
        }),
        trap("socket", &["x"], |place| {
            drop(std::os::unix::net::UnixListener::bind(place.path("x")).unwrap());
        }),
        trap("the second is a link", &["a", "b"], |place| {
            place.link("b", "../beside");
        }),
        trap_for_directory("directory: link", "x", |place| {
            place.link("x", "../outside");
        }),
        trap_for_directory("directory: dangling link", "x", |place| {
            place.link("x", "../outside/new");
        }),
        trap_for_directory("directory: file", "x", |place| {
            place.write("x", "mine");
        }),
        trap_for_directory("directory: FIFO", "x", |place| {
            place.fifo("x");
        }),
        trap_for_directory("directory: linked parent", "a/new", |place| {
            place.link("a", "../outside");
        }),
    ]
}

#[test]
fn no_trap_gets_anything_written() {
    let traps: Vec<Trap> = impossible_paths().into_iter().chain(obstacles()).collect();
    assert!(traps.len() >= 50);
    for trap in traps {
        let place = Place::new();
        (trap.lay)(&place);
        let before = place.everything();
        let recorded = trap.outputs.iter().map(|(path, mode, kind)| match kind {
            OutputKind::File => place.recorded(path, *mode, b"hostile"),
            OutputKind::Dir => hollow(path, *mode),
        });
        let found = place.restore(&recorded.collect::<Vec<_>>());
        assert!(found.is_err(), "{}: {found:?}", trap.name);
        assert_eq!(place.everything(), before, "{}", trap.name);
        assert!(!Path::new("/tmp/memo-was-here").exists(), "{}", trap.name);
    }
}

#[test]
fn only_what_is_declared_is_restored() {
    let declared = strings(&["out", "./a//b/", "model.bin"]);
    for path in ["out/x", "out/deep/x", "a/b", "a/b/c", "model.bin"] {
        let place = Place::new();
        let recorded = place.all_recorded(&[(path, "content")]);
        let restored = place.restore_declared(&place.work, &declared, &recorded);
        assert_eq!(restored.unwrap().written, 1);
        assert_eq!(place.read(path), "content");
    }
    for path in [
        "build.rs",
        ".git/hooks/pre-commit",
        "a/x",
        "output",
        "model.bin2",
    ] {
        let place = Place::new();
        let before = place.everything();
        let recorded = place.all_recorded(&[("out/x", "content"), (path, "hostile")]);
        let found = place.restore_declared(&place.work, &declared, &recorded);
        assert!(found.is_err(), "{path}");
        assert_eq!(place.everything(), before, "{path}");
    }
}

#[test]
fn no_output_gets_rights_beyond_the_mask() {
    // The working directory was created with all rights but the mask's.
    let granted = Place::new().mode(".");
    for mode in [
        0o4755,
        0o2755,
        0o1755,
        0o6777,
        0o7777,
        0o777,
        0o666,
        0o4777,
        0o100_644,
        0o120_777,
        u32::MAX,
    ] {
        for kind in [OutputKind::File, OutputKind::Dir] {
            let place = Place::new();
            let recorded = match kind {
                OutputKind::File => place.recorded("new", mode, b"x"),
                OutputKind::Dir => hollow("new", mode),
            };
            place.restore(&[recorded]).unwrap();
            assert_eq!(place.mode("new"), mode & granted, "{mode:o} {kind:?}");
        }
    }
}

#[test]
fn a_recording_cannot_say_how_much_is_kept() {
    for bytes in [0, 6, 8, u64::MAX] {
        let place = Place::new();
        let mut recorded = place.all_recorded(&[("x", "content")]);
        recorded[0].bytes = bytes;
        let before = place.everything();
        assert!(place.restore(&recorded).is_err());
        assert_eq!(place.everything(), before);
    }
}

#[test]
fn nothing_reaches_into_the_store() {
    let place = Place::new();
    let recorded = place.all_recorded(&[("store/format", "hostile"), ("store/new/x", "hostile")]);
    let outer = place.store.path().parent().unwrap();
    for output in recorded {
        let declared = strings(&["store"]);
        let found = place.restore_declared(outer, &declared, &[output]);
        let told = found.unwrap_err().to_string();
        assert!(told.contains("it is in the store"), "{told}");
    }
    let format = fs::read(place.store.path().join("format")).unwrap();
    assert_eq!(format, b"1\n");
    let collect = |dir: &Path, declared: &str| {
        let outputs = Outputs {
            dir,
            declared: &strings(&[declared]),
            goes_on: &|| true,
        };
        let desk = place.desk();
        let collected = collect(&outputs, SystemTime::UNIX_EPOCH, Some(&desk), "f-0", false);
        collected.unwrap_err().to_string()
    };
    assert!(collect(outer, "store").contains("it is the store"));
    assert!(collect(outer, "store/format").contains("it is in the store"));
    let above = outer.parent().unwrap();
    let name = outer.file_name().unwrap().to_str().unwrap();
    assert!(collect(above, name).contains("which no output may contain"));
}

#[test]
fn names_that_only_look_hostile_are_names() {
    let names = [
        "...",
        "..a",
        "a..",
        "-rf",
        "~",
        "$HOME",
        "a b",
        "\\..\\x",
        "x\u{1b}[31m",
        "\n",
    ];
    for name in names {
        let place = Place::new();
        place
            .restore(&place.all_recorded(&[(name, "content")]))
            .unwrap();
        assert_eq!(place.read(name), "content", "{name:?}");
    }
}
