//! The verbs, one file each, and what they all work with.

pub(crate) mod clear;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod doctor;
pub(crate) mod gc;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod new;
mod removal;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod status;
pub(crate) mod sweep;
pub(crate) mod verify;
mod way;
pub(crate) mod why;

use std::collections::BTreeSet;

use memo_runtime::manage::{FoundEntry, FunctionName, Header, Vault};

use crate::cli::{Common, Format};
use crate::code_state::CodeStates;
use crate::failure::Failure;
use crate::listing::Ids;
use crate::locate::Place;
use crate::render::{Calendar, escape};
use crate::shell::{self, Shell};
use crate::suggest;

/// How a verb ended that did what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is nothing to remark.
    Done,
    /// It found something amiss, or did nothing because a person said no.
    Findings,
    /// It ran a program, which ended with this exit code.
    Exit(u8),
}

/// The store, and how results are to be shown.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) shell: &'a Shell,
    place: Place,
    vault: Option<Vault>,
    format: Format,
    verbose: bool,
    calendar: Calendar,
    width: Option<usize>,
}

impl<'a> Context<'a> {
    /// Opens the store at `place`, if there is one.
    pub(crate) fn open(
        common: &'a Common,
        shell: &'a Shell,
        place: Place,
    ) -> Result<Self, Failure> {
        let vault = Vault::open(&place.dir, place.share)?;
        Ok(Self {
            shell,
            place,
            vault,
            format: common.format,
            verbose: common.verbose,
            calendar: Calendar::local(),
            width: if common.verbose { None } else { shell::width() },
        })
    }

    /// The path of the store, to be quoted in a message.
    pub(crate) fn quoted_dir(&self) -> String {
        format!("`{}`", escape(&self.place.dir.to_string_lossy()))
    }

    /// Says that nothing is kept, and what to do.
    fn note_empty(&self) {
        let dir = self.quoted_dir();
        self.shell.note(&match self.vault {
            None => format!(
                "there is no store at {dir} yet: run a program that calls a function with \
                 `#[memo]`, and its results are kept there"
            ),
            Some(_) => format!(
                "the store {dir} is empty: run a program that calls a function with `#[memo]`, \
                 and its results are kept there"
            ),
        });
    }

    /// What has become of the code of the results with these headers.
    pub(crate) fn code_states<'h>(
        &self,
        vault: &Vault,
        headers: impl Iterator<Item = &'h Header>,
    ) -> Result<CodeStates, Failure> {
        CodeStates::find(vault, self.shell, &self.place.members(), headers)
    }

    /// How a moment is told in tables: as seen from now, or exactly.
    fn moment(&self, moment: u64) -> String {
        if self.verbose {
            self.calendar.exact(moment)
        } else {
            self.calendar.relative(moment)
        }
    }

    /// A moment within a sentence: `2 minutes ago`, `on 2026-03-01`.
    fn moment_in_words(&self, moment: u64) -> String {
        let text = self.moment(moment);
        if text.starts_with(|c: char| c.is_ascii_digit()) && !text.ends_with("ago") {
            format!("on {text}")
        } else {
            text
        }
    }

    /// The end of a message about `target`, which is no function: which one may
    /// be meant, of those that the store knows. Where that cannot be read it is
    /// empty.
    pub(crate) fn did_you_mean(&self, vault: &Vault, target: &str) -> String {
        let functions = vault.functions().unwrap_or_default().into_iter();
        let mut known: BTreeSet<FunctionName> =
            functions.filter_map(|function| function.name).collect();
        if let Ok(statistics) = vault.statistics() {
            known.extend(statistics.functions.into_keys());
        }
        let paths = known.iter().map(|name| name.path.as_str());
        suggest::question(suggest::function(target, paths))
    }

    /// The result whose ID begins with `id`; `None`: there is none.
    pub(crate) fn find(&self, vault: &Vault, id: &str) -> Result<Option<FoundEntry>, Failure> {
        let mut found = vault.find(id)?;
        if found.len() < 2 {
            return Ok(found.pop());
        }
        found.sort_by_key(|candidate| candidate.entry.key);
        let ids = Ids::of(vault)?;
        let candidates = found.into_iter().map(|candidate| {
            let function = candidate.function.name.unwrap_or_default().path;
            (ids.of_key(&candidate.entry.key), function)
        });
        Err(self.ambiguous(id, candidates))
    }

    /// Says what an ID may stand for: longer IDs, and functions.
    fn ambiguous(&self, id: &str, candidates: impl Iterator<Item = (String, String)>) -> Failure {
        let mut message = format!(
            "the ID `{id}` is ambiguous in the store {}: give more digits of one of",
            self.quoted_dir()
        );
        for (id, function) in candidates {
            message.push_str("\n  ");
            message.push_str(&id);
            message.push_str("  ");
            message.push_str(&escape(&function));
        }
        Failure::Failed(message)
    }
}
