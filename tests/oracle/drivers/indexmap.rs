//! Maps and sets that keep their order.

use std::hash::{BuildHasherDefault, Hasher};

use indexmap::{Equivalent, IndexMap, IndexSet, indexmap_with_default, map::Entry};
use memo_runtime::memo;

/// The same on every run, so that what is printed is too.
#[derive(Default)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

type Build = BuildHasherDefault<Fnv>;

#[memo]
fn counting() -> String {
    let mut counts: IndexMap<char, usize, Build> = IndexMap::default();
    for letter in "mississippi".chars() {
        *counts.entry(letter).or_insert(0) += 1;
    }
    format!("{counts:?} {:?}", counts.get_index_of(&'p'))
}

#[memo]
fn removing() -> String {
    let mut map: IndexMap<u32, &str, Build> = (0..8)
        .zip(["a", "b", "c", "d", "e", "f", "g", "h"])
        .collect();
    let swapped = map.swap_remove(&2);
    let shifted = map.shift_remove(&0);
    map.retain(|key, _| key % 3 != 0);
    if let Entry::Occupied(mut entry) = map.entry(7) {
        entry.insert("z");
    }
    format!("{swapped:?} {shifted:?} {map:?} {:?}", map.first())
}

#[memo]
fn sorting() -> String {
    let mut map: IndexMap<String, i32, Build> =
        IndexMap::with_capacity_and_hasher(4, Build::default());
    for (at, name) in ["delta", "alpha", "charlie", "bravo"].iter().enumerate() {
        map.insert(name.to_string(), at as i32);
    }
    map.sort_keys();
    let by_value = map
        .clone()
        .sorted_by(|_, a, _, b| b.cmp(a))
        .map(|(name, _)| name)
        .collect::<Vec<_>>();
    map.reverse();
    format!("{:?} {by_value:?}", map.keys().collect::<Vec<_>>())
}

#[memo]
fn sets() -> String {
    let one: IndexSet<i32, Build> = [3, 1, 4, 1, 5].into_iter().collect();
    let other: IndexSet<i32, Build> = [5, 9, 2, 3].into_iter().collect();
    let union = &one | &other;
    let common: Vec<_> = one.intersection(&other).collect();
    format!(
        "{union:?} {common:?} {} {:?}",
        one.is_subset(&union),
        &one - &other
    )
}

#[memo]
fn equivalent() -> String {
    #[derive(Hash)]
    struct Pair<'a>(&'a str, u8);
    impl Equivalent<(String, u8)> for Pair<'_> {
        fn equivalent(&self, key: &(String, u8)) -> bool {
            self.0 == key.0 && self.1 == key.1
        }
    }
    let map: IndexMap<(String, u8), f64, Build> = indexmap_with_default! {
        Fnv; ("x".to_owned(), 1) => 1.5, ("y".to_owned(), 2) => 2.5
    };
    format!(
        "{:?} {}",
        map.get(&Pair("y", 2)),
        map.contains_key(&Pair("y", 3))
    )
}

#[memo]
fn slices() -> String {
    let map: IndexMap<u8, u8, Build> = (0..6).map(|n| (n, n * n)).collect();
    let slice = &map[1..4];
    format!(
        "{:?} {:?} {}",
        slice,
        map.binary_search_by(|_, v| v.cmp(&9)),
        map[&2]
    )
}
