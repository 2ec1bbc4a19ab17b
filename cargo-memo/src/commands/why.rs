//! `why`: what made a computation necessary.

mod code;
mod differing;
mod document;
mod page;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use memo_runtime::Digest;
use memo_runtime::manage::{Explanation, FunctionName, JournalPosition, Reason, Vault};

use super::{Context, Verdict};
use crate::cli::{Format, WhyOptions, parse_id};
use crate::failure::Failure;
use crate::listing::{Ids, ShortNames, is_meant};
use crate::render::escape;
use code::Code;

/// An explanation, with all that it takes to tell it.
struct Told {
    explanation: Explanation,
    /// The code before and after, if that is what changed.
    code: Option<Code>,
    names: ShortNames,
    ids: Ids,
}

/// What follows `because`, as far as reasons alone tell it; `None`: it cannot
/// be told.
pub(super) fn clause(reasons: &[Reason]) -> Option<String> {
    words::clause(reasons, None)
}

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &WhyOptions) -> Result<Verdict, Failure> {
    let told = match &context.vault {
        Some(vault) => Told::find(context, vault, options.target.as_deref())?,
        None => None,
    };
    match (context.format, &told) {
        (Format::Json, told) => context.shell.print(&document::json(told.as_ref()))?,
        (Format::Table | Format::Csv, Some(told)) => {
            context.shell.print(&page::text(context, told))?;
        }
        (Format::Table | Format::Csv, None) => note_nothing(context, options),
    }
    Ok(match told {
        Some(_) => Verdict::Done,
        None => Verdict::Findings,
    })
}

/// Says why there is nothing to explain.
fn note_nothing(context: &Context<'_>, options: &WhyOptions) {
    let dir = context.quoted_dir();
    let Some(vault) = &context.vault else {
        return context.note_empty();
    };
    match &options.target {
        None => context.shell.note(&format!(
            "nothing has been computed yet with the store {dir}: run a program that calls a \
             function with `#[memo]`, or any with `cargo memo run`, and ask again"
        )),
        Some(target) => context.shell.note(&format!(
            "no computation is known of a function or ID `{}` in the store {dir}: `cargo memo \
             status` shows the functions, `cargo memo log` the IDs{}",
            escape(target),
            context.did_you_mean(vault, target)
        )),
    }
}

impl Told {
    fn find(
        context: &Context<'_>,
        vault: &Vault,
        target: Option<&str>,
    ) -> Result<Option<Self>, Failure> {
        let id = target.and_then(|target| parse_id(target).ok());
        let known = Known::read(vault, id.as_deref())?;
        let explanation = match target {
            None => vault.why_last(|_| true)?,
            Some(target)
                if known
                    .functions
                    .iter()
                    .any(|name| is_meant(&name.package, &name.path, target)) =>
            {
                vault.why_last(|name| is_meant(&name.package, &name.path, target))?
            }
            Some(_) => match id.map(|id| known.key(context, vault, &id)).transpose()? {
                Some(Some(key)) => vault.why(&key)?,
                _ => None,
            },
        };
        let Some(explanation) = explanation else {
            return Ok(None);
        };
        Ok(Some(Self {
            code: Code::read(vault, &explanation),
            names: ShortNames::new(&known.functions, context.verbose),
            ids: Ids::of(vault)?,
            explanation,
        }))
    }
}

/// What can be asked for.
struct Known {
    functions: BTreeSet<FunctionName>,
    /// The keys that were computed and begin with the ID that is asked for,
    /// and of which functions.
    computed: BTreeMap<Digest, String>,
}

impl Known {
    fn read(vault: &Vault, id: Option<&str>) -> Result<Self, Failure> {
        let functions = vault.functions()?.into_iter();
        let mut known = Self {
            functions: functions.filter_map(|function| function.name).collect(),
            computed: BTreeMap::new(),
        };
        vault.each_execution(JournalPosition::default(), |execution| {
            if !execution.outcome.is_computed() {
                return;
            }
            if id.is_some_and(|id| execution.key.to_hex().starts_with(id)) {
                let function = execution.function.clone();
                known.computed.insert(execution.key, function);
            }
            known.functions.insert(FunctionName {
                package: execution.package,
                path: execution.function,
            });
        })?;
        Ok(known)
    }

    /// The key that an ID stands for: of a result, or else of one that was
    /// not kept or is gone.
    fn key(
        &self,
        context: &Context<'_>,
        vault: &Vault,
        id: &str,
    ) -> Result<Option<Digest>, Failure> {
        if let Some(found) = context.find(vault, id)? {
            return Ok(Some(found.entry.key));
        }
        if self.computed.len() < 2 {
            return Ok(self.computed.keys().next().copied());
        }
        let ids = Ids::among(self.computed.keys().copied().collect());
        let candidates = self.computed.iter();
        let candidates = candidates.map(|(key, function)| (ids.of_key(key), function.clone()));
        Err(context.ambiguous(id, candidates))
    }
}
