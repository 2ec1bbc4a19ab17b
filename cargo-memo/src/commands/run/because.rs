//! Why a run is made, in a clause.

use memo_runtime::manage::{Argument, ArgumentChange, Cause, Reason, Vault};
use memo_runtime::run::RunCall;

use crate::commands::why;

/// So many arguments are named one by one.
const NAMED: usize = 3;

/// What a run is made for: `because lr is 0.1, and was 0.2`; where that cannot
/// be told, what looking for it came to.
pub(super) fn because(vault: Option<&Vault>, run: &RunCall, cause: Cause) -> String {
    if cause == Cause::Plain {
        return "which the store is not asked for".to_owned();
    }
    let reasons = vault.and_then(|vault| vault.why_computing(run, cause).ok());
    let clause = reasons.and_then(|reasons| match &*reasons {
        [Reason::Arguments(changes)] if changes.len() <= NAMED => Some(changed(changes)),
        reasons => why::clause(reasons),
    });
    match (clause, cause.words()) {
        (Some(clause), _) => format!("because {clause}"),
        (None, words) => words.to_owned(),
    }
}

fn changed(changes: &[ArgumentChange]) -> String {
    let one = |change: &ArgumentChange| match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            format!("{} is {}, and was {}", name(after), after.text, before.text)
        }
        (None, Some(after)) => format!("{} is new", name(after)),
        (Some(before), None) => format!("{} is no more", name(before)),
        (None, None) => String::new(),
    };
    let clauses: Vec<String> = changes.iter().map(one).collect();
    clauses.join("; ")
}

/// What an argument is called: one that goes by its position has no name.
fn name(argument: &Argument) -> String {
    match argument.name.parse::<usize>() {
        Ok(position) => format!("argument {position}"),
        Err(_) => argument.name.clone(),
    }
}
