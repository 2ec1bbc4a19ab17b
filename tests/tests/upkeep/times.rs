//! Times of last use, as disk and journal tell them, and sizes, as the disk
//! does.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use memo_runtime::Clock;
use memo_runtime::manage::{Limits, Plan, Vault};
use memo_tests::Scene;

const HOUR: Duration = Duration::from_secs(3600);
const NONE: Limits = Limits {
    max_size: None,
    max_age: None,
    max_entries: None,
    order: memo_runtime::manage::Order::Lru,
};

/// A clock that stands at the time of the file system.
fn clock() -> Clock {
    let now = UNIX_EPOCH.elapsed().unwrap();
    Clock::manual(u64::try_from(now.as_nanos()).unwrap())
}

fn call(scene: &Scene, clock: &Clock, n: u64) {
    let memo = scene.memo().clock(clock.clone()).build();
    assert_eq!(memo.call("value").arg("n", &n).get_or_compute(|| n), n);
}

fn plan(scene: &Scene, clock: &Clock, limits: Limits) -> (Vault, Plan) {
    let vault = scene.vault().with_clock(clock.clone());
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    (vault, plan)
}

fn modified(path: &Path) -> SystemTime {
    path.metadata().unwrap().modified().unwrap()
}

fn stamp(path: &Path, time: SystemTime) {
    File::open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn a_use_within_the_hour_counts_though_the_disk_does_not_tell() {
    let scene = Scene::new();
    let clock = clock();
    call(&scene, &clock, 0);
    let first = scene.entries();
    let times = modified(&first[0]);
    for n in 1..4 {
        clock.advance(Duration::from_secs(60));
        call(&scene, &clock, n);
    }
    clock.advance(10 * Duration::from_secs(60));
    call(&scene, &clock, 0);
    assert_eq!(modified(&first[0]), times, "it is noted once an hour only");
    clock.advance(10 * Duration::from_secs(60));
    let limits = Limits {
        max_entries: Some(1),
        ..NONE
    };
    let (vault, plan) = plan(&scene, &clock, limits);
    vault.carry_out(&plan, &()).unwrap();
    assert_eq!(scene.entries(), first);
}

#[test]
fn what_is_ahead_of_its_time_ages_from_now_on() {
    let scene = Scene::new();
    let clock = clock();
    call(&scene, &clock, 0);
    call(&scene, &clock, 1);
    stamp(&scene.entries()[1], SystemTime::now() + HOUR);
    clock.advance(HOUR);
    let next_year = SystemTime::now() + 365 * 24 * HOUR;
    stamp(&scene.entries()[0], next_year);
    let limits = Limits {
        max_age: Some(HOUR),
        ..NONE
    };
    let (vault, aged) = plan(&scene, &clock, limits);
    assert_eq!(aged.entries, []);
    assert_eq!(modified(&scene.entries()[0]), next_year, "a plan is no act");
    vault.carry_out(&aged, &()).unwrap();
    assert!(modified(&scene.entries()[0]) < SystemTime::now() + 2 * HOUR);
    clock.advance(2 * HOUR);
    let (_, aged) = plan(&scene, &clock, limits);
    assert_eq!(aged.entries.len(), 2);
}

#[test]
fn holes_of_a_sparse_file_take_no_room() {
    let scene = Scene::new();
    let clock = clock();
    for n in 0..2 {
        call(&scene, &clock, n);
    }
    let sparse = &scene.entries()[0];
    File::options()
        .write(true)
        .open(sparse)
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    clock.advance(HOUR);
    let limits = Limits {
        max_size: Some(1 << 20),
        ..NONE
    };
    let (_, within) = plan(&scene, &clock, limits);
    assert!(within.total.bytes > 1 << 40 && within.total.disk < 1 << 20);
    assert_eq!(within.entries, []);
}
