//! What a list of results looks like: for people, programs and spreadsheets.

use memo_runtime::manage::Argument;
use serde::{Serialize, Serializer};

use super::pages::Pages;
use crate::code_state;
use crate::commands::Context;
use crate::listing::{Listed, State, arguments_text};
use crate::render::{
    Column, EntryDocument, LongDocument, Table, csv_rows, duration, line, rfc3339, seconds, size,
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
    match &about.arguments {
        Some(names) => columns.extend(names.iter().map(|name| Column::text(name).cut())),
        None => columns.extend(["function", "arguments"].map(|title| Column::text(title).cut())),
    }
    columns.extend(["size", "took"].map(Column::number));
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
    match &about.arguments {
        Some(names) => cells.extend(texts(one, names)),
        None => cells.extend([
            about.names.of(&one.function).to_owned(),
            arguments_text(one.arguments()),
        ]),
    }
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
        match &about.arguments {
            Some(names) => header.extend_from_slice(names),
            None => header.push("arguments".to_owned()),
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
            match &about.arguments {
                Some(names) => row.extend(texts(one, names)),
                None => row.push(line(Arguments(one.arguments())).trim_end().to_owned()),
            }
            row
        }))
    }

    fn end(&mut self) -> String {
        String::new()
    }
}

/// The arguments of a result of any function, in their order.
struct Arguments<'a>(&'a [Argument]);

impl Serialize for Arguments<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let arguments = self.0.iter();
        serializer.collect_map(arguments.map(|argument| (&argument.name, &argument.text)))
    }
}

/// The values of the arguments `names`, empty where there is none.
fn texts(one: &Listed, names: &[String]) -> impl Iterator<Item = String> {
    names.iter().map(|name| {
        let argument = one.arguments().iter().find(|one| one.name == *name);
        argument.map_or_else(String::new, |argument| argument.text.clone())
    })
}
