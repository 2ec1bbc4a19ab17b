//! A removal as text.

use memo_runtime::manage::{KeptFiles, Limits, Order, Removed, Totals};

use super::{Loss, Losses, Removal};
use crate::commands::Context;
use crate::listing::ShortNames;
use crate::render::{Column, Table, count, duration, size};

/// A number with its thousands told apart.
pub(super) fn number(number: usize) -> String {
    count(number, "", "").trim_end().to_owned()
}

/// `3 entries (12.3 kB on disk, 9.6 s of computing)`
pub(super) fn losing(loss: &Loss) -> String {
    let computing = loss
        .computing
        .map(|nanos| format!(", {} of computing", duration(nanos)));
    format!(
        "{} ({} on disk{})",
        entries(loss.totals.entries),
        size(loss.totals.disk),
        computing.unwrap_or_default()
    )
}

fn entries(number: u64) -> String {
    count(
        usize::try_from(number).unwrap_or(usize::MAX),
        "entry",
        "entries",
    )
}

impl Removal {
    /// All that is shown of the plan before it is carried out.
    pub(super) fn shown(&self, context: &Context<'_>, losses: &Losses<'_>) -> String {
        let mut text = self.store();
        text.push_str(&table(context, losses));
        if self.limits.is_some() {
            let causes = losses.by_cause.iter();
            let causes: Vec<String> = causes
                .map(|(cause, loss)| {
                    format!("{}: {}", because(cause), entries(loss.totals.entries))
                })
                .collect();
            text.push_str(&format!("{}\n", causes.join("; ")));
        }
        text
    }

    /// What there is, and what there may be.
    fn store(&self) -> String {
        let Some(limits) = &self.limits else {
            return String::new();
        };
        let total = &self.plan.total;
        format!(
            "{}, {} on disk; limits: {}\n",
            entries(total.entries),
            size(total.disk),
            allowed(limits)
        )
    }

    /// What was removed, or would be.
    pub(super) fn said(
        &self,
        context: &Context<'_>,
        losses: &Losses<'_>,
        removed: Option<&Removed>,
    ) -> String {
        let mut text = match removed {
            None if self.plan.entries.is_empty() => format!("{}nothing to remove\n", self.store()),
            None => {
                let shown = self.shown(context, losses);
                format!("{shown}would remove {}\n", losing(&losses.total))
            }
            Some(removed) if self.plan.entries.is_empty() => {
                let nothing = format!("{}nothing to remove\n", self.store());
                match removed.litter {
                    0 => nothing,
                    litter => format!("{}removed {}\n", self.store(), leftovers(litter)),
                }
            }
            Some(removed) => done(removed),
        };
        if let Some(removed) = removed {
            text.push_str(&young_files(&removed.young_files));
        }
        if let Some(limits) = &self.limits {
            text.push_str(&self.still_over(limits, removed));
        }
        text
    }

    /// Says if the store is over its limits even so.
    fn still_over(&self, limits: &Limits, removed: Option<&Removed>) -> String {
        let planned = self.plan.removes();
        let gone = removed.map_or(&planned, |removed| &removed.entries);
        let left = Totals {
            entries: self.plan.total.entries.saturating_sub(gone.entries),
            disk: self.plan.total.disk.saturating_sub(gone.disk),
            bytes: 0,
        };
        let over = limits.max_entries.is_some_and(|max| left.entries > max)
            || limits.max_size.is_some_and(|max| left.disk > max);
        if !over {
            return String::new();
        }
        format!(
            "{}, {} on disk, stay: they are being computed, or were used a moment ago\n",
            entries(left.entries),
            size(left.disk)
        )
    }
}

fn table(context: &Context<'_>, losses: &Losses<'_>) -> String {
    let names = ShortNames::new(losses.by_function.keys().copied(), context.verbose);
    let priced = losses.total.computing.is_some();
    let mut columns = vec![Column::text("function").cut()];
    columns.extend(["entries", "on disk"].map(Column::number));
    columns.extend(priced.then(|| Column::number("computing")));
    let mut table = Table::new(columns);
    for (function, loss) in &losses.by_function {
        let mut row = vec![
            names.of(function).to_owned(),
            loss.totals.entries.to_string(),
            size(loss.totals.disk),
        ];
        row.extend(loss.computing.map(duration));
        table.row(row);
    }
    table.render(context.width)
}

fn because(cause: &str) -> &str {
    match cause {
        "expired" => "past their time to live",
        "over_age" => "unused for too long",
        "over_count" => "too many",
        "over_size" => "over the size",
        other => other,
    }
}

/// `10.0 GB, 1,000 entries, unused for 30 d 0 h; least recently used first`
fn allowed(limits: &Limits) -> String {
    let nanos = |age: std::time::Duration| u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
    let all: Vec<String> = [
        limits.max_size.map(size),
        limits.max_entries.map(entries),
        limits
            .max_age
            .map(|age| format!("unused for {}", duration(nanos(age)))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let order = match limits.order {
        Order::Value => "least valuable first",
        _ => "least recently used first",
    };
    match &all[..] {
        [] => "none".to_owned(),
        all => format!("{}; {order}", all.join(", ")),
    }
}

fn leftovers(number: u64) -> String {
    count(
        usize::try_from(number).unwrap_or(usize::MAX),
        "leftover file",
        "leftover files",
    )
}

/// Says which files stay although no result has them.
fn young_files(files: &KeptFiles) -> String {
    let Ok(number @ 1..) = usize::try_from(files.files) else {
        return String::new();
    };
    format!(
        "{} in {}, kept within the last hour, stay: a result that has them may be about to come; a \
         later gc removes them\n",
        size(files.disk),
        count(number, "file of no result", "files of no result")
    )
}

fn done(removed: &Removed) -> String {
    let mut text = format!(
        "removed {}, {} on disk",
        entries(removed.entries.entries),
        size(removed.entries.disk)
    );
    if removed.litter > 0 {
        text.push_str(&format!(", and {}", leftovers(removed.litter)));
    }
    if removed.gone > 0 {
        text.push_str(&format!("; {} had gone by then", entries(removed.gone)));
    }
    if removed.used > 0 {
        let used = entries(removed.used);
        text.push_str(&format!("; {used} had been used by then, and stay"));
    }
    text.push('\n');
    text
}
