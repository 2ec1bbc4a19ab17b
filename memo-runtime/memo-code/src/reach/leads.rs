//! Where the names in a node lead to: found once for all functions of an analysis, because
//! unoptimized macros take long to do it for each.
//!
//! What must hold: a lead depends on nothing but what is written, and on whether tests are
//! compiled; what has been reached so far is none of its business.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::Reach;
use crate::file::{ANY, CALLED, Kind, LEADING, PLAIN, QUALIFIED, ROOT, STANDARD, STRING};
use crate::graph::Graph;
use crate::names::{Name, NumberMap};

/// What has been found so far, for code that is compiled with tests, or without.
#[derive(Debug, Default)]
pub(crate) struct Leads {
    /// By node.
    nodes: RefCell<Vec<Option<Rc<NodeLeads>>>>,
    /// By file, and module in which its names resolve.
    places: RefCell<NumberMap<(usize, usize), Place>>,
    spots: RefCell<usize>,
    /// By name and crate.
    words: RefCell<NumberMap<(Name, usize), Rc<Word>>>,
}

/// The mentions of the names of a file, by their numbers in it.
type Place = Vec<Vec<Rc<Mention>>>;

/// Where a node leads to.
#[derive(Debug)]
pub(super) struct NodeLeads {
    pub(super) mentions: Vec<Rc<Mention>>,
    /// Imports that decide what the methods that it calls mean.
    pub(super) imports: Vec<usize>,
}

/// A name as it stands in some place.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) name: Name,
    pub(super) how: u8,
    /// The module in which it resolves; `None`: in any.
    pub(super) from: Option<usize>,
    pub(super) krate: usize,
    /// The number of name and place, however it stands there.
    pub(super) spot: usize,
    /// If so many items have the name that those which the whole crate sees are worth looking at
    /// only once.
    pub(super) word: Option<Rc<Word>>,
    all: OnceCell<Vec<Target>>,
    near: OnceCell<Option<Vec<Target>>>,
}

/// A name in a crate.
#[derive(Debug)]
pub(super) struct Word {
    pub(super) number: usize,
    /// The items of that name that code in every module of the crate can name.
    seen: OnceCell<Vec<usize>>,
    /// What mentions of it may mean in every module, by how they stand there.
    wide: RefCell<Vec<(u8, Rc<[Target]>)>>,
}

/// What a mention may mean.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Node(usize),
    /// A module, with everything in it.
    Module(usize),
    /// An item of this impl.
    Item {
        node: usize,
        owner: usize,
    },
}

/// Stands for code that names resolve in anywhere.
const ANYWHERE: usize = usize::MAX;

/// So few items of a name are not worth a choice.
const FEW: usize = 8;

impl Leads {
    fn spot(&self) -> usize {
        self.spots.replace_with(|spots| *spots + 1)
    }

    fn word(
        &self,
        graph: &Graph,
        name: Name,
        from: Option<usize>,
        krate: usize,
    ) -> Option<Rc<Word>> {
        if from.is_none() || graph.defining(name).len() <= FEW {
            return None;
        }
        let mut words = self.words.borrow_mut();
        let next = words.len();
        let word = words.entry((name, krate)).or_insert_with(|| {
            Rc::new(Word {
                number: next,
                seen: OnceCell::new(),
                wide: RefCell::default(),
            })
        });
        Some(Rc::clone(word))
    }

    /// A name in code that nobody else has.
    pub(super) fn single(&self, name: Name, how: u8, krate: usize) -> Mention {
        Mention {
            name,
            how,
            from: None,
            krate,
            spot: self.spot(),
            word: None,
            all: OnceCell::new(),
            near: OnceCell::new(),
        }
    }
}

