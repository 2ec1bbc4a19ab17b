//! Points from a file: rows of CSV behind a row of names, or JSON lines, each an
//! object with texts, numbers and truth values.
//!
//! What must hold: every point of a file has the same parameters, and what is
//! wrong with it is told with the line.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord, Trim};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::axis::Row;
use super::values::check_name;
use crate::failure::Failure;
use crate::render::{count, escape};

/// The points of a file.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) names: Vec<Arc<str>>,
    /// At least one; each as long as the names.
    pub(super) rows: Vec<Row>,
}

/// What is wrong in a file, and in which line.
struct Problem {
    line: u64,
    what: String,
}

impl Table {
    /// Reads a file; `-` is standard input.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        let (place, read) = match path.to_str() {
            Some("-") => (
                "standard input".to_owned(),
                io::stdin().read_to_end(&mut bytes).map(|_| bytes),
            ),
            _ => (
                format!("`{}`", escape(&path.to_string_lossy())),
                fs::read(path),
            ),
        };
        let bytes = read.map_err(|error| {
            Failure::Failed(format!("cannot read points from {place}: {error}"))
        })?;
        Self::parse(&bytes).map_err(|Problem { line, what }| {
            Failure::Usage(format!("{place}, line {line}: {}", escape(&what)))
        })
    }

    /// Reads what a file contains: JSON lines if it begins like an object.
    fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let text = str::from_utf8(bytes).map_err(|error| Problem {
            line: line_at(&bytes[..error.valid_up_to()]),
            what: "it is not UTF-8".to_owned(),
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = match text.trim_start().starts_with('{') {
            true => Self::parse_json(text),
            false => Self::parse_csv(text),
        }?;
        if table.rows.is_empty() {
            return Err(Problem {
                line: line_at(text.as_bytes()),
                what: "there is no point: the first row has the names of the parameters, and \
                       each that follows the values of a point"
                    .to_owned(),
            });
        }
        Ok(table)
    }

    fn parse_csv(text: &str) -> Result<Self, Problem> {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let mut table = Self {
            names: Vec::new(),
            rows: Vec::new(),
        };
        for record in reader.into_records() {
            // Of a text in memory every record can be read.
            let Ok(record) = record else { break };
            let values: Row = record.iter().map(Arc::from).collect();
            if table.names.is_empty() {
                check_names(&values, line_of(&record, text))?;
                table.names = values;
            } else if values.len() == table.names.len() {
                table.rows.push(values);
            } else {
                return Err(ragged(&record, table.names.len(), text));
            }
        }
        Ok(table)
    }

    fn parse_json(text: &str) -> Result<Self, Problem> {
        let mut table = Self {
            names: Vec::new(),
            rows: Vec::new(),
        };
        for (line, text) in (1..).zip(text.lines()) {
            if text.trim().is_empty() {
                continue;
            }
            let problem = |what| Problem { line, what };
            let Object(fields) =
                serde_json::from_str(text).map_err(|error| problem(said(&error)))?;
            let (names, values): (Vec<Arc<str>>, Row) = fields.into_iter().unzip();
            if table.names.is_empty() {
                check_names(&names, line)?;
                table.names = names;
                table.rows.push(values);
            } else {
                let row = in_order(&table.names, &names, &values).map_err(problem)?;
                table.rows.push(row);
            }
        }
        Ok(table)
    }
}

/// The number of the line behind such a text.
fn line_at(before: &[u8]) -> u64 {
    1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
}

fn check_names(names: &[Arc<str>], line: u64) -> Result<(), Problem> {
    let problem = |what| Problem { line, what };
    if names.is_empty() {
        return Err(problem("there is no parameter".to_owned()));
    }
    for (at, name) in names.iter().enumerate() {
        check_name(name).map_err(problem)?;
        if names[..at].contains(name) {
            return Err(problem(format!("`{name}` is there twice")));
        }
    }
    Ok(())
}

fn ragged(record: &StringRecord, names: usize, text: &str) -> Problem {
    let what = format!(
        "{} for {}; a value with a comma stands in quotation marks",
        count(record.len(), "value", "values"),
        count(names, "parameter", "parameters")
    );
    Problem {
        line: line_of(record, text),
        what,
    }
}

/// The number of the line where a record of `text` begins, behind empty lines.
fn line_of(record: &StringRecord, text: &str) -> u64 {
    let from = record
        .position()
        .map_or(0, |position| position.byte() as usize);
    let rest = text.get(from..).unwrap_or_default();
    let empty = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    line_at(&text.as_bytes()[..from + empty])
}

/// The values in the order of the names of the first line.
fn in_order(wanted: &[Arc<str>], names: &[Arc<str>], values: &[Arc<str>]) -> Result<Row, String> {
    let value = |name: &Arc<str>| {
        let at = names.iter().position(|other| other == name);
        at.map(|at| Arc::clone(&values[at]))
            .ok_or_else(|| format!("there is no `{name}`, which the first line has"))
    };
    let row = wanted.iter().map(value).collect::<Result<Row, String>>()?;
    match names.iter().find(|name| !wanted.contains(name)) {
        Some(name) => Err(format!(
            "there is `{name}`, which the first line does not have"
        )),
        None => Ok(row),
    }
}

