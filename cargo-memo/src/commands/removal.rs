//! Removing entries, as `clear` and `gc` do it: the plan is shown, a person
//! is asked, and that very plan is carried out.

mod document;
mod words;

use std::collections::BTreeMap;

use memo_runtime::manage::{
    Cause, FunctionName, Limits, Plan, Planned, Removed, Totals, UpkeepLock, Vault, Watch,
};

use super::{Context, Verdict};
use crate::cli::Format;
use crate::failure::Failure;
use crate::interrupt;
use crate::progress::{Measure, Progress};
use crate::render::{count, escape};

/// What a verb means to remove, and how.
#[derive(Debug)]
pub(crate) struct Removal {
    /// The verb.
    pub(crate) verb: &'static str,
    /// Whether to show the plan alone.
    pub(crate) dry_run: bool,
    /// Whether not to ask.
    pub(crate) yes: bool,
    /// The limits that the plan follows from, if it does from any.
    pub(crate) limits: Option<Limits>,
    /// What is to be removed.
    pub(crate) plan: Plan,
    /// The right to do upkeep, if that is what it is.
    pub(crate) lock: Option<UpkeepLock>,
}

/// What is lost with some entries.
#[derive(Clone, Copy, Debug, Default)]
struct Loss {
    totals: Totals,
    /// How long computing took, in nanoseconds; `None`: that was not asked.
    computing: Option<u64>,
}

impl Loss {
    fn add(&mut self, planned: &Planned, priced: bool) {
        self.totals.entries += 1;
        self.totals.bytes = self.totals.bytes.saturating_add(planned.entry.bytes);
        self.totals.disk = self.totals.disk.saturating_add(planned.entry.disk);
        if priced {
            let one = planned.computing.unwrap_or(0);
            self.computing = Some(self.computing.unwrap_or(0).saturating_add(one));
        }
    }
}

/// What the plan takes, by function and by cause.
#[derive(Debug, Default)]
struct Losses<'p> {
    by_function: BTreeMap<&'p FunctionName, Loss>,
    by_cause: BTreeMap<&'static str, Loss>,
    total: Loss,
}

impl<'p> Losses<'p> {
    fn of(plan: &'p Plan, priced: bool) -> Self {
        let mut losses = Self::default();
        if priced {
            losses.total.computing = Some(0);
        }
        for planned in &plan.entries {
            let by_function = losses.by_function.entry(&planned.function).or_default();
            by_function.add(planned, priced);
            let by_cause = losses.by_cause.entry(cause(planned.cause)).or_default();
            by_cause.add(planned, priced);
            losses.total.add(planned, priced);
        }
        losses
    }
}

/// The word for why an entry goes, in documents.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Expired => "expired",
        Cause::OverAge => "over_age",
        Cause::OverCount => "over_count",
        Cause::OverSize => "over_size",
        Cause::OldCode => "old_code",
        _ => "cleared",
    }
}

/// Stops at Ctrl-C, and shows nothing.
#[derive(Debug)]
pub(super) struct UntilInterrupted(());

impl UntilInterrupted {
    /// From now on an interrupt is noted first.
    pub(super) fn listen() -> Self {
        interrupt::listen();
        Self(())
    }
}

impl Watch for UntilInterrupted {
    fn goes_on(&self) -> bool {
        !interrupt::came()
    }
}

/// It was interrupted before anything was done.
pub(super) fn interrupted_early() -> Failure {
    Failure::Interrupted("interrupted: nothing was removed".to_owned())
}

/// So many entries are opened in a fraction of a second.
const QUICKLY_PRICED: usize = 50_000;

impl Removal {
    /// Says that there is nothing to remove.
    pub(crate) fn nothing(&self, context: &Context<'_>) -> Result<Verdict, Failure> {
        self.answer(context, &Losses::of(&self.plan, true), None)
    }

    /// Shows the plan, asks, and carries it out.
    pub(crate) fn run(mut self, context: &Context<'_>, vault: &Vault) -> Result<Verdict, Failure> {
        // Who has said yes does not want to wait long for what it costs.
        let priced = self.dry_run || !self.yes || self.plan.entries.len() <= QUICKLY_PRICED;
        if priced && !self.plan.entries.is_empty() {
            let progress = Progress::begin(context.shell, "planning", Measure::Entries);
            if !vault.price(&mut self.plan, &progress) {
                return Err(interrupted_early());
            }
        }
        let losses = Losses::of(&self.plan, priced);
        if self.dry_run {
            return self.answer(context, &losses, None);
        }
        if !self.plan.entries.is_empty() {
            if context.format == Format::Table {
                context.shell.print(&self.shown(context, &losses))?;
            }
            if !self.yes && !self.agreed(context, &losses)? {
                context.shell.note("nothing was removed");
                return Ok(Verdict::Findings);
            }
        }
        let removed = self.carry_out(context, vault)?;
        if let Some(lock) = self.lock.take() {
            vault.end_upkeep(lock, &self.plan, &removed);
        }
        self.answer(context, &Losses::of(&self.plan, priced), Some(&removed))?;
        match &removed.trouble {
            None => Ok(Verdict::Done),
            Some(error) => Err(Failure::Failed(format!(
                "{} could not be removed: {}",
                count(removed.failed as usize, "entry", "entries"),
                escape(&error.to_string())
            ))),
        }
    }

    /// Asks whether to go on.
    fn agreed(&self, context: &Context<'_>, losses: &Losses<'_>) -> Result<bool, Failure> {
        let what = words::losing(&losses.total);
        context
            .shell
            .confirm(&format!("remove {what}?"))
            .ok_or_else(|| {
                Failure::Usage(format!(
                    "cannot ask whether to remove {what}, there is no terminal: say --yes to \
                     remove, or --dry-run to look"
                ))
            })
    }

    fn carry_out(&self, context: &Context<'_>, vault: &Vault) -> Result<Removed, Failure> {
        let progress = Progress::begin(context.shell, "removing", Measure::Entries);
        let removed = vault.carry_out(&self.plan, &progress)?;
        drop(progress);
        if removed.stopped {
            let planned = self.plan.entries.len();
            let done = usize::try_from(removed.entries.entries).unwrap_or(planned);
            return Err(Failure::Interrupted(format!(
                "interrupted: removed {} of {}",
                words::number(done),
                count(planned, "entry", "entries")
            )));
        }
        Ok(removed)
    }

    /// Says what was removed, or would be.
    fn answer(
        &self,
        context: &Context<'_>,
        losses: &Losses<'_>,
        removed: Option<&Removed>,
    ) -> Result<Verdict, Failure> {
        let text = match context.format {
            Format::Json => self.document(losses, removed),
            Format::Table | Format::Csv => self.said(context, losses, removed),
        };
        context.shell.print(&text)?;
        Ok(Verdict::Done)
    }
}
