//! `status`: functions and programs, what they keep, and what that has saved.

mod advice;
mod document;
mod tables;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use memo_runtime::manage::{
    Entry, EntryHead, FlightUnderWay, FunctionName, FunctionStatistics, Gather, Header, Holder,
    KeptFiles, Limits, Statistics, Unreadable, Vault,
};

use super::{Context, Verdict};
use crate::cli::Format;
use crate::code_state::{CodeState, CodeStates};
use crate::failure::Failure;
use crate::render::count;
use advice::Advice;

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>) -> Result<Verdict, Failure> {
    let status = match &context.vault {
        Some(vault) => Status::of(context, vault)?,
        None => Status::empty(context),
    };
    let text = match context.format {
        Format::Json => document::render(context, &status),
        Format::Table | Format::Csv => tables::render(context, &status),
    };
    context.shell.print(&text)?;
    if context.format == Format::Table && status.entries() == 0 {
        context.note_empty();
    }
    if context.format != Format::Json {
        for advice in &status.advice {
            context.shell.note(&advice.text(context));
        }
    }
    Ok(Verdict::Done)
}

/// What is known of one function or program.
#[derive(Debug, Default)]
struct Row {
    entries: usize,
    bytes: u64,
    disk: u64,
    latest_entry: Option<u64>,
    kind: Option<Kind>,
    code: CodeSeen,
    statistics: FunctionStatistics,
}

impl Row {
    /// When it was last used. Entries know it to the hour only, and are asked
    /// where the journal is silent.
    fn last_used(&self) -> Option<u64> {
        self.statistics.last_used.or(self.latest_entry)
    }

    fn take(&mut self, listed: &Listed) {
        self.entries += listed.entries;
        self.bytes = self.bytes.saturating_add(listed.bytes);
        self.disk = self.disk.saturating_add(listed.disk);
        self.latest_entry = self.latest_entry.max(listed.latest);
    }
}

/// What it is that has results; only they tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Function,
    Program,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Program => "program",
        }
    }
}

/// How many functions and programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Callees {
    functions: usize,
    programs: usize,
}

impl Callees {
    /// How many have these rows.
    fn of<'r>(rows: impl Iterator<Item = &'r Row>) -> Self {
        let mut callees = Self::default();
        for row in rows {
            match row.kind {
                Some(Kind::Program) => callees.programs += 1,
                Some(Kind::Function) | None => callees.functions += 1,
            }
        }
        callees
    }

    /// `2 functions and 1 program`
    fn words(self) -> String {
        let functions = count(self.functions, "function", "functions");
        let programs = count(self.programs, "program", "programs");
        match self {
            Self { programs: 0, .. } => functions,
            Self { functions: 0, .. } => programs,
            _ => format!("{functions} and {programs}"),
        }
    }
}

/// The states of the code of a function's results, as far as was looked.
#[derive(Clone, Copy, Debug, Default)]
struct CodeSeen {
    /// The best of them.
    best: Option<CodeState>,
    /// Whether others are worse.
    mixed: bool,
}

impl CodeSeen {
    fn add(&mut self, state: CodeState) {
        self.mixed |= self.best.is_some_and(|best| best != state);
        self.best = Some(self.best.map_or(state, |best| best.min(state)));
    }
}

/// A computation that is under way.
#[derive(Debug)]
struct Flight {
    under_way: FlightUnderWay,
    /// For how long, in nanoseconds.
    elapsed: Option<u64>,
    /// How long it took at most lately, in nanoseconds.
    usual: Option<u64>,
}

/// What is known of the store.
#[derive(Debug)]
struct Status {
    functions: BTreeMap<FunctionName, Row>,
    total: FunctionStatistics,
    flights: Vec<Flight>,
    /// The files that results name.
    files: KeptFiles,
    limits: Limits,
    codes: CodeStates,
    advice: Vec<Advice>,
}

/// The code of so many results tells that of their function.
const TELLING: usize = 16;

/// What the listing of a function tells.
#[derive(Default)]
struct Listed {
    entries: usize,
    bytes: u64,
    disk: u64,
    latest: Option<u64>,
    /// Those that were used last, and some more.
    last_used: Vec<Entry>,
}

impl Gather for Listed {
    fn add(&mut self, entry: Entry) {
        self.entries += 1;
        self.bytes = self.bytes.saturating_add(entry.bytes);
        self.disk = self.disk.saturating_add(entry.disk);
        self.latest = self.latest.max(Some(entry.last_used));
        self.last_used.push(entry);
        if self.last_used.len() > 2 * TELLING {
            self.keep_last_used();
        }
    }

    fn merge(&mut self, other: Self) {
        self.entries += other.entries;
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.disk = self.disk.saturating_add(other.disk);
        self.latest = self.latest.max(other.latest);
        self.last_used.extend(other.last_used);
        self.keep_last_used();
    }
}

