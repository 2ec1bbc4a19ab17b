//! Items as lists have them: prepared once for all functions of an analysis, because unoptimized
//! macros take long to do it for each.
//!
//! What must hold: what is told of an item, and its place among others, depend on nothing but the
//! sources, and not on which functions were asked for before.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{DIGEST_IN_LIST, says_nothing, write_item};
use crate::graph::Graph;
use crate::list::Item;

/// The items that any function has reached so far.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// By node; `None` for those that no list has.
    items: Vec<Option<PreparedItem>>,
    /// Whether a node has been looked at.
    known: Vec<bool>,
    /// Nodes in the order of lists.
    order: Vec<usize>,
    krates: Vec<Krate>,
    /// The names of files, by their numbers.
    files: Vec<Arc<str>>,
    /// The paths of modules with `::` behind, by their numbers.
    modules: Vec<String>,
}

#[derive(Debug)]
struct PreparedItem {
    /// The place of the crate's name among those of all.
    krate: usize,
    /// As in a list, without its text.
    item: Item,
    /// What of it counts.
    counted: Vec<u8>,
}

#[derive(Debug)]
struct Krate {
    name: Arc<str>,
    /// Its place among the names of all.
    rank: usize,
}

impl PreparedItem {
    fn is_at_place_of(&self, other: &Self) -> bool {
        self.krate == other.krate && self.item.path == other.item.path
    }
}

impl Prepared {
    /// Prepares what is new of these nodes.
    pub(super) fn extend(&mut self, graph: &Graph, nodes: &[usize]) {
        if self.known.is_empty() {
            self.begin(graph);
        }
        let before = self.order.len();
        for number in nodes {
            if !self.known[*number] {
                self.known[*number] = true;
                self.items[*number] = self.prepare(graph, *number);
                if self.items[*number].is_some() {
                    self.order.push(*number);
                }
            }
        }
        if self.order.len() > before {
            let mut order = std::mem::take(&mut self.order);
            order.sort_by(|one, other| self.compare(*one, *other));
            self.order = order;
        }
    }

    /// Nodes that are marked, as far as lists have them, in the order of lists.
    pub(super) fn among(&self, marked: &[bool]) -> Vec<usize> {
        let mut found = Vec::with_capacity(self.order.len());
        for number in &self.order {
            if marked[*number] {
                found.push(*number);
            }
        }
        found
    }

    /// How many at the front of these nodes are of one crate and path.
    pub(super) fn at_one_place(&self, nodes: &[usize]) -> usize {
        let Some(first) = nodes
            .first()
            .and_then(|number| self.items[*number].as_ref())
        else {
            return nodes.len();
        };
        let mut count = 1;
        while let Some(number) = nodes.get(count)
            && let Some(other) = &self.items[*number]
            && first.is_at_place_of(other)
        {
            count += 1;
        }
        count
    }

    /// An item, and what of it counts.
    pub(super) fn get(&self, number: usize) -> Option<(&Item, &[u8])> {
        let prepared = self.items[number].as_ref()?;
        Some((&prepared.item, &prepared.counted))
    }

    fn begin(&mut self, graph: &Graph) {
        let loaded = &graph.loaded;
        self.items.resize_with(loaded.nodes.len(), || None);
        self.known.resize(loaded.nodes.len(), false);
        let mut names: Vec<&str> = loaded.krates.iter().map(|it| it.name.as_str()).collect();
        names.sort_unstable();
        for krate in &loaded.krates {
            self.krates.push(Krate {
                name: krate.name.as_str().into(),
                rank: names.partition_point(|name| *name < krate.name.as_str()),
            });
        }
        for file in &loaded.files {
            self.files.push(file.path.as_str().into());
        }
        for module in 0..loaded.modules.len() {
            self.modules.push(graph.module_path(module));
        }
    }

    fn prepare(&self, graph: &Graph, number: usize) -> Option<PreparedItem> {
        let (node, placed) = (graph.node(number), graph.placed(number));
        if graph.loaded.files[placed.file].generated || says_nothing(node) {
            return None;
        }
        let krate = &self.krates[graph.krate_of(number)];
        let around = self.modules[placed.module].as_str();
        let mut path = String::with_capacity(around.len() + node.label.len());
        path.push_str(around);
        path.push_str(&node.label);
        let mut counted = Vec::with_capacity(64 + krate.name.len() + path.len());
        write_item(&krate.name, &path, &node.digest, &mut counted);
        let mut digest = node.digest;
        digest[DIGEST_IN_LIST..].fill(0);
        let item = Item {
            krate: Arc::clone(&krate.name),
            path: path.into(),
            file: Arc::clone(&self.files[placed.file]),
            line: node.line,
            digest,
            text: None,
        };
        Some(PreparedItem {
            krate: krate.rank,
            item,
            counted,
        })
    }

    fn compare(&self, one: usize, other: usize) -> Ordering {
        let (Some(first), Some(second)) = (&self.items[one], &self.items[other]) else {
            return one.cmp(&other);
        };
        if first.krate != second.krate {
            return first.krate.cmp(&second.krate);
        }
        let by_path = first.item.path.as_bytes().cmp(second.item.path.as_bytes());
        if by_path != Ordering::Equal {
            return by_path;
        }
        let key = |it: &PreparedItem, number| (it.item.digest, it.item.line, number);
        key(first, one).cmp(&key(second, other))
    }
}
