//! What is kept and found how fast, beside those who do the same.
//!
//! `cargo bench -p memo-tests --bench peers` installs the peers into the target directory (a Python
//! environment with joblib, numpy and diskcache; a program that uses the crate `cached` with its
//! disk store; bkt) and prints one table: each row ours, what the system takes at least, and the
//! peers, with the ratio of ours to each and the goal. All take turns, and time themselves; figures
//! are medians, with everything in the page cache. There is no figure of a peer that could not be
//! run, but the reason; the exit code is then 1.
//!
//! It takes about ten minutes and 4 GB of disk; `-- --builds` adds a row that takes five more.
//! `-- --only ROW`, several times if need be, prints single rows, `-- --format json` one document,
//! `-- --quick` tries the benchmark itself. Run it on a quiet machine, and not within five minutes
//! of removing many files. `MEMO_BENCH_DIR` names a directory on another file system.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its results, and ends where it cannot have any"
)]

mod peers {
    pub(crate) mod builds;
    pub(crate) mod field;
    pub(crate) mod large;
    pub(crate) mod programs;
    pub(crate) mod report;
    pub(crate) mod row;
    pub(crate) mod small;
    pub(crate) mod wanted;
}

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use memo_tests::bench;
use memo_tests::bench::machine::Machine;

use peers::field::Field;
use peers::report::{Document, Table};
use peers::row::Row;
use peers::{builds, large, programs, small, wanted};

/// Prints what is kept and found how fast, beside those who do the same.
#[derive(Parser)]
struct Options {
    /// Print this row only; may be given several times
    #[arg(long, value_name = "ROW")]
    only: Vec<Which>,
    /// How to print
    #[arg(long, default_value = "table")]
    format: Format,
    /// Print the row of clean builds too, which takes minutes
    #[arg(long)]
    builds: bool,
    /// Few rounds and short arrays, to try the benchmark itself: the figures mean nothing
    #[arg(long)]
    quick: bool,
    /// What cargo says to benchmarks
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Which {
    Hit,
    Again,
    Miss,
    Load,
    Map,
    MapChecked,
    Argument,
    Keep,
    Wanted,
    Million,
    Run,
    Builds,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Table,
    Json,
}

impl Which {
    fn run(self, field: &Field) -> Row {
        match self {
            Self::Hit => small::hit(field),
            Self::Again => small::again(field),
            Self::Miss => small::miss(field),
            Self::Load => large::load(field),
            Self::Map => large::map(field),
            Self::MapChecked => large::map_checked(field),
            Self::Argument => large::argument(field),
            Self::Keep => large::keep(field),
            Self::Wanted => wanted::wanted(field),
            Self::Million => Row::elsewhere(
                "million",
                "1,000,000 entries: status, and gc of half",
                "cargo bench -p memo-tests --bench million",
            ),
            Self::Run => programs::run(field),
            Self::Builds => builds::builds(field),
        }
    }
}

fn main() -> ExitCode {
    if bench::compete_if_told() {
        return ExitCode::SUCCESS;
    }
    let options = Options::parse();
    let tmp = env!("CARGO_TARGET_TMPDIR");
    let place = std::env::var_os("MEMO_BENCH_DIR").map_or_else(|| tmp.into(), PathBuf::from);
    let machine = Machine::here(&place);
    let field = Field::prepare(&place, tmp, options.quick);
    let mut table = (options.format == Format::Table)
        .then(|| Table::begin(&machine, &field.versions(), options.quick));
    let wanted = |which: &Which| match options.only.is_empty() {
        true => options.builds || *which != Which::Builds,
        false => options.only.contains(which),
    };
    let mut rows = Vec::new();
    for which in Which::value_variants().iter().filter(|which| wanted(which)) {
        let row = which.run(&field);
        if let Some(table) = &mut table {
            table.print(&row);
        }
        rows.push(row);
    }
    let complete = rows.iter().all(Row::is_complete);
    if table.is_none() {
        let document = Document::new(&machine, field.versions(), options.quick, &rows);
        println!("{}", document.to_json());
    }
    match complete {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
