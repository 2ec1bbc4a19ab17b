//! What a function can reach.
//!
//! The rules are those of the [crate documentation](crate). What must hold: whatever code could run
//! in a call of the function, or decide what runs, is reached; conditions of compilation are no
//! obstacle, except that tests are left out where none are compiled.

mod hows;
mod impls;
mod imports;
mod leads;
mod program;
mod whole;

use std::collections::{BTreeSet, HashSet};

use crate::file::{CALLED, Include, Kind, PLAIN, ROOT};
use crate::graph::{Dependency, Graph};
use crate::model::{Model, TargetKind};
use crate::names::{ByName, Name, NumberSet};
use hows::Hows;
pub(crate) use leads::Leads;
use leads::{Mention, Target};

/// A file that reached code includes: the node, and what it says.
pub(crate) type Included = (usize, Include);

/// What has been reached so far.
pub(crate) struct Reach<'a> {
    graph: &'a Graph,
    model: &'a Model,
    /// The crate at hand: the only one whose tests are ever compiled.
    krate: usize,
    pub(crate) test: bool,
    pub(crate) reached: Vec<bool>,
    /// The memoized function, if it is written somewhere.
    pub(crate) entry: Option<usize>,
    /// Whether a whole program is followed, outside of a build.
    pub(crate) is_program: bool,
    /// In the order in which they were reached.
    pub(crate) order: Vec<usize>,
    next: usize,
    leads: &'a Leads,
    /// How names are mentioned where, by the number of the spot.
    mentioned: Hows,
    /// How names are mentioned in a crate, wherever.
    mentioned_in: Hows,
    /// Names that may be those of associated items, and from where.
    called: ByName<Option<usize>>,
    open: NumberSet<Name>,
    live: Vec<bool>,
    /// Whether a type or trait of a name has been reached, by the number of the name.
    typed: Vec<bool>,
    entered_modules: Vec<bool>,
    pub(crate) krates: BTreeSet<usize>,
    pub(crate) externals: BTreeSet<usize>,
    /// Packages that count whole, with every file.
    pub(crate) packages: BTreeSet<usize>,
    pub(crate) included: BTreeSet<Included>,
    pub(crate) conditions: BTreeSet<(usize, String)>,
    /// Those that a macro asks for, wherever it is used.
    pub(crate) conditions_of_macros: BTreeSet<String>,
    whole: HashSet<usize>,
    /// Names of packages that could mean another: by whom, which, and what they mean.
    pub(crate) named: BTreeSet<(usize, Name, Dependency)>,
    /// Whether types may come from anywhere.
    pub(crate) is_open: bool,
    /// Whether it is not the same with tests and without.
    pub(crate) depends_on_test: bool,
}

impl<'a> Reach<'a> {
    pub(crate) fn new(
        (graph, leads): (&'a Graph, &'a Leads),
        model: &'a Model,
        krate: usize,
        test: bool,
    ) -> Self {
        Self {
            graph,
            model,
            krate,
            test,
            reached: vec![false; graph.loaded.nodes.len()],
            entry: None,
            is_program: false,
            order: Vec::new(),
            next: 0,
            leads,
            mentioned: Hows::default(),
            mentioned_in: Hows::default(),
            called: ByName::default(),
            open: NumberSet::default(),
            live: vec![false; graph.impls.len()],
            typed: vec![false; graph.loaded.names.len()],
            entered_modules: vec![false; graph.loaded.modules.len()],
            krates: BTreeSet::new(),
            externals: BTreeSet::new(),
            packages: BTreeSet::new(),
            included: BTreeSet::new(),
            conditions: BTreeSet::new(),
            conditions_of_macros: BTreeSet::new(),
            whole: HashSet::new(),
            named: BTreeSet::new(),
            is_open: false,
            depends_on_test: false,
        }
    }

