//! `show --value`: what was kept, in a form that can be read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;
use snapbox::str;

use crate::bench::{Bench, Run};

/// A type of which only the program knows the form.
#[derive(Clone, Serialize, Deserialize)]
struct Model {
    name: String,
    weights: Vec<f32>,
}

/// A type that bincode cannot read back, so that names are kept.
#[derive(Clone, Serialize, Deserialize)]
struct Report {
    loss: f64,
    #[serde(flatten)]
    more: BTreeMap<String, Option<u32>>,
}

/// A store that keeps one value.
fn keeping<T: Serialize + serde::de::DeserializeOwned + Clone + 'static>(value: T) -> Bench {
    let bench = Bench::new();
    bench.fill(|memo| {
        memo.call("lab::kept").get_or_compute(|| value.clone());
    });
    bench
}

fn value(bench: &Bench, flags: &[&str]) -> Run {
    bench.memo(&[&["show", "kept", "--value"], flags].concat())
}

#[test]
fn values_of_types_of_the_standard_library_are_shown() {
    let kept = keeping((
        vec![2_u64, 3, 5],
        Some("a \"b\"".to_owned()),
        BTreeMap::from([(-1_i32, 0.5_f64)]),
        ('é', (), Err::<bool, String>("no".into())),
        std::time::Duration::from_millis(1500),
    ));
    value(&kept, &[]).expect(0, str![[r#"
([2, 3, 5], Some("a \"b\""), {-1: 0.5}, ('é', (), Err("no")), Duration { secs: 1, nanos: 500000000 })

"#]], str![]);
    let document = value(&kept, &["--format", "json"]).json();
    assert_eq!(
        document["value"],
        json!({
            "content": [[2, 3, 5], "a \"b\"", [[-1, 0.5]], ["é", null, {"Err": "no"}],
                {"secs": 1, "nanos": 500_000_000}],
            "form": "value",
            "complete": true,
        })
    );
}

#[test]
fn values_that_are_kept_with_names_are_shown_with_them() {
    let kept = keeping(Report {
        loss: f64::INFINITY,
        more: BTreeMap::from([("epochs".into(), Some(3)), ("early".into(), None)]),
    });
    value(&kept, &[]).expect(
        0,
        str![[r#"
{"loss": inf, "early": None, "epochs": 3}

"#]],
        str![],
    );
    let document = value(&kept, &["--format", "json"]).json();
    assert_eq!(
        document["value"]["content"],
        json!({"loss": "inf", "early": null, "epochs": 3})
    );
}

#[test]
fn of_a_large_value_the_beginning_is_shown_unless_all_is_wanted() {
    let kept = keeping((0..100_000_u32).collect::<Vec<_>>());
    let run = value(&kept, &[]);
    assert!(run.stdout.starts_with("[0, 1, 2, "), "{}", run.stdout);
    assert!(
        run.stdout.ends_with(" 998, 999, … 100000 items]\n"),
        "{}",
        run.stdout
    );
    assert_eq!(
        run.stderr,
        "note: this is the beginning of the value, -v shows all of it\n"
    );
    let run = value(&kept, &["-v"]);
    assert!(run.stdout.ends_with(" 99998, 99999]\n"));
    assert!(!run.stderr.contains("beginning"), "{}", run.stderr);
    let document = value(&kept, &["--format", "json"]).json();
    assert_eq!(document["value"]["complete"], false);
    assert_eq!(document["value"]["content"].as_array().unwrap().len(), 1000);
    let document = value(&kept, &["--format", "json", "-v"]).json();
    assert_eq!(document["value"]["complete"], true);
    assert_eq!(
        document["value"]["content"].as_array().unwrap().len(),
        100_000
    );
}

#[test]
fn lines_are_as_wide_as_the_terminal() {
    let kept = keeping((0..50_u32).collect::<Vec<_>>());
    let mut command = kept.command(&["show", "kept", "--value"]);
    command
        .arg("--store")
        .arg(kept.store())
        .env("COLUMNS", "40");
    kept.run(command).expect(
        0,
        str![[r#"
[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  12, 13, 14, 15, 16, 17, 18, 19, 20,
  21, 22, 23, 24, 25, 26, 27, 28, 29,
  30, 31, 32, 33, 34, 35, 36, 37, 38,
  39, 40, 41, 42, 43, 44, 45, 46, 47,
  48, 49]

"#]],
        str![],
    );
}

#[test]
fn a_text_is_shown_as_it_would_be_printed_and_harms_no_terminal() {
    let kept = keeping("first line\n\tsecond \x1b[31m line\n".to_owned());
    assert_eq!(
        value(&kept, &[]).stdout,
        "first line\n\\tsecond \\u{1b}[31m line\n"
    );
    let document = value(&kept, &["--format", "json"]);
    assert!(!document.stdout.contains('\x1b'));
    assert_eq!(
        document.json()["value"]["content"],
        "first line\n\tsecond \x1b[31m line\n"
    );
}

#[test]
fn of_a_form_that_is_not_known_the_bytes_are_shown() {
    let kept = keeping(Model {
        name: "lenet".into(),
        weights: vec![0.5; 3],
    });
    value(&kept, &[]).expect(0, str![[r#"
[ID] 05 00 00 00 00 00 00 00 6c 65 6e 65 74 03 00 00 ........lenet...
[ID] 00 00 00 00 00 00 00 00 3f 00 00 00 3f 00 00 00 ........?...?...
[ID] 3f ?

"#]], str![[r#"
note: only the program knows what a `verbs::show::value::Model` is as bincode: these are the first [SIZE] of [SIZE]; with `#[memo(codec = "messagepack")]` names are kept, and it can be shown

"#]]);
    let document = value(&kept, &["--format", "json"]).json();
    assert_eq!(document["value"]["form"], "hex");
    assert_eq!(document["value"]["complete"], true);
    assert_eq!(
        document["value"]["content"],
        "05000000000000006c656e65740300000000000000\
         0000003f0000003f0000003f"
    );
}
