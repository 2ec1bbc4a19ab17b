//! The reasons for which a value is computed.

use crate::clock::Moment;
use crate::header::{Argument, CodeLevel};
use crate::journal::Cause;
use crate::key::Digest;

/// Why a value was computed and not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No earlier call of the function is known.
    First,
    /// Arguments differ from those of the nearest entry.
    Arguments(Vec<ArgumentChange>),
    /// The arguments are equal, but in another order.
    ArgumentOrder,
    /// The type arguments differ: the path of the function with them.
    TypeArguments {
        /// Those of the nearest entry.
        before: Option<String>,
        /// Those of this one.
        after: Option<String>,
    },
    /// The `version` setting differs.
    Version {
        /// That of the nearest entry.
        before: u64,
        /// That of this one.
        after: u64,
    },
    /// Another part of the code counts.
    Level {
        /// What counted for the nearest entry.
        before: CodeLevel,
        /// What counts for this one.
        after: CodeLevel,
    },
    /// The code differs, by its fingerprint.
    Code {
        /// That of the nearest entry.
        before: Option<Digest>,
        /// That of this one.
        after: Option<Digest>,
    },
    /// The result's type is made up otherwise: its name, which may be equal.
    ValueType {
        /// That of the nearest entry.
        before: String,
        /// That of this one.
        after: String,
    },
    /// The function stands in another program of its package.
    Program,
    /// The entry was older than its time to live.
    Expired {
        /// When it had been computed, if the journal tells.
        computed: Option<Moment>,
    },
    /// The entry had been removed.
    Removed(Removal),
    /// The entry had been kept, and was gone; nothing tells who removed it.
    Lost {
        /// When it was last known to be there.
        seen: Moment,
    },
    /// What an earlier computation came to had not been kept.
    NotKept {
        /// When that was.
        at: Moment,
        /// Why.
        why: NotKept,
    },
    /// The caller, or `MEMO=refresh`, asked for it to be computed anew.
    Refreshed,
    /// It was found and computed again to compare (`MEMO=check`).
    Checked {
        /// Whether it came out as it was kept.
        same: bool,
    },
    /// It was not computed: the program handed it over.
    Inserted,
    /// It was computed elsewhere at the same time.
    Duplicate(Duplicate),
    /// The store could not be used.
    Trouble,
    /// It cannot be told.
    Unknown(Unknown),
}

/// How an entry went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// When.
    pub at: Moment,
    /// By what.
    pub by: RemovedBy,
}

/// What removes entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemovedBy {
    /// It was removed to keep the store within its limits: which of them.
    Eviction(Cause),
    /// A person removed it.
    Clearing,
    /// The program asked for it to be forgotten.
    Program,
    /// It was damaged, and was moved aside.
    Damage,
}

/// An argument that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentChange {
    /// That of the nearest entry, if it has one of the name.
    pub before: Option<Argument>,
    /// That of the call, if it has one of the name.
    pub after: Option<Argument>,
}

/// Why what a computation came to was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// It came to an `Err`.
    Error,
    /// It panicked.
    Panic,
    /// Its future was dropped.
    Cancelled,
    /// `cache_if` refused the value.
    Refused,
    /// The store could not be used, or the value could not be encoded.
    Trouble,
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

/// Why a call computed what was computed elsewhere at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {
    /// Within another computation a call must not wait.
    Nested,
    /// It took longer than is worth waiting for.
    WaitedOut,
    /// That computation failed.
    HolderFailed,
    /// That computation had not ended when this one began.
    Overlapped,
}

/// Why it cannot be told why a value was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// The call has no entry, so its arguments and its code are not known.
    NoEntry,
    /// Nothing is left of earlier calls to compare with.
    NothingEarlier,
    /// Nothing that entries tell differs.
    NoDifference,
    /// The entry was there; the journal does not tell why it was not used.
    NotRecorded,
}
