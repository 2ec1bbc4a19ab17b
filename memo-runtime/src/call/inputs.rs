//! From inputs to key.

use std::borrow::{Borrow, Cow};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::bounds::{Argument, Keeping};
use super::executable::{Executable, ProgramCode};
use super::function::{Code, Identity, Site};
use super::instance::Instance;
use super::memo::Memo;
use crate::clock::{Moment, nanos};
use crate::codec::Codec;
use crate::codec::shape::Shape;
use crate::config;
use crate::header::{Argument as ArgumentRecord, CodeLevel};
use crate::key::{self, Digest, KeyBuilder};
use crate::store::code::CodeInProgram;
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
    arguments: Vec<ArgumentRecord>,
    /// Why the call has no key.
    refused: Option<String>,
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
            arguments: Vec::with_capacity(4),
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
            arguments: Vec::new(),
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

    /// Adds an argument. `Name` stands for its name in messages of the
    /// compiler.
    pub fn arg<Name, T: Argument<Name> + ?Sized>(&mut self, name: &str, value: &T) {
        self.add(name, value.serialized());
    }

    pub(crate) fn add<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        match key::digest_of(value) {
            Ok(digest) => self.arguments.push(ArgumentRecord {
                name: name.to_owned(),
                digest,
                text: key::short_text(value),
            }),
            Err(error) => self.refused = Some(format!("argument `{name}`: {error}")),
        }
    }

    /// Adds an argument of which the digest is known.
    pub(crate) fn add_digested(&mut self, argument: ArgumentRecord) {
        self.arguments.push(argument);
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
        self.finish(shape, (keeping.type_name)(), Delivery::Memory)
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
        let about = About {
            callee,
            identity,
            instance: self.instance,
            version: self.version,
            arguments: self.arguments,
            value_type: shape.digest,
            shape_is_complete: shape.complete,
            value_type_name,
        };
        Prepared {
            preparing: self.began.elapsed(),
            place: Place::new(&about.identity.dir, about.key()),
            about: Arc::new(about),
            memo: self.memo,
            ttl: self.ttl,
            codec: self.codec,
            delivery,
            refused: self.refused,
        }
    }
}

impl About {
    fn key(&self) -> Digest {
        let mut key = KeyBuilder::new();
        let identity = &self.identity;
        if let Callee::Program(_) = self.callee {
            key.field("kind", b"run of a program");
        }
        key.field("package", identity.name.package.as_bytes());
        key.field("function", identity.name.path.as_bytes());
        if let Some(binary) = &identity.binary {
            key.field("binary", binary.as_bytes());
        }
        match (
            &self.instance,
            self.site().and_then(|site| site.function.name),
        ) {
            (Some(instance), None) => key.field("instance", instance.path.as_bytes()),
            (Some(instance), Some(_)) => {
                key.field("type arguments", instance.type_arguments.as_bytes())
            }
            (None, _) => &mut key,
        };
        if let Some(site) = self.site() {
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
        if let Some(code) = self.program().and_then(|program| program.code.as_ref()) {
            let (level, fingerprint) = code.level_and_fingerprint();
            key.digest(level.name(), &fingerprint);
        }
        key.number("version", self.version);
        key.digest("value type", &self.value_type);
        for argument in &self.arguments {
            key.digest(&argument.name, &argument.digest);
        }
        key.finish()
    }
}

/// A call whose key is known.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    /// How long it took to digest the arguments.
    pub(crate) preparing: Duration,
    pub(crate) place: Place,
    pub(crate) about: Arc<About>,
    pub(crate) memo: Option<Memo>,
    /// In nanoseconds.
    pub(crate) ttl: Option<u64>,
    pub(crate) codec: Option<Codec>,
    /// How the value is wanted.
    pub(crate) delivery: Delivery,
    pub(crate) refused: Option<String>,
}

impl Prepared {
    /// Whether what was computed then is older than the time to live.
    pub(crate) fn is_over(&self, created: Moment) -> bool {
        let now = self
            .memo
            .as_ref()
            .map_or(0, |memo| memo.options().clock.now());
        let age = now.saturating_sub(created);
        self.ttl.is_some_and(|ttl| age >= ttl)
    }
}

/// What is called, as far as more is known of it than a name.
#[derive(Debug)]
pub(crate) enum Callee {
    /// A function with `#[memo]`.
    Site(&'static Site),
    /// Nothing is known of the code behind the name.
    Name,
    /// A program.
    Program(Executable),
}

/// What is told of a call in its entry, in the journal and in messages.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) callee: Callee,
    pub(crate) identity: Arc<Identity>,
    pub(super) instance: Option<Arc<Instance>>,
    pub(crate) version: u64,
    pub(crate) arguments: Vec<ArgumentRecord>,
    pub(crate) value_type: Digest,
    /// Whether that digest covers all that the type is made of.
    pub(crate) shape_is_complete: bool,
    pub(crate) value_type_name: &'static str,
}

impl About {
    /// The level of the code that is part of the key, and the fingerprint of
    /// all of it.
    pub(crate) fn code(&self) -> (CodeLevel, Option<Digest>) {
        let site = match &self.callee {
            Callee::Site(site) => site,
            Callee::Name => return (CodeLevel::None, None),
            Callee::Program(program) => {
                let code = program
                    .code
                    .as_ref()
                    .map(ProgramCode::level_and_fingerprint);
                return match code {
                    Some((level, fingerprint)) => (level, Some(fingerprint)),
                    None => (CodeLevel::None, None),
                };
            }
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

    fn site(&self) -> Option<&'static Site> {
        match self.callee {
            Callee::Site(site) => Some(site),
            Callee::Name | Callee::Program(_) => None,
        }
    }

    /// Whether it is a run of a program.
    pub(crate) fn is_program(&self) -> bool {
        self.program().is_some()
    }

    fn program(&self) -> Option<&Executable> {
        match &self.callee {
            Callee::Program(program) => Some(program),
            Callee::Name | Callee::Site(_) => None,
        }
    }

    /// The version of the package that the code is in.
    pub(crate) fn package_version(&self) -> &str {
        match &self.callee {
            Callee::Site(site) => site.function.package_version,
            Callee::Name => "",
            Callee::Program(program) => program.package_version(),
        }
    }

    /// Where the sources of the code are.
    pub(crate) fn sources(&self) -> Cow<'_, Path> {
        let known = match &self.callee {
            Callee::Site(site) => Some(Path::new(site.function.manifest_dir)),
            Callee::Name => None,
            Callee::Program(program) => program.dir.as_deref(),
        };
        match known {
            Some(dir) => Cow::Borrowed(dir),
            None => Cow::Owned(config::current_dir().unwrap_or_default()),
        }
    }

    /// What the code is made of, if that is known and to be kept.
    pub(crate) fn listed(&self) -> Option<CodeInProgram<'_>> {
        match &self.callee {
            Callee::Site(site) => {
                let reached = site.function.code.reached()?;
                Some(CodeInProgram {
                    conditions: Cow::Borrowed(reached.conditions),
                    list: reached.list,
                })
            }
            Callee::Name => None,
            Callee::Program(program) => match program.code.as_ref()? {
                ProgramCode::Source {
                    list, conditions, ..
                } => {
                    let conditions = conditions.iter();
                    let conditions = conditions.map(|(name, truth)| (name.as_str(), *truth));
                    Some(CodeInProgram {
                        conditions: conditions.collect(),
                        list,
                    })
                }
                ProgramCode::Bytes(_) => None,
            },
        }
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
