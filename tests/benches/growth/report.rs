//! Panels as tables, and as a document.

use memo_tests::bench::human_seconds;
use memo_tests::bench::machine::Machine;
use serde::Serialize;

use super::panel::{Panel, Series, Unit};

/// The panel as a table: a line for each series, a column for each point.
pub(crate) fn table(panel: &Panel) -> String {
    let mut xs: Vec<u64> = panel.series.iter().flat_map(positions).collect();
    xs.sort_unstable();
    xs.dedup();
    let mut lines = vec![row(
        panel.title,
        xs.iter().map(|x| label(panel.x, *x as f64)),
    )];
    for series in &panel.series {
        let name = match series.system {
            true => format!("    {}", series.name),
            false => series.name.to_owned(),
        };
        let cells = xs.iter().map(|x| {
            let point = series.points.iter().find(|(at, _)| at == x);
            point.map_or_else(String::new, |(_, y)| figure(panel.y, *y))
        });
        lines.push(row(&name, cells));
        if let Some(why) = &series.failed {
            lines.push(format!("        no figure: {why}"));
        }
    }
    lines.join("\n")
}

fn positions(series: &Series) -> impl Iterator<Item = u64> {
    series.points.iter().map(|(x, _)| *x)
}

fn row(name: &str, cells: impl Iterator<Item = String>) -> String {
    let cells: String = cells.map(|cell| format!(" {cell:>9}")).collect();
    format!("{name:<32}{cells}").trim_end().to_owned()
}

/// A measured value.
fn figure(unit: Unit, y: f64) -> String {
    match unit {
        Unit::Seconds => human_seconds(y),
        Unit::Count | Unit::Bytes | Unit::PerSecond => format!("{y:.0}"),
    }
}

/// A round number on an axis.
pub(crate) fn label(unit: Unit, value: f64) -> String {
    let scaled = |steps: &[(f64, &str)]| {
        let found = steps.iter().find(|(step, _)| value >= step * 0.999);
        let (step, unit) = found.unwrap_or(&steps[steps.len() - 1]);
        format!("{:.0}{unit}", value / step)
    };
    match unit {
        Unit::Count | Unit::PerSecond => scaled(&[(1e6, "M"), (1e3, "k"), (1.0, "")]),
        Unit::Bytes => scaled(&[(1e9, " GB"), (1e6, " MB"), (1e3, " kB"), (1.0, " B")]),
        Unit::Seconds => scaled(&[(1.0, " s"), (1e-3, " ms"), (1e-6, " µs"), (1e-9, " ns")]),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    command: &'static str,
    machine: &'a Machine,
    panels: &'a [Panel],
}

/// All panels in one document: the points that the picture is drawn of.
pub(crate) fn json(machine: &Machine, panels: &[Panel]) -> String {
    let document = Document {
        schema_version: 1,
        command: "growth",
        machine,
        panels,
    };
    let text = serde_json::to_string_pretty(&document);
    text.expect("figures have a form in JSON") + "\n"
}
