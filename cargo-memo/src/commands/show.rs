//! `show`: one result in full.

mod content;
mod fields;
mod found;
mod json_value;
mod recording;
mod text_value;

use serde::Serialize;

use super::{Context, Verdict};
use crate::cli::{Format, ShowOptions};
use crate::failure::Failure;
use crate::render::{
    Column, EntryDocument, ExecutionDocument, Table, document, outcome, rfc3339, took,
};
use content::ContentDocument;
use found::Found;
use recording::{LogDocument, RecordingDocument};

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &ShowOptions) -> Result<Verdict, Failure> {
    let found = Found::find(context, options)?;
    match (context.format, Wanted::of(options)) {
        (Format::Json, Wanted::All) => context.shell.print(&found.json(context, None, None))?,
        (Format::Json, Wanted::Value) => content::json(context, &found)?,
        (Format::Json, Wanted::Log) => {
            let log = LogDocument::read(context, &found)?;
            context.shell.print(&found.json(context, None, Some(log)))?;
        }
        (_, Wanted::All) => context.shell.print(&found.tables(context))?,
        (_, Wanted::Value) => content::text(context, &found)?,
        (_, Wanted::Log) => recording::replay(&found)?,
    }
    Ok(match found.problem {
        None => Verdict::Done,
        Some(_) => Verdict::Findings,
    })
}

/// What of the result is wanted.
enum Wanted {
    All,
    Value,
    Log,
}

impl Wanted {
    fn of(options: &ShowOptions) -> Self {
        match (options.value, options.log) {
            (true, _) => Self::Value,
            (_, true) => Self::Log,
            _ => Self::All,
        }
    }
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
                outcome(execution),
                took(execution),
                execution.cause.words().to_owned(),
            ]);
        }
        table.render(context.width)
    }

    fn json(
        &self,
        context: &Context<'_>,
        value: Option<ContentDocument>,
        log: Option<LogDocument>,
    ) -> String {
        let id = self.id.clone();
        let recording = self.recording.as_ref();
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
                recording: recording.map(|recording| RecordingDocument::new(recording, log)),
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
    recording: Option<RecordingDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<ContentDocument>,
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    whole: bool,
    problem: Option<&'a str>,
}
