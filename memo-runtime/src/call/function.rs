//! What is known of a memoized function before it is called.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use log::Level;

use super::instance::{Instance, is_generic, parent, readable};
use super::memo::Memo;
use crate::codec::Codec;
use crate::codec::compress::Compression;
use crate::codec::shape::Shape;
use crate::events;
use crate::header::CodeLevel;
use crate::key::{Digest, KeyBuilder};
use crate::store::FunctionName;
use crate::store::layout;

/// What the macro knows of a function.
#[derive(Debug)]
pub struct Function {
    /// The package that it is in.
    pub package: &'static str,
    /// The version of the package.
    pub package_version: &'static str,
    /// The binary that it is in, if it is not in a library.
    pub binary: Option<&'static str>,
    /// Where the package's sources were when it was compiled. Says where the
    /// store is; never part of a key.
    pub manifest_dir: &'static str,
    /// A name given instead of the path.
    pub name: Option<&'static str>,
    /// Tells apart inner functions of one name in one function.
    pub ordinal: u32,
    /// The `version` setting.
    pub version: u64,
    /// The code that is part of the key.
    pub code: Code,
    /// For how many seconds results are valid.
    pub ttl: Option<u64>,
    /// The codec to use, and no other.
    pub codec: Option<Codec>,
    /// How results are compressed; `None`: as the store has it.
    pub compress: Option<Compression>,
    /// Whether results are held in memory as well.
    pub memory: bool,
    /// The workspace that the package was in when it was compiled, if its
    /// build script told.
    pub workspace: Option<Workspace>,
}

/// The code of a function, as far as it is part of keys.
#[derive(Clone, Copy, Debug)]
pub enum Code {
    /// It is not.
    None,
    /// The function's own tokens, by their digest in 64 hex digits.
    Function(&'static str),
    /// Everything that the function can reach.
    Graph(Reached),
    /// The whole package and its dependencies.
    Crate(Reached),
}

/// Code that was found when the function was compiled.
#[derive(Clone, Copy, Debug)]
pub struct Reached {
    /// The digest of all of it, but for the conditions, in 64 hex digits.
    pub fingerprint: &'static str,
    /// Conditions of compilation that decide what the code is, and their
    /// truth.
    pub conditions: &'static [(&'static str, bool)],
    /// The list of what it is made of, to be kept for tools.
    pub list: &'static [u8],
    /// Of a function that leaves types open, the paths of those whose code is
    /// covered, and crates of which all is, with `::` behind.
    pub types: Option<&'static [&'static str]>,
}

/// A workspace, as it was when a package in it was compiled.
#[derive(Clone, Copy, Debug)]
pub struct Workspace {
    /// Its root, relative to the directory of the package.
    pub root: &'static str,
    /// The settings in `[workspace.metadata.memo]`.
    pub settings: &'static [(&'static str, &'static str)],
}

impl Code {
    pub(super) fn level(&self) -> CodeLevel {
        match self {
            Self::None => CodeLevel::None,
            Self::Function(_) => CodeLevel::Function,
            Self::Graph(_) => CodeLevel::Graph,
            Self::Crate(_) => CodeLevel::Crate,
        }
    }

    /// What is known of code beyond the function's own.
    pub(super) fn reached(&self) -> Option<&Reached> {
        match self {
            Self::Graph(reached) | Self::Crate(reached) => Some(reached),
            Self::None | Self::Function(_) => None,
        }
    }

    fn fingerprint(&self) -> Option<Digest> {
        match self {
            Self::None => None,
            Self::Function(digest) => digest.parse().ok(),
            Self::Graph(reached) | Self::Crate(reached) => Some(reached.effective()),
        }
    }
}

impl Reached {
    /// The fingerprint with the conditions.
    fn effective(&self) -> Digest {
        effective(self.fingerprint, self.conditions.iter().copied())
    }
}

/// A fingerprint, in 64 hex digits, with the conditions.
pub(super) fn effective<'a>(
    fingerprint: &str,
    conditions: impl Iterator<Item = (&'a str, bool)>,
) -> Digest {
    let mut digest = KeyBuilder::new();
    digest.field("fingerprint", fingerprint.as_bytes());
    for (condition, truth) in conditions {
        digest.number(condition, u64::from(truth));
    }
    digest.finish()
}

