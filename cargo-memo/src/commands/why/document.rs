//! An explanation as programs see it.

mod difference;

use memo_runtime::Digest;
use memo_runtime::manage::{
    ArgumentChange, Computation, Duplicate, NotKept, ReadEntry, Reason, Removal, RemovedBy, Unknown,
};
use serde::Serialize;

use super::Told;
use super::code::CodeChange;
use crate::render::{ArgumentDocument, document, rfc3339, seconds};
use difference::DifferenceDocument;
pub(super) use difference::change_word;

/// The document of an explanation, or of there being none.
pub(super) fn json(told: Option<&Told>) -> String {
    let change = told.and_then(|told| told.code.as_ref()?.change());
    document(
        "why",
        WhyDocument {
            computation: told.map(ComputationDocument::new),
            reasons: told.map_or_else(Vec::new, |told| {
                let reasons = told.explanation.reasons.iter();
                let document = |reason| ReasonDocument::new(reason, change.as_ref());
                reasons.map(document).collect()
            }),
            nearest: told.and_then(NearestDocument::new),
        },
    )
}

#[derive(Serialize)]
struct WhyDocument<'a> {
    computation: Option<ComputationDocument<'a>>,
    reasons: Vec<ReasonDocument<'a>>,
    nearest: Option<NearestDocument<'a>>,
}

#[derive(Serialize)]
struct ComputationDocument<'a> {
    function: &'a str,
    package: &'a str,
    id: String,
    key: String,
    arguments: Option<Vec<ArgumentDocument<'a>>>,
    outcome: &'static str,
    ended: String,
    duration_seconds: f64,
    not_kept: Option<&'static str>,
    removed: Option<RemovalDocument>,
}

#[derive(Serialize)]
struct NearestDocument<'a> {
    id: String,
    key: String,
    arguments: Vec<ArgumentDocument<'a>>,
    created: String,
}

#[derive(Serialize)]
struct RemovalDocument {
    by: &'static str,
    at: String,
}

/// A reason; `before` and `after` are what differs between the nearest earlier
/// entry and this one.
#[derive(Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
enum ReasonDocument<'a> {
    First,
    Arguments {
        arguments: Vec<ArgumentChangeDocument<'a>>,
    },
    ArgumentOrder,
    TypeArguments {
        before: Option<&'a str>,
        after: Option<&'a str>,
    },
    Version {
        before: u64,
        after: u64,
    },
    Level {
        before: &'static str,
        after: &'static str,
    },
    Code {
        before: Option<String>,
        after: Option<String>,
        /// `None` if the store does not have the code of both.
        difference: Option<DifferenceDocument<'a>>,
    },
    ValueType {
        before: &'a str,
        after: &'a str,
    },
    Program,
    Expired {
        computed: Option<String>,
    },
    Evicted {
        at: String,
        cause: Option<&'static str>,
    },
    Cleared {
        at: String,
    },
    Forgotten {
        at: String,
    },
    Damaged {
        at: String,
    },
    Lost {
        seen: String,
    },
    NotKept {
        at: String,
        why: &'static str,
    },
    Refreshed,
    Checked {
        same: bool,
    },
    Inserted,
    Duplicate {
        how: &'static str,
    },
    Trouble,
    Unknown {
        why: &'static str,
    },
}

#[derive(Serialize)]
struct ArgumentChangeDocument<'a> {
    before: Option<ArgumentDocument<'a>>,
    after: Option<ArgumentDocument<'a>>,
}

impl<'a> ComputationDocument<'a> {
    fn new(told: &'a Told) -> Self {
        let computation: &Computation = &told.explanation.computation;
        Self {
            function: &computation.function.path,
            package: &computation.function.package,
            id: told.ids.of_key(&computation.key),
            key: computation.key.to_hex(),
            arguments: computation.entry.as_ref().map(arguments),
            outcome: computation.outcome.word(),
            ended: rfc3339(computation.ended),
            duration_seconds: seconds(computation.duration),
            not_kept: computation.not_kept.map(not_kept),
            removed: computation.removed.map(|removal| RemovalDocument {
                by: match removal.by {
                    RemovedBy::Eviction(_) => "eviction",
                    RemovedBy::Clearing => "clearing",
                    RemovedBy::Program => "program",
                    RemovedBy::Damage => "damage",
                },
                at: rfc3339(removal.at),
            }),
        }
    }
}

