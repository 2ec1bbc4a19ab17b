//! What came of the points of a sweep.

#[cfg(test)]
pub(super) mod fixture;
mod order;

use std::collections::BTreeSet;
use std::time::Duration;

use memo_runtime::Digest;
use memo_runtime::run::Metric;

use crate::experiment::space::Point;
use crate::render::escape;

pub(super) use order::{Best, arrange};

/// What came of a point.
#[derive(Clone, Debug)]
pub(super) struct PointResult {
    /// Which point it is, from 1 on.
    pub(super) number: usize,
    pub(super) point: Point,
    pub(super) outcome: PointOutcome,
    pub(super) metrics: Vec<Metric>,
    /// How long computing it took, now or earlier.
    pub(super) took: Option<Duration>,
    pub(super) key: Option<Digest>,
    /// What there is to say of the outcome: `exit code 3`.
    pub(super) detail: Option<String>,
}

/// How a point ended; of a dry run, how it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PointOutcome {
    /// It was found.
    Hit,
    /// It was computed.
    Computed,
    /// Another process computed it meanwhile.
    Waited,
    /// It failed.
    Failed,
    /// It was not begun, or not brought to an end.
    NotRun,
    /// It would be found.
    WouldHit,
    /// It would be computed.
    WouldRun,
}

impl PointOutcome {
    /// Whether there is a result by its ID.
    pub(super) fn is_kept(self) -> bool {
        !matches!(self, Self::Failed | Self::NotRun | Self::WouldRun)
    }

    /// The word for it, for people.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Hit | Self::WouldHit => "hit",
            Self::Computed => "computed",
            Self::Waited => "waited",
            Self::Failed => "failed",
            Self::NotRun => "not run",
            Self::WouldRun => "to run",
        }
    }

    /// The word for it, for programs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotRun => "not_run",
            Self::WouldRun => "to_run",
            _ => self.word(),
        }
    }
}

/// How many points ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) points: usize,
    pub(super) hits: usize,
    pub(super) computed: usize,
    pub(super) waited: usize,
    pub(super) failed: usize,
    pub(super) not_run: usize,
    pub(super) to_run: usize,
}

impl Counts {
    /// Counts results.
    pub(super) fn of(results: &[PointResult]) -> Self {
        let mut counts = Self::default();
        for result in results {
            counts.points += 1;
            *match result.outcome {
                PointOutcome::Hit | PointOutcome::WouldHit => &mut counts.hits,
                PointOutcome::Computed => &mut counts.computed,
                PointOutcome::Waited => &mut counts.waited,
                PointOutcome::Failed => &mut counts.failed,
                PointOutcome::NotRun => &mut counts.not_run,
                PointOutcome::WouldRun => &mut counts.to_run,
            } += 1;
        }
        counts
    }

    /// How many points are done with.
    pub(super) fn done(&self) -> usize {
        self.hits + self.computed + self.waited + self.failed
    }
}

/// The parameters of a sweep: those that tell its points apart, and those that
/// have one value throughout.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    /// Of a single point, all.
    pub(super) varying: Vec<String>,
    /// With their values.
    pub(super) constant: Vec<(String, String)>,
}

impl Parameters {
    /// The parameters of these points, all of which have the same.
    pub(super) fn of<'p>(points: impl Iterator<Item = &'p Point> + Clone) -> Self {
        let mut parameters = Self::default();
        let Some(first) = points.clone().next() else {
            return parameters;
        };
        let single = points.clone().nth(1).is_none();
        for (at, (name, value)) in first.parameters.iter().enumerate() {
            if single || points.clone().any(|point| point.parameters[at].1 != *value) {
                parameters.varying.push(name.to_string());
            } else {
                let constant = (name.to_string(), value.to_string());
                parameters.constant.push(constant);
            }
        }
        parameters
    }

    /// What tells a point from the others: `lr=0.1, layers=3`, escaped.
    pub(super) fn words(&self, point: &Point) -> String {
        let pairs = self.varying.iter().map(|name| {
            let value = point.value(name).unwrap_or_default();
            escape(&format!("{name}={value}"))
        });
        pairs.collect::<Vec<_>>().join(", ")
    }
}

impl PointResult {
    /// The metric of this name.
    pub(super) fn metric(&self, name: &str) -> Option<f64> {
        let metric = self.metrics.iter().find(|metric| metric.name == name)?;
        Some(metric.value)
    }
}

/// The names of all metrics, in the order in which they appear.
pub(super) fn metric_names(results: &[PointResult]) -> Vec<String> {
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    for metric in results.iter().flat_map(|result| &result.metrics) {
        if seen.insert(metric.name.as_str()) {
            names.push(metric.name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::fixture::{point, result};
    use super::*;

    #[test]
    fn points_are_counted_by_their_outcomes() {
        use PointOutcome::{Computed, Failed, Hit, NotRun, Waited, WouldHit, WouldRun};
        let outcomes = [
            Hit, Computed, Computed, Waited, Failed, NotRun, WouldHit, WouldRun,
        ];
        let results: Vec<PointResult> = outcomes
            .iter()
            .map(|outcome| result(1, "lr=1", *outcome, ""))
            .collect();
        let counts = Counts {
            points: 8,
            hits: 2,
            computed: 2,
            waited: 1,
            failed: 1,
            not_run: 1,
            to_run: 1,
        };
        assert_eq!(Counts::of(&results), counts);
        assert_eq!(counts.done(), 6);
    }

    #[test]
    fn what_varies_tells_points_apart() {
        let points = [point("lr=0.1 act=relu n=1"), point("lr=0.1 act=tanh n=2")];
        let parameters = Parameters::of(points.iter());
        assert_eq!(parameters.varying, ["act", "n"]);
        let constant = [("lr".to_owned(), "0.1".to_owned())];
        assert_eq!(parameters.constant, constant);
        assert_eq!(parameters.words(&points[1]), "act=tanh, n=2");
        let single = Parameters::of(points[..1].iter());
        assert_eq!(single.words(&points[0]), "lr=0.1, act=relu, n=1");
        let hostile = point("x=\x1b[31m");
        let parameters = Parameters::of(std::iter::once(&hostile));
        assert_eq!(parameters.words(&hostile), r"x=\u{1b}[31m");
    }
}
