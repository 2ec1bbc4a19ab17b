//! Imports that decide what a method call means.

use super::Reach;
use crate::file::{CALLED, Kind};
use crate::graph::Foreign;
use crate::names::{Name, NumberSet};
use crate::standard;

impl Reach<'_> {
    /// Imports that decide what the methods that a node calls mean.
    pub(super) fn deciding_imports(&self, number: usize, module: usize) -> Vec<usize> {
        let graph = self.graph;
        let mentions = &graph.node(number).mentions;
        let mut called = Vec::new();
        for (name, how) in &mentions.names {
            if how & CALLED != 0 {
                called.push(graph.name(number, *name));
            }
        }
        // Whatever method a macro calls, the imports around its caller decide what that means.
        let any = !mentions.macros.is_empty();
        if called.is_empty() && !any {
            return Vec::new();
        }
        let mut deciding = Vec::new();
        let mut seen = NumberSet::default();
        let mut pending = vec![module];
        while let Some(module) = pending.pop() {
            if !seen.insert(module) {
                continue;
            }
            let place = &graph.loaded.modules[module];
            if place.is_body {
                pending.extend(place.parent);
            }
            for glob in &place.globs {
                pending.extend(graph.glob_targets(*glob));
            }
            for import in &place.imports {
                if self.decides(*import, &called, any) {
                    deciding.push(*import);
                }
            }
        }
        deciding
    }

    /// Whether an import may bring a trait with one of these methods.
    fn decides(&self, import: usize, called: &[Name], any: bool) -> bool {
        let graph = self.graph;
        let Kind::Import { path } = &graph.node(import).kind else {
            return false;
        };
        let Some(last) = path.last().map(|last| graph.name(import, *last)) else {
            return false;
        };
        let name = graph.text(last);
        match graph.is_foreign(import, path) {
            Some(Foreign::Standard) => {
                let mut methods = called.iter().map(|method| graph.text(*method));
                any && standard::is_trait(name)
                    || methods.any(|method| standard::declares(name, method))
            }
            Some(Foreign::Package) => name.starts_with(char::is_uppercase),
            // What nothing of ours is called, a package has, whatever the way to it.
            None if name.starts_with(char::is_uppercase)
                && graph
                    .defining(last)
                    .iter()
                    .all(|other| matches!(graph.node(*other).kind, Kind::Import { .. })) =>
            {
                true
            }
            None => graph.defining(last).iter().any(|other| {
                let other = *other;
                match &graph.node(other).kind {
                    Kind::Trait => {
                        let items = graph.trait_items.get(&other).into_iter().flatten();
                        let mut names = items.flat_map(|item| {
                            let names = graph.node(*item).defines.iter();
                            names.map(|name| graph.name(*item, *name))
                        });
                        any || names.any(|name| called.contains(&name))
                    }
                    Kind::Import { path } => {
                        other != import
                            && graph.is_foreign(other, path) == Some(Foreign::Package)
                            && name.starts_with(char::is_uppercase)
                    }
                    _ => false,
                }
            }),
        }
    }
}
