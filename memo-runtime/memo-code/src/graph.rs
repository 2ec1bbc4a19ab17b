//! What has been read, prepared for the question what reaches what.
//!
//! What must hold: whatever a name could mean is found under it; an impl is said to depend on a
//! type or trait being reached only if that type or trait is surely one of ours.

mod impls;
mod krates;
mod scope;
mod wild;

use std::collections::{HashMap, HashSet};

use crate::file::{Kind, LocalName, Node, Only, Scope};
use crate::load::{Loaded, Placed};
use crate::model::Model;
use crate::names::{ByName, Name, NumberMap};
use crate::parse::is_standard_macro;

/// A crate as code in another sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Dependency {
    /// One whose sources are at hand.
    Krate(usize),
    /// By its index in [`Model::externals`].
    External(usize),
    /// A package that could not be loaded.
    Package(usize),
}

/// An impl, and what has to be reached for it to count.
#[derive(Debug)]
pub(crate) struct Impl {
    pub(crate) node: usize,
    pub(crate) items: Vec<usize>,
    /// The last segment of the trait's path; `None` for an inherent impl.
    pub(crate) of: Option<Name>,
    /// Whether the trait is surely ours, so that only who names it can use it.
    pub(crate) own_trait: bool,
    /// Whether it has members that are none of its items, such as macros.
    pub(crate) has_others: bool,
    /// Names of types that are surely ours, one of which must be reached; none: no condition.
    pub(crate) types: Vec<Name>,
}

/// Everything that has been read, by name.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) loaded: Loaded,
    /// Nodes by the names that they define.
    defines: ByName<usize>,
    /// The same by module.
    local: NumberMap<(Name, usize), Vec<usize>>,
    /// Those that are seen from a module around their own, but not everywhere; those in function
    /// bodies; and macros.
    near: ByName<usize>,
    /// Nodes by the names that may be made of them.
    wild: ByName<usize>,
    /// Nodes by parts of names that may be made of them, in lower case without underscores.
    stems: Vec<(String, usize)>,
    pub(crate) impls: Vec<Impl>,
    /// Impls by node.
    pub(crate) impl_of: NumberMap<usize, usize>,
    /// Impls by their trait's name.
    by_trait: ByName<usize>,
    /// Impls by the types that they wait for.
    by_type: ByName<usize>,
    /// Other names of what has a name.
    aliases: ByName<Name>,
    /// Types by what they derive.
    derives: ByName<usize>,
    /// The modules that `mod` items declare.
    pub(crate) declared: NumberMap<usize, usize>,
    /// The functions and constants of a trait.
    pub(crate) trait_items: NumberMap<usize, Vec<usize>>,
    /// What crates can name, by crate: for everything, and for tests.
    dependencies: Vec<[NumberMap<Name, Dependency>; 2]>,
    /// The crates that can name another, by that name.
    dependents: ByName<usize>,
    /// Whether a macro of ours has a name that one of the standard library has.
    pub(crate) has_standard_names: bool,
    /// What glob imports bring, by module.
    globbed: Vec<Globbed>,
    /// Whether the public items of a crate can be reached from another: by that one, without its
    /// tests and with them, then by the one they are in.
    visible: Vec<[Vec<bool>; 2]>,
    /// From where items can be named, by node.
    views: Vec<scope::View>,
}

/// Traits that a derived impl gets from the fields alone, which arguments show.
const PLAIN_DERIVES: [&str; 9] = [
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Eq",
    "Hash",
    "PartialEq",
    "Serialize",
];

const STANDARD: [&str; 3] = ["std", "core", "alloc"];

/// Where the items are that the glob imports of a module bring.
#[derive(Debug)]
enum Globbed {
    Modules(HashSet<usize>),
    /// It cannot be told.
    Anything,
}

