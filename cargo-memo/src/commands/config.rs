//! `config`: the settings in force, and where each comes from.

use memo_runtime::manage::{BadSetting, InForce, Value};
use serde::Serialize;

use super::Verdict;
use crate::cli::{Common, ConfigOptions, Format};
use crate::failure::Failure;
use crate::locate::Place;
use crate::render::{Column, Table, document, escape, seconds};
use crate::shell::{self, Shell};
use crate::suggest;

/// A setting as it is told.
struct Told<'a> {
    in_force: &'a InForce,
    /// The value as it would be written; the whole path of the store.
    value: String,
    origin: String,
}

/// Runs the verb.
pub(crate) fn run(
    common: &Common,
    shell: &Shell,
    options: &ConfigOptions,
) -> Result<Verdict, Failure> {
    let place = Place::look(common, shell)?;
    let wanted = |in_force: &&InForce| match options.setting.as_deref() {
        None => true,
        Some(name) => in_force.setting.key == Some(name) || in_force.setting.variable == name,
    };
    let settings = place.in_force.iter().filter(wanted);
    let settings: Vec<Told> = settings.map(|one| Told::new(&place, one)).collect();
    shell.print(&match (common.format, &settings[..]) {
        (Format::Json, _) => json(&place, &settings),
        (_, [one]) => format!("{}\n", escape(&one.value)),
        _ => table(common, &settings),
    })?;
    for bad in &place.bad {
        shell.error(&escape(&suggest::in_words(bad)));
    }
    Ok(if place.bad.is_empty() {
        Verdict::Done
    } else {
        Verdict::Findings
    })
}

impl<'a> Told<'a> {
    fn new(place: &Place, in_force: &'a InForce) -> Self {
        let value = match &in_force.value {
            Value::Path(_) => place.dir.to_string_lossy().into_owned(),
            value => value.to_string(),
        };
        Self {
            in_force,
            value,
            origin: place.origin(in_force),
        }
    }
}

fn table(common: &Common, settings: &[Told<'_>]) -> String {
    let mut columns = vec![
        Column::text("setting"),
        Column::text("value").cut(),
        Column::text("from").cut(),
    ];
    if common.verbose {
        columns.extend(["variable", "what it is", "takes"].map(Column::text));
    }
    let mut table = Table::new(columns);
    for told in settings {
        let setting = told.in_force.setting;
        let mut cells = vec![
            setting.name().to_owned(),
            told.value.clone(),
            told.origin.clone(),
        ];
        if common.verbose {
            cells.extend([setting.variable, setting.about, setting.values].map(str::to_owned));
        }
        table.row(cells);
    }
    table.render(if common.verbose { None } else { shell::width() })
}

#[derive(Serialize)]
struct ConfigDocument<'a> {
    settings: Vec<SettingDocument<'a>>,
    problems: Vec<ProblemDocument<'a>>,
}

#[derive(Serialize)]
struct SettingDocument<'a> {
    name: &'a str,
    key: Option<&'a str>,
    variable: &'a str,
    value: ValueDocument<'a>,
    written: &'a str,
    origin: &'a str,
    about: &'a str,
    takes: &'a str,
}

/// Bytes, seconds and entries are numbers; no limit is null.
#[derive(Serialize)]
#[serde(untagged)]
enum ValueDocument<'a> {
    Text(&'a str),
    Number(u64),
    Seconds(f64),
    None,
}

#[derive(Serialize)]
struct ProblemDocument<'a> {
    place: &'a str,
    problem: &'a str,
    suggestion: Option<&'static str>,
}

impl<'a> SettingDocument<'a> {
    fn new(told: &'a Told<'a>) -> Self {
        let setting = told.in_force.setting;
        Self {
            name: setting.name(),
            key: setting.key,
            variable: setting.variable,
            value: match &told.in_force.value {
                Value::Bytes(number) | Value::Count(number) => ValueDocument::Number(*number),
                Value::Duration(duration) => {
                    let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
                    ValueDocument::Seconds(seconds(nanos))
                }
                Value::None => ValueDocument::None,
                _ => ValueDocument::Text(&told.value),
            },
            written: &told.value,
            origin: &told.origin,
            about: setting.about,
            takes: setting.values,
        }
    }
}

impl<'a> ProblemDocument<'a> {
    fn new(bad: &'a BadSetting) -> Self {
        Self {
            place: &bad.place,
            problem: &bad.problem,
            suggestion: suggest::setting(bad),
        }
    }
}

fn json(place: &Place, settings: &[Told<'_>]) -> String {
    document(
        "config",
        ConfigDocument {
            settings: settings.iter().map(SettingDocument::new).collect(),
            problems: place.bad.iter().map(ProblemDocument::new).collect(),
        },
    )
}
