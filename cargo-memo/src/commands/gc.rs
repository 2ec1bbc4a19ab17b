//! `gc`: keeps the store within its limits, now.

use memo_runtime::manage::{Keeper, Limits, Plan, UpkeepLock, Vault};

use super::removal::{self, Removal, UntilInterrupted};
use super::{Context, Verdict};
use crate::cli::GcOptions;
use crate::failure::Failure;
use crate::progress::{Measure, Progress};
use crate::render::escape;

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &GcOptions) -> Result<Verdict, Failure> {
    let limits = options.limits(context.place.limits);
    let mut removal = Removal {
        verb: "gc",
        dry_run: options.dry_run,
        yes: options.yes,
        limits: Some(limits),
        plan: Plan::default(),
        lock: None,
    };
    let Some(vault) = &context.vault else {
        context.note_empty();
        return removal.nothing(context);
    };
    // Held from here to the end, so that what is planned is still true when
    // it is carried out.
    if !options.dry_run {
        removal.lock = Some(lock(context, vault)?);
    }
    removal.plan = plan(context, vault, &limits)?;
    removal.run(context, vault)
}

fn lock(context: &Context<'_>, vault: &Vault) -> Result<UpkeepLock, Failure> {
    let busy = |keeper: Option<Keeper>| {
        let who = keeper.map_or_else(
            || "another process".to_owned(),
            |Keeper { pid, host, .. }| format!("process {pid} on {}", escape(&host)),
        );
        let note = format!("waiting for {who}, which keeps the store within its limits");
        context.shell.note(&note);
    };
    let lock = vault.lock_upkeep(&UntilInterrupted::listen(), busy)?;
    lock.ok_or_else(removal::interrupted_early)
}

fn plan(context: &Context<'_>, vault: &Vault, limits: &Limits) -> Result<Plan, Failure> {
    let progress = Progress::begin(context.shell, "planning", Measure::Entries);
    let plan = vault.plan_upkeep(limits, &progress)?;
    plan.ok_or_else(removal::interrupted_early)
}
