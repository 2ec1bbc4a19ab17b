//! What came of a sweep, for programs and spreadsheets.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::results::{Counts, PointResult, metric_names};
use crate::experiment::space::Point;
use crate::listing::{Ids, metric_name};
use crate::render::{Metrics, csv_rows, number};

/// What is known of a sweep beside its points.
#[derive(Clone, Copy, Debug)]
pub(super) enum Timing {
    /// It was carried out, in such a time.
    Took(Duration),
    /// It was not; it may take such a time, if that can be told.
    WouldTake(Option<Duration>),
}

#[derive(Serialize)]
struct SweepDocument<'a> {
    dry_run: bool,
    points: Vec<PointDocument<'a>>,
    counts: CountsDocument,
    took_seconds: Option<f64>,
    estimated_seconds: Option<f64>,
}

#[derive(Serialize)]
struct PointDocument<'a> {
    number: usize,
    parameters: Parameters<'a>,
    outcome: &'static str,
    detail: Option<&'a str>,
    metrics: Metrics<'a>,
    duration_seconds: Option<f64>,
    id: Option<String>,
    key: Option<String>,
}

#[derive(Serialize)]
struct CountsDocument {
    points: usize,
    hits: usize,
    computed: usize,
    waited: usize,
    failed: usize,
    not_run: usize,
    to_run: usize,
}

/// Parameters by their names, in their order.
struct Parameters<'a>(&'a Point);

impl Serialize for Parameters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parameters = self.0.parameters.iter();
        serializer.collect_map(parameters.map(|(name, value)| (&**name, &**value)))
    }
}

/// The document that the verb answers with.
pub(super) fn document(results: &[PointResult], ids: &Ids, timing: Timing) -> String {
    let (took, estimated) = match timing {
        Timing::Took(took) => (Some(took), None),
        Timing::WouldTake(estimated) => (None, estimated),
    };
    let points = results.iter().map(|result| PointDocument {
        number: result.number,
        parameters: Parameters(&result.point),
        outcome: result.outcome.name(),
        detail: result.detail.as_deref(),
        metrics: Metrics(&result.metrics),
        duration_seconds: result.took.map(|took| took.as_secs_f64()),
        id: result.key.map(|key| ids.of_key(&key)),
        key: result.key.map(|key| key.to_hex()),
    });
    let body = SweepDocument {
        dry_run: matches!(timing, Timing::WouldTake(_)),
        points: points.collect(),
        counts: CountsDocument::new(&Counts::of(results)),
        took_seconds: took.map(|took| took.as_secs_f64()),
        estimated_seconds: estimated.map(|estimated| estimated.as_secs_f64()),
    };
    crate::render::document("sweep", body)
}

impl CountsDocument {
    fn new(counts: &Counts) -> Self {
        Self {
            points: counts.points,
            hits: counts.hits,
            computed: counts.computed,
            waited: counts.waited,
            failed: counts.failed,
            not_run: counts.not_run,
            to_run: counts.to_run,
        }
    }
}

