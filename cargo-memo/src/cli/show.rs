//! What `show` takes.

use clap::Args;
use memo_runtime::manage::Condition;

/// What stands below the help.
pub(super) const HELP: &str = "\
The whole file is checked against its digests; exit code 1 tells that it is
damaged. A value can be shown whose codec is messagepack, or whose type is made
of those of the standard library.

With --log a program's output is written again, byte for byte and in order,
each stream to its own. With --format json it is text in the document: what is
no UTF-8 is replaced, and only the first 256 KiB are there, with -v the first
64 MiB.

`train` means functions and programs of that name, `lab::train` the function
alone, and `lab/train` the program `train` of the package `lab`.

Examples:
  cargo memo show 1f9a3c07            The result with this ID
  cargo memo show 1f9a --format json  Its first digits are enough
  cargo memo show 1f9a --value        What it is, up to 1000 numbers or texts
  cargo memo show 1f9a --log          What a program printed
  cargo memo show train               The latest result of a function
  cargo memo show train --where lr=0.1";

/// What `show` takes.
#[derive(Args, Debug)]
pub(crate) struct ShowOptions {
    /// ID of the result, or the first digits of it; or a function or program, by its path or the
    /// end of it, of which the latest result is shown
    #[arg(value_name = "ID|FUNCTION")]
    pub(crate) target: String,
    /// The latest result of the function with such arguments or metrics
    #[arg(long = "where", value_name = "CONDITION")]
    pub(crate) condition: Option<Condition>,
    /// The value alone; with -v all of it, however large
    #[arg(long)]
    pub(crate) value: bool,
    /// What the program printed, and nothing else
    #[arg(long, conflicts_with = "value")]
    pub(crate) log: bool,
}
