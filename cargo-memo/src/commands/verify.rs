//! `verify`: reads every result whole and compares it with its digests.

mod document;

use memo_runtime::manage::{Repaired, Report, Unreadable, Vault};

use super::{Context, Verdict};
use crate::cli::{Format, VerifyOptions};
use crate::failure::Failure;
use crate::listing::{Ids, ShortNames};
use crate::progress::{Measure, Progress};
use crate::render::{Column, Table, count, escape, size};
use crate::selection::Selection;
use crate::set_aside;

/// Of files that are none of the store's, so many are named.
const NAMED: usize = 3;

/// What was found, and what was done about it.
#[derive(Debug, Default)]
struct Answer {
    report: Report,
    repaired: Option<Repaired>,
    ids: Ids,
}

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &VerifyOptions) -> Result<Verdict, Failure> {
    let Some(vault) = &context.vault else {
        if context.format == Format::Json {
            context.shell.print(&Answer::default().json(context))?;
        }
        context.note_empty();
        return Ok(Verdict::Done);
    };
    let report = check(context, vault, options)?;
    let repaired = (options.repair && !report.stopped).then(|| vault.repair(&report));
    let ids = if report.amiss.is_empty() {
        Ids::default()
    } else {
        Ids::of(vault)?
    };
    let answer = Answer {
        report,
        repaired,
        ids,
    };
    context.shell.print(&match context.format {
        Format::Json => answer.json(context),
        Format::Table | Format::Csv => answer.table(context),
    })?;
    answer.verdict(context)
}

fn check(context: &Context<'_>, vault: &Vault, options: &VerifyOptions) -> Result<Report, Failure> {
    let begin = || Progress::begin(context.shell, "checking", Measure::Bytes);
    if options.targets.is_empty() {
        return Ok(vault.verify(&begin())?);
    }
    let selection = Selection {
        targets: options.targets.clone(),
        ..Selection::default()
    };
    let mut entries = Vec::new();
    selection.each_entry(context, vault, |function, entry| {
        entries.push((function.clone(), entry));
    })?;
    Ok(vault.verify_entries(entries, &begin()))
}

/// What is the matter with an entry.
fn problem(problem: &Unreadable) -> String {
    match problem {
        Unreadable::Damaged(fault) => fault.clone(),
        Unreadable::Newer(version) => format!("it has format {version}, of a later version"),
        Unreadable::System(error) => format!("it cannot be read: {error}"),
    }
}

impl Answer {
    fn number(&self, is_such: impl Fn(&Unreadable) -> bool) -> usize {
        let amiss = self.report.amiss.iter();
        amiss.filter(|amiss| is_such(&amiss.problem)).count()
    }

    fn damaged(&self) -> usize {
        self.report.damaged().count()
    }

    fn unreadable(&self) -> usize {
        self.number(|problem| matches!(problem, Unreadable::System(_)))
    }

    fn newer(&self) -> usize {
        self.number(|problem| matches!(problem, Unreadable::Newer(_)))
    }

    fn table(&self, context: &Context<'_>) -> String {
        let report = &self.report;
        let functions = report.amiss.iter().map(|amiss| &amiss.function);
        let functions = functions.chain(report.lists.iter().map(|list| &list.function));
        let names = ShortNames::new(functions, context.verbose);
        let mut table = Table::new([
            Column::text("ID"),
            Column::text("function").cut(),
            Column::number("size"),
            Column::text("problem"),
        ]);
        for amiss in &report.amiss {
            let key = &amiss.entry.key;
            table.row([
                if context.verbose {
                    key.to_hex()
                } else {
                    self.ids.of_key(key)
                },
                names.of(&amiss.function).to_owned(),
                size(amiss.entry.bytes),
                problem(&amiss.problem),
            ]);
        }
        for list in &report.lists {
            table.row([
                String::new(),
                names.of(&list.function).to_owned(),
                String::new(),
                format!("of a list of its code: {}", list.problem),
            ]);
        }
        let mut text = String::new();
        if !report.amiss.is_empty() || !report.lists.is_empty() {
            text = table.render(context.width);
            text.push('\n');
        }
        if !report.stopped {
            text.push_str(&self.summary());
        }
        if let Some(repaired) = &self.repaired {
            text.push_str(&repair(context, repaired));
        }
        text
    }

    /// `checked 3 entries, 2.9 kB: 1 is damaged`
    fn summary(&self) -> String {
        let nothing = self.report.lists.is_empty() && self.report.files.is_empty();
        if self.report.entries == 0 && nothing {
            return "nothing to check\n".to_owned();
        }
        let entries = count(self.entries(), "entry", "entries");
        let read = size(self.report.bytes);
        let judgement = self.judgement();
        let judgement = judgement.as_deref().unwrap_or("all whole");
        format!("checked {entries}, {read}: {judgement}\n")
    }

