//! What differs between two lists: what `cargo memo why` tells of code that changed.
//!
//! Items are matched by crate and path, dependencies by name, facts by kind and name; several of
//! one name by what they are, and the rest in order. What must hold: what is equal is never told
//! as a change, wherever it stands in a file; and every part of either list is counted once.

use std::collections::BTreeMap;

use crate::list::{CodeList, Dependency, Fact, Item};

/// What differs between two lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference<'a> {
    /// Items that changed, then new ones, those that are gone, and those that moved, each by crate
    /// and path.
    pub items: Vec<Change<'a, Item>>,
    /// How many items are the same.
    pub same_items: usize,
    /// Dependencies that differ, by name.
    pub dependencies: Vec<Change<'a, Dependency>>,
    /// Facts that differ, by kind and name.
    pub facts: Vec<Change<'a, Fact>>,
}

/// How a part of one list differs from its counterpart in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'a, T> {
    /// It is there in both, and differs.
    Changed {
        /// What it was.
        before: &'a T,
        /// What it is.
        after: &'a T,
    },
    /// It is there in the later list alone.
    New(&'a T),
    /// It is there in the earlier list alone.
    Gone(&'a T),
    /// An item that is the same but for its path.
    Moved {
        /// What it was.
        before: &'a T,
        /// What it is.
        after: &'a T,
    },
}

impl<'a, T> Change<'a, T> {
    /// What it was, if it was there.
    pub fn before(&self) -> Option<&'a T> {
        match self {
            Self::Changed { before, .. } | Self::Moved { before, .. } | Self::Gone(before) => {
                Some(before)
            }
            Self::New(_) => None,
        }
    }

    /// What it is, if it is there.
    pub fn after(&self) -> Option<&'a T> {
        match self {
            Self::Changed { after, .. } | Self::Moved { after, .. } | Self::New(after) => {
                Some(after)
            }
            Self::Gone(_) => None,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Changed { .. } => 0,
            Self::New(_) => 1,
            Self::Gone(_) => 2,
            Self::Moved { .. } => 3,
        }
    }
}

impl<'a> Difference<'a> {
    /// What differs in `after` from what was in `before`.
    pub fn between(before: &'a CodeList, after: &'a CodeList) -> Self {
        let items = Matched::of(
            &before.items,
            &after.items,
            |item| (&item.krate, &item.path),
            |item| item.digest,
            |item| (&item.file, item.line),
        );
        let dependencies = Matched::of(
            &before.dependencies,
            &after.dependencies,
            |dependency| &dependency.name,
            |dependency| dependency,
            |dependency| dependency,
        );
        let facts = Matched::of(
            &before.facts,
            &after.facts,
            |fact| (fact.kind, &fact.name),
            |fact| &fact.value,
            |fact| &fact.value,
        );
        Self {
            items: with_moves(items.changes),
            same_items: items.same,
            dependencies: dependencies.changes,
            facts: facts.changes,
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.dependencies.is_empty() && self.facts.is_empty()
    }
}

/// Two lists with what belongs together side by side.
struct Matched<'a, T> {
    changes: Vec<Change<'a, T>>,
    same: usize,
}

