//! What `status` takes: nothing of its own.

/// What stands below the help.
pub(super) const HELP: &str = "\
Entries are counted as the store holds them now, hits and time saved by the
journal. Where the code of a function or program has changed or is gone since,
`code` says so; of a program that counts by its bytes it cannot be told. What is
being computed right now is shown below.

Examples:
  cargo memo                       Of the workspace around
  cargo memo status --store /data  Of any store
  cargo memo status --format json  For programs";
