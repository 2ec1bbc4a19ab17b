//! What macros and attributes may make that nobody names where it is made.

use std::collections::HashSet;

use super::{Globbed, Graph, normal};
use crate::file::{ANY, Kind, LocalName};
use crate::names::Name;

/// What an invocation of our own macros may define.
#[derive(Debug, Default)]
struct Made {
    names: Vec<Name>,
    /// Whether names are made out of parts, and the parts that the rules give.
    pasted: bool,
    stems: Vec<String>,
    glob: bool,
}

impl Graph {
    /// Indexes what macros and unknown attributes may make. A macro of ours makes what its rules
    /// define; of another only what it is given can be told.
    pub(super) fn index_wild(&mut self) {
        for number in 0..self.loaded.nodes.len() {
            self.index_impls_by_macros(number);
            let node = self.node(number);
            let Some(wild) = &node.wild else { continue };
            let mut names: Vec<Name> = wild
                .names
                .iter()
                .map(|name| self.name(number, *name))
                .collect();
            let mut stems: Vec<String> = wild
                .stems
                .iter()
                .map(|stem| normal(self.text(self.name(number, *stem))))
                .collect();
            for name in &wild.macros {
                names.extend(self.spoken_of_by_own_macro(self.name(number, *name)));
            }
            let made = (node.kind == Kind::Invocation)
                .then(|| self.made_by_own_macros(number))
                .flatten();
            let writes_glob = wild.glob && node.kind == Kind::Invocation
                || made.as_ref().is_some_and(|made| made.glob);
            let makes_anything = wild.anything && made.is_none();
            let module = self.loaded.nodes[number].module;
            if writes_glob {
                let module = self.real_module(module);
                self.globbed[module] = Globbed::Anything;
            }
            if makes_anything {
                self.loaded.modules[module].attributes.push(number);
            }
            if let Some(made) = made {
                if !made.pasted {
                    stems.clear();
                }
                stems.extend(made.stems);
                names.extend(made.names);
            }
            for name in names {
                self.wild.push(name, number);
            }
            stems.retain(|stem| stem.len() > 1);
            self.stems
                .extend(stems.into_iter().map(|stem| (stem, number)));
        }
    }

    /// What the rules of the macro that is called may define, if it is ours; also what macros do
    /// that it calls.
    fn made_by_own_macros(&self, invocation: usize) -> Option<Made> {
        let called = self.node(invocation).label.trim_end_matches('!');
        let mut pending = vec![self.loaded.names.find(called)?];
        let mut seen = HashSet::new();
        let mut made = None::<Made>;
        while let Some(name) = pending.pop() {
            for rules in self.defining(name) {
                let node = self.node(*rules);
                if node.kind != Kind::Macro || !seen.insert(*rules) {
                    continue;
                }
                let made = made.get_or_insert_default();
                let defined = node.wild.iter().flat_map(|wild| &wild.names);
                made.names
                    .extend(defined.map(|name| self.name(*rules, *name)));
                made.glob |= node.wild.as_ref().is_some_and(|wild| wild.glob);
                made.pasted |= node.mentions.pasted.is_some();
                let mut macros = node.mentions.macros.iter();
                if macros.any(|name| !self.is_own_macro(self.name(*rules, *name))) {
                    // Another macro may make names out of those that are defined here.
                    made.pasted = true;
                    let defined = node.wild.iter().flat_map(|wild| &wild.names);
                    let defined = defined.map(|name| normal(self.text(self.name(*rules, *name))));
                    made.stems.extend(defined);
                }
                for part in node.mentions.pasted.iter().flatten() {
                    made.stems.push(normal(self.text(self.name(*rules, *part))));
                }
                let mentioned = node.mentions.names.iter();
                pending.extend(mentioned.map(|(name, _)| self.name(*rules, *name)));
            }
        }
        made
    }

    /// Finds functions in which a macro of ours writes an impl, whoever calls them.
    fn index_impls_by_macros(&mut self, number: usize) {
        let node = self.node(number);
        let in_body = matches!(
            node.kind,
            Kind::Value | Kind::ImplItem { .. } | Kind::TraitItem
        );
        let writes_impl = |name: &LocalName| {
            let mut defining = self.defining(self.name(number, *name)).iter();
            defining.any(|rules| {
                let rules = self.node(*rules);
                rules.kind == Kind::Macro && rules.wild.as_ref().is_some_and(|wild| wild.impls)
            })
        };
        if !in_body || !node.mentions.macros.iter().any(writes_impl) {
            return;
        }
        let names = node.mentions.names.iter();
        let given: Vec<Name> = names
            .filter(|(_, how)| how & ANY == ANY)
            .map(|(name, _)| self.name(number, *name))
            .collect();
        for name in given {
            self.wild.push(name, number);
        }
    }

    /// Whether a macro of this name is ours.
    pub(crate) fn is_own_macro(&self, name: Name) -> bool {
        let mut defining = self.defining(name).iter();
        defining.any(|node| self.node(*node).kind == Kind::Macro)
    }

    /// What a procedural macro of ours may put into the code that it writes: where such names are
    /// used, what it is attached to may be meant.
    fn spoken_of_by_own_macro(&self, name: Name) -> Vec<Name> {
        let own = self
            .defining(name)
            .iter()
            .filter(|node| self.node(**node).kind == Kind::ProceduralMacro);
        let nodes = own.flat_map(|node| self.nodes_of_krate(self.krate_of(*node)));
        let names = nodes.flat_map(|number| {
            let names = self.node(number).mentions.names.iter();
            names
                .filter(|(_, how)| how & ANY == ANY)
                .map(move |(name, _)| self.name(number, *name))
        });
        names.collect()
    }
}
