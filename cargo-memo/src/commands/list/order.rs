//! Which results are listed, and in what order.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use memo_runtime::manage::{Entry, FunctionName, Glance, Vault, compare_values, value_under};

use crate::cli::{ListOptions, Sort};
use crate::commands::Context;
use crate::failure::Failure;
use crate::listing::{Listed, State};
use crate::reading;
use crate::selection::Selection;

/// No file is so much older than what it says of itself, even if the clocks of
/// a host and a file system differ: a minute, in nanoseconds.
const SLACK: u64 = 60_000_000_000;
/// A metric or argument that is neither the best nor the worst.
const NOT_A_NUMBER: &str = "NaN";
/// How many entries are looked into before seeing whether that was enough.
const BLOCK: usize = 1024;

/// The results that are listed, in order.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) rows: Vec<Row>,
    /// Whose results they are.
    pub(super) functions: Vec<FunctionName>,
    /// How many there would be without a limit.
    pub(super) total: usize,
}

/// What is known of a result before its line is written.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) entry: Entry,
    /// The position of its function.
    pub(super) function: u32,
    /// What it is ordered by, largest first.
    number: u64,
    /// What comes before that: an argument or a metric, smallest first.
    text: Option<Box<str>>,
}

impl Chosen {
    /// The results that are wanted, at most `limit`.
    pub(super) fn find(
        context: &Context<'_>,
        vault: &Vault,
        options: &ListOptions,
        limit: usize,
    ) -> Result<Self, Failure> {
        let selection = Selection {
            targets: options.targets.clone(),
            condition: options.condition.clone(),
            order: match &options.sort.key {
                Sort::Value(name) => Some(name.clone()),
                _ => None,
            },
            code: options.code,
        };
        let mut order = Order {
            options,
            limit,
            now: context.calendar.now,
            functions: BTreeMap::new(),
            chosen: Self::default(),
        };
        if selection.looks_into_entries() {
            selection.each(context, vault, |listed| order.add_listed(listed))?;
        } else if options.expired
            || matches!(
                options.sort.key,
                Sort::Created | Sort::Duration | Sort::Function
            )
        {
            let mut rows = Vec::new();
            selection.each_entry(context, vault, |function, entry| {
                rows.push(order.row(function, entry));
            })?;
            order.look_into(context, vault, rows)?;
        } else {
            selection.each_entry(context, vault, |function, entry| {
                let mut row = order.row(function, entry);
                row.number = match options.sort.key {
                    Sort::Size => row.entry.bytes,
                    _ => row.entry.last_used,
                };
                order.add(row);
            })?;
        }
        order.keep_first();
        Ok(order.chosen)
    }

    /// Reads what a result says of itself; `None`: it has gone.
    pub(super) fn read(&self, vault: &Vault, row: &Row) -> Option<Listed> {
        let function = self.functions[row.function as usize].clone();
        Listed::read(vault, function, row.entry.clone())
    }
}

/// Results that are being put in order.
struct Order<'o> {
    options: &'o ListOptions,
    limit: usize,
    now: u64,
    functions: BTreeMap<FunctionName, u32>,
    chosen: Chosen,
}

impl Order<'_> {
    fn row(&mut self, function: &FunctionName, entry: Entry) -> Row {
        let number = match self.functions.get(function) {
            Some(number) => *number,
            None => {
                let number = self.chosen.functions.len() as u32;
                self.chosen.functions.push(function.clone());
                self.functions.insert(function.clone(), number);
                number
            }
        };
        Row {
            entry,
            function: number,
            number: 0,
            text: None,
        }
    }

    fn add(&mut self, row: Row) {
        self.chosen.total += 1;
        self.chosen.rows.push(row);
        if self.chosen.rows.len() > self.limit.saturating_mul(2).max(BLOCK) {
            self.keep_first();
        }
    }

    fn add_listed(&mut self, listed: Listed) {
        if self.options.expired && listed.state(self.now) != State::Expired {
            return;
        }
        let mut row = self.row(&listed.function, listed.entry.clone());
        row.number = match self.options.sort.key {
            Sort::Used => listed.entry.last_used,
            Sort::Size => listed.entry.bytes,
            Sort::Duration => listed.duration().unwrap_or(0),
            _ => listed.created().unwrap_or(0),
        };
        if let Sort::Value(name) = &self.options.sort.key {
            let value = value_under(name, |name| listed.value(name));
            let value = value.filter(|value| *value != NOT_A_NUMBER);
            row.text = value.map(|value| value.into());
        }
        self.add(row);
    }

    /// Adds rows whose order only the entries themselves can tell.
    fn look_into(
        &mut self,
        context: &Context<'_>,
        vault: &Vault,
        mut rows: Vec<Row>,
    ) -> Result<(), Failure> {
        let by_time = self.options.sort.key == Sort::Created
            && !self.options.is_reversed()
            && !self.options.expired
            && self.limit < rows.len();
        if !by_time {
            return self.look_into_all(context, vault, rows);
        }
        // A result was computed before it was last used: once enough have been
        // found that were computed later than others were used, these others
        // need not be looked into.
        rows.sort_unstable_by_key(|row| row.entry.last_used);
        let total = rows.len();
        while let Some(last) = rows.last() {
            self.keep_first();
            let enough = self.chosen.rows.len() >= self.limit;
            let least = self.chosen.rows.last().map_or(u64::MAX, |row| row.number);
            if enough && last.entry.last_used.saturating_add(SLACK) < least {
                break;
            }
            let block = rows.split_off(rows.len().saturating_sub(BLOCK));
            self.look_into_all(context, vault, block)?;
        }
        self.chosen.total = total;
        Ok(())
    }

    fn look_into_all(
        &mut self,
        context: &Context<'_>,
        vault: &Vault,
        rows: Vec<Row>,
    ) -> Result<(), Failure> {
        let look = |row: Row| Some((vault.glance(&row.entry), row));
        reading::each(
            context.shell,
            rows.into_iter(),
            look,
            |(glance, mut row)| {
                if self.options.expired && !glance.is_some_and(|glance| is_over(&glance, self.now))
                {
                    return;
                }
                row.number = glance.map_or(0, |glance| match self.options.sort.key {
                    Sort::Used => row.entry.last_used,
                    Sort::Size => row.entry.bytes,
                    Sort::Duration => glance.duration,
                    _ => glance.created,
                });
                self.add(row);
            },
        )
    }

    /// Leaves the first rows, in order.
    fn keep_first(&mut self) {
        let Chosen {
            rows, functions, ..
        } = &mut self.chosen;
        let by_function = self.options.sort.key == Sort::Function;
        let reverse = self.options.is_reversed();
        rows.sort_unstable_by(|one, other| {
            // Results without the value come last in either direction.
            let missing = one.text.is_none().cmp(&other.text.is_none());
            let function = || match by_function {
                true => functions[one.function as usize].cmp(&functions[other.function as usize]),
                false => Ordering::Equal,
            };
            let text = || match (&one.text, &other.text) {
                (Some(one), Some(other)) => compare_values(one, other),
                _ => Ordering::Equal,
            };
            let order = function()
                .then_with(text)
                .then_with(|| Reverse(one.number).cmp(&Reverse(other.number)));
            let order = if reverse { order.reverse() } else { order };
            missing
                .then(order)
                .then_with(|| one.entry.key.cmp(&other.entry.key))
        });
        rows.truncate(self.limit);
    }
}

/// Whether the time to live of a result is over.
fn is_over(glance: &Glance, now: u64) -> bool {
    glance.ttl > 0 && glance.created.saturating_add(glance.ttl) <= now
}
