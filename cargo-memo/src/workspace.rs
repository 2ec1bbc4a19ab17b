//! The workspace around, as cargo tells it.

use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};
use memo_runtime::manage::{Settings, Written};

use crate::failure::Failure;
use crate::render::escape;

/// Asks cargo for the workspace of a manifest, or of the current directory.
/// `else_do` is what helps where there is none, or it cannot be read.
pub(crate) fn ask_cargo(
    manifest_path: Option<&Path>,
    else_do: Option<&str>,
) -> Result<Metadata, Failure> {
    let mut command = MetadataCommand::new();
    command.no_deps();
    match manifest_path {
        Some(path) => {
            command.manifest_path(path);
        }
        None => be_in_a_package(else_do)?,
    }
    command.exec().map_err(|error| {
        let asked = manifest_path.map_or_else(
            || "of the current directory".to_owned(),
            |path| format!("of `{}`", escape(&path.to_string_lossy())),
        );
        let lines = said_by_cargo(&error);
        let mend = or("mend it", else_do);
        Failure::Failed(format!(
            "cannot read the workspace {asked}: {mend}; cargo says:\n{lines}"
        ))
    })
}

/// Whether there is a workspace to ask for.
pub(crate) fn is_around(manifest_path: Option<&Path>) -> bool {
    manifest_path.is_some() || be_in_a_package(None).is_ok()
}

/// The root of a workspace, and the settings in it.
pub(crate) fn settings(metadata: &Metadata) -> (PathBuf, Settings) {
    let memo = metadata.workspace_metadata.get("memo");
    let pairs = memo.and_then(|memo| memo.as_object()).into_iter().flatten();
    let settings = Settings::read(pairs.map(|(key, value)| {
        let written = match value.as_str() {
            Some(text) => Written::Text(text.to_owned()),
            None => Written::Other(value.to_string()),
        };
        (key.as_str(), written)
    }));
    let root = metadata.workspace_root.clone().into_std_path_buf();
    (root, settings)
}

/// Saves asking cargo where it could only answer that there is nothing.
fn be_in_a_package(else_do: Option<&str>) -> Result<(), Failure> {
    let here = std::env::current_dir().map_err(|error| {
        let change = or("change into one that is there", else_do);
        Failure::Failed(format!(
            "cannot tell the current directory: {error}: {change}"
        ))
    })?;
    if here.ancestors().any(|dir| dir.join("Cargo.toml").exists()) {
        return Ok(());
    }
    let here = escape(&here.to_string_lossy());
    let change = or("change into one", else_do);
    Err(Failure::Usage(format!(
        "no cargo workspace found at or above `{here}`: {change}"
    )))
}

/// What is to be done, one way or another.
fn or(do_this: &str, else_do: Option<&str>) -> String {
    match else_do {
        Some(other) => format!("{do_this}, or {other}"),
        None => do_this.to_owned(),
    }
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
