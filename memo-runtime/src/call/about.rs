//! What is known of a call: where its result is kept, and what is told of it
//! in its entry, in the journal and in messages.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::executable::{Executable, ProgramCode};
use super::function::{Identity, Site};
use super::instance::Instance;
use crate::config;
use crate::header::{Argument as ArgumentRecord, CodeLevel};
use crate::key::{Digest, KeyBuilder};
use crate::store::Place;
use crate::store::code::CodeInProgram;

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

impl Callee {
    pub(super) fn site(&self) -> Option<&'static Site> {
        match self {
            Self::Site(site) => Some(site),
            Self::Name | Self::Program(_) => None,
        }
    }

    pub(super) fn program(&self) -> Option<&Executable> {
        match self {
            Self::Program(program) => Some(program),
            Self::Name | Self::Site(_) => None,
        }
    }
}

/// What is known of a call.
#[derive(Debug)]
pub(crate) struct About {
    /// Where its result is kept.
    pub(crate) place: Place,
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

    /// Whether it is a run of a program.
    pub(crate) fn is_program(&self) -> bool {
        self.callee.program().is_some()
    }

    /// How many bytes it takes, save what it shares with all calls of the
    /// function.
    pub(super) fn size(&self) -> usize {
        let texts = |argument: &ArgumentRecord| argument.name.capacity() + argument.text.capacity();
        size_of::<Self>()
            + self.place.relative().len()
            + self.arguments.capacity() * size_of::<ArgumentRecord>()
            + self.arguments.iter().map(texts).sum::<usize>()
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
