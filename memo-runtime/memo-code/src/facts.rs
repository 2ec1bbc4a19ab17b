//! What counts beside items and dependencies: editions, features, the environment, files.

mod conditions;
mod files;

use std::collections::BTreeSet;

use blake3::Hasher;

use crate::analysis::Analysis;
use crate::file::Kind;
use crate::graph::Dependency;
use crate::list::{Fact, FactKind};
use crate::parse::is_standard_macro;
use crate::reach::Reach;

/// Begins the name of a file in `OUT_DIR`.
const GENERATED: &str = "OUT_DIR/";

/// Whether sources and manifests alone tell a fact, the same on every machine.
pub(crate) fn is_of_sources(fact: &Fact) -> bool {
    match fact.kind {
        FactKind::Edition | FactKind::Whole | FactKind::Name | FactKind::Version => true,
        FactKind::File => !fact.name.starts_with(GENERATED),
        FactKind::Feature | FactKind::Condition | FactKind::Environment => false,
    }
}

/// Facts that are being gathered.
#[derive(Default)]
struct Facts(BTreeSet<Fact>);

impl Facts {
    fn add(&mut self, kind: FactKind, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(Fact {
            kind,
            name: name.into(),
            value: value.into(),
        });
    }
}

impl Analysis<'_> {
    /// The facts about what has been reached, and the conditions that only the compiler can
    /// answer.
    pub(crate) fn facts(&self, reach: &Reach<'_>) -> (Vec<Fact>, Vec<String>) {
        let mut facts = Facts::default();
        for krate in &reach.krates {
            let krate = &self.graph.loaded.krates[*krate];
            facts.add(FactKind::Edition, &krate.name, krate.edition.to_string());
        }
        if let Some(lock) = &self.model.lock_digest {
            facts.add(FactKind::Whole, "Cargo.lock", hex(lock));
        }
        let telling: Vec<usize> = (reach.order.iter().copied())
            .filter(|number| self.tells_facts(*number))
            .collect();
        self.names(reach, &mut facts);
        self.order_and_versions(reach, &telling, &mut facts);
        self.environment(reach, &telling, &mut facts);
        self.included_files(reach, &telling, &mut facts);
        let mut built = self.asked_variables(&telling);
        let conditions = self.conditions(reach, &mut facts, &mut built);
        for number in reach.packages.union(&built) {
            let package = &self.model.packages[*number];
            if reach.packages.contains(number) {
                facts.add(FactKind::Whole, &package.name, self.whole(&package.dir));
            } else {
                let name = format!("the build script of {}", package.name);
                facts.add(FactKind::Whole, name, self.beside_items(&package.dir));
            }
            let features = package.features.join(" ");
            facts.add(FactKind::Feature, &package.name, features);
        }
        (facts.0.into_iter().collect(), conditions)
    }

    /// Whether there may be a fact in a node, other than the files that it includes and its
    /// conditions. In most there is none.
    fn tells_facts(&self, number: usize) -> bool {
        let node = self.graph.node(number);
        let mentions = &node.mentions;
        node.kind == Kind::Macro
            || mentions.any_variable
            || !mentions.environment.is_empty()
            || !mentions.variables.is_empty()
            || !mentions.paths.is_empty()
            || !mentions.macros.is_empty()
            || node.function.as_ref().is_some_and(|it| it.memo.is_some())
            || self.graph.is_generated(number)
    }

    /// Which packages names mean, where they could mean others.
    fn names(&self, reach: &Reach<'_>, facts: &mut Facts) {
        for (krate, name, dependency) in &reach.named {
            let name = self.graph.text(*name);
            let (package, version, ambiguous) = match dependency {
                Dependency::External(external) => {
                    let external = &self.model.externals[*external];
                    let mut others = self.model.externals.iter();
                    let is_one_of_many =
                        others.any(|other| other.name == external.name && other != external);
                    (&external.name, &external.version, is_one_of_many)
                }
                Dependency::Krate(other) => {
                    let package = self.graph.loaded.krates[*other].package;
                    let package = &self.model.packages[package];
                    (&package.name, &package.version, false)
                }
                Dependency::Package(package) => {
                    let package = &self.model.packages[*package];
                    (&package.name, &package.version, false)
                }
            };
            if ambiguous || package.replace('-', "_") != name {
                let krate = &self.graph.loaded.krates[*krate].name;
                let value = if ambiguous {
                    format!("{package} {version}")
                } else {
                    package.clone()
                };
                facts.add(FactKind::Name, format!("{krate}: {name}"), value);
            }
        }
    }

    /// The order of macros by one name, and the versions of other memoized functions.
    fn order_and_versions(&self, reach: &Reach<'_>, telling: &[usize], facts: &mut Facts) {
        for number in telling.iter().copied() {
            let node = self.graph.node(number);
            if node.kind == Kind::Macro
                && (self.has_namesake(number) || is_standard_macro(&node.label))
            {
                let name = format!("the order of items around {}", self.path(number));
                facts.add(FactKind::Whole, name, self.order_around(number, reach));
            }
            let memo = node
                .function
                .as_ref()
                .and_then(|function| function.memo.as_ref());
            if let Some(version) = memo.and_then(|memo| memo.version.as_ref())
                && reach.entry != Some(number)
            {
                facts.add(FactKind::Version, self.path(number), version);
            }
        }
    }

    /// The packages that something reached is in.
    pub(crate) fn packages(&self, reach: &Reach<'_>) -> BTreeSet<usize> {
        let krates = reach.krates.iter();
        krates
            .map(|krate| self.graph.loaded.krates[*krate].package)
            .collect()
    }

    /// Whether there is another macro of the same name in the same crate.
    fn has_namesake(&self, number: usize) -> bool {
        let names = self.graph.node(number).defines.iter();
        let mut namesakes = names
            .flat_map(|name| self.graph.defining(self.graph.name(number, *name)))
            .filter(|other| {
                self.graph.node(**other).kind == Kind::Macro
                    && self.graph.krate_of(**other) == self.graph.krate_of(number)
            });
        namesakes.any(|other| *other != number)
    }

    /// The digest of the macros by one name and of what may call them, or may hold what does, in
    /// their order.
    fn order_around(&self, number: usize, reach: &Reach<'_>) -> String {
        let names = self.graph.node(number).defines.iter();
        let names: Vec<_> = names.map(|name| self.graph.name(number, *name)).collect();
        let is_one = |other: usize, name: u32| names.contains(&self.graph.name(other, name));
        let mut hasher = Hasher::new();
        for other in self.graph.nodes_of_krate(self.graph.krate_of(number)) {
            let node = self.graph.node(other);
            let mut mentioned = node.mentions.names.iter();
            if node.kind == Kind::Macro && node.defines.iter().any(|name| is_one(other, *name)) {
                hasher.update(b"m");
                hasher.update(&node.digest);
            } else if reach.reached[other]
                && (node.kind == Kind::Module || mentioned.any(|(name, _)| is_one(other, *name)))
            {
                let path = self.path(other);
                hasher.update(b"u");
                hasher.update(&(path.len() as u64).to_le_bytes());
                hasher.update(path.as_bytes());
            }
        }
        hasher.finalize().to_hex().to_string()
    }

    /// Variables of the environment that are compiled in.
    fn environment(&self, reach: &Reach<'_>, telling: &[usize], facts: &mut Facts) {
        let mut variables: BTreeSet<(usize, &str)> = BTreeSet::new();
        let nodes = || {
            telling
                .iter()
                .map(|number| (*number, self.graph.node(*number)))
        };
        let by_parameter = nodes().any(|(_, node)| node.mentions.any_variable);
        for (number, node) in nodes() {
            let own = self.graph.loaded.krates[self.graph.krate_of(number)].package;
            // What a macro asks for is that of whoever calls it.
            let packages = if node.kind == Kind::Macro {
                self.packages(reach)
            } else {
                BTreeSet::from([own])
            };
            let given = node.mentions.variables.iter().filter(|_| by_parameter);
            for variable in node.mentions.environment.iter().chain(given) {
                variables.extend(packages.iter().map(|package| (*package, variable.as_str())));
            }
        }
        for (package, variable) in variables {
            let of_package = &self.model.packages[package];
            let value = match variable {
                "CARGO_MANIFEST_DIR" | "CARGO_MANIFEST_PATH" | "OUT_DIR" => continue,
                "CARGO_PKG_NAME" => of_package.name.clone(),
                "CARGO_PKG_VERSION" => of_package.version.clone(),
                _ if package != 0 && variable.starts_with("CARGO_PKG_") => {
                    let manifest = format!("{}/Cargo.toml", of_package.dir);
                    let value = files::content(self.surroundings.sources, &manifest);
                    facts.add(FactKind::File, manifest, value);
                    continue;
                }
                _ => {
                    let Some(environment) = self.surroundings.environment else {
                        continue;
                    };
                    environment(variable).unwrap_or_else(|| String::from("(not set)"))
                }
            };
            let name = match package {
                0 => variable.to_owned(),
                _ => format!("{variable} of {}", of_package.name),
            };
            facts.add(FactKind::Environment, name, value);
        }
    }
}

fn hex(digest: &[u8; 32]) -> String {
    blake3::Hash::from_bytes(*digest).to_hex().to_string()
}
