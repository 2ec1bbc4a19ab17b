//! What `run` and `sweep` both take: which program it is, how cargo builds it,
//! what its result depends on, and what is kept of it.

use std::ffi::{OsStr, OsString};
use std::str::FromStr;
use std::time::Duration;

use clap::Args;
use memo_runtime::manage::parse_duration;
use regex::bytes::Regex;

/// Where it is shown in the help what a result depends on.
const DEPENDS: &str = "What the result depends on";
/// Where it is shown what is kept of it.
const KEPT: &str = "What is kept";

/// What `run` and `sweep` both take.
#[derive(Args, Debug, Default)]
pub(crate) struct ProgramOptions {
    /// Run this binary of the workspace
    #[arg(long, value_name = "NAME")]
    pub(crate) bin: Option<String>,
    /// The package that the binary is in
    #[arg(long, short, requires = "bin", hide_short_help = true)]
    pub(crate) package: Option<String>,
    /// Know the binary by its bytes, not by the sources that it is built from
    #[arg(long, requires = "bin", hide_short_help = true)]
    pub(crate) exact: bool,
    /// End the program when it has run for so long, such as 90s or 2h; it has failed then
    #[arg(long, value_name = "TIME", value_parser = time, hide_short_help = true)]
    pub(crate) timeout: Option<Duration>,
    /// Files that count: a path, or a pattern as 'data/*.csv'
    ///
    /// They are known by their content; of a directory, all in it counts.
    #[arg(long, value_name = "PATTERN", help_heading = DEPENDS)]
    pub(crate) input: Vec<String>,
    /// An environment variable that counts; with =VALUE it is set
    #[arg(long, value_name = "NAME[=VALUE]", help_heading = DEPENDS, hide_short_help = true)]
    pub(crate) env: Vec<Variable>,
    /// A file or directory that the program writes
    ///
    /// It is kept with the result, and a hit restores it.
    #[arg(long, value_name = "PATH", help_heading = KEPT)]
    pub(crate) output: Vec<String>,
    /// A number that it reports, or that REGEX finds
    ///
    /// REGEX is looked for in each line that the program prints, and the last match counts: its
    /// first group if there is one, else all of it. Without REGEX, it is the name of a metric that
    /// the program reports itself, to be shown.
    #[arg(long, value_name = "NAME[=REGEX]", help_heading = KEPT)]
    pub(crate) metric: Vec<MetricOption>,
    /// Keep failed runs too
    #[arg(long, help_heading = KEPT, hide_short_help = true)]
    pub(crate) keep_failures: bool,
    /// How long the result is good for, such as 12h or 30d
    #[arg(long, value_name = "TIME", value_parser = time)]
    #[arg(help_heading = KEPT, hide_short_help = true)]
    pub(crate) ttl: Option<Duration>,
    /// Run again, and keep the new result
    #[arg(long, help_heading = KEPT)]
    pub(crate) refresh: bool,
    /// Arguments of the binary, or a command with its own
    #[arg(last = true, value_name = "COMMAND|ARGUMENTS")]
    #[arg(required_unless_present = "bin")]
    pub(super) line: Vec<OsString>,
    #[command(flatten)]
    pub(crate) cargo: CargoOptions,
}

/// How cargo builds the binary. The flags are cargo's own.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "How cargo builds the binary")]
pub(crate) struct CargoOptions {
    /// Optimized: the profile `release`
    #[arg(
        long,
        short,
        requires = "bin",
        conflicts_with = "profile",
        hide_short_help = true
    )]
    pub(crate) release: bool,
    /// With this profile
    #[arg(long, value_name = "NAME", requires = "bin", hide_short_help = true)]
    pub(crate) profile: Option<String>,
    /// With these features, separated by commas or spaces
    #[arg(
        long,
        short = 'F',
        value_name = "FEATURES",
        requires = "bin",
        hide_short_help = true
    )]
    pub(crate) features: Vec<String>,
    /// With all features
    #[arg(long, requires = "bin", hide_short_help = true)]
    pub(crate) all_features: bool,
    /// Without the feature `default`
    #[arg(long, requires = "bin", hide_short_help = true)]
    pub(crate) no_default_features: bool,
    /// With Cargo.lock as it is
    #[arg(long, requires = "bin", hide_short_help = true)]
    pub(crate) locked: bool,
    /// Without the network
    #[arg(long, requires = "bin", hide_short_help = true)]
    pub(crate) offline: bool,
    /// With Cargo.lock as it is, and without the network
    #[arg(long, requires = "bin", hide_short_help = true)]
    pub(crate) frozen: bool,
}

impl ProgramOptions {
    /// The command to run; `None`: it is a binary of the workspace.
    pub(crate) fn command(&self) -> Option<&OsStr> {
        match self.bin {
            Some(_) => None,
            None => self.line.first().map(OsString::as_os_str),
        }
    }

