//! A workspace that exists in memory only, as cargo would describe it and rustc compile it.
//!
//! The package at hand is `app`; a path dependency `dep` has its files below `../dep/`. Files,
//! packages and versions are what an edit changes.

use std::collections::{BTreeMap, BTreeSet};

use memo_code::Model;
use memo_code::model::{
    Dependency, DependencyKind, DependsOn, External, Package, Target, TargetKind,
};

/// The sources of a workspace, and what cargo and the compiler are told beside them.
#[derive(Clone)]
pub(crate) struct Project {
    /// The files, by paths relative to the directory of `app`.
    pub(crate) files: BTreeMap<String, String>,
    /// The files in the `OUT_DIR` of `app`.
    pub(crate) generated: BTreeMap<String, String>,
    /// The environment of the compiler.
    pub(crate) environment: BTreeMap<String, String>,
    /// The conditions that hold, as `--cfg` has them.
    pub(crate) flags: BTreeSet<String>,
    /// The name and kind of the target that is compiled.
    pub(crate) compiled: (String, TargetKind),
    model: Model,
}

impl Project {
    /// The package `app`, with an empty library.
    pub(crate) fn new() -> Self {
        let app = package("app", "", "app", TargetKind::Library);
        Self {
            files: BTreeMap::from([("src/lib.rs".to_owned(), String::new())]),
            generated: BTreeMap::new(),
            environment: BTreeMap::new(),
            flags: BTreeSet::from(["unix".to_owned()]),
            compiled: ("app".to_owned(), TargetKind::Library),
            model: Model {
                packages: vec![app],
                workspace_root: "..".to_owned(),
                ..Model::default()
            },
        }
    }

    /// What cargo knows, in the order in which a model has it.
    pub(crate) fn model(&self) -> Model {
        sorted(self.model.clone())
    }

    /// What cargo knows, to be altered.
    pub(crate) fn model_mut(&mut self) -> &mut Model {
        &mut self.model
    }

    /// The index of the crate that is compiled.
    pub(crate) fn target(&self) -> usize {
        let (name, kind) = &self.compiled;
        let mut targets = self.model.packages[0].targets.iter();
        targets
            .position(|target| target.name == *name && target.kind == *kind)
            .unwrap_or_else(|| panic!("no target `{name}`"))
    }

    /// The conditions that hold for rustc when it compiles `app`.
    pub(crate) fn conditions(&self, test: bool) -> BTreeSet<String> {
        let features = &self.model.packages[0].features;
        let features = features.iter().map(|name| format!("feature = {name:?}"));
        let test = test.then(|| "test".to_owned());
        let flags = self.flags.iter().cloned();
        flags.chain(features).chain(test).collect()
    }

    /// Writes a file, in `OUT_DIR` if its path begins so.
    pub(crate) fn write(&mut self, path: &str, text: &str) {
        let (files, path) = match path.strip_prefix("OUT_DIR/") {
            Some(path) => (&mut self.generated, path),
            None => (&mut self.files, path),
        };
        files.insert(path.to_owned(), text.to_owned());
    }

    /// Takes a file away and returns what was in it.
    pub(crate) fn remove(&mut self, path: &str) -> String {
        let removed = self.files.remove(path);
        removed.unwrap_or_else(|| panic!("no file {path}"))
    }

    /// Replaces the one occurrence of `from` in all files.
    pub(crate) fn replace(&mut self, from: &str, to: &str) {
        let texts = self.files.values_mut().chain(self.generated.values_mut());
        let mut found: Vec<&mut String> = texts.filter(|text| text.contains(from)).collect();
        match &mut found[..] {
            [text] if text.matches(from).count() == 1 => **text = text.replacen(from, to, 1),
            _ => panic!("`{from}` should occur exactly once"),
        }
    }

    /// Adds a path dependency of `of`, whose only crate has the package's name.
    pub(crate) fn add_package(&mut self, of: &str, name: &str, kind: TargetKind, text: &str) {
        let dir = format!("../{name}");
        self.write(&format!("{dir}/src/lib.rs"), text);
        let krate = name.replace('-', "_");
        self.model.packages.push(package(name, &dir, &krate, kind));
        self.depend(of, &krate, name);
    }

