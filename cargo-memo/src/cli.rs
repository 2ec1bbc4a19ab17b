//! What was typed: verbs, flags and their help texts. Parsing checks the
//! form and never acts.

mod alone;
mod clear;
mod completions;
mod config;
mod doctor;
mod gc;
mod init;
mod list;
mod log;
mod man;
mod new;
mod program;
mod run;
mod show;
mod status;
mod sweep;
mod verify;
mod why;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Command, CommandFactory, Parser, Subcommand, ValueEnum};

pub(crate) use clear::ClearOptions;
pub(crate) use completions::CompletionsOptions;
pub(crate) use config::ConfigOptions;
pub(crate) use doctor::DoctorOptions;
pub(crate) use gc::GcOptions;
pub(crate) use init::InitOptions;
pub(crate) use list::{ListOptions, Sort};
pub(crate) use log::LogOptions;
pub(crate) use man::ManOptions;
pub(crate) use new::{NewOptions, Vcs};
pub(crate) use program::{CargoOptions, ProgramOptions, Variable};
pub(crate) use run::RunOptions;
pub(crate) use show::ShowOptions;
pub(crate) use sweep::{SortKey, SweepOptions};
pub(crate) use verify::VerifyOptions;
pub(crate) use why::WhyOptions;

use crate::failure::Failure;

/// What stands below the help of the program.
const HELP: &str = "\
Examples:
  cargo memo                       What is kept, and what it has saved
  cargo memo list primes_between   The results of one function
  cargo memo show 1f9a             One result in full, by the start of its ID
  cargo memo log --follow          What is computed and found, as it happens
  cargo memo why                   Why the last computation was not a hit
  cargo memo clear primes_between  Remove the results of one function
  cargo memo gc                    Remove what the limits leave no room for

The store is the one that --store names, else MEMO_DIR, else `.memo` in the
root of the workspace, unless [workspace.metadata.memo] names another `dir`.

Exit codes: 0 done, 1 findings or failures, 2 wrong usage, 130 interrupted.";

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
#[command(after_long_help = HELP, max_term_width = 80)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// The flags that every verb takes.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Common options")]
pub(crate) struct Common {
    /// Cargo.toml of the workspace whose store and settings are meant
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// The store, wherever it is
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    /// Form of the output: table, json, or csv (`list`, `log` and `sweep` only)
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
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
    #[command(after_long_help = status::HELP)]
    Status,
    /// Results with their arguments, newest first
    #[command(visible_alias = "ls", after_long_help = list::HELP)]
    List(ListOptions),
    /// One result in full, with its last executions
    #[command(after_long_help = show::HELP)]
    Show(ShowOptions),
    /// Executions and what came of them, newest last
    #[command(after_long_help = log::HELP)]
    Log(LogOptions),
    /// Why a result was computed and not found
    #[command(after_long_help = why::HELP)]
    Why(WhyOptions),
    /// Remove results
    #[command(after_long_help = clear::HELP)]
    Clear(ClearOptions),
    /// Remove what the limits leave no room for
    #[command(after_long_help = gc::HELP)]
    Gc(GcOptions),
    /// Check that every result is whole
    #[command(after_long_help = verify::HELP)]
    Verify(VerifyOptions),
    /// Prove that the store's directory does what the cache needs, and check the set-up
    #[command(after_long_help = doctor::HELP)]
    Doctor(DoctorOptions),
    /// The settings in force, and where each comes from
    #[command(after_long_help = config::HELP)]
    Config(ConfigOptions),
    /// Run a program through the cache
    #[command(after_long_help = run::HELP)]
    Run(RunOptions),
    /// Run a program for many values of its parameters
    #[command(after_long_help = sweep::HELP)]
    Sweep(Box<SweepOptions>),
    /// Start an experiment from the template
    #[command(after_long_help = new::HELP)]
    New(NewOptions),
    /// Add memo-runtime to a package
    #[command(after_long_help = init::HELP)]
    Init(InitOptions),
    /// Print the completions for a shell
    #[command(after_long_help = completions::HELP)]
    Completions(CompletionsOptions),
    /// Write the manual pages
    #[command(hide = true, after_long_help = man::HELP)]
    Man(ManOptions),
}

impl Cli {
    /// The verb, `status` if none was typed.
    pub(crate) fn verb(&self) -> &Verb {
        self.verb.as_ref().unwrap_or(&Verb::Status)
    }

    /// Refuses what each flag allows and both together do not.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let (verb, has_csv) = match self.verb() {
            Verb::Status => ("status", false),
            Verb::List(_) => ("list", true),
            Verb::Show(_) => ("show", false),
            Verb::Log(_) => ("log", true),
            Verb::Why(_) => ("why", false),
            Verb::Clear(_) => ("clear", false),
            Verb::Gc(_) => ("gc", false),
            Verb::Verify(_) => ("verify", false),
            Verb::Doctor(_) => ("doctor", false),
            Verb::Config(_) => ("config", false),
            Verb::Run(_) => ("run", false),
            Verb::Sweep(_) => ("sweep", true),
            Verb::New(_) => ("new", false),
            Verb::Init(_) => ("init", false),
            Verb::Completions(_) => ("completions", false),
            Verb::Man(_) => ("man", false),
        };
        if self.common.format != Format::Table && matches!(self.verb(), Verb::Run(_)) {
            return Err(Failure::Usage(
                "`run` has no form of its own: it prints what the program prints; `list` and \
                 `show` tell of runs"
                    .to_owned(),
            ));
        }
        if self.common.format == Format::Csv && !has_csv {
            return Err(Failure::Usage(format!(
                "`{verb}` has no csv form: use --format json, or `list`, `log` or `sweep`"
            )));
        }
        if let Verb::Clear(options) = self.verb()
            && !options.says_what()
        {
            return Err(Failure::Usage(
                "nothing says what to clear: name functions or IDs, or choose by --where CONDITION, \
                 --code STATE or --stale, or say --all"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

/// The definition of all that can be typed, for what is made from it.
pub(crate) fn definition() -> Command {
    Cli::command()
}

/// Reads the command line. Cargo hands over its own word for the program,
/// `memo`, as the first argument; typed by hand it is not there.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.get(1).is_some_and(|first| first == "memo") {
        arguments.remove(1);
    }
    match alone::run(&arguments) {
        Some(cli) => Ok(cli),
        None => Cli::try_parse_from(arguments),
    }
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
    use super::*;

    fn typed(line: &str) -> Result<Cli, clap::Error> {
        parse(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
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