    /// The arguments of the command or the binary.
    pub(crate) fn arguments(&self) -> &[OsString] {
        let before = usize::from(self.command().is_some());
        &self.line[before..]
    }
}

/// An environment variable of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name.
    pub(crate) name: String,
    /// What it is set to; `None`: it is as it is.
    pub(crate) value: Option<String>,
}

impl FromStr for Variable {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = name_and_rest(text);
        if name.is_empty() {
            return Err("the name of the variable is missing");
        }
        if text.contains('\0') {
            return Err("no variable has a NUL character");
        }
        Ok(Self { name, value })
    }
}

/// A metric that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct MetricOption {
    /// Its name.
    pub(crate) name: String,
    /// How it is found in what the program prints: in the first group if there
    /// is one, else in the whole match; `None`: the program reports it.
    pub(crate) pattern: Option<Regex>,
}

impl FromStr for MetricOption {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, pattern) = name_and_rest(text);
        if name.is_empty() {
            return Err("the name of the metric is missing".to_owned());
        }
        let pattern = pattern.map(|pattern| Regex::new(&pattern)).transpose();
        let pattern = pattern.map_err(|error| error.to_string())?;
        Ok(Self { name, pattern })
    }
}

/// `NAME` or `NAME=REST`, cut in two.
fn name_and_rest(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, rest)) => (name.to_owned(), Some(rest.to_owned())),
        None => (text.to_owned(), None),
    }
}

fn time(text: &str) -> Result<Duration, String> {
    parse_duration(text).map_err(|expected| format!("it is to be {expected}"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: ProgramOptions,
    }

    fn read(line: &str) -> Result<ProgramOptions, String> {
        let words = std::iter::once("run").chain(line.split_whitespace());
        let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
        Ok(line.options)
    }

    #[test]
    fn behind_the_dashes_is_a_command_or_what_a_binary_is_given() {
        for (line, command, arguments) in [
            (
                "-- ./train.sh --lr 0.1",
                Some("./train.sh"),
                &["--lr", "0.1"][..],
            ),
            ("-- true", Some("true"), &[]),
            ("-- sh -- -c", Some("sh"), &["--", "-c"]),
            ("--bin train -- --lr 0.1", None, &["--lr", "0.1"]),
            ("--bin train", None, &[]),
        ] {
            let options = read(line).unwrap();
            assert_eq!(options.command(), command.map(OsStr::new), "{line}");
            assert_eq!(options.arguments(), arguments, "{line}");
        }
    }

    #[test]
    fn a_variable_is_as_it_is_or_set() {
        for (text, name, value) in [
            ("SEED", "SEED", None),
            ("SEED=", "SEED", Some("")),
            ("GPU={gpu}", "GPU", Some("{gpu}")),
            ("X=a=b", "X", Some("a=b")),
        ] {
            let options = read(&format!("--env {text} -- a")).unwrap();
            let variable = Variable {
                name: name.to_owned(),
                value: value.map(str::to_owned),
            };
            assert_eq!(options.env, [variable]);
        }
    }

    #[test]
    fn a_metric_is_reported_or_found_in_the_output() {
        let options = read("--metric loss --metric acc=acc=([0-9.]+) -- a").unwrap();
        let metrics = options.metric.iter();
        let metrics: Vec<_> = metrics
            .map(|metric| {
                let pattern = metric.pattern.as_ref().map(Regex::as_str);
                (metric.name.as_str(), pattern)
            })
            .collect();
        assert_eq!(metrics, [("loss", None), ("acc", Some("acc=([0-9.]+)"))]);
    }

    #[test]
    fn times_have_units() {
        let options = read("--ttl 7d --timeout 90s -- a").unwrap();
        assert_eq!(options.ttl, Some(Duration::from_secs(7 * 86_400)));
        assert_eq!(options.timeout, Some(Duration::from_secs(90)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (line, message) in [
            ("", "<COMMAND|ARGUMENTS>..."),
            ("--release -- a", "--bin <NAME>"),
            ("-F x -- a", "--bin <NAME>"),
            ("--exact -- a", "--bin <NAME>"),
            ("-p lab -- a", "--bin <NAME>"),
            ("--bin a --release --profile dev", "cannot be used with"),
            ("--timeout 90 -- a", "it is to be a number and a unit"),
            ("--env = -- a", "the name of the variable is missing"),
            ("--env A\0=1 -- a", "no variable has a NUL character"),
            ("--metric =x -- a", "the name of the metric is missing"),
            ("--metric loss=( -- a", "unclosed group"),
        ] {
            let refused = read(line).unwrap_err();
            assert!(refused.contains(message), "{line}: {refused}");
        }
    }
}
