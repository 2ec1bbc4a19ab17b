//! The status as a document.

use memo_runtime::manage::FunctionName;
use serde::Serialize;

use super::{Context, Flight, Kind, Row, Status};
use crate::code_state::CodeState;
use crate::render::{document, rfc3339, seconds};

#[derive(Serialize)]
struct StatusDocument<'a> {
    store: StoreDocument,
    functions: Vec<FunctionDocument<'a>>,
    flights: Vec<FlightDocument<'a>>,
    advice: Vec<AdviceDocument>,
}

#[derive(Serialize)]
struct StoreDocument {
    path: String,
    entries: usize,
    bytes: u64,
    disk_bytes: u64,
    max_bytes: Option<u64>,
    max_age_seconds: Option<f64>,
    max_entries: Option<u64>,
    order: &'static str,
}

#[derive(Serialize)]
struct FunctionDocument<'a> {
    function: &'a str,
    package: &'a str,
    kind: Option<&'static str>,
    entries: usize,
    bytes: u64,
    code_state: Option<&'static str>,
    code_mixed: bool,
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
    package: Option<&'a str>,
    pid: Option<u32>,
    host: Option<&'a str>,
    since: Option<String>,
    elapsed_seconds: Option<f64>,
    usual_seconds: Option<f64>,
}

#[derive(Serialize)]
struct AdviceDocument {
    kind: &'static str,
    text: String,
}

impl<'a> FunctionDocument<'a> {
    fn new(name: &'a FunctionName, row: &Row) -> Self {
        Self {
            function: &name.path,
            package: &name.package,
            kind: row.kind.map(Kind::word),
            entries: row.entries,
            bytes: row.bytes,
            code_state: row.code.best.map(CodeState::word),
            code_mixed: row.code.mixed,
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
    fn new(flight: &'a Flight) -> Self {
        let holder = flight.under_way.holder.as_ref();
        Self {
            key: flight.under_way.key.to_hex(),
            function: holder.map(|holder| holder.function.as_str()),
            package: holder.map(|holder| holder.package.as_str()),
            pid: holder.map(|holder| holder.pid),
            host: holder.map(|holder| holder.host.as_str()),
            since: holder.map(|holder| rfc3339(holder.since)),
            elapsed_seconds: flight.elapsed.map(seconds),
            usual_seconds: flight.usual.map(seconds),
        }
    }
}

/// The document, as text.
pub(super) fn render(context: &Context<'_>, status: &Status) -> String {
    let limits = &status.limits;
    let functions = status.functions.iter();
    let advice = status.advice.iter().map(|advice| AdviceDocument {
        kind: advice.kind(),
        text: advice.text(context),
    });
    document(
        "status",
        StatusDocument {
            store: StoreDocument {
                path: context.place.dir.to_string_lossy().into_owned(),
                entries: status.entries(),
                bytes: status.bytes(),
                disk_bytes: status.disk(),
                max_bytes: limits.max_size,
                max_age_seconds: limits.max_age.map(|age| age.as_secs_f64()),
                max_entries: limits.max_entries,
                order: limits.order.word(),
            },
            functions: functions
                .map(|(name, row)| FunctionDocument::new(name, row))
                .collect(),
            flights: status.flights.iter().map(FlightDocument::new).collect(),
            advice: advice.collect(),
        },
    )
}
