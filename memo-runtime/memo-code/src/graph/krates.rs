//! Which crates a crate can name, and whose public items it can reach.

use std::collections::HashMap;

use super::{Dependency, Graph};
use crate::model::{DependencyKind, DependsOn, Model, TargetKind};
use crate::names::NumberMap;

impl Graph {
    pub(super) fn connect_krates(&mut self, model: &Model, krate_of: &HashMap<usize, usize>) {
        for krate in 0..self.loaded.krates.len() {
            let (package, kind) = (
                self.loaded.krates[krate].package,
                self.loaded.krates[krate].kind,
            );
            let mut maps = [NumberMap::default(), NumberMap::default()];
            let for_tests = matches!(
                kind,
                TargetKind::Test | TargetKind::Example | TargetKind::Benchmark
            );
            for dependency in &model.packages[package].dependencies {
                if model.is_own(dependency.on) {
                    continue;
                }
                let to = match dependency.on {
                    DependsOn::External(external) => Dependency::External(external),
                    DependsOn::Local(local) => krate_of
                        .get(&local)
                        .map_or(Dependency::Package(local), |krate| {
                            Dependency::Krate(*krate)
                        }),
                };
                let name = self.loaded.names.intern(&dependency.name);
                let always = match dependency.kind {
                    DependencyKind::Normal => true,
                    DependencyKind::Development => for_tests,
                    DependencyKind::Build => continue,
                };
                maps[1].insert(name, to);
                if always {
                    maps[0].insert(name, to);
                }
            }
            let is_library = matches!(kind, TargetKind::Library | TargetKind::ProcMacro);
            if let Some(own) = krate_of
                .get(&package)
                .filter(|own| !is_library && **own != krate)
            {
                let name = self.loaded.krates[*own].name.clone();
                let name = self.loaded.names.intern(&name);
                for map in &mut maps {
                    map.insert(name, Dependency::Krate(*own));
                }
            }
            for name in maps[1].keys() {
                self.dependents.push(*name, krate);
            }
            self.dependencies.push(maps);
        }
        for krate in 0..self.loaded.krates.len() {
            let seen = [false, true].map(|test| {
                let mut seen = vec![false; self.loaded.krates.len()];
                seen[krate] = true;
                let mut pending = vec![krate];
                while let Some(next) = pending.pop() {
                    let with_tests = test && next == krate;
                    for dependency in self.dependencies[next][usize::from(with_tests)].values() {
                        if let Dependency::Krate(other) = dependency
                            && !seen[*other]
                        {
                            seen[*other] = true;
                            pending.push(*other);
                        }
                    }
                }
                seen
            });
            self.visible.push(seen);
        }
    }
}
