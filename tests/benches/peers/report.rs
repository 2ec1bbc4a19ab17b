//! Rows for people, and for programs.

use memo_tests::bench::human_seconds;
use memo_tests::bench::machine::Machine;
use serde::Serialize;

use super::row::{Figure, Role, Row};

/// The table, printed row by row.
pub(crate) struct Table;

impl Table {
    /// Prints what stands above the rows.
    pub(crate) fn begin(machine: &Machine, versions: &[String], quick: bool) -> Self {
        println!("{}", machine.describe());
        println!("{}", versions.join("; "));
        if quick {
            println!("few rounds, short arrays: the figures mean nothing");
        }
        println!();
        println!("{:<58} {:>9} {:>7}  goal", "medians", "took", "ours/it");
        Self
    }

    /// Prints a row.
    pub(crate) fn print(&mut self, row: &Row) {
        if let Some(command) = row.elsewhere {
            println!("{:<58} {command}", row.name);
        }
        for figure in &row.figures {
            println!("{}", line(row, figure).trim_end());
        }
    }
}

fn line(row: &Row, figure: &Figure) -> String {
    let name = match figure.role {
        Role::Ours => row.name.clone(),
        Role::System | Role::Peer => format!("    {}", figure.name),
    };
    let took = match &figure.median {
        Ok((seconds, _)) => human_seconds(*seconds),
        Err(why) => {
            let why = why.lines().next().unwrap_or_default();
            return format!("{name:<58} no figure: {why}");
        }
    };
    let ratio = match figure.role {
        Role::Ours => None,
        Role::System | Role::Peer => row.ratio(figure),
    };
    let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let remarks: Vec<String> = goal(row, figure)
        .into_iter()
        .chain(figure.note.clone())
        .collect();
    format!("{name:<58} {took:>9} {ratio:>7}  {}", remarks.join("; "))
}

fn goal(row: &Row, figure: &Figure) -> Option<String> {
    let goal = figure.goal?;
    let goal = match figure.role {
        Role::Ours => human_seconds(goal),
        Role::System | Role::Peer => format!("{goal}"),
    };
    Some(match row.reached(figure) {
        Some(true) => format!("≤ {goal}"),
        Some(false) => format!("≤ {goal}: missed"),
        None => format!("≤ {goal}: not known"),
    })
}

/// All rows in one document.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    schema_version: u32,
    command: &'static str,
    /// Whether the figures mean nothing.
    quick: bool,
    machine: &'a Machine,
    versions: Vec<String>,
    rows: Vec<RowOut<'a>>,
}

#[derive(Serialize)]
struct RowOut<'a> {
    id: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<&'static str>,
    figures: Vec<FigureOut<'a>>,
}

/// Figures that there are not are `null`.
#[derive(Serialize)]
struct FigureOut<'a> {
    name: &'a str,
    role: Role,
    seconds: Option<f64>,
    samples: usize,
    /// How many times this figure ours is.
    ratio: Option<f64>,
    /// Of ours, seconds; of others, the ratio.
    goal: Option<f64>,
    reached: Option<bool>,
    note: Option<&'a str>,
    /// Why there is no figure.
    failed: Option<&'a str>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(
        machine: &'a Machine,
        versions: Vec<String>,
        quick: bool,
        rows: &'a [Row],
    ) -> Self {
        let rows = rows.iter().map(|row| RowOut {
            id: row.id,
            name: &row.name,
            elsewhere: row.elsewhere,
            figures: row
                .figures
                .iter()
                .map(|it| FigureOut::new(row, it))
                .collect(),
        });
        Self {
            schema_version: 1,
            command: "peers",
            quick,
            machine,
            versions,
            rows: rows.collect(),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("figures have a form in JSON")
    }
}

impl<'a> FigureOut<'a> {
    fn new(row: &Row, figure: &'a Figure) -> Self {
        let (samples, failed) = match &figure.median {
            Ok((_, samples)) => (*samples, None),
            Err(why) => (0, Some(why.as_str())),
        };
        Self {
            name: &figure.name,
            role: figure.role,
            seconds: figure.seconds(),
            samples,
            ratio: row.ratio(figure),
            goal: figure.goal,
            reached: row.reached(figure),
            note: figure.note.as_deref(),
            failed,
        }
    }
}
