//! Names of all files as numbers, and maps by numbers.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// The number of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Name(pub(crate) u32);

/// A map whose keys are numbers that we gave.
pub(crate) type NumberMap<K, V> = HashMap<K, V, BuildHasherDefault<NumberHasher>>;

/// A set of numbers that we gave.
pub(crate) type NumberSet<K> = HashSet<K, BuildHasherDefault<NumberHasher>>;

/// Spreads numbers: nobody from outside chooses them, and unoptimized builds, which build scripts
/// and macros are, take long for the standard hasher.
#[derive(Debug, Default)]
pub(crate) struct NumberHasher(u64);

impl NumberHasher {
    fn add(&mut self, number: u64) {
        const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(MULTIPLIER);
    }
}

impl Hasher for NumberHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.add(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.add(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.add(u64::from(number));
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

/// Numbers names.
#[derive(Debug, Default)]
pub(crate) struct Names {
    list: Vec<String>,
    index: HashMap<String, Name>,
}

impl Names {
    pub(crate) fn intern(&mut self, name: &str) -> Name {
        if let Some(known) = self.index.get(name) {
            return *known;
        }
        let next = Name(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(name.to_owned());
        self.index.insert(name.to_owned(), next);
        next
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The number of a name, if any file has it.
    pub(crate) fn find(&self, name: &str) -> Option<Name> {
        self.index.get(name).copied()
    }

    pub(crate) fn text(&self, name: Name) -> &str {
        self.list.get(name.0 as usize).map_or("", String::as_str)
    }
}

/// Lists by names.
#[derive(Debug)]
pub(crate) struct ByName<T>(Vec<Vec<T>>);

impl<T> Default for ByName<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ByName<T> {
    pub(crate) fn push(&mut self, name: Name, value: T) {
        let number = name.0 as usize;
        if number >= self.0.len() {
            self.0.resize_with(2 * number + 1, Vec::new);
        }
        self.0[number].push(value);
    }

    pub(crate) fn get(&self, name: Name) -> &[T] {
        match self.0.get(name.0 as usize) {
            Some(list) => list,
            None => &[],
        }
    }
}
