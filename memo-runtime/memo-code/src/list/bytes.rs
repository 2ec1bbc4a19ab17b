//! A list as bytes.
//!
//! ```text
//! list  = version items rest
//! items = length, then of each item: crate, shared, path, file, line, digest
//! rest  = everything else, deflated
//! ```
//!
//! A crate or a file is its number in the order in which they come; of a path, only what differs
//! from the one before is there, behind the length of what does not. Items take most of the room,
//! and digests most of that: to have them compressed as well would make a list a fifth smaller, and
//! take an unoptimized macro ten times as long. What must hold: no bytes that are read make a list
//! that takes much more memory than theirs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CodeList, Dependency, Fact, FactKind, Item};
use crate::wire::{Reader, Wire, decode, encode, fields, variants, write_bytes};

/// Begins a list: another version reads something else out of it.
const VERSION: &[u8] = concat!("memo-code ", env!("CARGO_PKG_VERSION"), " list 2\n").as_bytes();

/// The fastest: it is done in unoptimized builds.
const LEVEL: u8 = 1;

/// All the paths, and all the rest, take no more.
const LIMIT: usize = 64 << 20;

/// What is in a list beside its items, and the texts of these.
struct Rest {
    function: String,
    krate: String,
    sources: [u8; 32],
    dependencies: Vec<Dependency>,
    facts: Vec<Fact>,
    krates: Vec<Arc<str>>,
    files: Vec<Arc<str>>,
    /// Each with the number of its item.
    texts: Vec<(usize, Arc<str>)>,
}

fields!(Rest {
    function,
    krate,
    sources,
    dependencies,
    facts,
    krates,
    files,
    texts
});
fields!(Dependency {
    name,
    version,
    detail,
    features
});
fields!(Fact { kind, name, value });
variants!(FactKind {
    Edition,
    Feature,
    Condition,
    Environment,
    File,
    Whole,
    Name,
    Version
});

impl CodeList {
    /// The list as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let (mut krates, mut files) = (Numbered::default(), Numbered::default());
        let mut texts = Vec::new();
        let mut items = Vec::new();
        let mut before: &[u8] = &[];
        self.items.len().write(&mut items);
        for (number, item) in self.items.iter().enumerate() {
            let path = item.path.as_bytes();
            let shared = shared(before, path);
            krates.number(&item.krate).write(&mut items);
            shared.write(&mut items);
            write_bytes(&path[shared..], &mut items);
            files.number(&item.file).write(&mut items);
            item.line.write(&mut items);
            write_bytes(beginning(&item.digest), &mut items);
            if let Some(text) = &item.text {
                texts.push((number, Arc::clone(text)));
            }
            before = path;
        }
        let rest = encode(&Rest {
            function: self.function.clone(),
            krate: self.krate.clone(),
            sources: self.sources,
            dependencies: self.dependencies.clone(),
            facts: self.facts.clone(),
            krates: krates.list,
            files: files.list,
            texts,
        });
        let mut bytes = VERSION.to_vec();
        write_bytes(&items, &mut bytes);
        bytes.extend(miniz_oxide::deflate::compress_to_vec(&rest, LEVEL));
        bytes
    }

    /// Reads a list; `None` if another version of this crate wrote it, or it is damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::of(bytes.strip_prefix(VERSION)?);
        let mut items = Reader::of(reader.bytes()?);
        let rest = miniz_oxide::inflate::decompress_to_vec_with_limit(reader.rest(), LIMIT).ok()?;
        let rest: Rest = decode(&rest)?;
        let mut list = Self {
            function: rest.function,
            krate: rest.krate,
            sources: rest.sources,
            items: Vec::new(),
            dependencies: rest.dependencies,
            facts: rest.facts,
        };
        let mut path = Vec::new();
        let mut left = LIMIT;
        for _ in 0..items.length()? {
            let krate = rest.krates.get(usize::read(&mut items)?)?;
            let shared = usize::read(&mut items)?;
            let own = items.bytes()?;
            if shared > path.len() {
                return None;
            }
            path.truncate(shared);
            path.extend_from_slice(own);
            left = left.checked_sub(path.len())?;
            list.items.push(Item {
                krate: Arc::clone(krate),
                path: Arc::from(std::str::from_utf8(&path).ok()?),
                file: Arc::clone(rest.files.get(usize::read(&mut items)?)?),
                line: u32::read(&mut items)?,
                digest: whole(items.bytes()?)?,
                text: None,
            });
        }
        for (number, text) in rest.texts {
            list.items.get_mut(number)?.text = Some(text);
        }
        items.rest().is_empty().then_some(list)
    }
}

