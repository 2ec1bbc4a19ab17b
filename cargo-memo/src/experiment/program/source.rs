//! The code of a binary, as its sources tell it.
//!
//! What must hold: two builds of a binary that could do different things have different
//! fingerprints, or their code is told as unknown; and whether it is built for debugging does not
//! matter.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_metadata::Metadata;
use memo_build::Query;
use memo_code::list::{Fact, FactKind};
use memo_code::model::TargetKind;
use memo_code::{Analysis, Disk, Memory, Surroundings};
use memo_runtime::Digest;

use super::CargoFlags;
use super::choice::Choice;
use super::settings::{self, Config};
use super::{environment, features};

/// Variables that hold flags for the compiler.
const FLAGS: [&str; 3] = [
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTFLAGS",
];

/// What the sources tell.
#[derive(Debug)]
pub(super) struct Source {
    /// The digest of all that counts.
    pub(super) fingerprint: Digest,
    /// The list of it.
    pub(super) list: Arc<[u8]>,
    /// Why that is not all, if so.
    pub(super) unknown: Option<String>,
}

/// Looks at the sources of a binary. What is found out is remembered beside what cargo builds.
pub(super) fn look(
    workspace: &Metadata,
    choice: Choice<'_>,
    flags: &CargoFlags,
) -> Result<Source, memo_build::Error> {
    look_with(workspace, choice, flags, &Config::here())
}

/// Looks at the sources of a binary as this configuration has it built.
pub(super) fn look_with(
    workspace: &Metadata,
    choice: Choice<'_>,
    flags: &CargoFlags,
    config: &Config,
) -> Result<Source, memo_build::Error> {
    let package = choice.package;
    let query = Query {
        features: Some(features::in_force(package, flags)),
        platforms: flags.target.iter().cloned().collect(),
        ..Query::new(package.manifest_path.as_std_path())
    };
    let memories = memories(workspace).join(package.name.as_str());
    let model = memo_build::remembered_model(&query, &memories.join(of_flags(&query)))?;

    let dir = package
        .manifest_path
        .parent()
        .map_or(Path::new(""), |it| it.as_std_path());
    let disk = Disk::new(dir);
    let configured = config.environment();
    let variable = |name: &str| variable(choice, &configured, name);
    let surroundings = Surroundings {
        sources: &disk,
        generated: None,
        environment: Some(&variable),
    };
    let krate = choice.target.name.replace('-', "_");
    let targets = model.packages.first().map_or(&[][..], |it| &it.targets);
    let root = |root: &str| dir.join(root) == choice.target.src_path.as_std_path();
    let is_binary = |number: &usize| {
        let target = &targets[*number];
        target.kind == TargetKind::Binary && target.name == krate
    };
    let mut found: Vec<usize> = (0..targets.len()).filter(is_binary).collect();
    found.sort_by_key(|number| !root(&targets[*number].root));
    let Some(target) = found.first() else {
        return Err(memo_build::Error::NotListed {
            path: package.manifest_path.clone().into_std_path_buf(),
        });
    };
    let mut memory = Memory::load(&memories);
    let program = Analysis::new(&model, *target, surroundings, &mut memory).program();
    memory.save(&memories);

    let mut fingerprint = program.fingerprint;
    if !fingerprint.conditions.is_empty() {
        fingerprint.add_facts(deciding(flags));
    }
    let manifest = workspace.workspace_root.join("Cargo.toml");
    let mut told = config.told();
    told.extend(settings::of_manifest(manifest.as_std_path()));
    if !told.is_empty() {
        fingerprint.add_facts(told.iter().map(|(name, value)| fact(name, value)));
    }
    Ok(Source {
        fingerprint: Digest::from_bytes(fingerprint.digest),
        list: fingerprint.list.to_bytes().into(),
        unknown: program
            .unknown
            .first()
            .map(|it| format!("`{}`: {}", it.place, it.problem)),
    })
}

/// Where things are remembered of the packages of a workspace.
pub(super) fn memories(workspace: &Metadata) -> PathBuf {
    workspace.target_directory.join("memo").into_std_path_buf()
}

/// A name for what cargo tells of a package that is compiled with these flags.
fn of_flags(query: &Query) -> String {
    let asked = format!("{:?} {:?}", query.features, query.platforms);
    blake3::hash(asked.as_bytes()).to_hex()[..16].to_owned()
}

/// A variable of the compiler's environment.
fn variable(choice: Choice<'_>, configured: &[(String, OsString)], name: &str) -> Option<String> {
    let mut configured = configured.iter().filter(|(known, _)| known == name);
    let of_package = environment::of_package(choice.package);
    let of_package = of_package.into_iter().find(|(known, _)| *known == name);
    match name {
        "CARGO_BIN_NAME" => Some(choice.target.name.clone()),
        "CARGO_CRATE_NAME" => Some(choice.target.name.replace('-', "_")),
        _ => match of_package {
            Some((_, value)) => Some(value),
            None => match configured.next() {
                Some((_, value)) => value.to_str().map(str::to_owned),
                // Cargo may have set the rest for cargo memo itself.
                None if name.starts_with("CARGO_") => None,
                None => env::var(name).ok(),
            },
        },
    }
}

/// What decides the conditions that neither features nor the profile do.
fn deciding(flags: &CargoFlags) -> Vec<Fact> {
    let mut facts = vec![fact("the platform", &platform(flags))];
    for name in FLAGS {
        if let Ok(value) = env::var(name) {
            facts.push(fact(name, &value));
        }
    }
    facts
}

fn platform(flags: &CargoFlags) -> String {
    let asked = flags
        .target
        .clone()
        .or_else(|| env::var("CARGO_BUILD_TARGET").ok());
    asked.unwrap_or_else(|| format!("{}-{}", env::consts::ARCH, env::consts::OS))
}

fn fact(name: &str, value: &str) -> Fact {
    Fact {
        kind: FactKind::Condition,
        name: name.to_owned(),
        value: value.to_owned(),
    }
}
