//! The command: words, flags and exit codes.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use memo_oracle::failure::{Failure, Result};
use memo_oracle::oracle::{Options, consult};
use memo_oracle::verdict::Verdict;
use memo_oracle::{report, subject};

/// Tries the code fingerprints of memoized functions on real programs.
///
/// One function body at a time is replaced by a panic. Wherever the program then panics, or prints
/// something else, the fingerprint of the memoized function must have changed: else a result would
/// be stale. Where it changed and nothing else did, a result would be computed needlessly.
///
/// Exit codes: 0 no fingerprint missed a change, 1 one did, 2 the oracle could not say.
#[derive(Parser)]
#[command(name = "memo-oracle")]
struct Arguments {
    /// The subjects to try; all, if none is named
    subjects: Vec<String>,
    /// List the subjects and try none
    #[arg(long)]
    list: bool,
    /// Try only the subjects of the short form
    #[arg(long)]
    short: bool,
    /// Try at most this many mutants of each subject, taken evenly
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    limit: usize,
    /// Build this many mutants of each subject for themselves, and compare with the probes
    #[arg(long, value_name = "N", default_value_t = 0)]
    rebuild: usize,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Name every needless change too
    #[arg(short, long)]
    verbose: bool,
    /// Where programs are laid out and built; what is there is used again
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Json,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}

#[allow(clippy::print_stdout, reason = "a program that prints")]
fn run(arguments: &Arguments) -> Result<bool> {
    let mut subjects = subject::all()?;
    for name in &arguments.subjects {
        if !subjects.iter().any(|subject| subject.name == *name) {
            return Err(Failure::new(format!(
                "no subject `{name}`; --list names them"
            )));
        }
    }
    subjects.retain(|subject| {
        let named = arguments.subjects.contains(&subject.name);
        (named || arguments.subjects.is_empty()) && (subject.short || !arguments.short)
    });
    if arguments.list {
        for subject in subjects {
            println!("{:14} {}", subject.name, subject.style);
        }
        return Ok(true);
    }
    let work = subject::home().join("../../target/oracle");
    let options = Options {
        work: arguments.work.clone().unwrap_or(work),
        limit: arguments.limit,
        rebuild: arguments.rebuild,
        sight: &|_, text| text,
    };
    let mut verdicts = Vec::new();
    for subject in &subjects {
        eprintln!("{}: {}", subject.name, subject.style);
        let verdict = consult(subject, &options)
            .map_err(|failure| Failure::new(format!("{}: {failure}", subject.name)))?;
        verdicts.push(verdict);
    }
    match arguments.format {
        Format::Table => print!("{}", report::table(&verdicts, arguments.verbose)),
        Format::Json => println!("{:#}", report::json(&verdicts)),
    }
    Ok(verdicts.iter().all(Verdict::is_sound))
}
