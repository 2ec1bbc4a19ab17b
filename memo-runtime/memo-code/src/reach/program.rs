//! Where a program begins: `main`, and what runs without being named.

use std::collections::BTreeSet;

use super::Reach;
use crate::file::Kind;
use crate::graph::Dependency;
use crate::model::TargetKind;
use crate::parse::{is_standard_macro, words};

/// Attributes by which the linker, or code of another language, finds an item.
const FOR_THE_LINKER: [&str; 6] = [
    "export_name",
    "global_allocator",
    "link_section",
    "no_mangle",
    "panic_handler",
    "used",
];

/// Macros from elsewhere of which nothing runs that is not named.
const NAMED: [&str; 2] = ["include", "lazy_static"];

impl Reach<'_> {
    /// Reaches everything that a program runs.
    pub(crate) fn run_program(&mut self) {
        self.is_program = true;
        let mains = self.mains();
        for main in &mains {
            self.enter(*main);
        }
        if mains.is_empty() {
            // A macro makes it, or it is for the linker to find.
            self.reach_whole(self.krate);
        }
        self.run();
        let mut linked = BTreeSet::from([self.krate]);
        let mut open = vec![self.krate];
        while let Some(krate) = open.pop() {
            for node in self.graph.nodes_of_krate(krate) {
                if self.links(node) || self.runs_unnamed(node) {
                    self.reach(node);
                }
            }
            self.run();
            let dependencies = self.graph.dependencies(krate, false);
            let dependencies = dependencies.filter_map(|(_, dependency)| match dependency {
                Dependency::Krate(other) => Some(other),
                Dependency::External(_) | Dependency::Package(_) => None,
            });
            // Macros run in the compiler.
            let runs =
                |other: &usize| self.graph.loaded.krates[*other].kind != TargetKind::ProcMacro;
            open.extend(
                dependencies
                    .filter(runs)
                    .filter(|other| linked.insert(*other)),
            );
        }
    }

    /// The functions that are `main`; which of several, conditions decide.
    fn mains(&self) -> Vec<usize> {
        let graph = self.graph;
        let root = graph.loaded.krates[self.krate].root;
        let is_main = |number: &usize| {
            let node = graph.node(*number);
            node.function.is_some()
                && node.label == "main"
                && graph.placed(*number).module == root
                && graph.placed(*number).parent.is_none()
                && !graph.only(*number).excludes(self.test)
        };
        graph.nodes_of_krate(self.krate).filter(is_main).collect()
    }

    /// Whether a node imports a crate and nothing of it, as is done for what is linked with it.
    fn links(&self, number: usize) -> bool {
        let Kind::Import { path } = &self.graph.node(number).kind else {
            return false;
        };
        let krate = self.graph.krate_of(number);
        let name = |local| self.graph.name(number, local);
        matches!(path[..], [only] if self.graph.dependency(krate, name(only), false).is_some())
    }

    /// Whether something may be run, or take part, that nobody names: an attribute or a macro from
    /// elsewhere may register it, or the linker finds it.
    fn runs_unnamed(&self, number: usize) -> bool {
        let node = self.graph.node(number);
        match node.kind {
            Kind::Value | Kind::ImplItem { .. } => {
                node.wild.is_some()
                    || words(&node.text)
                        .iter()
                        .any(|word| FOR_THE_LINKER.contains(word))
            }
            Kind::Invocation => {
                let name = node.label.trim_end_matches('!');
                let own = self.graph.loaded.names.find(name);
                !is_standard_macro(name)
                    && !NAMED.contains(&name)
                    && !own.is_some_and(|name| self.graph.is_own_macro(name))
            }
            _ => false,
        }
    }
}
