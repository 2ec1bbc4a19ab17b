//! The result that is shown, and all that can be told of it.

use std::collections::VecDeque;
use std::path::PathBuf;

use memo_runtime::Digest;
use memo_runtime::manage::{EntryCheck, Execution, FunctionName, JournalPosition, Outcome, Vault};
use memo_runtime::run::Recording;

use super::recording;
use crate::cli::{ShowOptions, parse_id};
use crate::code_state::CodeState;
use crate::commands::{Context, list};
use crate::failure::Failure;
use crate::listing::{Ids, Listed, is_meant, problem};
use crate::progress::{Measure, Progress};
use crate::render::{count, escape, size};

/// How many executions are shown.
const EXECUTIONS: usize = 5;
/// Checking more bytes than this may take a moment.
const LARGE: u64 = 200_000_000;

/// A result, and what became of calls for it.
pub(super) struct Found {
    pub(super) id: String,
    pub(super) listed: Listed,
    pub(super) file: PathBuf,
    pub(super) code: Option<CodeState>,
    pub(super) uses: Uses,
    /// What a program left, if it is the run of one.
    pub(super) recording: Option<Recording>,
    /// Why it is not whole, if so.
    pub(super) problem: Option<String>,
}

/// What the journal says of a result.
#[derive(Default)]
pub(super) struct Uses {
    /// How often it was found.
    pub(super) hits: u64,
    /// When it was found last.
    pub(super) last_hit: Option<u64>,
    /// The last executions, oldest first.
    pub(super) last: VecDeque<Execution>,
}

impl Found {
    /// Finds the result that is asked for.
    pub(super) fn find(context: &Context<'_>, options: &ShowOptions) -> Result<Self, Failure> {
        let vault = context.vault.as_ref();
        let listed = match vault {
            Some(vault) => listed(context, vault, options)?,
            None => None,
        };
        let (Some(vault), Some(listed)) = (vault, listed) else {
            return Err(nothing(context, options));
        };
        let key = listed.entry.key;
        let header = listed.head.as_ref().ok().map(|head| &head.header);
        let codes = context.code_states(vault, header.into_iter())?;
        let mut problem = check(context, vault, &listed)?;
        let mut recording = None;
        if problem.is_none() && listed.run().is_some() {
            match recording::read(vault, &listed.entry) {
                Ok(read) => recording = read,
                Err(unreadable) => problem = Some(unreadable),
            }
        }
        Ok(Self {
            id: Ids::among(vault.keys_beside(&[key])?).of_key(&key),
            file: vault.entry_path(&listed.entry),
            code: header.and_then(|header| codes.of(header)),
            uses: Uses::of(vault, &key)?,
            recording,
            problem,
            listed,
        })
    }
}

fn listed(
    context: &Context<'_>,
    vault: &Vault,
    options: &ShowOptions,
) -> Result<Option<Listed>, Failure> {
    let target = &options.target;
    let functions = vault.functions()?;
    let named = |name: &FunctionName| is_meant(&name.package, &name.path, target);
    if functions
        .iter()
        .any(|one| one.name.as_ref().is_some_and(named))
    {
        return latest(context, vault, options);
    }
    let Ok(id) = parse_id(target) else {
        return Ok(None);
    };
    if options.condition.is_some() {
        return Err(Failure::Usage(format!(
            "--where chooses among the results of a function, and `{id}` is an ID"
        )));
    }
    let Some(found) = context.find(vault, &id)? else {
        return Ok(None);
    };
    let function = found.function.name.unwrap_or_default();
    Ok(Listed::read(vault, function, found.entry))
}

/// The latest result of a function.
fn latest(
    context: &Context<'_>,
    vault: &Vault,
    options: &ShowOptions,
) -> Result<Option<Listed>, Failure> {
    let (latest, total) = list::latest(context, vault, options)?;
    // Beside a log nothing else is printed.
    if total > 1 && !options.log {
        let results = count(total, "result", "results");
        context.shell.note(&format!(
            "this is the latest of {results}: --where or an ID chooses another"
        ));
    }
    Ok(latest)
}

fn nothing(context: &Context<'_>, options: &ShowOptions) -> Failure {
    let (store, target) = (context.quoted_dir(), escape(&options.target));
    let vault = context.vault.as_ref();
    let question = vault.map(|vault| context.did_you_mean(vault, &options.target));
    let question = question.unwrap_or_default();
    Failure::Failed(match parse_id(&options.target) {
        _ if options.condition.is_some() => format!(
            "no such result of `{target}` in the store {store}: `cargo memo list {target}` shows \
             what there is{question}"
        ),
        Ok(id) => format!(
            "no result with the ID `{id}` in the store {store}: `cargo memo list` shows what \
             there is{question}"
        ),
        Err(form) => {
            format!(
                "no results of a function or program `{target}` in the store {store}, and it is no ID: \
                 {form}{question}"
            )
        }
    })
}

/// Why a result is not whole, every byte looked at.
fn check(context: &Context<'_>, vault: &Vault, listed: &Listed) -> Result<Option<String>, Failure> {
    let bytes = listed.entry.bytes;
    let checked = if bytes > LARGE {
        let progress = Progress::begin(context.shell, "checking", Measure::Bytes);
        vault.check_entry(&listed.entry, &progress)
    } else {
        vault.check_entry(&listed.entry, &())
    };
    match checked {
        Ok(EntryCheck::Whole) => Ok(None),
        Ok(EntryCheck::Gone) => Err(Failure::Failed(format!(
            "the result `{}` was removed while it was read",
            listed.entry.key.to_hex()
        ))),
        Ok(EntryCheck::Stopped) => Err(Failure::Interrupted(format!(
            "interrupted: the result of {} has not been checked",
            size(bytes)
        ))),
        Err(unreadable) => Ok(Some(problem(&unreadable))),
    }
}

impl Uses {
    fn of(vault: &Vault, key: &Digest) -> Result<Self, Failure> {
        let mut uses = Self::default();
        vault.each_execution(JournalPosition::default(), |execution| {
            if execution.key != *key {
                return;
            }
            if matches!(execution.outcome, Outcome::Hit | Outcome::Waited) {
                uses.hits += execution.count;
                uses.last_hit = uses.last_hit.max(Some(execution.time));
            }
            uses.last.push_back(execution);
            // Hits reach the journal late: a few more are held, and put in order.
            if uses.last.len() > 4 * EXECUTIONS {
                uses.keep_last();
            }
        })?;
        uses.keep_last();
        Ok(uses)
    }

    fn keep_last(&mut self) {
        let last = self.last.make_contiguous();
        last.sort_by_key(|execution| execution.time);
        let surplus = last.len().saturating_sub(EXECUTIONS);
        self.last.drain(..surplus);
    }
}
