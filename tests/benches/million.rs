//! What looking at and clearing a large store costs.
//!
//! `cargo bench -p memo-tests --bench million` keeps a million small results of a few hundred
//! functions, one of which has half of them, and prints medians: of `status` and `list` beside
//! `du -s` of the store, and of `gc` to half of it beside `xargs rm` of the same files of a copy;
//! with the most memory that each had. It takes about 10 GB and a quarter of an hour. Run it on a
//! quiet machine. `MEMO_MILLION` is another number of results, and `MEMO_BENCH_DIR` names a
//! directory on another file system.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its results, and ends where it cannot have any"
)]

mod million {
    pub(crate) mod measure;
    pub(crate) mod store;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use million::measure::{Measured, measure, median};
use million::store;

/// How often what changes nothing is run.
const RUNS: usize = 5;

fn main() {
    let place = std::env::var_os("MEMO_BENCH_DIR");
    let place = place.map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
    let dir = tempfile::tempdir_in(place).expect("a directory");
    let entries = std::env::var("MEMO_MILLION").map_or(1_000_000, |number| {
        number.parse().expect("MEMO_MILLION is a number")
    });
    let program = memo_tests::tool::release();
    let began = Instant::now();
    let store = dir.path().join("store");
    store::fill(&store, entries);
    // Compacts the journal, which nobody has done while it was filled.
    measure(&mut memo(
        &program,
        &store,
        &["gc", "--max-size", "1TB", "--yes"],
    ));
    println!(
        "{entries} entries, made in {:.0} s; medians of {RUNS} runs",
        began.elapsed().as_secs_f64()
    );
    println!("{:<36} {:>9} {:>9} {:>7}", "", "took", "memory", "ratio");
    looking(&program, &store);
    clearing(&program, &store, dir.path(), entries);
}

/// What changes nothing, in turn, beside `du`.
fn looking(program: &Path, store: &Path) {
    let commands: [(&str, &dyn Fn() -> Command); 4] = [
        ("du -s", &|| du(store)),
        ("cargo memo status", &|| memo(program, store, &["status"])),
        ("cargo memo list --limit 20", &|| {
            memo(program, store, &["list", "--limit", "20"])
        }),
        ("cargo memo gc --dry-run", &|| {
            memo(program, store, &["gc", "--max-size", "1GB", "--dry-run"])
        }),
    ];
    let mut measured: [Vec<Measured>; 4] = Default::default();
    for _ in 0..RUNS {
        for (measured, (_, command)) in measured.iter_mut().zip(commands) {
            measured.push(measure(&mut command()));
        }
    }
    let medians = measured.map(median);
    for (median, (name, _)) in medians.iter().zip(commands) {
        print(name, median, &medians[0]);
    }
}

/// Removing half, beside `xargs rm` of the same files. Both are done to copies,
/// whose files lie on the disk in the same order, and once those are written.
fn clearing(program: &Path, store: &Path, dir: &Path, entries: u64) {
    let copies = ["for-gc", "for-rm"].map(|name| dir.join(name));
    for copy in &copies {
        let copied = Command::new("cp").arg("-a").args([store, copy]).status();
        assert!(copied.expect("cp").success());
    }
    let [store, copy] = &copies;
    let half = (entries / 2).to_string();
    sync();
    let gc = measure(&mut memo(
        program,
        store,
        &["gc", "--max-entries", &half, "--yes"],
    ));
    let names = dir.join("names");
    let removed = store::names_missing(store, copy);
    fs::write(&names, removed.join("\n")).expect("a list of names");
    sync();
    let rm = measure(
        Command::new("xargs")
            .arg("rm")
            .current_dir(copy.join("entries"))
            .stdin(fs::File::open(&names).expect("the list of names")),
    );
    print(&format!("xargs rm of {} files", removed.len()), &rm, &rm);
    print(&format!("cargo memo gc to {half} entries"), &gc, &rm);
}

/// Waits until what was written is on the disk.
fn sync() {
    assert!(Command::new("sync").status().expect("sync").success());
}

fn du(store: &Path) -> Command {
    let mut command = Command::new("du");
    command.arg("-s").arg(store);
    command
}

fn memo(program: &Path, store: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).arg("--store").arg(store);
    // Far from any workspace, whose sources would be looked at.
    command.current_dir(store).stdin(Stdio::null());
    // What is ours is no setting of theirs.
    for name in ["MEMO_MILLION", "MEMO_BENCH_DIR"] {
        command.env_remove(name);
    }
    command
}

fn print(name: &str, measured: &Measured, beside: &Measured) {
    println!(
        "{name:<36} {:>7.2} s {:>6.0} MB {:>7.2}",
        measured.took.as_secs_f64(),
        measured.memory as f64 / 1e6,
        measured.took.as_secs_f64() / beside.took.as_secs_f64()
    );
}
