//! What an entry says of itself, for people and tools: which call it is the
//! outcome of, of what code, computed where.
//!
//! It is written as a record (`codec::record`) into the entry and is never
//! read on a hit: what a hit compares stands in the entry's prefix.

use serde::{Deserialize, Serialize};

use crate::key::Digest;

/// How much of the code is part of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum CodeLevel {
    /// Nothing but the `version` setting.
    None,
    /// The function's own tokens.
    Function,
    /// Everything that the function can reach.
    Graph,
    /// The whole package and its dependencies.
    Crate,
}

impl CodeLevel {
    /// The level's name in attributes and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Function => "function",
            Self::Graph => "graph",
            Self::Crate => "crate",
        }
    }
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// Its name in the function.
    pub name: String,
    /// The digest of its value.
    pub digest: Digest,
    /// Its value for people, at most 200 bytes, control characters escaped.
    pub text: String,
}

/// The state of the sources when a result was computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit<S = String> {
    /// The git commit that was checked out.
    pub id: S,
    /// Whether files differed from it; `None` where that was not looked at.
    pub dirty: Option<bool>,
}

/// What an entry says of itself. `S` is how it has its texts, `A` how it has
/// its arguments: borrowed when it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header<S = String, A = Vec<Argument>> {
    /// The package of the function; empty without the macro.
    pub package: S,
    /// The version of the package.
    pub package_version: S,
    /// The path of the function, or the name that it was given.
    pub function: S,
    /// The path with its type arguments, where it has any.
    pub instance: Option<S>,
    /// The `version` setting.
    pub version: u64,
    /// How much of the code is part of the key.
    pub code_level: CodeLevel,
    /// The fingerprint of that code.
    pub fingerprint: Option<Digest>,
    /// The arguments that are part of the key, in order.
    pub arguments: A,
    /// The type of the result.
    pub value_type: S,
    /// The host that computed it.
    pub host: S,
    /// The process that computed it.
    pub pid: u32,
    /// The state of the sources.
    pub commit: Option<Commit<S>>,
}
