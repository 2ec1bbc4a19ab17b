//! Memoized functions that call memoized functions cannot hang, whoever holds which key.

use memo_tests::{Actor, Scene};

/// A program on the scene that has told that it is ready.
fn start(scene: &Scene, program: &str) -> Actor {
    let mut actor = Actor::start(scene.command(program).env("MEMO_LOG", "warn"));
    actor.says("ready");
    actor
}

fn nested(scene: &Scene) -> Actor {
    start(scene, env!("CARGO_BIN_EXE_nested"))
}

#[test]
fn a_function_may_want_its_own_key() {
    let scene = Scene::new();
    let mut actor = nested(&scene);
    for _ in 0..2 {
        actor.tell("again 7");
        actor.says("8");
    }
    assert_eq!(scene.computations("again"), 2);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
    actor.leave_quietly();
}

#[test]
fn a_recursion_computes_each_value_once() {
    let scene = Scene::new();
    let mut actor = nested(&scene);
    actor.tell("fibonacci 90");
    actor.says("2880067194370816120");
    for n in 0..=90 {
        assert_eq!(scene.computations(&format!("fibonacci {n}")), 1, "{n}");
    }
    assert_eq!((scene.entries().len(), scene.litter()), (91, vec![]));
    actor.leave_quietly();
}

#[test]
fn two_processes_may_each_want_what_the_other_computes() {
    let scene = Scene::new();
    let mut one = start(&scene, env!("CARGO_BIN_EXE_actor"));
    let mut other = start(&scene, env!("CARGO_BIN_EXE_actor"));
    one.tell("node 1 2");
    other.tell("node 2 1");
    for actor in [&mut one, &mut other] {
        actor.says("calling");
        actor.says("began");
    }
    // Each now holds its key and calls for the other's.
    for actor in [&mut one, &mut other] {
        actor.tell("finish");
        actor.says("began");
    }
    for actor in [&mut one, &mut other] {
        actor.tell("finish");
    }
    one.says("computed 2");
    other.says("computed 3");
    assert_eq!(
        (scene.computations("node 1"), scene.computations("node 2")),
        (2, 2)
    );
    assert_eq!((scene.entries().len(), scene.litter()), (2, vec![]));
    for actor in [one, other] {
        actor.leave_quietly();
    }
}

#[test]
fn a_thousand_runs_in_a_pool_that_steals_work_come_to_an_end() {
    let scene = Scene::new();
    let mut actor = nested(&scene);
    for round in 0..1000 {
        actor.tell(&format!("crowd {round}"));
        actor.says("done");
    }
    assert_eq!(
        (scene.entries().len(), scene.litter()),
        (1000 * (1 + 8), vec![])
    );
    actor.leave_quietly();
}
