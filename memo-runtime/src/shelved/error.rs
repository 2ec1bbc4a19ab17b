//! Why what was on the shelf cannot be had.

use std::fmt;

use crate::error::StoreError;

/// Why a shelved value cannot be had. Each names its call.
#[derive(Debug)]
#[non_exhaustive]
pub enum ShelfError {
    /// It is not in the store any more.
    Gone {
        /// The call whose result it was.
        call: String,
    },
    /// What is kept is not what was written, or not of this type.
    Damaged {
        /// The call whose result it was.
        call: String,
        /// What is amiss.
        reason: String,
    },
    /// The store cannot be used.
    Store {
        /// The call whose result it is.
        call: String,
        /// What the store says; `None`: there is none.
        source: Option<StoreError>,
    },
}

impl fmt::Display for ShelfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone { call } => write!(
                f,
                "the result of {call} is not in the store any more: make the call again"
            ),
            Self::Damaged { call, reason } => write!(
                f,
                "the result of {call} cannot be loaded: {reason}: make the call again"
            ),
            Self::Store { call, source } => {
                write!(f, "the result of {call} cannot be loaded: ")?;
                match source {
                    Some(source) => source.fmt(f),
                    None => f.write_str("there is no store"),
                }
            }
        }
    }
}

impl std::error::Error for ShelfError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store { source, .. } => source.as_ref().map(|source| source as _),
            Self::Gone { .. } | Self::Damaged { .. } => None,
        }
    }
}
