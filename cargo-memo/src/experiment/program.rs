//! What is run: a binary of the workspace, or a command.
//!
//! A program's code is known before it is built ([`Program::code`]), and it is built only where it
//! has to run ([`Program::ready`]). What must hold: what runs is what the code is of. A binary runs
//! from a copy of its own, so that editing and building may go on meanwhile.

mod binary;
mod building;
mod choice;
mod command;
mod environment;
mod features;
mod pinned;
mod settings;
mod source;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_metadata::Metadata;
use memo_runtime::run::ProgramCode;

use crate::failure::Failure;
use crate::locate::Place;
use crate::shell::Shell;
use crate::workspace::ask_cargo;
pub(crate) use binary::Binary;
pub(crate) use command::Command;
use pinned::Pinned;

/// What was typed of the program to run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// `--bin NAME`.
    pub(crate) bin: Option<&'a str>,
    /// `--package NAME`.
    pub(crate) package: Option<&'a str>,
    /// Whether the bytes of the executable count, instead of the sources.
    pub(crate) exact: bool,
    /// How a binary is built.
    pub(crate) cargo: &'a CargoFlags,
    /// The command; `None`: a binary of the workspace.
    pub(crate) command: Option<&'a OsStr>,
}

/// Flags that are handed on to cargo.
#[derive(Clone, Debug, Default)]
pub(crate) struct CargoFlags {
    /// `--release`.
    pub(crate) release: bool,
    /// `--profile NAME`.
    pub(crate) profile: Option<String>,
    /// `--features LIST`, each as often as it was given.
    pub(crate) features: Vec<String>,
    /// `--all-features`.
    pub(crate) all_features: bool,
    /// `--no-default-features`.
    pub(crate) no_default_features: bool,
    /// `--target TRIPLE`.
    pub(crate) target: Option<String>,
    /// `--target-dir DIR`.
    pub(crate) target_dir: Option<PathBuf>,
    /// `--locked`.
    pub(crate) locked: bool,
    /// `--offline`.
    pub(crate) offline: bool,
    /// `--frozen`.
    pub(crate) frozen: bool,
}

/// A program to run.
#[derive(Debug)]
pub(crate) enum Program {
    /// One of the workspace.
    Binary(Box<Binary>),
    /// Any that is not built here.
    Command(Command),
}

/// Whether a program can be started.
#[derive(Clone, Debug)]
pub(crate) enum Prepared {
    /// It can. As long as this lives, its executable stays.
    Ready(Arc<Ready>),
    /// The sources have changed since its code was told: it has to be found anew, and has another
    /// key then.
    MovedOn,
}

/// An executable, and how it is started.
#[derive(Debug)]
pub(crate) struct Ready {
    /// The file.
    pub(crate) path: PathBuf,
    /// What the program is told that it was called as.
    pub(crate) arg0: OsString,
    /// What is added to the environment.
    pub(crate) env: Vec<(OsString, OsString)>,
    /// The copy that the path leads to, if it is one.
    _pinned: Option<Pinned>,
}

impl Program {
    /// The program that is wanted. It is built only if its code cannot be told otherwise.
    pub(crate) fn find(place: &Place, shell: &Shell, wanted: &Wanted<'_>) -> Result<Self, Failure> {
        match wanted.command {
            Some(typed) => Command::find(typed, place.root.as_deref()).map(Self::Command),
            None => {
                Binary::find(workspace(place)?, shell, wanted).map(|it| Self::Binary(it.into()))
            }
        }
    }

    /// The package that it is in; empty for a command.
    pub(crate) fn package(&self) -> &str {
        match self {
            Self::Binary(binary) => binary.package(),
            Self::Command(_) => "",
        }
    }

    /// The name of the binary, or of the command's file.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Binary(binary) => binary.name(),
            Self::Command(command) => command.name(),
        }
    }

    /// The directory that its sources are in, or that the command is in.
    pub(crate) fn sources(&self) -> &Path {
        match self {
            Self::Binary(binary) => binary.sources(),
            Self::Command(command) => command.directory(),
        }
    }

    /// Its code, as far as it is part of keys.
    ///
    /// Of a binary whose sources tell all, it is [`ProgramCode::Source`]. To see whether such code
    /// is current, compare the `sources` in its list with those in the list of
    /// [`memo_code::Analysis::program`] for the sources as they are: what else is in the
    /// fingerprint (features, platform, environment) says how it was built.
    pub(crate) fn code(&self) -> ProgramCode {
        match self {
            Self::Binary(binary) => binary.code(),
            Self::Command(command) => ProgramCode::Bytes(command.digest()),
        }
    }

    /// Makes it ready to be started: builds it if need be, once for all who ask.
    pub(crate) fn ready(&self, shell: &Shell) -> Result<Prepared, Failure> {
        match self {
            Self::Binary(binary) => binary.ready(shell),
            Self::Command(command) => Ok(Prepared::Ready(Arc::new(command.ready()))),
        }
    }

    /// Whether it would be another now: its sources, or its file, have changed. For a command this
    /// costs next to nothing; for a binary its sources are looked at.
    pub(crate) fn has_moved_on(&self) -> bool {
        match self {
            Self::Binary(binary) => binary.has_moved_on(),
            Self::Command(command) => command.has_moved_on(),
        }
    }
}

/// What cargo says of the workspace around.
fn workspace(place: &Place) -> Result<Metadata, Failure> {
    if let Some(known) = place.workspace() {
        return Ok(known.clone());
    }
    let root = place.root.as_ref().ok_or_else(|| {
        Failure::Usage(
            "a binary is one of a workspace, and there is none here: change into one, or name it \
             with --manifest-path"
                .to_owned(),
        )
    })?;
    let ask = || ask_cargo(Some(&root.join("Cargo.toml")), None);
    memo_build::remembered_workspace(root, ask)
}

#[cfg(test)]
mod tests;
