//! Who depends on whom, as cargo tells it, and what of that belongs to one package.
//!
//! Nothing is read here. What must hold: nothing depends on where the workspace is. Identifiers of
//! packages contain paths, so that their order must not show.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{Metadata, Package, PackageId};
use memo_code::model::{self, DependencyKind, DependsOn};

use crate::lock::Lock;
use crate::package;

/// Packages and their dependencies.
#[derive(Debug)]
pub(crate) struct Graph<'a> {
    nodes: BTreeMap<&'a PackageId, Node<'a>>,
}

#[derive(Debug)]
struct Node<'a> {
    package: &'a Package,
    features: Vec<String>,
    edges: Vec<Edge<'a>>,
}

#[derive(Debug)]
struct Edge<'a> {
    name: String,
    kind: DependencyKind,
    to: &'a PackageId,
}

/// Where a model has a package.
type Places<'a> = BTreeMap<&'a PackageId, DependsOn>;

/// What a package is made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) packages: Vec<model::Package>,
    pub(crate) externals: Vec<model::External>,
    /// The names of local packages that downloaded ones depend on, because they are patched in.
    pub(crate) patched_in: Vec<String>,
}

impl<'a> Graph<'a> {
    /// The dependencies that cargo has resolved; none if it was not asked to.
    pub(crate) fn resolved(metadata: &'a Metadata) -> Self {
        let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
        let nodes: BTreeMap<_, _> = nodes.map(|node| (&node.id, node)).collect();
        let nodes = metadata.packages.iter().map(|package| {
            let node = nodes.get(&package.id);
            let mut features: Vec<_> = node
                .into_iter()
                .flat_map(|node| &node.features)
                .map(ToString::to_string)
                .collect();
            features.sort();
            let dependencies = node.into_iter().flat_map(|node| &node.deps);
            let edges = dependencies.flat_map(|dependency| {
                dependency.dep_kinds.iter().map(|it| Edge {
                    name: dependency.name.clone(),
                    kind: kind(it.kind),
                    to: &dependency.pkg,
                })
            });
            let node = Node {
                package,
                features,
                edges: edges.collect(),
            };
            (&package.id, node)
        });
        Self {
            nodes: nodes.collect(),
        }
    }

    /// The dependencies between `packages` that their manifests declare by path.
    pub(crate) fn declared(packages: &'a [Package]) -> Self {
        let edges = |package: &Package| {
            let edges = package.dependencies.iter().filter_map(|dependency| {
                let dir = dependency.path.as_ref()?;
                let to = packages
                    .iter()
                    .find(|it| package::directory(it) == dir.as_std_path())?;
                let renamed = dependency
                    .rename
                    .as_ref()
                    .map(|name| name.replace('-', "_"));
                Some(Edge {
                    name: renamed.or_else(|| package::library_name(to))?,
                    kind: kind(dependency.kind),
                    to: &to.id,
                })
            });
            edges.collect()
        };
        let nodes = packages.iter().map(|package| {
            let node = Node {
                package,
                features: Vec::new(),
                edges: edges(package),
            };
            (&package.id, node)
        });
        Self {
            nodes: nodes.collect(),
        }
    }

    /// What the package `first` is made of: itself, and what it can reach.
    pub(crate) fn parts(&self, first: &'a PackageId, lock: &Lock) -> Parts {
        let reached = self.reached_from(first);
        let nodes = reached.into_iter().filter_map(|id| self.nodes.get(id));
        let (mut locals, externals): (Vec<_>, Vec<_>) =
            nodes.partition(|node| node.package.source.is_none());
        locals.sort_by_key(|node| {
            let package = node.package;
            let dir = package::directory(package);
            (package.id != *first, &package.name, &package.version, dir)
        });
        let mut externals: Vec<_> = externals
            .into_iter()
            .map(|node| (node, node.external(lock)))
            .collect();
        externals.sort_by(|(_, a), (_, b)| {
            let a = (&a.name, &a.version, &a.source, &a.checksum);
            a.cmp(&(&b.name, &b.version, &b.source, &b.checksum))
        });

        let mut places = Places::new();
        for (index, node) in locals.iter().enumerate() {
            places.insert(&node.package.id, DependsOn::Local(index));
        }
        for (index, (node, _)) in externals.iter().enumerate() {
            places.insert(&node.package.id, DependsOn::External(index));
        }
        let base = locals.first().map(|node| package::directory(node.package));
        let base = base.unwrap_or(Path::new(""));
        let packages = locals.iter().enumerate();
        let packages = packages.map(|(index, node)| node.local(base, index == 0, &places));
        let mut patched_in = BTreeSet::new();
        for (node, external) in &mut externals {
            for place in node.dependencies(&places) {
                match place {
                    DependsOn::External(index) => external.dependencies.push(index),
                    DependsOn::Local(index) => {
                        patched_in.insert(locals[index].package.name.to_string());
                    }
                }
            }
        }
        Parts {
            packages: packages.collect(),
            externals: externals.into_iter().map(|(_, it)| it).collect(),
            patched_in: patched_in.into_iter().collect(),
        }
    }

    fn reached_from(&self, first: &'a PackageId) -> BTreeSet<&'a PackageId> {
        let mut reached = BTreeSet::from([first]);
        let mut open = vec![first];
        while let Some(id) = open.pop() {
            let node = self.nodes.get(id);
            let edges = node.into_iter().flat_map(|node| node.compiled(id == first));
            open.extend(edges.map(|edge| edge.to).filter(|to| reached.insert(to)));
        }
        reached
    }
}

impl<'a> Node<'a> {
    /// The dependencies that are compiled; those for development only of the first package.
    fn compiled(&self, is_first: bool) -> impl Iterator<Item = &Edge<'a>> {
        let edges = self.edges.iter();
        edges.filter(move |edge| is_first || edge.kind != DependencyKind::Development)
    }

    fn local(&self, base: &Path, is_first: bool, places: &Places<'_>) -> model::Package {
        let dependencies = self.compiled(is_first).filter(|edge| !edge.name.is_empty());
        let dependencies = dependencies.filter_map(|edge| {
            Some(model::Dependency {
                name: edge.name.clone(),
                kind: edge.kind,
                on: *places.get(edge.to)?,
            })
        });
        let mut dependencies: Vec<_> = dependencies.collect();
        dependencies.sort_by_key(|it| (it.name.clone(), rank(it.kind), it.on));
        dependencies.dedup();
        model::Package {
            dependencies,
            ..package::local(self.package, base, self.features.clone(), is_first)
        }
    }

    /// A package from elsewhere, without its dependencies.
    fn external(&self, lock: &Lock) -> model::External {
        package::external(self.package, self.features.clone(), lock)
    }

    fn dependencies(&self, places: &Places<'_>) -> BTreeSet<DependsOn> {
        let edges = self.compiled(false);
        edges
            .filter_map(|edge| places.get(edge.to).copied())
            .collect()
    }
}

fn kind(kind: cargo_metadata::DependencyKind) -> DependencyKind {
    match kind {
        cargo_metadata::DependencyKind::Development => DependencyKind::Development,
        cargo_metadata::DependencyKind::Build => DependencyKind::Build,
        _ => DependencyKind::Normal,
    }
}

fn rank(kind: DependencyKind) -> u8 {
    match kind {
        DependencyKind::Normal => 0,
        DependencyKind::Development => 1,
        DependencyKind::Build => 2,
    }
}
