//! `run` read without the definition of all other verbs.
//!
//! Defining everything that can be typed takes longer than finding a run in
//! the store. What must hold: what is read here is read just so by the whole
//! definition, which has the last word on whatever is not.

use std::ffi::OsString;

use clap::Parser;

use super::{Cli, Common, RunOptions, Verb};

/// The flags of every verb that stand alone, and those with a value behind
/// them.
const ALONE: [&str; 4] = ["-q", "--quiet", "-v", "--verbose"];
const WITH_VALUE: [&str; 4] = ["--store", "--manifest-path", "--format", "--color"];

/// All that can be typed with `run`.
#[derive(Debug, Parser)]
#[command(disable_help_flag = true)]
struct Run {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    options: RunOptions,
}

/// Reads a command line that means `run`; `None`: it does not, or not for sure.
pub(super) fn run(arguments: &[OsString]) -> Option<Cli> {
    let mut at = 1;
    loop {
        let word = arguments.get(at)?.to_str()?;
        at += match word {
            "run" => break,
            _ if ALONE.contains(&word) => 1,
            _ if WITH_VALUE.contains(&word) => 2,
            _ => return None,
        };
    }
    let words = arguments[..at].iter().chain(&arguments[at + 1..]);
    let Run { common, options } = Run::try_parse_from(words).ok()?;
    Some(Cli {
        common,
        verb: Some(Verb::Run(options)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_the_whole_definition_reads_it() {
        let read = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let alone = run(&words).map(|cli| format!("{cli:?}"));
            let whole = Cli::try_parse_from(&words).map(|cli| format!("{cli:?}"));
            (alone, whole)
        };
        for line in [
            "cargo-memo run -- echo hi",
            "cargo-memo -q run -- echo run hi",
            "cargo-memo --store s --color never run --input a --input b --env X=1 -- a -q --store t",
            "cargo-memo run --bin train --release -F a,b --store s -- --lr 0.1",
            "cargo-memo run -q --stdin --check --output o --metric loss=([0-9]+) --ttl 1h -- x",
        ] {
            let (alone, whole) = read(line);
            assert_eq!(alone, whole.ok(), "{line}");
            assert!(alone.is_some(), "{line}");
        }
        for line in [
            "cargo-memo run",
            "cargo-memo run --help",
            "cargo-memo run -h",
            "cargo-memo run --no-such-flag -- echo",
            "cargo-memo run --version",
            "cargo-memo -q -v run -- echo",
            "cargo-memo run --check --refresh -- echo",
            "cargo-memo list run",
            "cargo-memo --store run",
            "cargo-memo run run -- echo",
        ] {
            assert!(read(line).0.is_none(), "{line}");
        }
    }
}
