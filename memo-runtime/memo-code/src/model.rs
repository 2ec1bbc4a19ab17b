//! What is known of a workspace before any source is read: packages, their targets, features and
//! dependencies.
//!
//! `memo-build` makes it from cargo's metadata and leaves it in `OUT_DIR` ([`MODEL_FILE`]); the
//! `#[memo]` attribute and `cargo memo` read it. What must hold: every path is relative, with `/`
//! between its parts, so that a moved checkout has the same model; and equal workspaces have
//! byte-equal models.

use crate::wire::{self, Reader, Wire, fields, variants};

/// Where the model is, relative to `OUT_DIR`.
pub const MODEL_FILE: &str = "memo/model";

/// Where remembered sources are, relative to `OUT_DIR`.
pub(crate) const MEMORY_FILE: &str = "memo/sources";

/// Where the troubles are that the build script has told of, a line each, relative to `OUT_DIR`.
pub const TROUBLES_FILE: &str = "memo/troubles";

/// A workspace, as seen from one of its packages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// The packages whose sources are at hand: the package that is compiled first, then its path
    /// dependencies, and theirs, sorted by name and version.
    pub packages: Vec<Package>,
    /// Packages from a registry or from git, sorted by name and version.
    pub externals: Vec<External>,
    /// The names of crates that more than one package around has, whether this one uses them or
    /// not; sorted. A path that begins with one may be in either.
    pub ambiguous: Vec<String>,
    /// The root of the workspace, relative to the first package's directory.
    pub workspace_root: String,
    /// The settings of `[workspace.metadata.memo]`, as text.
    pub settings: Vec<(String, String)>,
    /// Why the rest may be incomplete, in a sentence; dependencies then count whole, by the lock
    /// file in [`Model::lock_digest`].
    pub trouble: Option<String>,
    /// The digest of `Cargo.lock`, if there is [trouble](Self::trouble).
    pub lock_digest: Option<[u8; 32]>,
}

/// A package whose sources are at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its directory, relative to the first package's; empty for that one.
    pub dir: String,
    /// The features that are in force, sorted.
    pub features: Vec<String>,
    /// Whether it has any features, in force or not.
    pub has_features: bool,
    /// What can be compiled: of the first package everything, of another its library alone.
    pub targets: Vec<Target>,
    /// What its code can name.
    pub dependencies: Vec<Dependency>,
    /// Its build script, relative to [`Package::dir`].
    pub build_script: Option<String>,
    /// Whether it builds code of another language: it has a `links` key, or its build script uses
    /// a crate that compiles. It then counts whole, with every file below its directory.
    pub foreign_code: bool,
    /// Whether a profile may have settings for it alone, so that conditions in it need not have the
    /// truth that they have in the package at hand. [`Package::features`] then tells, in a text
    /// of its own, how it is compiled.
    pub has_own_profile: bool,
}

/// Something that is compiled to one crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The name of the crate, with underscores.
    pub name: String,
    /// What it is.
    pub kind: TargetKind,
    /// The root source file, relative to the package's directory.
    pub root: String,
    /// The edition, such as 2024.
    pub edition: u16,
}

/// What is compiled to a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TargetKind {
    /// A library.
    Library,
    /// A library of procedural macros.
    ProcMacro,
    /// A program.
    Binary,
    /// An example.
    Example,
    /// An integration test.
    Test,
    /// A benchmark.
    Benchmark,
}

/// A crate that code can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The name by which code knows it, with underscores.
    pub name: String,
    /// For what.
    pub kind: DependencyKind,
    /// Which package it is.
    pub on: DependsOn,
}

/// For what a dependency is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DependencyKind {
    /// For everything.
    Normal,
    /// For tests, examples and benchmarks.
    Development,
    /// For the build script.
    Build,
}

/// Which package a dependency is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DependsOn {
    /// By its index in [`Model::packages`].
    Local(usize),
    /// By its index in [`Model::externals`].
    External(usize),
}

/// A package from a registry or from git.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct External {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it is from, without the host of the registry: `registry`, or the URL and the commit.
    pub source: String,
    /// Its checksum in `Cargo.lock`.
    pub checksum: Option<String>,
    /// The features that are in force, sorted.
    pub features: Vec<String>,
    /// What it depends on, by index in [`Model::externals`], sorted.
    pub dependencies: Vec<usize>,
    /// Whether the features depend on what else of the workspace is built. They then tell, in a
    /// text of its own, how it is compiled.
    pub varies: bool,
}

/// The packages of cargo memo itself. A function that is memoized with them does not depend on
/// their code: what matters of it to a result is in the format of the store.
const OWN: [&str; 4] = ["memo-build", "memo-code", "memo-macros", "memo-runtime"];

impl Model {
    /// Whether what a package depends on is a part of cargo memo.
    pub(crate) fn is_own(&self, on: DependsOn) -> bool {
        let name = match on {
            DependsOn::Local(package) => self.packages.get(package).map(|it| &it.name),
            DependsOn::External(external) => self.externals.get(external).map(|it| &it.name),
        };
        name.is_some_and(|name| OWN.contains(&name.as_str()))
    }

    /// The model as a file has it.
    pub fn to_bytes(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a model; `None` if another version of this crate wrote it, or it is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        wire::decode(bytes)
    }
}

fields!(Model {
    packages,
    externals,
    ambiguous,
    workspace_root,
    settings,
    trouble,
    lock_digest
});
fields!(Package {
    name,
    version,
    dir,
    features,
    has_features,
    targets,
    dependencies,
    build_script,
    foreign_code,
    has_own_profile
});
fields!(Target {
    name,
    kind,
    root,
    edition
});
fields!(Dependency { name, kind, on });
fields!(External {
    name,
    version,
    source,
    checksum,
    features,
    dependencies,
    varies
});
variants!(TargetKind {
    Library,
    ProcMacro,
    Binary,
    Example,
    Test,
    Benchmark
});
variants!(DependencyKind {
    Normal,
    Development,
    Build
});

impl Wire for DependsOn {
    fn write(&self, out: &mut Vec<u8>) {
        let (is_local, index) = match self {
            Self::Local(index) => (true, index),
            Self::External(index) => (false, index),
        };
        is_local.write(out);
        index.write(out);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let is_local = bool::read(from)?;
        let index = usize::read(from)?;
        Some(if is_local {
            Self::Local(index)
        } else {
            Self::External(index)
        })
    }
}
