//! `verify`.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use snapbox::str;

use crate::bench::{Bench, expect_text};

/// The entries of a function.
fn entries_of(bench: &Bench, function: &str) -> Vec<PathBuf> {
    let is_of = |file: &PathBuf| file.to_string_lossy().contains(function);
    bench.entries().into_iter().filter(is_of).collect()
}

/// Damages the value of an entry.
fn damage(entry: &Path) {
    let mut bytes = fs::read(entry).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(entry, bytes).unwrap();
}

/// Makes the head of an entry say something else, with a digest that fits.
fn forge(entry: &Path, change: impl FnOnce(&mut [u8])) {
    let mut bytes = fs::read(entry).unwrap();
    change(&mut bytes);
    let end = u64::from_le_bytes(bytes[24..32].try_into().unwrap()) as usize;
    let digest = blake3::hash(&[&bytes[..160], &bytes[192..end]].concat());
    bytes[160..192].copy_from_slice(digest.as_bytes());
    fs::write(entry, bytes).unwrap();
}

fn set_aside(bench: &Bench) -> usize {
    fs::read_dir(bench.store().join("damaged")).map_or(0, Iterator::count)
}

#[test]
fn a_sound_store_is_whole() {
    Bench::filled().memo(&["verify"]).expect(
        0,
        str![[r#"
checked 3 entries, [SIZE]: all whole

"#]],
        str![],
    );
}

#[test]
fn a_damaged_entry_is_named_with_its_cure() {
    let bench = Bench::filled();
    damage(&entries_of(&bench, "score")[0]);
    bench.memo(&["verify"]).expect(1, str![[r#"
ID function size problem
[ID] score [SIZE] its value does not match its digest

checked 3 entries, [SIZE]: 1 is damaged

"#]], str![[r#"
note: `cargo memo verify --repair` moves damaged entries out of the way; their values are computed again when they are wanted

"#]]);
    assert_eq!((bench.entries().len(), set_aside(&bench)), (3, 0));
}

#[test]
fn a_repair_moves_out_what_is_damaged_and_nothing_else() {
    let bench = Bench::filled();
    damage(&entries_of(&bench, "score")[0]);
    bench.memo(&["verify", "--repair"]).expect(
        0,
        str![[r#"
ID function size problem
[ID] score [SIZE] its value does not match its digest

checked 3 entries, [SIZE]: 1 is damaged
moved 1 entry to `[STORE]/damaged`

"#]],
        str![],
    );
    assert_eq!((bench.entries().len(), set_aside(&bench)), (2, 1));
    bench.memo(&["verify", "--repair"]).expect(
        0,
        str![[r#"
checked 2 entries, [SIZE]: all whole
nothing to repair

"#]],
        str![],
    );
    let last = bench.memo(&["log", "--format", "csv"]).stdout;
    assert!(last.lines().last().unwrap().contains("damaged"), "{last}");
}

#[test]
fn a_repair_that_fails_says_so() {
    let bench = Bench::filled();
    damage(&entries_of(&bench, "score")[0]);
    fs::write(bench.store().join("damaged"), "in the way").unwrap();
    bench.memo(&["verify", "--repair"]).expect(
        1,
        str![[r#"
ID function size problem
[ID] score [SIZE] its value does not match its digest

checked 3 entries, [SIZE]: 1 is damaged

"#]],
        str![[r#"
error: cannot move aside `[STORE]/[ENTRY] Not a directory (os error 20)

"#]],
    );
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn only_what_is_asked_for_is_checked() {
    let bench = Bench::filled();
    damage(&entries_of(&bench, "score")[0]);
    bench.memo(&["verify", "train"]).expect(
        0,
        str![[r#"
checked 2 entries, [SIZE]: all whole

"#]],
        str![],
    );
    let id = &bench.ids(&["score"])[0];
    let run = bench.memo(&["verify", id, "train"]);
    assert!(run.stdout.contains("checked 3 entries"), "{}", run.stdout);
    assert_eq!(run.code, 1);
    bench.memo(&["verify", "trian"]).expect(
        0,
        str![[r#"
nothing to check

"#]],
        str![[r#"
warning: neither a function nor an ID in the store `[STORE]`: `trian`; did you mean `train`?

"#]],
    );
}

#[test]
fn the_document_has_everything() {
    let bench = Bench::filled();
    damage(&entries_of(&bench, "score")[0]);
    fs::write(bench.store().join("notes"), "").unwrap();
    bench
        .memo(&["verify", "--format", "json"])
        .expect(1, str![[r#"
{
  "schema_version": 1,
  "command": "verify",
  "complete": true,
  "entries": 3,
  "planned_entries": 3,
  "bytes": [NUMBER],
  "problems": [
    {
      "id": "[ID]",
      "key": "[KEY]",
      "function": "lab::score",
      "package": "",
      "state": "damaged",
      "problem": "its value does not match its digest",
      "bytes": [NUMBER],
      "file": "[STORE]/[ENTRY]
    }
  ],
  "lists": [],
  "files": [],
  "strangers": [
    "notes"
  ],
  "repaired": null
}

"#]], str![[r#"
warning: this in the store is none of its files and is left alone: `notes`
note: `cargo memo verify --repair` moves damaged entries out of the way; their values are computed again when they are wanted

"#]]);
    let repaired = bench.memo(&["verify", "--repair", "--format", "json"]);
    assert_eq!(repaired.json()["repaired"]["entries"], 1);
    assert_eq!(repaired.code, 0);
}

#[test]
fn a_newer_entry_is_no_damage_and_stays() {
    let bench = Bench::filled();
    forge(&entries_of(&bench, "score")[0], |bytes| bytes[8] = 9);
    bench.memo(&["verify", "--repair"]).expect(
        0,
        str![[r#"
ID function size problem
[ID] score [SIZE] it has format 9, of a later version

checked 3 entries, [SIZE]: 1 is of a later version
nothing to repair

"#]],
        str![],
    );
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn what_cannot_be_read_is_a_finding() {
    let bench = Bench::filled();
    let entry = &entries_of(&bench, "score")[0];
    if std::os::unix::fs::chown(entry, Some(12345), None).is_err() {
        eprintln!("skipped: only root can give a file away");
        return;
    }
    bench.memo(&["verify", "--repair"]).expect(
        1,
        str![[r#"
ID function size problem
[ID] score [SIZE] it cannot be read: it belongs to user id 12345

checked 3 entries, [SIZE]: 1 cannot be read
nothing to repair

"#]],
        str![],
    );
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn what_is_none_of_the_store_s_files_is_named() {
    let bench = Bench::filled();
    for name in ["notes", "tmp/a\x1b[31mb", "flights/1", "flights/2"] {
        fs::write(bench.store().join(name), "").unwrap();
    }
    bench.memo(&["verify"]).expect(0, str![[r#"
checked 3 entries, [SIZE]: all whole

"#]], str![[r#"
warning: these in the store are none of its files and are left alone: `flights/1`, `flights/2`, `notes`, and 1 more (-v names them)

"#]]);
}

#[test]
fn without_a_store_there_is_nothing_to_check() {
    let bench = Bench::new();
    bench.memo(&["verify"]).expect(0, str![], str![[r#"
note: there is no store at `[STORE]` yet: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
    let document = bench.memo(&["verify", "--format", "json"]).json();
    assert_eq!(document["entries"], 0);
}

/// Makes an entry one that takes hours to read: its head says so, and the
/// file is that long, though there is hardly anything in it.
fn make_endless(entry: &Path) {
    let length = 1_u64 << 42;
    forge(entry, |bytes| {
        bytes[32..40].copy_from_slice(&length.to_le_bytes());
    });
    let file = File::options().write(true).read(true).open(entry).unwrap();
    let mut head = [0; 32];
    file.read_exact_at(&mut head, 0).unwrap();
    let offset = u64::from_le_bytes(head[24..32].try_into().unwrap());
    file.set_len(offset + length).unwrap();
}

#[test]
fn who_interrupts_is_told_how_far_it_came() {
    let bench = Bench::filled();
    let entry = &entries_of(&bench, "score")[0];
    make_endless(entry);
    let mut command = bench.command(&["verify", "--repair", "score", "--store"]);
    let child = command
        .arg(bench.store())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let open_files = PathBuf::from(format!("/proc/{}/fd", child.id()));
    let has_it_open = || {
        let files = fs::read_dir(&open_files).unwrap();
        let mut files = files
            .flatten()
            .filter_map(|file| fs::read_link(file.path()).ok());
        files.any(|file| file == *entry)
    };
    while !has_it_open() {
        std::thread::yield_now();
    }
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    expect_text(&String::from_utf8(output.stdout).unwrap(), str![]);
    expect_text(
        &String::from_utf8(output.stderr).unwrap(),
        str![[r#"
error: interrupted: checked 0 of 1 entry

"#]],
    );
    assert_eq!((bench.entries().len(), set_aside(&bench)), (3, 0));
}
