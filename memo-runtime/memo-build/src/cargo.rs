//! Running `cargo metadata`.
//!
//! What must hold: nothing is written, neither a lock file nor anything else in the workspace.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, Package, PackageId};

use crate::error::Error;
use crate::manifest::Manifest;
use crate::query::Query;

/// How a child would know of the job server of the cargo that runs the build script, which it
/// cannot reach.
const JOB_SERVER: [&str; 3] = ["CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS"];

/// How long to try for what is worth a warning and no more; on a machine without network, cargo
/// would keep the build waiting for as long as it does when it cannot do without.
const HASTE: [(&str, &str); 2] = [("CARGO_NET_RETRY", "0"), ("CARGO_HTTP_TIMEOUT", "5")];

/// What cargo leaves in every copy that it has downloaded or vendored.
const DOWNLOADED: [&str; 2] = [".cargo-ok", ".cargo-checksum.json"];

/// The package at hand and all around it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) metadata: Metadata,
    pub(crate) first: PackageId,
}

/// Asks with dependencies resolved.
pub(crate) fn resolved(query: &Query) -> Result<Answer, Error> {
    refuse_downloaded(query)?;
    let by_itself = by_itself(query);
    let Some(workspace) = query.compiled_in() else {
        return by_itself;
    };
    if let Ok(answer) = &by_itself
        && is_same(answer.metadata.workspace_root.as_std_path(), &workspace)
    {
        return by_itself;
    }
    let around = run(&workspace.join("Cargo.toml"), &["--frozen"], query, None);
    let around = around.and_then(|metadata| find(metadata, query));
    around.or(by_itself)
}

/// Asks without dependencies resolved, but for those that manifests name by path.
pub(crate) fn declared(query: &Query) -> Result<Answer, Error> {
    const FLAGS: &[&str] = &["--no-deps", "--frozen"];
    refuse_downloaded(query)?;
    let mut answer = find(run(&query.manifest, FLAGS, query, None)?, query)?;
    let packages = &mut answer.metadata.packages;
    let mut next = 0;
    while let Some(package) = packages.get(next) {
        next += 1;
        let manifests = package
            .dependencies
            .iter()
            .filter_map(|it| it.path.as_ref());
        let manifests: Vec<_> = manifests.map(|dir| dir.join("Cargo.toml")).collect();
        for manifest in manifests {
            let is_known = |package: &Package| package.manifest_path == manifest;
            if packages.iter().any(is_known) {
                continue;
            }
            let more = run(manifest.as_std_path(), FLAGS, query, None);
            let more = more.into_iter().flat_map(|metadata| metadata.packages);
            packages.extend(more.filter(is_known));
        }
    }
    Ok(answer)
}

/// Asks from the package's own manifest.
fn by_itself(query: &Query) -> Result<Answer, Error> {
    let manifest = Manifest::read(&query.manifest)?;
    let features = match &query.features {
        Some(features) => features.clone(),
        None if manifest.has_default_features() => vec!["default".to_owned()],
        None => Vec::new(),
    };
    let of_package = |feature| format!("{}/{feature}", manifest.name());
    let qualified: Vec<_> = features.iter().map(of_package).collect();

    let ask = |flag| {
        // A name alone turns on the feature in every member that has it; but with resolver 1 it is
        // the only way to name one of the package at hand.
        let answer = run(&query.manifest, &[flag], query, Some(&qualified));
        answer.or_else(|error| match features.is_empty() {
            true => Err(error),
            false => run(&query.manifest, &[flag], query, Some(&features)),
        })
    };
    // `cargo build` has not downloaded what only tests or other members need, but cargo answers
    // nothing without it. It is fetched then, so that a first build has the answer of the next.
    let metadata = ask("--frozen").or_else(|_| ask("--locked"))?;
    find(metadata, query)
}

fn run(
    manifest: &Path,
    flags: &[&str],
    query: &Query,
    features: Option<&[String]>,
) -> Result<Metadata, Error> {
    let mut options: Vec<_> = ["--quiet", "--color", "never"].map(str::to_owned).into();
    options.extend(flags.iter().map(|&flag| flag.to_owned()));
    let host = query.platforms.is_empty().then(host).flatten();
    for platform in query.platforms.iter().chain(&host) {
        options.extend(["--filter-platform".to_owned(), platform.clone()]);
    }
    let mut command = MetadataCommand::new();
    command.manifest_path(manifest).other_options(options);
    if let Some(features) = features {
        command.features(CargoOpt::NoDefaultFeatures);
        command.features(CargoOpt::SomeFeatures(features.to_vec()));
    }
    for variable in JOB_SERVER {
        command.env_remove(variable);
    }
    for (variable, value) in HASTE {
        command.env(variable, value);
    }
    command.exec().map_err(Error::Cargo)
}

/// Has cargo print packages with their features, a line each; those of the package at hand are on.
pub(crate) fn tree(query: &Query, selection: &[&str]) -> io::Result<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["tree", "--quiet", "--color", "never", "--frozen"]);
    command.args(["--prefix", "none", "--format", "{p}|{f}", "--manifest-path"]);
    command.arg(&query.manifest).args(selection);
    for platform in &query.platforms {
        command.args(["--target", platform]);
    }
    if let (Some(features), Ok(manifest)) = (&query.features, Manifest::read(&query.manifest)) {
        let of_package = |feature| format!("{}/{feature}", manifest.name());
        let features: Vec<_> = features.iter().map(of_package).collect();
        command.args(["--features", &features.join(",")]);
    }
    for variable in JOB_SERVER {
        command.env_remove(variable);
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err(io::ErrorKind::Other.into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The platform of this machine. Cargos before 1.94 have no name for it here.
fn host() -> Option<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).arg("-vV").output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "))?;
    Some(host.to_owned())
}

fn find(metadata: Metadata, query: &Query) -> Result<Answer, Error> {
    let is_it = |package: &&Package| is_same(package.manifest_path.as_std_path(), &query.manifest);
    match metadata.packages.iter().find(is_it) {
        Some(package) => Ok(Answer {
            first: package.id.clone(),
            metadata,
        }),
        None => Err(Error::NotListed {
            path: query.manifest.clone(),
        }),
    }
}

fn refuse_downloaded(query: &Query) -> Result<(), Error> {
    let directory = query.directory();
    let mut around = directory.ancestors();
    if around.any(|dir| DOWNLOADED.iter().any(|mark| dir.join(mark).exists())) {
        return Err(Error::Downloaded);
    }
    Ok(())
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| -> Option<PathBuf> { path.canonicalize().ok() };
    one == other || real(one).is_some_and(|one| Some(one) == real(other))
}
