//! Whether results belong to the code as it is, to older code, or to code that
//! is gone.
//!
//! The sources of the workspace are looked at anew and compared with what the
//! store has of the code of each result. What must hold: only packages that
//! results were asked about are looked at; and what cannot be told for sure,
//! such as the code of a package that is not in the workspace, is not told.

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use memo_build::Query;
use memo_code::{CodeList, Memory};
use memo_runtime::Digest;
use memo_runtime::manage::{CodeLevel, FunctionDir, Header, Vault};

use crate::failure::Failure;
use crate::render::escape;
use crate::shell::Shell;
use sources::{Claim, Package};

/// What has become of the code that a result was computed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CodeState {
    /// It is as it was.
    Current,
    /// It has changed.
    Older,
    /// The function is no more.
    Gone,
}

impl CodeState {
    /// The word for it in output.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Older => "older",
            Self::Gone => "gone",
        }
    }
}

/// What a cell of a table says.
pub(crate) fn cell(state: Option<CodeState>) -> String {
    state.map_or("-", CodeState::word).to_owned()
}

/// What has become of the code of results.
#[derive(Debug, Default)]
pub(crate) struct CodeStates {
    by_code: BTreeMap<Code, CodeState>,
    /// The packages whose build script would tell more.
    pub(crate) coarse: BTreeSet<String>,
}

/// The code of a result, as its entry names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Code {
    package: String,
    function: String,
    level: &'static str,
    fingerprint: Option<Digest>,
}

impl Code {
    fn of(header: &Header) -> Self {
        Self {
            package: header.package.clone(),
            function: header.function.clone(),
            level: header.code_level.name(),
            fingerprint: header.fingerprint,
        }
    }
}

/// The manifests of the members of the workspace around, by their names.
pub(crate) type Members = BTreeMap<String, PathBuf>;

impl CodeStates {
    /// What has become of the code of the results with these headers.
    /// `members` is asked only if a package is.
    pub(crate) fn find<'a>(
        vault: &Vault,
        shell: &Shell,
        members: impl FnOnce() -> Result<Members, Failure>,
        headers: impl Iterator<Item = &'a Header>,
    ) -> Result<Self, Failure> {
        let mut asked: BTreeMap<&str, BTreeMap<Code, &Header>> = BTreeMap::new();
        for header in headers.filter(|header| !header.package.is_empty()) {
            let package = asked.entry(&header.package).or_default();
            package.entry(Code::of(header)).or_insert(header);
        }
        if asked.is_empty() {
            return Ok(Self::default());
        }
        let members = match members() {
            Ok(members) => members,
            Err(failure) => {
                let why = failure.message().unwrap_or_default();
                shell.warn(&format!(
                    "cannot tell which results are of older code: {why}"
                ));
                return Ok(Self::default());
            }
        };
        let functions = vault.functions()?;
        let mut states = Self::default();
        let mut memory = Memory::default();
        let mut problems = Vec::new();
        for (name, codes) in asked {
            let Some(manifest) = members.get(name) else {
                continue;
            };
            let package = match Package::read(Query::new(manifest)) {
                Ok(package) => package,
                Err(error) => {
                    problems.push(escape(&error.to_string()));
                    continue;
                }
            };
            let (codes, claims): (Vec<Code>, Vec<Claim>) = codes
                .into_iter()
                .filter_map(|(code, header)| Some((code, claim(vault, &functions, header)?)))
                .unzip();
            let answers = package.answers(&claims, &mut memory);
            if answers.coarse && !package.has_fingerprints() {
                states.coarse.insert(name.to_owned());
            }
            let told = codes.into_iter().zip(answers.states);
            states
                .by_code
                .extend(told.filter_map(|(code, state)| Some((code, state?))));
        }
        if let Some(problem) = problems.first() {
            shell.warn(&format!(
                "cannot tell which results are of older code: {problem}"
            ));
        }
        Ok(states)
    }

    /// What has become of the code of a result; `None`: that cannot be told.
    pub(crate) fn of(&self, header: &Header) -> Option<CodeState> {
        self.by_code.get(&Code::of(header)).copied()
    }

    /// Whether nothing can be told of any result.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }
}

/// What a result says of its code; `None` if the store does not have it.
fn claim(vault: &Vault, functions: &[FunctionDir], header: &Header) -> Option<Claim> {
    let path = header.function.clone();
    let level = match header.code_level {
        CodeLevel::None => return Some(Claim::Name { path }),
        CodeLevel::Function => {
            let tokens = *header.fingerprint?.as_bytes();
            return Some(Claim::Tokens { path, tokens });
        }
        CodeLevel::Graph => memo_code::Level::Graph,
        CodeLevel::Crate => memo_code::Level::Crate,
        _ => return None,
    };
    let of_function = |function: &&FunctionDir| {
        let name = function.name.as_ref();
        name.is_some_and(|name| name.path == header.function && name.package == header.package)
    };
    let fingerprint = header.fingerprint?;
    let list = functions.iter().filter(of_function).find_map(|function| {
        let code = vault.code(function, &fingerprint).ok()??;
        CodeList::from_bytes(&code.list)
    })?;
    Some(Claim::List { list, level })
}