    /// Adds a package from the registry, known as `alias` to the package `of`.
    pub(crate) fn add_external(&mut self, of: &str, alias: &str, name: &str, version: &str) {
        self.model.externals.push(External {
            name: name.to_owned(),
            version: version.to_owned(),
            source: "registry".to_owned(),
            checksum: Some(format!("checksum of {name} {version}")),
            ..External::default()
        });
        let on = DependsOn::External(self.model.externals.len() - 1);
        self.dependencies_of(of).push(dependency(alias, on));
    }

    /// Adds a package from the registry beneath another one.
    pub(crate) fn add_beneath(&mut self, of: &str, name: &str, version: &str) {
        let at = self.model.externals.len();
        self.model.externals.push(External {
            name: name.to_owned(),
            version: version.to_owned(),
            source: "registry".to_owned(),
            ..External::default()
        });
        self.external(of).dependencies.push(at);
    }

    /// Makes the package `of` depend on the package `on`, known as `alias`.
    pub(crate) fn depend(&mut self, of: &str, alias: &str, on: &str) {
        let packages = &self.model.packages;
        let at = packages.iter().position(|package| package.name == on);
        let at = at.unwrap_or_else(|| panic!("no package `{on}`"));
        let dependency = dependency(alias, DependsOn::Local(at));
        self.dependencies_of(of).push(dependency);
    }

    /// The package of that name whose sources are at hand.
    pub(crate) fn package(&mut self, name: &str) -> &mut Package {
        let mut packages = self.model.packages.iter_mut();
        packages
            .find(|package| package.name == name)
            .unwrap_or_else(|| panic!("no package `{name}`"))
    }

    /// The package from the registry of that name.
    pub(crate) fn external(&mut self, name: &str) -> &mut External {
        let mut externals = self.model.externals.iter_mut();
        externals
            .find(|external| external.name == name)
            .unwrap_or_else(|| panic!("no external package `{name}`"))
    }

    fn dependencies_of(&mut self, name: &str) -> &mut Vec<Dependency> {
        &mut self.package(name).dependencies
    }
}

/// A target of edition 2024.
pub(crate) fn target(name: &str, kind: TargetKind, root: &str) -> Target {
    Target {
        name: name.to_owned(),
        kind,
        root: root.to_owned(),
        edition: 2024,
    }
}

fn package(name: &str, dir: &str, krate: &str, kind: TargetKind) -> Package {
    Package {
        name: name.to_owned(),
        version: "0.1.0".to_owned(),
        dir: dir.to_owned(),
        targets: vec![target(krate, kind, "src/lib.rs")],
        ..Package::default()
    }
}

fn dependency(alias: &str, on: DependsOn) -> Dependency {
    Dependency {
        name: alias.to_owned(),
        kind: DependencyKind::Normal,
        on,
    }
}

/// Puts the packages of a model in order, whatever order they were added in.
fn sorted(mut model: Model) -> Model {
    let names: Vec<_> = model.packages.iter().map(|package| &package.name).collect();
    let locals = ranks(&names, 1);
    let names: Vec<_> = model
        .externals
        .iter()
        .map(|external| (&external.name, &external.version))
        .collect();
    let externals = ranks(&names, 0);
    for dependency in model.packages.iter_mut().flat_map(|p| &mut p.dependencies) {
        dependency.on = match dependency.on {
            DependsOn::Local(at) => DependsOn::Local(locals[at]),
            DependsOn::External(at) => DependsOn::External(externals[at]),
        };
    }
    for external in &mut model.externals {
        for at in &mut external.dependencies {
            *at = externals[*at];
        }
        external.dependencies.sort_unstable();
    }
    model.packages[1..].sort_by(|a, b| a.name.cmp(&b.name));
    model
        .externals
        .sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    model
}

/// The place of each name when all but the first `fixed` are sorted.
fn ranks<T: Ord>(names: &[T], fixed: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order[fixed..].sort_by_key(|&at| &names[at]);
    let mut ranks = vec![0; names.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank;
    }
    ranks
}
