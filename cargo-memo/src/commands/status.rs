//! `status`: functions, what they keep, and what that has saved.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use memo_runtime::manage::{
    Entry, EntryHead, FlightUnderWay, FunctionName, FunctionStatistics, Vault,
};
use serde::Serialize;

use super::{Context, Verdict};
use crate::cli::Format;
use crate::code_state::{self, CodeState, CodeStates};
use crate::failure::Failure;
use crate::listing::{ID_DIGITS, ShortNames};
use crate::render::{
    Column, Fields, Table, count, document, duration, escape, rfc3339, seconds, size,
};

/// What is known of one function.
#[derive(Debug, Default)]
struct Row {
    entries: usize,
    bytes: u64,
    latest_entry: Option<u64>,
    code: Option<CodeState>,
    statistics: FunctionStatistics,
}

impl Row {
    /// When it was last used. Entries know it to the hour only, and are asked
    /// where the journal is silent.
    fn last_used(&self) -> Option<u64> {
        self.statistics.last_used.or(self.latest_entry)
    }
}

/// What is known of the store.
#[derive(Debug, Default)]
struct Status {
    functions: BTreeMap<FunctionName, Row>,
    total: FunctionStatistics,
    flights: Vec<FlightUnderWay>,
    codes: CodeStates,
}

/// The code of so many results tells that of their function.
const TELLING: usize = 16;

impl Status {
    fn of(context: &Context<'_>, vault: &Vault) -> Result<Self, Failure> {
        let mut functions: BTreeMap<FunctionName, Row> = BTreeMap::new();
        let mut heads = Vec::new();
        for function in vault.functions()? {
            let row = functions
                .entry(function.name.clone().unwrap_or_default())
                .or_default();
            let mut last_used = Vec::new();
            vault.each_entry(&function, |entry| {
                row.entries += 1;
                row.bytes += entry.bytes;
                row.latest_entry = row.latest_entry.max(Some(entry.last_used));
                last_used.push(entry);
                if last_used.len() > 2 * TELLING {
                    keep_last_used(&mut last_used);
                }
            })?;
            keep_last_used(&mut last_used);
            let read = last_used.iter().filter_map(|entry| vault.head(entry).ok()?);
            heads.extend(read);
        }
        let codes = context.code_states(vault, heads.iter().map(|head| &head.header))?;
        for EntryHead { header, .. } in &heads {
            let name = FunctionName {
                package: header.package.clone(),
                path: header.function.clone(),
            };
            if let Some(row) = functions.get_mut(&name) {
                row.code = [row.code, codes.of(header)].into_iter().flatten().min();
            }
        }
        let statistics = vault.statistics()?;
        let total = statistics.total();
        for (name, statistics) in statistics.functions {
            functions.entry(name).or_default().statistics = statistics;
        }
        let mut flights = vault.flights()?;
        flights.sort_by_key(|flight| flight.holder.as_ref().map(|holder| holder.since));
        Ok(Self {
            functions,
            total,
            flights,
            codes,
        })
    }

    fn entries(&self) -> usize {
        self.functions.values().map(|row| row.entries).sum()
    }

    fn bytes(&self) -> u64 {
        self.functions.values().map(|row| row.bytes).sum()
    }
}

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>) -> Result<Verdict, Failure> {
    let status = context
        .vault
        .as_ref()
        .map(|vault| Status::of(context, vault))
        .transpose()?
        .unwrap_or_default();
    let text = match context.format {
        Format::Json => json(context, &status),
        Format::Table | Format::Csv => tables(context, &status),
    };
    context.shell.print(&text)?;
    if context.format == Format::Table && status.entries() == 0 {
        context.note_empty();
    }
    if !status.codes.coarse.is_empty() {
        note_coarse(context, &status.codes.coarse);
    }
    Ok(Verdict::Done)
}

/// Says where more of the code could count.
fn note_coarse(context: &Context<'_>, packages: &BTreeSet<String>) {
    let packages: Vec<String> = packages.iter().map(|name| escape(name)).collect();
    context.shell.note(&format!(
        "of functions in {} only their own code is part of the key: add \
         `memo_build::fingerprint();` to `build.rs`, and what they call is as well",
        packages.join(", ")
    ));
}

/// Leaves the entries that were used last.
fn keep_last_used(entries: &mut Vec<Entry>) {
    entries.sort_by_key(|entry| (Reverse(entry.last_used), entry.key));
    entries.truncate(TELLING);
}

fn tables(context: &Context<'_>, status: &Status) -> String {
    let names = ShortNames::new(status.functions.keys(), context.verbose);
    let mut text = summary(context, status);
    if !status.functions.is_empty() {
        text.push('\n');
        text.push_str(&functions(context, status, &names));
    }
    if !status.flights.is_empty() {
        text.push('\n');
        text.push_str(&flights(context, status, &names));
    }
    text
}

fn summary(context: &Context<'_>, status: &Status) -> String {
    let kept = status
        .functions
        .values()
        .filter(|row| row.entries > 0)
        .count();
    let size = match status.entries() {
        0 => "empty".to_owned(),
        entries => format!(
            "{} in {} of {}",
            size(status.bytes()),
            count(entries, "entry", "entries"),
            count(kept, "function", "functions")
        ),
    };
    let total = &status.total;
    let hits = usize::try_from(total.hits).unwrap_or(usize::MAX);
    let saved = match hits {
        0 => "nothing yet".to_owned(),
        _ => format!(
            "{} by {}",
            duration(total.saved),
            count(hits, "hit", "hits")
        ),
    };
    let spent = match total.computed {
        0 => String::new(),
        nanos => format!("; computing took {}", duration(nanos)),
    };
    let mut fields = Fields::default();
    fields
        .add("store", context.place.dir.to_string_lossy())
        .add("size", size)
        .add("saved", saved + &spent);
    fields.render()
}

