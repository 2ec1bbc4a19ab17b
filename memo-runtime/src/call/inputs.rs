//! From inputs to key.

use std::borrow::{Borrow, Cow};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::about::{About, Callee};
use super::bounds::{Argument, Keeping};
use super::executable::Executable;
use super::function::{Code, Identity, Site};
use super::instance::Instance;
use super::memo::Memo;
use super::tier::Held;
use crate::clock::{Moment, nanos};
use crate::codec::Codec;
use crate::codec::compress::Compression;
use crate::codec::shape::Shape;
use crate::file::scope::{self, InputSeen};
use crate::header::Argument as ArgumentRecord;
use crate::key::{self, Digest, EncodeError, KeyBuilder, Spelled, Spot};
use crate::store::{Delivery, Place};

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
    compress: Option<Compression>,
    memory: bool,
    arguments: Vec<Given>,
    /// The arguments as they are looked for in memory.
    spelled: Spelled,
    /// Files that are part of arguments, as they were when they were digested.
    files: Vec<InputSeen>,
    /// Why the call has no key.
    refused: Option<String>,
}

/// An argument of a call.
#[derive(Debug)]
struct Given {
    name: Cow<'static, str>,
    value: Spot,
    text: String,
}

impl Given {
    fn into_record(self, spelled: &Spelled) -> ArgumentRecord {
        ArgumentRecord {
            name: self.name.into_owned(),
            digest: spelled.digest_of(&self.value),
            text: self.text,
        }
    }
}

#[derive(Debug)]
enum FunctionOf {
    Site(&'static Site, &'static str),
    Name(Arc<Identity>),
    Program(Arc<Identity>, Executable),
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
            compress: site.function.compress,
            memory: site.function.memory,
            arguments: Vec::with_capacity(4),
            spelled: Spelled::new(),
            files: Vec::new(),
            refused: None,
        }
    }

    /// The inputs of a call that goes by a name alone.
    pub(crate) fn named(memo: Memo, name: &str) -> Self {
        let identity = Arc::new(Identity::new("", name, None));
        Self::of(memo, FunctionOf::Name(identity))
    }

    /// The inputs of a run of a program.
    pub(crate) fn of_program(memo: Memo, identity: Identity, program: Executable) -> Self {
        Self::of(memo, FunctionOf::Program(Arc::new(identity), program))
    }

    fn of(memo: Memo, function: FunctionOf) -> Self {
        Self {
            began: Instant::now(),
            memo: Some(memo),
            function,
            instance: None,
            version: 0,
            ttl: None,
            codec: None,
            compress: None,
            memory: true,
            arguments: Vec::new(),
            spelled: Spelled::new(),
            files: Vec::new(),
            refused: None,
        }
    }

    pub(crate) fn set_version(&mut self, version: u64) {
        self.version = version;
    }

    pub(crate) fn set_ttl(&mut self, ttl: Duration) {
        // Zero would say "for ever" in the entry.
        self.ttl = Some(nanos(ttl).max(1));
    }

    pub(crate) fn set_compress(&mut self, compression: Compression) {
        self.compress = Some(compression);
    }

    pub(crate) fn set_memory(&mut self, memory: bool) {
        self.memory = memory;
    }

    /// Adds an argument. `Name` stands for its name in messages of the
    /// compiler.
    pub fn arg<Name, T: Argument<Name> + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.add(name, value.serialized());
    }

    pub(crate) fn add<T: Serialize + ?Sized>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: &T,
    ) {
        let name = name.into();
        let spelled = &mut self.spelled;
        let value_and_text = || Ok((spelled.argument(&name, value)?, key::short_text(value)));
        let (known, files) = scope::keying(&mut self.memo, value_and_text);
        self.files.extend(files);
        match known {
            Ok((value, text)) => self.arguments.push(Given { name, value, text }),
            Err::<_, EncodeError>(error) => {
                self.refused = Some(format!("argument `{name}`: {error}"));
            }
        }
    }

    /// Adds an argument of which the digest is known.
    pub(crate) fn add_digested(&mut self, ArgumentRecord { name, digest, text }: ArgumentRecord) {
        let value = self.spelled.digested(&name, &digest);
        let name = name.into();
        self.arguments.push(Given { name, value, text });
    }

    /// Keeps the result in the store of `memo`.
    pub fn store(&mut self, memo: &impl Borrow<Memo>) {
        self.memo = Some(memo.borrow().clone());
    }

    /// The key, and all that is told of the call.
    pub(crate) fn prepare<R>(self, keeping: &Keeping<R>) -> Prepared {
        let shape = match &self.function {
            FunctionOf::Site(site, _) => site.shape(self.instance.is_some(), keeping.shape),
            FunctionOf::Name(_) | FunctionOf::Program(..) => (keeping.shape)(),
        };
        self.finish(shape, (keeping.type_name)(), Delivery::Value)
    }

    /// The key, and all that is told of the call, whose value is of a type
    /// with this shape and name, and wanted like this.
    pub(crate) fn finish(
        self,
        shape: Shape,
        value_type_name: &'static str,
        delivery: Delivery,
    ) -> Prepared {
        let (callee, identity) = match self.function {
            FunctionOf::Site(site, here) => {
                (Callee::Site(site), Arc::clone(&site.known(here).identity))
            }
            FunctionOf::Name(identity) => (Callee::Name, identity),
            FunctionOf::Program(identity, program) => (Callee::Program(program), identity),
        };
        let called = || {
            called(
                &callee,
                &identity,
                self.instance.as_deref(),
                self.version,
                &shape,
            )
        };
        let called = match (&callee, &self.instance) {
            (Callee::Site(site), None) => site.called(called),
            _ => called(),
        };
        let mut spelled = self.spelled;
        spelled.end(&called);
        let tier = self.memo.as_ref().and_then(Memo::tier);
        let held = tier
            .filter(|_| self.memory && delivery == Delivery::Value && self.refused.is_none())
            .and_then(|tier| tier.get(&spelled));
        let about = match &held {
            Some(held) => Arc::clone(&held.about),
            None => {
                let arguments = self.arguments.into_iter();
                let arguments: Vec<_> = arguments.map(|it| it.into_record(&spelled)).collect();
                Arc::new(About {
                    place: Place::new(&identity.dir, key_of(&called, &arguments)),
                    callee,
                    identity,
                    instance: self.instance,
                    version: self.version,
                    arguments,
                    value_type: shape.digest,
                    shape_is_complete: shape.complete,
                    value_type_name,
                })
            }
        };
        Prepared {
            preparing: self.began.elapsed(),
            about,
            spelled,
            held,
            compress: self.compress.unwrap_or_else(|| {
                let memo = self.memo.as_ref();
                memo.map(|memo| memo.options().compress).unwrap_or_default()
            }),
            memo: self.memo,
            ttl: self.ttl,
            codec: self.codec,
            memory: self.memory,
            delivery,
            files: self.files,
            refused: self.refused,
        }
    }
}

