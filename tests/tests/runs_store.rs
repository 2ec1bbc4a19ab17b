//! Runs of programs in a store that several processes use.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

use std::process::Command;

use memo_runtime::run::{HELD_VARIABLE, METRICS_VARIABLE, read_metrics};
use memo_tests::{Actor, Scene};

const RUNNER: &str = env!("CARGO_BIN_EXE_runner");
const WORKER: &str = env!("CARGO_BIN_EXE_trouble_worker");

fn runner(scene: &Scene) -> Actor {
    let mut runner = Actor::start(&mut scene.command(RUNNER));
    runner.says("ready");
    runner
}

/// A runner that is in the middle of a run.
fn running(scene: &Scene, key: &str) -> Actor {
    let mut runner = runner(scene);
    runner.tell(&format!("run {key}"));
    runner.says("began");
    runner
}

/// A runner that waits for another.
fn waiting(scene: &Scene, key: &str, holder: &Actor) -> Actor {
    let mut runner = runner(scene);
    runner.tell(&format!("run {key}"));
    runner.says(&format!("waits for {}", holder.pid()));
    runner
}

#[test]
fn one_process_makes_a_run_and_the_others_have_it() {
    let scene = Scene::new();
    let mut holder = running(&scene, "a");
    let mut waiters: Vec<_> = (0..4).map(|_| waiting(&scene, "a", &holder)).collect();
    holder.tell("finish");
    holder.says("computed true");
    waiters
        .iter_mut()
        .for_each(|waiter| waiter.says("waited a"));
    holder.tell("run a");
    holder.says("hit a");
    assert_eq!(scene.computations("a"), 1);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn a_waiter_takes_over_from_a_killed_process() {
    let scene = Scene::new();
    let mut holder = running(&scene, "a");
    let mut waiter = waiting(&scene, "a", &holder);
    let spooled = scene.litter();
    assert_eq!(
        spooled.len(),
        2,
        "a flight, and what was printed: {spooled:?}"
    );
    holder.kill();
    waiter.says("began");
    waiter.tell("finish");
    waiter.says("computed true");
    assert_eq!(scene.entries().len(), 1);
    // What was printed to a killed process is litter, and no more than that.
    let left = scene.litter();
    assert!(
        left.len() == 1 && left[0].parent().unwrap().ends_with("tmp"),
        "{left:?}"
    );
    assert!(scene.vault().verify(&()).unwrap().amiss.is_empty());
}

#[test]
fn after_a_failure_one_process_at_a_time_tries_again() {
    let scene = Scene::new();
    let mut holder = running(&scene, "a");
    let waiters: Vec<_> = (0..3).map(|_| waiting(&scene, "a", &holder)).collect();
    holder.tell("fail");
    holder.says("failed");
    let next = scene.await_executions(2)[1].pid;
    let (mut next, mut others): (Vec<_>, Vec<_>) =
        waiters.into_iter().partition(|waiter| waiter.pid() == next);
    next[0].says("began");
    for other in &mut others {
        // They go on waiting, and say so.
        other.says(&format!("waits for {}", next[0].pid()));
    }
    next[0].tell("finish");
    next[0].says("computed true");
    others.iter_mut().for_each(|other| other.says("waited a"));
    assert_eq!(scene.computations("a"), 2);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn a_run_within_the_same_run_does_not_wait_for_ever() {
    let scene = Scene::new();
    let mut outer = runner(&scene);
    outer.tell("nest a");
    outer.says("began");
    outer.says("ready, began, duplicate true, ");
    outer.tell("finish");
    outer.says("computed true");
    outer.tell("run a");
    outer.says("hit a");
    assert_eq!(scene.computations("a"), 2);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn a_run_within_another_run_waits_as_any_other() {
    let scene = Scene::new();
    let mut holder = running(&scene, "a");
    let other = "0".repeat(64);
    let mut within = Actor::start(scene.command(RUNNER).env(HELD_VARIABLE, other));
    within.says("ready");
    within.tell("run a");
    within.says(&format!("waits for {}", holder.pid()));
    holder.tell("finish");
    within.says("waited a");
    assert_eq!(scene.computations("a"), 1);
}

/// 200 MB are printed, and 200 MB left, by a process that has far less memory in use.
#[test]
fn large_recordings_are_held_in_memory_neither_when_they_are_made_nor_when_they_are_found() {
    let scene = Scene::new();
    for word in ["computed", "found"] {
        let worker = Command::new(WORKER)
            .arg(scene.store())
            .arg("leave=1:200000000")
            .env("MEMO_FSYNC", "never")
            .env_remove("MEMO")
            .output();
        let output = worker.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let (did, peak) = said.split_once("peak ").unwrap();
        assert_eq!(
            (did, output.status.code()),
            (format!("{word} 1\n").as_str(), Some(0))
        );
        let kib: u64 = peak.trim().parse().unwrap();
        assert!(0 < kib && kib < 16 << 10, "{word}: {kib} KiB");
    }
}

#[test]
fn metrics_of_many_processes_and_threads_are_all_told() {
    let scene = Scene::new();
    let file = scene.path().join("metrics");
    let start = || Actor::start(scene.command(RUNNER).env(METRICS_VARIABLE, &file));
    let mut runners: Vec<_> = (0..4).map(|_| start()).collect();
    for runner in &mut runners {
        runner.says("ready");
    }
    for runner in &mut runners {
        runner.tell("metrics 4 500");
    }
    for runner in &mut runners {
        runner.says("told");
    }
    let metrics = read_metrics(&file);
    assert_eq!(metrics.len(), 16);
    assert!(
        metrics.iter().all(|metric| metric.value == 499.0),
        "{metrics:?}"
    );
    // Each was written whole, and none over another.
    let bytes = std::fs::read(&file).unwrap();
    let frames = bytes.windows(4).filter(|four| four == b"\xF1mr\n").count();
    assert_eq!((frames, bytes.len() % frames), (16 * 500, 0));
}

#[test]
fn metrics_of_no_run_go_nowhere() {
    let scene = Scene::new();
    let mut runner = runner(&scene);
    runner.tell("metrics 1 1");
    runner.says("told");
    let left = std::fs::read_dir(scene.path()).unwrap().count();
    assert_eq!(left, 1, "nothing but the ledger");
}
