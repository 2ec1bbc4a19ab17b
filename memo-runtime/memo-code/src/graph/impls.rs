//! Impls, and what has to be reached for them to count.
//!
//! What must hold: a type or trait is only waited for if it is surely one of ours: another of the
//! same name could be used by code that never names ours.

use std::collections::HashSet;

use super::{Dependency, Graph, Impl};
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
        let mut foreign_imports = HashSet::new();
        for number in 0..self.loaded.nodes.len() {
            let node = self.node(number);
            if let Kind::Import { path } = &node.kind
                && self.is_foreign(number, path).is_some()
            {
                foreign_imports.extend(node.defines.iter().map(|name| self.name(number, *name)));
            }
        }
        let mut impls = Vec::new();
        for number in 0..self.loaded.nodes.len() {
            let placed = self.loaded.nodes[number];
            match &self.node(number).kind {
                Kind::Impl(header) => {
                    let header = header.clone();
                    self.impl_of.insert(number, impls.len());
                    impls.push(self.prepare_impl(number, &header, &foreign_imports));
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
                self.by_trait.entry(of).or_default().push(number);
            }
            for name in &one.types {
                self.by_type.entry(*name).or_default().push(number);
            }
        }
        self.impls = impls;
    }

    fn prepare_impl(
        &self,
        number: usize,
        header: &Header,
        foreign_imports: &HashSet<Name>,
    ) -> Impl {
        let names = |path: &[LocalName]| -> Vec<Name> {
            path.iter().map(|name| self.name(number, *name)).collect()
        };
        let of = names(&header.of);
        let own_trait = !of.is_empty()
            && self.locality(number, &of, foreign_imports, |kind| *kind == Kind::Trait)
                == Locality::Ours;
        let mut types = Vec::new();
        for path in &header.types {
            let path = names(path);
            let is_type =
                |kind: &Kind| matches!(kind, Kind::Type { alias: false, .. } | Kind::Trait);
            if self.locality(number, &path, foreign_imports, is_type) == Locality::Ours {
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
    fn locality(
        &self,
        node: usize,
        path: &[Name],
        foreign_imports: &HashSet<Name>,
        wanted: impl Fn(&Kind) -> bool,
    ) -> Locality {
        let (Some(first), Some(last)) = (path.first(), path.last()) else {
            return Locality::Unsure;
        };
        let krate = self.krate_of(node);
        let module = self.loaded.nodes[node].module;
        let defining = self.defining(*last);
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
        let any_wanted = defining.iter().any(|other| wanted(&self.node(*other).kind));
        if !all_wanted || !any_wanted || !self.wild(*last).is_empty() {
            return Locality::Unsure;
        }
        if path.len() > 1 {
            let rooted = ["crate", "self", "super"].contains(&self.text(*first));
            let own = matches!(
                self.dependency(krate, *first, true),
                Some(Dependency::Krate(_))
            );
            return if (rooted || own) && !foreign_imports.contains(last) {
                Locality::Ours
            } else {
                Locality::Unsure
            };
        }
        let foreign_globs = self.loaded.modules[module].globs.iter().any(|glob| {
            matches!(&self.node(*glob).kind, Kind::Glob { path } if self.is_foreign(*glob, path).is_some())
        });
        if foreign_imports.contains(last) || foreign_globs || PRELUDE.contains(&self.text(*last)) {
            Locality::Unsure
        } else {
            Locality::Ours
        }
    }
}
