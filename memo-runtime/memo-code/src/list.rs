//! What a fingerprint is made of, item by item: what `cargo memo why` compares.
//!
//! The list is compiled into the program beside the fingerprint, as bytes ([`CodeList::to_bytes`]),
//! and kept in the store the first time that the fingerprint is used. What must hold: two lists
//! with equal digests in every part belong to equal fingerprints.

mod bytes;

use std::sync::Arc;

/// The code that a result depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeList {
    /// The path of the function in its crate, such as `model::Layer::forward`.
    pub function: String,
    /// The crate that the function is in.
    pub krate: String,
    /// The digest of everything that sources and manifests tell: what is compiled on this machine
    /// without environment, generated files and conditions. `cargo memo` compares it with the
    /// sources as they are.
    pub sources: [u8; 32],
    /// The items, sorted by crate, path and digest.
    pub items: Vec<Item>,
    /// Packages from a registry or from git that the function can reach, with those beneath them,
    /// sorted by name and version.
    pub dependencies: Vec<Dependency>,
    /// Whatever else counts, sorted.
    pub facts: Vec<Fact>,
}

/// One item that the function can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The crate that it is in.
    pub krate: Arc<str>,
    /// Its path in the crate, such as `ops::relu`, or `ops::impl Layer for Relu`.
    pub path: Arc<str>,
    /// The file, relative to the directory of the package at hand.
    pub file: Arc<str>,
    /// The line that it begins in, from 1.
    pub line: u32,
    /// The beginning of the digest of its tokens, with zeros behind.
    pub digest: [u8; 32],
    /// Its source without comments, if it is not too long to keep.
    pub text: Option<Arc<str>>,
}

/// A package from a registry or from git.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it is from, and its checksum.
    pub detail: String,
    /// The features that are in force, sorted.
    pub features: Vec<String>,
}

/// Something that counts and is no item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    /// What it is.
    pub kind: FactKind,
    /// Its name: of the variable, of the package, of the file.
    pub name: String,
    /// Its value, or the digest of it.
    pub value: String,
}

/// What counts beside items and dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactKind {
    /// The edition of a crate.
    Edition,
    /// A feature of a package that reached code asks for: on or off.
    Feature,
    /// A condition of compilation that reached code asks for: on or off.
    Condition,
    /// A variable of the environment that is compiled in.
    Environment,
    /// A file that is included, or counts whole.
    File,
    /// A package that counts whole, and why.
    Whole,
    /// Which package a name means, where it could be another.
    Name,
    /// The `version` setting of another memoized function.
    Version,
}
