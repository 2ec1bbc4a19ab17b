//! What `verify` takes.

use clap::Args;

/// What stands below the help.
pub(super) const HELP: &str = "\
Without a target, lists of code and files that are none of the store's are
looked for as well.

Examples:
  cargo memo verify                 Read everything and compare digests
  cargo memo verify primes_between  Only the results of one function
  cargo memo verify --repair        Also move damaged results out of the way

Exit code: 0 all is whole or repaired, 1 not.";

/// What `verify` takes.
#[derive(Args, Debug)]
pub(crate) struct VerifyOptions {
    /// Function or ID; all results if there is none
    #[arg(value_name = "FUNCTION|ID")]
    pub(crate) targets: Vec<String>,
    /// Move damaged results to `damaged` in the store, and remove damaged lists of code
    #[arg(long)]
    pub(crate) repair: bool,
}
