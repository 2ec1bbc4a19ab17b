//! What `doctor` takes.

use std::path::PathBuf;

use clap::Args;

/// What stands below the help.
pub(super) const HELP: &str = "\
Everything is tried for real, in a directory that is removed at the end: in
the store, or where it would be.

Examples:
  cargo memo doctor
  cargo memo doctor --store /scratch/memo  Before results are kept there
  cargo memo doctor --format json

Exit code: 0 nothing is broken, 1 something is. What is odd changes nothing.";

/// What `doctor` takes.
#[derive(Args, Debug)]
pub(crate) struct DoctorOptions {
    /// Lock this file until standard input ends: what `doctor` has a second process do
    #[arg(long, hide = true, value_name = "FILE")]
    pub(crate) hold_lock: Option<PathBuf>,
}
