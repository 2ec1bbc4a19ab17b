//! `list` of runs: arguments and metrics as columns.

use snapbox::str;

use super::{Run, trained};
use crate::bench::Bench;

#[test]
fn metrics_are_columns_behind_the_arguments() {
    let bench = trained();
    bench.memo(&["list", "train"]).expect(
        0,
        str![[r#"
ID lr layers loss accuracy size took created last used
[ID] 0.5 3 NaN 0.1 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] 0.01 3 0.333333 0.95 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] 0.1 3 0.31 0.9 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
    // Nothing is rounded where nothing is to be cut.
    let all = bench.memo(&["list", "train", "-v"]).stdout;
    assert!(all.contains(" 0.3333333333333333 "), "{all}");
}

#[test]
fn among_functions_they_stand_in_one_column() {
    let bench = trained();
    bench.train(0.1, 3);
    bench.memo(&["list"]).expect(
        0,
        str![[r#"
ID function arguments metrics size took created last used
[ID] lab::train lr=0.1, layers=3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] lab/train lr=0.5, layers=3 loss=NaN, accuracy=0.1 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] lab/train lr=0.01, layers=3 loss=0.333333, accuracy=0.95 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] lab/train lr=0.1, layers=3 loss=0.31, accuracy=0.9 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
}

#[test]
fn exit_codes_are_shown_if_one_tells_of_a_failure() {
    let bench = trained();
    Run {
        arguments: &[("lr", "9")],
        exit_code: 3,
        ..Run::default()
    }
    .keep(&bench);
    bench.memo(&["list", "train", "--limit", "2"]).expect(
        0,
        str![[r#"
ID lr layers loss accuracy exit size took created last used
[ID] 9 3 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] 0.5 3 NaN 0.1 0 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
}

/// The learning rates in the order of a listing.
fn rates(bench: &Bench, arguments: &[&str]) -> Vec<String> {
    let document = bench
        .memo(&[&["list", "train", "--format", "json"], arguments].concat())
        .json();
    let entries = document["entries"].as_array().unwrap().iter();
    let rate = |entry: &serde_json::Value| entry["arguments"][0]["text"].clone();
    entries
        .map(|entry| rate(entry).as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn conditions_and_orders_see_metrics_as_they_see_arguments() {
    let bench = trained();
    for (condition, expected) in [
        ("loss<0.32", &["0.1"][..]),
        ("loss<0.4 and lr<0.05", &["0.01"]),
        ("accuracy>=0.9", &["0.01", "0.1"]),
        ("not loss<9", &["0.5"]),
        ("loss=NaN", &["0.5"]),
    ] {
        assert_eq!(
            rates(&bench, &["--where", condition]),
            expected,
            "{condition}"
        );
    }
    // What is no number is never the best.
    for (order, expected) in [
        (&["--sort", "loss"][..], ["0.1", "0.01", "0.5"]),
        (&["--sort", "-loss"], ["0.01", "0.1", "0.5"]),
        (&["--sort", "loss", "-r"], ["0.01", "0.1", "0.5"]),
        (&["--sort=-loss", "-r"], ["0.1", "0.01", "0.5"]),
        (&["--sort", "-accuracy"], ["0.01", "0.1", "0.5"]),
        (&["--sort", "-created"], ["0.1", "0.01", "0.5"]),
    ] {
        assert_eq!(rates(&bench, order), expected, "{order:?}");
    }
}

#[test]
fn an_argument_wins_over_a_metric_of_its_name() {
    let bench = Bench::new();
    for (lr, loss, measured) in [("1", "mse", 0.5), ("2", "mae", 0.25)] {
        Run {
            arguments: &[("lr", lr), ("loss", loss)],
            metrics: &[("loss", measured)],
            ..Run::default()
        }
        .keep(&bench);
    }
    bench
        .memo(&["list", "train", "--sort", "metric loss"])
        .expect(
            0,
            str![[r#"
ID lr loss metric loss size took created last used
[ID] 2 mae 0.25 [SIZE] [TOOK] 2024-03-01 2024-03-01
[ID] 1 mse 0.5 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
            str![],
        );
    assert_eq!(rates(&bench, &["--where", "loss=mse"]), ["1"]);
    assert_eq!(rates(&bench, &["--where", "'metric loss'<0.3"]), ["2"]);
    assert_eq!(rates(&bench, &["--sort", "loss"]), ["2", "1"]);
}

#[test]
fn a_name_that_is_neither_is_told() {
    trained()
        .memo(&[
            "list", "train", "--where", "los<1", "--sort", "acuracy", "--limit", "1",
        ])
        .expect(0, str![], str![[r#"
warning: none of these results has an argument or metric `los`: there are accuracy, layers, loss, lr; did you mean `loss`?
warning: none of these results has an argument or metric `acuracy` to order by: there are accuracy, layers, loss, lr, and the keys created, used, size, duration, function; did you mean `accuracy`?
note: no such results in the store `[STORE]`: `cargo memo status` shows the functions

"#]]);
}

#[test]
fn an_argument_that_is_given_twice_is_one_column() {
    let bench = Bench::new();
    Run {
        arguments: &[("layer", "3"), ("lr", "0.1"), ("layer", "4")],
        ..Run::default()
    }
    .keep(&bench);
    bench.memo(&["list", "train"]).expect(
        0,
        str![[r#"
ID layer lr size took created last used
[ID] 3, 4 0.1 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
    bench
        .memo(&["list", "train", "--format", "csv"])
        .expect(0, str![[r#"
key,function,package,state,code_state,bytes,took_seconds,created,last_used,exit_code,layer,lr
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:00:00Z,2024-03-01T12:00:00Z,[NUMBER],"3, 4",0.1

"#]], str![]);
    bench
        .memo(&["list", "--format", "csv"])
        .expect(0, str![[r#"
key,function,package,state,code_state,bytes,took_seconds,created,last_used,exit_code,arguments,metrics
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:00:00Z,2024-03-01T12:00:00Z,[NUMBER],"{""layer"":""3, 4"",""lr"":""0.1""}",{}

"#]], str![]);
    assert_eq!(bench.ids(&["train", "--where", "layer~4"]).len(), 1);
}

/// A run that reads files, a variable, and standard input, elsewhere.
fn surrounded() -> Bench {
    let bench = Bench::new();
    Run {
        arguments: &[
            ("lr", "0.1"),
            ("env SEED", "7"),
            ("input data/a.csv", "1.2 kB, 12345678"),
            ("standard input", "3 B, 12345678"),
            ("declared output", "model.bin"),
            ("working directory", "experiments"),
        ],
        ..Run::default()
    }
    .keep(&bench);
    bench
}

#[test]
fn what_is_around_a_run_is_shown_if_it_is_asked_for() {
    let bench = surrounded();
    bench.memo(&["list", "train"]).expect(
        0,
        str![[r#"
ID lr size took created last used
[ID] 0.1 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
    bench.memo(&["list"]).expect(
        0,
        str![[r#"
ID function arguments size took created last used
[ID] train lr=0.1 [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
        str![],
    );
    bench
        .memo(&[
            "list",
            "train",
            "--where",
            "'env SEED'=7",
            "--sort",
            "working directory",
        ])
        .expect(
            0,
            str![[r#"
ID lr env SEED working directory size took created last used
[ID] 0.1 7 experiments [SIZE] [TOOK] 2024-03-01 2024-03-01

"#]],
            str![],
        );
    let columns = |arguments: &[&str]| {
        let listed = bench.memo(&[&["list"], arguments].concat()).stdout;
        listed.lines().next().unwrap().to_owned()
    };
    for name in [
        "env SEED",
        "input data/a.csv",
        "standard input",
        "declared output",
        "working directory",
    ] {
        assert!(columns(&["train", "-v"]).contains(name), "{name}");
        assert!(
            bench.memo(&["show", "train"]).stdout.contains(name),
            "{name}"
        );
    }
    let all = bench.memo(&["list", "-v"]).stdout;
    assert!(all.contains("env SEED=7"), "{all}");
}

#[test]
fn an_argument_that_was_typed_is_a_column_whatever_its_name() {
    let bench = Bench::new();
    Run {
        arguments: &[
            ("output", "a.bin"),
            ("dir", "x"),
            ("--", ""),
            ("1", "7"),
            ("declared output", "a.bin"),
            ("working directory", "experiments"),
        ],
        ..Run::default()
    }
    .keep(&bench);
    let listed = bench.memo(&["list"]).stdout;
    assert!(listed.contains(" output=a.bin, dir=x, 7 "), "{listed}");
}

#[test]
fn an_argument_of_a_function_is_never_around_it() {
    let bench = Bench::new();
    bench.fill(|memo| {
        memo.call("lab::read")
            .arg("dir", &1)
            .arg("stdin", &2)
            .get_or_compute(|| 1_u8);
    });
    let listed = bench.memo(&["list", "read"]).stdout;
    assert!(listed.starts_with("ID        dir  stdin"), "{listed}");
}

#[test]
fn rows_and_documents_have_metrics_and_exit_codes() {
    let bench = trained();
    bench
        .memo(&["list", "train", "--format", "csv"])
        .expect(0, str![[r#"
key,function,package,state,code_state,bytes,took_seconds,created,last_used,exit_code,lr,layers,loss,accuracy
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:02:00Z,2024-03-01T12:02:00Z,[NUMBER],[NUMBER],[NUMBER],NaN,[NUMBER]
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:01:00Z,2024-03-01T12:01:00Z,[NUMBER],[NUMBER],[NUMBER],[NUMBER],[NUMBER]
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:00:00Z,2024-03-01T12:00:00Z,[NUMBER],[NUMBER],[NUMBER],[NUMBER],[NUMBER]

"#]], str![]);
    let rows = bench.memo(&["list", "train", "--format", "csv"]).stdout;
    assert!(rows.trim_end().ends_with("Z,0,0.1,3,0.31,0.9"), "{rows}");
    bench.train(0.1, 3);
    bench
        .memo(&["list", "--format", "csv"])
        .expect(0, str![[r#"
key,function,package,state,code_state,bytes,took_seconds,created,last_used,exit_code,arguments,metrics
[KEY],lab::train,,valid,,[NUMBER],[NUMBER],2024-03-01T12:03:00Z,2024-03-01T12:03:00Z,,"{""lr"":""0.1"",""layers"":""3""}",
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:02:00Z,2024-03-01T12:02:00Z,[NUMBER],"{""lr"":""0.5"",""layers"":""3""}","{""loss"":null,""accuracy"":0.1}"
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:01:00Z,2024-03-01T12:01:00Z,[NUMBER],"{""lr"":""0.01"",""layers"":""3""}","{""loss"":0.3333333333333333,""accuracy"":0.95}"
[KEY],train,lab,valid,,[NUMBER],[NUMBER],2024-03-01T12:00:00Z,2024-03-01T12:00:00Z,[NUMBER],"{""lr"":""0.1"",""layers"":""3""}","{""loss"":0.31,""accuracy"":0.9}"

"#]], str![]);
    let document = bench.memo(&["list", "--format", "json"]).json();
    let of = |number: usize| {
        let entry = &document["entries"][number];
        (
            entry.get("exit_code").cloned(),
            entry.get("metrics").cloned(),
        )
    };
    assert_eq!(of(0), (None, None));
    let metrics = |value| serde_json::json!({"loss": value, "accuracy": 0.1});
    assert_eq!(
        of(1),
        (Some(0.into()), Some(metrics(serde_json::Value::Null)))
    );
}
