//! What was typed: verbs, flags and their help texts. Parsing checks the
//! form and never acts.

mod help;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use jiff::Zoned;
use memo_runtime::manage::Outcome;

use crate::failure::Failure;
use crate::render::parse_since;

/// The colours that cargo has.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default())
    .error(AnsiColor::Red.on_default().bold())
    .valid(AnsiColor::Cyan.on_default().bold())
    .invalid(AnsiColor::Yellow.on_default().bold());

/// Show, explain and clean the results that `#[memo]` functions keep on disk
#[derive(Debug, Parser)]
#[command(name = "cargo-memo", bin_name = "cargo memo", version, styles = STYLES)]
#[command(after_help = help::PROGRAM, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// The flags that every verb takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// Path to Cargo.toml of the workspace whose store is meant
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// The store, wherever it is
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    /// Form of the output: table, json, or csv (`list` and `log` only)
    #[arg(long, global = true, value_enum, default_value = "table")]
    #[arg(hide_possible_values = true)]
    pub(crate) format: Format,
    /// Coloring: auto, always, never
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    #[arg(hide_possible_values = true)]
    pub(crate) color: Option<Color>,
    /// No warnings and notes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Full names, keys and times, nothing cut to fit
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One document, for programs.
    Json,
    /// Rows, for spreadsheets.
    Csv,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// In a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Functions with what they keep and what that saved (default)
    Status,
    /// Results with their arguments, newest first
    #[command(visible_alias = "ls", after_help = help::LIST)]
    List(ListOptions),
    /// One result in full, with its last executions
    #[command(after_help = help::SHOW)]
    Show(ShowOptions),
    /// Executions and what came of them, newest last
    #[command(after_help = help::LOG)]
    Log(LogOptions),
    /// Why a result was computed and not found
    #[command(after_help = help::WHY)]
    Why(WhyOptions),
    /// Remove results
    #[command(after_help = help::CLEAR)]
    Clear(ClearOptions),
}

/// What `list` takes.
#[derive(Args, Debug)]
pub(crate) struct ListOptions {
    /// Function, by its path or the end of it
    pub(crate) function: Option<String>,
    /// Order: created, used, size, duration (latest, largest, longest first), or function
    #[arg(long, value_enum, value_name = "KEY", default_value = "created")]
    #[arg(hide_possible_values = true)]
    pub(crate) sort: Sort,
    /// At most so many results
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
}

/// What a listing is ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// When it was computed, latest first.
    Created,
    /// When it was last used, latest first.
    Used,
    /// Its size, largest first.
    Size,
    /// How long computing took, longest first.
    Duration,
    /// The function, then when it was computed.
    Function,
}

/// What `show` takes.
#[derive(Args, Debug)]
pub(crate) struct ShowOptions {
    /// ID of the result, or the first digits of it
    #[arg(value_parser = parse_id)]
    pub(crate) id: String,
}

/// What `log` takes.
#[derive(Args, Debug)]
pub(crate) struct LogOptions {
    /// From when on: an age such as 90s, 2h, 7d, or a time (RFC 3339, or local)
    #[arg(long, value_name = "WHEN", value_parser = |text: &str| parse_since(text, &Zoned::now()))]
    pub(crate) since: Option<u64>,
    /// Function, by its path or the end of it
    #[arg(long)]
    pub(crate) function: Option<String>,
    /// What came of it: hit, computed, waited, duplicate, error, panic, evicted, cleared, damaged
    #[arg(long, value_delimiter = ',', value_parser = OUTCOMES.map(Outcome::word))]
    #[arg(hide_possible_values = true)]
    pub(crate) outcome: Vec<String>,
    /// The last so many [default: 50 in a terminal, else all; all with --since]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Go on with what happens from now on, until interrupted
    #[arg(long, short)]
    pub(crate) follow: bool,
}

