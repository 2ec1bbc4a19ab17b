//! From inputs to key.

use std::borrow::Borrow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::bounds::{Argument, Keeping};
use super::function::{Code, Identity, Site};
use super::instance::Instance;
use super::memo::Memo;
use crate::clock::nanos;
use crate::codec::Codec;
use crate::header::{Argument as ArgumentRecord, CodeLevel};
use crate::key::{self, Digest, KeyBuilder};
use crate::store::Place;

/// Everything that a call's result depends on, gathered argument by argument.
#[derive(Debug)]
pub struct Inputs {
    began: Instant,
    memo: Option<Memo>,
    function: FunctionOf,
    instance: Option<Arc<Instance>>,
    version: u64,
    ttl: Option<u64>,
    codec: Option<Codec>,
    arguments: Vec<ArgumentRecord>,
    /// Why the call has no key.
    refused: Option<String>,
}

#[derive(Debug)]
enum FunctionOf {
    Site(&'static Site, &'static str),
    Name(Arc<Identity>),
}

impl Inputs {
    /// The inputs of a call to the function at `site`. `here` and `closure`
    /// are the type names of an item and of a closure in the function.
    pub fn new(site: &'static Site, here: &'static str, closure: &'static str) -> Self {
        let began = Instant::now();
        Self {
            began,
            memo: site.known(here).memo.clone(),
            function: FunctionOf::Site(site, here),
            instance: site.instance(here, closure),
            version: site.function.version,
            ttl: site
                .function
                .ttl
                .map(|seconds| seconds.saturating_mul(1_000_000_000)),
            codec: site.function.codec,
            arguments: Vec::with_capacity(4),
            refused: None,
        }
    }

    /// The inputs of a call that goes by a name alone.
    pub(super) fn named(memo: Memo, name: &str) -> Self {
        Self {
            began: Instant::now(),
            memo: Some(memo),
            function: FunctionOf::Name(Arc::new(Identity::new("", name, None))),
            instance: None,
            version: 0,
            ttl: None,
            codec: None,
            arguments: Vec::new(),
            refused: None,
        }
    }

    pub(super) fn set_version(&mut self, version: u64) {
        self.version = version;
    }

    pub(super) fn set_ttl(&mut self, ttl: Duration) {
        // Zero would say "for ever" in the entry.
        self.ttl = Some(nanos(ttl).max(1));
    }

    /// Adds an argument. `Name` stands for its name in messages of the
    /// compiler.
    pub fn arg<Name, T: Argument<Name> + ?Sized>(&mut self, name: &str, value: &T) {
        self.add(name, value.serialized());
    }

    pub(super) fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        match key::digest_of(value) {
            Ok(digest) => self.arguments.push(ArgumentRecord {
                name: name.to_owned(),
                digest,
                text: key::short_text(value),
            }),
            Err(error) => self.refused = Some(format!("argument `{name}`: {error}")),
        }
    }

    /// Keeps the result in the store of `memo`.
    pub fn store(&mut self, memo: &impl Borrow<Memo>) {
        self.memo = Some(memo.borrow().clone());
    }

    /// The key, and all that is told of the call.
    pub(super) fn prepare<R>(self, keeping: &Keeping<R>) -> Prepared {
        let (site, identity) = match &self.function {
            FunctionOf::Site(site, here) => (Some(*site), &site.known(here).identity),
            FunctionOf::Name(identity) => (None, identity),
        };
        let shape = match site {
            Some(site) => site.shape(self.instance.is_some(), keeping.shape),
            None => (keeping.shape)(),
        };
        let key = self.key(site, identity, &shape.digest);
        Prepared {
            preparing: self.began.elapsed(),
            place: Place::new(&identity.dir, key),
            about: Arc::new(About {
                site,
                identity: Arc::clone(identity),
                instance: self.instance,
                version: self.version,
                arguments: self.arguments,
                value_type: shape.digest,
                shape_is_complete: shape.complete,
                value_type_name: (keeping.type_name)(),
            }),
            memo: self.memo,
            ttl: self.ttl,
            codec: self.codec,
            refused: self.refused,
        }
    }

    fn key(&self, site: Option<&Site>, identity: &Identity, value_type: &Digest) -> Digest {
        let mut key = KeyBuilder::new();
        key.field("package", identity.name.package.as_bytes());
        key.field("function", identity.name.path.as_bytes());
        if let Some(binary) = &identity.binary {
            key.field("binary", binary.as_bytes());
        }
        match (&self.instance, site.and_then(|site| site.function.name)) {
            (Some(instance), None) => key.field("instance", instance.path.as_bytes()),
            (Some(instance), Some(_)) => {
                key.field("type arguments", instance.type_arguments.as_bytes())
            }
            (None, _) => &mut key,
        };
        if let Some(site) = site {
            key.number("ordinal", site.function.ordinal.into());
            match site.function.code {
                Code::None => {}
                Code::Function(digest) => {
                    key.field("function code", digest.as_bytes());
                }
                Code::Graph(_) | Code::Crate(_) => {
                    if let Some(fingerprint) = site.fingerprint() {
                        key.digest("reached code", &fingerprint);
                    }
                }
            }
        }
        if let Some(program) = self.instance.as_ref().and_then(|it| it.program) {
            key.digest("program", &program);
        }
        key.number("version", self.version);
        key.digest("value type", value_type);
        for argument in &self.arguments {
            key.digest(&argument.name, &argument.digest);
        }
        key.finish()
    }
}

