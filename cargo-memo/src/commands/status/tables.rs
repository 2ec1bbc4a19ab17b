//! The status as tables.

use std::collections::BTreeSet;

use memo_runtime::manage::{FunctionName, KeptFiles, Limits, Order};

use super::{Callees, CodeSeen, Context, Row, Status, function_of};
use crate::code_state;
use crate::listing::{ID_DIGITS, ShortNames};
use crate::render::{Column, Fields, Table, count, duration, size};

/// The tables, as text.
pub(super) fn render(context: &Context<'_>, status: &Status) -> String {
    let under_way: Vec<FunctionName> = status
        .flights
        .iter()
        .filter_map(|flight| flight.under_way.holder.as_ref().map(function_of))
        .collect();
    let functions_of_all = status.functions.keys().chain(&under_way);
    let names = ShortNames::new(functions_of_all, context.verbose);
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
    let rows = status.functions.values();
    let kept = Callees::of(rows.filter(|row| row.entries > 0));
    let size = match status.entries() {
        0 => "empty".to_owned(),
        entries => format!(
            "{} in {} of {}",
            size(status.bytes()),
            count(entries, "entry", "entries"),
            kept.words()
        ),
    } + &files(&status.files);
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
        .add_some(
            "limits",
            context.vault.as_ref().and_then(|_| limits(status)),
        )
        .add("saved", saved + &spent);
    fields.render()
}

/// The files that results name, if they do.
fn files(files: &KeptFiles) -> String {
    match usize::try_from(files.files) {
        Ok(0) => String::new(),
        number => {
            let number = count(number.unwrap_or(usize::MAX), "file", "files");
            format!(", {} in {number}", size(files.bytes))
        }
    }
}

/// The limits that are set, and how full they are.
fn limits(status: &Status) -> Option<String> {
    let Limits {
        max_size,
        max_entries,
        max_age,
        order,
        ..
    } = status.limits;
    let mut limits = Vec::new();
    if let Some(most) = max_size {
        let percent = percent(status.disk(), most);
        limits.push(format!("{percent} of {} on disk", size(most)));
    }
    if let Some(most) = max_entries {
        let entries = u64::try_from(status.entries()).unwrap_or(u64::MAX);
        let percent = percent(entries, most);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        limits.push(format!("{percent} of {}", count(most, "entry", "entries")));
    }
    if let Some(most) = max_age {
        let nanos = u64::try_from(most.as_nanos()).unwrap_or(u64::MAX);
        limits.push(format!("unused for {} at most", duration(nanos)));
    }
    if limits.is_empty() {
        return None;
    }
    let order = match order {
        Order::Value => "; what is soonest computed again goes first",
        _ => "",
    };
    Some(limits.join(", ") + order)
}

fn percent(part: u64, whole: u64) -> String {
    match part as f64 * 100.0 / whole as f64 {
        0.0 => "0 %".to_owned(),
        percent if percent < 1.0 => "under 1 %".to_owned(),
        percent if percent.is_finite() => format!("{percent:.0} %"),
        // There is a limit of nothing, and there is something.
        _ => "more than 100 %".to_owned(),
    }
}

fn functions(context: &Context<'_>, status: &Status, names: &ShortNames) -> String {
    // Functions that go by a name alone are in no package.
    let packages = status.functions.keys().map(|name| &name.package);
    let packages: BTreeSet<_> = packages.filter(|package| !package.is_empty()).collect();
    let packages = packages.len() > 1;
    let errors = status.total.errors > 0;
    let codes = !status.codes.is_empty();
    let title = match Callees::of(status.functions.values()) {
        Callees { programs: 0, .. } => "function",
        Callees { functions: 0, .. } => "program",
        _ => "function or program",
    };
    let mut columns = vec![Column::text(title).cut()];
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
            cells.push(code(row));
        }
        cells.push(
            row.last_used()
                .map_or_else(String::new, |time| context.moment(time)),
        );
        table.row(cells);
    }
    table.render(context.width)
}

/// What has become of the code of a function's results.
fn code(row: &Row) -> String {
    match row.code {
        CodeSeen { mixed: true, .. } => "partly older".to_owned(),
        CodeSeen { best, .. } => code_state::cell(best),
    }
}

fn flights(context: &Context<'_>, status: &Status, names: &ShortNames) -> String {
    let mut table = Table::new([
        Column::text("under way").cut(),
        Column::text("ID"),
        Column::number("process"),
        Column::text("host").cut(),
        Column::number("for"),
        Column::number("usually"),
    ]);
    for flight in &status.flights {
        let mut key = flight.under_way.key.to_hex();
        if !context.verbose {
            key.truncate(ID_DIGITS);
        }
        let Some(holder) = &flight.under_way.holder else {
            table.row([String::new(), key]);
            continue;
        };
        table.row([
            names.of(&function_of(holder)).to_owned(),
            key,
            holder.pid.to_string(),
            holder.host.clone(),
            flight.elapsed.map_or_else(String::new, duration),
            flight.usual.map_or_else(|| "-".to_owned(), duration),
        ]);
    }
    table.render(context.width)
}
