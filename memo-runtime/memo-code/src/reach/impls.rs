//! Impls and their items: when they are reached.

use super::Reach;
use crate::file::Kind;
use crate::names::Name;
use crate::standard;

impl Reach<'_> {
    /// A trait that types from anywhere may implement.
    pub(super) fn open(&mut self, name: Name) {
        if !self.open.insert(name) {
            return;
        }
        let graph = self.graph;
        for other in graph.aliases(name) {
            self.open(*other);
        }
        for other in standard::implied(graph.text(name)) {
            self.open_text(other);
        }
        for waiting in graph.impls_of_trait(name) {
            self.check(*waiting);
        }
        for node in graph.deriving(name) {
            self.reach(*node);
        }
        for node in graph.defining(name) {
            if self.reached[*node] && graph.node(*node).kind == Kind::Trait {
                self.open_all(*node);
            }
        }
    }

    /// Opens every trait that the definition of another, or the header of an impl, names.
    pub(super) fn open_all(&mut self, node: usize) {
        let graph = self.graph;
        for (name, _) in &graph.node(node).mentions.names {
            self.open(graph.name(node, *name));
        }
    }

    /// A name in a signature which leaves types open.
    pub(crate) fn open_text(&mut self, name: &str) {
        if let Some(name) = self.graph.loaded.names.find(name) {
            self.open(name);
        }
    }

    /// Reaches an impl if nothing stands in its way any more.
    pub(super) fn check(&mut self, number: usize) {
        if self.live[number] {
            return;
        }
        let graph = self.graph;
        let one = &graph.impls[number];
        let of_type = one.types.is_empty() || one.types.iter().any(|name| self.is_reached(*name));
        let is_open = one.of.is_some_and(|of| self.open.contains(&of));
        let of_trait = match one.of {
            Some(of) if one.own_trait => self.is_reached(of),
            _ => true,
        };
        if !(of_trait && of_type || is_open) {
            return;
        }
        // An inherent impl counts when one of its items is called.
        self.live[number] = true;
        if one.of.is_some() || one.has_others {
            self.reach(one.node);
        }
        let is_wild = graph.node(one.node).wild.is_some();
        for item in &one.items {
            if one.of.is_some() && !one.own_trait || is_wild {
                self.reach(*item);
            } else {
                self.check_item(*item);
            }
        }
    }

    /// Reaches an associated item if its name has been called.
    pub(super) fn check_item(&mut self, item: usize) {
        let graph = self.graph;
        for name in &graph.node(item).defines {
            let called = self.called.get(graph.name(item, *name));
            let is_called = called
                .iter()
                .any(|from| graph.sees(*from, item, self.krate, self.test));
            if is_called {
                self.reach(item);
            }
        }
    }

    /// Whether a type or trait of this name has been reached.
    fn is_reached(&self, name: Name) -> bool {
        self.typed[name.0 as usize]
    }

    /// Every type that there is: a type parameter may be any, whatever it has to implement.
    pub(crate) fn reach_types(&mut self) {
        self.is_open = true;
        for krate in self.krates.clone() {
            let dependencies = self.graph.dependencies(krate, self.tests(krate));
            for (name, dependency) in dependencies.collect::<Vec<_>>() {
                self.reach_dependency(krate, name, dependency);
            }
        }
        for node in 0..self.graph.loaded.nodes.len() {
            if matches!(self.graph.node(node).kind, Kind::Type { .. }) {
                self.reach(node);
            }
        }
    }
}
