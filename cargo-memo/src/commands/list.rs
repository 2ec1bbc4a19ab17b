//! `list`: results with their arguments.

use std::cmp::Reverse;

use memo_runtime::manage::{Argument, Header, Vault};
use serde::Serialize;

use super::{Context, Verdict};
use crate::cli::{Format, ListOptions, Sort};
use crate::code_state::{self, CodeState, CodeStates};
use crate::failure::Failure;
use crate::listing::{self, Ids, Listed, ShortNames, State, arguments_text, is_named};
use crate::render::{
    Column, EntryDocument, Table, csv_rows, document, duration, escape, rfc3339, seconds, size,
};

/// Results in the order in which they are shown.
#[derive(Debug, Default)]
struct Listing {
    results: Vec<Listed>,
    ids: Ids,
    /// The names of arguments, where all results are of one function.
    arguments: Option<Vec<String>>,
    codes: CodeStates,
}

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &ListOptions) -> Result<Verdict, Failure> {
    let listing = match &context.vault {
        Some(vault) => Listing::read(context, vault, options)?,
        None => Listing::default(),
    };
    if context.format == Format::Table && listing.results.is_empty() {
        note_nothing(context, options)?;
        return Ok(Verdict::Done);
    }
    context.shell.print(&match context.format {
        Format::Table => listing.table(context),
        Format::Json => listing.json(context),
        Format::Csv => listing.csv(context),
    })?;
    Ok(Verdict::Done)
}

/// Says why there is nothing to show.
fn note_nothing(context: &Context<'_>, options: &ListOptions) -> Result<(), Failure> {
    let any = match &context.vault {
        Some(vault) => !vault.functions()?.is_empty(),
        None => false,
    };
    match &options.function {
        Some(function) if any => context.shell.note(&format!(
            "no results of a function `{}` in the store {}: `cargo memo status` shows the \
             functions",
            escape(function),
            context.quoted_dir()
        )),
        _ => context.note_empty(),
    }
    Ok(())
}

impl Listing {
    fn read(context: &Context<'_>, vault: &Vault, options: &ListOptions) -> Result<Self, Failure> {
        let asked = options.function.as_deref();
        let mut results = listing::results(vault, |function| {
            asked.is_none_or(|asked| is_named(&function.path, asked))
        })?;
        sort(&mut results, options.sort);
        let arguments = asked.and_then(|_| argument_names(&results));
        results.truncate(options.limit.unwrap_or(usize::MAX));
        let headers = results.iter().filter_map(header);
        Ok(Self {
            codes: context.code_states(vault, headers)?,
            results,
            ids: Ids::of(vault)?,
            arguments,
        })
    }

    fn code(&self, one: &Listed) -> Option<CodeState> {
        self.codes.of(header(one)?)
    }

    fn table(&self, context: &Context<'_>) -> String {
        let names = ShortNames::new(
            self.results.iter().map(|one| &one.function),
            context.verbose,
        );
        let now = context.calendar.now;
        let states = self
            .results
            .iter()
            .any(|one| one.state(now) != State::Valid);
        let mut columns = vec![Column::text("ID")];
        match &self.arguments {
            Some(arguments) => {
                columns.extend(arguments.iter().map(|name| Column::text(name).cut()));
            }
            None => {
                columns.extend(["function", "arguments"].map(|title| Column::text(title).cut()))
            }
        }
        columns.extend(["size", "took"].map(Column::number));
        if states {
            columns.push(Column::text("state"));
        }
        let codes = !self.codes.is_empty();
        if codes {
            columns.push(Column::text("code"));
        }
        columns.push(Column::text("created"));
        columns.push(Column::text("last used").spare());

        let mut table = Table::new(columns);
        for one in &self.results {
            let state = one.state(now);
            let id = if context.verbose {
                one.entry.key.to_hex()
            } else {
                self.ids.of_key(&one.entry.key)
            };
            let mut cells = vec![id];
            match &self.arguments {
                Some(arguments) => cells.extend(texts(one, arguments)),
                None => cells.extend([
                    names.of(&one.function).to_owned(),
                    arguments_text(arguments(one)),
                ]),
            }
            cells.push(size(one.entry.bytes));
            cells.push(one.duration().map_or_else(String::new, duration));
            if states {
                cells.push(
                    if state == State::Valid {
                        ""
                    } else {
                        state.word()
                    }
                    .to_owned(),
                );
            }
            if codes {
                cells.push(code_state::cell(self.code(one)));
            }
            cells.push(
                one.created()
                    .map_or_else(String::new, |time| context.moment(time)),
            );
            cells.push(context.moment(one.entry.last_used));
            match state {
                State::Valid => table.row(cells),
                State::Expired => table.faint_row(cells),
                State::Damaged | State::Newer | State::Unreadable => table.odd_row(cells),
            }
        }
        table.render(context.width)
    }

