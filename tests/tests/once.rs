//! A key that many want at once is computed once.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use memo_runtime::Outcome;
use memo_tests::{Actor, Scene, Watchdog};

const ACTOR: &str = env!("CARGO_BIN_EXE_actor");

#[test]
fn eight_processes_compute_a_key_once() {
    let scene = Scene::new();
    let mut actors: Vec<_> = (0..8)
        .map(|_| Actor::start(&mut scene.command(ACTOR)))
        .collect();
    for actor in &mut actors {
        actor.says("ready");
    }
    for actor in &mut actors {
        actor.tell("square 12");
    }
    for actor in &mut actors {
        actor.says("calling");
    }
    let holder = scene.await_executions(1)[0].pid;
    let (mut computing, mut waiting): (Vec<_>, Vec<_>) =
        actors.into_iter().partition(|actor| actor.pid() == holder);
    for actor in &mut waiting {
        actor.logs("waiting for process");
    }
    computing[0].says("began");
    computing[0].tell("finish");
    computing[0].says("computed 144");
    for actor in &mut waiting {
        actor.says("waited 144");
    }
    assert_eq!(scene.computations("square 12"), 1);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn thirty_two_threads_compute_a_key_once() {
    const THREADS: u32 = 32;
    let _watchdog = Watchdog::over("32 threads on one key");
    let scene = Scene::new();
    let memo = scene.memo().open().unwrap();
    let (together, arrived, computations) = (
        Barrier::new(THREADS as usize),
        AtomicU32::new(0),
        AtomicU32::new(0),
    );
    let fetched: Vec<_> = thread::scope(|scope| {
        let call = || {
            together.wait();
            arrived.fetch_add(1, Ordering::SeqCst);
            memo.call("square").arg("x", &12).fetch_or_compute(|| {
                computations.fetch_add(1, Ordering::SeqCst);
                while arrived.load(Ordering::SeqCst) < THREADS {
                    thread::yield_now();
                }
                144
            })
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(call)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(computations.into_inner(), 1);
    assert!(fetched.iter().all(|fetched| fetched.value == 144));
    let outcomes = |outcome| {
        fetched
            .iter()
            .filter(|fetched| fetched.outcome == outcome)
            .count()
    };
    assert_eq!(outcomes(Outcome::Computed), 1);
    assert_eq!(outcomes(Outcome::Waited) + outcomes(Outcome::Hit), 31);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}
