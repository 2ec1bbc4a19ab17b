//! The journal stays short while many write to it, and nothing is lost.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::thread;
use std::time::Instant;

use memo_runtime::manage::{Execution, FunctionName, JournalPosition, Limits, Vault};
use memo_tests::{Actor, DEADLINE, Scene};

const WRITERS: usize = 8;
/// The length at which the journal is taken in hand.
const LONG: usize = 8 << 20;

#[test]
fn eight_writers_and_one_who_compacts_lose_no_record() {
    let scene = Scene::new();
    let first = scene.memo().open().unwrap();
    first.call("lab::before").get_or_compute(|| 1_u8);
    drop(first);
    let record = fs::read(scene.store().join("journal/log")).unwrap();
    let writers: Vec<Actor> = (0..WRITERS)
        .map(|_| {
            let mut command = scene.command(env!("CARGO_BIN_EXE_diarist"));
            Actor::start(command.env_remove("MEMO_LOG"))
        })
        .collect();
    await_all(&scene, &writers, JournalPosition::default());
    let copies = append_until_long(&scene, &record);
    let vault = scene.vault();
    let end = vault
        .each_execution(JournalPosition::default(), |_| {})
        .unwrap();

    compact(&vault);
    assert!(scene.store().join("journal/log.1").exists());
    // Whoever had the old log open goes on to the new one.
    await_all(&scene, &writers, end);
    compact(&vault);

    let enough = |mut writer: Actor| {
        writer.tell("enough");
        let written: u64 = writer.hear().parse().unwrap();
        writer.leave_quietly();
        written
    };
    let written: u64 = writers.into_iter().map(enough).sum();
    let statistics = vault.statistics().unwrap();
    let misses = |function: &str| {
        let name = FunctionName {
            package: String::new(),
            path: function.to_owned(),
        };
        statistics.functions[&name].misses
    };
    assert_eq!(misses("lab::note"), written);
    assert_eq!(misses("lab::before"), 1 + copies);
}

/// Waits until each writer has written something after `start`.
fn await_all(scene: &Scene, writers: &[Actor], start: JournalPosition) {
    let began = Instant::now();
    let vault = scene.vault();
    let mut silent: BTreeSet<u32> = writers.iter().map(Actor::pid).collect();
    let mut position = start;
    while !silent.is_empty() {
        assert!(began.elapsed() < DEADLINE, "{silent:?} do not write");
        let heard = |execution: Execution| {
            silent.remove(&execution.pid);
        };
        position = vault.each_execution(position, heard).unwrap();
        thread::yield_now();
    }
}

/// Appends a record again and again, as a writer does, until the journal is long; how often.
fn append_until_long(scene: &Scene, record: &[u8]) -> u64 {
    let mut log = File::options()
        .append(true)
        .open(scene.store().join("journal/log"))
        .unwrap();
    let at_once = (60 << 10) / record.len();
    let times = LONG / (record.len() * at_once) + 1;
    for _ in 0..times {
        log.write_all(&record.repeat(at_once)).unwrap();
    }
    (times * at_once) as u64
}

/// Does the upkeep of a store without limits.
fn compact(vault: &Vault) {
    let none = Limits {
        max_size: None,
        ..Limits::default()
    };
    let lock = vault.lock_upkeep(&(), |_| {}).unwrap().unwrap();
    let plan = vault.plan_upkeep(&none, &()).unwrap().unwrap();
    let removed = vault.carry_out(&plan, &()).unwrap();
    vault.end_upkeep(lock, &plan, &removed);
}
