//! Which results a verb is about: those of functions, with IDs, with such
//! arguments, of such code.
//!
//! What must hold: files are opened only where a filter needs what is in them,
//! and memory does not grow with results that are not chosen, but for a compact
//! record where their code is asked for. A store that changes meanwhile is no
//! error.

use std::collections::BTreeSet;

use clap::ValueEnum;
use memo_runtime::manage::{
    Condition, Entry, FoundEntry, FunctionDir, FunctionName, Gather, Vault, value_under,
};

use crate::cli::{Sort, parse_id};
use crate::code_state::{CodeState, DistinctCodes};
use crate::commands::Context;
use crate::failure::Failure;
use crate::listing::{Listed, bare, is_meant};
use crate::reading;
use crate::render::escape;
use crate::suggest;

/// Which results are meant. Each part narrows the choice.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    /// Functions and programs, by path or the end of it, and IDs; empty: all.
    pub(crate) targets: Vec<String>,
    /// What the arguments and metrics have to be like.
    pub(crate) condition: Option<Condition>,
    /// The argument or metric by which they are to be ordered.
    pub(crate) order: Option<String>,
    /// What has to have become of the code.
    pub(crate) code: Option<CodeFilter>,
}

/// What has to have become of the code. Results of which that cannot be told
/// are never meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CodeFilter {
    /// It is as it was.
    Current,
    /// It has changed.
    Older,
    /// The function or program is no more.
    Gone,
    /// It has changed, or the function or program is no more.
    Stale,
}

impl CodeFilter {
    /// Whether a result with such code is meant.
    pub(crate) fn accepts(self, state: Option<CodeState>) -> bool {
        match self {
            Self::Current => state == Some(CodeState::Current),
            Self::Older => state == Some(CodeState::Older),
            Self::Gone => state == Some(CodeState::Gone),
            Self::Stale => matches!(state, Some(CodeState::Older | CodeState::Gone)),
        }
    }
}

impl Selection {
    /// Whether entries have to be looked into to tell whether they are meant.
    pub(crate) fn looks_into_entries(&self) -> bool {
        self.condition.is_some() || self.order.is_some() || self.code.is_some()
    }

    /// Hands out the results that are meant, with what they say of themselves,
    /// in no particular order. Targets that are not there are told.
    pub(crate) fn each(
        &self,
        context: &Context<'_>,
        vault: &Vault,
        mut found: impl FnMut(Listed),
    ) -> Result<(), Failure> {
        let targets = Targets::find(context, vault, &self.targets)?;
        let mut names = Names::asked_by(self);
        let meets = |listed: &Listed| {
            let condition = self.condition.as_ref();
            condition.is_none_or(|condition| condition.matches(|name| listed.value(name)))
        };
        let mut candidates = Candidates::default();
        let read = |(function, entry)| {
            let listed = Listed::read(vault, targets.name(function).clone(), entry)?;
            Some((meets(&listed), listed))
        };
        let entries = targets.entries(vault)?;
        reading::each(
            context.shell,
            entries.into_iter(),
            read,
            |(meant, listed)| {
                names.look_at(&listed);
                match self.code {
                    _ if !meant => {}
                    Some(_) => candidates.add(listed),
                    None => found(listed),
                }
            },
        )?;
        names.warn_of_unknown(context);
        match self.code {
            Some(filter) => candidates.each_accepted(context, vault, filter, found),
            None => Ok(()),
        }
    }

    /// Hands out the same results, and opens no file where no filter needs it.
    pub(crate) fn each_entry(
        &self,
        context: &Context<'_>,
        vault: &Vault,
        mut found: impl FnMut(&FunctionName, Entry),
    ) -> Result<(), Failure> {
        if self.looks_into_entries() {
            return self.each(context, vault, |one| found(&one.function, one.entry));
        }
        let targets = Targets::find(context, vault, &self.targets)?;
        for (function, entry) in targets.entries(vault)? {
            found(targets.name(function), entry);
        }
        Ok(())
    }
}

/// What the targets are in a store.
struct Targets {
    /// First those of which all results are meant.
    functions: Vec<FunctionDir>,
    /// How many these are.
    whole: usize,
    /// Results that were named one by one, each with the position of its
    /// function.
    single: Vec<(usize, Entry)>,
}

impl Targets {
    fn find(context: &Context<'_>, vault: &Vault, targets: &[String]) -> Result<Self, Failure> {
        let mut functions = vault.functions()?;
        if targets.is_empty() {
            return Ok(Self {
                whole: functions.len(),
                functions,
                single: Vec::new(),
            });
        }
        let means = |target: &str, function: &FunctionDir| {
            let name = function.name.as_ref();
            name.is_some_and(|name| is_meant(&name.package, &name.path, target))
        };
        let mut found = Vec::new();
        for target in targets {
            if functions.iter().any(|function| means(target, function)) {
                continue;
            }
            let id = parse_id(target).ok();
            let one = id.map(|id| context.find(vault, &id)).transpose()?.flatten();
            if one.is_none() {
                context.shell.warn(&format!(
                    "neither a function nor an ID in the store {}: `{}`{}",
                    context.quoted_dir(),
                    escape(target),
                    context.did_you_mean(vault, target)
                ));
            }
            found.extend(one);
        }
        functions.retain(|function| targets.iter().any(|target| means(target, function)));
        let whole = functions.len();
        let mut single = Vec::new();
        let mut keys = BTreeSet::new();
        for FoundEntry { function, entry } in found {
            // A result is handed out once, however often it was named.
            let name = function.name.as_ref();
            let with_function = functions[..whole]
                .iter()
                .any(|one| one.name.as_ref() == name);
            if !with_function && keys.insert(entry.key) {
                single.push((functions.len(), entry));
                functions.push(function);
            }
        }
        Ok(Self {
            functions,
            whole,
            single,
        })
    }

