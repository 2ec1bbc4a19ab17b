//! A binary of the workspace.
//!
//! Its code is what its `main` can reach in the sources. Where that cannot all be told without a
//! build, or is not wanted, it is the bytes of the executable, which is built first then.

use std::env;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cargo_metadata::Metadata;
use memo_runtime::Digest;
use memo_runtime::manage::CodeLevel;
use memo_runtime::run::ProgramCode;

use super::building::{self, Built};
use super::choice::{self, Choice};
use super::pinned::Pinned;
use super::source::{self, Source};
use super::{CargoFlags, Prepared, Ready, Wanted, environment};
use crate::experiment::content;
use crate::failure::Failure;
use crate::render::escape;
use crate::shell::Shell;

/// A binary whose code is known.
#[derive(Debug)]
pub(crate) struct Binary {
    chosen: Chosen,
    code: ProgramCode,
    /// What its sources told when it was found, if they could.
    fingerprint: Option<Digest>,
    /// What came of making it ready, once somebody has asked.
    prepared: Mutex<Option<Result<Prepared, String>>>,
}

/// A binary, and how it is to be built.
#[derive(Debug)]
struct Chosen {
    workspace: Metadata,
    /// Which of the workspace's packages, and of that one's targets.
    place: (usize, usize),
    flags: CargoFlags,
}

impl Binary {
    /// The binary that is wanted.
    pub(super) fn find(
        workspace: Metadata,
        shell: &Shell,
        wanted: &Wanted<'_>,
    ) -> Result<Self, Failure> {
        let chosen = Chosen::among(workspace, wanted)?;
        let mut looked = chosen.look();
        if looked.is_err() && !wanted.exact {
            // Without a lock file, or with one that does not fit, cargo does not say what there is;
            // a build mends that.
            building::build(chosen.choice(), &chosen.flags, shell)?;
            looked = chosen.look();
        }
        let fingerprint = looked.as_ref().ok().map(|source| source.fingerprint);
        let unknown = match looked {
            _ if wanted.exact => None,
            Ok(Source {
                unknown: None,
                list,
                fingerprint,
            }) => {
                let code = ProgramCode::Source {
                    level: CodeLevel::Graph,
                    package_version: chosen.choice().package.version.to_string(),
                    fingerprint,
                    list,
                    conditions: Vec::new(),
                };
                return Ok(Self::new(chosen, code, Some(fingerprint), None));
            }
            Ok(Source { unknown, .. }) => unknown,
            Err(error) => Some(error.to_string()),
        };
        if let Some(why) = unknown {
            shell.note(&format!(
                "the sources do not tell all of the code of `{}`, so its executable counts, byte \
                 for byte: {}",
                escape(&chosen.choice().target.name),
                escape(&why)
            ));
        }
        let ready = chosen.built_copy(shell)?;
        let digest = digest(&ready.path).map_err(|error| chosen.cannot_copy(&error))?;
        Ok(Self::new(
            chosen,
            ProgramCode::Bytes(digest),
            fingerprint,
            Some(ready),
        ))
    }

    fn new(
        chosen: Chosen,
        code: ProgramCode,
        fingerprint: Option<Digest>,
        ready: Option<Ready>,
    ) -> Self {
        let prepared = ready.map(|ready| Ok(Prepared::Ready(Arc::new(ready))));
        Self {
            chosen,
            code,
            fingerprint,
            prepared: Mutex::new(prepared),
        }
    }

    /// The name of its package.
    pub(super) fn package(&self) -> &str {
        &self.chosen.choice().package.name
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.chosen.choice().target.name
    }

    /// The directory of its package.
    pub(super) fn sources(&self) -> &Path {
        let manifest = self.chosen.choice().package.manifest_path.as_std_path();
        manifest.parent().unwrap_or(manifest)
    }

    /// Its code.
    pub(super) fn code(&self) -> ProgramCode {
        self.code.clone()
    }

    /// Whether the sources tell something else than they did.
    pub(super) fn has_moved_on(&self) -> bool {
        let now = self.chosen.look().ok().map(|source| source.fingerprint);
        self.fingerprint != now
    }

    /// Builds it, unless somebody has.
    pub(super) fn ready(&self, shell: &Shell) -> Result<Prepared, Failure> {
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*prepared {
            return known.clone().map_err(Failure::Failed);
        }
        let outcome = self.chosen.built_copy(shell).map(|ready| {
            // Looked at after it was copied: whoever built it last has seen these sources.
            if self.has_moved_on() {
                Prepared::MovedOn
            } else {
                Prepared::Ready(Arc::new(ready))
            }
        });
        *prepared = match &outcome {
            Ok(known) => Some(Ok(known.clone())),
            Err(Failure::Failed(message)) => Some(Err(message.clone())),
            Err(_) => None,
        };
        outcome
    }
}

impl Chosen {
    fn among(workspace: Metadata, wanted: &Wanted<'_>) -> Result<Self, Failure> {
        let dir = env::current_dir().unwrap_or_default();
        let choice = choice::choose(&workspace, wanted, &dir)?;
        let mut packages = workspace.packages.iter();
        let mut targets = choice.package.targets.iter();
        let package = packages.position(|it| it.id == choice.package.id);
        let target = targets.position(|it| it == choice.target);
        Ok(Self {
            place: (package.unwrap_or_default(), target.unwrap_or_default()),
            workspace,
            flags: wanted.cargo.clone(),
        })
    }

    fn choice(&self) -> Choice<'_> {
        let package = &self.workspace.packages[self.place.0];
        Choice {
            package,
            target: &package.targets[self.place.1],
        }
    }

    fn look(&self) -> Result<Source, memo_build::Error> {
        source::look(&self.workspace, self.choice(), &self.flags)
    }

    /// Where cargo memo has files of its own.
    fn around(&self) -> PathBuf {
        source::memories(&self.workspace)
    }

    /// Builds it, and copies what was built.
    fn built_copy(&self, shell: &Shell) -> Result<Ready, Failure> {
        let built = building::build(self.choice(), &self.flags, shell)?;
        let pinned = Pinned::of(&built.executable, &self.around());
        let pinned = pinned.map_err(|error| self.cannot_copy(&error))?;
        Ok(Ready {
            path: pinned.path.clone(),
            arg0: called(&built).into_os_string(),
            env: environment::of_run(self.choice(), &built, &self.flags),
            _pinned: Some(pinned),
        })
    }

    fn cannot_copy(&self, error: &io::Error) -> Failure {
        Failure::Failed(format!(
            "cannot copy the binary `{}` to `{}`: {error}",
            escape(&self.choice().target.name),
            escape(&self.around().to_string_lossy())
        ))
    }
}

/// What `cargo run` calls an executable: its path from the current directory, if it is beneath.
fn called(built: &Built) -> PathBuf {
    let executable = &built.executable;
    let dir = env::current_dir().unwrap_or_default();
    let beneath = executable.strip_prefix(&dir).unwrap_or(executable);
    beneath.to_owned()
}

fn digest(path: &Path) -> io::Result<Digest> {
    let (digest, _) = content::digest(File::open(path)?)?;
    Ok(digest)
}
