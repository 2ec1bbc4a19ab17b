//! What `run` takes.

use clap::Args;

use super::ProgramOptions;

/// What stands below the help.
pub(super) const HELP: &str = "\
A run is found again by its program, its arguments, and what else is declared:
input files by their content, environment variables by their values, standard
input if asked for, and the working directory within the workspace. The program
is, for a binary of the workspace, the code that its `main` can reach, so that a
comment, or debug instead of release, leaves results valid; for any other
command it is the bytes of its file, and of the script that an interpreter is
given. What else it reads has to be declared.

A hit prints what the program printed, restores declared outputs that are
missing or differ, and exits with the same code. A program that fails is not
kept, unless --keep-failures says so; one that is ended by a signal never is.
Standard input of the program is empty without --stdin.

Examples:
  cargo memo run --bin train -- --lr 0.1 --layers 3
  cargo memo run --input 'data/*.csv' --output model.bin -- ./script.sh 7
  cargo memo run --metric loss='loss=([0-9.]+)' -- python3 train.py --lr 0.1
  cargo memo run --check --bin train       Run it again, and compare
  cargo memo list train --sort loss        What has been run
  cargo memo show train --log              What the last run printed

Exit codes: that of the program; 128 and its number if a signal ended it; 124
over --timeout; 126 and 127 if it cannot be run or found; 1 if --check finds a
difference.";

/// What `run` takes.
#[derive(Args, Debug)]
pub(crate) struct RunOptions {
    #[command(flatten)]
    pub(crate) program: ProgramOptions,
    /// Give standard input to the program; its content counts
    #[arg(long, help_heading = "What the result depends on")]
    pub(crate) stdin: bool,
    /// Run what is kept again, and compare output, files and exit code
    #[arg(long, conflicts_with = "refresh", help_heading = "What is kept")]
    pub(crate) check: bool,
}