/// Texts with their numbers, in the order in which they come.
#[derive(Default)]
struct Numbered {
    list: Vec<Arc<str>>,
    numbers: BTreeMap<Arc<str>, usize>,
    /// The last one, which often comes again.
    last: Option<(Arc<str>, usize)>,
}

impl Numbered {
    fn number(&mut self, text: &Arc<str>) -> usize {
        if let Some((last, number)) = &self.last
            && Arc::ptr_eq(last, text)
        {
            return *number;
        }
        let next = self.list.len();
        let number = *self.numbers.entry(Arc::clone(text)).or_insert(next);
        if number == next {
            self.list.push(Arc::clone(text));
        }
        self.last = Some((Arc::clone(text), number));
        number
    }
}

/// How many bytes two paths have in common at their beginning.
fn shared(one: &[u8], other: &[u8]) -> usize {
    let most = one.len().min(other.len());
    let mut length = 0;
    while length < most && one[length] == other[length] {
        length += 1;
    }
    length
}

/// A digest without the zeros behind it.
fn beginning(digest: &[u8; 32]) -> &[u8] {
    let mut length = if digest[16..] == [0; 16] { 16 } else { 32 };
    while length > 0 && digest[length - 1] == 0 {
        length -= 1;
    }
    &digest[..length]
}

/// A digest of which this is the beginning.
fn whole(beginning: &[u8]) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    digest
        .get_mut(..beginning.len())?
        .copy_from_slice(beginning);
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(path: &str, file: &str, digest: &[u8], text: Option<&str>) -> Item {
        Item {
            krate: "lab".into(),
            path: path.into(),
            file: file.into(),
            line: 300,
            digest: whole(digest).unwrap(),
            text: text.map(Arc::from),
        }
    }

    fn list() -> CodeList {
        CodeList {
            function: "train".to_owned(),
            krate: "lab".to_owned(),
            sources: [3; 32],
            items: vec![
                item(
                    "model::Layer",
                    "src/model.rs",
                    &[1, 0, 2],
                    Some("struct Layer;"),
                ),
                item("model::Läyer", "src/model.rs", &[4; 32], None),
                item("model::Låyer", "src/other.rs", &[], Some("")),
                item("train", "src/model.rs", &[5; 12], None),
            ],
            dependencies: vec![Dependency {
                name: "rand".to_owned(),
                version: "0.9.0".to_owned(),
                detail: "registry".to_owned(),
                features: vec!["std".to_owned()],
            }],
            facts: vec![Fact {
                kind: FactKind::Version,
                name: "other".to_owned(),
                value: "2".to_owned(),
            }],
        }
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        for list in [list(), CodeList::default()] {
            assert_eq!(CodeList::from_bytes(&list.to_bytes()), Some(list));
        }
    }

    #[test]
    fn a_damaged_list_is_none_or_another_and_never_large() {
        let bytes = list().to_bytes();
        for end in 0..bytes.len() {
            assert_eq!(CodeList::from_bytes(&bytes[..end]), None, "{end}");
        }
        for at in 0..bytes.len() {
            for change in [1, 2, 0x7f, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= change;
                let found = CodeList::from_bytes(&damaged);
                assert!(found.is_none_or(|list| list.items.len() <= bytes.len()));
            }
        }
    }

    #[test]
    fn paths_that_repeat_each_other_without_end_are_not_read() {
        let long = "a".repeat(1 << 20);
        let repeating = CodeList {
            items: vec![item(&long, "src/lib.rs", &[1], None); 100],
            ..CodeList::default()
        };
        assert_eq!(CodeList::from_bytes(&repeating.to_bytes()), None);
    }
}