    /// The entries, each with the position of its function.
    fn entries(&self, vault: &Vault) -> Result<Vec<(usize, Entry)>, Failure> {
        let functions = &self.functions[..self.whole];
        let all = vault.scan(functions, |function| Entries {
            function,
            entries: Vec::new(),
        })?;
        let all = all.into_iter().flat_map(|gathered| gathered.entries);
        Ok(all.chain(self.single.clone()).collect())
    }

    fn name(&self, function: usize) -> &FunctionName {
        static UNKNOWN: FunctionName = FunctionName {
            package: String::new(),
            path: String::new(),
        };
        self.functions[function].name.as_ref().unwrap_or(&UNKNOWN)
    }
}

/// All entries of one function.
struct Entries {
    function: usize,
    entries: Vec<(usize, Entry)>,
}

impl Gather for Entries {
    fn add(&mut self, entry: Entry) {
        self.entries.push((self.function, entry));
    }

    fn merge(&mut self, mut other: Self) {
        self.entries.append(&mut other.entries);
    }
}

/// Results that are meant if their code is as it has to be.
#[derive(Default)]
struct Candidates {
    codes: DistinctCodes,
    /// Each with the number of its code.
    entries: Vec<(Entry, usize)>,
}

impl Candidates {
    fn add(&mut self, listed: Listed) {
        if let Ok(head) = &listed.head {
            let code = self.codes.number(&head.header);
            self.entries.push((listed.entry, code));
        }
    }

    fn each_accepted(
        self,
        context: &Context<'_>,
        vault: &Vault,
        filter: CodeFilter,
        found: impl FnMut(Listed),
    ) -> Result<(), Failure> {
        let headers = self.codes.headers();
        let states = context.code_states(vault, headers.iter())?;
        let mut entries = self.entries;
        entries.retain(|(_, code)| filter.accepts(states.of(&headers[*code])));
        let read = |(entry, code): (Entry, usize)| {
            let function = FunctionName {
                package: headers[code].package.clone(),
                path: headers[code].function.clone(),
            };
            Listed::read(vault, function, entry)
        };
        reading::each(context.shell, entries.into_iter(), read, found)
    }
}

/// The names that are asked for, and those that there are.
struct Names<'s> {
    /// Those of a condition that have not been found so far.
    unknown: BTreeSet<&'s str>,
    /// What results are to be ordered by, unless that has been found.
    order: Option<&'s str>,
    known: BTreeSet<String>,
    /// Whether there is a result that could have them.
    any: bool,
    /// Whether there is one of a program, which could have metrics.
    runs: bool,
}

impl<'s> Names<'s> {
    fn asked_by(selection: &'s Selection) -> Self {
        let names = selection.condition.as_ref().map(Condition::names);
        Self {
            unknown: names.unwrap_or_default().into_iter().collect(),
            order: selection.order.as_deref(),
            known: BTreeSet::new(),
            any: false,
            runs: false,
        }
    }

    fn look_at(&mut self, listed: &Listed) {
        if self.unknown.is_empty() && self.order.is_none() {
            return;
        }
        self.any |= listed.head.is_ok();
        self.runs |= listed.run().is_some();
        for name in listed.names() {
            if self.known.contains(name) {
                continue;
            }
            self.unknown.retain(|asked| {
                let rest = bare(asked).strip_prefix(name);
                !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            self.known.insert(name.to_owned());
        }
        let is_there = |asked: &str| value_under(asked, |name| listed.value(name)).is_some();
        self.order = self.order.filter(|asked| !is_there(asked));
    }

    /// Says of names that no result has that they may be slips.
    fn warn_of_unknown(&self, context: &Context<'_>) {
        if !self.any {
            return;
        }
        let known = || self.known.iter().map(String::as_str);
        let what = match self.runs {
            true => "argument or metric",
            false => "argument",
        };
        for name in &self.unknown {
            context.shell.warn(&format!(
                "none of these results has an {what} `{}`: there are {}{}",
                escape(name),
                enumerated(known()),
                suggest::question(suggest::nearest(name, known()))
            ));
        }
        if let Some(name) = self.order {
            let keys = Sort::KEYS.iter().map(|(key, _)| *key);
            context.shell.warn(&format!(
                "none of these results has an {what} `{}` to order by: there are {}, and the \
                 keys {}{}",
                escape(name),
                enumerated(known()),
                enumerated(keys.clone()),
                suggest::question(suggest::nearest(name, known().chain(keys)))
            ));
        }
    }
}

/// `layers, lr`
fn enumerated<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(escape).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}
