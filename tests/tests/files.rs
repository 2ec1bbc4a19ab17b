//! Files as arguments and results: a chain of memoized functions is a light make.

#![allow(clippy::unwrap_used, reason = "in a test, what cannot go on panics")]

use std::cell::{Cell, RefCell};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use memo_runtime::manage::{Cause, Execution, JournalPosition, Vault};
use memo_runtime::{InputFile, Memo, Mode, OutputFile, Share, ShelfError, Shelved, call, memo};
use tempfile::TempDir;

/// A directory to work in, with its store, and the steps that really ran.
struct Workshop {
    dir: TempDir,
    memo: Memo,
    ran: RefCell<Vec<&'static str>>,
    /// Added to what is cleaned.
    spoiled: Cell<&'static str>,
}

impl Workshop {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        OutputFile::permit(dir.path());
        let memo = Memo::open(dir.path().join("store")).unwrap();
        Self {
            dir,
            memo,
            ran: RefCell::default(),
            spoiled: Cell::default(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> InputFile {
        fs::write(self.path(name), text).unwrap();
        InputFile::new(self.path(name))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn runs(&self, step: &'static str) {
        self.ran.borrow_mut().push(step);
    }

    fn ran(&self) -> Vec<&'static str> {
        self.ran.take()
    }

    /// The files that the store keeps by content.
    fn kept(&self) -> Vec<PathBuf> {
        let mut kept = Vec::new();
        let mut dirs = vec![self.path("store/files")];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
                let name = entry.file_name();
                if entry.path().is_dir() {
                    dirs.push(entry.path());
                } else if name.to_string_lossy().len() > 32 {
                    kept.push(entry.path());
                }
            }
        }
        kept
    }

    /// The rows of a table, without comments, in a file of their own.
    fn clean(&self, table: &InputFile, to: &str) -> io::Result<OutputFile> {
        clean(&self.memo, self, table, self.path(to))
    }

    fn total(&self, table: &InputFile) -> u64 {
        total(&self.memo, self, table)
    }
}

#[memo(store = *memo, ignore(memo, workshop))]
fn clean(
    memo: &Memo,
    workshop: &Workshop,
    table: &InputFile,
    to: PathBuf,
) -> io::Result<OutputFile> {
    workshop.runs("clean");
    let text = table.read_to_string()?;
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let rows: String = rows.map(|row| format!("{row}\n")).collect();
    fs::write(&to, rows + workshop.spoiled.get())?;
    Ok(OutputFile::new(to))
}

#[memo(store = *memo, ignore(memo, workshop))]
fn total(memo: &Memo, workshop: &Workshop, table: &InputFile) -> u64 {
    workshop.runs("total");
    let text = table.read_to_string().unwrap();
    text.lines().map(|row| row.parse::<u64>().unwrap()).sum()
}

#[memo(store = *memo, ignore(memo, workshop))]
fn edits(memo: &Memo, workshop: &Workshop, table: &InputFile) -> usize {
    workshop.runs("edits");
    let rows = table.read_to_string().unwrap();
    fs::write(&**table, format!("{rows}4\n")).unwrap();
    rows.lines().count()
}

#[memo(store = *memo, ignore(memo, workshop))]
fn split(
    memo: &Memo,
    workshop: &Workshop,
    table: &InputFile,
    to: PathBuf,
) -> io::Result<OutputFile> {
    workshop.runs("split");
    fs::create_dir_all(to.join("rows"))?;
    for row in table.read_to_string()?.lines() {
        fs::write(to.join("rows").join(row), row)?;
    }
    Ok(OutputFile::new(to))
}

#[test]
fn a_chain_computes_what_changed_and_no_more() {
    let workshop = Workshop::new();
    let chain = || {
        let cleaned = workshop
            .clean(&InputFile::new(workshop.path("raw")), "rows")
            .unwrap();
        workshop.total(&InputFile::from(&cleaned))
    };
    workshop.write("raw", "# first\n1\n2\n");
    assert_eq!(chain(), 3);
    assert_eq!(workshop.ran(), ["clean", "total"]);
    assert_eq!(chain(), 3);
    assert_eq!(workshop.ran(), [""; 0]);
    workshop.write("raw", "# second\n1\n2\n");
    assert_eq!(chain(), 3);
    assert_eq!(workshop.ran(), ["clean"], "the rows came out as before");
    workshop.write("raw", "# second\n1\n2\n5\n");
    assert_eq!(chain(), 8);
    assert_eq!(workshop.ran(), ["clean", "total"]);
    workshop.write("raw", "# first\n1\n2\n");
    assert_eq!(chain(), 3);
    assert_eq!(workshop.ran(), [""; 0], "going back finds all of it");
    assert_eq!(workshop.read("rows"), "1\n2\n");
}