/// The place in a program where a function is memoized: what is known of the
/// function, and what is found out on its first call.
#[derive(Debug)]
pub struct Site {
    pub(super) function: Function,
    known: OnceLock<Known>,
    instances: RwLock<BTreeMap<&'static str, Arc<Instance>>>,
    shape: OnceLock<Shape>,
    called: OnceLock<Digest>,
    /// The name of a closure that told that there are no type arguments.
    plain: OnceLock<&'static str>,
}

/// What all calls of a function share.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) memo: Option<Memo>,
    pub(super) identity: Arc<Identity>,
    fingerprint: Option<Digest>,
}

impl Site {
    /// A site, to be put into a `static`.
    pub const fn new(function: Function) -> Self {
        Self {
            function,
            known: OnceLock::new(),
            instances: RwLock::new(BTreeMap::new()),
            shape: OnceLock::new(),
            called: OnceLock::new(),
            plain: OnceLock::new(),
        }
    }

    /// `here` is the type name of an item declared in the function.
    pub(super) fn known(&self, here: &'static str) -> &Known {
        self.known.get_or_init(|| {
            let function = &self.function;
            let path = function
                .name
                .map_or_else(|| readable(parent(here)), str::to_owned);
            let binary = if function.name.is_some() {
                None
            } else {
                function.binary
            };
            Known {
                memo: Memo::of_package(
                    Path::new(function.manifest_dir),
                    function.workspace.as_ref(),
                ),
                identity: Arc::new(Identity::new(function.package, &path, binary)),
                fingerprint: function.code.fingerprint(),
            }
        })
    }

    /// The function with its type arguments, if it has any. `closure` is the
    /// type name of a closure in the function.
    pub(super) fn instance(
        &self,
        here: &'static str,
        closure: &'static str,
    ) -> Option<Arc<Instance>> {
        let plain = self.plain.get();
        if plain.is_some_and(|plain| std::ptr::eq(*plain, closure)) {
            return None;
        }
        if !is_generic(here, closure) {
            self.plain.get_or_init(|| closure);
            return None;
        }
        let instances = self.instances.read();
        let instances = instances.unwrap_or_else(PoisonError::into_inner);
        if let Some(instance) = instances.get(closure) {
            return Some(Arc::clone(instance));
        }
        drop(instances);
        let types = self.function.code.reached().and_then(|it| it.types);
        let instance = Instance::new(closure, types);
        if let Some(unseen) = &instance.unseen {
            let (path, package) = (&instance.path, self.function.package);
            events::emit(
                Level::Debug,
                format_args!(
                    "{path} goes by the whole program: `{package}` does not know the code of `{unseen}`"
                ),
            );
        }
        let mut instances = self
            .instances
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(
            instances
                .entry(closure)
                .or_insert_with(|| Arc::new(instance)),
        ))
    }

    /// The fingerprint of the code that is part of keys, once the site is
    /// [known](Self::known).
    pub(super) fn fingerprint(&self) -> Option<Digest> {
        self.known.get()?.fingerprint
    }

    /// The shape of the result's type, found out once if the function has one
    /// type of result only.
    pub(super) fn shape(&self, generic: bool, shape: fn() -> Shape) -> Shape {
        if generic {
            shape()
        } else {
            *self.shape.get_or_init(shape)
        }
    }

    /// The part of the key that is the same in all calls of a function that has
    /// no type arguments.
    pub(super) fn called(&self, called: impl FnOnce() -> Digest) -> Digest {
        *self.called.get_or_init(called)
    }
}

/// Which function a call is of, apart from its type arguments.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) name: FunctionName,
    pub(crate) binary: Option<String>,
    pub(crate) dir: String,
}

impl Identity {
    /// A program that is run as a call.
    pub(crate) fn of_program(package: &str, name: &str) -> Self {
        let mut digest = KeyBuilder::new();
        digest
            .field("package", package.as_bytes())
            .field("program", name.as_bytes());
        Self {
            name: FunctionName {
                package: package.to_owned(),
                path: name.to_owned(),
            },
            binary: None,
            dir: layout::function_dir(name, &digest.finish()),
        }
    }

    pub(crate) fn new(package: &str, path: &str, binary: Option<&str>) -> Self {
        let mut digest = KeyBuilder::new();
        digest
            .field("package", package.as_bytes())
            .field("function", path.as_bytes());
        if let Some(binary) = binary {
            digest.field("binary", binary.as_bytes());
        }
        Self {
            name: FunctionName {
                package: package.to_owned(),
                path: path.to_owned(),
            },
            binary: binary.map(str::to_owned),
            dir: layout::function_dir(path, &digest.finish()),
        }
    }
}