impl Listed {
    fn keep_last_used(&mut self) {
        self.last_used
            .sort_by_key(|entry| (Reverse(entry.last_used), entry.key));
        self.last_used.truncate(TELLING);
    }
}

/// The heads of the results that tell the code of their functions.
#[derive(Default)]
struct Heads {
    read: Vec<EntryHead>,
    damaged: usize,
}

impl Heads {
    fn read(&mut self, vault: &Vault, entries: &[Entry]) {
        for entry in entries.iter().take(TELLING) {
            match vault.head(entry) {
                Ok(head) => self.read.extend(head),
                Err(Unreadable::Damaged(_)) => self.damaged += 1,
                Err(Unreadable::Newer(_) | Unreadable::System(_)) => {}
            }
        }
    }
}

impl Status {
    fn empty(context: &Context<'_>) -> Self {
        Self {
            functions: BTreeMap::new(),
            total: FunctionStatistics::default(),
            flights: Vec::new(),
            files: KeptFiles::default(),
            limits: context.place.limits,
            codes: CodeStates::default(),
            advice: Vec::new(),
        }
    }

    fn of(context: &Context<'_>, vault: &Vault) -> Result<Self, Failure> {
        let mut status = Self::empty(context);
        let mut heads = Heads::default();
        let functions = vault.functions()?;
        let listed = vault.scan(&functions, |_| Listed::default())?;
        for (function, mut listed) in functions.iter().zip(listed) {
            listed.keep_last_used();
            heads.read(vault, &listed.last_used);
            let name = function.name.clone().unwrap_or_default();
            status.functions.entry(name).or_default().take(&listed);
        }
        status.codes = context.code_states(vault, heads.read.iter().map(|head| &head.header))?;
        status.look_at(&heads.read);
        let (statistics, trouble) = match vault.statistics() {
            Ok(statistics) => (statistics, None),
            Err(error) => (Statistics::default(), Some(error)),
        };
        status.total = statistics.total();
        for (name, statistics) in statistics.functions {
            status.functions.entry(name).or_default().statistics = statistics;
        }
        status.flights = flights(context, vault)?;
        status.files = vault.files()?;
        status.advice = advice::of(context, vault, &status, &heads, trouble)?;
        Ok(status)
    }

    fn look_at(&mut self, heads: &[EntryHead]) {
        for EntryHead { header, run, .. } in heads {
            let Some(row) = self.functions.get_mut(&name_of(header)) else {
                continue;
            };
            row.kind = Some(match run {
                Some(_) => Kind::Program,
                None => Kind::Function,
            });
            if let Some(state) = self.codes.of(header) {
                row.code.add(state);
            }
        }
    }

    fn entries(&self) -> usize {
        self.functions.values().map(|row| row.entries).sum()
    }

    fn bytes(&self) -> u64 {
        let rows = self.functions.values();
        rows.fold(0, |sum, row| sum.saturating_add(row.bytes))
    }

    /// How much of the disk entries take, and the files that they name.
    fn disk(&self) -> u64 {
        let rows = self.functions.values();
        rows.fold(self.files.disk, |sum, row| sum.saturating_add(row.disk))
    }
}

/// Whose result it is.
fn name_of(header: &Header) -> FunctionName {
    FunctionName {
        package: header.package.clone(),
        path: header.function.clone(),
    }
}

/// Whose result is computed.
fn function_of(holder: &Holder) -> FunctionName {
    FunctionName {
        package: holder.package.clone(),
        path: holder.function.clone(),
    }
}

fn flights(context: &Context<'_>, vault: &Vault) -> Result<Vec<Flight>, Failure> {
    let mut under_way = vault.flights()?;
    under_way.sort_by_key(|flight| flight.holder.as_ref().map(|holder| holder.since));
    // Sweeps have many flights of few functions.
    let mut usual: BTreeMap<FunctionName, Option<u64>> = BTreeMap::new();
    let flight = |under_way: FlightUnderWay| {
        let Some(holder) = &under_way.holder else {
            return Flight {
                under_way,
                elapsed: None,
                usual: None,
            };
        };
        let name = function_of(holder);
        let elapsed = context.calendar.now.saturating_sub(holder.since);
        let ask = |name: &FunctionName| {
            let usual = vault.usual(name)?;
            u64::try_from(usual.as_nanos()).ok()
        };
        let usual = match usual.get(&name) {
            Some(usual) => *usual,
            None => {
                let asked = ask(&name);
                usual.insert(name, asked);
                asked
            }
        };
        Flight {
            under_way,
            elapsed: Some(elapsed),
            usual,
        }
    };
    Ok(under_way.into_iter().map(flight).collect())
}
