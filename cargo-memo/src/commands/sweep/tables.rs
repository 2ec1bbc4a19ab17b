//! The table of a sweep: a row for each point.

use super::results::{Best, Parameters, PointOutcome, PointResult, metric_names};
use crate::listing::{Ids, metric_name};
use crate::render::{Column, Table, count, escape, number, rounded, span};

/// What is shown of the results of a sweep, and how.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) parameters: &'a Parameters,
    /// The metrics that were asked for; none: all are shown.
    pub(super) asked: &'a [String],
    pub(super) best: &'a Best<'a>,
    pub(super) ids: &'a Ids,
    /// Full IDs, and numbers to the last digit.
    pub(super) verbose: bool,
}

/// The first `limit` of the results as a table of at most `width` columns, below
/// the parameters that are the same throughout.
pub(super) fn table(
    results: &[PointResult],
    view: &View<'_>,
    limit: usize,
    width: Option<usize>,
) -> String {
    let columns = Columns {
        view,
        metrics: match view.asked {
            [] => metric_names(results),
            asked => asked.to_vec(),
        },
        details: results.iter().any(|result| result.detail.is_some()),
    };
    let mut table = Table::new(columns.titled());
    for result in results.iter().take(limit) {
        let cells = columns.cells(result);
        match result.outcome {
            PointOutcome::Failed => table.odd_row(cells),
            PointOutcome::NotRun => table.faint_row(cells),
            _ => table.row(cells),
        }
    }
    let mut text = constant(view.parameters);
    text.push_str(&table.render(width));
    if results.len() > limit {
        let more = count(results.len() - limit, "more point", "more points");
        text.push_str(&format!("{more}: --limit N shows them\n"));
    }
    text
}

/// `all points: epochs=10, act=relu`
fn constant(parameters: &Parameters) -> String {
    if parameters.constant.is_empty() {
        return String::new();
    }
    let pairs = parameters.constant.iter();
    let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
    let pairs = pairs.collect::<Vec<_>>().join(", ");
    format!("all points: {}\n", escape(&pairs))
}

struct Columns<'a> {
    view: &'a View<'a>,
    metrics: Vec<String>,
    /// Whether there is anything to say of outcomes.
    details: bool,
}

impl Columns<'_> {
    fn titled(&self) -> Vec<Column> {
        let parameters = &self.view.parameters.varying;
        let mut columns = Vec::new();
        columns.extend(self.view.best.number().map(|_| Column::text("")));
        columns.push(Column::number("#"));
        columns.extend(parameters.iter().map(|name| Column::text(name).cut()));
        columns.extend(self.metrics.iter().map(|metric| {
            let title = metric_name(metric, parameters);
            Column::number(&title)
        }));
        columns.extend([Column::number("took"), Column::text("outcome")]);
        columns.extend(self.details.then(|| Column::text("detail").cut()));
        columns.push(Column::text("ID").spare());
        columns
    }

    fn cells(&self, result: &PointResult) -> Vec<String> {
        let view = self.view;
        let mut cells = Vec::new();
        let mark = |best| if best == result.number { "*" } else { "" };
        cells.extend(view.best.number().map(|best| mark(best).to_owned()));
        cells.push(result.number.to_string());
        let values = view.parameters.varying.iter();
        let values = values.map(|name| result.point.value(name).unwrap_or_default());
        cells.extend(values.map(str::to_owned));
        let shown = if view.verbose { number } else { rounded };
        let metrics = self.metrics.iter().map(|metric| result.metric(metric));
        cells.extend(metrics.map(|metric| metric.map(shown).unwrap_or_default()));
        cells.push(result.took.map(span).unwrap_or_default());
        cells.push(result.outcome.word().to_owned());
        if self.details {
            cells.push(result.detail.clone().unwrap_or_default());
        }
        cells.push(match result.key.filter(|_| result.outcome.is_kept()) {
            Some(key) if view.verbose => key.to_hex(),
            Some(key) => view.ids.of_key(&key),
            None => String::new(),
        });
        cells
    }
}

