//! `list`: results with their arguments.
//!
//! What must hold: memory grows with the results of a store only by a compact
//! record of each, and by nothing where a limit is set; files are opened only
//! of results that are shown, or that have to be looked into to choose and to
//! order them; and what is shown is written piece by piece.

mod forms;
mod order;
mod pages;

use memo_runtime::manage::Vault;

use super::{Context, Verdict};
use crate::cli::{Format, ListOptions, ShowOptions};
use crate::failure::Failure;
use crate::listing::Listed;
use crate::render::count;
use crate::shell;

use forms::{Csv, Form, Json, Tables};
use order::Chosen;
use pages::Pages;

/// How many results a terminal shows unless more are asked for.
const TERMINAL_LIMIT: usize = 50;

/// Runs the verb.
pub(crate) fn run(context: &Context<'_>, options: &ListOptions) -> Result<Verdict, Failure> {
    let limit = options.limit.unwrap_or(match context.format {
        Format::Table if shell::is_terminal() => TERMINAL_LIMIT,
        _ => usize::MAX,
    });
    let chosen = match &context.vault {
        Some(vault) => Chosen::find(context, vault, options, limit)?,
        None => Chosen::default(),
    };
    if context.format == Format::Table && chosen.rows.is_empty() {
        note_nothing(context, chosen.total)?;
    } else {
        write(context, &chosen, options)?;
    }
    let left_out = chosen.total.saturating_sub(limit);
    if left_out > 0 && options.limit.is_none() {
        let left_out = count(left_out, "more result", "more results");
        context
            .shell
            .note(&format!("{left_out}, --limit N shows them"));
    }
    Ok(Verdict::Done)
}

/// The latest result that `show` may mean, and how many there are.
pub(super) fn latest(
    context: &Context<'_>,
    vault: &Vault,
    options: &ShowOptions,
) -> Result<(Option<Listed>, usize), Failure> {
    let options = ListOptions {
        targets: vec![options.target.clone()],
        condition: options.condition.clone(),
        ..ListOptions::default()
    };
    let chosen = Chosen::find(context, vault, &options, 1)?;
    let latest = chosen.rows.first().and_then(|row| chosen.read(vault, row));
    Ok((latest, chosen.total))
}

/// Says why there is nothing to show.
fn note_nothing(context: &Context<'_>, total: usize) -> Result<(), Failure> {
    let any = |vault: &Vault| Ok::<bool, Failure>(!vault.functions()?.is_empty());
    if total > 0 {
        return Ok(());
    }
    match &context.vault {
        Some(vault) if any(vault)? => context.shell.note(&format!(
            "no such results in the store {}: `cargo memo status` shows the functions",
            context.quoted_dir()
        )),
        _ => context.note_empty(),
    }
    Ok(())
}

fn write(context: &Context<'_>, chosen: &Chosen, options: &ListOptions) -> Result<(), Failure> {
    let pages = match &context.vault {
        Some(vault) => Some(Pages::read(context, vault, chosen, options)?),
        None => None,
    };
    let mut form: Box<dyn Form> = match context.format {
        Format::Table => Box::new(Tables::default()),
        Format::Json => Box::new(Json::default()),
        Format::Csv => Box::new(Csv),
    };
    let print = |text: &str| context.shell.print(text).map_err(Failure::from);
    let empty = Pages::default();
    let about = pages.as_ref().unwrap_or(&empty);
    print(&form.begin(context, about))?;
    if let Some(vault) = &context.vault {
        about.each(context, vault, chosen, |page| {
            print(&form.page(context, about, page))
        })?;
    }
    print(&form.end())
}