/// The digest of what is called, and of the type of what it returns: the part
/// of a key that the arguments are not.
fn called(
    callee: &Callee,
    identity: &Identity,
    instance: Option<&Instance>,
    version: u64,
    shape: &Shape,
) -> Digest {
    let mut key = KeyBuilder::new();
    if let Callee::Program(_) = callee {
        key.field("kind", b"run of a program");
    }
    key.field("package", identity.name.package.as_bytes());
    key.field("function", identity.name.path.as_bytes());
    if let Some(binary) = &identity.binary {
        key.field("binary", binary.as_bytes());
    }
    match (instance, callee.site().and_then(|site| site.function.name)) {
        (Some(instance), None) => key.field("instance", instance.path.as_bytes()),
        (Some(instance), Some(_)) => {
            key.field("type arguments", instance.type_arguments.as_bytes())
        }
        (None, _) => &mut key,
    };
    if let Some(site) = callee.site() {
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
    if let Some(program) = instance.and_then(|it| it.program) {
        key.digest("program", &program);
    }
    if let Some(code) = callee.program().and_then(|program| program.code.as_ref()) {
        let (level, fingerprint) = code.level_and_fingerprint();
        key.digest(level.name(), &fingerprint);
    }
    key.number("version", version);
    key.digest("value type", &shape.digest);
    key.finish()
}

/// The key of a call of `called` with these arguments.
fn key_of(called: &Digest, arguments: &[ArgumentRecord]) -> Digest {
    let mut key = KeyBuilder::new();
    key.digest("call of", called);
    for argument in arguments {
        key.digest(&argument.name, &argument.digest);
    }
    key.finish()
}

/// A call whose key is known.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// How long it took to digest the arguments.
    pub(crate) preparing: Duration,
    pub(crate) about: Arc<About>,
    /// What it is looked for by in memory.
    pub(super) spelled: Spelled,
    /// What is held in memory of it.
    pub(crate) held: Option<Arc<Held>>,
    pub(crate) memo: Option<Memo>,
    /// In nanoseconds.
    pub(crate) ttl: Option<u64>,
    pub(crate) codec: Option<Codec>,
    /// How the value is compressed when it is kept.
    pub(crate) compress: Compression,
    /// Whether it may be held in memory as well.
    pub(crate) memory: bool,
    /// How the value is wanted.
    pub(crate) delivery: Delivery,
    /// Files that it is keyed by, as they were then.
    pub(crate) files: Vec<InputSeen>,
    pub(crate) refused: Option<String>,
}

impl Prepared {
    /// Whether its entry may be held in memory.
    pub(super) fn may_be_held(&self) -> bool {
        self.memory && self.delivery == Delivery::Value
    }

    /// Whether what was computed then is older than the time to live.
    pub(crate) fn is_over(&self, created: Moment) -> bool {
        self.ttl.is_some_and(|ttl| {
            let memo = self.memo.as_ref();
            let now = memo.map_or(0, |memo| memo.options().clock.now());
            now.saturating_sub(created) >= ttl
        })
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
                compress: None,
                memory: true,
                arguments: Vec::new(),
                spelled: Spelled::new(),
                files: Vec::new(),
                refused: None,
            };
            inputs.prepare(&Keeping::<u32>::all()).about.place.key
        };
        assert_eq!(key(Some([1; 32])), key(Some([1; 32])));
        assert_ne!(key(Some([1; 32])), key(Some([2; 32])));
        assert_ne!(key(Some([1; 32])), key(None));
    }
}
