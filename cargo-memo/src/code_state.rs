//! Whether results belong to the code as it is, to older code, or to code that
//! is gone.
//!
//! The sources of the workspace are looked at anew and compared with what the
//! store has of the code of each result. What must hold: only packages that
//! results were asked about are looked at; and what cannot be told for sure,
//! such as the code of a package that is not in the workspace, is not told.

mod distinct;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cargo_metadata::Metadata;
use memo_build::Query;
use memo_code::{CodeList, Memory};
use memo_runtime::Digest;
use memo_runtime::manage::{CodeLevel, FunctionDir, Header, Vault};

pub(crate) use distinct::DistinctCodes;

use crate::failure::Failure;
use crate::render::escape;
use crate::shell::Shell;
use sources::{Claim, Evidence, Package};

/// What has become of the code that a result was computed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum CodeState {
    /// It is as it was.
    Current,
    /// It has changed.
    Older,
    /// The function or program is no more.
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
    version: u64,
    fingerprint: Option<Digest>,
}

impl Code {
    fn of(header: &Header) -> Self {
        Self {
            package: header.package.clone(),
            function: header.function.clone(),
            level: header.code_level.name(),
            version: header.version,
            fingerprint: header.fingerprint,
        }
    }
}

/// The members of the workspace around.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// Their manifests, by their names.
    pub(crate) manifests: BTreeMap<String, PathBuf>,
    /// Where cargo builds them, and what is found out about them is remembered.
    pub(crate) target_dir: PathBuf,
}

impl Members {
    /// The members of a workspace.
    pub(crate) fn of(workspace: &Metadata) -> Self {
        let manifest = |package: &cargo_metadata::Package| {
            let manifest = package.manifest_path.clone().into_std_path_buf();
            (package.name.to_string(), manifest)
        };
        let members = workspace.workspace_packages().into_iter();
        Self {
            manifests: members.map(manifest).collect(),
            target_dir: workspace.target_directory.clone().into_std_path_buf(),
        }
    }

    /// Whether a member has memoized functions, or may have: cargo cannot tell
    /// what it is made of.
    pub(crate) fn may_memoize(&self, name: &str, memory: &mut Memory) -> bool {
        let package = self.package(name);
        package.is_some_and(|package| package.map_or(true, |package| package.memoizes(memory)))
    }

    /// What a member is made of; `None`: there is none of that name.
    fn package(&self, name: &str) -> Option<Result<Package, memo_build::Error>> {
        let query = Query::new(self.manifests.get(name)?);
        Some(Package::read(
            query,
            &self.target_dir.join("memo").join(name),
        ))
    }
}

impl CodeStates {
    /// What has become of the code of the results with these headers.
    pub(crate) fn find<'a>(
        vault: &Vault,
        shell: &Shell,
        members: &Members,
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
        let functions = vault.functions()?;
        let mut states = Self::default();
        let mut memory = Memory::default();
        let mut problems = Vec::new();
        for (name, codes) in asked {
            let package = match members.package(name) {
                None => continue,
                Some(Ok(package)) => package,
                Some(Err(error)) => {
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
    Some(Claim {
        version: header.version,
        evidence: evidence(vault, functions, header)?,
    })
}

fn evidence(vault: &Vault, functions: &[FunctionDir], header: &Header) -> Option<Evidence> {
    let path = header.function.clone();
    let level = match header.code_level {
        CodeLevel::None => return Some(Evidence::Name { path }),
        CodeLevel::Function => {
            let tokens = *header.fingerprint?.as_bytes();
            return Some(Evidence::Tokens { path, tokens });
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
    // The name of a program is no path, and its code begins with `main`.
    let is_program = !header.function.contains("::") && list.function == "main";
    Some(match is_program {
        true => Evidence::Program { list },
        false => Evidence::List { list, level },
    })
}