    /// Reaches a memoized function. Types that its signature, and that of the impl or trait
    /// around it, leave open may come from anywhere.
    pub(crate) fn enter(&mut self, node: usize) {
        self.entry = Some(node);
        self.reach(node);
        let is_generic = |node: usize| match &self.graph.node(node).kind {
            Kind::Impl(header) => header.generic,
            Kind::Trait => true,
            _ => false,
        };
        let function = self.graph.node(node).function.iter();
        let mut generic = function.clone().any(|function| function.generic);
        generic |= self.graph.placed(node).parent.is_some_and(is_generic);
        if generic {
            self.reach_types();
        }
        for name in function.flat_map(|function| &function.signature) {
            self.open(self.graph.name(node, *name));
        }
        if let Some(parent) = self.graph.placed(node).parent {
            self.open_all(parent);
            let of = self.graph.node(parent).defines.iter();
            let of: Vec<Name> = of.map(|name| self.graph.name(parent, *name)).collect();
            of.into_iter().for_each(|name| self.open(name));
        }
    }

    /// Follows everything that has been reached to its end.
    pub(crate) fn run(&mut self) {
        while let Some(node) = self.order.get(self.next).copied() {
            self.next += 1;
            self.follow(node);
        }
    }

    /// Reaches a node, and the modules around it.
    pub(crate) fn reach(&mut self, node: usize) {
        if self.reached[node] {
            return;
        }
        let (only, krate) = (self.graph.only(node), self.graph.krate_of(node));
        self.depends_on_test |= krate == self.krate && (only.tests || only.others);
        if only.excludes(self.tests(krate)) {
            return;
        }
        self.reached[node] = true;
        self.order.push(node);
        let of_node = self.graph.node(node);
        if matches!(of_node.kind, Kind::Type { .. } | Kind::Trait) {
            for name in &of_node.defines {
                self.typed[self.graph.name(node, *name).0 as usize] = true;
            }
        }
        self.enter_module(self.graph.placed(node).module);
    }

    /// Whether the tests of a crate are compiled.
    fn tests(&self, krate: usize) -> bool {
        self.test && krate == self.krate
    }

    fn enter_module(&mut self, module: usize) {
        if self.entered_modules[module] {
            return;
        }
        self.entered_modules[module] = true;
        let graph = self.graph;
        let place = &graph.loaded.modules[module];
        self.enter_krate(place.krate);
        for node in place
            .node
            .iter()
            .chain(&place.globs)
            .chain(&place.attributes)
        {
            self.reach(*node);
        }
        if let Some(parent) = place.parent {
            self.enter_module(parent);
        }
    }

    fn enter_krate(&mut self, krate: usize) {
        if !self.krates.insert(krate) {
            return;
        }
        let graph = self.graph;
        let loaded = &graph.loaded.krates[krate];
        self.enter_module(loaded.root);
        let package = &self.model.packages[loaded.package];
        if package.foreign_code {
            self.reach_package(loaded.package);
        }
        if loaded.whole.is_some() || loaded.kind == TargetKind::ProcMacro {
            self.reach_whole(krate);
        }
        for (number, one) in graph.impls.iter().enumerate() {
            let here = graph.nodes_of_krate(krate).contains(&one.node);
            if here && one.types.is_empty() {
                self.check(number);
            }
        }
    }

    /// The module in which the names in a node resolve; `None`: in any.
    fn resolves_in(&self, number: usize) -> Option<usize> {
        let krate = &self.graph.loaded.krates[self.graph.krate_of(number)];
        let anywhere = krate.kind == TargetKind::ProcMacro
            || matches!(
                self.graph.node(number).kind,
                Kind::Macro | Kind::Foreign | Kind::ProceduralMacro | Kind::File
            );
        (!anywhere).then_some(self.graph.placed(number).module)
    }

