//! Which system calls a hit and a miss make: what they must never do can be seen in a trace.

use std::path::Path;

use super::trace::{Errand, SystemCall, calls, is_possible};
use crate::worker::run;

/// Calls that change something, or wait for a lock.
const CHANGING: [&str; 22] = [
    "write",
    "writev",
    "pwrite64",
    "pwritev",
    "ftruncate",
    "truncate",
    "fallocate",
    "mkdir",
    "mkdirat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "link",
    "linkat",
    "symlinkat",
    "flock",
    "fsync",
    "fdatasync",
    "utimensat",
    "fchmod",
];

/// The calls of a worker between its marks, in a store where key 1 is kept.
fn traced(before: &[&str], steps: &[&str]) -> Vec<SystemCall> {
    let temp = tempfile::tempdir().unwrap();
    let store = temp.path().join("store");
    for step in before {
        run(&store, &[step]);
    }
    let calls = calls(
        &store,
        Errand {
            steps,
            environment: &[("MEMO_FSYNC", "always")],
        },
    );
    for call in &calls {
        opens_safely(call, &store);
        changes_nothing_published(call, &store);
    }
    calls
}

fn is_open(call: &SystemCall) -> bool {
    matches!(call.name.as_str(), "open" | "openat" | "openat2" | "creat")
}

/// An open in the store follows no link, is not passed on to children, truncates nothing, and
/// creates temporary files anew.
#[track_caller]
fn opens_safely(call: &SystemCall, store: &Path) {
    if !is_open(call) {
        return;
    }
    // The answer, which may come later if another thread runs, names the file once more.
    let line = call
        .line
        .rsplit_once(" = ")
        .map_or(call.line.as_str(), |(line, _)| line);
    assert!(line.contains("O_CLOEXEC"), "{line}");
    assert!(!line.contains("O_TRUNC"), "{line}");
    let root = store.to_str().unwrap();
    if !line.contains(&format!("<{root}")) {
        // Not below an open directory of the store: the root, whose path is the user's own choice
        // and may be a link, or a file elsewhere, which is only read.
        assert!(
            !line.contains("O_WRONLY") && !line.contains("O_RDWR"),
            "{line}"
        );
        let inside = line.contains(&format!("\"{root}/"));
        assert!(!inside, "opened by its path: {line}");
        return;
    }
    if line.contains("\".\"") {
        // The open directory itself, opened once more to be listed.
        return;
    }
    // O_NOFOLLOW speaks of the last component alone.
    let name = line.split('"').nth(1).unwrap();
    assert!(
        !name.contains('/') || line.contains("RESOLVE_NO_SYMLINKS"),
        "{line}"
    );
    assert!(
        line.contains("O_NOFOLLOW") || line.contains("RESOLVE_NO_SYMLINKS"),
        "{line}"
    );
    if line.contains("O_DIRECTORY") {
        return;
    }
    assert!(line.contains("O_NONBLOCK"), "a FIFO would block it: {line}");
    if line.contains("O_CREAT") {
        let shared = line.contains("/flights>") || line.contains("/journal>");
        assert!(shared || line.contains("O_EXCL"), "{line}");
    }
}

/// Nothing below `entries/` is written to.
#[track_caller]
fn changes_nothing_published(call: &SystemCall, store: &Path) {
    let writes = [
        "write",
        "writev",
        "pwrite64",
        "pwritev",
        "ftruncate",
        "truncate",
        "fallocate",
    ];
    if writes.contains(&call.name.as_str()) {
        let entries = format!("<{}/entries", store.display());
        assert!(!call.line.contains(&entries), "{}", call.line);
    }
}

#[track_caller]
fn changes_nothing(calls: &[SystemCall]) {
    for call in calls {
        assert!(!CHANGING.contains(&call.name.as_str()), "{}", call.line);
        if is_open(call) {
            let changing = ["O_CREAT", "O_WRONLY", "O_RDWR", "O_APPEND"];
            assert!(
                !changing.iter().any(|flag| call.line.contains(flag)),
                "{}",
                call.line
            );
        }
        assert!(
            !call.line.contains("F_SETLK") && !call.line.contains("F_OFD"),
            "{}",
            call.line
        );
    }
}

#[test]
fn a_hit_writes_nothing_and_takes_no_lock() {
    if !is_possible("a hit writes nothing and takes no lock") {
        return;
    }
    for size in ["100", "200000"] {
        let get = &format!("get=1:{size}");
        let warm = traced(&[get], &["get=2:1", "mark", get, "mark"]);
        changes_nothing(&warm);
        // The entry is opened, looked at, read and closed, and nothing else is.
        assert_eq!(
            warm.iter().filter(|call| is_open(call)).count(),
            1,
            "{warm:#?}"
        );
        // What is small is in memory then, and only asked whether it is still good.
        let again = traced(&[get], &[get, "mark", get, "mark"]);
        changes_nothing(&again);
        let names: Vec<_> = again.iter().map(|call| call.name.as_str()).collect();
        assert_eq!(names == ["fstat"], size == "100", "{again:#?}");
        // The first hit of a process, its opening of the store included.
        changes_nothing(&traced(&[get], &["mark", get, "mark"]));
        changes_nothing(&traced(
            &[get],
            &["mark", &format!("cached=1:{size}"), "mark"],
        ));
    }
}

#[test]
fn a_miss_creates_one_file_and_moves_it_into_place() {
    if !is_possible("a miss creates one file and moves it into place") {
        return;
    }
    let calls = traced(&["get=1:100"], &["get=2:100", "mark", "get=3:100", "mark"]);
    let created: Vec<_> = calls
        .iter()
        .filter(|call| call.line.contains("O_CREAT"))
        .collect();
    let [flight] = &created[..] else {
        panic!("{created:#?}")
    };
    assert!(flight.line.contains("/flights>"), "{}", flight.line);
    // strace tells where the file is by its descriptor: written among the flights, then moved.
    let at = |what: &dyn Fn(&SystemCall) -> bool| calls.iter().position(what).unwrap();
    let written = at(&|call| call.name == "write" && call.line.contains("/flights/"));
    let synced = at(&|call| call.name == "fdatasync" && call.line.contains("/flights/"));
    let moved = at(&|call| call.name.starts_with("rename") && call.line.ends_with("= 0"));
    assert!(written < synced && synced < moved, "{calls:#?}");
}

#[test]
fn nothing_truncates_follows_links_or_writes_to_what_is_published() {
    if !is_possible("nothing truncates, follows links or writes to what is published") {
        return;
    }
    let get = "get=1:100";
    traced(&[], &["mark", get]);
    traced(
        &[get],
        &[
            "mark",
            "refresh=1:100",
            "insert=1:100",
            "insert=2:100",
            "forget=1:100",
        ],
    );
    traced(
        &[get, "die=2:100"],
        &["mark", "get=2:100", "get=3:200000", "refresh=3:200000"],
    );
}
