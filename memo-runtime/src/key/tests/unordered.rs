//! Hash maps and hash sets have no order, wherever they stand.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hasher};
use std::process::Command;

use indexmap::{IndexMap, IndexSet};
use serde::{Serialize, Serializer};

use super::digest;
use crate::key::Digest;
use crate::key::unordered::is_unordered;

/// Orders a table by the values themselves, or against them.
#[derive(Default, Clone)]
struct Straight<const BACKWARD: bool>(u64);

impl<const BACKWARD: bool> Hasher for Straight<BACKWARD> {
    fn finish(&self) -> u64 {
        if BACKWARD { !self.0 } else { self.0 }
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }
}

type Forward = BuildHasherDefault<Straight<false>>;
type Backward = BuildHasherDefault<Straight<true>>;

fn map<S: BuildHasher + Default>(keys: impl Iterator<Item = u32>) -> HashMap<u32, String, S> {
    keys.map(|key| (key, key.to_string())).collect()
}

fn orders<K: Copy, V, S>(map: &HashMap<K, V, S>) -> Vec<K> {
    map.keys().copied().collect()
}

/// The canary: if this fails on a new compiler or a new hashbrown, hash maps and sets
/// miss in every process, and the names in `unordered.rs` need to follow.
#[test]
fn the_type_names_of_hash_maps_and_sets_are_recognised() {
    assert!(is_unordered::<&HashMap<u8, String>>());
    assert!(is_unordered::<&HashSet<u8>>());
    assert!(is_unordered::<&HashMap<u8, u8, Forward>>());
    assert!(is_unordered::<&mut HashMap<u8, u8>>());
    assert!(is_unordered::<&&HashSet<&str>>());
    assert!(is_unordered::<HashMap<u8, u8>>());
    assert!(is_unordered::<&hashbrown::HashMap<u8, u8>>());
    assert!(is_unordered::<&hashbrown::HashSet<u8, RandomState>>());
}

#[test]
fn nothing_else_is_recognised() {
    mod hashbrown {
        pub(super) mod map {
            pub(in super::super) struct HashMap<K>(#[allow(dead_code)] K);
        }
    }
    assert!(!is_unordered::<&Vec<HashMap<u8, u8>>>());
    assert!(!is_unordered::<&[HashSet<u8>]>());
    assert!(!is_unordered::<&BTreeMap<u8, HashMap<u8, u8>>>());
    assert!(!is_unordered::<&IndexMap<u8, u8>>());
    assert!(!is_unordered::<&IndexSet<u8>>());
    assert!(!is_unordered::<Option<&HashSet<u8>>>());
    assert!(!is_unordered::<&hashbrown::map::HashMap<u8>>());
    assert!(!is_unordered::<std::collections::hash_map::Iter<u8, u8>>());
    assert!(!is_unordered::<std::collections::hash_map::Keys<u8, u8>>());
}

#[test]
fn insertion_order_capacity_and_hasher_do_not_count() {
    let expected = digest(&map::<RandomState>(0..100));
    let forward = map::<Forward>(0..100);
    let backward = map::<Backward>(0..100);
    assert_ne!(orders(&forward), orders(&backward));
    assert_eq!(digest(&forward), expected);
    assert_eq!(digest(&backward), expected);

    for round in 0..50 {
        let mut other: HashMap<u32, String> = HashMap::with_capacity(round * 40);
        for step in 0..100 {
            let key = (step * 37 + round as u32) % 100;
            other.insert(key, key.to_string());
        }
        assert_eq!(digest(&other), expected);
    }

    let hashbrown: hashbrown::HashMap<u32, String, Backward> = backward.into_iter().collect();
    assert_eq!(digest(&hashbrown), expected);
}

#[test]
fn every_entry_of_an_unordered_collection_counts() {
    let digests = [
        digest(&HashMap::from([(1, 2), (3, 4)])),
        digest(&HashMap::from([(1, 4), (3, 2)])),
        digest(&HashMap::from([(2, 1), (4, 3)])),
        digest(&HashMap::from([(1, 2)])),
        digest(&HashSet::from([(1, 2), (3, 4)])),
        digest(&HashSet::from([1, 2, 3, 4])),
        digest(&BTreeMap::from([(1, 2), (3, 4)])),
    ];
    let different: HashSet<Digest> = digests.into_iter().collect();
    assert_eq!(different.len(), digests.len());
}

/// A set whose `Eq` tells apart what serializes alike.
#[test]
fn entries_that_serialize_alike_count_as_often_as_they_occur() {
    #[derive(PartialEq, Eq, Hash, Serialize)]
    #[serde(untagged)]
    enum Side {
        Left(u8),
        Right(u8),
    }
    let one = HashSet::from([Side::Left(1)]);
    let two = HashSet::from([Side::Left(1), Side::Right(1)]);
    assert_ne!(digest(&one), digest(&two));
}

#[derive(Serialize)]
#[serde(transparent)]
struct Transparent<T>(T);

#[derive(Serialize)]
struct Newtype<T>(T);

#[derive(Serialize)]
struct Named<'a, T> {
    boxed: Box<T>,
    borrowed: &'a T,
    maybe: Option<&'a T>,
    #[serde(flatten)]
    list: BTreeMap<String, Vec<&'a T>>,
}

