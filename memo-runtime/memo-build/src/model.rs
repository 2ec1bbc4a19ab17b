//! From what cargo tells to a [`Model`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cargo_metadata::{Metadata, Package, PackageId};
use memo_code::Model;

use crate::cargo::{self, Answer};
use crate::error::Error;
use crate::graph::{Graph, Parts};
use crate::lock::Lock;
use crate::manifest::Manifest;
use crate::paths::relative;
use crate::query::Query;
use crate::settings::settings;
use crate::{package, unified, watched};

/// What a package is made of, as `cargo metadata` tells it.
///
/// Features of other packages are those that cargo resolves for the whole workspace. Cargo is
/// asked to stay offline, and only if it then cannot answer, to download what `cargo build` has
/// left out, such as what tests alone need.
///
/// # Errors
///
/// The manifest cannot be read, or cargo fails; there still is a [`coarse_model`].
///
/// # Examples
///
/// ```no_run
/// let query = memo_build::Query::new("Cargo.toml");
/// for package in memo_build::model(&query)?.packages {
///     eprintln!("{} {}", package.name, package.version);
/// }
/// # Ok::<(), memo_build::Error>(())
/// ```
pub fn model(query: &Query) -> Result<Model, Error> {
    let Answer { metadata, first } = cargo::resolved(query)?;
    let lock = fs::read(metadata.workspace_root.join("Cargo.lock")).unwrap_or_default();
    let mut model = from_metadata(&metadata, &first, &String::from_utf8_lossy(&lock));
    if query.out_dir.is_some() {
        unified::mark(&mut model, metadata.workspace_root.as_std_path(), query);
    }
    put_in_force(&mut model, query);
    if model.trouble.is_some() {
        model.lock_digest = Some(lock_digest(&model, query));
    }
    Ok(model)
}

/// What a package is made of as far as that is known after an `error`: packages from elsewhere
/// are missing, and their versions count all together.
pub fn coarse_model(query: &Query, error: &Error) -> Model {
    let mut model = match cargo::declared(query) {
        Ok(Answer { metadata, first }) => {
            let graph = Graph::declared(&metadata.packages);
            let parts = graph.parts(&first, &Lock::default());
            assembled(parts, &metadata, &first)
        }
        Err(_) => from_manifest(query),
    };
    put_in_force(&mut model, query);
    model.trouble = Some(error.reason().to_owned());
    model.lock_digest = Some(lock_digest(&model, query));
    model
}

/// The model of the package `first`; pure.
pub(crate) fn from_metadata(metadata: &Metadata, first: &PackageId, lock: &str) -> Model {
    let parts = Graph::resolved(metadata).parts(first, &Lock::parse(lock));
    assembled(parts, metadata, first)
}

fn assembled(parts: Parts, metadata: &Metadata, first: &PackageId) -> Model {
    let first = metadata.packages.iter().find(|it| it.id == *first);
    let base = first.map_or(Path::new(""), package::directory);
    let trouble = parts.patched_in.first().map(|name| {
        format!("a downloaded package depends on `{name}`, whose changes do not count there")
    });
    Model {
        ambiguous: ambiguous(&metadata.packages, &parts),
        packages: parts.packages,
        externals: parts.externals,
        workspace_root: relative(base, metadata.workspace_root.as_std_path()),
        settings: settings(&metadata.workspace_metadata),
        trouble,
        lock_digest: None,
    }
}

/// The names of crates in `parts` that crates of other packages have too. Of a package from elsewhere
/// only the library can be linked.
fn ambiguous(packages: &[Package], parts: &Parts) -> Vec<String> {
    let mut owners: BTreeMap<String, BTreeSet<&PackageId>> = BTreeMap::new();
    for package in packages {
        let library = package::library_name(package);
        let targets = package.targets.iter().filter(|_| package.source.is_none());
        let programs = targets.filter(|it| !it.is_custom_build());
        let programs = programs.map(|it| it.name.replace('-', "_"));
        for name in library.into_iter().chain(programs) {
            owners.entry(name).or_default().insert(&package.id);
        }
    }
    let targets = parts.packages.iter().flat_map(|package| &package.targets);
    let externals = parts.externals.iter().map(|it| it.name.replace('-', "_"));
    let names: BTreeSet<_> = targets.map(|it| it.name.clone()).chain(externals).collect();
    let is_of_several = |name: &String| owners.get(name).is_some_and(|it| it.len() > 1);
    names.into_iter().filter(is_of_several).collect()
}

/// What is known without cargo: the manifest, and the usual places. The workspace is taken to be
/// where the lock file is.
fn from_manifest(query: &Query) -> Model {
    let dir = query.directory();
    let manifest = Manifest::read(&query.manifest).unwrap_or_default();
    let mut around = dir.ancestors();
    let locked = around.find(|it| it.join("Cargo.lock").is_file());
    let root = locked.map(Path::to_owned).or_else(|| query.compiled_in());
    let root = root.as_deref().unwrap_or(&dir);
    let of_workspace = Manifest::read(&root.join("Cargo.toml")).unwrap_or_default();
    Model {
        packages: vec![manifest.package(|path| dir.join(path).is_file())],
        workspace_root: relative(&dir, root),
        settings: settings(&of_workspace.workspace_metadata()),
        ..Model::default()
    }
}

/// The features that the package is compiled with are known better than cargo resolves them.
fn put_in_force(model: &mut Model, query: &Query) {
    if let (Some(features), Some(first)) = (&query.features, model.packages.first_mut()) {
        first.features.clone_from(features);
        first.features.sort();
    }
}

/// The digest of the lock file, and of the manifests, which say what features are asked for.
fn lock_digest(model: &Model, query: &Query) -> [u8; 32] {
    let dir = query.directory();
    let mut hasher = blake3::Hasher::new();
    for path in watched::manifests(model, query) {
        let content = fs::read(dir.join(path)).unwrap_or_default();
        hasher.update(blake3::hash(&content).as_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests;