impl Reach<'_> {
    pub(super) fn leads(&self, number: usize) -> Rc<NodeLeads> {
        let mut nodes = self.leads.nodes.borrow_mut();
        if nodes.is_empty() {
            nodes.resize(self.graph.loaded.nodes.len(), None);
        }
        if let Some(known) = &nodes[number] {
            return Rc::clone(known);
        }
        let found = Rc::new(self.find_leads(number));
        nodes[number] = Some(Rc::clone(&found));
        found
    }

    fn find_leads(&self, number: usize) -> NodeLeads {
        let graph = self.graph;
        let (node, placed) = (graph.node(number), graph.placed(number));
        let krate = graph.krate_of(number);
        let from = self.resolves_in(number);
        let imports = from.map(|from| self.deciding_imports(number, from));
        let mut places = self.leads.places.borrow_mut();
        let place = places
            .entry((placed.file, from.unwrap_or(ANYWHERE)))
            .or_default();
        let names = &graph.loaded.files[placed.file].names;
        if place.is_empty() {
            place.resize(names.len(), Vec::new());
        }
        let mut mentions = Vec::with_capacity(node.mentions.names.len());
        for (local, how) in &node.mentions.names {
            let how = self.settled(*how);
            let known = &mut place[*local as usize];
            let mut at = 0;
            while at < known.len() && known[at].how != how {
                at += 1;
            }
            if at == known.len() {
                let name = names[*local as usize];
                let first = known.first().map(|first| (first.spot, first.word.clone()));
                let (spot, word) = first.unwrap_or_else(|| {
                    (self.leads.spot(), self.leads.word(graph, name, from, krate))
                });
                known.push(Rc::new(Mention {
                    name,
                    how,
                    from,
                    krate,
                    spot,
                    word,
                    all: OnceCell::new(),
                    near: OnceCell::new(),
                }));
            }
            mentions.push(Rc::clone(&known[at]));
        }
        NodeLeads {
            mentions,
            imports: imports.unwrap_or_default(),
        }
    }

    /// How a name stands there, given what macros of the standard library are.
    pub(super) fn settled(&self, how: u8) -> u8 {
        if how & STANDARD == 0 {
            how
        } else if self.graph.has_standard_names {
            how | ANY
        } else {
            how & !STANDARD
        }
    }

    /// Everything that a mention may mean.
    pub(super) fn all_targets<'m>(&self, mention: &'m Mention) -> &'m [Target] {
        let find = || self.targets(mention, self.graph.defining(mention.name));
        mention.all.get_or_init(find)
    }

    /// What it may mean that the same mention in another module of the crate may not; `None` if that
    /// may be all.
    pub(super) fn near_targets<'m>(&self, mention: &'m Mention) -> Option<&'m [Target]> {
        let find = || {
            let near = self.graph.defining_near(mention.name, mention.from?)?;
            Some(self.targets(mention, &near))
        };
        mention.near.get_or_init(find).as_deref()
    }

    fn targets(&self, mention: &Mention, nodes: &[usize]) -> Vec<Target> {
        let (graph, from) = (self.graph, mention.from);
        let mut targets = Vec::new();
        for node in nodes {
            let in_scope = || graph.is_in_scope(from, *node);
            if graph.sees(from, *node, self.krate, self.test)
                && let Some(target) = self.target(mention.how, *node, in_scope)
            {
                targets.push(target);
            }
        }
        targets
    }

    /// What it may mean in every module of the crate.
    pub(super) fn wide_targets(&self, mention: &Mention, word: &Word) -> Rc<[Target]> {
        let mut wide = word.wide.borrow_mut();
        let known = wide.iter().find(|(how, _)| *how == mention.how);
        if let Some((_, known)) = known {
            return Rc::clone(known);
        }
        let seen = word.seen.get_or_init(|| {
            let mut seen = Vec::new();
            for node in self.graph.defining(mention.name) {
                if (self.graph).all_see(mention.krate, *node, self.krate, self.test) {
                    seen.push(*node);
                }
            }
            seen
        });
        let mut found = Vec::new();
        for node in seen {
            found.extend(self.target(mention.how, *node, || false));
        }
        let found: Rc<[Target]> = found.into();
        wide.push((mention.how, Rc::clone(&found)));
        found
    }

    /// What a mention makes of an item that it sees; `in_scope` says whether the name alone, without
    /// a path before it, can mean it.
    fn target(&self, how: u8, node: usize, in_scope: impl Fn() -> bool) -> Option<Target> {
        let graph = self.graph;
        match &graph.node(node).kind {
            Kind::Module if how & STRING != 0 => Some(Target::Module(node)),
            Kind::Module if how & ROOT == 0 => None,
            Kind::TraitItem if how & CALLED == 0 => None,
            Kind::ImplItem { .. } if how & CALLED == 0 => None,
            Kind::ImplItem { .. } => {
                let parent = graph.placed(node).parent?;
                let owner = *graph.impl_of.get(&parent)?;
                Some(Target::Item { node, owner })
            }
            Kind::TraitItem => Some(Target::Node(node)),
            Kind::Value | Kind::Type { .. } | Kind::Trait | Kind::Import { .. }
                if how & QUALIFIED == 0 && !in_scope() =>
            {
                None
            }
            Kind::Value if how & PLAIN == 0 => None,
            _ if how & (PLAIN | LEADING | ROOT) != 0 => Some(Target::Node(node)),
            _ => None,
        }
    }
}
