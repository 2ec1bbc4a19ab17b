//! The sources of one package, and what they say to what results say of
//! their code.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};

use memo_build::{Error, Query};
use memo_code::model::{DependencyKind, DependsOn, Target, TargetKind};
use memo_code::{Analysis, CodeList, Disk, Level, Memoized, Memory, Model, Surroundings};

use super::CodeState;

/// A package of the workspace.
pub(super) struct Package {
    model: Model,
    dir: PathBuf,
}

/// What a result says of the code that it was computed by.
#[derive(Debug)]
pub(super) struct Claim {
    /// The `version` setting.
    pub(super) version: u64,
    /// What there is to compare.
    pub(super) evidence: Evidence,
}

/// What there is of the code that a result was computed by.
#[derive(Debug)]
pub(super) enum Evidence {
    /// The items that the function reached.
    List {
        /// The list.
        list: CodeList,
        /// How much of the code is in it.
        level: Level,
    },
    /// The items that a program reached.
    Program {
        /// The list.
        list: CodeList,
    },
    /// The tokens of the function.
    Tokens {
        /// Its path, or the name it was given.
        path: String,
        /// Their digest.
        tokens: [u8; 32],
    },
    /// Nothing but the name.
    Name {
        /// Its path, or the name it was given.
        path: String,
    },
}

/// What the sources say.
#[derive(Debug)]
pub(super) struct Answers {
    /// To each claim; `None`: that cannot be told.
    pub(super) states: Vec<Option<CodeState>>,
    /// Whether a function could have its reachable code counted, and has not.
    pub(super) coarse: bool,
}

impl Package {
    /// The package that is asked about. What cargo tells of it is remembered in
    /// `memory`.
    pub(super) fn read(query: Query, memory: &Path) -> Result<Self, Error> {
        let model = memo_build::remembered_model(&query, memory)?;
        let dir = query
            .manifest
            .parent()
            .map_or_else(PathBuf::new, PathBuf::from);
        Ok(Self { model, dir })
    }

    /// Whether its build script can tell `#[memo]` what the code reaches.
    pub(super) fn has_fingerprints(&self) -> bool {
        let Some(package) = self.model.packages.first() else {
            return false;
        };
        let is_ours = |on| match on {
            DependsOn::Local(at) => self.model.packages.get(at).map(|it| &it.name),
            DependsOn::External(at) => self.model.externals.get(at).map(|it| &it.name),
        };
        package.build_script.is_some()
            && package.dependencies.iter().any(|dependency| {
                dependency.kind == DependencyKind::Build
                    && is_ours(dependency.on).is_some_and(|name| name == "memo-build")
            })
    }

    fn targets(&self) -> &[Target] {
        let package = self.model.packages.first();
        package.map_or(&[], |package| &package.targets)
    }

    /// Whether it has memoized functions.
    pub(super) fn memoizes(&self, memory: &mut Memory) -> bool {
        let disk = Disk::new(&self.dir);
        (0..self.targets().len()).any(|target| {
            let analysis = Analysis::new(&self.model, target, in_files(&disk), memory);
            !analysis.memoized().is_empty()
        })
    }

    /// What the sources say to the claims.
    pub(super) fn answers(&self, claims: &[Claim], memory: &mut Memory) -> Answers {
        let disk = Disk::new(&self.dir);
        let surroundings = in_files(&disk);
        let targets = self.targets();
        let is_target = |krate: &str| targets.iter().any(|target| target.name == krate);
        let mut answers = Answers {
            states: vec![None; claims.len()],
            coarse: false,
        };
        for (number, target) in targets.iter().enumerate() {
            let may_be_in = |claim: &Claim| {
                let krate = claim.krate();
                let is_kind = !claim.is_of_program() || target.kind == TargetKind::Binary;
                is_kind && krate == target.name || !is_target(krate) && claim.is_of_tokens()
            };
            let open = |state: &Option<CodeState>| *state != Some(CodeState::Current);
            let pairs = || claims.iter().zip(&answers.states);
            if !pairs().any(|(claim, state)| may_be_in(claim) && open(state)) {
                continue;
            }
            let analysis = Analysis::new(&self.model, number, surroundings, memory);
            let now = Now {
                memoized: analysis.memoized(),
                program: LazyCell::new(|| analysis.program().fingerprint.list.sources),
                reaches: self.has_fingerprints(),
                analysis: &analysis,
            };
            for (claim, state) in claims.iter().zip(&mut answers.states) {
                if may_be_in(claim) && open(state) {
                    let answer = claim.state(&now);
                    *state = [*state, answer].into_iter().flatten().min();
                }
            }
            answers.coarse |= now.memoized.iter().any(|function| {
                let claimed = |claim: &Claim| claim.is_of_tokens() && claim.names(function);
                function.code.is_none() && claims.iter().any(claimed)
            });
        }
        for (claim, state) in claims.iter().zip(&mut answers.states) {
            if state.is_none() && claim.is_written_out() && is_or_was_target(claim, is_target) {
                *state = Some(CodeState::Gone);
            }
        }
        answers
    }
}

