//! Programs of different code share a store: each has the results of its own code, and no others.

use memo_tests::{Actor, Scene};

const OLD: &str = env!("CARGO_BIN_EXE_versions_old");
const NEW: &str = env!("CARGO_BIN_EXE_versions_new");

/// A program on the scene that has called for the model at rate 7.
fn calling(scene: &Scene, program: &str) -> Actor {
    let mut actor = Actor::start(&mut scene.command(program));
    actor.says("ready");
    actor.tell("7");
    actor.says("calling");
    actor
}

/// Has the program compute what it called for.
fn computes(mut actor: Actor, model: u32) {
    actor.says("began");
    actor.tell("finish");
    actor.says(&format!("computed {model}"));
    actor.leave();
}

#[test]
fn going_back_to_old_code_hits_again() {
    let scene = Scene::new();
    computes(calling(&scene, OLD), 8);
    computes(calling(&scene, NEW), 700);
    for _ in 0..2 {
        calling(&scene, OLD).says("hit 8");
        calling(&scene, NEW).says("hit 700");
    }
    assert_eq!(
        (
            scene.computations("old train"),
            scene.computations("new train")
        ),
        (1, 1)
    );
    assert_eq!((scene.entries().len(), scene.litter()), (2, vec![]));
}

#[test]
fn an_old_program_that_finishes_late_never_serves_a_newer_one() {
    let scene = Scene::new();
    let mut late = calling(&scene, OLD);
    late.says("began");
    // The new one does not wait for the old one.
    computes(calling(&scene, NEW), 700);
    late.tell("finish");
    late.says("computed 8");
    calling(&scene, NEW).says("hit 700");
    calling(&scene, OLD).says("hit 8");
    assert_eq!(
        (
            scene.computations("old train"),
            scene.computations("new train")
        ),
        (1, 1)
    );
}

#[test]
fn an_old_program_that_finishes_first_does_not_serve_the_newer_one_either() {
    let scene = Scene::new();
    let mut old = calling(&scene, OLD);
    old.says("began");
    let mut new = calling(&scene, NEW);
    new.says("began");
    old.tell("finish");
    old.says("computed 8");
    let mut waiting = calling(&scene, NEW);
    waiting.logs("waiting for process");
    new.tell("finish");
    new.says("computed 700");
    waiting.says("waited 700");
}
