//! What a list of results looks like: for people, programs and spreadsheets.

use memo_runtime::run::Metric;
use serde::{Serialize, Serializer};

use super::pages::{Columns, Pages};
use crate::code_state;
use crate::commands::Context;
use crate::listing::{Listed, State, arguments_text, typed};
use crate::render::{
    Column, EntryDocument, LongDocument, Metrics, Table, csv_rows, duration, line, number, rfc3339,
    rounded, seconds, size,
};

/// A list that is written a page at a time.
pub(super) trait Form {
    /// What comes first.
    fn begin(&mut self, context: &Context<'_>, about: &Pages) -> String;
    /// Some results.
    fn page(&mut self, context: &Context<'_>, about: &Pages, results: &[Listed]) -> String;
    /// What comes last.
    fn end(&mut self) -> String;
}

/// For people. The first page says how wide the columns are.
#[derive(Default)]
pub(super) struct Tables {
    columns: Option<Vec<Column>>,
}

impl Form for Tables {
    fn begin(&mut self, _: &Context<'_>, _: &Pages) -> String {
        String::new()
    }

    fn page(&mut self, context: &Context<'_>, about: &Pages, results: &[Listed]) -> String {
        let columns = self.columns.take();
        let first = columns.is_none();
        let mut table = Table::new(columns.unwrap_or_else(|| self::columns(about)));
        for one in results {
            let cells = cells(context, about, one);
            match one.state(context.calendar.now) {
                State::Valid => table.row(cells),
                State::Expired => table.faint_row(cells),
                State::Damaged | State::Newer | State::Unreadable => table.odd_row(cells),
            }
        }
        self.columns = Some(table.columns_to_go_on(context.width));
        if first {
            table.render(context.width)
        } else {
            table.render_rows(context.width)
        }
    }

    fn end(&mut self) -> String {
        String::new()
    }
}

fn columns(about: &Pages) -> Vec<Column> {
    let mut columns = vec![Column::text("ID")];
    match &about.columns {
        Some(own) => {
            columns.extend(own.arguments.iter().map(|name| Column::text(name).cut()));
            columns.extend(own.metric_titles().map(|title| Column::number(&title)));
        }
        None => {
            columns.extend(["function", "arguments"].map(|title| Column::text(title).cut()));
            columns.extend(about.runs.metrics.then(|| Column::text("metrics").cut()));
        }
    }
    columns.extend(about.runs.failed.then(|| Column::number("exit")));
    columns.extend([Column::number("size").spare(), Column::number("took")]);
    if about.states {
        columns.push(Column::text("state"));
    }
    if about.has_codes() {
        columns.push(Column::text("code"));
    }
    columns.extend([Column::text("created"), Column::text("last used").spare()]);
    columns
}

fn cells(context: &Context<'_>, about: &Pages, one: &Listed) -> Vec<String> {
    let key = &one.entry.key;
    let mut cells = vec![match context.verbose {
        true => key.to_hex(),
        false => about.ids.of_key(key),
    }];
    let shown = if context.verbose { number } else { rounded };
    match &about.columns {
        Some(own) => {
            cells.extend(arguments(one, own));
            cells.extend(metrics(one, own, shown));
        }
        None => {
            cells.push(about.names.of(&one.function).to_owned());
            cells.push(call(context, one));
            let metrics = one.run().map(|run| metrics_text(&run.metrics, shown));
            cells.extend(about.runs.metrics.then(|| metrics.unwrap_or_default()));
        }
    }
    cells.extend(about.runs.failed.then(|| exit_code(one)));
    cells.push(size(one.entry.bytes));
    cells.push(one.duration().map(duration).unwrap_or_default());
    if about.states {
        let state = one.state(context.calendar.now);
        let word = (state != State::Valid).then(|| state.word());
        cells.push(word.unwrap_or_default().to_owned());
    }
    if about.has_codes() {
        cells.push(code_state::cell(about.code(one)));
    }
    let created = one.created().map(|time| context.moment(time));
    cells.push(created.unwrap_or_default());
    cells.push(context.moment(one.last_used()));
    cells
}

/// For programs: one document.
#[derive(Default)]
pub(super) struct Json {
    document: LongDocument,
}

impl Form for Json {
    fn begin(&mut self, _: &Context<'_>, _: &Pages) -> String {
        self.document.begin("list", "entries")
    }

    fn page(&mut self, context: &Context<'_>, about: &Pages, results: &[Listed]) -> String {
        let documents = results.iter().map(|one| {
            let id = about.ids.of_key(&one.entry.key);
            EntryDocument::new(one, id, about.code(one), context.calendar.now)
        });
        self.document.items(documents)
    }

    fn end(&mut self) -> String {
        self.document.end()
    }
}

/// For spreadsheets.
pub(super) struct Csv;

const CSV_COLUMNS: [&str; 9] = [
    "key",
    "function",
    "package",
    "state",
    "code_state",
    "bytes",
    "took_seconds",
    "created",
    "last_used",
];

impl Form for Csv {
    fn begin(&mut self, _: &Context<'_>, about: &Pages) -> String {
        let mut header = CSV_COLUMNS.map(str::to_owned).to_vec();
        header.extend(about.runs.any.then(|| "exit_code".to_owned()));
        match &about.columns {
            Some(own) => {
                header.extend_from_slice(&own.arguments);
                header.extend(own.metric_titles());
            }
            None => {
                header.push("arguments".to_owned());
                header.extend(about.runs.any.then(|| "metrics".to_owned()));
            }
        }
        csv_rows([header])
    }

    fn page(&mut self, context: &Context<'_>, about: &Pages, results: &[Listed]) -> String {
        csv_rows(results.iter().map(|one| {
            let code = about.code(one).map(|code| code.word().to_owned());
            let took = one.duration().map(|nanos| seconds(nanos).to_string());
            let mut row = vec![
                one.entry.key.to_hex(),
                one.function.path.clone(),
                one.function.package.clone(),
                one.state(context.calendar.now).word().to_owned(),
                code.unwrap_or_default(),
                one.entry.bytes.to_string(),
                took.unwrap_or_default(),
                one.created().map(rfc3339).unwrap_or_default(),
                rfc3339(one.last_used()),
            ];
            row.extend(about.runs.any.then(|| exit_code(one)));
            match &about.columns {
                Some(own) => {
                    row.extend(arguments(one, own));
                    row.extend(metrics(one, own, number));
                }
                None => {
                    row.push(object(Arguments(one)));
                    row.extend(about.runs.any.then(|| {
                        one.run()
                            .map_or_else(String::new, |run| object(Metrics(&run.metrics)))
                    }));
                }
            }
            row
        }))
    }

    fn end(&mut self) -> String {
        String::new()
    }
}

/// What is written of a result of any function in one cell.
fn object(values: impl Serialize) -> String {
    line(values).trim_end().to_owned()
}

/// The arguments of a result, in their order, each name once.
struct Arguments<'a>(&'a Listed);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut names: Vec<&str> = Vec::new();
        for argument in self.0.arguments() {
            if !names.contains(&&*argument.name) {
                names.push(&argument.name);
            }
        }
        serializer.collect_map(names.iter().map(|name| (name, self.0.value(name))))
    }
}

