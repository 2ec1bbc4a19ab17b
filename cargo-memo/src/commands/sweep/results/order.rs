//! Results in the order that is asked for, and the best of them.
//!
//! What must hold: points that have nothing under the name they are ordered by
//! come last in either direction, and none that failed is the best.

use std::cmp::Ordering;
use std::time::Duration;

use memo_runtime::manage::compare_values;

use super::{Parameters, PointOutcome, PointResult, metric_names};
use crate::cli::SortKey;
use crate::listing::{bare, metric_name};
use crate::render::{escape, rounded};
use crate::suggest;

/// What points can be ordered by beside parameters and metrics.
const DURATION: &str = "duration";
/// What the column of it is called.
const TOOK: &str = "took";

/// Puts results in the order that is asked for, else in that of the points.
/// Returns what is to be said if nothing has that name.
pub(in super::super) fn arrange(
    results: &mut [PointResult],
    key: Option<&SortKey>,
) -> Option<String> {
    results.sort_by_key(|result| result.number);
    let key = key?;
    let Some(under) = Under::find(key, results) else {
        return unknown(key, results);
    };
    results.sort_by(|one, other| under.order(one, other, key.descending));
    None
}

/// Says that nothing has the name that results are to be ordered by. Where
/// there are no metrics yet, it may be the name of one.
fn unknown(key: &SortKey, results: &[PointResult]) -> Option<String> {
    let parameters = results
        .first()
        .into_iter()
        .flat_map(|result| &result.point.parameters);
    let parameters: Vec<String> = parameters.map(|(name, _)| name.to_string()).collect();
    let metrics = metric_names(results);
    if metrics.is_empty() {
        return None;
    }
    let metrics = metrics.iter().map(|name| metric_name(name, &parameters));
    let mut known: Vec<String> = metrics.collect();
    known.extend(parameters);
    known.push(DURATION.to_owned());
    let meant = suggest::nearest(&key.name, known.iter().map(String::as_str));
    Some(format!(
        "no point has `{}` to order by: there are {}{}",
        escape(&key.name),
        escape(&known.join(", ")),
        suggest::question(meant)
    ))
}

/// What results have under the name that they are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Under<'k> {
    Parameter(&'k str),
    Metric(&'k str),
    Duration,
}

impl<'k> Under<'k> {
    /// As in a listing, a parameter goes before a metric of the same name.
    fn find(key: &'k SortKey, results: &[PointResult]) -> Option<Self> {
        let name = key.name.as_str();
        let has_parameter = |result: &PointResult| result.point.value(name).is_some();
        if results.first().is_some_and(has_parameter) {
            return Some(Self::Parameter(name));
        }
        let metric = bare(name);
        if results.iter().any(|result| result.metric(metric).is_some()) {
            return Some(Self::Metric(metric));
        }
        [DURATION, TOOK].contains(&name).then_some(Self::Duration)
    }

    /// Which of two comes first; those without a value come last.
    fn order(self, one: &PointResult, other: &PointResult, descending: bool) -> Ordering {
        match self {
            Self::Parameter(name) => {
                let (one, other) = (one.point.value(name), other.point.value(name));
                first(one, other, descending, |one, other| {
                    compare_values(one, other)
                })
            }
            Self::Metric(name) => {
                let number =
                    |result: &PointResult| result.metric(name).filter(|number| !number.is_nan());
                first(number(one), number(other), descending, f64::total_cmp)
            }
            Self::Duration => first(one.took, other.took, descending, Duration::cmp),
        }
    }
}

fn first<T>(
    one: Option<T>,
    other: Option<T>,
    descending: bool,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if descending => compare(&other, &one),
        (Some(one), Some(other)) => compare(&one, &other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    }
}

/// The best point so far, by the metric that points are ordered by.
#[derive(Debug)]
pub(in super::super) struct Best<'a> {
    key: Option<&'a SortKey>,
    parameters: &'a Parameters,
    found: Option<Found>,
}

#[derive(Debug)]
struct Found {
    number: usize,
    value: f64,
    words: String,
}

impl<'a> Best<'a> {
    /// Nothing so far. Without a key there is no best.
    pub(in super::super) fn new(key: Option<&'a SortKey>, parameters: &'a Parameters) -> Self {
        Self {
            key,
            parameters,
            found: None,
        }
    }