impl<'a, T> Matched<'a, T> {
    /// Matches what has the same `name`. What has the same `value` too is the same; the rest is
    /// paired in the order of its `place`.
    fn of<N: Ord, V: Ord, P: Ord>(
        before: &'a [T],
        after: &'a [T],
        name: impl Fn(&'a T) -> N,
        value: impl Fn(&'a T) -> V,
        place: impl Fn(&'a T) -> P,
    ) -> Self {
        let mut named: BTreeMap<N, [Vec<&'a T>; 2]> = BTreeMap::new();
        for (side, list) in [before, after].into_iter().enumerate() {
            for one in list {
                named.entry(name(one)).or_default()[side].push(one);
            }
        }
        let mut matched = Self {
            changes: Vec::new(),
            same: 0,
        };
        for sides in named.into_values() {
            let [mut before, mut after] = sides;
            matched.same += drop_common(&mut before, &mut after, &value);
            before.sort_by_key(|one| place(one));
            after.sort_by_key(|one| place(one));
            matched.pair(&before, &after);
        }
        matched
    }

    fn pair(&mut self, before: &[&'a T], after: &[&'a T]) {
        let both = before.len().min(after.len());
        for (&before, &after) in before.iter().zip(after) {
            self.changes.push(Change::Changed { before, after });
        }
        self.changes
            .extend(after[both..].iter().copied().map(Change::New));
        self.changes
            .extend(before[both..].iter().copied().map(Change::Gone));
    }
}

/// Takes out of both sides what is there in both; how many pairs that were.
fn drop_common<'a, T, V: Ord>(
    before: &mut Vec<&'a T>,
    after: &mut Vec<&'a T>,
    value: impl Fn(&'a T) -> V,
) -> usize {
    let mut counts: BTreeMap<V, [usize; 2]> = BTreeMap::new();
    for (side, list) in [&*before, &*after].into_iter().enumerate() {
        for one in list {
            counts.entry(value(one)).or_default()[side] += 1;
        }
    }
    let common = counts
        .values()
        .map(|[before, after]| before.min(after))
        .sum();
    for list in [before, after] {
        let mut left: BTreeMap<&V, usize> = counts
            .iter()
            .map(|(value, sides)| (value, sides[0].min(sides[1])))
            .collect();
        list.retain(|one| match left.get_mut(&value(one)) {
            Some(left @ 1..) => {
                *left -= 1;
                false
            }
            _ => true,
        });
    }
    common
}

/// Tells what is gone in one place and new in another as moved.
fn with_moves(changes: Vec<Change<'_, Item>>) -> Vec<Change<'_, Item>> {
    let mut gone: BTreeMap<[u8; 32], Vec<&Item>> = BTreeMap::new();
    for change in &changes {
        if let Change::Gone(item) = change {
            gone.entry(item.digest).or_default().push(item);
        }
    }
    let mut told = Vec::with_capacity(changes.len());
    for change in changes {
        match change {
            Change::New(after) => {
                let candidates = gone.entry(after.digest).or_default();
                told.push(match nearest(after, candidates) {
                    Some(at) => Change::Moved {
                        before: candidates.remove(at),
                        after,
                    },
                    None => change,
                });
            }
            Change::Gone(_) => {}
            Change::Changed { .. } | Change::Moved { .. } => told.push(change),
        }
    }
    told.extend(gone.into_values().flatten().map(Change::Gone));
    told.sort_by(|one, other| order(one).cmp(&order(other)));
    told
}

/// Which of the candidates shares most of the path's end with `item`, and its crate.
fn nearest(item: &Item, candidates: &[&Item]) -> Option<usize> {
    let shared = |candidate: &Item| {
        let ends = item.path.rsplit("::").zip(candidate.path.rsplit("::"));
        let ends = ends.take_while(|(one, other)| one == other).count();
        (ends, item.krate == candidate.krate)
    };
    // Of equals the first one, in the order of their paths.
    (0..candidates.len())
        .rev()
        .max_by_key(|&at| shared(candidates[at]))
}

fn order<'a>(change: &Change<'a, Item>) -> (u8, Option<(&'a str, &'a str)>) {
    let item = change.after().or(change.before());
    (change.rank(), item.map(|item| (&*item.krate, &*item.path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::FactKind;

    /// `path text line`
    fn item(written: &str) -> Item {
        let [path, text, line]: [&str; 3] = written
            .split(' ')
            .collect::<Vec<_>>()
            .try_into()
            .expect(written);
        let mut digest = [0; 32];
        digest[..text.len()].copy_from_slice(text.as_bytes());
        Item {
            krate: "lab".into(),
            path: path.into(),
            file: "src/lib.rs".into(),
            line: line.parse().expect(written),
            digest,
            text: Some(text.into()),
        }
    }

    fn items(written: &[&str]) -> CodeList {
        CodeList {
            items: written.iter().map(|written| item(written)).collect(),
            ..CodeList::default()
        }
    }

    fn words(change: &Change<'_, Item>) -> String {
        let said = |item: &Item| format!("{}@{}", item.path, item.line);
        match change {
            Change::Changed { before, after } => {
                format!("changed {} {}", said(before), said(after))
            }
            Change::New(after) => format!("new {}", said(after)),
            Change::Gone(before) => format!("gone {}", said(before)),
            Change::Moved { before, after } => format!("moved {} {}", said(before), said(after)),
        }
    }

    #[track_caller]
    fn check(before: &[&str], after: &[&str], told: &[&str], same: usize) {
        let (before, after) = (items(before), items(after));
        let difference = Difference::between(&before, &after);
        let words: Vec<String> = difference.items.iter().map(words).collect();
        assert_eq!(words, told);
        assert_eq!(difference.same_items, same);
        assert_eq!(difference.is_empty(), told.is_empty());
    }

    #[test]
    fn a_line_that_moved_is_no_change() {
        check(&["f a 1", "g b 5"], &["f a 41", "g b 2"], &[], 2);
    }

    #[test]
    fn items_of_one_path_are_changed_new_or_gone() {
        check(
            &["f a 1", "g b 2", "h c 3"],
            &["f x 1", "g b 2", "i d 3"],
            &["changed f@1 f@1", "new i@3", "gone h@3"],
            1,
        );
    }

    #[test]
    fn several_of_one_path_are_told_apart_by_what_they_are() {
        check(
            &["f a 1", "f b 2", "f c 3"],
            &["f c 1", "f x 2", "f a 3"],
            &["changed f@2 f@2"],
            2,
        );
        check(&["f a 1", "f a 2"], &["f a 9"], &["gone f@2"], 1);
        check(
            &["f a 8", "f b 2"],
            &["f x 3", "f y 4", "f z 5"],
            &["changed f@2 f@3", "changed f@8 f@4", "new f@5"],
            0,
        );
    }

    #[test]
    fn an_item_that_is_the_same_elsewhere_has_moved() {
        check(
            &["old::f a 1", "old::g a 2", "h b 3"],
            &["new::g a 1", "new::f a 2", "i c 3"],
            &[
                "new i@3",
                "gone h@3",
                "moved old::f@1 new::f@2",
                "moved old::g@2 new::g@1",
            ],
            0,
        );
        check(
            &["f a 1"],
            &["g a 1", "h a 1"],
            &["new h@1", "moved f@1 g@1"],
            0,
        );
    }

    #[test]
    fn a_change_knows_both_sides() {
        let (before, after) = (items(&["f a 1", "g b 1"]), items(&["f x 1", "h c 1"]));
        let difference = Difference::between(&before, &after);
        let sides = difference.items.iter().map(|change| {
            let line = |item: Option<&Item>| item.map(|item| item.path.clone());
            (line(change.before()), line(change.after()))
        });
        let some = |path: &str| Some(path.into());
        assert_eq!(
            sides.collect::<Vec<_>>(),
            [(some("f"), some("f")), (None, some("h")), (some("g"), None)]
        );
    }

    fn dependency(name: &str, version: &str, features: &[&str]) -> Dependency {
        Dependency {
            name: name.to_owned(),
            version: version.to_owned(),
            detail: String::from("registry"),
            features: features
                .iter()
                .map(|feature| String::from(*feature))
                .collect(),
        }
    }

    #[test]
    fn dependencies_are_matched_by_name_and_then_by_version() {
        let list = |dependencies: &[Dependency]| CodeList {
            dependencies: dependencies.to_vec(),
            ..CodeList::default()
        };
        let old = [
            dependency("ndarray", "0.16.0", &[]),
            dependency("rand", "0.8.0", &[]),
            dependency("rand", "0.9.0", &[]),
            dependency("serde", "1.0.0", &["derive"]),
        ];
        let new = [
            dependency("log", "0.4.0", &[]),
            dependency("ndarray", "0.17.1", &[]),
            dependency("rand", "0.9.0", &[]),
            dependency("serde", "1.0.0", &["derive", "std"]),
        ];
        let (before, after) = (list(&old), list(&new));
        let difference = Difference::between(&before, &after);
        let changed = |before, after| Change::Changed { before, after };
        assert_eq!(
            difference.dependencies,
            [
                Change::New(&new[0]),
                changed(&old[0], &new[1]),
                Change::Gone(&old[1]),
                changed(&old[3], &new[3]),
            ]
        );
        assert!(!difference.is_empty());
    }

    #[test]
    fn facts_are_matched_by_kind_and_name() {
        let fact = |kind, name: &str, value: &str| Fact {
            kind,
            name: name.to_owned(),
            value: value.to_owned(),
        };
        let old = [
            fact(FactKind::Edition, "lab", "2021"),
            fact(FactKind::Feature, "fast", "off"),
        ];
        let new = [
            fact(FactKind::Edition, "lab", "2024"),
            fact(FactKind::File, "fast", "off"),
        ];
        let list = |facts: &[Fact]| CodeList {
            facts: facts.to_vec(),
            ..CodeList::default()
        };
        let (before, after) = (list(&old), list(&new));
        let difference = Difference::between(&before, &after);
        assert_eq!(
            difference.facts,
            [
                Change::Changed {
                    before: &old[0],
                    after: &new[0]
                },
                Change::Gone(&old[1]),
                Change::New(&new[1]),
            ]
        );
    }
}