#[cfg(test)]
mod tests {
    use snapbox::IntoData;
    use snapbox::assert_data_eq;
    use snapbox::str;

    use super::super::results::arrange;
    use super::super::results::fixture::{ids, result, results, sort};
    use super::*;

    /// What `sweep` was given that changes the table.
    #[derive(Default)]
    struct Given {
        asked: Vec<String>,
        sort: Option<&'static str>,
        limit: Option<usize>,
        width: Option<usize>,
        verbose: bool,
    }

    fn shown(mut results: Vec<PointResult>, given: &Given) -> String {
        let parameters = Parameters::of(results.iter().map(|result| &result.point));
        let key = given.sort.map(sort);
        assert_eq!(arrange(&mut results, key.as_ref()), None);
        let mut best = Best::new(key.as_ref(), &parameters);
        for result in &results {
            best.look_at(result);
        }
        let view = View {
            parameters: &parameters,
            asked: &given.asked,
            best: &best,
            ids: &ids(&results),
            verbose: given.verbose,
        };
        let limit = given.limit.unwrap_or(usize::MAX);
        let text = table(&results, &view, limit, given.width);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn a_row_is_a_point() {
        assert_data_eq!(
            shown(results(), &Given::default()),
            str![[r#"
all points: act=relu
#  lr    layers      loss  accuracy   took  outcome   detail       ID
1  0.10  2            0.5       0.9  1.0 s  hit                    01010101
2  0.10  3           0.25            2.0 s  computed               02020202
3  0.01  2                                  failed    exit code 3
4  0.01  3       0.333333       NaN  4.0 s  computed               04040404

"#]]
            .raw()
        );
    }

    #[test]
    fn the_best_comes_first_and_is_marked() {
        let given = Given {
            sort: Some("loss"),
            asked: vec!["loss".to_owned()],
            ..Given::default()
        };
        assert_data_eq!(
            shown(results(), &given),
            str![[r#"
all points: act=relu
   #  lr    layers      loss   took  outcome   detail       ID
*  2  0.10  3           0.25  2.0 s  computed               02020202
   4  0.01  3       0.333333  4.0 s  computed               04040404
   1  0.10  2            0.5  1.0 s  hit                    01010101
   3  0.01  2                        failed    exit code 3

"#]]
            .raw()
        );
    }

    #[test]
    fn where_space_or_rows_are_short_less_is_shown() {
        let given = Given {
            limit: Some(2),
            width: Some(64),
            ..Given::default()
        };
        assert_data_eq!(
            shown(results(), &given),
            str![[r#"
all points: act=relu
#  lr    layers  loss  accuracy   took  outcome   detail
1  0.10  2        0.5       0.9  1.0 s  hit
2  0.10  3       0.25            2.0 s  computed
2 more points: --limit N shows them

"#]]
            .raw()
        );
    }

    #[test]
    fn nothing_is_cut_where_all_is_asked_for() {
        let given = Given {
            verbose: true,
            ..Given::default()
        };
        assert_data_eq!(shown(results().split_off(3), &given), str![[r#"
#  lr    layers  act                 loss  accuracy   took  outcome   ID
4  0.01  3       relu  0.3333333333333333       NaN  4.0 s  computed  0404040404040404040404040404040404040404040404040404040404040404

"#]].raw());
    }

    #[test]
    fn what_would_come_of_points_is_shown_alike() {
        let results = vec![
            result(1, "loss=1 x=\r", PointOutcome::WouldHit, "loss=0.5"),
            PointResult {
                took: None,
                ..result(2, "loss=\x1b[0m x=\r", PointOutcome::WouldRun, "")
            },
        ];
        assert_data_eq!(
            shown(results, &Given::default()),
            str![[r#"
all points: x=\r
#  loss       metric loss   took  outcome  ID
1  1                  0.5  1.0 s  hit      01010101
2  \u{1b}[0m                      to run

"#]]
            .raw()
        );
    }
}
