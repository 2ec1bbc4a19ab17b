//! Verdicts in words and as data.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};

use crate::verdict::{Finding, Verdict};

/// How many needless changes a table shows of each subject.
const SHOWN: usize = 10;

/// The verdicts as one JSON document.
pub fn json(verdicts: &[Verdict]) -> Value {
    let subject = |verdict: &Verdict| {
        let mut value = json!(verdict);
        value["precision"] = json!(verdict.precision());
        value["misses"] = json!(verdict.misses());
        value
    };
    let mut total = subject(&Verdict::total(verdicts));
    if let Value::Object(total) = &mut total {
        total.retain(|_, value| value.is_number());
    }
    json!({
        "schema_version": 1,
        "command": "oracle",
        "subjects": verdicts.iter().map(subject).collect::<Vec<_>>(),
        "total": total,
    })
}

/// The verdicts as a table, and below it what is wrong; with `verbose`, what is needless too.
pub fn table(verdicts: &[Verdict], verbose: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header([
        "subject",
        "mutants",
        "functions",
        "checks",
        "matter",
        "missed",
        "needless",
        "precision",
        "refused",
        "seconds",
    ]);
    let total = Verdict::total(verdicts);
    for verdict in verdicts.iter().chain([&total]) {
        let seconds = verdict.build_seconds + verdict.run_seconds + verdict.analysis_seconds;
        table.add_row([
            verdict.subject.clone(),
            verdict.mutants.to_string(),
            verdict.examined.to_string(),
            verdict.checks.to_string(),
            verdict.matter.to_string(),
            verdict.misses().to_string(),
            verdict.needless.to_string(),
            format!("{:.1} %", 100.0 * verdict.precision()),
            verdict.refused.to_string(),
            format!("{seconds:.1}"),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = format!("{table}\n");
    for verdict in verdicts {
        for trouble in &verdict.troubles {
            text += &format!("\n{}: {trouble}\n", verdict.subject);
        }
        let mut list = |title: &str, findings: &[Finding], most: usize| {
            if !findings.is_empty() {
                text += &format!("\n{} {title} in {}:\n", findings.len(), verdict.subject);
            }
            for finding in findings.iter().take(most) {
                text += &line(finding);
            }
            if findings.len() > most {
                text += &format!("  and {} more\n", findings.len() - most);
            }
        };
        list("missed", &verdict.missed, usize::MAX);
        list(
            "behaved otherwise when rebuilt",
            &verdict.disputed,
            usize::MAX,
        );
        list(
            "refused by the compiler and unnoticed",
            &verdict.unnoticed,
            SHOWN,
        );
        if verbose {
            list("needless", &verdict.needlessly, usize::MAX);
        }
    }
    text
}

fn line(finding: &Finding) -> String {
    let Finding {
        krate, path, place, ..
    } = finding;
    let examined = finding.examined.join(", ");
    let examined = if examined.is_empty() {
        examined
    } else {
        format!(" for {examined}")
    };
    format!("  {krate}::{path} at {place}{examined}\n")
}
