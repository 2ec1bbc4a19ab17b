//! `log`: executions, newest last.

use std::collections::{BTreeSet, VecDeque};
use std::thread;
use std::time::Duration;

use memo_runtime::manage::{Cause, Execution, FunctionName, JournalPosition, Vault};
use serde::Serialize;

use super::{Context, Verdict};
use crate::cli::{Format, LogOptions};
use crate::failure::Failure;
use crate::interrupt;
use crate::listing::{ID_DIGITS, ShortNames, is_meant};
use crate::render::{
    Column, ExecutionDocument, Table, count, csv_rows, document, line, outcome, rfc3339, seconds,
    size, took,
};
use crate::shell;

/// How many executions a terminal shows unless more are asked for.
const TERMINAL_LIMIT: usize = 50;
/// How often a journal that is followed is looked at.
const POLL: Duration = Duration::from_millis(250);

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &LogOptions) -> Result<Verdict, Failure> {
    let log = Log::read(context, options)?;
    if options.follow {
        return match &context.vault {
            Some(vault) => follow(context, options, vault, log),
            None => match store_to_come(context)? {
                Some(vault) => follow(context, options, &vault, log),
                None => Ok(Verdict::Done),
            },
        };
    }
    match context.format {
        Format::Table if log.executions.is_empty() => note_nothing(context, options),
        Format::Json => context.shell.print(&log.json())?,
        Format::Table | Format::Csv => Stream::new(context, &log).go_on(&log.executions)?,
    }
    if log.left_out > 0 && options.limit.is_none() {
        let left_out = count(log.left_out, "older execution", "older executions");
        context
            .shell
            .note(&format!("{left_out} left out, --limit N shows more"));
    }
    let is_absent = |execution: &Execution| execution.cause == Cause::Absent;
    if shell::is_terminal() && log.executions.iter().any(is_absent) {
        let hint = "`cargo memo why ID` tells why there was no entry";
        context.shell.note(hint);
    }
    Ok(Verdict::Done)
}

/// Says why there is nothing to show.
fn note_nothing(context: &Context<'_>, options: &LogOptions) {
    let Some(vault) = &context.vault else {
        return context.note_empty();
    };
    let function = options.function.as_ref();
    let question = function.map(|function| context.did_you_mean(vault, function));
    let question = question.unwrap_or_default();
    context
        .shell
        .note(&format!("no executions to show{question}"));
}

