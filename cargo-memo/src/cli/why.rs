//! What `why` takes.

use clap::Args;

/// What stands below the help.
pub(super) const HELP: &str = "\
The code is compared with that of the nearest earlier result: the one whose
arguments, and then whose code and settings, differ least.

`train` means functions and programs of that name, `lab::train` the function
alone, and `lab/train` the program `train` of the package `lab`.

Examples:
  cargo memo why                      The last computation of all
  cargo memo why train                The last one of a function or program
  cargo memo why 1f9a3c07             The one that a result came from
  cargo memo why train -v             All that differs, nothing cut
  cargo memo why train --format json  With the full source of what changed";

/// What `why` takes.
#[derive(Args, Debug)]
pub(crate) struct WhyOptions {
    /// Function or program, by its path or the end of it, or ID of a result [default: the last
    /// computation]
    #[arg(value_name = "FUNCTION|ID")]
    pub(crate) target: Option<String>,
}