impl Graph {
    /// Prepares what has been loaded; `krate_of` gives the library of a package, if loaded.
    pub(crate) fn new(loaded: Loaded, model: &Model, krate_of: &HashMap<usize, usize>) -> Self {
        let mut graph = Self {
            defines: ByName::default(),
            local: NumberMap::default(),
            near: ByName::default(),
            wild: ByName::default(),
            stems: Vec::new(),
            impls: Vec::new(),
            impl_of: NumberMap::default(),
            by_trait: ByName::default(),
            by_type: ByName::default(),
            aliases: ByName::default(),
            derives: ByName::default(),
            declared: NumberMap::default(),
            trait_items: NumberMap::default(),
            dependencies: Vec::new(),
            dependents: ByName::default(),
            has_standard_names: false,
            globbed: Vec::new(),
            visible: Vec::new(),
            views: Vec::new(),
            loaded,
        };
        graph.connect_krates(model, krate_of);
        graph.index_views();
        graph.index();
        graph.index_globs();
        graph.index_wild();
        graph.index_impls();
        graph
    }

    /// The path of a node in its crate.
    pub(crate) fn path(&self, number: usize) -> String {
        self.module_path(self.placed(number).module) + &self.node(number).label
    }

    /// The path of a module in its crate, with `::` behind; empty for the crate itself.
    pub(crate) fn module_path(&self, module: usize) -> String {
        let mut parts = vec![""];
        let mut module = Some(module);
        while let Some(at) = module {
            let place = &self.loaded.modules[at];
            if !place.name.is_empty() {
                parts.push(&place.name);
            }
            module = place.parent;
        }
        parts.reverse();
        parts.join("::")
    }

    /// The paths of all types and traits, from the crate on.
    pub(crate) fn type_paths(&self) -> impl Iterator<Item = String> {
        let nodes = (0..self.loaded.nodes.len())
            .filter(|number| matches!(self.node(*number).kind, Kind::Type { .. } | Kind::Trait));
        nodes.map(|number| {
            let krate = &self.loaded.krates[self.krate_of(number)].name;
            format!("{krate}::{}", self.path(number))
        })
    }

    pub(crate) fn placed(&self, node: usize) -> &Placed {
        &self.loaded.nodes[node]
    }

    pub(crate) fn node(&self, node: usize) -> &Node {
        let placed = &self.loaded.nodes[node];
        &self.loaded.files[placed.file].items.nodes[placed.index]
    }

    /// Whether a node is in a file that a build script has generated.
    pub(crate) fn is_generated(&self, node: usize) -> bool {
        self.loaded.files[self.loaded.nodes[node].file].generated
    }

    pub(crate) fn krate_of(&self, node: usize) -> usize {
        self.loaded.modules[self.loaded.nodes[node].module].krate
    }

    /// The name with this number in the file of `node`.
    pub(crate) fn name(&self, node: usize, local: LocalName) -> Name {
        self.loaded.files[self.loaded.nodes[node].file].names[local as usize]
    }

    pub(crate) fn text(&self, name: Name) -> &str {
        self.loaded.names.text(name)
    }

    /// Whether a node is compiled in tests only, or only elsewhere.
    pub(crate) fn only(&self, node: usize) -> Only {
        let module = &self.loaded.modules[self.loaded.nodes[node].module];
        self.node(node).only.and(module.only)
    }

    pub(crate) fn defining(&self, name: Name) -> &[usize] {
        self.defines.get(name)
    }

    pub(crate) fn wild(&self, name: Name) -> &[usize] {
        self.wild.get(name)
    }

    /// Nodes of which something with a name like this may be made.
    pub(crate) fn related(&self, name: Name) -> impl Iterator<Item = usize> {
        let normal = if self.stems.is_empty() {
            String::new()
        } else {
            normal(self.text(name))
        };
        self.stems
            .iter()
            .filter(move |(stem, _)| normal.contains(stem.as_str()))
            .map(|(_, node)| *node)
    }

    pub(crate) fn impls_of_trait(&self, name: Name) -> &[usize] {
        self.by_trait.get(name)
    }

    pub(crate) fn impls_of_type(&self, name: Name) -> &[usize] {
        self.by_type.get(name)
    }