/// What is wrong with a line of JSON: its number is told anyway.
fn said(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match message.strip_suffix(&place) {
        Some(message) => format!("{message} at column {}", error.column()),
        None => message,
    }
}

/// An object, with its fields in their order.
struct Object(Vec<(Arc<str>, Arc<str>)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object on each line, as {\"lr\": 0.1, \"layers\": 3}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut fields: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
            let text = match value {
                serde_json::Value::String(text) => text,
                serde_json::Value::Number(number) => number.to_string(),
                serde_json::Value::Bool(value) => value.to_string(),
                _ => {
                    return Err(A::Error::custom(format_args!(
                        "the value of `{name}` is no text, number, true or false"
                    )));
                }
            };
            if fields.iter().any(|(other, _)| **other == *name) {
                return Err(A::Error::custom(format_args!("`{name}` is there twice")));
            }
            fields.push((name.into(), text.into()));
        }
        Ok(Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The points in a text, one a line.
    fn points(text: &str) -> String {
        let table = match Table::parse(text.as_bytes()) {
            Ok(table) => table,
            Err(Problem { line, what }) => return format!("line {line}: {what}"),
        };
        let point = |row: &Row| {
            let pairs = table.names.iter().zip(row);
            let pairs: Vec<_> = pairs
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            pairs.join(" ")
        };
        let lines: Vec<_> = table.rows.iter().map(point).collect();
        lines.join("\n")
    }

    #[test]
    fn rows_have_the_names_of_the_first() {
        for text in [
            "lr,layers\n0.10,2\n1e-3,3\n",
            "lr,layers\r\n0.10,2\r\n1e-3,3",
            "\u{feff}lr, layers\n\n0.10, 2\n\n1e-3,\"3\"\n",
            "{\"lr\": \"0.10\", \"layers\": 2}\n{\"layers\": 3, \"lr\": \"1e-3\"}\n",
            "\u{feff}\n{\"lr\":\"0.10\",\"layers\":2}\r\n\n {\"lr\":\"1e-3\",\"layers\":\"3\"}",
        ] {
            assert_eq!(points(text), "lr=0.10 layers=2\nlr=1e-3 layers=3", "{text}");
        }
    }

    #[test]
    fn values_are_texts() {
        assert_eq!(points("x\n\"a, \"\"b\"\"\"\n"), "x=a, \"b\"");
        assert_eq!(points("x,y\n,1\n"), "x= y=1");
        assert_eq!(
            points(r#"{"a": 0.5, "b": true, "c": "x\ny", "d": -3, "e": 18446744073709551615}"#),
            "a=0.5 b=true c=x\ny d=-3 e=18446744073709551615"
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let nothing = "there is no point: the first row has the names of the parameters, and each \
                       that follows the values of a point";
        for (text, message) in [
            ("", format!("line 1: {nothing}")),
            ("lr,layers\n", format!("line 2: {nothing}")),
            (
                "lr,layers\n1,2\n\n3\n",
                "line 4: 1 value for 2 parameters; a value with a comma stands in \
                 quotation marks"
                    .to_owned(),
            ),
            ("lr,lr\n1,2\n", "line 1: `lr` is there twice".to_owned()),
            (
                "lr,2\n1,2\n",
                "line 1: `2` is no name of a parameter: it is to begin with a letter or `_`, and \
                 go on with letters, digits, `_`, `-` and `.`"
                    .to_owned(),
            ),
            (
                "{\"lr\": 1}\n{\"lr\": 1",
                "line 2: EOF while parsing an object at column 8".to_owned(),
            ),
            (
                "{\"lr\": 1}\n[1]",
                "line 2: invalid type: sequence, expected an object on each line, as {\"lr\": 0.1, \
                 \"layers\": 3} at column 0"
                    .to_owned(),
            ),
            (
                "{\"lr\": null}",
                "line 1: the value of `lr` is no text, number, true or false at column 12"
                    .to_owned(),
            ),
            (
                "{\"lr\": 1, \"lr\": 2}",
                "line 1: `lr` is there twice at column 18".to_owned(),
            ),
            (
                "{\"lr\": 1}\n{\"n\": 2}",
                "line 2: there is no `lr`, which the first line has".to_owned(),
            ),
            (
                "{\"lr\": 1}\n{\"lr\": 1, \"n\": 2}",
                "line 2: there is `n`, which the first line does not have".to_owned(),
            ),
            ("{}", "line 1: there is no parameter".to_owned()),
        ] {
            assert_eq!(points(text), message, "{text}");
        }
        let Err(Problem { line, what }) = Table::parse(b"lr\n1\n\xff") else {
            panic!("it is UTF-8");
        };
        assert_eq!((line, what.as_str()), (3, "it is not UTF-8"));
    }
}
