//! Results and executions as programs see them.

use memo_runtime::manage::{Argument, Execution, Outcome};
use memo_runtime::run::Metric;
use serde::{Serialize, Serializer};

use super::{duration, rfc3339, seconds};
use crate::code_state::CodeState;
use crate::listing::Listed;

/// A result. Of one that cannot be read only the file is known.
#[derive(Debug, Serialize)]
pub(crate) struct EntryDocument<'a> {
    id: String,
    key: String,
    function: &'a str,
    package: &'a str,
    state: &'static str,
    code_state: Option<&'static str>,
    problem: Option<String>,
    bytes: u64,
    disk_bytes: u64,
    last_used: String,
    #[serde(flatten)]
    head: Option<HeadDocument<'a>>,
}

#[derive(Debug, Serialize)]
struct HeadDocument<'a> {
    arguments: Vec<ArgumentDocument<'a>>,
    created: String,
    duration_seconds: f64,
    ttl_seconds: Option<f64>,
    expires: Option<String>,
    value_bytes: u64,
    value_type: &'a str,
    codec: &'static str,
    compression: Option<&'static str>,
    instance: Option<&'a str>,
    version: u64,
    code: &'static str,
    fingerprint: Option<String>,
    package_version: &'a str,
    commit: Option<CommitDocument<'a>>,
    host: &'a str,
    pid: u32,
    #[serde(flatten)]
    run: Option<RunDocument<'a>>,
}

/// What a program came to.
#[derive(Debug, Serialize)]
struct RunDocument<'a> {
    exit_code: i32,
    metrics: Metrics<'a>,
}

/// Metrics by their names, in their order. What is no finite number is null.
#[derive(Debug)]
pub(crate) struct Metrics<'a>(pub(crate) &'a [Metric]);

impl Serialize for Metrics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let metrics = self.0.iter();
        serializer.collect_map(metrics.map(|metric| (&metric.name, metric.value)))
    }
}

/// An argument.
#[derive(Debug, Serialize)]
pub(crate) struct ArgumentDocument<'a> {
    name: &'a str,
    text: &'a str,
    digest: String,
}

#[derive(Debug, Serialize)]
struct CommitDocument<'a> {
    id: &'a str,
    dirty: Option<bool>,
}

impl<'a> EntryDocument<'a> {
    /// The document of a result that goes by `id`, and whose `code` is so, as
    /// it is at the moment `now`.
    pub(crate) fn new(listed: &'a Listed, id: String, code: Option<CodeState>, now: u64) -> Self {
        Self {
            id,
            key: listed.entry.key.to_hex(),
            function: &listed.function.path,
            package: &listed.function.package,
            state: listed.state(now).word(),
            code_state: code.map(CodeState::word),
            problem: listed.problem(),
            bytes: listed.entry.bytes,
            disk_bytes: listed.entry.disk,
            last_used: rfc3339(listed.last_used()),
            head: HeadDocument::new(listed),
        }
    }
}

impl<'a> HeadDocument<'a> {
    fn new(listed: &'a Listed) -> Option<Self> {
        let head = listed.head.as_ref().ok()?;
        let header = &head.header;
        Some(Self {
            arguments: header.arguments.iter().map(ArgumentDocument::new).collect(),
            created: rfc3339(head.created),
            duration_seconds: seconds(head.duration),
            ttl_seconds: (head.ttl > 0).then(|| seconds(head.ttl)),
            expires: listed.expires().map(rfc3339),
            value_bytes: head.value_bytes,
            value_type: &header.value_type,
            codec: head.codec(),
            compression: head.compression(),
            instance: header.instance.as_deref(),
            version: header.version,
            code: header.code_level.name(),
            fingerprint: header.fingerprint.map(|digest| digest.to_hex()),
            package_version: &header.package_version,
            commit: header.commit.as_ref().map(|commit| CommitDocument {
                id: &commit.id,
                dirty: commit.dirty,
            }),
            host: &header.host,
            pid: header.pid,
            run: head.run.as_ref().map(|run| RunDocument {
                exit_code: run.exit_code,
                metrics: Metrics(&run.metrics),
            }),
        })
    }
}

impl<'a> ArgumentDocument<'a> {
    /// The document of an argument.
    pub(crate) fn new(argument: &'a Argument) -> Self {
        Self {
            name: &argument.name,
            text: &argument.text,
            digest: argument.digest.to_hex(),
        }
    }
}

/// An execution.
#[derive(Debug, Serialize)]
pub(crate) struct ExecutionDocument<'a> {
    time: String,
    function: &'a str,
    package: &'a str,
    key: String,
    outcome: &'static str,
    cause: Option<&'static str>,
    took_seconds: f64,
    computing_seconds: f64,
    bytes: u64,
    pid: u32,
    host: &'a str,
    count: u64,
}

impl<'a> ExecutionDocument<'a> {
    /// The document of an execution.
    pub(crate) fn new(execution: &'a Execution) -> Self {
        let cause = execution.cause.words();
        Self {
            time: rfc3339(execution.time),
            function: &execution.function,
            package: &execution.package,
            key: execution.key.to_hex(),
            outcome: execution.outcome.word(),
            cause: (!cause.is_empty()).then_some(cause),
            took_seconds: seconds(execution.took),
            computing_seconds: seconds(execution.computing),
            bytes: execution.bytes,
            pid: execution.pid,
            host: &execution.host,
            count: execution.count,
        }
    }
}

/// What came of an execution, for a table, and how often where several are
/// told together.
pub(crate) fn outcome(execution: &Execution) -> String {
    match execution.count {
        1 => execution.outcome.word().to_owned(),
        count => format!("{} ×{count}", execution.outcome),
    }
}

/// How long an execution took, for a table; nothing where an entry was removed.
pub(crate) fn took(execution: &Execution) -> String {
    match execution.outcome {
        Outcome::Evicted | Outcome::Cleared | Outcome::Damaged => String::new(),
        _ => duration(execution.took),
    }
}
