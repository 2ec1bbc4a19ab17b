//! Results of a sweep, for tests.

use std::time::Duration;

use memo_runtime::Digest;
use memo_runtime::run::Metric;

use super::{PointOutcome, PointResult};
use crate::cli::SortKey;
use crate::experiment::space::Point;
use crate::listing::Ids;

/// A point such as `lr=0.1 layers=3`.
pub(in super::super) fn point(text: &str) -> Point {
    let pairs = text.split(' ').filter_map(|pair| pair.split_once('='));
    Point {
        parameters: pairs
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
    }
}

/// A result that took `number` seconds and has a key of this number, with
/// metrics such as `loss=0.5`.
pub(in super::super) fn result(
    number: u8,
    text: &str,
    outcome: PointOutcome,
    metrics: &str,
) -> PointResult {
    let metrics = metrics.split(' ').filter_map(|pair| pair.split_once('='));
    PointResult {
        number: number.into(),
        point: point(text),
        outcome,
        metrics: metrics
            .map(|(name, value)| Metric {
                name: name.to_owned(),
                value: value.parse().unwrap(),
            })
            .collect(),
        took: Some(Duration::from_secs(number.into())),
        key: Some(Digest::from_bytes([number; 32])),
        detail: None,
    }
}

/// What came of four points: one was found, two were computed, and one failed.
pub(in super::super) fn results() -> Vec<PointResult> {
    let failed = PointResult {
        took: None,
        detail: Some("exit code 3".to_owned()),
        ..result(3, "lr=0.01 layers=2 act=relu", PointOutcome::Failed, "")
    };
    vec![
        result(
            1,
            "lr=0.10 layers=2 act=relu",
            PointOutcome::Hit,
            "loss=0.5 accuracy=0.9",
        ),
        result(
            2,
            "lr=0.10 layers=3 act=relu",
            PointOutcome::Computed,
            "loss=0.25",
        ),
        failed,
        result(
            4,
            "lr=0.01 layers=3 act=relu",
            PointOutcome::Computed,
            "loss=0.3333333333333333 accuracy=NaN",
        ),
    ]
}

/// The IDs of results.
pub(in super::super) fn ids(results: &[PointResult]) -> Ids {
    Ids::among(results.iter().filter_map(|result| result.key).collect())
}

/// What `--sort` was given.
pub(in super::super) fn sort(text: &str) -> SortKey {
    let Ok(key) = text.parse();
    key
}
