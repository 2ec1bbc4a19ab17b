//! An explanation on one screen: what happened and why, what differs, and
//! from what.

use memo_runtime::Digest;
use memo_runtime::manage::{
    Argument, ArgumentChange, Explanation, NotKept, Outcome, ReadEntry, Reason,
};

use super::code::CodeChange;
use super::differing::{self, Share};
use super::{Told, words};
use crate::commands::Context;
use crate::listing::{arguments_text, typed};
use crate::render::{Annotated, Column, count, differing_parts, duration, paragraph};

/// How far the lines below the first are indented.
const INDENT: usize = 2;
/// The longest text of a call in a sentence.
const LONGEST_CALL: usize = 100;
/// The room for a value where output is not cut.
const COLUMNS: usize = 100;

/// The text of an explanation.
pub(super) fn text(context: &Context<'_>, told: &Told) -> String {
    let page = Page { context, told };
    let change = told.code.as_ref().and_then(|code| code.change());
    let mut text = paragraph(&page.headline(change.as_ref()), INDENT, context.width);
    text.push_str(&page.settings().render(context.width));
    if let Some(change) = &change {
        let share = Share::new(context.verbose);
        text.push_str(&differing::render(change, share, context.width));
    }
    for sentences in [page.rest(change.as_ref()), page.afterwards()] {
        if !sentences.is_empty() {
            text.push_str(&paragraph(&sentences.join(" "), 0, context.width));
        }
    }
    text
}

struct Page<'a> {
    context: &'a Context<'a>,
    told: &'a Told,
}