    fn entries(&self) -> usize {
        usize::try_from(self.report.entries).unwrap_or(usize::MAX)
    }

    /// What is wrong, if something is.
    fn judgement(&self) -> Option<String> {
        let parts = [
            (self.damaged(), "is damaged", "are damaged"),
            (self.unreadable(), "cannot be read", "cannot be read"),
            (
                self.newer(),
                "is of a later version",
                "are of a later version",
            ),
            (
                self.report.lists.len(),
                "list of code is damaged",
                "lists of code are damaged",
            ),
            (
                self.report.files.len(),
                "file is damaged",
                "files are damaged",
            ),
        ];
        let parts = parts.into_iter().filter(|(number, ..)| *number > 0);
        let parts: Vec<String> = parts
            .map(|(number, one, many)| count(number, one, many))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What remains to be said, and how the verb ends.
    fn verdict(&self, context: &Context<'_>) -> Result<Verdict, Failure> {
        let report = &self.report;
        if report.stopped {
            return Err(self.interrupted());
        }
        self.warn_of_strangers(context);
        let broken = self.damaged() + report.lists.len() + report.files.len();
        match &self.repaired {
            Some(repaired) => {
                for error in &repaired.failed {
                    context.shell.error(&escape(&error.to_string()));
                }
            }
            None if broken > 0 => context.shell.note(
                "`cargo memo verify --repair` moves damaged entries out of the way; their values \
                 are computed again when they are wanted",
            ),
            None => {
                let aside = context.vault.as_ref().map(Vault::moved_aside);
                if let Some(aside) = aside.filter(|aside| aside.entries > 0) {
                    let words = set_aside::in_words(aside.entries, &context.place.dir);
                    context.shell.note(&words);
                }
            }
        }
        let mended = self
            .repaired
            .as_ref()
            .is_some_and(|repaired| repaired.failed.is_empty());
        if self.unreadable() > 0 || broken > 0 && !mended {
            return Ok(Verdict::Findings);
        }
        Ok(Verdict::Done)
    }

    /// How far it came. What was found by then is not repaired.
    fn interrupted(&self) -> Failure {
        let planned = usize::try_from(self.report.planned).unwrap_or(usize::MAX);
        let mut message = format!(
            "interrupted: checked {} {}",
            count(self.entries(), "of", "of"),
            count(planned, "entry", "entries")
        );
        if let Some(judgement) = self.judgement() {
            message.push_str(": ");
            message.push_str(&judgement);
        }
        Failure::Interrupted(message)
    }

    fn warn_of_strangers(&self, context: &Context<'_>) {
        let strangers = &self.report.strangers;
        if strangers.is_empty() {
            return;
        }
        let most = if context.verbose { usize::MAX } else { NAMED };
        let shown = strangers.len().min(most);
        let mut names: Vec<String> = strangers[..shown]
            .iter()
            .map(|path| format!("`{}`", escape(path)))
            .collect();
        match strangers.len() - shown {
            0 => {}
            more => names.push(format!("and {more} more (-v names them)")),
        }
        let what = match strangers.len() {
            1 => "this in the store is none of its files and is left alone",
            _ => "these in the store are none of its files and are left alone",
        };
        context.shell.warn(&format!("{what}: {}", names.join(", ")));
    }
}

/// What a repair came to.
fn repair(context: &Context<'_>, repaired: &Repaired) -> String {
    let mut done = Vec::new();
    let moved = [
        (repaired.entries, "entry", "entries"),
        (repaired.files, "file", "files"),
    ];
    let moved = moved.into_iter().filter(|(number, ..)| *number > 0);
    let moved: Vec<String> = moved
        .map(|(number, one, many)| count(number, one, many))
        .collect();
    if !moved.is_empty() {
        let damaged = escape(&context.place.dir.join("damaged").to_string_lossy());
        done.push(format!("moved {} to `{damaged}`", moved.join(" and ")));
    }
    if repaired.lists > 0 {
        let lists = count(repaired.lists, "list of code", "lists of code");
        done.push(format!("removed {lists}"));
    }
    if repaired.gone > 0 {
        done.push(format!("{} had gone by then", repaired.gone));
    }
    if done.is_empty() && repaired.failed.is_empty() {
        done.push("nothing to repair".to_owned());
    }
    match done.as_slice() {
        [] => String::new(),
        done => format!("{}\n", done.join(", ")),
    }
}
