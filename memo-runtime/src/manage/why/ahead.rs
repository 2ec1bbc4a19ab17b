//! Why a run that is about to be made is not kept.

use super::past::History;
use super::{ReadEntry, Reason, Unknown, Vault, compare};
use crate::clock::Moment;
use crate::config;
use crate::error::StoreError;
use crate::journal::{Cause, Execution, Outcome};
use crate::manage::{Entry, EntryHead, FunctionDir, Header};
use crate::run::RunCall;

impl Vault {
    /// Why a run is going to be made, given the `cause` that looking for it
    /// came to: at least one reason, the main one first.
    ///
    /// # Errors
    ///
    /// The journal or the store cannot be read.
    pub fn why_computing(&self, run: &RunCall, cause: Cause) -> Result<Vec<Reason>, StoreError> {
        let head = head(run, self.clock.now());
        let history = self.history_before(Execution {
            time: head.created,
            pid: head.header.pid,
            host: head.header.host.clone(),
            package: head.header.package.clone(),
            function: head.header.function.clone(),
            key: run.key(),
            outcome: Outcome::Computed,
            cause,
            took: 0,
            computing: 0,
            bytes: 1,
            count: 1,
        })?;
        if let Some(reason) = history.reason() {
            return Ok(vec![reason]);
        }
        let unknown = |history: &History| match history.others {
            0 => Reason::First,
            _ => Reason::Unknown(Unknown::NothingEarlier),
        };
        let dir = run.prepared().about.place.function_dir();
        let functions = self.functions()?;
        let Some(function) = functions.into_iter().find(|function| function.dir == dir) else {
            return Ok(vec![unknown(&history)]);
        };
        let ahead = ReadEntry {
            entry: entry(run, &function),
            function,
            head,
        };
        Ok(match self.nearest(&ahead, &ahead.function)? {
            None => vec![unknown(&history)],
            Some(nearest) => match compare::differences(&nearest.head, &ahead.head) {
                reasons if reasons.is_empty() => vec![Reason::Unknown(Unknown::NoDifference)],
                reasons => reasons,
            },
        })
    }
}

/// What the entry of the run will say of itself.
fn head(run: &RunCall, now: Moment) -> EntryHead {
    let about = &run.prepared().about;
    let (code_level, fingerprint) = about.code();
    EntryHead {
        header: Header {
            package: about.identity.name.package.clone(),
            package_version: about.package_version().to_owned(),
            function: about.identity.name.path.clone(),
            instance: None,
            version: about.version,
            code_level,
            fingerprint,
            arguments: about.arguments.clone(),
            value_type: about.value_type_name.to_owned(),
            host: config::host().to_owned(),
            pid: config::process(),
            commit: None,
        },
        run: None,
        created: now,
        duration: 0,
        ttl: 0,
        value_type: about.value_type,
        codec: 0,
        value_bytes: 0,
    }
}

/// The entry that the run will have.
fn entry(run: &RunCall, function: &FunctionDir) -> Entry {
    Entry {
        key: run.key(),
        bytes: 0,
        disk: 0,
        last_used: 0,
        function: function.dir.as_str().into(),
    }
}
