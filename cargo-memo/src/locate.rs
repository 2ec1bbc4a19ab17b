//! Where the store is: what `--store` says, else `MEMO_DIR`, else the
//! workspace of `--manifest-path` or of the current directory.

use std::path::{self, Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, Package};
use memo_runtime::Share;
use memo_runtime::manage::{self, Located, Settings};

use crate::cli::Common;
use crate::code_state::Members;
use crate::failure::Failure;
use crate::render::escape;
use crate::shell::Shell;

/// A directory that holds a store, or will hold one.
#[derive(Debug)]
pub(crate) struct Place {
    /// The directory, as an absolute path.
    pub(crate) dir: PathBuf,
    /// Who may write to it.
    pub(crate) share: Share,
    /// The workspace that was asked for it, if one was.
    workspace: Option<Metadata>,
}

impl Place {
    /// The place that flags, environment and workspace name. Settings that
    /// make no sense are told.
    pub(crate) fn find(common: &Common, shell: &Shell) -> Result<Self, Failure> {
        let mut workspace = None;
        let (located, origin) = match &common.store {
            Some(dir) => {
                let environment = manage::locate(None);
                let located = Located {
                    dir: Some(dir.clone()),
                    ..environment
                };
                (located, "--store")
            }
            None => by_environment_or_workspace(common, &mut workspace)?,
        };
        for bad in &located.bad {
            shell.warn(&escape(&bad.to_string()));
        }
        let dir = located.dir.unwrap_or_default();
        let dir = path::absolute(&dir).unwrap_or(dir);
        if common.verbose {
            let shown = escape(&dir.to_string_lossy());
            shell.note(&format!("the store is `{shown}`, named by {origin}"));
        }
        Ok(Self {
            dir,
            share: located.share,
            workspace,
        })
    }

    /// The manifests of the members of the workspace around, by their names;
    /// none where there is no workspace around.
    pub(crate) fn members(&self, manifest_path: Option<&Path>) -> Result<Members, Failure> {
        let asked;
        let workspace = match &self.workspace {
            Some(workspace) => workspace,
            None if manifest_path.is_none() && be_in_a_package().is_err() => {
                return Ok(Members::new());
            }
            None => {
                asked = ask_cargo(manifest_path)?;
                &asked
            }
        };
        let members = workspace.workspace_packages().into_iter();
        let member = |package: &Package| {
            let manifest = package.manifest_path.clone().into_std_path_buf();
            (package.name.to_string(), manifest)
        };
        Ok(members.map(member).collect())
    }
}

fn by_environment_or_workspace(
    common: &Common,
    workspace: &mut Option<Metadata>,
) -> Result<(Located, &'static str), Failure> {
    let located = manage::locate(None);
    if located.dir.is_some() {
        return Ok((located, "MEMO_DIR"));
    }
    let metadata = workspace.insert(ask_cargo(common.manifest_path.as_deref())?);
    let located = manage::locate(Some(settings(metadata)));
    Ok((located, "the workspace"))
}

fn ask_cargo(manifest_path: Option<&Path>) -> Result<Metadata, Failure> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    match manifest_path {
        Some(path) => {
            command.manifest_path(path);
        }
        None => be_in_a_package()?,
    }
    command.exec().map_err(|error| {
        let asked = manifest_path.map_or_else(
            || "of the current directory".to_owned(),
            |path| format!("of `{}`", escape(&path.to_string_lossy())),
        );
        let lines = said_by_cargo(&error);
        Failure::Failed(format!(
            "cannot read the workspace {asked}: mend it, or name a store with --store DIR or \
             MEMO_DIR; cargo says:\n{lines}"
        ))
    })
}

/// The root of a workspace, and the settings in it.
fn settings(metadata: &Metadata) -> (PathBuf, Settings) {
    let memo = metadata.workspace_metadata.get("memo");
    let pairs = memo.and_then(|memo| memo.as_object()).into_iter().flatten();
    let settings = Settings::read(pairs.map(|(key, value)| {
        let text = value.as_str().map(str::to_owned);
        (key.as_str(), text.unwrap_or_else(|| value.to_string()))
    }));
    let root = metadata.workspace_root.clone().into_std_path_buf();
    (root, settings)
}

/// Saves asking cargo where it could only answer that there is nothing.
fn be_in_a_package() -> Result<(), Failure> {
    let here = std::env::current_dir().map_err(|error| {
        Failure::Failed(format!(
            "cannot tell the current directory: {error}: name a store with --store DIR"
        ))
    })?;
    if here.ancestors().any(|dir| dir.join("Cargo.toml").exists()) {
        return Ok(());
    }
    let here = escape(&here.to_string_lossy());
    Err(Failure::Usage(format!(
        "no cargo workspace found at or above `{here}`: change into one, or name a store with \
         --store DIR or MEMO_DIR"
    )))
}

fn said_by_cargo(error: &cargo_metadata::Error) -> String {
    let text = match error {
        cargo_metadata::Error::CargoMetadata { stderr } => stderr.clone(),
        other => other.to_string(),
    };
    let text = text.trim_start_matches("error: ");
    let lines = text
        .trim_end()
        .lines()
        .map(|line| format!("  {}", escape(line)));
    lines.collect::<Vec<_>>().join("\n")
}
