//! What cargo told of a workspace without its dependencies, as long as it would tell the same.
//!
//! It stands in the target directory, behind the digest of everything that cargo reads for it:
//! manifests, names of files that are targets by themselves, configuration. What must hold: where
//! it cannot be told whether cargo would say something else, cargo is asked.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::Metadata;

use crate::files;
use crate::manifest::Manifest;
use crate::remembered::Inputs;

/// Variables that decide what cargo tells of a workspace.
const VARIABLES: [&str; 3] = ["CARGO", "CARGO_HOME", TARGET_DIR];

const TARGET_DIR: &str = "CARGO_TARGET_DIR";

/// What cargo tells of the workspace at `root` without its dependencies; `ask` is called only if
/// nobody has asked before, or something has changed since. For tools that ask often.
///
/// # Errors
///
/// Those of `ask`. That the answer cannot be remembered is none.
pub fn remembered_workspace<E>(
    root: &Path,
    ask: impl FnOnce() -> Result<Metadata, E>,
) -> Result<Metadata, E> {
    let place = place(root);
    if let Some(known) = load(root, &place) {
        return Ok(known);
    }
    let told = ask()?;
    save(root, &place, &told);
    Ok(told)
}

/// The target directory, as far as it is known without cargo, and the file in it.
struct Place {
    target: PathBuf,
    file: PathBuf,
}

fn place(root: &Path) -> Place {
    let shared = env::var_os(TARGET_DIR).filter(|dir| !dir.is_empty());
    let (target, name) = match shared {
        // Several workspaces may build into it.
        Some(dir) => {
            let name = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
            let dir = std::path::absolute(&dir).unwrap_or_else(|_| PathBuf::from(dir));
            (dir, format!("workspace-{}", &name[..16]))
        }
        None => (root.join("target"), "workspace".to_owned()),
    };
    Place {
        file: target.join("memo").join(name),
        target,
    }
}

fn load(root: &Path, place: &Place) -> Option<Metadata> {
    let bytes = fs::read(&place.file).ok()?;
    let (digest, text) = bytes.split_first_chunk::<32>()?;
    let told: Metadata = serde_json::from_slice(text).ok()?;
    let is_valid = told.workspace_root == *root && digest_of(root, &told)? == *digest;
    is_valid.then_some(told)
}

/// Leaves what cargo told, unless it builds into another directory than is looked into. If that
/// fails, cargo is asked again next time.
fn save(root: &Path, place: &Place, told: &Metadata) {
    let is_found_again = told.target_directory == place.target && told.workspace_root == *root;
    let digest = digest_of(root, told).filter(|_| is_found_again);
    if let (Some(digest), Ok(text)) = (digest, serde_json::to_vec(told)) {
        let _ = files::replace(&place.file, &[&digest[..], &text].concat());
    }
}

/// The digest of what cargo reads to tell this; `None` if that cannot be told.
fn digest_of(root: &Path, told: &Metadata) -> Option<[u8; 32]> {
    let mut inputs = Inputs::default();
    inputs.add(env!("CARGO_PKG_VERSION").as_bytes());
    for variable in VARIABLES {
        let value = env::var_os(variable).unwrap_or_default();
        inputs.add(value.as_encoded_bytes());
    }
    let mut places: Vec<PathBuf> = env::current_dir()
        .ok()?
        .ancestors()
        .map(Path::to_owned)
        .collect();
    places.extend(root.ancestors().map(Path::to_owned));
    places = places.into_iter().map(|dir| dir.join(".cargo")).collect();
    places.extend(cargo_home());
    for place in places {
        for name in ["config.toml", "config"] {
            inputs.file(&place.join(name));
        }
    }
    let manifest = root.join("Cargo.toml");
    inputs.file(&manifest);
    for members in Manifest::read(&manifest).ok()?.members() {
        inputs.list(&listed(root, &members)?);
    }
    for package in &told.packages {
        inputs.file(package.manifest_path.as_std_path());
        inputs.targets(package.manifest_path.parent()?.as_std_path());
    }
    Some(inputs.digest())
}

/// Where packages may come to that a pattern of members names; `None` for a pattern that is more
/// than `directory/*`.
fn listed(root: &Path, members: &str) -> Option<Vec<String>> {
    let is_pattern = |text: &str| text.contains(['*', '?', '[']);
    if !is_pattern(members) {
        return Some(Vec::new());
    }
    let (dir, _) = members
        .trim_end_matches('/')
        .rsplit_once('/')
        .unwrap_or_default();
    if is_pattern(dir) {
        return None;
    }
    let entries = fs::read_dir(root.join(dir)).into_iter().flatten().flatten();
    let packages = entries.filter(|entry| entry.path().join("Cargo.toml").is_file());
    let mut names: Vec<_> = packages
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Some(names)
}

fn cargo_home() -> Option<PathBuf> {
    let in_home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let named: Option<OsString> = env::var_os("CARGO_HOME");
    named.map(PathBuf::from).or_else(in_home)
}

#[cfg(test)]
mod tests;
