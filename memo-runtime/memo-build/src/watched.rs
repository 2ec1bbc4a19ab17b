//! The files that decide what a package is made of.

use std::collections::BTreeSet;

use memo_code::Model;
use memo_code::sources::join;

use crate::paths::relative;
use crate::query::Query;

/// The manifests of all local packages and of the workspace, and the lock file, relative to the
/// first package's directory; there or not, each once. What it is compiled in is among them even if
/// cargo failed there.
pub(crate) fn manifests(model: &Model, query: &Query) -> Vec<String> {
    let packages = model.packages.iter();
    let mut manifests: Vec<_> = packages.map(|it| join(&it.dir, "Cargo.toml")).collect();
    let compiled_in = query.compiled_in();
    let compiled_in = compiled_in.map(|root| relative(&query.directory(), &root));
    for root in [Some(&model.workspace_root), compiled_in.as_ref()]
        .into_iter()
        .flatten()
    {
        manifests.extend(["Cargo.toml", "Cargo.lock"].map(|it| join(root, it)));
    }
    let mut seen = BTreeSet::new();
    manifests.retain(|path| seen.insert(path.clone()));
    manifests
}

/// What a build script has to run again for: the manifests, and the build script itself.
pub(crate) fn files(model: &Model, query: &Query) -> Vec<String> {
    let mut files = manifests(model, query);
    let first = model.packages.first();
    files.extend(first.and_then(|package| package.build_script.clone()));
    files
}