    /// Types that derive a trait by more than their fields.
    pub(crate) fn deriving(&self, name: Name) -> &[usize] {
        self.derives.get(name)
    }

    /// Other names that imports give what has this name, or has it from them.
    pub(crate) fn aliases(&self, name: Name) -> &[Name] {
        self.aliases.get(name)
    }

    /// What a crate can name by `name`.
    pub(crate) fn dependency(&self, krate: usize, name: Name, test: bool) -> Option<Dependency> {
        self.dependencies[krate][usize::from(test)]
            .get(&name)
            .copied()
    }

    /// Whether any crate can name another by `name`.
    pub(crate) fn is_dependency(&self, name: Name) -> bool {
        !self.dependents.get(name).is_empty()
    }

    /// All that a crate can name.
    pub(crate) fn dependencies(
        &self,
        krate: usize,
        test: bool,
    ) -> impl Iterator<Item = (Name, Dependency)> {
        let dependencies = self.dependencies[krate][usize::from(test)].iter();
        dependencies.map(|(name, dependency)| (*name, *dependency))
    }

    /// All nodes of a crate.
    pub(crate) fn nodes_of_krate(&self, krate: usize) -> std::ops::Range<usize> {
        let (first, end) = self.loaded.krates[krate].nodes;
        first..end
    }

    /// Nodes that a node has included.
    pub(crate) fn brought(&self, node: usize) -> &[usize] {
        self.loaded.brought.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Whether the path of an import or glob begins outside what is at hand.
    pub(crate) fn is_foreign(&self, node: usize, path: &[LocalName]) -> Option<Foreign> {
        let first = self.name(node, *path.first()?);
        if STANDARD.contains(&self.text(first)) {
            return Some(Foreign::Standard);
        }
        match self.dependency(self.krate_of(node), first, true)? {
            Dependency::External(_) => Some(Foreign::Package),
            Dependency::Krate(_) | Dependency::Package(_) => None,
        }
    }

    fn index(&mut self) {
        for (number, module) in self.loaded.modules.iter().enumerate() {
            self.declared.extend(module.node.map(|node| (node, number)));
        }
        let modules = 0..self.loaded.modules.len();
        let in_body: Vec<bool> = modules.map(|it| self.body_of(it).is_some()).collect();
        for number in 0..self.loaded.nodes.len() {
            let placed = self.loaded.nodes[number];
            let file = &self.loaded.files[placed.file];
            let node = &file.items.nodes[placed.index];
            for name in &node.defines {
                let name = file.names[*name as usize];
                self.defines.push(name, number);
                let key = (name, placed.module);
                self.local.entry(key).or_default().push(number);
                self.has_standard_names |=
                    node.kind == Kind::Macro && is_standard_macro(self.loaded.names.text(name));
                if node.kind == Kind::Macro
                    || matches!(node.scope, Scope::Module(1..))
                    || in_body[placed.module]
                {
                    self.near.push(name, number);
                }
            }
            if let Kind::Import { path } = &node.kind
                && let (Some(last), Some(name)) = (path.last(), node.defines.first())
                && last != name
            {
                let (one, other) = (file.names[*last as usize], file.names[*name as usize]);
                self.aliases.push(one, other);
                self.aliases.push(other, one);
            }
            match (&node.kind, placed.parent) {
                (Kind::Type { derives, .. }, _) => {
                    for name in derives {
                        let name = file.names[*name as usize];
                        if !PLAIN_DERIVES.contains(&self.loaded.names.text(name)) {
                            self.derives.push(name, number);
                        }
                    }
                }
                (Kind::TraitItem, Some(parent)) => {
                    self.trait_items.entry(parent).or_default().push(number);
                }
                _ => {}
            }
        }
    }
}

/// What is not at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// The standard library.
    Standard,
    /// A package from a registry or from git.
    Package,
}

/// A name in lower case and without underscores.
fn normal(name: &str) -> String {
    name.chars()
        .filter(|letter| *letter != '_')
        .flat_map(char::to_lowercase)
        .collect()
}
