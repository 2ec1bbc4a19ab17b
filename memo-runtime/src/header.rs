//! What an entry says of itself, for people and tools: which call it is the
//! outcome of, of what code, computed where.
//!
//! ```text
//! header = record tagged* padding
//! record = a `Header`, in the record encoding (`codec::record`)
//! tagged = tag length record      what is told of some calls only
//! tag    = u8; 1: `RunFacts`, of a run of a program
//!              2: all `KeptFile`s, of a result that names files
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
const FILES: u8 = 2;

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

/// A file or directory that a result names, and whose content is kept beside
/// the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its path, as the function gave it.
    pub path: String,
    /// What it held.
    pub content: KeptContent,
}

/// What a file or directory held that a result names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptContent {
    /// A regular file.
    File {
        /// Its size in bytes.
        bytes: u64,
        /// Whether its owner may execute it.
        executable: bool,
        /// The digest of its bytes.
        digest: Digest,
    },
    /// A directory.
    Directory {
        /// How many files are in it, at any depth.
        files: u64,
        /// Their sizes together, in bytes.
        bytes: u64,
        /// The digest of the list of what is in it.
        digest: Digest,
    },
}

impl KeptContent {
    /// The digest of what it held.
    pub(crate) fn digest(&self) -> &Digest {
        match self {
            Self::File { digest, .. } | Self::Directory { digest, .. } => digest,
        }
    }

    /// How many bytes it held.
    pub(crate) fn bytes(&self) -> u64 {
        match self {
            Self::File { bytes, .. } | Self::Directory { bytes, .. } => *bytes,
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

/// Appends what a run came to to an encoded header.
pub(crate) fn append_run(facts: &RunFacts, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    append_tagged(RUN, facts, out)
}

/// Appends the files that a result names to an encoded header.
pub(crate) fn append_files(files: &[KeptFile], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    append_tagged(FILES, files, out)
}

fn append_tagged<T: Serialize + ?Sized>(
    tag: u8,
    told: &T,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let start = out.len();
    out.extend_from_slice(&[tag, 0, 0, 0, 0]);
    record::append(&told, out)?;
    let body = start + 5;
    let length = u32::try_from(out.len() - body).map_err(|_| EncodeError::UnexpectedEnd)?;
    out[start + 1..body].copy_from_slice(&length.to_le_bytes());
    Ok(())
}

/// Reads an encoded header.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Header, Option<RunFacts>), DecodeError> {
    let (header, rest) = record::decode_first(bytes)?;
    let mut run = None;
    each_tagged(rest, |tag, record| {
        if tag == RUN {
            run = Some(record::decode(record)?);
        }
        Ok(())
    })?;
    Ok((header, run))
}

/// The files that the result names, as an encoded header has them.
pub(crate) fn kept_files(bytes: &[u8]) -> Result<Vec<KeptFile>, DecodeError> {
    let (_, rest) = record::decode_first::<Header>(bytes)?;
    let mut files = Vec::new();
    each_tagged(rest, |tag, record| {
        if tag == FILES {
            files = record::decode(record)?;
        }
        Ok(())
    })?;
    Ok(files)
}

/// Hands out what stands behind the header's record.
fn each_tagged<'a>(
    mut rest: &'a [u8],
    mut found: impl FnMut(u8, &'a [u8]) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    while let Some((&tag, behind)) = rest.split_first().filter(|(tag, _)| **tag != 0) {
        let record = behind.split_first_chunk().and_then(|(length, behind)| {
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            behind.split_at_checked(length)
        });
        let Some((record, behind)) = record else {
            return Err(DecodeError::OtherString("it ends within a record".into()));
        };
        found(tag, record)?;
        rest = behind;
    }
    if rest.iter().any(|byte| *byte != 0) {
        let strange = "something stands in its padding";
        return Err(DecodeError::OtherString(strange.into()));
    }
    Ok(())
}
