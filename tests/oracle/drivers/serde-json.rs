//! JSON in, JSON out.

use memo_runtime::memo;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Run {
    learning_rate: f64,
    layers: Vec<u16>,
    #[serde(default)]
    note: Option<String>,
    mode: Mode,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Mode {
    Fast,
    Slow { steps: i64 },
}

const RUN: &str =
    r#"{"learning-rate": 1.5e-3, "layers": [64, 32], "mode": {"kind": "Slow", "steps": -7}}"#;

#[memo]
fn reading() -> String {
    let run: Result<Run, _> = serde_json::from_str(RUN);
    format!("{run:?}")
}

#[memo]
fn writing() -> String {
    let run = Run {
        learning_rate: 0.25,
        layers: vec![1, 2],
        note: Some("tab\tand \"quote\" \u{1}é".to_owned()),
        mode: Mode::Fast,
    };
    serde_json::to_string(&run).unwrap_or_default()
}

#[memo]
fn pretty() -> String {
    let value = json!({"a": [1, true, null], "b": {"c": 2.5, "d": []}});
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

#[memo]
fn values() -> String {
    let mut value: Value = serde_json::from_str(RUN).unwrap_or_default();
    value["layers"][1] = json!(99);
    let steps = value.pointer("/mode/steps").and_then(Value::as_i64);
    let taken = value["learning-rate"].take();
    format!("{value} {steps:?} {taken} {}", value["nothing"].is_null())
}

#[memo]
fn errors() -> String {
    let texts = ["[1, 2", "{\"a\" 1}", "tru", "\"\\x\"", "1e999", "[1] 2"];
    let errors = texts
        .iter()
        .map(|text| match serde_json::from_str::<Value>(text) {
            Ok(value) => value.to_string(),
            Err(error) => format!("{error} {:?} {}", error.classify(), error.is_eof()),
        });
    errors.collect::<Vec<_>>().join("\n")
}

#[memo]
fn converting() -> String {
    let value = serde_json::to_value(Mode::Slow { steps: 3 }).unwrap_or_default();
    let back: Result<Mode, _> = serde_json::from_value(value.clone());
    let mut map = Map::new();
    map.insert("k".to_owned(), value);
    format!("{back:?} {:?}", map.into_iter().next())
}

#[memo]
fn streaming() -> String {
    let stream = serde_json::Deserializer::from_str("1 [2] \"x\" {").into_iter::<Value>();
    stream.map(|value| format!("{:?}", value.is_ok())).collect()
}
