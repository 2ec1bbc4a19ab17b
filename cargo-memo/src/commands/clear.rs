//! `clear`: removes the results that somebody names.

use std::collections::BTreeSet;
use std::sync::Arc;

use memo_runtime::manage::{Cause, Criterion, FunctionName, Plan, Planned, Vault};

use super::removal::Removal;
use super::{Context, Verdict};
use crate::cli::ClearOptions;
use crate::failure::Failure;
use crate::selection::{CodeFilter, Selection};

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &ClearOptions) -> Result<Verdict, Failure> {
    let mut removal = Removal {
        verb: "clear",
        dry_run: options.dry_run,
        yes: options.yes,
        limits: None,
        plan: Plan::default(),
        lock: None,
    };
    let Some(vault) = &context.vault else {
        context.note_empty();
        return removal.nothing(context);
    };
    removal.plan = plan(context, vault, options)?;
    removal.run(context, vault)
}

fn plan(context: &Context<'_>, vault: &Vault, options: &ClearOptions) -> Result<Plan, Failure> {
    if options.all {
        return Ok(vault.plan(&Criterion::All)?);
    }
    let code = match options.code {
        None if options.stale => Some(CodeFilter::Stale),
        code => code,
    };
    let cause = match code {
        Some(CodeFilter::Older | CodeFilter::Gone | CodeFilter::Stale) => Cause::OldCode,
        Some(CodeFilter::Current) | None => Cause::Plain,
    };
    let selection = Selection {
        targets: options.targets.clone(),
        condition: options.condition.clone(),
        order: None,
        code,
    };
    let mut names: BTreeSet<Arc<FunctionName>> = BTreeSet::new();
    let mut planned = Vec::new();
    selection.each_entry(context, vault, |function, entry| {
        let known = names.get(function).map(Arc::clone);
        let function = known.unwrap_or_else(|| {
            let name = Arc::new(function.clone());
            names.insert(Arc::clone(&name));
            name
        });
        planned.push(Planned {
            function,
            entry,
            cause,
            computing: None,
        });
    })?;
    Ok(Plan::of(planned))
}
