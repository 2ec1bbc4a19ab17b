//! How cost grows: with the entries of a store, with the size of values, with processes at once.
//!
//! `cargo bench -p memo-tests --bench growth` prints a table of each, ours beside the system calls
//! that nobody can do without: medians, in turn, everything in the page cache. It goes to 100,000
//! entries, 100 MB and 16 processes, which takes some minutes and 2 GB of disk. `-- --full` goes to
//! 1,000,000 entries and 1 GB, which takes a quarter of an hour, 8 GB of disk and 6 GB of memory;
//! `--entries`, `--size` and `--processes` go to anything else. `-- --out DIR` writes `growth.svg`, a
//! picture, and `growth.json`, its numbers, into a directory of the repository: those in `docs` are
//! from a run with `--out docs`. Run it on a quiet machine, and not within five minutes of
//! removing many files. `MEMO_BENCH_DIR` names a directory on another file system.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its results, and ends where it cannot have any"
)]

mod growth {
    pub(crate) mod entries;
    pub(crate) mod panel;
    pub(crate) mod picture;
    pub(crate) mod processes;
    pub(crate) mod report;
    pub(crate) mod sizes;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use memo_tests::bench;
use memo_tests::bench::machine::Machine;

use tempfile::TempDir;

use growth::{entries, panel::Panel, picture, processes, report, sizes};

/// Prints how cost grows with entries, size and processes.
#[derive(Parser)]
struct Options {
    /// Go to so many entries
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    entries: u64,
    /// Go to values of so many bytes
    #[arg(long, value_name = "BYTES", default_value_t = 100_000_000)]
    size: u64,
    /// Go to so many processes at once
    #[arg(long, value_name = "NUMBER", default_value_t = 16)]
    processes: u64,
    /// Go to 1,000,000 entries and 1 GB
    #[arg(long, conflicts_with_all = ["entries", "size"])]
    full: bool,
    /// Write growth.svg and growth.json into this directory of the repository
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What cargo says to benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    if bench::compete_if_told() {
        return ExitCode::SUCCESS;
    }
    let mut options = Options::parse();
    if options.full {
        options.entries = 1_000_000;
        options.size = 1_000_000_000;
    }
    let place = std::env::var_os("MEMO_BENCH_DIR");
    let place = place.map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
    let machine = Machine::here(&place);
    println!("{}", machine.describe());
    // What is small and many stays until all is done: who creates files soon after many have been
    // removed is slowed down by ext4.
    let dir = tempfile::tempdir_in(&place).expect("a directory");
    let processes = shown(processes::panel(
        &fresh(&dir, "processes"),
        options.processes,
    ));
    let entries = shown(entries::panel(&fresh(&dir, "entries"), options.entries));
    let sizes = shown(sizes::panel(&fresh(&dir, "sizes"), options.size));
    let panels = [entries, sizes, processes];
    if let Some(out) = &options.out {
        write(out, &machine, &panels);
    }
    match panels.iter().all(Panel::is_complete) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// An empty directory.
fn fresh(dir: &TempDir, name: &str) -> PathBuf {
    let dir = dir.path().join(name);
    fs::create_dir(&dir).expect("a directory");
    dir
}

fn shown(panel: Panel) -> Panel {
    println!("\n{}", report::table(&panel));
    panel
}

fn write(out: &Path, machine: &Machine, panels: &[Panel]) {
    // Cargo runs benchmarks in the directory of their package.
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let out = repository.expect("a repository").join(out);
    fs::create_dir_all(&out).expect("a directory for the picture");
    fs::write(out.join("growth.svg"), picture::draw(panels)).expect("a picture");
    fs::write(out.join("growth.json"), report::json(machine, panels)).expect("its numbers");
    println!("wrote growth.svg and growth.json into {}", out.display());
}
