//! `show`: one result in full.

mod content;
mod fields;
mod found;
mod json_value;
mod text_value;

use serde::Serialize;

use super::{Context, Verdict};
use crate::cli::{Format, ShowOptions};
use crate::failure::Failure;
use crate::render::{Column, EntryDocument, ExecutionDocument, Table, document, rfc3339, took};
use content::ContentDocument;
use found::Found;

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &ShowOptions) -> Result<Verdict, Failure> {
    let found = Found::find(context, options)?;
    match (context.format, options.value) {
        (Format::Json, false) => context.shell.print(&found.json(context, None))?,
        (Format::Json, true) => content::json(context, &found)?,
        (_, false) => context.shell.print(&found.tables(context))?,
        (_, true) => content::text(context, &found)?,
    }
    Ok(match found.problem {
        None => Verdict::Done,
        Some(_) => Verdict::Findings,
    })
}

impl Found {
    fn tables(&self, context: &Context<'_>) -> String {
        let mut text = fields::of(context, self).render();
        if !self.uses.last.is_empty() {
            text.push('\n');
            text.push_str(&self.history(context));
        }
        text
    }

    fn history(&self, context: &Context<'_>) -> String {
        let mut table = Table::new([
            Column::text("last executions"),
            Column::text("outcome"),
            Column::number("took"),
            Column::text("cause"),
        ]);
        for execution in &self.uses.last {
            table.row([
                context.calendar.exact(execution.time),
                execution.outcome.word().to_owned(),
                took(execution),
                execution.cause.words().to_owned(),
            ]);
        }
        table.render(context.width)
    }

    fn json(&self, context: &Context<'_>, value: Option<ContentDocument>) -> String {
        let id = self.id.clone();
        document(
            "show",
            ShowDocument {
                entry: EntryDocument::new(&self.listed, id, self.code, context.calendar.now),
                file: self.file.to_string_lossy().into_owned(),
                check: CheckDocument {
                    whole: self.problem.is_none(),
                    problem: self.problem.as_deref(),
                },
                hits: self.uses.hits,
                last_hit: self.uses.last_hit.map(rfc3339),
                executions: self.uses.last.iter().map(ExecutionDocument::new).collect(),
                value,
            },
        )
    }
}

#[derive(Serialize)]
struct ShowDocument<'a> {
    entry: EntryDocument<'a>,
    file: String,
    check: CheckDocument<'a>,
    hits: u64,
    last_hit: Option<String>,
    executions: Vec<ExecutionDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ContentDocument>,
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    whole: bool,
    problem: Option<&'a str>,
}
