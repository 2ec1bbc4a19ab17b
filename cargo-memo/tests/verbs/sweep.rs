//! `sweep`: points, each a run like any other. What really ran is told by the
//! marks that programs leave.

mod binaries;
mod ending;
mod together;

use std::fs;

use crate::bench::Run;
use crate::lab::Lab;

/// A program that prints the product of `--lr` and `--layers`.
const TRAIN: &str = "echo loss=$(awk \"BEGIN { print $2 * $4 }\")";

fn sweep(lab: &Lab, words: &[&str]) -> Run {
    lab.memo(&[&["sweep"], words].concat())
}

#[test]
fn every_point_is_computed_once_and_shown_with_its_metric() {
    let lab = Lab::with(TRAIN);
    let words = [
        "lr=0.1,0.01",
        "layers=2..=3",
        "-j",
        "1",
        "--metric",
        "loss=loss=(.*)",
        "--sort",
        "loss",
        "--",
        "./train",
    ];
    sweep(&lab, &words).expect(
        0,
        snapbox::str![[r#"
   # lr layers loss took outcome ID
* 3 0.01 2 0.02 [TOOK] computed [ID]
   4 0.01 3 0.03 [TOOK] computed [ID]
   1 0.1 2 0.2 [TOOK] computed [ID]
   2 0.1 3 0.3 [TOOK] computed [ID]
4 points in [TOOK]: 4 computed

"#]],
        snapbox::str![[r#"
1/4 computed lr=0.1, layers=2: loss=0.2, [TOOK]
2/4 computed lr=0.1, layers=3: loss=0.3, [TOOK]
3/4 computed lr=0.01, layers=2: loss=0.02, [TOOK]
4/4 computed lr=0.01, layers=3: loss=0.03, [TOOK]

"#]],
    );
    sweep(&lab, &words).expect(
        0,
        snapbox::str![[r#"
   # lr layers loss took outcome ID
* 3 0.01 2 0.02 [TOOK] hit [ID]
   4 0.01 3 0.03 [TOOK] hit [ID]
   1 0.1 2 0.2 [TOOK] hit [ID]
   2 0.1 3 0.3 [TOOK] hit [ID]
4 points in [TOOK]: 4 hits

"#]],
        snapbox::str![[r#"
1/4 hit lr=0.1, layers=2: loss=0.2
2/4 hit lr=0.1, layers=3: loss=0.3
3/4 hit lr=0.01, layers=2: loss=0.02
4/4 hit lr=0.01, layers=3: loss=0.03

"#]],
    );
    assert_eq!(
        lab.ran(),
        [
            "--lr 0.1 --layers 2",
            "--lr 0.1 --layers 3",
            "--lr 0.01 --layers 2",
            "--lr 0.01 --layers 3"
        ]
    );
}

#[test]
fn a_sweep_that_is_extended_computes_what_is_new() {
    let lab = Lab::with(TRAIN);
    assert_eq!(
        sweep(&lab, &["-q", "lr=1,2", "layers=1", "--", "./train"]).code,
        0
    );
    assert_eq!(lab.train(&["--lr", "3", "--layers", "1"]).code, 0);
    let run = sweep(
        &lab,
        &["lr=1..=4", "layers=1", "--format", "csv", "--", "./train"],
    );
    let outcomes: Vec<&str> = run
        .stdout
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(3).unwrap())
        .collect();
    assert_eq!(
        outcomes,
        ["hit", "hit", "hit", "computed"],
        "{}",
        run.stdout
    );
    assert_eq!(lab.ran().len(), 4);
}

#[test]
fn values_go_to_their_places() {
    let lab = Lab::with("echo seed $SEED");
    lab.write("data/1.csv", "");
    lab.write("data/2.csv", "");
    let words = [
        "-q",
        "lr=0.1",
        "n=1,2",
        "seed=7",
        "--env",
        "SEED={seed}",
        "--input",
        "data/{n}.csv",
        "--",
        "./train",
        "data/{n}.csv",
        "{\"a\":1}",
    ];
    assert_eq!(sweep(&lab, &words).code, 0);
    let mut ran = lab.ran();
    ran.sort();
    assert_eq!(
        ran,
        [
            "data/1.csv {\"a\":1} --lr 0.1",
            "data/2.csv {\"a\":1} --lr 0.1"
        ]
    );
    lab.write("data/2.csv", "more");
    assert_eq!(sweep(&lab, &words).code, 0);
    assert_eq!(lab.ran().len(), 3);
}

#[test]
fn points_come_from_a_file_too() {
    let lab = Lab::with("true");
    lab.write("points.csv", "lr,layers\n0.1,2\n0.2,3\n");
    let words = [
        "--from",
        "points.csv",
        "seed=0..2",
        "--",
        "./train",
        "{lr}",
        "{layers}",
    ];
    assert_eq!(sweep(&lab, &words).code, 0);
    let mut ran = lab.ran();
    ran.sort();
    assert_eq!(
        ran,
        [
            "0.1 2 --seed 0",
            "0.1 2 --seed 1",
            "0.2 3 --seed 0",
            "0.2 3 --seed 1"
        ]
    );
}

#[test]
fn a_dry_run_says_what_would_hit_and_runs_nothing() {
    let lab = Lab::with("true");
    assert_eq!(lab.train(&["--lr", "1"]).code, 0);
    sweep(&lab, &["lr=1,2", "-n", "-j", "2", "--", "./train"]).expect(
        0,
        snapbox::str![[r#"
# lr took outcome ID
1 1 [TOOK] hit [ID]
2 2 to run
2 points: 1 hit, 1 to run, about [TOOK] on 2 workers

"#]],
        snapbox::str![""],
    );
    assert_eq!((lab.ran().len(), lab.kept()), (1, 1));
    let document = sweep(&lab, &["lr=1,2", "-n", "--format", "json", "--", "./train"]).json();
    assert_eq!(document["command"], "sweep");
}

#[test]
fn ten_thousand_points_are_planned() {
    let lab = Lab::with("true");
    let run = sweep(&lab, &["a=0..100", "b=0..100", "-n", "--", "./train"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let last = run.stdout.lines().last().unwrap();
    assert!(last.starts_with("10,000 points: 10,000 to run"), "{last}");
}

#[test]
fn each_point_has_its_own_files() {
    let lab = Lab::with("echo model of $2 > model-$2");
    let words = ["-q", "lr=1,2", "--output", "model-{lr}", "--", "./train"];
    assert_eq!(sweep(&lab, &words).code, 0);
    fs::remove_file(lab.path("model-1")).unwrap();
    lab.write("model-2", "other");
    assert_eq!(sweep(&lab, &words).code, 0);
    assert_eq!(lab.read("model-1"), b"model of 1\n");
    assert_eq!(lab.read("model-2"), b"model of 2\n");
    assert_eq!(lab.ran().len(), 2);
}

#[test]
fn points_that_would_write_the_same_file_are_refused() {
    let lab = Lab::with("true");
    sweep(&lab, &["lr=1,2", "--output", "model", "--", "./train"]).expect(
        2,
        "",
        snapbox::str![[r#"
error: all 2 points would write `model`: put a parameter into its name, as in `model-{lr}`

"#]],
    );
    assert_eq!(lab.ran().len(), 0);
}

#[test]
fn results_have_forms_for_programs() {
    let lab = Lab::with(TRAIN);
    let words = [
        "lr=0.5,1",
        "layers=2",
        "--metric",
        "loss=loss=(.*)",
        "--",
        "./train",
    ];
    let json = sweep(
        &lab,
        &[&words[..4], &["--format", "json"], &words[4..]].concat(),
    );
    assert_eq!(json.code, 0, "{}", json.stderr);
    let document = json.json();
    assert_eq!(document["points"][0]["metrics"]["loss"], 1.0);
    assert_eq!(document["points"][0]["parameters"]["lr"], "0.5");
    let csv = sweep(
        &lab,
        &[&words[..4], &["--format", "csv"], &words[4..]].concat(),
    );
    assert!(
        csv.stdout.starts_with("point,lr,layers,loss,outcome"),
        "{}",
        csv.stdout
    );
}

#[test]
fn a_place_in_the_name_of_an_output_tells_the_program_nothing() {
    let lab = Lab::with("echo $* > $2");
    let words = [
        "-q", "lr=1,-2", "--output", "map-{lr}", "--", "./train", "--out", "map-{lr}",
    ];
    let run = sweep(&lab, &words);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(lab.read("map-1"), b"--out map-1 --lr 1\n");
    assert_eq!(lab.read("map--2"), b"--out map--2 --lr=-2\n");
}

#[test]
fn what_is_likely_not_meant_is_told() {
    let lab = Lab::with("true");
    let said = |words: &[&str]| sweep(&lab, words).stderr;
    let within = said(&["lr=1", "-n", "--", "./train", "--to=conf-{lr}"]);
    assert!(within.contains("so that --lr is not added"), "{within}");
    let unknown = said(&["layers=1", "-n", "--", "./train", "{layer}"]);
    assert!(unknown.contains("did you mean `layers`?"), "{unknown}");
    let twice = said(&["lr=1", "-n", "--", "./train", "--lr", "3"]);
    assert!(
        twice.contains("both a parameter and an argument"),
        "{twice}"
    );
    let metric = said(&["lr=1", "--metric", "los", "--", "./train"]);
    assert!(metric.contains("no point has the metric `los`"), "{metric}");
    let condition = said(&["layers=1", "--if", "layer=3", "-n", "--", "./train"]);
    assert!(condition.contains("no parameter `layer`"), "{condition}");
}