    fn follow(&mut self, number: usize) {
        let graph = self.graph;
        let (node, placed) = (graph.node(number), graph.placed(number));
        let krate = graph.krate_of(number);
        if let Some(parent) = placed.parent {
            self.reach(parent);
        }
        match &node.kind {
            Kind::ProceduralMacro => self.reach_whole(krate),
            Kind::Type { .. } | Kind::Trait | Kind::Invocation | Kind::Macro | Kind::Module => {
                self.follow_definition(number);
                if let Some(module) = graph.declared.get(&number) {
                    self.enter_module(*module);
                }
            }
            Kind::ImplItem { .. } => {
                if let Some(owner) = placed.parent.and_then(|parent| graph.impl_of.get(&parent)) {
                    self.check(*owner);
                }
            }
            _ => {}
        }
        let leads = self.leads(number);
        for mention in &leads.mentions {
            self.mention(mention);
        }
        for name in &node.mentions.dynamic {
            self.open(graph.name(number, *name));
        }
        for import in &leads.imports {
            self.reach(*import);
        }
        if node.mentions.pasted.is_some() {
            self.reach_whole(krate);
        }
        for brought in graph.brought(number) {
            self.reach(*brought);
        }
        let files = node.mentions.files.iter();
        self.included
            .extend(files.map(|file| (number, file.clone())));
        let package = graph.loaded.krates[krate].package;
        if node.mentions.files.iter().any(|file| {
            *file == Include::Unknown || package != 0 && matches!(file, Include::Generated(_))
        }) {
            self.reach_package(package);
        }
        let conditions = node.mentions.conditions.iter();
        for condition in conditions {
            self.depends_on_test |= speaks_of_tests(condition);
            self.conditions.insert((krate, condition.clone()));
        }
        if node.kind == Kind::Macro {
            let conditions = node.mentions.conditions.iter().cloned();
            self.conditions_of_macros.extend(conditions);
        }
    }

    /// What comes with a type, a trait, or a macro that may make either.
    fn follow_definition(&mut self, number: usize) {
        let graph = self.graph;
        let node = graph.node(number);
        let made = match &node.wild {
            Some(wild) if node.kind == Kind::Invocation => wild.names.as_slice(),
            _ => &[],
        };
        for name in node.defines.iter().chain(made) {
            let name = graph.name(number, *name);
            for node in graph.wild(name) {
                self.reach(*node);
            }
            for waiting in graph.impls_of_type(name) {
                self.check(*waiting);
            }
            for waiting in graph.impls_of_trait(name) {
                self.check(*waiting);
            }
        }
        if node.kind == Kind::Trait {
            for item in graph.trait_items.get(&number).into_iter().flatten() {
                if node.wild.is_some() {
                    self.reach(*item);
                }
                self.check_item(*item);
            }
            if node
                .defines
                .iter()
                .any(|name| self.open.contains(&graph.name(number, *name)))
            {
                self.open_all(number);
            }
        }
    }

    /// Reaches what a name means where it stands.
    fn mention(&mut self, mention: &Mention) {
        let (name, how) = (mention.name, mention.how);
        let is_first = self.mentioned.has_none(mention.spot);
        if !self.mentioned.add(mention.spot, how) {
            return;
        }
        let graph = self.graph;
        if how & ROOT != 0 {
            self.mention_root(name, mention.from, mention.krate);
        }
        if how & CALLED != 0 {
            self.called.push(name, mention.from);
        }
        self.reach_targets(mention);
        if is_first {
            for node in graph.wild(name) {
                self.reach(*node);
            }
            let related: Vec<usize> = graph.related(name).collect();
            for node in related {
                self.reach(node);
            }
        }
    }

    /// Reaches what a mention could mean and none before it has settled.
    fn reach_targets(&mut self, mention: &Mention) {
        if let Some(word) = &mention.word
            && let Some(near) = self.near_targets(mention)
        {
            self.reach_all(near);
            // What the whole crate sees is looked at with the first mention like this.
            if mention.how != PLAIN && self.mentioned_in.add(word.number, mention.how) {
                self.reach_all(&self.wide_targets(mention, word));
            }
        } else {
            self.reach_all(self.all_targets(mention));
        }
    }

    fn reach_all(&mut self, targets: &[Target]) {
        for target in targets {
            match *target {
                Target::Node(node) => self.reach(node),
                Target::Module(node) if !self.reached[node] => self.reach_module(node),
                Target::Module(_) => {}
                Target::Item { node, owner } if !self.reached[node] => {
                    self.check(owner);
                    if self.live[owner] {
                        self.reach(node);
                    }
                }
                Target::Item { .. } => {}
            }
        }
    }

    /// A name that stands in code which may be anywhere in the crate.
    pub(crate) fn mention_text(&mut self, name: &str, how: u8, krate: usize) {
        self.enter_krate(krate);
        if let Some(name) = self.graph.loaded.names.find(name) {
            let mention = self.leads.single(name, self.settled(how), krate);
            self.mention(&mention);
        }
    }
}

/// Whether a condition asks for tests.
pub(crate) fn speaks_of_tests(condition: &str) -> bool {
    crate::parse::words(condition).contains(&"test")
}