    /// Looks at one more result.
    pub(in super::super) fn look_at(&mut self, result: &PointResult) {
        let Some(key) = self.key else { return };
        let is_parameter = result.point.value(&key.name).is_some();
        if is_parameter || result.outcome == PointOutcome::Failed {
            return;
        }
        let name = bare(&key.name);
        let Some(value) = result.metric(name).filter(|value| !value.is_nan()) else {
            return;
        };
        let is_better = |found: &Found| match key.descending {
            true => value > found.value,
            false => value < found.value,
        };
        if self.found.as_ref().is_none_or(is_better) {
            self.found = Some(Found {
                number: result.number,
                value,
                words: format!(
                    "{}={} with {}",
                    escape(name),
                    rounded(value),
                    self.parameters.words(&result.point)
                ),
            });
        }
    }

    /// The number of the best point.
    pub(in super::super) fn number(&self) -> Option<usize> {
        self.found.as_ref().map(|found| found.number)
    }

    /// `loss=0.31 with lr=0.1, layers=3`, escaped.
    pub(in super::super) fn words(&self) -> Option<&str> {
        self.found.as_ref().map(|found| found.words.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{result, results, sort};
    use super::*;

    /// The numbers of the points in the order that `--sort` asks for.
    fn arranged(mut results: Vec<PointResult>, key: &str) -> Vec<usize> {
        assert_eq!(arrange(&mut results, Some(&sort(key))), None, "{key}");
        results.iter().map(|result| result.number).collect()
    }

    #[test]
    fn points_come_in_the_order_that_is_asked_for() {
        for (key, numbers) in [
            ("loss", [2, 4, 1, 3]),
            ("-loss", [1, 4, 2, 3]),
            // A number that is none is neither the best nor the worst.
            ("accuracy", [1, 2, 3, 4]),
            ("-accuracy", [1, 2, 3, 4]),
            ("lr", [3, 4, 1, 2]),
            ("-lr", [1, 2, 3, 4]),
            ("duration", [1, 2, 4, 3]),
            ("-duration", [4, 2, 1, 3]),
        ] {
            assert_eq!(arranged(results(), key), numbers, "{key}");
        }
        let mut backwards = results();
        backwards.reverse();
        assert_eq!(arrange(&mut backwards, None), None);
        assert!(backwards.is_sorted_by_key(|result| result.number));
    }

    #[test]
    fn a_parameter_goes_before_a_metric_of_its_name() {
        let results = vec![
            result(1, "loss=2", PointOutcome::Hit, "loss=1"),
            result(2, "loss=1", PointOutcome::Hit, "loss=2"),
        ];
        assert_eq!(arranged(results.clone(), "loss"), [2, 1]);
        assert_eq!(arranged(results, "metric loss"), [1, 2]);
    }

    #[test]
    fn a_name_that_nothing_has_is_told() {
        let mut results = results();
        assert_eq!(
            arrange(&mut results, Some(&sort("-los"))).unwrap(),
            "no point has `los` to order by: there are loss, accuracy, lr, layers, act, duration; \
             did you mean `loss`?"
        );
        // It may be the name of a metric that no point has come to yet.
        assert_eq!(arrange(&mut results[2..3], Some(&sort("loss"))), None);
    }

    /// What is said of the best of all.
    fn best(results: &[PointResult], key: &str) -> Option<String> {
        let parameters = Parameters::of(results.iter().map(|result| &result.point));
        let key = sort(key);
        let mut best = Best::new(Some(&key), &parameters);
        for result in results {
            best.look_at(result);
        }
        let words = best.words()?;
        Some(format!("{}: {words}", best.number()?))
    }

    #[test]
    fn the_best_is_the_first_by_a_metric() {
        for (key, words) in [
            ("loss", Some("2: loss=0.25 with lr=0.10, layers=3")),
            ("-loss", Some("1: loss=0.5 with lr=0.10, layers=2")),
            ("-accuracy", Some("1: accuracy=0.9 with lr=0.10, layers=2")),
            ("metric loss", Some("2: loss=0.25 with lr=0.10, layers=3")),
            ("lr", None),
            ("duration", None),
        ] {
            assert_eq!(best(&results(), key).as_deref(), words, "{key}");
        }
        let failed = result(1, "lr=1", PointOutcome::Failed, "loss=0");
        assert_eq!(best(&[failed], "loss"), None);
        let results = results();
        let parameters = Parameters::default();
        let mut none = Best::new(None, &parameters);
        none.look_at(&results[0]);
        assert_eq!(none.number(), None);
    }
}
