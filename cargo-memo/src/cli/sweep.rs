//! What `sweep` takes.

use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use memo_runtime::manage::Condition;

use super::ProgramOptions;
use crate::experiment::space::MOST_POINTS;

/// What stands below the help.
pub(super) const HELP: &str = "\
Values of a parameter:
  lr=0.1,0.01           A list; 'name=\"a,b\",c' has a text with a comma
  layers=2..=4          2, 3, 4; seed=0..10 leaves out the 10
  n=0..=100:25          With a step; lr=0.1..=0.5:0.1 is exact; n=3..0:-1 falls
  'lr=log(1e-4,1e-1)'   Drawn at random, as likely in each decade
  'x=uniform(0,1)'      Drawn at random

Each value goes with each, the last parameter fastest; --zip and --if make
fewer points of them. With --sample, points are chosen at random: the same ones
each time, and more of them begin with these.

A parameter becomes an argument of the program: --lr 0.1. Where {lr} stands, in
an argument, --output, --input or --env NAME=VALUE, it becomes the value; such
a parameter is not appended if an argument or --env has it. {{lr}} is {lr}.

A file for --from is CSV, of which the first row has the names (spaces around
values are left out), or has a JSON object on each line. Its points go with each
value of the other parameters.

A point is the same as a `run`: what was computed is found again, so that the
same command goes on after an interrupt, retries what failed, and with more
values computes only the new points.

Examples:
  cargo memo sweep --bin train lr=0.1,0.01 layers=2..=4 seed=0..10
  cargo memo sweep --bin train lr=0.1,0.01 --metric loss --sort loss -j 4
  cargo memo sweep --bin train 'lr=log(1e-4,1e-1)' act=relu,tanh --sample 50
  cargo memo sweep --bin train lr=0.1,0.01 batch=32,64 --zip lr,batch -- --fast
  cargo memo sweep --from points.csv --output 'out-{lr}' -- ./train.sh {lr}
  cargo memo sweep size=1..=9 --metric t='([0-9.]+) s' -- ./bench -s {size}
  cargo memo sweep --bin train lr=0.1,0.01 -n        What there is to be done

Exit codes: 0 all points are there, 1 some failed, 2 wrong usage, 130
interrupted.";

/// What `sweep` takes.
#[derive(Args, Debug)]
pub(crate) struct SweepOptions {
    /// Parameters with values, as lr=0.1,0.01 layers=2..=4
    #[arg(value_name = "NAME=VALUES")]
    pub(crate) parameters: Vec<String>,
    /// Points from a file: CSV, or JSON lines
    ///
    /// The first row of CSV has the names. `-` is standard input.
    #[arg(long, value_name = "FILE", help_heading = "Points")]
    pub(crate) from: Option<PathBuf>,
    /// Parameters that advance together, not each with each: lr,batch
    #[arg(
        long,
        value_name = "NAMES",
        help_heading = "Points",
        hide_short_help = true
    )]
    pub(crate) zip: Vec<String>,
    /// Only such points, as 'act!=tanh or lr<0.01'
    #[arg(long = "if", value_name = "CONDITION", help_heading = "Points")]
    pub(crate) condition: Option<Condition>,
    /// So many points, chosen at random
    #[arg(long, value_name = "N", value_parser = sample, help_heading = "Points")]
    pub(crate) sample: Option<NonZeroUsize>,
    /// Which points --sample chooses [default: 0]
    #[arg(
        long,
        value_name = "N",
        requires = "sample",
        help_heading = "Points",
        hide_short_help = true
    )]
    pub(crate) seed: Option<u64>,
    /// Show the points and which are kept, and run nothing
    #[arg(long, short = 'n')]
    pub(crate) dry_run: bool,
    /// How many points run at once [default: one a core]
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// How often a point that fails is run again
    #[arg(long, value_name = "N", default_value_t = 0, hide_short_help = true)]
    pub(crate) retries: u32,
    /// Begin no point after one has failed
    #[arg(long, hide_short_help = true)]
    pub(crate) fail_fast: bool,
    /// Order: a metric, a parameter, duration; -KEY: reversed
    ///
    /// The smallest comes first, with -KEY the largest. By a metric, the first is the best, which
    /// is marked.
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    pub(crate) sort: Option<SortKey>,
    /// At most so many rows in the table [default: 50 in a terminal, else all]
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(crate) limit: Option<usize>,
    #[command(flatten)]
    pub(crate) program: ProgramOptions,
}

/// What the points are ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SortKey {
    /// A metric, a parameter, or `duration`.
    pub(crate) name: String,
    /// Whether the largest comes first.
    pub(crate) descending: bool,
}

impl FromStr for SortKey {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let name = text.strip_prefix('-');
        Ok(Self {
            descending: name.is_some(),
            name: name.unwrap_or(text).to_owned(),
        })
    }
}

fn sample(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok();
    let number = number.filter(|number: &NonZeroUsize| number.get() as u64 <= MOST_POINTS);
    number.ok_or_else(|| format!("it is to be a number from 1 to {MOST_POINTS}"))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: SweepOptions,
    }

    fn read(line: &str) -> Result<SweepOptions, String> {
        let words = std::iter::once("sweep").chain(line.split_whitespace());
        let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
        Ok(line.options)
    }

    #[test]
    fn parameters_stand_before_the_dashes_and_the_program_behind() {
        let options = read("lr=0.1 --sort -acc n=1..3 -- ./train -x {lr}").unwrap();
        assert_eq!(options.parameters, ["lr=0.1", "n=1..3"]);
        assert_eq!(options.program.command().unwrap(), "./train");
        assert_eq!(options.program.arguments(), ["-x", "{lr}"]);
        let options = read("--bin train lr=0.1 -- --fast").unwrap();
        assert_eq!(options.program.command(), None);
        assert_eq!(options.program.arguments(), ["--fast"]);
    }

    #[test]
    fn an_order_may_be_the_other_way_round() {
        for (word, name, descending) in [
            ("loss", "loss", false),
            ("-loss", "loss", true),
            ("-x-1", "x-1", true),
        ] {
            let options = read(&format!("--bin a lr=1 --sort {word}")).unwrap();
            let expected = SortKey {
                name: name.to_owned(),
                descending,
            };
            assert_eq!(options.sort, Some(expected), "{word}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (line, message) in [
            ("lr=0.1", "<COMMAND|ARGUMENTS>..."),
            ("lr=0.1 --", "<COMMAND|ARGUMENTS>..."),
            ("lr=0.1 --seed 3 -- a", "--sample <N>"),
            (
                "lr=0.1 --sample 0 -- a",
                "it is to be a number from 1 to 1000000",
            ),
            (
                "lr=0.1 --sample 1000001 -- a",
                "it is to be a number from 1 to 1000000",
            ),
            ("lr=0.1 --if lr>> -- a", "expected"),
            ("lr=0.1 -j 0 -- a", "--jobs"),
        ] {
            let refused = read(line).unwrap_err();
            assert!(refused.contains(message), "{line}: {refused}");
        }
        let most = read("lr=0.1 --sample 1000000 -- a").unwrap();
        assert_eq!(most.sample.map(NonZeroUsize::get), Some(1_000_000));
    }
}
