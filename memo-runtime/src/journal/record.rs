//! One record of the journal.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::clock::Moment;
use crate::key::Digest;

/// What came of an execution.
///
/// In the journal the variants go by their position: new ones are added at
/// the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Outcome {
    /// Found in the store.
    Hit,
    /// Computed by this call.
    Computed,
    /// Computed by another thread or process while this call waited for it.
    Waited,
    /// Computed by this call although another was computing it or had just
    /// failed to: waiting was not possible, took too long, or was in vain.
    Duplicate,
    /// Computed to an `Err`, which is not kept; or not to its end.
    Error,
    /// The computation panicked.
    Panic,
    /// The entry was removed to keep the store within its limits.
    Evicted,
    /// The entry was removed by a person.
    Cleared,
    /// The entry failed its check and was moved aside.
    Damaged,
}

impl Outcome {
    /// Whether the call itself did the computing.
    pub fn is_computed(self) -> bool {
        matches!(
            self,
            Self::Computed | Self::Duplicate | Self::Error | Self::Panic
        )
    }

    /// The word for it in messages and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Computed => "computed",
            Self::Waited => "waited",
            Self::Duplicate => "duplicate",
            Self::Error => "error",
            Self::Panic => "panic",
            Self::Evicted => "evicted",
            Self::Cleared => "cleared",
            Self::Damaged => "damaged",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Why it came to that.
///
/// In the journal the variants go by their position: new ones are added at
/// the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Cause {
    /// There is nothing to say beyond the outcome.
    Plain,
    /// There was no entry.
    Absent,
    /// The entry was older than its time to live.
    Expired,
    /// The entry was damaged.
    Damaged,
    /// The caller, or `MEMO=refresh`, asked for it to be computed anew.
    Refreshed,
    /// A hit was computed again to compare (`MEMO=check`).
    Checked,
    /// The thread holds another flight and must not wait.
    Nested,
    /// The other computation took longer than is worth waiting for.
    WaitedOut,
    /// The computation that was waited for failed.
    HolderFailed,
    /// The value was handed over by the program (`insert`).
    Inserted,
    /// The program asked for the entry to be forgotten.
    Forgotten,
    /// The store could not be used.
    Trouble,
    /// `cache_if` refused the value.
    Refused,
    /// The future that computed was dropped.
    Cancelled,
    /// A hit was computed again to compare, and came out otherwise.
    Differs,
    /// The store was over its limit of size.
    OverSize,
    /// The entry had not been used for longer than the limit says.
    OverAge,
    /// There were more entries than the limit says.
    OverCount,
    /// The code that computed it has changed or is gone.
    OldCode,
    /// The program exited with an error.
    ExitCode,
    /// The program was ended by a signal.
    Signal,
    /// The program took longer than allowed.
    TimedOut,
    /// The program did not leave the files that it was to leave.
    NoOutput,
    /// The program was edited while it ran.
    Edited,
}

impl Cause {
    /// The words for it in output; empty for [`Cause::Plain`].
    pub fn words(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Absent => "no entry",
            Self::Expired => "expired",
            Self::Damaged => "entry damaged",
            Self::Refreshed => "refreshed",
            Self::Checked => "checked",
            Self::Nested => "under way elsewhere, within another computation",
            Self::WaitedOut => "under way elsewhere for too long",
            Self::HolderFailed => "failed elsewhere",
            Self::Inserted => "inserted",
            Self::Forgotten => "forgotten",
            Self::Trouble => "it could not be kept",
            Self::Refused => "not kept, says cache_if",
            Self::Cancelled => "cancelled",
            Self::Differs => "checked, and differs from what is kept",
            Self::OverSize => "the store was over its size limit",
            Self::OverAge => "it was unused for longer than the age limit",
            Self::OverCount => "the store had more entries than its limit",
            Self::OldCode => "its code has changed or is gone",
            Self::ExitCode => "exited with an error",
            Self::Signal => "ended by a signal",
            Self::TimedOut => "took longer than allowed",
            Self::NoOutput => "did not leave its outputs",
            Self::Edited => "edited while it ran",
        }
    }
}

/// One execution, or another event in the life of an entry; or several hits
/// of one key that are told together. `S` is how it has its texts: borrowed
/// when it is written.
///
/// In the journal the fields stand in this order. `count` is there only if it
/// is more than one, which is how records of a single execution have always
/// been.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution<S = String> {
    /// When it ended; of several, when the last did.
    pub time: Moment,
    /// In which process.
    pub pid: u32,
    /// On which host.
    pub host: S,
    /// The package of the function; empty without the macro.
    pub package: S,
    /// The function.
    pub function: S,
    /// The key of the call.
    pub key: Digest,
    /// What came of it.
    pub outcome: Outcome,
    /// Why.
    pub cause: Cause,
    /// How long the call took its caller, in nanoseconds; of several, on
    /// average.
    pub took: u64,
    /// How long computing the value took when it was computed, by this call
    /// or earlier, in nanoseconds.
    pub computing: u64,
    /// The size of the entry, in bytes; 0 where there is none.
    pub bytes: u64,
    /// How many executions it tells of.
    #[serde(skip_serializing_if = "is_one", deserialize_with = "one_unless_told")]
    pub count: u64,
}

impl Execution<&str> {
    /// The same with texts of its own.
    pub(super) fn owned(&self) -> Execution {
        Execution {
            time: self.time,
            pid: self.pid,
            host: self.host.to_owned(),
            package: self.package.to_owned(),
            function: self.function.to_owned(),
            key: self.key,
            outcome: self.outcome,
            cause: self.cause,
            took: self.took,
            computing: self.computing,
            bytes: self.bytes,
            count: self.count,
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "it is how serde asks whether a field is left out"
)]
fn is_one(count: &u64) -> bool {
    *count == 1
}

/// Where the record ends before the field, it tells of one execution.
fn one_unless_told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(u64::deserialize(deserializer).unwrap_or(1))
}