/// A call whose key is known.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// How long it took to digest the arguments.
    pub(super) preparing: Duration,
    pub(super) place: Place,
    pub(super) about: Arc<About>,
    pub(super) memo: Option<Memo>,
    /// In nanoseconds.
    pub(super) ttl: Option<u64>,
    pub(super) codec: Option<Codec>,
    pub(super) refused: Option<String>,
}

/// What is told of a call in its entry, in the journal and in messages.
#[derive(Debug)]
pub(super) struct About {
    pub(super) site: Option<&'static Site>,
    pub(super) identity: Arc<Identity>,
    pub(super) instance: Option<Arc<Instance>>,
    pub(super) version: u64,
    pub(super) arguments: Vec<ArgumentRecord>,
    pub(super) value_type: Digest,
    /// Whether that digest covers all that the type is made of.
    pub(super) shape_is_complete: bool,
    pub(super) value_type_name: &'static str,
}

impl About {
    /// The level of the code that is part of the key, and the fingerprint of
    /// all of it.
    pub(super) fn code(&self) -> (CodeLevel, Option<Digest>) {
        let Some(site) = self.site else {
            return (CodeLevel::None, None);
        };
        let mut fingerprint = site.fingerprint();
        let program = self.instance.as_ref().and_then(|it| it.program);
        if let (Some(reached), Some(program)) = (fingerprint, program) {
            let mut digest = KeyBuilder::new();
            digest
                .digest("reached code", &reached)
                .digest("program", &program);
            fingerprint = Some(digest.finish());
        }
        (site.function.code.level(), fingerprint)
    }
}

impl std::fmt::Display for About {
    /// The call as one would write it: `primes_between(a=1, b=500)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}(", self.identity.name.path)?;
        for (index, argument) in self.arguments.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{}={}", argument.name, argument.text)?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_program_is_another_key_where_it_counts() {
        let key = |program: Option<[u8; 32]>| {
            let inputs = Inputs {
                began: Instant::now(),
                memo: None,
                function: FunctionOf::Name(Arc::new(Identity::new("p", "f", None))),
                instance: Some(Arc::new(Instance {
                    path: "f<app::Plan>".to_owned(),
                    type_arguments: "app::Plan;".to_owned(),
                    program: program.map(Digest::from_bytes),
                    unseen: None,
                })),
                version: 0,
                ttl: None,
                codec: None,
                arguments: Vec::new(),
                refused: None,
            };
            inputs.prepare(&Keeping::<u32>::all()).place.key
        };
        assert_eq!(key(Some([1; 32])), key(Some([1; 32])));
        assert_ne!(key(Some([1; 32])), key(Some([2; 32])));
        assert_ne!(key(Some([1; 32])), key(None));
    }
}