const OUTCOMES: [Outcome; 9] = [
    Outcome::Hit,
    Outcome::Computed,
    Outcome::Waited,
    Outcome::Duplicate,
    Outcome::Error,
    Outcome::Panic,
    Outcome::Evicted,
    Outcome::Cleared,
    Outcome::Damaged,
];

/// What `why` takes.
#[derive(Args, Debug)]
pub(crate) struct WhyOptions {
    /// Function, by its path or the end of it, or ID of a result [default: the last computation]
    #[arg(value_name = "FUNCTION|ID")]
    pub(crate) target: Option<String>,
}

/// What `clear` takes.
#[derive(Args, Debug)]
pub(crate) struct ClearOptions {
    /// Functions, by path or the end of it, and IDs of results
    #[arg(value_name = "FUNCTION|ID", required_unless_present = "all")]
    pub(crate) targets: Vec<String>,
    /// Everything, and what killed processes left behind
    #[arg(long, conflicts_with = "targets")]
    pub(crate) all: bool,
    /// Show what would be removed, and remove nothing
    #[arg(long, short = 'n')]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long, short, action = ArgAction::SetTrue)]
    pub(crate) yes: bool,
}

impl Cli {
    /// The verb, `status` if none was typed.
    pub(crate) fn verb(&self) -> &Verb {
        self.verb.as_ref().unwrap_or(&Verb::Status)
    }

    /// Refuses what each flag allows and both together do not.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let verb = match self.verb() {
            Verb::List(_) | Verb::Log(_) => return Ok(()),
            Verb::Status => "status",
            Verb::Show(_) => "show",
            Verb::Why(_) => "why",
            Verb::Clear(_) => "clear",
        };
        if self.common.format == Format::Csv {
            return Err(Failure::Usage(format!(
                "`{verb}` has no csv form: use --format json, or `list` or `log`"
            )));
        }
        Ok(())
    }
}

/// Reads the command line. Cargo hands over its own word for the program,
/// `memo`, as the first argument; typed by hand it is not there.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|first| first == "memo") {
        arguments.remove(1);
    }
    Cli::try_parse_from(arguments)
}

/// The fewest digits that are taken for an ID: fewer are more likely a slip.
const SHORTEST_ID: usize = 4;

/// Reads an ID or the beginning of one.
pub(crate) fn parse_id(text: &str) -> Result<String, String> {
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !hex || !(SHORTEST_ID..=64).contains(&text.len()) {
        return Err(format!(
            "an ID is {SHORTEST_ID} to 64 hexadecimal digits, as `cargo memo list` shows them"
        ));
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn typed(line: &str) -> Result<Cli, clap::Error> {
        parse(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn cargo_s_own_word_is_passed_over_once() {
        for line in ["cargo-memo list", "cargo-memo memo list"] {
            assert!(
                matches!(typed(line).unwrap().verb(), Verb::List(_)),
                "{line}"
            );
        }
        assert!(typed("cargo-memo memo memo list").is_err());
        for line in ["cargo-memo", "cargo-memo memo", "cargo-memo memo -v"] {
            assert!(
                matches!(typed(line).unwrap().verb(), Verb::Status),
                "{line}"
            );
        }
    }

    #[test]
    fn an_id_is_hexadecimal_and_not_too_short() {
        assert_eq!(parse_id("1F9a"), Ok("1f9a".into()));
        for bad in ["", "1f9", "train", &"0".repeat(65)] {
            assert!(parse_id(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_rows_have_a_csv_form() {
        assert!(
            typed("cargo-memo list --format csv")
                .unwrap()
                .check()
                .is_ok()
        );
        assert!(
            typed("cargo-memo log --format csv")
                .unwrap()
                .check()
                .is_ok()
        );
        assert!(typed("cargo-memo --format csv").unwrap().check().is_err());
        for verb in ["show 1f9a", "why", "why train"] {
            let line = format!("cargo-memo {verb} --format csv");
            assert!(typed(&line).unwrap().check().is_err(), "{verb}");
        }
    }
}
