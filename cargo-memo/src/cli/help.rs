//! What stands below the help of the program and of its verbs: examples, and
//! what flags alone do not tell.

/// Below the help of the program.
pub(super) const PROGRAM: &str = "\
Examples:
  cargo memo                       What is kept, and what it has saved
  cargo memo list primes_between   The results of one function
  cargo memo show 1f9a             One result in full, by the start of its ID
  cargo memo log --follow          What is computed and found, as it happens
  cargo memo why                   Why the last computation was not a hit
  cargo memo clear primes_between  Remove the results of one function

The store is the one that --store names, else MEMO_DIR, else `.memo` in the
root of the workspace, unless [workspace.metadata.memo] names another `dir`.

Exit codes: 0 done, 1 findings or failures, 2 wrong usage.";

/// Below that of `list`.
pub(super) const LIST: &str = "\
Examples:
  cargo memo list                              All results, newest first
  cargo memo list primes_between               Arguments as columns
  cargo memo list train --sort size --limit 5  The five largest of any `train`
  cargo memo list --format csv > results.csv   For a spreadsheet";

/// Below that of `show`.
pub(super) const SHOW: &str = "\
Examples:
  cargo memo show 1f9a3c07            The result with this ID
  cargo memo show 1f9a --format json  Its first digits are enough";

/// Below that of `log`.
pub(super) const LOG: &str = "\
With --follow and --format json each execution is an object on a line of its
own, since a document would have no end.

Examples:
  cargo memo log --since 2h                 The last two hours
  cargo memo log --since 2026-03-01         Since a day, in local time
  cargo memo log --outcome computed,error   What was not found
  cargo memo log --function train --follow  One function, as it happens";

/// Below that of `clear`.
pub(super) const CLEAR: &str = "\
What is to be removed is shown first. In a terminal the command then asks;
elsewhere it wants --yes. Programs that are running go on undisturbed.

Examples:
  cargo memo clear --all --dry-run    What there is to remove
  cargo memo clear primes_between     All results of one function
  cargo memo clear 1f9a3c07 77b0c1d2  Two results, by their IDs
  cargo memo clear --all --yes        Everything, without asking";

/// Below that of `why`.
pub(super) const WHY: &str = "\
The code is compared with that of the nearest earlier result: the one whose
arguments, and then whose code and settings, differ least.

Examples:
  cargo memo why                      The last computation of any function
  cargo memo why train                The last one of a function
  cargo memo why 1f9a3c07             The one that a result came from
  cargo memo why train -v             All that differs, nothing cut
  cargo memo why train --format json  With the full source of what changed";
