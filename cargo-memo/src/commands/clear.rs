//! `clear`: removes results. First a plan is made and shown; then that very
//! plan is carried out.

use std::collections::{BTreeMap, BTreeSet};

use memo_runtime::manage::{Criterion, FunctionName, Plan, Removed, Vault};
use serde::Serialize;

use super::{Context, Verdict};
use crate::cli::{ClearOptions, Format, parse_id};
use crate::failure::Failure;
use crate::listing::{ShortNames, is_named};
use crate::render::{Column, Table, count, document, duration, escape, seconds, size};

/// What the plan takes from one function.
#[derive(Debug, Default)]
struct Loss {
    entries: usize,
    bytes: u64,
    /// How long computing it took, in nanoseconds.
    computing: u64,
}

impl Loss {
    fn add(&mut self, other: &Self) {
        self.entries += other.entries;
        self.bytes += other.bytes;
        self.computing = self.computing.saturating_add(other.computing);
    }
}

/// A plan, and what it costs.
#[derive(Debug, Default)]
struct Priced {
    plan: Plan,
    by_function: BTreeMap<FunctionName, Loss>,
    total: Loss,
}

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &ClearOptions) -> Result<Verdict, Failure> {
    let Some(vault) = &context.vault else {
        context.note_empty();
        return answer(context, options, &Priced::default(), None);
    };
    let priced = Priced::new(vault, plan(context, vault, options)?);
    let nothing = priced.plan.entries.is_empty();
    if options.dry_run || (nothing && !options.all) {
        return answer(context, options, &priced, None);
    }
    if context.format == Format::Table && !nothing {
        context.shell.print(&priced.table(context))?;
    }
    if !nothing && !options.yes {
        match context
            .shell
            .confirm(&format!("remove {}?", priced.words()))
        {
            Some(true) => {}
            Some(false) => {
                context.shell.note("nothing was removed");
                return Ok(Verdict::Findings);
            }
            None => {
                return Err(Failure::Usage(format!(
                    "cannot ask whether to remove {}, there is no terminal: say --yes to remove, \
                     or --dry-run to look",
                    priced.words()
                )));
            }
        }
    }
    let removed = vault.clear(&priced.plan)?;
    answer(context, options, &priced, Some(removed))
}