#[test]
fn a_file_counts_by_content_wherever_it_is_and_whenever_it_was_touched() {
    let workshop = Workshop::new();
    let first = workshop.write("first", "1\n2\n");
    assert_eq!(workshop.total(&first), 3);
    let second = workshop.write("second", "1\n2\n");
    assert_eq!(workshop.total(&second), 3);
    fs::rename(&*second, workshop.path("third")).unwrap();
    assert_eq!(workshop.total(&InputFile::new(workshop.path("third"))), 3);
    assert_eq!(workshop.ran(), ["total"]);
    // The same length, within one tick of the clock.
    for digit in ["3", "4", "5"] {
        let changed = workshop.write("first", &format!("1\n{digit}\n"));
        assert_eq!(workshop.total(&changed), 1 + digit.parse::<u64>().unwrap());
    }
    assert_eq!(workshop.ran().len(), 3);
}

#[test]
fn an_output_is_put_back_if_it_is_missing_or_differs() {
    let workshop = Workshop::new();
    let raw = workshop.write("raw", "# rows\n1\n2\n");
    workshop.clean(&raw, "rows").unwrap();
    let inode = fs::metadata(workshop.path("rows")).unwrap().ino();
    workshop.clean(&raw, "rows").unwrap();
    let untouched = fs::metadata(workshop.path("rows")).unwrap().ino();
    assert_eq!(inode, untouched, "what is as it was is left alone");
    for spoil in [
        |path: &Path| fs::remove_file(path).unwrap(),
        |path: &Path| fs::write(path, "1\n3\n").unwrap(),
    ] {
        spoil(&workshop.path("rows"));
        let cleaned = workshop.clean(&raw, "rows").unwrap();
        assert_eq!(cleaned.read_to_string().unwrap(), "1\n2\n");
    }
    assert_eq!(workshop.ran(), ["clean"]);
}

#[test]
fn equal_outputs_are_kept_once() {
    let workshop = Workshop::new();
    for (number, to) in ["a", "b", "c"].into_iter().enumerate() {
        let raw = workshop.write(&format!("raw{number}"), &format!("# {number}\n1\n"));
        workshop.clean(&raw, to).unwrap();
    }
    assert_eq!(workshop.ran().len(), 3);
    assert_eq!(workshop.kept().len(), 1, "{:?}", workshop.kept());
}

#[test]
fn what_is_kept_and_was_damaged_is_computed_again() {
    let workshop = Workshop::new();
    let raw = workshop.write("raw", "1\n2\n");
    workshop.clean(&raw, "rows").unwrap();
    let [kept] = &workshop.kept()[..] else {
        panic!("{:?}", workshop.kept());
    };
    fs::remove_file(kept).unwrap();
    fs::write(kept, "1\n9\n").unwrap();
    fs::remove_file(workshop.path("rows")).unwrap();
    let cleaned = workshop.clean(&raw, "rows").unwrap();
    assert_eq!(cleaned.read_to_string().unwrap(), "1\n2\n");
    assert_eq!(workshop.ran(), ["clean", "clean"]);
    fs::remove_file(workshop.path("rows")).unwrap();
    workshop.clean(&raw, "rows").unwrap();
    assert_eq!(workshop.read("rows"), "1\n2\n");
    assert_eq!(workshop.ran(), [""; 0], "it was kept anew");
}