    fn json(&self, context: &Context<'_>) -> String {
        let entries = self.results.iter().map(|one| {
            let id = self.ids.of_key(&one.entry.key);
            EntryDocument::new(one, id, self.code(one), context.calendar.now)
        });
        let entries = entries.collect();
        document("list", ListDocument { entries })
    }

    fn csv(&self, context: &Context<'_>) -> String {
        let fixed = [
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
        let together = ["arguments".to_owned()];
        let mut header = fixed.map(str::to_owned).to_vec();
        header.extend_from_slice(self.arguments.as_deref().unwrap_or(&together));
        let rows = self.results.iter().map(|one| {
            let mut row = vec![
                one.entry.key.to_hex(),
                one.function.path.clone(),
                one.function.package.clone(),
                one.state(context.calendar.now).word().to_owned(),
                self.code(one)
                    .map_or_else(String::new, |code| code.word().to_owned()),
                one.entry.bytes.to_string(),
                one.duration()
                    .map_or_else(String::new, |nanos| seconds(nanos).to_string()),
                one.created().map_or_else(String::new, rfc3339),
                rfc3339(one.entry.last_used),
            ];
            match &self.arguments {
                Some(arguments) => row.extend(texts(one, arguments)),
                None => row.push(arguments_text(arguments(one))),
            }
            row
        });
        csv_rows(std::iter::once(header).chain(rows))
    }
}

#[derive(Serialize)]
struct ListDocument<'a> {
    entries: Vec<EntryDocument<'a>>,
}

fn sort(results: &mut [Listed], by: Sort) {
    // Equal ones are put in one order, whatever the directory's is.
    results.sort_by_key(|one| (Reverse(one.created()), one.entry.key));
    match by {
        Sort::Created => {}
        Sort::Used => results.sort_by_key(|one| Reverse(one.entry.last_used)),
        Sort::Size => results.sort_by_key(|one| Reverse(one.entry.bytes)),
        Sort::Duration => results.sort_by_key(|one| Reverse(one.duration())),
        Sort::Function => results.sort_by(|one, other| one.function.cmp(&other.function)),
    }
}

fn header(one: &Listed) -> Option<&Header> {
    one.head.as_ref().ok().map(|head| &head.header)
}

fn arguments(one: &Listed) -> &[Argument] {
    header(one).map_or(&[], |header| &header.arguments)
}

/// All argument names that occur, if all results are of one function.
fn argument_names(results: &[Listed]) -> Option<Vec<String>> {
    let first = results.first()?;
    if results.iter().any(|one| one.function != first.function) {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for argument in results.iter().flat_map(arguments) {
        if !names.contains(&argument.name) {
            names.push(argument.name.clone());
        }
    }
    Some(names)
}

/// The values of the arguments `names`, empty where there is none.
fn texts(one: &Listed, names: &[String]) -> impl Iterator<Item = String> {
    names.iter().map(|name| {
        let argument = arguments(one)
            .iter()
            .find(|argument| argument.name == *name);
        argument.map_or_else(String::new, |argument| argument.text.clone())
    })
}
