//! What `clear` takes.

use clap::Args;
use memo_runtime::manage::Condition;

use crate::selection::CodeFilter;

/// What stands below the help.
pub(super) const HELP: &str = "\
What is to be removed is shown first. In a terminal the command then asks;
elsewhere it wants --yes. Programs that are running go on undisturbed.
Conditions are as in `cargo memo list`.

Examples:
  cargo memo clear --all --dry-run    What there is to remove
  cargo memo clear primes_between     All results of one function
  cargo memo clear 1f9a3c07 77b0c1d2  Two results, by their IDs
  cargo memo clear train --where 'lr>0.1'
  cargo memo clear --stale            Of code that has changed or is gone
  cargo memo clear --all --yes        Everything, without asking";

/// What `clear` takes.
#[derive(Args, Debug)]
pub(crate) struct ClearOptions {
    /// Functions, by path or the end of it, and IDs of results
    #[arg(value_name = "FUNCTION|ID")]
    pub(crate) targets: Vec<String>,
    /// Only results with such arguments, as in 'lr>0.1 and layers=3'
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) condition: Option<Condition>,
    /// Only results of such code: current, older, gone, stale (older or gone)
    #[arg(long, value_enum, value_name = "STATE", hide_possible_values = true)]
    pub(crate) code: Option<CodeFilter>,
    /// Only results of code that has changed or is gone
    #[arg(long, conflicts_with = "code")]
    pub(crate) stale: bool,
    /// Everything, and what killed processes left behind
    #[arg(long, conflicts_with_all = ["targets", "condition", "code", "stale"])]
    pub(crate) all: bool,
    /// Show what would be removed, and remove nothing
    #[arg(long, short = 'n')]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
}

impl ClearOptions {
    /// Whether it is said which results are meant.
    pub(super) fn says_what(&self) -> bool {
        let narrowed = self.condition.is_some() || self.code.is_some() || self.stale;
        self.all || narrowed || !self.targets.is_empty()
    }
}
