//! Which items a name can mean from where.

use std::collections::HashSet;

use super::{Dependency, Globbed, Graph};
use crate::file::{Kind, Scope};
use crate::names::Name;

/// From where an item can be named.
#[derive(Debug)]
pub(super) struct View {
    krate: usize,
    /// In its crate, from this module and those in it; `None`: from all.
    within: Option<usize>,
    /// From other crates as well.
    public: bool,
    /// It is called through a trait, wherever that is.
    of_trait: bool,
}

impl Graph {
    /// Whether code in the module `from` can name an item; `None`: code in any. `test` says whether
    /// the tests of the crate `tested` are compiled.
    pub(crate) fn sees(&self, from: Option<usize>, node: usize, tested: usize, test: bool) -> bool {
        let Some(from) = from else { return true };
        let krate = self.loaded.modules[from].krate;
        let view = &self.views[node];
        self.all_see(krate, node, tested, test)
            || view.krate == krate && self.is_within(from, view.within)
    }

    /// Whether code in every module of a crate can name an item.
    pub(crate) fn all_see(&self, krate: usize, node: usize, tested: usize, test: bool) -> bool {
        let view = &self.views[node];
        if view.of_trait {
            return true;
        }
        if view.krate == krate {
            return view.within.is_none();
        }
        let test = test && krate == tested;
        view.public && self.visible[krate][usize::from(test)][view.krate]
    }

    /// Finds from where items can be named.
    pub(super) fn index_views(&mut self) {
        let mut views = Vec::with_capacity(self.loaded.nodes.len());
        for number in 0..self.loaded.nodes.len() {
            let node = self.node(number);
            let module = self.loaded.nodes[number].module;
            // An impl counts everywhere, also one in a function body.
            let around = match node.kind {
                Kind::ImplItem { .. } => self.real_module(module),
                _ => module,
            };
            let within = match node.scope {
                Scope::Public | Scope::Crate => self.body_of(around),
                Scope::Module(up) => {
                    let mut top = around;
                    for _ in 0..up {
                        top = self.loaded.modules[top].parent.unwrap_or(top);
                    }
                    Some(top)
                }
            };
            views.push(View {
                krate: self.loaded.modules[around].krate,
                within,
                public: node.scope == Scope::Public,
                of_trait: self.is_in_trait_impl(number),
            });
        }
        self.views = views;
    }

    /// Whether a name alone, without a path before it, can mean an item to code in the module
    /// `from`: both are in one module, or a glob import may bring it.
    pub(crate) fn is_in_scope(&self, from: Option<usize>, node: usize) -> bool {
        let Some(from) = from else { return true };
        let from = self.real_module(from);
        let to = self.real_module(self.loaded.nodes[node].module);
        if from == to {
            return true;
        }
        match &self.globbed[from] {
            Globbed::Modules(modules) => modules.contains(&to),
            Globbed::Anything => true,
        }
    }

    /// The module around a function body.
    pub(super) fn real_module(&self, mut module: usize) -> usize {
        while self.loaded.modules[module].is_body
            && let Some(parent) = self.loaded.modules[module].parent
        {
            module = parent;
        }
        module
    }

    /// Finds what the glob imports in each module, and in function bodies in it, bring.
    pub(super) fn index_globs(&mut self) {
        let mut direct: Vec<(HashSet<usize>, bool)> =
            vec![(HashSet::new(), false); self.loaded.modules.len()];
        for module in 0..self.loaded.modules.len() {
            let real = self.real_module(module);
            for glob in &self.loaded.modules[module].globs {
                let Kind::Glob { path } = &self.node(*glob).kind else {
                    continue;
                };
                if self.is_foreign(*glob, path).is_some() {
                    continue;
                }
                let mut targets = self.glob_targets(*glob);
                let name = path.last().map(|last| self.name(*glob, *last));
                if let (Some(name), 1) = (name, path.len())
                    && let Some(Dependency::Krate(krate)) =
                        self.dependency(self.krate_of(*glob), name, true)
                {
                    targets.push(self.loaded.krates[krate].root);
                }
                direct[real].1 |= name.is_some_and(|name| self.is_renamed(name));
                let names_type = path.last().is_some_and(|last| {
                    let defining = self.defining(self.name(*glob, *last)).iter();
                    defining.into_iter().any(|node| {
                        matches!(self.node(*node).kind, Kind::Type { alias: false, .. })
                    })
                });
                direct[real].1 |= targets.is_empty() && !names_type;
                direct[real].0.extend(targets);
            }
        }
        self.globbed = (0..direct.len())
            .map(|module| {
                let mut seen = HashSet::from([module]);
                let mut pending = vec![module];
                while let Some(next) = pending.pop() {
                    if direct[next].1 {
                        return Globbed::Anything;
                    }
                    pending.extend(direct[next].0.iter().filter(|other| seen.insert(**other)));
                }
                Globbed::Modules(seen)
            })
            .collect();
    }

