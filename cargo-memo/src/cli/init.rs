//! What `init` takes.

use std::path::PathBuf;

use clap::Args;

/// What stands below the help.
pub(super) const HELP: &str = "\
What is added, as far as it is not there:
  Cargo.toml  memo-runtime in [dependencies], memo-build in [build-dependencies]
  build.rs    memo_build::fingerprint(); as the first statement of `main`
All else stays as it is, comments and form included. Either all files are
written or none.

Examples:
  cargo memo init -n      The differences, and nothing is written
  cargo memo init         The package of the current directory
  cargo memo init -p lab  Another member of the workspace";

/// What `init` takes.
#[derive(Args, Debug)]
pub(crate) struct InitOptions {
    /// Member of the workspace to set up
    #[arg(long, short, value_name = "PACKAGE")]
    pub(crate) package: Option<String>,
    /// Use memo-runtime and memo-build from a checkout of their sources
    #[arg(long, value_name = "CHECKOUT")]
    pub(crate) path: Option<PathBuf>,
    /// Show what would be written, and write nothing
    #[arg(long, short = 'n')]
    pub(crate) dry_run: bool,
}
