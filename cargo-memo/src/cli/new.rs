//! What `new` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What stands below the help.
pub(super) const HELP: &str = "\
The experiment trains a small network and draws what it has learned. It is a
package like any other: replace the data and the model by your own. Names,
repository and workspace are seen to by `cargo init`, so that its rules and
your settings for it hold.

Examples:
  cargo memo new spirals                         In the directory `spirals`
  cargo memo new lab/first --name lab-first      By another name
  cargo memo new spirals --path ../memo          With memo-runtime from sources";

/// What `new` takes.
#[derive(Args, Debug)]
pub(crate) struct NewOptions {
    /// Directory to make the package in: not there yet, or empty
    pub(crate) path: PathBuf,
    /// Name of the package, if it is not that of the directory
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Use memo-runtime and memo-build from a checkout of their sources
    #[arg(long = "path", value_name = "CHECKOUT")]
    pub(crate) checkout: Option<PathBuf>,
    /// Repository to begin: git, none; git unless there is one around
    #[arg(long, value_enum, hide_possible_values = true)]
    pub(crate) vcs: Option<Vcs>,
}

/// The repository of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Vcs {
    /// One of its own.
    Git,
    /// None.
    None,
}
