//! Results may be cleared at any moment, and the whole store removed: nobody who wants one notices
//! anything but that it takes longer.

use std::fs;
use std::sync::mpsc::{self, TryRecvError};
use std::thread;

use memo_tests::{Actor, Scene};

const CELLS: &str = env!("CARGO_BIN_EXE_cells");
const ROUNDS: u32 = 20;

/// Four programs that each visit all cells, from one thread.
fn tourists(scene: &Scene, log: &str) -> Vec<Actor> {
    let mut tourists: Vec<_> = (0..4)
        .map(|_| Actor::start(scene.command(CELLS).env("MEMO_LOG", log)))
        .collect();
    for (seed, tourist) in tourists.iter_mut().enumerate() {
        tourist.says("ready");
        tourist.tell(&format!("tour 1 {seed} {ROUNDS}"));
    }
    tourists
}

#[test]
fn clearing_in_a_loop_disturbs_nobody() {
    let scene = Scene::new();
    let mut clearer = Actor::start(scene.command(CELLS).env("MEMO_LOG", "warn"));
    clearer.says("ready");
    clearer.tell("clear");
    let mut tourists = tourists(&scene, "warn");
    for tourist in &mut tourists {
        tourist.says("toured");
    }
    clearer.tell("stop");
    let cleared = clearer.hear();
    let count = cleared
        .strip_prefix("cleared ")
        .unwrap_or_else(|| panic!("{cleared}"));
    assert!(
        count.parse::<u32>().unwrap() > 64,
        "{cleared}: there was no contest"
    );
    clearer.says("over");
    for actor in tourists.into_iter().chain([clearer]) {
        actor.leave_quietly();
    }
    assert!(scene.litter().is_empty(), "{:?}", scene.litter());
}

#[test]
fn the_store_may_be_removed_under_our_feet() {
    let scene = Scene::new();
    let mut tourists = tourists(&scene, "error");
    let removed = thread::scope(|scope| {
        let (still_touring, over) = mpsc::channel::<()>();
        let store = scene.store();
        let remover = scope.spawn(move || {
            let mut removed = 0;
            while over.try_recv() == Err(TryRecvError::Empty) {
                // It fails whenever somebody makes a file in a directory that is being emptied.
                removed += u32::from(fs::remove_dir_all(&store).is_ok());
            }
            removed
        });
        for tourist in &mut tourists {
            tourist.says("toured");
        }
        drop(still_touring);
        remover.join().unwrap()
    });
    assert!(removed > 1, "there was no contest");
    for tourist in tourists {
        tourist.leave_quietly();
    }
}
