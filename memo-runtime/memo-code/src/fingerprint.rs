//! From what has been reached to a digest and a list.
//!
//! The digest is over the parts, each sorted, each as a tag, then its texts with their lengths as
//! little-endian `u64`s. What must hold: it depends on no path of a file, no line, no order of
//! items and nothing of this machine.

use blake3::Hasher;

use crate::analysis::Analysis;
use crate::facts::is_of_sources;
use crate::file::{Kind, Node};
use crate::list::{CodeList, Dependency, Fact, Item};
use crate::reach::Reach;

const CONTEXT: &str = "memo-code 1 fingerprint";

/// A list keeps so many bytes of text, of what was reached first.
const TEXT_LIMIT: usize = 32 << 10;

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
        self.digest = everything(&self.list);
    }

    /// Adds an item that is written in no file.
    pub(crate) fn add_item(&mut self, krate: &str, node: &Node) {
        self.list.items.push(Item {
            krate: krate.to_owned(),
            path: node.label.clone(),
            file: String::new(),
            line: node.line,
            digest: node.digest,
            text: Some(node.text.clone()),
        });
        self.list.items.sort_by(Item::order);
        self.list.sources = sources(&self.list);
        self.digest = everything(&self.list);
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
        let mut list = CodeList {
            function,
            krate: self.graph.loaded.krates[self.krate].name.clone(),
            sources: [0; 32],
            items: self.items(reach),
            dependencies: self.dependencies(reach),
            facts,
        };
        list.sources = sources(&list);
        let digest = everything(&list);
        for item in &mut list.items {
            item.digest[DIGEST_IN_LIST..].fill(0);
        }
        Fingerprint {
            digest,
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

    fn items(&self, reach: &Reach<'_>) -> Vec<Item> {
        let mut left = TEXT_LIMIT;
        let mut items: Vec<(usize, Item)> = Vec::with_capacity(reach.order.len());
        for number in &reach.order {
            let node = self.graph.node(*number);
            let placed = self.graph.placed(*number);
            let file = &self.graph.loaded.files[placed.file];
            if file.generated || says_nothing(node) {
                continue;
            }
            let fits = node.text.len() <= left && !node.text.is_empty();
            if fits {
                left -= node.text.len();
            }
            let krate = self.graph.krate_of(*number);
            let item = Item {
                krate: self.graph.loaded.krates[krate].name.clone(),
                path: self.path(*number),
                file: file.path.clone(),
                line: node.line,
                digest: node.digest,
                text: fits.then(|| node.text.clone()),
            };
            items.push((*number, item));
        }
        items.sort_by(|(_, one), (_, other)| one.order(other));
        let is_one_place = |(_, one): &(usize, Item), (_, other): &(usize, Item)| {
            one.krate == other.krate && one.path == other.path
        };
        let several = items
            .chunk_by_mut(is_one_place)
            .filter(|namesakes| namesakes.len() > 1);
        for namesakes in several {
            let digests: Vec<[u8; 32]> = namesakes
                .iter()
                .map(|(number, _)| self.digest_in_place(*number))
                .collect();
            if digests.iter().any(|digest| *digest != digests[0]) {
                for ((_, item), digest) in namesakes.iter_mut().zip(digests) {
                    item.digest = digest;
                }
            }
        }
        let mut items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
        items.sort_by(Item::order);
        // Splitting an impl in two, or writing an import twice, says nothing new.
        items.dedup_by(|one, other| {
            one.krate == other.krate && one.path == other.path && one.digest == other.digest
        });
        items
    }

    /// The digest of a node with everything around it that tells it from another of the same path:
    /// the crate, the conditions on modules, and the impl or trait.
    fn digest_in_place(&self, number: usize) -> [u8; 32] {
        let mut hasher = Hasher::new_derive_key(CONTEXT);
        let krate = &self.graph.loaded.krates[self.graph.krate_of(number)];
        let package = &self.model.packages[krate.package];
        let kind = format!("{:?}", krate.kind);
        let parts = [
            kind.as_bytes(),
            package.name.as_bytes(),
            package.version.as_bytes(),
        ];
        feed(&mut hasher, b'k', &parts);
        let placed = self.graph.placed(number);
        let mut module = Some(placed.module);
        while let Some(at) = module {
            let place = &self.graph.loaded.modules[at];
            if let Some(node) = place.node {
                feed(&mut hasher, b'm', &[&self.graph.node(node).digest]);
            }
            module = place.parent;
        }
        for node in placed.parent.iter().chain([&number]) {
            feed(&mut hasher, b'n', &[&self.graph.node(*node).digest]);
        }
        *hasher.finalize().as_bytes()
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

/// The digest of all that counts.
fn everything(list: &CodeList) -> [u8; 32] {
    digest(list, |_| true, true)
}

/// The digest of what sources and manifests tell.
fn sources(list: &CodeList) -> [u8; 32] {
    digest(list, is_of_sources, false)
}

fn digest(list: &CodeList, fact_counts: impl Fn(&Fact) -> bool, features: bool) -> [u8; 32] {
    let mut hasher = Hasher::new_derive_key(CONTEXT);
    for item in &list.items {
        let parts = [item.krate.as_bytes(), item.path.as_bytes(), &item.digest];
        feed(&mut hasher, b'i', &parts);
    }
    for dependency in &list.dependencies {
        let parts = [&dependency.name, &dependency.version, &dependency.detail];
        feed(&mut hasher, b'd', &parts.map(|part| part.as_bytes()));
        if features {
            for feature in &dependency.features {
                feed(&mut hasher, b'o', &[feature.as_bytes()]);
            }
        }
    }
    for fact in list.facts.iter().filter(|fact| fact_counts(fact)) {
        let kind = format!("{:?}", fact.kind);
        let parts = [kind.as_bytes(), fact.name.as_bytes(), fact.value.as_bytes()];
        feed(&mut hasher, b'f', &parts);
    }
    *hasher.finalize().as_bytes()
}

fn feed(hasher: &mut Hasher, tag: u8, parts: &[&[u8]]) {
    hasher.update(&[tag]);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}
