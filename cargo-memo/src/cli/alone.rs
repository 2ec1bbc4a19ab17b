//! `run` read without the definition of all that can be typed.
//!
//! Defining that takes longer than finding a run in the store. What must hold:
//! what is read here is read just so by the definition, which has the last
//! word on whatever is not.

use std::ffi::OsString;
use std::str::FromStr;

use super::{Cli, Common, ProgramOptions, RunOptions, Verb};

/// Reads a command line that means `run` of a command, with flags that have
/// nothing to do with others; `None`: it does not, or not for sure.
pub(super) fn run(arguments: &[OsString]) -> Option<Cli> {
    let mut common = Common::default();
    let mut program = ProgramOptions::default();
    let mut stdin = false;
    let mut is_run = false;
    let mut words = arguments.iter().skip(1);
    loop {
        match words.next()?.to_str()? {
            "--" if is_run => break,
            "run" if !is_run => is_run = true,
            "-q" | "--quiet" if !common.verbose => once(&mut common.quiet)?,
            "-v" | "--verbose" if !common.quiet => once(&mut common.verbose)?,
            "--store" if common.store.is_none() => common.store = Some(value(words.next())?),
            "--input" if is_run => program.input.push(value(words.next())?),
            "--output" if is_run => program.output.push(value(words.next())?),
            "--env" if is_run => program.env.push(value(words.next())?),
            "--metric" if is_run => program.metric.push(value(words.next())?),
            "--stdin" if is_run => once(&mut stdin)?,
            _ => return None,
        }
    }
    program.line = words.cloned().collect();
    let options = RunOptions {
        program,
        stdin,
        check: false,
    };
    options.program.command().is_some().then_some(Cli {
        common,
        verb: Some(Verb::Run(options)),
    })
}

/// Sets a flag that was not set before.
fn once(flag: &mut bool) -> Option<()> {
    (!std::mem::replace(flag, true)).then_some(())
}

/// The value of a flag. What looks like another flag may be one.
fn value<T: FromStr>(word: Option<&OsString>) -> Option<T> {
    let word = word?.to_str()?;
    let is_plain = !word.is_empty() && !word.starts_with('-');
    is_plain.then(|| word.parse().ok())?
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn read(line: &str) -> (Option<String>, Option<String>) {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let alone = run(&words).map(|cli| format!("{cli:?}"));
        let whole = Cli::try_parse_from(&words).map(|cli| format!("{cli:?}"));
        (alone, whole.ok())
    }

    #[test]
    fn it_is_read_as_the_definition_reads_it() {
        for line in [
            "cargo-memo run -- echo hi",
            "cargo-memo run -- echo --  -v",
            "cargo-memo -q run -- echo run hi",
            "cargo-memo run --quiet -- -q",
            "cargo-memo --store s --verbose run -- a -q --store t",
            "cargo-memo run -v --store s -- a",
            "cargo-memo run --input a --env X=1 --input b --env Y --output o -- a",
            "cargo-memo run --stdin --metric loss=([0-9]+) --metric acc -- x",
        ] {
            let (alone, whole) = read(line);
            assert_eq!(alone, whole, "{line}");
            assert!(alone.is_some(), "{line}");
        }
    }

    #[test]
    fn what_is_not_read_is_left_to_the_definition() {
        for line in [
            "cargo-memo",
            "cargo-memo run",
            "cargo-memo run --",
            "cargo-memo run echo",
            "cargo-memo -- run -- echo",
            "cargo-memo run run -- echo",
            "cargo-memo list run",
            "cargo-memo list -- run -- echo",
            "cargo-memo run --help",
            "cargo-memo run --no-such-flag -- echo",
            "cargo-memo run -q -v -- echo",
            "cargo-memo -v run --quiet -- echo",
            "cargo-memo run -q -q -- echo",
            "cargo-memo run --stdin --stdin -- echo",
            "cargo-memo run --store s --store t -- echo",
            "cargo-memo --store run -- echo",
            "cargo-memo run --store  -- echo",
            "cargo-memo run --store -- echo",
            "cargo-memo run --input --stdin -- echo",
            "cargo-memo run --env = -- echo",
            "cargo-memo run --metric loss=( -- echo",
            "cargo-memo --stdin run -- echo",
            "cargo-memo --input a run -- echo",
            "cargo-memo run --bin train -- --lr 0.1",
            "cargo-memo run --check --refresh -- echo",
        ] {
            assert_eq!(read(line).0, None, "{line}");
        }
    }
}
