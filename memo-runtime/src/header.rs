//! What an entry says of itself, for people and tools: which call it is the
//! outcome of, of what code, computed where.
//!
//! ```text
//! header = record tagged* padding
//! record = a `Header`, in the record encoding (`codec::record`)
//! tagged = tag length record      what is told of some calls only
//! tag    = u8; 1: `RunFacts`, of a run of a program
//! length = u32, bytes of the record, little-endian
//! padding = zero bytes
//! ```
//!
//! Who meets a tag that is not known passes over its record. The header is not
//! read on a hit of a function: what such a hit compares stands in the entry's
//! prefix.

use bincode::error::{DecodeError, EncodeError};
use serde::{Deserialize, Serialize};

use crate::codec::record;
use crate::key::Digest;

const RUN: u8 = 1;

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
    /// The bytes of the program that was run.
    Program,
}

impl CodeLevel {
    /// The level's name in attributes and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Function => "function",
            Self::Graph => "graph",
            Self::Crate => "crate",
            Self::Program => "program",
        }
    }
}

/// A number that a run came to, with its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// What a run of a program came to, apart from what it printed and left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunFacts {
    /// The code that it exited with.
    pub exit_code: i32,
    /// The numbers that it came to, each name once.
    pub metrics: Vec<Metric>,
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

/// Appends what a run came to to an encoded header.
pub(crate) fn append_run(facts: &RunFacts, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(&[RUN, 0, 0, 0, 0]);
    record::append(facts, out)?;
    let body = start + 5;
    let length = u32::try_from(out.len() - body).map_err(|_| EncodeError::UnexpectedEnd)?;
    out[start + 1..body].copy_from_slice(&length.to_le_bytes());
    Ok(())
}

/// Reads an encoded header.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Header, Option<RunFacts>), DecodeError> {
    let (header, mut rest) = record::decode_first(bytes)?;
    let mut run = None;
    while let Some((&tag, behind)) = rest.split_first().filter(|(tag, _)| **tag != 0) {
        let record = behind.split_first_chunk().and_then(|(length, behind)| {
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            behind.split_at_checked(length)
        });
        let Some((record, behind)) = record else {
            return Err(DecodeError::OtherString("it ends within a record".into()));
        };
        if tag == RUN {
            run = Some(record::decode(record)?);
        }
        rest = behind;
    }
    if rest.iter().any(|byte| *byte != 0) {
        let strange = "something stands in its padding";
        return Err(DecodeError::OtherString(strange.into()));
    }
    Ok((header, run))
}
