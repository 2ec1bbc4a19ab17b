//! Impls, and what has to be reached for them to count.
//!
//! What must hold: a type or trait is only waited for if it is surely one of ours: another of the
//! same name could be used by code that never names ours.

use super::{Graph, Impl};
use crate::file::{Header, Kind, LocalName};
use crate::names::Name;

const PRELUDE: [&str; 6] = ["Box", "Option", "Result", "String", "ToString", "Vec"];

/// How sure it is that a name means an item of ours.
#[derive(PartialEq, Eq)]
enum Locality {
    Ours,
    Unsure,
}

impl Graph {
    pub(super) fn index_impls(&mut self) {
        let mut impls = Vec::new();
        for number in 0..self.loaded.nodes.len() {
            let placed = self.loaded.nodes[number];
            match &self.node(number).kind {
                Kind::Impl(header) => {
                    let header = header.clone();
                    self.impl_of.insert(number, impls.len());
                    impls.push(self.prepare_impl(number, &header));
                }
                Kind::ImplItem { .. } => {
                    let owner = placed.parent.and_then(|parent| self.impl_of.get(&parent));
                    if let Some(owner) = owner {
                        let owner: &mut Impl = &mut impls[*owner];
                        owner.items.push(number);
                    }
                }
                _ => {}
            }
        }
        for (number, one) in impls.iter().enumerate() {
            if let Some(of) = one.of {
                self.by_trait.push(of, number);
            }
            for name in &one.types {
                self.by_type.push(*name, number);
            }
        }
        self.impls = impls;
    }

    fn prepare_impl(&self, number: usize, header: &Header) -> Impl {
        let names = |path: &[LocalName]| -> Vec<Name> {
            path.iter().map(|name| self.name(number, *name)).collect()
        };
        let of = names(&header.of);
        let own_trait = !of.is_empty()
            && self.locality(number, &of, |kind| *kind == Kind::Trait) == Locality::Ours;
        let mut types = Vec::new();
        for path in &header.types {
            let path = names(path);
            let is_type =
                |kind: &Kind| matches!(kind, Kind::Type { alias: false, .. } | Kind::Trait);
            if self.locality(number, &path, is_type) == Locality::Ours {
                types.extend(path.last());
            }
        }
        Impl {
            node: number,
            items: Vec::new(),
            of: of.last().copied(),
            own_trait,
            has_others: header.has_others,
            types,
        }
    }

    /// Whether a path in the header of an impl surely means an item of ours of the wanted kind.
    fn locality(&self, node: usize, path: &[Name], wanted: impl Fn(&Kind) -> bool) -> Locality {
        let Some(last) = path.last() else {
            return Locality::Unsure;
        };
        let module = self.loaded.nodes[node].module;
        let defining = self.defining(*last);
        let any_wanted = defining.iter().any(|other| wanted(&self.node(*other).kind));
        if !any_wanted {
            return Locality::Unsure;
        }
        let all_wanted = defining.iter().all(|other| {
            let kind = &self.node(*other).kind;
            let renames = matches!(kind, Kind::Import { path }
                if path.last().is_none_or(|name| self.name(*other, *name) != *last));
            wanted(kind)
                || !renames
                    && matches!(
                        kind,
                        Kind::Import { .. }
                            | Kind::Module
                            | Kind::Value
                            | Kind::ImplItem { .. }
                            | Kind::TraitItem
                            | Kind::Macro
                    )
        });
        let here = defining.iter().any(|other| {
            self.loaded.nodes[*other].module == module && wanted(&self.node(*other).kind)
        });
        if path.len() == 1 && all_wanted && here {
            return Locality::Ours;
        }
        if !all_wanted || !self.wild(*last).is_empty() {
            return Locality::Unsure;
        }
        let is_ours = if path.len() > 1 {
            self.leads_to(node, path, &wanted)
        } else {
            // One name: by an import of its own, or by a glob of a module that defines it.
            let place = &self.loaded.modules[module];
            let imports = defining
                .iter()
                .filter(|import| place.imports.contains(import));
            let mut imports = imports.peekable();
            if imports.peek().is_some() {
                imports.all(|import| self.is_import_of(*import, &wanted))
            } else {
                !PRELUDE.contains(&self.text(*last))
                    && !place.globs.is_empty()
                    && place
                        .globs
                        .iter()
                        .all(|glob| self.is_glob_of(*glob, *last, &wanted))
            }
        };
        if is_ours {
            Locality::Ours
        } else {
            Locality::Unsure
        }
    }

    /// Whether an import surely brings an item of ours of the wanted kind.
    fn is_import_of(&self, import: usize, wanted: &impl Fn(&Kind) -> bool) -> bool {
        let Kind::Import { path } = &self.node(import).kind else {
            return false;
        };
        let path: Vec<Name> = path.iter().map(|name| self.name(import, *name)).collect();
        self.leads_to(import, &path, wanted)
    }

    /// Whether a glob import surely brings this name from a module that defines it itself.
    fn is_glob_of(&self, glob: usize, name: Name, wanted: &impl Fn(&Kind) -> bool) -> bool {
        let Kind::Glob { path } = &self.node(glob).kind else {
            return false;
        };
        let path: Vec<Name> = path.iter().map(|name| self.name(glob, *name)).collect();
        self.leads_to(glob, &[path, vec![name]].concat(), wanted)
    }

    /// Whether a path of several names, written at `node`, surely leads to an item of ours: its
    /// last but one is a module, or several of one name, which define the last themselves.
    fn leads_to(&self, node: usize, path: &[Name], wanted: &impl Fn(&Kind) -> bool) -> bool {
        let [before @ .., around, last] = path else {
            return false;
        };
        let rooted = |name: &Name| ["crate", "self", "super"].contains(&self.text(*name));
        let module = self.loaded.nodes[node].module;
        let first = before.first().unwrap_or(around);
        let is_child = self.defining(*first).iter().any(|other| {
            self.node(*other).kind == Kind::Module && self.loaded.nodes[*other].module == module
        });
        if !rooted(first) && !is_child {
            return false;
        }
        let modules: Vec<usize> = match self.text(*around) {
            "crate" => vec![self.loaded.krates[self.krate_of(node)].root],
            "self" | "super" => {
                let climbs = path.iter().filter(|name| self.text(**name) == "super");
                let mut at = Some(self.real_module(module));
                for _ in climbs {
                    at = at.and_then(|at| self.real_parent(at));
                }
                at.into_iter().collect()
            }
            name => {
                let modules = self.loaded.modules.iter().enumerate();
                let modules = modules.filter(|(_, module)| !module.is_body && module.name == name);
                modules.map(|(number, _)| number).collect()
            }
        };
        !modules.is_empty()
            && modules.iter().all(|module| {
                let mut defining = self.defining(*last).iter();
                defining.any(|other| {
                    self.loaded.nodes[*other].module == *module && wanted(&self.node(*other).kind)
                })
            })
    }
}
