//! What is said of one point, and of all together.

use std::time::Duration;

use super::results::{Counts, Parameters, PointOutcome, PointResult};
use crate::render::{count, escape, rounded, span};

/// The line for a finished point, `done` of `total` being finished:
/// `3/200 computed lr=0.1, layers=3: loss=0.31, 1.2 s`, escaped.
pub(super) fn finished(
    result: &PointResult,
    parameters: &Parameters,
    asked: &[String],
    done: usize,
    total: usize,
) -> String {
    let metrics = result.metrics.iter();
    let metrics = metrics.filter(|metric| asked.is_empty() || asked.contains(&metric.name));
    let mut said: Vec<String> = result.detail.iter().map(|detail| escape(detail)).collect();
    said.extend(metrics.map(|metric| {
        let name = escape(&metric.name);
        format!("{name}={}", rounded(metric.value))
    }));
    // What was found took no time now.
    if result.outcome != PointOutcome::Hit {
        said.extend(result.took.map(span));
    }
    let place = format!("{done:>width$}/{total}", width = total.to_string().len());
    let outcome = result.outcome.word();
    let point = parameters.words(&result.point);
    match said.is_empty() {
        true => format!("{place} {outcome} {point}"),
        false => format!("{place} {outcome} {point}: {}", said.join(", ")),
    }
}

/// What came of all: `200 points in 3 min 05 s: 150 hits, 50 computed`.
pub(super) fn summary(counts: &Counts, took: Duration) -> String {
    let points = count(counts.points, "point", "points");
    format!("{points} in {}: {}", span(took), outcomes(counts))
}

/// What would come of all: `200 points: 150 hits, 50 to run, about 12 min 00 s
/// on 2 workers`. How long they take may not be known.
pub(super) fn forecast(counts: &Counts, left: Option<Duration>, workers: usize) -> String {
    let points = count(counts.points, "point", "points");
    let outcomes = outcomes(counts);
    let workers = count(workers, "worker", "workers");
    match left {
        Some(left) if counts.to_run > 0 => {
            format!("{points}: {outcomes}, about {} on {workers}", span(left))
        }
        _ => format!("{points}: {outcomes}"),
    }
}

/// `150 hits, 50 computed, 2 failed`
fn outcomes(counts: &Counts) -> String {
    let named = [
        (counts.hits, count(counts.hits, "hit", "hits")),
        (
            counts.computed,
            count(counts.computed, "computed", "computed"),
        ),
        (
            counts.waited,
            count(counts.waited, "waited for", "waited for"),
        ),
        (counts.failed, count(counts.failed, "failed", "failed")),
        (counts.not_run, count(counts.not_run, "not run", "not run")),
        (counts.to_run, count(counts.to_run, "to run", "to run")),
    ];
    let there = named.into_iter().filter(|(number, _)| *number > 0);
    there.map(|(_, words)| words).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::results::fixture::{result, results};
    use super::*;

    fn told(result: &PointResult, asked: &[String]) -> String {
        let results = results();
        let parameters = Parameters::of(results.iter().map(|result| &result.point));
        finished(result, &parameters, asked, 3, 200)
    }

    #[test]
    fn a_finished_point_is_told_in_a_line() {
        let lines: Vec<String> = results().iter().map(|result| told(result, &[])).collect();
        assert_eq!(
            lines,
            [
                "  3/200 hit lr=0.10, layers=2: loss=0.5, accuracy=0.9",
                "  3/200 computed lr=0.10, layers=3: loss=0.25, 2.0 s",
                "  3/200 failed lr=0.01, layers=2: exit code 3",
                "  3/200 computed lr=0.01, layers=3: loss=0.333333, accuracy=NaN, 4.0 s",
            ]
        );
        assert_eq!(
            told(&results()[0], &["accuracy".to_owned()]),
            "  3/200 hit lr=0.10, layers=2: accuracy=0.9"
        );
        let bare = result(1, "lr=1 layers=2", PointOutcome::Hit, "");
        assert_eq!(told(&bare, &[]), "  3/200 hit lr=1, layers=2");
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let hostile = PointResult {
            detail: Some("\x1b[2J".to_owned()),
            ..result(1, "lr=\x1b[0m layers=\r", PointOutcome::Hit, "a\x07=1")
        };
        assert_eq!(
            told(&hostile, &[]),
            r"  3/200 hit lr=\u{1b}[0m, layers=\r: \u{1b}[2J, a\u{7}=1"
        );
    }

    #[test]
    fn all_together_are_summed_up() {
        let counts = Counts {
            points: 1200,
            hits: 1,
            computed: 1194,
            waited: 1,
            failed: 2,
            not_run: 2,
            to_run: 0,
        };
        assert_eq!(
            summary(&counts, Duration::from_secs(185)),
            "1,200 points in 3 min 05 s: 1 hit, 1,194 computed, 1 waited for, 2 failed, 2 not run"
        );
    }

    #[test]
    fn a_forecast_tells_how_long_it_takes_if_that_is_known() {
        let counts = Counts {
            points: 200,
            hits: 150,
            to_run: 50,
            ..Counts::default()
        };
        let left = Some(Duration::from_secs(720));
        assert_eq!(
            forecast(&counts, left, 2),
            "200 points: 150 hits, 50 to run, about 12 min 00 s on 2 workers"
        );
        assert_eq!(
            forecast(&counts, None, 1),
            "200 points: 150 hits, 50 to run"
        );
        let all = Counts {
            points: 1,
            hits: 1,
            ..Counts::default()
        };
        assert_eq!(forecast(&all, left, 1), "1 point: 1 hit");
    }
}
