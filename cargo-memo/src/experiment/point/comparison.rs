//! Two runs of the same, held beside each other.

use memo_runtime::run::{Recording, Stream};

use crate::render::escape;

/// How a second run compares to the one that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// What differs; empty: nothing does.
    pub(crate) differing: Vec<String>,
}

/// What many programs print times and progress to.
const STANDARD_ERROR: &str = "standard error";

impl Comparison {
    /// Holds a run beside the one that is kept.
    pub(super) fn of(kept: &Recording, again: &Recording) -> Self {
        Self {
            differing: differing(kept, again),
        }
    }

    /// A run of which nothing but its exit code is known.
    pub(super) fn of_exit_code(kept: &Recording, code: i32) -> Self {
        Self {
            differing: vec![exit_code(kept.facts().exit_code, code)],
        }
    }

    /// Whether nothing differs that could be a result.
    pub(crate) fn is_same(&self) -> bool {
        self.differing.iter().all(|what| what == STANDARD_ERROR)
    }
}

/// What differs between two runs of the same.
fn differing(kept: &Recording, again: &Recording) -> Vec<String> {
    let mut differing = Vec::new();
    let (before, after) = (kept.facts().exit_code, again.facts().exit_code);
    if before != after {
        differing.push(exit_code(before, after));
    }
    for (stream, name) in [
        (Stream::Stdout, "standard output"),
        (Stream::Stderr, STANDARD_ERROR),
    ] {
        if kept.digest(stream) != again.digest(stream) {
            differing.push(name.to_owned());
        }
    }
    let of = |recording: &Recording, path: &str| {
        let outputs = recording.outputs().iter();
        let mut found = outputs.filter(|output| output.path == path);
        found.next().map(|output| (output.kind, output.digest))
    };
    let mut paths: Vec<&str> = [kept, again]
        .iter()
        .flat_map(|recording| recording.outputs())
        .map(|output| output.path.as_str())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        if of(kept, path) != of(again, path) {
            differing.push(format!("`{}`", escape(path)));
        }
    }
    differing
}

fn exit_code(before: i32, after: i32) -> String {
    format!("the exit code ({before} before, {after} now)")
}
