//! Which binary of the workspace is meant.

use std::path::Path;

use cargo_metadata::{Metadata, Package, Target};

use super::Wanted;
use crate::failure::Failure;
use crate::render::escape;
use crate::suggest::{nearest, question};

/// A binary and its package.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub(super) package: &'a Package,
    pub(super) target: &'a Target,
}

/// The binary that is wanted. `dir` is where one is: of several of a name, its package's is meant.
pub(super) fn choose<'a>(
    workspace: &'a Metadata,
    wanted: &Wanted<'_>,
    dir: &Path,
) -> Result<Choice<'a>, Failure> {
    let packages = packages(workspace, wanted.package)?;
    let all: Vec<Choice<'a>> = packages
        .iter()
        .flat_map(|package| binaries(package))
        .collect();
    let found = match wanted.bin {
        Some(name) => named(&all, name, &whereabouts(wanted))?,
        None => by_default(&packages, &all),
    };
    match found[..] {
        [] => Err(none(&whereabouts(wanted))),
        [one] => Ok(one),
        _ => nearest_to(dir, &found).ok_or_else(|| several(wanted.bin, &found)),
    }
}

fn packages<'a>(
    workspace: &'a Metadata,
    wanted: Option<&str>,
) -> Result<Vec<&'a Package>, Failure> {
    let mut packages = workspace.workspace_packages();
    let Some(name) = wanted else {
        return Ok(packages);
    };
    let names: Vec<String> = packages.iter().map(|it| it.name.to_string()).collect();
    packages.retain(|package| package.name.as_str() == name);
    if packages.is_empty() {
        let meant = question(nearest(name, names.iter().map(String::as_str)));
        return Err(Failure::Usage(format!(
            "no package `{}` in the workspace{meant}",
            escape(name)
        )));
    }
    Ok(packages)
}

fn binaries<'a>(package: &'a Package) -> impl Iterator<Item = Choice<'a>> {
    let targets = package.targets.iter().filter(|target| target.is_bin());
    targets.map(move |target| Choice { package, target })
}

/// The binaries of a name.
fn named<'a>(
    all: &[Choice<'a>],
    name: &str,
    whereabouts: &str,
) -> Result<Vec<Choice<'a>>, Failure> {
    let found = all.iter().filter(|it| it.target.name == name).copied();
    let found: Vec<_> = found.collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if all.is_empty() {
        return Err(none(whereabouts));
    }
    let names = all.iter().map(|it| it.target.name.as_str());
    let meant = question(nearest(name, names));
    Err(Failure::Usage(format!(
        "no binary `{}` in {whereabouts}, only these{meant}{}",
        escape(name),
        listed(all)
    )))
}

/// What `cargo run` takes: what a manifest says, or else the only one.
fn by_default<'a>(packages: &[&'a Package], all: &[Choice<'a>]) -> Vec<Choice<'a>> {
    let said = packages.iter().filter_map(|package| {
        let name = package.default_run.as_ref()?;
        binaries(package).find(|it| it.target.name == *name)
    });
    let said: Vec<_> = said.collect();
    if said.is_empty() { all.to_vec() } else { said }
}

/// The only one whose package has `dir` in its directory, of packages within packages the inner.
fn nearest_to<'a>(dir: &Path, found: &[Choice<'a>]) -> Option<Choice<'a>> {
    let around = |choice: &Choice<'_>| {
        let package = choice.package.manifest_path.parent()?;
        let is_around = dir.starts_with(package);
        is_around.then(|| package.as_str().len())
    };
    let nearest = found.iter().filter_map(around).max()?;
    let mut nearest = found.iter().filter(|it| around(it) == Some(nearest));
    nearest.next().copied().filter(|_| nearest.next().is_none())
}

fn several(bin: Option<&str>, found: &[Choice<'_>]) -> Failure {
    let Some(name) = bin else {
        return Failure::Usage(format!(
            "it cannot be told which binary is meant: name one of these with --bin{}",
            listed(found)
        ));
    };
    let packages = found
        .iter()
        .map(|it| format!("\n  {}", escape(&it.package.name)));
    Failure::Usage(format!(
        "several packages have a binary `{}`: say which is meant with --package{}",
        escape(name),
        packages.collect::<String>()
    ))
}

fn none(whereabouts: &str) -> Failure {
    Failure::Usage(format!(
        "no binary in {whereabouts}, only libraries: a program has a `main`, in `src/main.rs` or \
         in a file in `src/bin`"
    ))
}

fn listed(choices: &[Choice<'_>]) -> String {
    let mut names: Vec<&str> = choices.iter().map(|it| it.target.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let names = names
        .into_iter()
        .map(|name| format!("\n  {}", escape(name)));
    names.collect()
}

fn whereabouts(wanted: &Wanted<'_>) -> String {
    match wanted.package {
        Some(package) => format!("the package `{}`", escape(package)),
        None => "the workspace".to_owned(),
    }
}
