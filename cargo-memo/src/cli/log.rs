//! What `log` takes.

use clap::Args;
use jiff::Zoned;
use memo_runtime::manage::Outcome;

use crate::render::parse_since;

/// What stands below the help.
pub(super) const HELP: &str = "\
The journal is kept short: of what is older, only the sums are left that
`cargo memo status` shows.

With --follow and --format json each execution is an object on a line of its
own, since a document would have no end.

Examples:
  cargo memo log --since 2h                 The last two hours
  cargo memo log --since 2026-03-01 --until 2026-03-02
                                            One day, in local time
  cargo memo log --outcome computed,error   What was not found
  cargo memo log --function train --follow  One function, as it happens";

/// What `log` takes.
#[derive(Args, Debug)]
pub(crate) struct LogOptions {
    /// From when on: an age such as 90s, 2h, 7d, or a time (RFC 3339, or local)
    #[arg(long, value_name = "WHEN", value_parser = |text: &str| parse_since(text, &Zoned::now()))]
    pub(crate) since: Option<u64>,
    /// Until when: as with --since
    #[arg(long, value_name = "WHEN", value_parser = |text: &str| parse_since(text, &Zoned::now()))]
    #[arg(conflicts_with = "follow")]
    pub(crate) until: Option<u64>,
    /// Function or program, by its path or the end of it
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
