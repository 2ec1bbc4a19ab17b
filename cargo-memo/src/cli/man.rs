//! What `man` takes.

use std::path::PathBuf;

use clap::Args;

/// What stands below the help.
pub(super) const HELP: &str = "\
Examples:
  cargo memo man ~/.local/share/man/man1  Then `man cargo-memo` shows them";

/// What `man` takes.
#[derive(Args, Debug)]
pub(crate) struct ManOptions {
    /// Directory to write the pages to; it is made if it is not there
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,
}
