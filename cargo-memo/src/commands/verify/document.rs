//! What `verify` found, for programs.

use memo_runtime::manage::{Amiss, DamagedList, Unreadable};
use serde::Serialize;

use super::{Answer, Context, problem};
use crate::render::document;

#[derive(Serialize)]
struct VerifyDocument<'a> {
    complete: bool,
    entries: u64,
    planned_entries: u64,
    bytes: u64,
    problems: Vec<ProblemDocument<'a>>,
    lists: Vec<ListDocument<'a>>,
    files: Vec<String>,
    strangers: &'a [String],
    repaired: Option<RepairedDocument>,
}

#[derive(Serialize)]
struct ProblemDocument<'a> {
    id: String,
    key: String,
    function: &'a str,
    package: &'a str,
    state: &'static str,
    problem: String,
    bytes: u64,
    file: String,
}

#[derive(Serialize)]
struct ListDocument<'a> {
    function: &'a str,
    package: &'a str,
    fingerprint: String,
    problem: &'a str,
}

#[derive(Serialize)]
struct RepairedDocument {
    entries: usize,
    lists: usize,
    files: usize,
    gone: usize,
    failed: Vec<String>,
}

impl Answer {
    /// The document.
    pub(super) fn json(&self, context: &Context<'_>) -> String {
        let report = &self.report;
        let problems = report.amiss.iter();
        let body = VerifyDocument {
            complete: !report.stopped,
            entries: report.entries,
            planned_entries: report.planned,
            bytes: report.bytes,
            problems: problems.map(|amiss| self.problem(context, amiss)).collect(),
            lists: report.lists.iter().map(list).collect(),
            files: report
                .files
                .iter()
                .map(|file| file.digest.to_hex())
                .collect(),
            strangers: &report.strangers,
            repaired: self.repaired.as_ref().map(|repaired| RepairedDocument {
                entries: repaired.entries,
                lists: repaired.lists,
                files: repaired.files,
                gone: repaired.gone,
                failed: repaired.failed.iter().map(ToString::to_string).collect(),
            }),
        };
        document("verify", body)
    }

    fn problem<'a>(&self, context: &Context<'_>, amiss: &'a Amiss) -> ProblemDocument<'a> {
        let file = context
            .vault
            .as_ref()
            .map(|vault| vault.entry_path(&amiss.entry));
        ProblemDocument {
            id: self.ids.of_key(&amiss.entry.key),
            key: amiss.entry.key.to_hex(),
            function: &amiss.function.path,
            package: &amiss.function.package,
            state: match amiss.problem {
                Unreadable::Damaged(_) => "damaged",
                Unreadable::Newer(_) => "newer",
                Unreadable::System(_) => "unreadable",
            },
            problem: problem(&amiss.problem),
            bytes: amiss.entry.bytes,
            file: file.unwrap_or_default().to_string_lossy().into_owned(),
        }
    }
}

fn list(list: &DamagedList) -> ListDocument<'_> {
    ListDocument {
        function: &list.function.path,
        package: &list.function.package,
        fingerprint: list.fingerprint.to_hex(),
        problem: &list.problem,
    }
}
