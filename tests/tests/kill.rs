//! A computation that comes to nothing, because its process is killed or stopped or because it
//! fails, holds nobody up.

use memo_tests::actor::Signal;
use memo_tests::{Actor, Scene};
use rustix::process::{Pid, kill_process};
use rustix::system::uname;

const ACTOR: &str = env!("CARGO_BIN_EXE_actor");

/// An actor on the scene that has told that it is ready.
fn actor(scene: &Scene) -> Actor {
    let mut actor = Actor::start(&mut scene.command(ACTOR));
    actor.says("ready");
    actor
}

/// An actor that computes what it was told to.
fn computing(scene: &Scene, call: &str) -> Actor {
    let mut actor = actor(scene);
    actor.tell(call);
    actor.says("calling");
    actor.says("began");
    actor
}

/// An actor that waits for another's computation of what it was told to.
fn waiting(scene: &Scene, call: &str) -> Actor {
    let mut actor = actor(scene);
    actor.tell(call);
    actor.says("calling");
    actor.logs("waiting for process");
    actor
}

#[test]
fn a_waiter_takes_over_from_a_killed_process() {
    let scene = Scene::new();
    let mut holder = computing(&scene, "square 12");
    let mut waiter = waiting(&scene, "square 12");
    holder.kill();
    waiter.says("began");
    waiter.tell("finish");
    waiter.says("computed 144");
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn of_many_waiters_one_takes_over() {
    let scene = Scene::new();
    let mut holder = computing(&scene, "square 12");
    let waiters: Vec<_> = (0..4).map(|_| waiting(&scene, "square 12")).collect();
    holder.kill();
    let heir = scene.await_executions(2)[1].pid;
    let (mut heirs, mut others): (Vec<_>, Vec<_>) =
        waiters.into_iter().partition(|waiter| waiter.pid() == heir);
    heirs[0].says("began");
    heirs[0].tell("finish");
    heirs[0].says("computed 144");
    for other in &mut others {
        other.says("waited 144");
    }
    assert_eq!(scene.computations("square 12"), 2);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn the_next_call_computes_what_a_killed_process_did_not() {
    let scene = Scene::new();
    computing(&scene, "square 12").kill();
    let mut next = computing(&scene, "square 12");
    next.tell("finish");
    next.says("computed 144");
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn a_process_started_by_a_computation_does_not_hold_its_place() {
    struct Daemon(Pid);
    impl Drop for Daemon {
        fn drop(&mut self) {
            let _ = kill_process(self.0, Signal::KILL);
        }
    }

    let scene = Scene::new();
    let mut holder = actor(&scene);
    holder.tell("daemon");
    holder.says("calling");
    let _daemon = Daemon(Pid::from_raw(holder.hear().parse().unwrap()).unwrap());
    holder.says("began");
    holder.kill();
    let mut next = actor(&scene);
    next.tell("daemon");
    next.says("calling");
    let _another = Daemon(Pid::from_raw(next.hear().parse().unwrap()).unwrap());
    next.says("began");
    next.tell("finish");
    next.says("computed 7");
}

#[test]
fn a_waiter_says_for_whom_it_waits() {
    let scene = Scene::new();
    let mut holder = computing(&scene, "square 12");
    let mut waiter = waiting(&scene, "square 12");
    let message = waiter.logs("waiting for process");
    let uname = uname();
    let (pid, host) = (holder.pid(), uname.nodename().to_str().unwrap());
    let rest = message
        .strip_prefix(&format!(
            "memo: waiting for process {pid} on {host}, which computes "
        ))
        .unwrap_or_else(|| panic!("{message}"));
    let (call, since) = rest.split_once(" since ").unwrap();
    assert!(call.contains("square") && call.contains("12"), "{message}");
    let (elapsed, usual) = since.split_once(" (").unwrap();
    let (number, unit) = elapsed.split_once(' ').unwrap();
    assert!(
        number.parse::<f64>().unwrap() > 0.0 && ["ms", "s"].contains(&unit),
        "{message}"
    );
    assert_eq!(usual, "not computed before)");
    holder.tell("finish");
    waiter.says("waited 144");
}

/// Whoever waits for a computation that fails computes by itself at once: all are in the middle of
/// it before the first of them ends.
fn all_try_at_once(call: &str, failure: &str, comes_to: &str, value: &str, again: &str) {
    let scene = Scene::new();
    let mut holder = computing(&scene, call);
    let mut waiters: Vec<_> = (0..8).map(|_| waiting(&scene, call)).collect();
    holder.tell(failure);
    holder.says(comes_to);
    for waiter in &mut waiters {
        waiter.says("began");
    }
    assert!(scene.entries().is_empty(), "a failure was kept");
    for waiter in &mut waiters[1..] {
        waiter.tell(failure);
        waiter.says(comes_to);
    }
    waiters[0].tell("finish");
    waiters[0].says(value);
    assert_eq!(scene.computations(call), 9);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
    holder.tell(call);
    holder.says("calling");
    holder.says(again);
}

#[test]
fn those_who_wait_for_a_panicking_computation_do_not_queue_to_panic() {
    all_try_at_once("square 12", "panic", "panicked", "duplicate 144", "hit 144");
}

#[test]
fn those_who_wait_for_a_failing_computation_do_not_queue_to_fail() {
    let error = "error Err(\"told to fail\")";
    all_try_at_once("root 9", "fail", error, "duplicate Ok(3)", "hit Ok(3)");
}

#[test]
fn nobody_waits_for_a_stopped_process_beyond_the_limit() {
    let scene = Scene::new();
    let mut holder = computing(&scene, "square 12");
    holder.signal(Signal::STOP);
    let mut waiter = Actor::start(scene.command(ACTOR).env("MEMO_WAIT", "300ms"));
    waiter.says("ready");
    waiter.tell("square 12");
    waiter.says("calling");
    waiter.says("began");
    waiter.tell("finish");
    waiter.says("duplicate 144");
    let entry = scene.entries();
    assert_eq!(entry.len(), 1);

    holder.signal(Signal::CONT);
    holder.tell("finish");
    holder.says("computed 144");
    assert_eq!((scene.entries(), scene.litter()), (entry, vec![]));
    for actor in [&mut holder, &mut waiter] {
        actor.tell("square 12");
        actor.says("calling");
        actor.says("hit 144");
    }
    assert_eq!(scene.computations("square 12"), 2);
}
