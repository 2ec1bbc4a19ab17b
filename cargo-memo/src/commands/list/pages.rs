//! The results that are listed, read a page at a time, and what has to be known
//! of all of them before the first line is written.

use memo_runtime::manage::{FunctionName, Vault};

use super::order::{Chosen, Row};
use crate::cli::ListOptions;
use crate::code_state::{CodeState, CodeStates, DistinctCodes};
use crate::commands::Context;
use crate::failure::Failure;
use crate::interrupt;
use crate::listing::{Ids, Listed, ShortNames, State};
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
    /// The names of arguments, where functions were asked for and it is one.
    pub(super) arguments: Option<Vec<String>>,
    /// Whether some are not simply valid.
    pub(super) states: bool,
    codes: CodeStates,
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
            arguments: (!options.targets.is_empty() && functions.len() == 1).then(Vec::new),
            ..Self::default()
        };
        let mut codes = DistinctCodes::default();
        let mut only = (chosen.rows.len() <= PAGE).then(Vec::new);
        let read = |row: &Row| chosen.read(vault, row);
        reading::each(context.shell, chosen.rows.iter(), read, |one| {
            pages.states |= one.state(context.calendar.now) != State::Valid;
            if let Some(names) = &mut pages.arguments {
                for argument in one.arguments() {
                    if !names.contains(&argument.name) {
                        names.push(argument.name.clone());
                    }
                }
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