/// Waits for the store that a program will make; `None`: it was interrupted.
fn store_to_come(context: &Context<'_>) -> Result<Option<Vault>, Failure> {
    context.note_empty();
    interrupt::listen();
    let mut half_made = false;
    while !interrupt::came() {
        thread::sleep(POLL);
        match Vault::open(&context.place.dir, context.place.share) {
            Ok(Some(vault)) => return Ok(Some(vault)),
            Ok(None) => {}
            // Its directories are made one after the other.
            Err(_) if !half_made => half_made = true,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

fn follow(
    context: &Context<'_>,
    options: &LogOptions,
    vault: &Vault,
    log: Log,
) -> Result<Verdict, Failure> {
    let mut stream = Stream::new(context, &log);
    stream.go_on(&log.executions)?;
    let mut read_to = log.read_to;
    interrupt::listen();
    // An interrupt is how it is meant to end.
    while !interrupt::came() {
        thread::sleep(POLL);
        let mut new = Vec::new();
        read_to = vault.each_execution(read_to, |execution| {
            if is_wanted(&execution, options) {
                new.push(execution);
            }
        })?;
        if !new.is_empty() {
            new.sort_by_key(|execution| execution.time);
            stream.go_on(&new)?;
        }
    }
    Ok(Verdict::Done)
}

fn is_wanted(execution: &Execution, options: &LogOptions) -> bool {
    let named = |asked: &String| is_meant(&execution.package, &execution.function, asked);
    options.since.is_none_or(|since| execution.time >= since)
        && options.until.is_none_or(|until| execution.time < until)
        && options.function.as_ref().is_none_or(named)
        && (options.outcome.is_empty()
            || options
                .outcome
                .iter()
                .any(|word| word == execution.outcome.word()))
}

/// What stands in the journal up to now.
#[derive(Default)]
struct Log {
    executions: Vec<Execution>,
    /// How many older ones were wanted too.
    left_out: usize,
    functions: BTreeSet<FunctionName>,
    /// Where what comes later will begin.
    read_to: JournalPosition,
}

impl Log {
    fn read(context: &Context<'_>, options: &LogOptions) -> Result<Self, Failure> {
        let Some(vault) = &context.vault else {
            return Ok(Self::default());
        };
        let limit = options.limit.unwrap_or(match options.since {
            None if context.format == Format::Table && shell::is_terminal() => TERMINAL_LIMIT,
            _ => usize::MAX,
        });
        let mut log = Self::default();
        let mut last = VecDeque::new();
        log.read_to = vault.each_execution(JournalPosition::default(), |execution| {
            if is_wanted(&execution, options) {
                log.functions.insert(function_of(&execution));
                last.push_back(execution);
                if last.len() > limit {
                    last.pop_front();
                    log.left_out += 1;
                }
            }
        })?;
        log.executions = last.into();
        // Hits are gathered before they are written.
        log.executions.sort_by_key(|execution| execution.time);
        Ok(log)
    }

    fn json(&self) -> String {
        let executions = self.executions.iter().map(ExecutionDocument::new).collect();
        document("log", LogDocument { executions })
    }
}

#[derive(Serialize)]
struct LogDocument<'a> {
    executions: Vec<ExecutionDocument<'a>>,
}

fn function_of(execution: &Execution) -> FunctionName {
    FunctionName {
        package: execution.package.clone(),
        path: execution.function.clone(),
    }
}

/// Rows that are written piece by piece, in the same columns.
struct Stream<'a> {
    context: &'a Context<'a>,
    functions: BTreeSet<FunctionName>,
    function_width: u16,
    begun: bool,
}

impl<'a> Stream<'a> {
    fn new(context: &'a Context<'a>, log: &Log) -> Self {
        Self {
            context,
            functions: log.functions.clone(),
            function_width: 0,
            begun: false,
        }
    }

    /// Writes some more executions, and a header before the first.
    fn go_on(&mut self, executions: &[Execution]) -> Result<(), Failure> {
        let text = match self.context.format {
            Format::Table => self.table(executions),
            Format::Json => executions
                .iter()
                .map(|one| line(ExecutionDocument::new(one)))
                .collect(),
            Format::Csv => csv_rows(self.csv(executions)),
        };
        self.begun = true;
        self.context.shell.print(&text)?;
        Ok(())
    }

    fn table(&mut self, executions: &[Execution]) -> String {
        self.functions.extend(executions.iter().map(function_of));
        let verbose = self.context.verbose;
        let names = ShortNames::new(&self.functions, verbose);
        let widths = self
            .functions
            .iter()
            .map(|name| names.of(name).chars().count());
        let widest = widths.max().and_then(|width| u16::try_from(width).ok());
        self.function_width = self.function_width.max(widest.unwrap_or(0));

        let mut columns = vec![
            Column::text("time"),
            Column::text("outcome").at_least(9),
            Column::number("took").at_least(6),
            Column::number("size").at_least(8).spare(),
            Column::text("ID"),
            Column::text("function").at_least(self.function_width).cut(),
            Column::text("cause").cut(),
        ];
        if verbose {
            columns.extend([Column::number("process"), Column::text("host")]);
        }
        let mut table = Table::new(columns);
        for execution in executions {
            let mut key = execution.key.to_hex();
            if !verbose {
                key.truncate(ID_DIGITS);
            }
            let mut cells = vec![
                self.context.calendar.exact(execution.time),
                outcome(execution),
                took(execution),
                if execution.bytes == 0 {
                    String::new()
                } else {
                    size(execution.bytes)
                },
                key,
                names.of(&function_of(execution)).to_owned(),
                execution.cause.words().to_owned(),
            ];
            if verbose {
                cells.extend([execution.pid.to_string(), execution.host.clone()]);
            }
            table.row(cells);
        }
        let width = self.context.width;
        if self.begun {
            table.render_rows(width)
        } else {
            table.render(width)
        }
    }

    fn csv(&self, executions: &[Execution]) -> Vec<Vec<String>> {
        const HEADER: [&str; 12] = [
            "time",
            "outcome",
            "cause",
            "took_seconds",
            "computing_seconds",
            "bytes",
            "key",
            "function",
            "package",
            "pid",
            "host",
            "count",
        ];
        let header = (!self.begun).then(|| HEADER.map(str::to_owned).to_vec());
        let rows = executions.iter().map(|execution| {
            vec![
                rfc3339(execution.time),
                execution.outcome.word().to_owned(),
                execution.cause.words().to_owned(),
                seconds(execution.took).to_string(),
                seconds(execution.computing).to_string(),
                execution.bytes.to_string(),
                execution.key.to_hex(),
                execution.function.clone(),
                execution.package.clone(),
                execution.pid.to_string(),
                execution.host.clone(),
                execution.count.to_string(),
            ]
        });
        header.into_iter().chain(rows).collect()
    }
}