fn functions(context: &Context<'_>, status: &Status, names: &ShortNames) -> String {
    // Functions that go by a name alone are in no package.
    let packages = status.functions.keys().map(|name| &name.package);
    let packages: BTreeSet<_> = packages.filter(|package| !package.is_empty()).collect();
    let packages = packages.len() > 1;
    let errors = status.total.errors > 0;
    let codes = !status.codes.is_empty();
    let mut columns = vec![Column::text("function").cut()];
    if packages {
        columns.push(Column::text("package"));
    }
    columns.extend(["entries", "size", "hits", "misses"].map(Column::number));
    if errors {
        columns.push(Column::number("errors"));
    }
    columns.push(Column::number("computed").spare());
    columns.push(Column::number("saved"));
    if codes {
        columns.push(Column::text("code"));
    }
    columns.push(Column::text("last used"));

    let mut table = Table::new(columns);
    for (name, row) in &status.functions {
        let statistics = &row.statistics;
        let mut cells = vec![names.of(name).to_owned()];
        if packages {
            cells.push(name.package.clone());
        }
        cells.extend([row.entries.to_string(), size(row.bytes)]);
        cells.extend([statistics.hits, statistics.misses].map(|number| number.to_string()));
        if errors {
            cells.push(statistics.errors.to_string());
        }
        cells.extend([statistics.computed, statistics.saved].map(duration));
        if codes {
            cells.push(code_state::cell(row.code));
        }
        cells.push(
            row.last_used()
                .map_or_else(String::new, |time| context.moment(time)),
        );
        table.row(cells);
    }
    table.render(context.width)
}

fn flights(context: &Context<'_>, status: &Status, names: &ShortNames) -> String {
    let mut table = Table::new([
        Column::text("under way").cut(),
        Column::text("ID"),
        Column::number("process"),
        Column::text("host").cut(),
        Column::number("for"),
    ]);
    for flight in &status.flights {
        let mut key = flight.key.to_hex();
        if !context.verbose {
            key.truncate(ID_DIGITS);
        }
        let Some(holder) = &flight.holder else {
            table.row([String::new(), key]);
            continue;
        };
        let name = FunctionName {
            package: holder.package.clone(),
            path: holder.function.clone(),
        };
        table.row([
            names.of(&name).to_owned(),
            key,
            holder.pid.to_string(),
            holder.host.clone(),
            duration(context.calendar.now.saturating_sub(holder.since)),
        ]);
    }
    table.render(context.width)
}

#[derive(Serialize)]
struct StatusDocument<'a> {
    store: StoreDocument,
    functions: Vec<FunctionDocument<'a>>,
    flights: Vec<FlightDocument<'a>>,
}

#[derive(Serialize)]
struct StoreDocument {
    path: String,
    entries: usize,
    bytes: u64,
    max_bytes: Option<u64>,
}

#[derive(Serialize)]
struct FunctionDocument<'a> {
    function: &'a str,
    package: &'a str,
    entries: usize,
    bytes: u64,
    code_state: Option<&'static str>,
    hits: u64,
    misses: u64,
    errors: u64,
    computed_seconds: f64,
    saved_seconds: f64,
    last_used: Option<String>,
}

#[derive(Serialize)]
struct FlightDocument<'a> {
    key: String,
    function: Option<&'a str>,
    pid: Option<u32>,
    host: Option<&'a str>,
    since: Option<String>,
}

impl<'a> FunctionDocument<'a> {
    fn new(name: &'a FunctionName, row: &Row) -> Self {
        Self {
            function: &name.path,
            package: &name.package,
            entries: row.entries,
            bytes: row.bytes,
            code_state: row.code.map(CodeState::word),
            hits: row.statistics.hits,
            misses: row.statistics.misses,
            errors: row.statistics.errors,
            computed_seconds: seconds(row.statistics.computed),
            saved_seconds: seconds(row.statistics.saved),
            last_used: row.last_used().map(rfc3339),
        }
    }
}

impl<'a> FlightDocument<'a> {
    fn new(flight: &'a FlightUnderWay) -> Self {
        let holder = flight.holder.as_ref();
        Self {
            key: flight.key.to_hex(),
            function: holder.map(|holder| holder.function.as_str()),
            pid: holder.map(|holder| holder.pid),
            host: holder.map(|holder| holder.host.as_str()),
            since: holder.map(|holder| rfc3339(holder.since)),
        }
    }
}

fn json(context: &Context<'_>, status: &Status) -> String {
    let functions = status.functions.iter();
    document(
        "status",
        StatusDocument {
            store: StoreDocument {
                path: context.place.dir.to_string_lossy().into_owned(),
                entries: status.entries(),
                bytes: status.bytes(),
                // Stores have no limits yet.
                max_bytes: None,
            },
            functions: functions
                .map(|(name, row)| FunctionDocument::new(name, row))
                .collect(),
            flights: status.flights.iter().map(FlightDocument::new).collect(),
        },
    )
}
