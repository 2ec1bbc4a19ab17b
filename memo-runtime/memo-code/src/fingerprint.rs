//! From what has been reached to a digest and a list.
//!
//! The digest is over the parts, each sorted, each as a tag, then its texts with their lengths as
//! little-endian `u64`s. What must hold: it depends on no path of a file, no line, no order of
//! items and nothing of this machine.

mod prepared;

pub(crate) use prepared::Prepared;

use blake3::Hasher;

use crate::analysis::Analysis;
use crate::facts::is_of_sources;
use crate::file::{Kind, Node};
use crate::list::{CodeList, Dependency, Fact, Item};
use crate::reach::Reach;

const CONTEXT: &str = "memo-code 1 fingerprint";

/// A list keeps so many bytes of text, of what was reached first.
const TEXT_LIMIT: usize = 32 << 10;

/// So many bytes of an item usually count.
const USUAL_LENGTH: usize = 96;

/// So much of an item's digest tells it from another in a list.
const DIGEST_IN_LIST: usize = 12;

/// The code that one function depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// The digest of all of it, but for the conditions.
    pub digest: [u8; 32],
    /// Conditions, as in `cfg!(…)`, whose truth counts and which only the compiler knows; sorted.
    pub conditions: Vec<String>,
    /// What it is made of.
    pub list: CodeList,
    /// Of a function that leaves types open, the types that it knows: their paths from the crate
    /// on, and crates of which all are known, with `::` behind; sorted. A type argument that is
    /// none of these may be anything.
    pub types: Option<Vec<String>>,
}

impl Fingerprint {
    /// Adds what counts beside the sources, such as what a condition depends on.
    pub fn add_facts(&mut self, facts: impl IntoIterator<Item = Fact>) {
        self.list.facts.extend(facts);
        self.list.facts.sort();
        self.list.facts.dedup();
        self.digest = Digests::of(&self.list).everything;
    }

    /// Adds an item that is written in no file.
    pub(crate) fn add_item(&mut self, krate: &str, node: &Node) {
        self.list.items.push(Item {
            krate: krate.into(),
            path: node.label.as_str().into(),
            file: "".into(),
            line: node.line,
            digest: node.digest,
            text: Some(node.text.as_str().into()),
        });
        self.list.items.sort_by(Item::order);
        let digests = Digests::of(&self.list);
        self.list.sources = digests.sources;
        self.digest = digests.everything;
    }
}

impl Item {
    fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |item: &Self| (item.digest, item.line);
        self.krate
            .cmp(&other.krate)
            .then_with(|| self.path.cmp(&other.path))
            .then_with(|| key(self).cmp(&key(other)))
    }
}