/// What the targets come to. Those that are not there are told.
fn plan(context: &Context<'_>, vault: &Vault, options: &ClearOptions) -> Result<Plan, Failure> {
    if options.all {
        return Ok(vault.plan(&Criterion::All)?);
    }
    let functions = vault.functions()?;
    let paths = || {
        functions
            .iter()
            .filter_map(|function| Some(&function.name.as_ref()?.path))
    };
    let (mut functions, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for target in &options.targets {
        let matching: Vec<_> = paths().filter(|path| is_named(path, target)).collect();
        let id = parse_id(target).ok().filter(|_| matching.is_empty());
        let found = id.map(|id| context.find(vault, &id)).transpose()?.flatten();
        if matching.is_empty() && found.is_none() {
            context.shell.warn(&format!(
                "neither a function nor an ID in the store {}: `{}`",
                context.quoted_dir(),
                escape(target)
            ));
        }
        functions.extend(matching.into_iter().cloned());
        keys.extend(found.map(|found| found.entry.key));
    }
    Ok(vault.plan(&Criterion::Of { functions, keys })?)
}

impl Priced {
    fn new(vault: &Vault, plan: Plan) -> Self {
        let mut by_function: BTreeMap<FunctionName, Loss> = BTreeMap::new();
        let mut total = Loss::default();
        for planned in &plan.entries {
            let head = vault.head(&planned.entry).ok().flatten();
            let one = Loss {
                entries: 1,
                bytes: planned.entry.bytes,
                computing: head.map_or(0, |head| head.duration),
            };
            by_function
                .entry(planned.function.clone())
                .or_default()
                .add(&one);
            total.add(&one);
        }
        Self {
            plan,
            by_function,
            total,
        }
    }

    /// `3 entries (421.6 MB, 9.6 s of computing)`
    fn words(&self) -> String {
        format!(
            "{} ({}, {} of computing)",
            count(self.total.entries, "entry", "entries"),
            size(self.total.bytes),
            duration(self.total.computing)
        )
    }

    fn table(&self, context: &Context<'_>) -> String {
        let names = ShortNames::new(self.by_function.keys(), context.verbose);
        let mut columns = vec![Column::text("function").cut()];
        columns.extend(["entries", "size", "computing"].map(Column::number));
        let mut table = Table::new(columns);
        for (function, loss) in &self.by_function {
            table.row([
                names.of(function).to_owned(),
                loss.entries.to_string(),
                size(loss.bytes),
                duration(loss.computing),
            ]);
        }
        table.render(context.width)
    }
}

/// Says what was removed, or would be.
fn answer(
    context: &Context<'_>,
    options: &ClearOptions,
    priced: &Priced,
    removed: Option<Removed>,
) -> Result<Verdict, Failure> {
    let text = match context.format {
        Format::Json => json(options, priced, removed),
        Format::Table | Format::Csv => words(context, options, priced, removed),
    };
    context.shell.print(&text)?;
    Ok(Verdict::Done)
}

fn words(
    context: &Context<'_>,
    options: &ClearOptions,
    priced: &Priced,
    removed: Option<Removed>,
) -> String {
    let planned = priced.total.entries;
    match removed {
        None if planned == 0 => "nothing to remove\n".to_owned(),
        None if options.dry_run => {
            format!("{}would remove {}\n", priced.table(context), priced.words())
        }
        None => String::new(),
        Some(Removed {
            entries: 0,
            litter: 0,
            ..
        }) if planned == 0 => "nothing to remove\n".to_owned(),
        Some(removed) => {
            let mut text = format!(
                "removed {}, {}",
                count(removed.entries, "entry", "entries"),
                size(removed.bytes)
            );
            if removed.litter > 0 {
                let litter = count(removed.litter, "leftover file", "leftover files");
                text.push_str(&format!(", and {litter}"));
            }
            if removed.entries < planned {
                let missing = count(planned - removed.entries, "entry", "entries");
                text.push_str(&format!("; {missing} had gone by then"));
            }
            text.push('\n');
            text
        }
    }
}

#[derive(Serialize)]
struct ClearDocument<'a> {
    dry_run: bool,
    planned: LossDocument,
    functions: Vec<FunctionDocument<'a>>,
    removed: Option<RemovedDocument>,
}

#[derive(Serialize)]
struct LossDocument {
    entries: usize,
    bytes: u64,
    computed_seconds: f64,
}

#[derive(Serialize)]
struct FunctionDocument<'a> {
    function: &'a str,
    package: &'a str,
    #[serde(flatten)]
    loss: LossDocument,
}

#[derive(Serialize)]
struct RemovedDocument {
    entries: usize,
    bytes: u64,
    leftovers: usize,
}

impl LossDocument {
    fn new(loss: &Loss) -> Self {
        Self {
            entries: loss.entries,
            bytes: loss.bytes,
            computed_seconds: seconds(loss.computing),
        }
    }
}

fn json(options: &ClearOptions, priced: &Priced, removed: Option<Removed>) -> String {
    let functions = priced
        .by_function
        .iter()
        .map(|(function, loss)| FunctionDocument {
            function: &function.path,
            package: &function.package,
            loss: LossDocument::new(loss),
        });
    document(
        "clear",
        ClearDocument {
            dry_run: options.dry_run,
            planned: LossDocument::new(&priced.total),
            functions: functions.collect(),
            removed: removed.map(|removed| RemovedDocument {
                entries: removed.entries,
                bytes: removed.bytes,
                leftovers: removed.litter,
            }),
        },
    )
}
