//! From the first run to the edits that follow: what is computed and what is found.

use crate::template::experiment::{Experiment, Point};

/// Little to do.
const QUICK: [&str; 4] = ["--epochs", "5", "--points", "20"];

#[test]
fn a_new_experiment_passes_its_own_tests() {
    Experiment::new("tried-experiment").test();
}

#[test]
fn what_was_computed_is_found_until_the_code_changes() {
    let experiment = Experiment::new("edited-experiment");
    let misses = || experiment.misses(&QUICK);
    let prepare = Some("data::prepare".to_owned());
    let train = Some("model::train".to_owned());

    assert_eq!(misses(), prepare);
    let first = experiment.run(&QUICK);
    assert_eq!(misses(), None);
    assert_eq!(experiment.run(&QUICK), first);

    let (data, model) = ("src/data.rs", "src/model.rs");
    experiment.edit(model, "/// Turns sums into", "/// Makes sums");
    experiment.edit("src/picture.rs", "columns: 64", "columns: 66");
    assert_eq!(misses(), None);

    experiment.edit(model, "MOMENTUM: f64 = 0.9", "MOMENTUM: f64 = 0.8");
    assert_eq!(misses(), train);
    experiment.run(&QUICK);
    assert_eq!(misses(), None);

    experiment.edit(data, "TURNS: f64 = 1.0", "TURNS: f64 = 1.1");
    assert_eq!(misses(), prepare);

    experiment.edit(data, "TURNS: f64 = 1.1", "TURNS: f64 = 1.0");
    experiment.edit(model, "MOMENTUM: f64 = 0.8", "MOMENTUM: f64 = 0.9");
    assert_eq!(misses(), None);
}

#[test]
fn a_sweep_runs_the_points_that_are_missing() {
    let experiment = Experiment::new("swept-experiment");
    let sweep = |memo, values| experiment.sweep(memo, values, &QUICK);
    let outcomes = |points: &[Point]| {
        let outcomes = points.iter().map(|point| point.outcome.clone());
        outcomes.collect::<Vec<_>>()
    };
    let losses = |points: &[Point]| points.iter().map(|point| point.loss).collect::<Vec<_>>();
    let values = &["lr=0.01,0.1", "hidden=2,4"];
    let more = &["lr=0.01,0.1,0.5", "hidden=2,4"];

    let first = sweep("on", values);
    assert_eq!(outcomes(&first), ["computed"; 4]);
    assert!(losses(&first).iter().all(Option::is_some), "{first:?}");
    let again = sweep("offline", values);
    assert_eq!(outcomes(&again), ["hit"; 4]);
    assert_eq!(losses(&again), losses(&first));
    let missing = sweep("offline", more);
    assert_eq!(outcomes(&missing[..4]), ["hit"; 4]);
    assert_eq!(outcomes(&missing[4..]), ["failed"; 2]);

    let model = "src/model.rs";
    experiment.edit(
        model,
        "/// Turns sums into",
        "// A line more.\n/// Makes sums",
    );
    assert_eq!(outcomes(&sweep("offline", values)), ["hit"; 4]);
    experiment.edit(model, "MOMENTUM: f64 = 0.9", "MOMENTUM: f64 = 0.8");
    assert_eq!(outcomes(&sweep("offline", values)), ["failed"; 4]);
}
