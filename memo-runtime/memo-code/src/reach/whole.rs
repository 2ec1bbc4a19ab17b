//! Crates and packages: what comes with them, and when they count whole.

use super::Reach;
use crate::graph::Dependency;
use crate::model::{DependencyKind, DependsOn};
use crate::names::Name;

impl Reach<'_> {
    /// Everything in a crate, and everything that it can name.
    pub(crate) fn reach_whole(&mut self, krate: usize) {
        if !self.whole.insert(krate) {
            return;
        }
        self.enter_krate(krate);
        for node in self.graph.nodes_of_krate(krate) {
            self.reach(node);
        }
        let test = self.tests(krate);
        let dependencies: Vec<(Name, Dependency)> = self.graph.dependencies(krate, test).collect();
        for (name, dependency) in dependencies {
            self.reach_dependency(krate, name, dependency);
            if let Dependency::Krate(other) = dependency {
                self.reach_whole(other);
            }
        }
    }

    /// Every file of a package, and whatever its build script needs.
    pub(crate) fn reach_package(&mut self, package: usize) {
        if !self.packages.insert(package) {
            return;
        }
        for dependency in &self.model.packages[package].dependencies {
            if dependency.kind == DependencyKind::Development {
                continue;
            }
            match dependency.on {
                DependsOn::External(external) => self.reach_external(external),
                DependsOn::Local(local)
                    if dependency.kind == DependencyKind::Build
                        && !self.model.is_own(dependency.on) =>
                {
                    self.reach_package(local);
                }
                DependsOn::Local(_) => {}
            }
        }
    }

    pub(super) fn reach_dependency(&mut self, krate: usize, name: Name, dependency: Dependency) {
        self.named.insert((krate, name, dependency));
        match dependency {
            Dependency::Krate(krate) => self.enter_krate(krate),
            Dependency::External(external) => self.reach_external(external),
            Dependency::Package(package) => self.reach_package(package),
        }
    }

    pub(super) fn reach_external(&mut self, external: usize) {
        if self.externals.insert(external)
            && let Some(external) = self.model.externals.get(external)
        {
            for beneath in &external.dependencies {
                self.reach_external(*beneath);
            }
        }
    }

    /// Everything in a module: what an attribute makes of its name cannot be told.
    pub(super) fn reach_module(&mut self, node: usize) {
        self.reach(node);
        let graph = self.graph;
        if let Some(module) = graph.declared.get(&node) {
            for other in graph.nodes_of_krate(graph.krate_of(node)) {
                if graph.placed(other).module == *module {
                    self.reach(other);
                }
            }
        }
    }

    /// A name that may be that of a crate.
    pub(super) fn mention_root(&mut self, name: Name, from: Option<usize>, krate: usize) {
        if !self.graph.is_dependency(name) {
            return;
        }
        if from.is_some() {
            self.reach_named(krate, name);
            return;
        }
        let entered: Vec<usize> = self.krates.iter().copied().collect();
        for krate in entered {
            self.reach_named(krate, name);
        }
    }

    fn reach_named(&mut self, krate: usize, name: Name) {
        let [plain, in_tests] = [false, true].map(|test| self.graph.dependency(krate, name, test));
        self.depends_on_test |= krate == self.krate && plain != in_tests;
        let dependency = if self.tests(krate) { in_tests } else { plain };
        if let Some(dependency) = dependency {
            self.reach_dependency(krate, name, dependency);
        }
    }
}
