//! Checking and repairing: while others use the store, and when whoever does it is killed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use memo_runtime::Memo;
use memo_tests::traced::{self, Traced};
use memo_tests::{Scene, Watchdog};

const KEEPER: &str = env!("CARGO_BIN_EXE_keeper");

/// How many results there are, and how many of them are damaged.
const RESULTS: u64 = 6;
const DAMAGED: usize = 2;

/// Calls for all results, which are right; how many of them had to be computed.
fn call_all(memo: &Memo) -> usize {
    let mut computed = 0;
    for n in 0..RESULTS {
        let value = memo.call("value").arg("n", &n).get_or_compute(|| {
            computed += 1;
            vec![n; 100]
        });
        assert_eq!(value, vec![n; 100], "a wrong value was handed out");
    }
    computed
}

/// A scene with results of which some are damaged, as a list of code is.
fn damaged() -> Scene {
    let scene = Scene::new();
    assert_eq!(call_all(&scene.memo().open().unwrap()), RESULTS as usize);
    for entry in &sorted(scene.entries())[..DAMAGED] {
        let mut bytes = fs::read(entry).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(entry, bytes).unwrap();
    }
    let lists = scene.store().join("code/value-0000000000000000");
    fs::create_dir_all(&lists).unwrap();
    fs::write(lists.join("0".repeat(64)), "no list").unwrap();
    scene
}

fn sorted(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.sort();
    paths
}

/// Another scene in the state of this one.
fn copy(scene: &Scene) -> Scene {
    let copy = Scene::new();
    let mut command = Command::new("cp");
    command.arg("-a").args([scene.store(), copy.store()]);
    assert!(command.status().unwrap().success());
    copy
}

/// Files by the names that entries keep when they are moved out: their keys.
fn by_key(scene: &Scene, dir: &str) -> BTreeMap<String, Vec<u8>> {
    let key = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let digits = name.split('-').next().unwrap();
        digits[digits.len() - 62..].to_owned()
    };
    let files = match dir {
        "entries" => scene.entries(),
        _ => scene.litter(),
    };
    let files = files.into_iter();
    files
        .map(|path| (key(&path), fs::read(&path).unwrap()))
        .collect()
}

/// Every call, or some spread over all of them.
fn sample<T>(calls: Vec<T>) -> Vec<T> {
    if std::env::var_os("MEMO_FAULTS").is_some_and(|set| set == "full") {
        return calls;
    }
    let step = calls.len().div_ceil(40);
    calls.into_iter().step_by(step).collect()
}

#[test]
fn a_killed_repair_loses_nothing_and_the_next_finishes() {
    if !traced::is_possible("a_killed_repair_loses_nothing_and_the_next_finishes") {
        return;
    }
    let template = damaged();
    let before = by_key(&template, "entries");
    let verify = |scene: &Scene| {
        let keeper = Traced::new(KEEPER, scene.path().join("trace"));
        keeper.arg(scene.store()).arg("repair")
    };
    for call in sample(verify(&copy(&template)).calls()) {
        let scene = copy(&template);
        verify(&scene).killed_at(&call);
        let mut after = by_key(&scene, "entries");
        after.extend(by_key(&scene, "damaged"));
        assert_eq!(after, before, "killed at {call:?}");

        let vault = scene.vault();
        let repaired = vault.repair(&vault.verify(&()).unwrap());
        assert_eq!(repaired.failed.len(), 0, "killed at {call:?}");
        let report = vault.verify(&()).unwrap();
        assert!(
            report.amiss.is_empty() && report.lists.is_empty(),
            "killed at {call:?}"
        );
        assert_eq!(
            by_key(&scene, "damaged").len(),
            DAMAGED,
            "killed at {call:?}"
        );
        let computed = call_all(&scene.memo().open().unwrap());
        assert_eq!(computed, DAMAGED, "killed at {call:?}");
    }
}

#[test]
fn a_store_that_others_use_meanwhile_is_whole() {
    let _watchdog = Watchdog::over("verify beside others");
    let scene = Scene::new();
    let memo = scene.memo().open().unwrap();
    call_all(&memo);
    let vault = scene.vault();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for refreshes in [true, false] {
            let (memo, over) = (&memo, &over);
            scope.spawn(move || {
                for n in (0..RESULTS).cycle() {
                    if over.load(Ordering::Relaxed) {
                        return;
                    }
                    let call = memo.call("value").arg("n", &n);
                    let call = call.computing(|| vec![n; 100]);
                    if refreshes {
                        call.refresh();
                    } else {
                        call.forget();
                    }
                }
            });
        }
        for _ in 0..50 {
            let report = vault.verify(&()).unwrap();
            let repaired = vault.repair(&report);
            assert!(report.amiss.is_empty(), "{:?}", report.amiss);
            assert!(report.strangers.is_empty(), "{:?}", report.strangers);
            assert_eq!((repaired.entries, repaired.failed.len()), (0, 0));
        }
        over.store(true, Ordering::Relaxed);
    });
    call_all(&memo);
    assert_eq!(scene.litter(), Vec::<PathBuf>::new());
}