/// `lr=0.1, layers=3`
fn call(context: &Context<'_>, one: &Listed) -> String {
    match &one.head {
        Ok(head) if !context.verbose => arguments_text(typed(head)),
        _ => arguments_text(one.arguments()),
    }
}

/// `loss=0.31, accuracy=0.9`
fn metrics_text(metrics: &[Metric], shown: impl Fn(f64) -> String) -> String {
    let texts = metrics.iter();
    let texts = texts.map(|metric| format!("{}={}", metric.name, shown(metric.value)));
    texts.collect::<Vec<_>>().join(", ")
}

/// The cells of arguments, empty where there is none.
fn arguments(one: &Listed, columns: &Columns) -> impl Iterator<Item = String> {
    let names = columns.arguments.iter();
    names.map(|name| one.argument(name).unwrap_or_default().into_owned())
}

/// The cells of metrics, empty where there is none.
fn metrics(
    one: &Listed,
    columns: &Columns,
    shown: impl Fn(f64) -> String,
) -> impl Iterator<Item = String> {
    let names = columns.metrics.iter();
    names.map(move |name| one.metric(name).map(&shown).unwrap_or_default())
}

/// How a program ended; empty for a function.
fn exit_code(one: &Listed) -> String {
    one.run()
        .map_or_else(String::new, |run| run.exit_code.to_string())
}