impl Analysis<'_> {
    /// The fingerprint of a function by this name, given what it reaches.
    pub(crate) fn conclude(&self, function: String, reach: &Reach<'_>) -> Fingerprint {
        let (facts, conditions) = self.facts(reach);
        let (items, counted) = self.items(reach);
        let mut list = CodeList {
            function,
            krate: self.graph.loaded.krates[self.krate].name.clone(),
            sources: [0; 32],
            items,
            dependencies: self.dependencies(reach),
            facts,
        };
        let digests = Digests::with_items(&counted, &list);
        list.sources = digests.sources;
        Fingerprint {
            digest: digests.everything,
            conditions,
            list,
            types: reach.is_open.then(|| self.known_types(reach)),
        }
    }

    fn known_types(&self, reach: &Reach<'_>) -> Vec<String> {
        let standard = ["alloc", "core", "std"].map(str::to_owned);
        let externals = reach.externals.iter();
        let externals = externals.filter_map(|external| self.model.externals.get(*external));
        let externals = externals.map(|external| external.name.replace('-', "_"));
        let mut types: Vec<String> = standard
            .into_iter()
            .chain(externals)
            .map(|krate| krate + "::")
            .collect();
        let of_sources = self.graph.type_paths();
        types.extend(of_sources.filter(|path| !self.namesakes.contains(path)));
        types.sort();
        types.dedup();
        types
    }

    /// The items that have been reached, in order, and what of them counts.
    fn items(&self, reach: &Reach<'_>) -> (Vec<Item>, Vec<u8>) {
        let mut prepared = self.prepared.borrow_mut();
        prepared.extend(&self.graph, &reach.order);
        let texts = self.texts(reach);
        let item = |number: usize, item: &Item| {
            let mut item = item.clone();
            if texts[number] {
                item.text = Some(self.graph.node(number).text.as_str().into());
            }
            item
        };
        let nodes = prepared.among(&reach.reached);
        let mut items = Vec::with_capacity(nodes.len());
        let mut counted = Vec::with_capacity(nodes.len() * USUAL_LENGTH);
        let mut rest = nodes.as_slice();
        while let Some(first) = rest.first() {
            let (namesakes, others) = rest.split_at(prepared.at_one_place(rest));
            rest = others;
            let digests = self.digests_in_place(namesakes);
            if digests.is_empty() {
                // Splitting an impl in two, or writing an import twice, says nothing new.
                if let Some((prepared, counts)) = prepared.get(*first) {
                    items.push(item(*first, prepared));
                    counted.extend_from_slice(counts);
                }
            }
            for (digest, number) in digests {
                if let Some((prepared, _)) = prepared.get(number) {
                    let mut item = item(number, prepared);
                    item.digest = digest;
                    write_item(&item.krate, &item.path, &item.digest, &mut counted);
                    item.digest[DIGEST_IN_LIST..].fill(0);
                    items.push(item);
                }
            }
        }
        (items, counted)
    }

    /// The nodes that are listed with their text: what was reached first.
    fn texts(&self, reach: &Reach<'_>) -> Vec<bool> {
        let mut left = TEXT_LIMIT;
        let mut texts = vec![false; reach.reached.len()];
        for number in &reach.order {
            let node = self.graph.node(*number);
            let length = node.text.len();
            let is_listed = || !self.graph.is_generated(*number) && !says_nothing(node);
            if length > 0 && length <= left && is_listed() {
                left -= length;
                texts[*number] = true;
            }
        }
        texts
    }

    /// Nodes of one crate and path with digests that tell them apart, sorted by these; none if they
    /// are all the same. Each digest is there once.
    fn digests_in_place(&self, namesakes: &[usize]) -> Vec<([u8; 32], usize)> {
        if namesakes.len() < 2 {
            return Vec::new();
        }
        let mut digests: Vec<_> = namesakes
            .iter()
            .map(|number| (self.digest_in_place(*number), *number))
            .collect();
        digests.sort_by_key(|(digest, number)| (*digest, self.graph.node(*number).line, *number));
        digests.dedup_by_key(|(digest, _)| *digest);
        if digests.len() == 1 {
            digests.clear();
        }
        digests
    }

    /// The digest of a node with everything around it that tells it from another of the same path:
    /// the crate, the conditions on modules, and the impl or trait.
    fn digest_in_place(&self, number: usize) -> [u8; 32] {
        let mut counted = Vec::new();
        let krate = &self.graph.loaded.krates[self.graph.krate_of(number)];
        let package = &self.model.packages[krate.package];
        let kind = format!("{:?}", krate.kind);
        let parts = [
            kind.as_bytes(),
            package.name.as_bytes(),
            package.version.as_bytes(),
        ];
        write(b'k', &parts, &mut counted);
        let placed = self.graph.placed(number);
        let mut module = Some(placed.module);
        while let Some(at) = module {
            let place = &self.graph.loaded.modules[at];
            if let Some(node) = place.node {
                write(b'm', &[&self.graph.node(node).digest], &mut counted);
            }
            module = place.parent;
        }
        for node in placed.parent.iter().chain([&number]) {
            write(b'n', &[&self.graph.node(*node).digest], &mut counted);
        }
        digest(&[&counted])
    }

    /// The path of a node in its crate.
    pub(crate) fn path(&self, number: usize) -> String {
        self.graph.path(number)
    }

    fn dependencies(&self, reach: &Reach<'_>) -> Vec<Dependency> {
        let externals = reach.externals.iter();
        let mut dependencies: Vec<Dependency> = externals
            .filter_map(|external| self.model.externals.get(*external))
            .map(|external| Dependency {
                name: external.name.clone(),
                version: external.version.clone(),
                detail: match &external.checksum {
                    Some(checksum) => format!("{} {checksum}", external.source),
                    None => external.source.clone(),
                },
                features: external.features.clone(),
            })
            .collect();
        dependencies.sort();
        dependencies
    }
}

/// Whether a node is a plain `mod`, of which its items tell everything.
fn says_nothing(node: &Node) -> bool {
    let mentions = &node.mentions;
    node.kind == Kind::Module
        && node.wild.is_none()
        && mentions.names.is_empty()
        && mentions.conditions.is_empty()
}

/// The digests of a list.
struct Digests {
    /// Of all that counts.
    everything: [u8; 32],
    /// Of what sources and manifests tell.
    sources: [u8; 32],
}

impl Digests {
    fn of(list: &CodeList) -> Self {
        let mut items = Vec::new();
        for item in &list.items {
            write_item(&item.krate, &item.path, &item.digest, &mut items);
        }
        Self::with_items(&items, list)
    }

    /// Of a list of which this is what counts of the items.
    fn with_items(items: &[u8], list: &CodeList) -> Self {
        let (mut everything, mut sources) = (Vec::new(), Vec::new());
        for dependency in &list.dependencies {
            let parts = [&dependency.name, &dependency.version, &dependency.detail];
            let parts = parts.map(|part| part.as_bytes());
            write(b'd', &parts, &mut sources);
            write(b'd', &parts, &mut everything);
            for feature in &dependency.features {
                write(b'o', &[feature.as_bytes()], &mut everything);
            }
        }
        for fact in &list.facts {
            let kind = format!("{:?}", fact.kind);
            let parts = [kind.as_bytes(), fact.name.as_bytes(), fact.value.as_bytes()];
            write(b'f', &parts, &mut everything);
            if is_of_sources(fact) {
                write(b'f', &parts, &mut sources);
            }
        }
        Self {
            everything: digest(&[items, &everything]),
            sources: digest(&[items, &sources]),
        }
    }
}

/// The digest of pieces, one behind the other.
fn digest(pieces: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Hasher::new_derive_key(CONTEXT);
    for piece in pieces {
        hasher.update(piece);
    }
    *hasher.finalize().as_bytes()
}

fn write_item(krate: &str, path: &str, digest: &[u8; 32], out: &mut Vec<u8>) {
    write(b'i', &[krate.as_bytes(), path.as_bytes(), digest], out);
}

fn write(tag: u8, parts: &[&[u8]], out: &mut Vec<u8>) {
    out.push(tag);
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_le_bytes());
        out.extend_from_slice(part);
    }
}
