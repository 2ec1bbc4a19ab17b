//! `doctor`: proves that the store's directory does what the cache needs, and
//! looks at how the workspace is set up.

mod line;
mod project;
mod words;

use std::env;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::Command;

use memo_runtime::manage::{self, Probe, Verdict as Gravity};

use super::Verdict;
use crate::cli::{Common, DoctorOptions, Format};
use crate::failure::Failure;
use crate::interrupt;
use crate::locate::Place;
use crate::render::{count, document, escape};
use crate::shell::{self, Shell};
use line::{Line, LineDocument};

/// Runs the verb.
pub(crate) fn run(
    common: &Common,
    shell: &Shell,
    options: &DoctorOptions,
) -> Result<Verdict, Failure> {
    if let Some(file) = &options.hold_lock {
        return hold_lock(file);
    }
    // What is made for trying is removed, whenever Ctrl-C comes.
    interrupt::listen();
    let (place, mut lines) = match Place::look(common, shell) {
        Ok(place) => {
            let lines = of_store(&place);
            (Some(place), lines)
        }
        Err(failure) => (None, vec![words::no_place(&failure)]),
    };
    lines.extend(project::lines(common, place.as_ref()));
    let dir = place.map(|place| place.dir.to_string_lossy().into_owned());
    shell.print(&match common.format {
        Format::Json => json(dir, &lines),
        Format::Table | Format::Csv => table(&lines, common),
    })?;
    if interrupt::came() {
        return Err(Failure::Interrupted("interrupted".to_owned()));
    }
    let broken = lines.iter().any(|line| line.gravity == Gravity::Broken);
    Ok(if broken {
        Verdict::Findings
    } else {
        Verdict::Done
    })
}

/// What probing the store's directory finds.
fn of_store(place: &Place) -> Vec<Line> {
    let probe = Probe {
        dir: &place.dir,
        share: place.share,
        limits: &place.limits,
        lock_holder: &|file| {
            let program = env::current_exe().unwrap_or_else(|_| "cargo-memo".into());
            let mut command = Command::new(program);
            command.args(["doctor", "--hold-lock"]).arg(file);
            command
        },
    };
    let findings = probe.run();
    let lines = findings.iter();
    lines
        .map(|finding| words::line(finding, &place.dir))
        .collect()
}

/// The part of the second process.
fn hold_lock(file: &Path) -> Result<Verdict, Failure> {
    let locked = manage::hold_lock(file).map_err(|error| {
        let file = escape(&file.to_string_lossy());
        Failure::Failed(format!("cannot lock `{file}`: {error}"))
    })?;
    let Some(_locked) = locked else {
        return Ok(Verdict::Findings);
    };
    io::stdout().write_all(b"locked\n")?;
    io::stdout().flush()?;
    // Whoever started this ends, or ends it.
    let _ = io::stdin().read_to_end(&mut Vec::new());
    Ok(Verdict::Done)
}

fn table(lines: &[Line], common: &Common) -> String {
    let width = if common.verbose { None } else { shell::width() };
    let mut text: String = lines.iter().map(|line| line.render(width)).collect();
    let number = |gravity| lines.iter().filter(|line| line.gravity == gravity).count();
    let checks = count(lines.len(), "check", "checks");
    let judgement = match (number(Gravity::Broken), number(Gravity::Odd)) {
        (0, 0) => "all is well".to_owned(),
        (0, odd) => format!("{odd} odd"),
        (broken, 0) => format!("{broken} broken"),
        (broken, odd) => format!("{broken} broken, {odd} odd"),
    };
    text.push_str(&format!("\n{checks}: {judgement}\n"));
    text
}

fn json(dir: Option<String>, lines: &[Line]) -> String {
    #[derive(serde::Serialize)]
    struct DoctorDocument<'a> {
        store: Option<String>,
        findings: Vec<LineDocument<'a>>,
    }
    let findings = lines.iter().map(Line::document).collect();
    document(
        "doctor",
        DoctorDocument {
            store: dir,
            findings,
        },
    )
}