/// A crate as it is.
struct Now<'a, P> {
    analysis: &'a Analysis<'a>,
    memoized: Vec<Memoized>,
    /// The digest of the code that it runs, if it is a program.
    program: LazyCell<[u8; 32], P>,
    /// Whether what a function reaches counts, unless it asks for less.
    reaches: bool,
}

/// What there is outside of a build: the files.
fn in_files(disk: &Disk) -> Surroundings<'_> {
    Surroundings {
        sources: disk,
        generated: None,
        environment: None,
    }
}

/// Whether the crate of a claim is known, so that what is not in it is gone.
/// What stands before the path of a function without a list may be a crate,
/// or part of a name that it was given.
fn is_or_was_target(claim: &Claim, is_target: impl Fn(&str) -> bool) -> bool {
    match claim.evidence {
        Evidence::List { .. } | Evidence::Program { .. } => true,
        Evidence::Tokens { .. } | Evidence::Name { .. } => is_target(claim.krate()),
    }
}

impl Claim {
    /// The crate of the function.
    fn krate(&self) -> &str {
        match &self.evidence {
            Evidence::List { list, .. } | Evidence::Program { list } => &list.krate,
            Evidence::Tokens { path, .. } | Evidence::Name { path } => {
                path.split("::").next().unwrap_or_default()
            }
        }
    }

    fn is_of_program(&self) -> bool {
        matches!(self.evidence, Evidence::Program { .. })
    }

    fn is_of_tokens(&self) -> bool {
        matches!(self.evidence, Evidence::Tokens { .. })
    }

    /// Whether the function stands in the sources as such: one that a macro
    /// makes does not.
    fn is_written_out(&self) -> bool {
        match &self.evidence {
            Evidence::List { list, .. } => list.items.iter().all(|item| !item.file.is_empty()),
            Evidence::Program { .. } | Evidence::Tokens { .. } | Evidence::Name { .. } => true,
        }
    }

    /// Whether this is a function by the name that is claimed. What stands
    /// around it, the compiler and the sources name differently.
    fn names(&self, function: &Memoized) -> bool {
        let last = |path: &str| path.rsplit("::").next().map(str::to_owned);
        match &self.evidence {
            Evidence::List { list, .. } => list.function == function.path,
            Evidence::Program { .. } => false,
            Evidence::Tokens { path, .. } | Evidence::Name { path } => {
                path.contains("::") && last(path) == last(&function.path)
            }
        }
    }

    /// Whether the function has the version that is claimed. One that is not
    /// written as a plain number is taken to be the same.
    fn is_of_version(&self, function: &Memoized) -> bool {
        let version = match function.version.as_deref() {
            None => Some(0),
            Some(written) => written.replace('_', "").parse().ok(),
        };
        version.is_none_or(|version: u64| version == self.version)
    }

    /// What the crate says; `None`: the function is not in it.
    fn state<P: FnOnce() -> [u8; 32]>(&self, now: &Now<'_, P>) -> Option<CodeState> {
        if let Evidence::Program { list } = &self.evidence {
            return Some(match *now.program == list.sources {
                true => CodeState::Current,
                false => CodeState::Older,
            });
        }
        if now
            .memoized
            .iter()
            .any(|function| self.is_same(function, now))
        {
            Some(CodeState::Current)
        } else {
            let is_there = now.memoized.iter().any(|function| self.names(function));
            is_there.then_some(CodeState::Older)
        }
    }

    /// Whether this is the function that is claimed, as it was.
    fn is_same<P>(&self, function: &Memoized, now: &Now<'_, P>) -> bool {
        self.is_of_version(function)
            && match &self.evidence {
                Evidence::List { list, level } => {
                    self.names(function)
                        && [false, true].iter().any(|test| {
                            let fingerprint = now.analysis.fingerprint(function.id, *level, *test);
                            fingerprint.list.sources == list.sources
                        })
                }
                Evidence::Program { .. } => false,
                Evidence::Tokens { tokens, .. } => {
                    let counts = !now.reaches || function.code.as_deref() == Some("function");
                    counts && function.tokens == *tokens
                }
                Evidence::Name { .. } => self.names(function),
            }
    }
}
