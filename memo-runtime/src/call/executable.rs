//! What is known of a program that is run as a call.

use std::path::PathBuf;
use std::sync::Arc;

use super::function::effective;
use crate::header::CodeLevel;
use crate::key::Digest;

/// The code of a program, as far as it is part of keys.
#[derive(Clone, Debug)]
pub enum ProgramCode {
    /// What its `main` can reach in the sources of a workspace.
    Source {
        /// How much of the code that is.
        level: CodeLevel,
        /// The version of its package.
        package_version: String,
        /// The digest of the code, but for the conditions.
        fingerprint: Digest,
        /// The list of what it is made of, to be kept for tools.
        list: Arc<[u8]>,
        /// Conditions of compilation that decide what the code is, and their
        /// truth.
        conditions: Vec<(String, bool)>,
    },
    /// The bytes of the program's file, by their digest.
    Bytes(Digest),
}

impl ProgramCode {
    /// How much of the code it is, and the digest of all of it.
    pub(crate) fn level_and_fingerprint(&self) -> (CodeLevel, Digest) {
        match self {
            Self::Bytes(digest) => (CodeLevel::Program, *digest),
            Self::Source {
                level,
                fingerprint,
                conditions,
                ..
            } => {
                let conditions = conditions
                    .iter()
                    .map(|(condition, truth)| (condition.as_str(), *truth));
                (*level, effective(&fingerprint.to_hex(), conditions))
            }
        }
    }
}

/// A program to be run as a call.
#[derive(Debug, Default)]
pub(crate) struct Executable {
    /// Its code; `None`: that is no part of the key.
    pub(crate) code: Option<ProgramCode>,
    /// Where its sources are, for the commit they are of.
    pub(crate) dir: Option<PathBuf>,
}

impl Executable {
    pub(crate) fn package_version(&self) -> &str {
        match &self.code {
            Some(ProgramCode::Source {
                package_version, ..
            }) => package_version,
            Some(ProgramCode::Bytes(_)) | None => "",
        }
    }
}
