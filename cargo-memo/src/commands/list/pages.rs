//! The results that are listed, read a page at a time, and what has to be known
//! of all of them before the first line is written.

use memo_runtime::manage::{Condition, FunctionName, Vault};

use super::order::{Chosen, Row};
use crate::cli::{ListOptions, Sort};
use crate::code_state::{CodeState, CodeStates, DistinctCodes};
use crate::commands::Context;
use crate::failure::Failure;
use crate::interrupt;
use crate::listing::{Ids, Listed, ShortNames, State, metric_name, typed};
use crate::reading;

/// How many results are held in full at once.
const PAGE: usize = 1000;

/// What is to be known of all results.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The results themselves, if they are one page.
    only: Option<Vec<Listed>>,
    pub(super) ids: Ids,
    pub(super) names: ShortNames,
    /// Where functions were asked for and it is one: what results have under
    /// names.
    pub(super) columns: Option<Columns>,
    /// What there is of programs.
    pub(super) runs: Runs,
    /// Whether some are not simply valid.
    pub(super) states: bool,
    codes: CodeStates,
}

/// The names that have columns of their own, in order.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) arguments: Vec<String>,
    pub(super) metrics: Vec<String>,
    /// Arguments that have one although they were not typed.
    asked: Vec<String>,
    /// Whether all have.
    all: bool,
}

/// What there is of programs among results.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Whether there are any.
    pub(super) any: bool,
    /// Whether one has a metric.
    pub(super) metrics: bool,
    /// Whether one failed.
    pub(super) failed: bool,
}

impl Columns {
    fn asked_by(options: &ListOptions, all: bool) -> Self {
        let names = options.condition.iter().flat_map(Condition::names);
        let order = match &options.sort.key {
            Sort::Value(name) => Some(name.as_str()),
            _ => None,
        };
        Self {
            asked: names.chain(order).map(str::to_owned).collect(),
            all,
            ..Self::default()
        }
    }

    fn add(&mut self, one: &Listed) {
        let Ok(head) = &one.head else {
            return;
        };
        let asked = one.arguments().iter().map(|argument| &argument.name);
        let asked = asked.filter(|name| self.all || self.asked.contains(name));
        let typed = typed(head).map(|argument| &argument.name);
        for name in typed.chain(asked) {
            if !self.arguments.contains(name) {
                self.arguments.push(name.clone());
            }
        }
        for metric in one.run().into_iter().flat_map(|run| &run.metrics) {
            if !self.metrics.contains(&metric.name) {
                self.metrics.push(metric.name.clone());
            }
        }
    }

    /// The titles of the metrics' columns.
    pub(super) fn metric_titles(&self) -> impl Iterator<Item = String> {
        let metrics = self.metrics.iter();
        metrics.map(|metric| metric_name(metric, &self.arguments))
    }
}

impl Runs {
    fn add(&mut self, one: &Listed) {
        if let Some(run) = one.run() {
            self.any = true;
            self.metrics |= !run.metrics.is_empty();
            self.failed |= run.exit_code != 0;
        }
    }
}

impl Pages {
    /// Looks through the results.
    pub(super) fn read(
        context: &Context<'_>,
        vault: &Vault,
        chosen: &Chosen,
        options: &ListOptions,
    ) -> Result<Self, Failure> {
        let keys: Vec<_> = chosen.rows.iter().map(|row| row.entry.key).collect();
        let functions = shown_functions(chosen);
        let mut pages = Self {
            ids: Ids::among(vault.keys_beside(&keys)?),
            names: ShortNames::new(functions.iter().copied(), context.verbose),
            columns: (!options.targets.is_empty() && functions.len() == 1)
                .then(|| Columns::asked_by(options, context.verbose)),
            ..Self::default()
        };
        let mut codes = DistinctCodes::default();
        let mut only = (chosen.rows.len() <= PAGE).then(Vec::new);
        let read = |row: &Row| chosen.read(vault, row);
        reading::each(context.shell, chosen.rows.iter(), read, |one| {
            pages.states |= one.state(context.calendar.now) != State::Valid;
            pages.runs.add(&one);
            if let Some(columns) = &mut pages.columns {
                columns.add(&one);
            }
            if let Ok(head) = &one.head {
                codes.number(&head.header);
            }
            if let Some(only) = &mut only {
                only.push(one);
            }
        })?;
        pages.only = only;
        pages.codes = context.code_states(vault, codes.headers().iter())?;
        Ok(pages)
    }

    /// Hands out the results a page at a time.
    pub(super) fn each(
        &self,
        context: &Context<'_>,
        vault: &Vault,
        chosen: &Chosen,
        mut found: impl FnMut(&[Listed]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if let Some(only) = &self.only {
            return found(only);
        }
        for rows in chosen.rows.chunks(PAGE) {
            let mut page = Vec::with_capacity(rows.len());
            let read = |row: &Row| chosen.read(vault, row);
            reading::each(context.shell, rows.iter(), read, |one| page.push(one))?;
            found(&page)?;
            if interrupt::came() {
                return Err(Failure::Interrupted(
                    "interrupted: the list is not complete".into(),
                ));
            }
        }
        Ok(())
    }

    /// What has become of the code of a result.
    pub(super) fn code(&self, one: &Listed) -> Option<CodeState> {
        self.codes.of(&one.head.as_ref().ok()?.header)
    }

    /// Whether that can be told of any.
    pub(super) fn has_codes(&self) -> bool {
        !self.codes.is_empty()
    }
}

/// The functions whose results are shown.
fn shown_functions(chosen: &Chosen) -> Vec<&FunctionName> {
    let mut shown = vec![false; chosen.functions.len()];
    for row in &chosen.rows {
        shown[row.function as usize] = true;
    }
    let shown = chosen.functions.iter().zip(shown);
    shown
        .filter(|(_, shown)| *shown)
        .map(|(name, _)| name)
        .collect()
}