impl Page<'_> {
    fn explanation(&self) -> &Explanation {
        &self.told.explanation
    }

    /// The ID of a result, or the whole key.
    fn id(&self, key: &Digest) -> String {
        if self.context.verbose {
            key.to_hex()
        } else {
            self.told.ids.of_key(key)
        }
    }

    /// `train(lr=0.1, layers=3)`, or with its ID where nothing else is known
    /// of it.
    fn call(&self, entry: Option<&ReadEntry>) -> String {
        let computation = &self.explanation().computation;
        let name = self.told.names.of(&computation.function);
        let Some(entry) = entry else {
            let id = self.id(&computation.key);
            return format!("{name}(…), {id},");
        };
        let mut call = format!("{name}({})", arguments_text(typed(&entry.head)));
        if !self.context.verbose
            && let Some((end, _)) = call.char_indices().nth(LONGEST_CALL)
        {
            call.truncate(end);
            call.push_str("…)");
        }
        call
    }

    /// What happened, and why.
    fn headline(&self, change: Option<&CodeChange<'_>>) -> String {
        let Explanation {
            computation,
            reasons,
            ..
        } = self.explanation();
        let call = self.call(computation.entry.as_ref());
        let when = self.context.moment_in_words(computation.ended);
        if reasons.contains(&Reason::Inserted) {
            return format!("{call} was handed over by the program {when}, and not computed");
        }
        let took = duration(computation.duration);
        let (happened, because) = match (computation.outcome, computation.not_kept) {
            (_, Some(NotKept::Cancelled)) => ("was given up", "; it was computed because"),
            (_, Some(NotKept::ExitCode)) => ("exited with an error", "; it was run because"),
            (_, Some(NotKept::Signal)) => ("was ended by a signal", "; it was run because"),
            (_, Some(NotKept::TimedOut)) => ("took longer than allowed", "; it was run because"),
            (_, Some(NotKept::NoOutput)) => ("did not leave its outputs", "; it was run because"),
            (_, Some(NotKept::Edited)) => ("was edited while it ran", "; it was run because"),
            (Outcome::Error, _) => ("came to an error", "; it was computed because"),
            (Outcome::Panic, _) => ("panicked", "; it was computed because"),
            _ => ("was computed", " because"),
        };
        let happened = format!("{call} {happened} {when} ({took})");
        match words::clause(reasons, change) {
            Some(clause) => format!("{happened}{because} {clause}"),
            None => format!("{happened}; why cannot be told"),
        }
    }

    /// Settings and arguments that differ.
    fn settings(&self) -> Annotated {
        let mut rows = named_rows();
        for reason in &self.explanation().reasons {
            let (name, change) = match reason {
                Reason::Arguments(changes) => {
                    let (shown, left_out) = Share::new(self.context.verbose).of(changes.len());
                    for change in &changes[..shown] {
                        self.argument(change, &mut rows);
                    }
                    if left_out == 0 {
                        continue;
                    }
                    ("…", count(left_out, "more differs", "more differ"))
                }
                Reason::TypeArguments { before, after } => {
                    let [before, after] =
                        [before, after].map(|path| path.as_deref().unwrap_or("none"));
                    ("type arguments", arrow(before, after))
                }
                Reason::Version { before, after } => ("version", arrow(before, after)),
                Reason::Level { before, after } => {
                    ("code level", arrow(before.name(), after.name()))
                }
                Reason::ValueType { before, after } if before == after => {
                    ("result", format!("{after}, which is made up otherwise"))
                }
                Reason::ValueType { before, after } => ("result", arrow(before, after)),
                _ => continue,
            };
            rows.row([name.to_owned(), change], Vec::new());
        }
        rows
    }

    fn argument(&self, change: &ArgumentChange, rows: &mut Annotated) {
        let (before, after) = match (&change.before, &change.after) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(Argument { name, text, .. })) => {
                return rows.row([name.clone(), format!("{text}  new")], Vec::new());
            }
            (Some(Argument { name, text, .. }), None) => {
                return rows.row([name.clone(), format!("{text}  gone")], Vec::new());
            }
            (None, None) => return,
        };
        let name = after.name.clone();
        if before.text == after.text {
            let differs = format!("{}, which differs in what is not shown", after.text);
            return rows.row([name, differs], Vec::new());
        }
        let columns = if self.context.verbose {
            usize::MAX
        } else {
            let width = self.context.width.unwrap_or(COLUMNS);
            width.saturating_sub(10 + name.len())
        };
        let whole = before.text.chars().count() + after.text.chars().count();
        if whole <= columns {
            return rows.row([name, arrow(&before.text, &after.text)], Vec::new());
        }
        let (before, after) = differing_parts(&before.text, &after.text, columns);
        rows.row([name, format!("  {before}")], Vec::new());
        rows.row([String::new(), format!("→ {after}")], Vec::new());
    }

    /// What is the same, what is nearest, and what reasons leave open.
    fn rest(&self, change: Option<&CodeChange<'_>>) -> Vec<String> {
        let explanation = self.explanation();
        let mut sentences = Vec::new();
        for reason in &explanation.reasons {
            let entry = explanation.computation.entry.as_ref();
            let ttl = entry.map(|entry| entry.head.ttl).filter(|ttl| *ttl > 0);
            // How a program compares to its recording, whoever ran it has said.
            let is_run = entry.is_some_and(|entry| entry.head.run.is_some());
            if is_run && matches!(reason, Reason::Checked { .. }) {
                continue;
            }
            let when = |moment| self.context.moment_in_words(moment);
            sentences.extend(words::sentence(reason, when, ttl.map(duration)));
        }
        sentences.extend(self.about_code(change));
        if let Some(nearest) = &explanation.nearest {
            sentences.push(format!(
                "The nearest earlier entry is {} ({}, {}).",
                self.id(&nearest.entry.key),
                self.context.moment(nearest.head.created),
                self.call(Some(nearest))
            ));
        }
        sentences
    }

    fn about_code(&self, change: Option<&CodeChange<'_>>) -> Option<String> {
        let nearest = self.explanation().nearest.as_ref()?;
        self.told.code.as_ref()?;
        match change {
            Some(change) if change.is_empty() => Some(words::PROGRAM_COUNTS.to_owned()),
            Some(change) if change.list.same_items > 0 => {
                let other = if change.list.items.is_empty() {
                    ""
                } else {
                    "other "
                };
                let (one, many) = (format!("{other}item is"), format!("{other}items are"));
                let same = count(change.list.same_items, &one, &many);
                Some(format!("{same} the same."))
            }
            Some(_) => None,
            None => Some(words::code_not_there(nearest.head.header.code_level).to_owned()),
        }
    }

    /// What became of the result.
    fn afterwards(&self) -> Vec<String> {
        let computation = &self.explanation().computation;
        let when = |moment| self.context.moment_in_words(moment);
        let mut sentences = Vec::new();
        // Of the call before it has been told why.
        let told = |why: NotKept| {
            let reasons = &self.explanation().reasons;
            let is_told = |reason: &Reason| matches!(reason, Reason::NotKept { why: told, .. } if *told == why);
            reasons.iter().any(is_told)
        };
        sentences.extend(computation.not_kept.map(|why| {
            let sentence = match told(why) {
                true => words::NEITHER_KEPT,
                false => words::not_kept(why),
            };
            sentence.to_owned()
        }));
        sentences.extend(
            computation
                .removed
                .map(|removal| words::removed(&removal, when)),
        );
        sentences
    }
}

/// No rows yet of a name and what it changed to.
pub(super) fn named_rows() -> Annotated {
    Annotated::new([Column::text("").cut(), Column::text("").cut()])
}

/// `0.1 → 0.2`
pub(super) fn arrow(before: impl std::fmt::Display, after: impl std::fmt::Display) -> String {
    format!("{before} → {after}")
}