type Index<S> = HashMap<u32, Vec<HashSet<String, S>>, S>;

#[derive(Serialize)]
enum Choice<T> {
    Tuple(u8, T),
    Struct { value: T },
}

fn at_any_depth<S: BuildHasher + Default>() -> Vec<Digest> {
    let map: HashMap<u32, HashSet<u32, S>, S> =
        (0..20).map(|key| (key, (0..key).collect())).collect();
    let words: HashSet<String, S> = (0..50).map(|n| format!("word {n}")).collect();
    let nested: HashMap<String, Index<S>, S> = (0..10)
        .map(|n| {
            let sets = (0..3).map(|set| (0..n).map(|m| format!("{set} {m}")).collect());
            (n.to_string(), [(n, sets.collect())].into_iter().collect())
        })
        .collect();
    vec![
        digest(&map),
        digest(&words),
        digest(&nested),
        digest(&Box::new(&&map)),
        digest(&std::sync::Mutex::new(&map)),
        digest(&Transparent(Transparent(&map))),
        digest(&Newtype(Transparent(&map))),
        digest(&Some(&map)),
        digest(&vec![Some(&map), None]),
        digest(&(1, &map, [&words])),
        digest(&Choice::Tuple(1, &map)),
        digest(&Choice::Struct { value: &map }),
        digest(&Named {
            boxed: Box::new(&map),
            borrowed: &&map,
            maybe: Some(&&map),
            list: BTreeMap::from([("maps".to_owned(), vec![&&map, &&map])]),
        }),
    ]
}

#[test]
fn order_does_not_count_at_any_depth() {
    let expected = at_any_depth::<RandomState>();
    for _ in 0..20 {
        assert_eq!(at_any_depth::<RandomState>(), expected);
    }
    assert_eq!(
        at_any_depth::<BuildHasherDefault<DefaultHasher>>(),
        expected
    );
    assert_eq!(at_any_depth::<Forward>(), expected);
    assert_eq!(at_any_depth::<Backward>(), expected);
}

/// Runs itself in another process, which has other hash seeds.
#[test]
fn another_process_comes_to_the_same_digests() {
    const ASKED: &str = "MEMO_TEST_PRINT_DIGESTS";
    const MARK: &str = "digests: ";
    let digests = format!("{MARK}{:?}", at_any_depth::<RandomState>());
    if std::env::var_os(ASKED).is_some() {
        #[allow(
            clippy::print_stdout,
            reason = "this is how the parent process learns them"
        )]
        {
            println!("\n{digests}");
        }
        return;
    }

    let (_, module) = module_path!()
        .split_once("::")
        .expect("a module of the crate");
    let name = format!("{module}::another_process_comes_to_the_same_digests");
    let output = Command::new(std::env::current_exe().expect("this test has a path"))
        .args(["--exact", &name, "--nocapture"])
        .env(ASKED, "1")
        .output()
        .expect("this test runs again");
    let printed = String::from_utf8(output.stdout).expect("digests are text");
    let theirs = printed.lines().find(|line| line.starts_with(MARK));
    assert_eq!(theirs, Some(&*digests), "{printed}");
}

/// Keys and values as two lists that belong together by their order.
struct Columns<'a, S>(&'a HashMap<u32, String, S>);

impl<S> Serialize for Columns<'_, S> {
    fn serialize<Out: Serializer>(&self, serializer: Out) -> Result<Out::Ok, Out::Error> {
        struct Keys<'a, S>(&'a HashMap<u32, String, S>);
        impl<S> Serialize for Keys<'_, S> {
            fn serialize<Out: Serializer>(&self, serializer: Out) -> Result<Out::Ok, Out::Error> {
                serializer.collect_seq(self.0.keys())
            }
        }
        struct Values<'a, S>(&'a HashMap<u32, String, S>);
        impl<S> Serialize for Values<'_, S> {
            fn serialize<Out: Serializer>(&self, serializer: Out) -> Result<Out::Ok, Out::Error> {
                serializer.collect_seq(self.0.values())
            }
        }
        (Keys(self.0), Values(self.0)).serialize(serializer)
    }
}

#[test]
fn an_iterator_over_a_hash_map_keeps_its_order() {
    let straight: HashMap<u32, String, Forward> =
        [(1, "a".into()), (2, "b".into())].into_iter().collect();
    let crossed: HashMap<u32, String, Forward> =
        [(1, "b".into()), (2, "a".into())].into_iter().collect();
    assert_ne!(digest(&Columns(&straight)), digest(&Columns(&crossed)));
}