impl<'a> NearestDocument<'a> {
    fn new(told: &'a Told) -> Option<Self> {
        let nearest = told.explanation.nearest.as_ref()?;
        Some(Self {
            id: told.ids.of_key(&nearest.entry.key),
            key: nearest.entry.key.to_hex(),
            arguments: arguments(nearest),
            created: rfc3339(nearest.head.created),
        })
    }
}

fn arguments(entry: &ReadEntry) -> Vec<ArgumentDocument<'_>> {
    let arguments = entry.head.header.arguments.iter();
    arguments.map(ArgumentDocument::new).collect()
}

impl<'a> ReasonDocument<'a> {
    fn new(reason: &'a Reason, change: Option<&CodeChange<'a>>) -> Self {
        let hex = |digest: &Option<Digest>| digest.map(|digest| digest.to_hex());
        match reason {
            Reason::First => Self::First,
            Reason::Arguments(changes) => Self::Arguments {
                arguments: changes.iter().map(ArgumentChangeDocument::new).collect(),
            },
            Reason::ArgumentOrder => Self::ArgumentOrder,
            Reason::TypeArguments { before, after } => Self::TypeArguments {
                before: before.as_deref(),
                after: after.as_deref(),
            },
            Reason::Version { before, after } => Self::Version {
                before: *before,
                after: *after,
            },
            Reason::Level { before, after } => Self::Level {
                before: before.name(),
                after: after.name(),
            },
            Reason::Code { before, after } => Self::Code {
                before: hex(before),
                after: hex(after),
                difference: change.map(DifferenceDocument::new),
            },
            Reason::ValueType { before, after } => Self::ValueType { before, after },
            Reason::Program => Self::Program,
            Reason::Expired { computed } => Self::Expired {
                computed: computed.map(rfc3339),
            },
            Reason::Removed(Removal { at, by }) => {
                let at = rfc3339(*at);
                match by {
                    RemovedBy::Eviction(cause) => Self::Evicted {
                        at,
                        cause: Some(cause.words()).filter(|words| !words.is_empty()),
                    },
                    RemovedBy::Clearing => Self::Cleared { at },
                    RemovedBy::Program => Self::Forgotten { at },
                    RemovedBy::Damage => Self::Damaged { at },
                }
            }
            Reason::Lost { seen } => Self::Lost {
                seen: rfc3339(*seen),
            },
            Reason::NotKept { at, why } => Self::NotKept {
                at: rfc3339(*at),
                why: not_kept(*why),
            },
            Reason::Refreshed => Self::Refreshed,
            Reason::Checked { same } => Self::Checked { same: *same },
            Reason::Inserted => Self::Inserted,
            Reason::Duplicate(how) => Self::Duplicate {
                how: match how {
                    Duplicate::Nested => "nested",
                    Duplicate::WaitedOut => "waited_out",
                    Duplicate::HolderFailed => "holder_failed",
                    Duplicate::Overlapped => "overlapped",
                },
            },
            Reason::Trouble => Self::Trouble,
            Reason::Unknown(why) => Self::Unknown {
                why: match why {
                    Unknown::NoEntry => "no_entry",
                    Unknown::NothingEarlier => "nothing_earlier",
                    Unknown::NoDifference => "no_difference",
                    Unknown::NotRecorded => "not_recorded",
                },
            },
        }
    }
}

fn not_kept(why: NotKept) -> &'static str {
    match why {
        NotKept::Error => "error",
        NotKept::Panic => "panic",
        NotKept::Cancelled => "cancelled",
        NotKept::Refused => "refused",
        NotKept::Trouble => "trouble",
        NotKept::ExitCode => "exit_code",
        NotKept::Signal => "signal",
        NotKept::TimedOut => "timed_out",
        NotKept::NoOutput => "no_output",
        NotKept::Edited => "edited",
    }
}

impl<'a> ArgumentChangeDocument<'a> {
    fn new(change: &'a ArgumentChange) -> Self {
        Self {
            before: change.before.as_ref().map(ArgumentDocument::new),
            after: change.after.as_ref().map(ArgumentDocument::new),
        }
    }
}
