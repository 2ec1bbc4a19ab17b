//! One package, as a model has it.

use std::path::Path;

use cargo_metadata::{DependencyKind, Package, Target, TargetKind};
use memo_code::model;

use crate::lock::Lock;
use crate::paths::relative;

/// Crates for build scripts that compile another language, or generate code that a macro of theirs
/// includes; neither can be seen in the sources.
const FOREIGN: &[&str] = &[
    "autocxx-build",
    "autotools",
    "bindgen",
    "bindgen_cuda",
    "capnpc",
    "cbindgen",
    "cc",
    "cmake",
    "cpp_build",
    "cxx-build",
    "find_cuda_helper",
    "flatc-rust",
    "gcc",
    "glib-build-tools",
    "ispc-compile",
    "lalrpop",
    "meson",
    "meson-next",
    "nasm-rs",
    "prost-build",
    "protobuf-codegen",
    "shaderc",
    "slint-build",
    "tonic-build",
    "tonic-prost-build",
    "uniffi",
    "uniffi_build",
];

/// The package seen from the directory `base`, without its dependencies; `whole` with everything
/// that it compiles to, else with its library alone.
pub(crate) fn local(
    package: &Package,
    base: &Path,
    features: Vec<String>,
    whole: bool,
) -> model::Package {
    let dir = directory(package);
    let root = |target: &Target| relative(dir, target.src_path.as_std_path());
    let build_script = package.targets.iter().find(|it| it.is_custom_build());
    let mut targets: Vec<_> = package
        .targets
        .iter()
        .filter_map(|target| {
            Some(model::Target {
                name: target.name.replace('-', "_"),
                kind: kind(target)?,
                root: root(target),
                edition: target.edition.as_str().parse().unwrap_or(2015),
            })
        })
        .filter(|target| whole || is_library(target))
        .collect();
    targets.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    model::Package {
        name: package.name.to_string(),
        version: package.version.to_string(),
        dir: relative(base, dir),
        features,
        has_features: !package.features.is_empty(),
        targets,
        dependencies: Vec::new(),
        build_script: build_script.map(root),
        foreign_code: has_foreign_code(package),
        has_own_profile: false,
    }
}

/// The package without its dependencies.
pub(crate) fn external(package: &Package, features: Vec<String>, lock: &Lock) -> model::External {
    let (name, version) = (package.name.to_string(), package.version.to_string());
    let source = package.source.as_ref().map_or("", |source| &source.repr);
    let checksum = lock.checksum(&name, &version, source).map(str::to_owned);
    model::External {
        source: without_host(source),
        name,
        version,
        checksum,
        features,
        dependencies: Vec::new(),
        varies: false,
    }
}

/// The directory that the package's manifest is in.
pub(crate) fn directory(package: &Package) -> &Path {
    let manifest = package.manifest_path.as_std_path();
    manifest.parent().unwrap_or(manifest)
}

/// The name by which code knows the library of the package.
pub(crate) fn library_name(package: &Package) -> Option<String> {
    let libraries = [model::TargetKind::Library, model::TargetKind::ProcMacro];
    let mut targets = package.targets.iter();
    let library = targets.find(|it| kind(it).is_some_and(|kind| libraries.contains(&kind)))?;
    Some(library.name.replace('-', "_"))
}

fn is_library(target: &model::Target) -> bool {
    matches!(
        target.kind,
        model::TargetKind::Library | model::TargetKind::ProcMacro
    )
}

/// What a target is; `None` for a build script.
fn kind(target: &Target) -> Option<model::TargetKind> {
    target.kind.iter().find_map(|kind| match kind {
        TargetKind::Lib
        | TargetKind::RLib
        | TargetKind::DyLib
        | TargetKind::CDyLib
        | TargetKind::StaticLib => Some(model::TargetKind::Library),
        TargetKind::ProcMacro => Some(model::TargetKind::ProcMacro),
        TargetKind::Bin => Some(model::TargetKind::Binary),
        TargetKind::Example => Some(model::TargetKind::Example),
        TargetKind::Test => Some(model::TargetKind::Test),
        TargetKind::Bench => Some(model::TargetKind::Benchmark),
        _ => None,
    })
}

fn has_foreign_code(package: &Package) -> bool {
    let mut dependencies = package.dependencies.iter();
    package.links.is_some()
        || dependencies
            .any(|it| it.kind == DependencyKind::Build && FOREIGN.contains(&it.name.as_str()))
}

/// Where a package is from. A registry may have a mirror, and its packages are told apart by their
/// checksums; a repository by its path on the host, or by its name alone where it is a directory
/// of this machine.
fn without_host(source: &str) -> String {
    let Some(git) = source.strip_prefix("git+") else {
        return "registry".to_owned();
    };
    let (url, commit) = git.rsplit_once('#').unwrap_or((git, ""));
    let url = url.split('?').next().unwrap_or(url).trim_end_matches('/');
    let path = match url.split_once("://") {
        Some((scheme, rest)) if scheme != "file" => rest.split_once('/').map_or("", |it| it.1),
        _ => url.rsplit('/').next().unwrap_or(url),
    };
    format!("{path}#{commit}")
}

#[cfg(test)]
mod tests {
    use super::without_host;

    #[test]
    fn a_source_has_no_host() {
        for (source, expected) in [
            ("registry+https://example.org/index", "registry"),
            ("sparse+https://example.org/index/", "registry"),
            ("git+https://example.org/one/two#abc", "one/two#abc"),
            (
                "git+https://example.org/one/two.git?branch=main#abc",
                "one/two.git#abc",
            ),
            ("git+ssh://git@example.org/one/two/#abc", "one/two#abc"),
            ("git+file:///home/someone/one/two?rev=abc#abc", "two#abc"),
        ] {
            assert_eq!(without_host(source), expected, "{source}");
        }
    }
}