/// The points as rows, below a row of names.
pub(super) fn rows(results: &[PointResult]) -> String {
    let first = results.first().map(|result| &result.point.parameters);
    let parameters = first
        .into_iter()
        .flatten()
        .map(|(name, _)| name.to_string());
    let parameters: Vec<String> = parameters.collect();
    let metrics = metric_names(results);
    let mut header = vec!["point".to_owned()];
    header.extend(parameters.iter().cloned());
    header.extend(
        metrics
            .iter()
            .map(|metric| metric_name(metric, &parameters)),
    );
    header.extend(["outcome", "detail", "took_seconds", "key"].map(str::to_owned));
    let rows = results.iter().map(|result| {
        let mut row = vec![result.number.to_string()];
        row.extend(
            result
                .point
                .parameters
                .iter()
                .map(|(_, value)| value.to_string()),
        );
        let metrics = metrics.iter().map(|metric| result.metric(metric));
        row.extend(metrics.map(|metric| metric.map(number).unwrap_or_default()));
        let took = result.took.map(|took| took.as_secs_f64().to_string());
        row.extend([
            result.outcome.name().to_owned(),
            result.detail.clone().unwrap_or_default(),
            took.unwrap_or_default(),
            result.key.map(|key| key.to_hex()).unwrap_or_default(),
        ]);
        row
    });
    csv_rows(std::iter::once(header).chain(rows))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jsonschema::Registry;
    use serde_json::Value;
    use snapbox::IntoData;
    use snapbox::assert_data_eq;
    use snapbox::str;

    use super::super::results::PointOutcome;
    use super::super::results::fixture::{ids, result, results};
    use super::*;

    const TOOK: Timing = Timing::Took(Duration::from_millis(12_500));

    /// Points that are shown in a dry run.
    fn planned() -> Vec<PointResult> {
        vec![
            result(1, "loss=1 x=a,b", PointOutcome::WouldHit, "loss=inf"),
            PointResult {
                took: None,
                ..result(2, "loss=2 x=\x1b", PointOutcome::WouldRun, "")
            },
            PointResult {
                key: None,
                ..result(3, "loss=3 x=", PointOutcome::NotRun, "")
            },
            result(4, "loss=4 x=", PointOutcome::Waited, ""),
        ]
    }

    /// A schema of this package.
    fn schema(name: &str) -> Value {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
        let text = std::fs::read_to_string(dir.join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn documents_have_the_form_of_their_schema() {
        let common = Registry::new().add("file:///schema/common.json", schema("common.json"));
        let registry = common.unwrap().prepare().unwrap();
        let validator = jsonschema::options()
            .with_registry(&registry)
            .with_base_uri("file:///schema/sweep.json")
            .build(&schema("sweep.json"))
            .unwrap();
        for (results, timing) in [
            (results(), TOOK),
            (planned(), Timing::WouldTake(None)),
            (planned(), Timing::WouldTake(Some(Duration::from_secs(3)))),
            (Vec::new(), TOOK),
        ] {
            let text = document(&results, &ids(&results), timing);
            let mut document: Value = serde_json::from_str(&text).unwrap();
            let problems = validator.iter_errors(&document);
            let problems: Vec<String> = problems.map(|problem| problem.to_string()).collect();
            assert!(problems.is_empty(), "{problems:?}\n{text}");
            document["stranger"] = Value::Null;
            assert!(!validator.is_valid(&document));
        }
    }

    #[test]
    fn a_document_has_all_there_is() {
        let results = results().split_off(2);
        assert_data_eq!(
            document(&results, &ids(&results), TOOK),
            str![[r#"
{
  "schema_version": 1,
  "command": "sweep",
  "dry_run": false,
  "points": [
    {
      "number": 3,
      "parameters": {
        "lr": "0.01",
        "layers": "2",
        "act": "relu"
      },
      "outcome": "failed",
      "detail": "exit code 3",
      "metrics": {},
      "duration_seconds": null,
      "id": "03030303",
      "key": "0303030303030303030303030303030303030303030303030303030303030303"
    },
    {
      "number": 4,
      "parameters": {
        "lr": "0.01",
        "layers": "3",
        "act": "relu"
      },
      "outcome": "computed",
      "detail": null,
      "metrics": {
        "loss": 0.3333333333333333,
        "accuracy": null
      },
      "duration_seconds": 4.0,
      "id": "04040404",
      "key": "0404040404040404040404040404040404040404040404040404040404040404"
    }
  ],
  "counts": {
    "points": 2,
    "hits": 0,
    "computed": 1,
    "waited": 0,
    "failed": 1,
    "not_run": 0,
    "to_run": 0
  },
  "took_seconds": 12.5,
  "estimated_seconds": null
}

"#]]
            .raw()
        );
    }

    #[test]
    fn rows_are_exact() {
        assert_data_eq!(rows(&results()), str![[r#"
point,lr,layers,act,loss,accuracy,outcome,detail,took_seconds,key
1,0.10,2,relu,0.5,0.9,hit,,1,0101010101010101010101010101010101010101010101010101010101010101
2,0.10,3,relu,0.25,,computed,,2,0202020202020202020202020202020202020202020202020202020202020202
3,0.01,2,relu,,,failed,exit code 3,,0303030303030303030303030303030303030303030303030303030303030303
4,0.01,3,relu,0.3333333333333333,NaN,computed,,4,0404040404040404040404040404040404040404040404040404040404040404

"#]].raw());
        assert_data_eq!(
            rows(&planned()),
            str![[r#"
point,loss,x,metric loss,outcome,detail,took_seconds,key
1,1,"a,b",inf,hit,,1,0101010101010101010101010101010101010101010101010101010101010101
2,2,\u{1b},,to_run,,,0202020202020202020202020202020202020202020202020202020202020202
3,3,,,not_run,,3,
4,4,,,waited,,4,0404040404040404040404040404040404040404040404040404040404040404

"#]]
            .raw()
        );
    }
}
