//! What `list` takes.

use std::convert::Infallible;
use std::str::FromStr;

use clap::Args;
use memo_runtime::manage::Condition;

use crate::selection::CodeFilter;

/// What stands below the help.
pub(super) const HELP: &str = "\
A condition compares arguments, and metrics of programs, by = != < <= > >= and
~ (contains), joined by and, or, not and parentheses. Texts with spaces stand in
quotation marks. What an argument is not there for is not met: neither act=relu
nor act!=relu. `config.lr` is what `config` has under `lr`. Where an argument
and a metric have one name, `metric loss` is the metric.

Of a program, what it reads (`input PATH`, `env NAME`, `standard input`) and its
`working directory` are shown with -v, and where --where or --sort names them.

`train` means functions and programs of that name, `lab::train` the function
alone, and `lab/train` the program `train` of the package `lab`.

Examples:
  cargo memo list                              All results, newest first
  cargo memo list primes_between               Arguments as columns
  cargo memo list train --where 'lr>0.1 and layers=3'
  cargo memo list train --sort lr              In the order of an argument
  cargo memo list train --where 'loss<0.3' --sort -accuracy
                                               Runs by their metrics, best first
  cargo memo list --sort size --limit 5        The five largest
  cargo memo list --code older                 What the code has outgrown
  cargo memo list --format csv > results.csv   For a spreadsheet";

/// What `list` takes.
#[derive(Args, Debug, Default)]
pub(crate) struct ListOptions {
    /// Functions and programs, by path or the end of it, and IDs of results
    #[arg(value_name = "FUNCTION|ID")]
    pub(crate) targets: Vec<String>,
    /// Only results with such arguments or metrics, as in 'lr>0.1 and layers=3'
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) condition: Option<Condition>,
    /// Only results of such code: current, older, gone, stale (older or gone)
    #[arg(long, value_enum, value_name = "STATE", hide_possible_values = true)]
    pub(crate) code: Option<CodeFilter>,
    /// Only results whose time to live is over
    #[arg(long)]
    pub(crate) expired: bool,
    /// Order: created, used, size, duration (latest, largest, longest first), function, or the
    /// name of an argument or metric; `-KEY`: the other way round
    #[arg(long, value_name = "KEY", default_value = "created")]
    #[arg(allow_hyphen_values = true)]
    pub(crate) sort: Sorting,
    /// The other way round
    #[arg(long, short)]
    pub(crate) reverse: bool,
    /// At most so many results [default: 50 in a terminal, else all]
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
}

impl ListOptions {
    /// Whether what would come first comes last.
    pub(crate) fn is_reversed(&self) -> bool {
        self.reverse != self.sort.reverse
    }
}

/// What a listing is ordered by, and in which direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sorting {
    /// What it is ordered by.
    pub(crate) key: Sort,
    /// The other way round.
    pub(crate) reverse: bool,
}

/// What a listing is ordered by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    /// When it was computed, latest first.
    #[default]
    Created,
    /// When it was last used, latest first.
    Used,
    /// Its size, largest first.
    Size,
    /// How long computing took, longest first.
    Duration,
    /// The function, then when it was computed.
    Function,
    /// The argument or metric of this name, smallest first.
    Value(String),
}

impl Sort {
    /// The words for all orders but those by an argument or metric.
    pub(crate) const KEYS: [(&str, Self); 5] = [
        ("created", Self::Created),
        ("used", Self::Used),
        ("size", Self::Size),
        ("duration", Self::Duration),
        ("function", Self::Function),
    ];
}

impl FromStr for Sorting {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let (word, reverse) = match text.strip_prefix('-') {
            Some(word) => (word, true),
            None => (text, false),
        };
        let key = Sort::KEYS.iter().find(|(key, _)| *key == word);
        let key = match key {
            Some((_, sort)) => sort.clone(),
            None => Sort::Value(word.to_owned()),
        };
        Ok(Self { key, reverse })
    }
}
