//! Which package is meant, and where it is.

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::Metadata;

use crate::commands::way::relative;
use crate::failure::Failure;
use crate::render::escape;
use crate::workspace::ask_cargo;

/// A member of a workspace.
#[derive(Debug)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// Its Cargo.toml.
    pub(super) manifest: PathBuf,
    /// The Cargo.toml of the workspace root, which may be the same.
    pub(super) root_manifest: PathBuf,
}

impl Package {
    /// The package that goes by `name`, or else the one of the manifest, or
    /// of the current directory.
    pub(super) fn choose(
        manifest_path: Option<&Path>,
        name: Option<&str>,
    ) -> Result<Self, Failure> {
        let metadata = ask_cargo(manifest_path, Some("name a manifest with --manifest-path"))?;
        let members = metadata.workspace_packages();
        let chosen = match (name, &members[..]) {
            (Some(name), _) => members.iter().find(|package| package.name == name),
            (None, [only]) => Some(only),
            (None, _) => {
                let here = nearest_manifest(manifest_path);
                members
                    .iter()
                    .find(|package| Some(package.manifest_path.as_std_path()) == here.as_deref())
            }
        };
        let chosen = chosen.ok_or_else(|| not_one_of(&metadata, name))?;
        Ok(Self {
            name: chosen.name.to_string(),
            manifest: chosen.manifest_path.clone().into_std_path_buf(),
            root_manifest: metadata.workspace_root.join("Cargo.toml").into(),
        })
    }

    /// Its directory.
    pub(super) fn dir(&self) -> &Path {
        self.manifest.parent().unwrap_or(Path::new("."))
    }

    /// The path from here to a package in another directory.
    pub(super) fn path_to(&self, other: &Path) -> Result<PathBuf, Failure> {
        let shown = escape(&other.to_string_lossy());
        let to = fs::canonicalize(other)
            .ok()
            .filter(|dir| dir.join("Cargo.toml").is_file())
            .ok_or_else(|| {
                Failure::Usage(format!(
                    "there is no package in `{shown}`: --path wants a checkout of the sources of \
                     memo-runtime"
                ))
            })?;
        let from = fs::canonicalize(self.dir()).unwrap_or_else(|_| self.dir().to_owned());
        Ok(relative(&from, &to))
    }
}

fn not_one_of(metadata: &Metadata, name: Option<&str>) -> Failure {
    let mut members: Vec<String> = metadata
        .workspace_packages()
        .iter()
        .map(|package| escape(&package.name))
        .collect();
    members.sort();
    let members = members.join(", ");
    Failure::Usage(match name {
        _ if members.is_empty() => "the workspace has no members: add a package first".to_owned(),
        Some(name) => format!(
            "no member of the workspace is called `{}`: the members are {members}",
            escape(name)
        ),
        None => format!(
            "the workspace has several members: change into one, or name one of {members} with \
             --package"
        ),
    })
}

/// The manifest at or above the current directory, or the one that is named.
fn nearest_manifest(named: Option<&Path>) -> Option<PathBuf> {
    if let Some(named) = named {
        return fs::canonicalize(named).ok();
    }
    let here = std::env::current_dir().ok()?;
    let mut manifests = here.ancestors().map(|dir| dir.join("Cargo.toml"));
    fs::canonicalize(manifests.find(|manifest| manifest.is_file())?).ok()
}