#[test]
fn nothing_is_kept_of_a_call_whose_input_changed_meanwhile() {
    let workshop = Workshop::new();
    let table = workshop.write("table", "1\n2\n3\n");
    let count = || edits(&workshop.memo, &workshop, &table);
    assert_eq!(count(), 3);
    workshop.write("table", "1\n2\n3\n");
    assert_eq!(count(), 3);
    assert_eq!(workshop.ran(), ["edits", "edits"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_whose_bytes_are_made_up_is_computed_and_not_kept() {
    let workshop = Workshop::new();
    for path in ["/proc/version", "/proc/uptime", "/proc/version"] {
        let kept = workshop.clean(&InputFile::new(path), "made-up").unwrap();
        let real = fs::read_to_string("/proc/version").unwrap();
        assert_eq!(
            kept.read_to_string().unwrap() == real,
            path == "/proc/version"
        );
    }
    assert_eq!(workshop.ran().len(), 3);
}

#[test]
fn an_output_elsewhere_is_computed_and_not_kept() {
    let workshop = Workshop::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let raw = workshop.write("raw", "1\n");
    for path in [
        elsewhere.path().join("rows"),
        workshop.path("sub/../../rows"),
    ] {
        let made = || clean(&workshop.memo, &workshop, &raw, path.clone());
        let _ = (made(), made());
        assert_eq!(workshop.ran(), ["clean", "clean"], "{}", path.display());
        let _ = fs::remove_file(path);
    }
    assert_eq!(workshop.kept(), [""; 0].map(PathBuf::from));
}

#[test]
fn a_directory_is_an_output_and_an_input_as_a_whole() {
    let workshop = Workshop::new();
    let raw = workshop.write("raw", "1\n2\n");
    let split = || split(&workshop.memo, &workshop, &raw, workshop.path("out")).unwrap();
    split();
    fs::remove_dir_all(workshop.path("out")).unwrap();
    split();
    fs::remove_file(workshop.path("out/rows/2")).unwrap();
    split();
    assert_eq!(workshop.read("out/rows/1"), "1");
    assert_eq!(workshop.read("out/rows/2"), "2");
    assert_eq!(workshop.ran(), ["split"]);
}

#[memo(store = *memo, ignore(memo, workshop))]
fn rows_on(
    memo: &Memo,
    workshop: &Workshop,
    shelf: &Shelved<OutputFile>,
) -> Result<usize, ShelfError> {
    workshop.runs("rows_on");
    Ok(shelf.load()?.read_to_string().unwrap().lines().count())
}

#[test]
fn an_output_on_the_shelf_counts_by_its_content() {
    let workshop = Workshop::new();
    let rows = || {
        let raw = InputFile::new(workshop.path("raw"));
        let call = call!(clean(
            &workshop.memo,
            &workshop,
            &raw,
            workshop.path("rows")
        ));
        rows_on(&workshop.memo, &workshop, &call.try_shelve().unwrap()).unwrap()
    };
    workshop.write("raw", "1\n2\n");
    assert_eq!((rows(), rows()), (2, 2));
    assert_eq!(workshop.ran(), ["clean", "rows_on"]);
    workshop.write("raw", "1\n2\n3\n");
    assert_eq!(rows(), 3);
    workshop.write("raw", "# the same rows\n1\n2\n");
    assert_eq!(rows(), 2);
    assert_eq!(workshop.ran(), ["clean", "rows_on", "clean"]);
}

#[test]
fn who_only_looks_puts_nothing_back() {
    let workshop = Workshop::new();
    let raw = workshop.write("raw", "1\n2\n");
    let to = || workshop.path("rows");
    workshop.clean(&raw, "rows").unwrap();
    let looked = || call!(clean(&workshop.memo, &workshop, &raw, to())).cached();
    assert!(looked().is_some());
    fs::remove_file(to()).unwrap();
    assert!(looked().is_none());
    assert!(!to().exists());
}

#[test]
fn check_notices_an_output_that_comes_out_otherwise() {
    let workshop = Workshop::new();
    let raw = workshop.write("raw", "1\n2\n");
    workshop.clean(&raw, "rows").unwrap();
    let checking = Memo::builder(workshop.path("store"))
        .mode(Mode::Check)
        .open()
        .unwrap();
    let check = |spoiled: &'static str| {
        workshop.spoiled.set(spoiled);
        clean(&checking, &workshop, &raw, workshop.path("rows")).unwrap();
        let vault = Vault::open(&workshop.path("store"), Share::None)
            .unwrap()
            .unwrap();
        let mut last = None;
        let each = |execution: Execution| {
            last = Some(execution.cause);
        };
        vault
            .each_execution(JournalPosition::default(), each)
            .unwrap();
        last.unwrap()
    };
    assert_eq!(check(""), Cause::Checked);
    assert_eq!(check("3\n"), Cause::Differs);
    assert_eq!(workshop.ran(), ["clean", "clean", "clean"]);
}