    /// Whether some import gives something else this name.
    fn is_renamed(&self, name: Name) -> bool {
        self.defining(name).iter().any(|node| {
            matches!(&self.node(*node).kind, Kind::Import { path }
                if path.last().is_none_or(|last| self.name(*node, *last) != name))
        })
    }

    /// Whether an item is called through a trait, by who need not see its impl.
    fn is_in_trait_impl(&self, node: usize) -> bool {
        let parent = self.loaded.nodes[node].parent;
        parent.is_some_and(
            |parent| matches!(&self.node(parent).kind, Kind::Impl(header) if !header.of.is_empty()),
        )
    }

    /// The function body around a module, if any: nothing in it is seen from outside.
    pub(super) fn body_of(&self, module: usize) -> Option<usize> {
        let mut at = Some(module);
        while let Some(module) = at {
            if self.loaded.modules[module].is_body {
                return Some(module);
            }
            at = self.loaded.modules[module].parent;
        }
        None
    }

    fn is_within(&self, module: usize, top: Option<usize>) -> bool {
        let Some(top) = top else { return true };
        let mut at = Some(module);
        while let Some(module) = at {
            if module == top {
                return true;
            }
            if self.loaded.modules[module].depth <= self.loaded.modules[top].depth {
                return false;
            }
            at = self.loaded.modules[module].parent;
        }
        false
    }

    /// Modules whose names a glob brings: by its last segment, wherever it is.
    pub(crate) fn glob_targets(&self, glob: usize) -> Vec<usize> {
        let Kind::Glob { path } = &self.node(glob).kind else {
            return Vec::new();
        };
        let around = self.loaded.nodes[glob].module;
        let Some(last) = path.last() else {
            return Vec::new();
        };
        let name = self.text(self.name(glob, *last));
        let module = &self.loaded.modules[around];
        match name {
            "crate" => vec![self.loaded.krates[module.krate].root],
            "super" => {
                let mut at = Some(around);
                for segment in path {
                    if self.text(self.name(glob, *segment)) == "super" {
                        at = at.and_then(|at| self.real_parent(at));
                    }
                }
                at.into_iter().collect()
            }
            "self" => vec![around],
            name => {
                let modules = self.loaded.modules.iter().enumerate();
                let mut found: Vec<usize> = modules
                    .filter(|(_, module)| !module.is_body && module.name == name)
                    .map(|(number, _)| number)
                    .collect();
                let roots = self.loaded.krates.iter();
                found.extend(
                    roots
                        .filter(|krate| krate.name == name)
                        .map(|krate| krate.root),
                );
                found
            }
        }
    }

    pub(super) fn real_parent(&self, module: usize) -> Option<usize> {
        let mut at = module;
        while self.loaded.modules[at].is_body {
            at = self.loaded.modules[at].parent?;
        }
        self.loaded.modules[at].parent
    }

    /// Of the nodes that define a name, those that are private to `module` or to one around it, those
    /// in function bodies, and those that a glob may bring into it; `None` if that may be all.
    pub(crate) fn defining_near(&self, name: Name, module: usize) -> Option<Vec<usize>> {
        let mut found = self.near.get(name).to_vec();
        let mut at = Some(module);
        while let Some(module) = at {
            found.extend(self.local.get(&(name, module)).into_iter().flatten());
            at = self.loaded.modules[module].parent;
        }
        match &self.globbed[self.real_module(module)] {
            Globbed::Modules(modules) => {
                for module in modules {
                    found.extend(self.local.get(&(name, *module)).into_iter().flatten());
                }
                found.sort_unstable();
                found.dedup();
                Some(found)
            }
            Globbed::Anything => None,
        }
    }
}
