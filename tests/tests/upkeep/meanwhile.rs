//! What others do while entries are being removed.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use memo_runtime::Clock;
use memo_runtime::manage::{Criterion, Limits, Removed, Vault};
use memo_tests::{Scene, Watchdog};

/// The store as it is seen a year later, when nothing in it was used lately.
fn a_year_later(scene: &Scene) -> Vault {
    let now = UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(365 * 24 * 3600);
    let clock = Clock::manual(u64::try_from(now.as_nanos()).unwrap());
    scene.vault().with_clock(clock)
}

/// Removes all that may be removed.
fn empty(vault: &Vault) -> Removed {
    let limits = Limits {
        max_entries: Some(0),
        ..Limits::default()
    };
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    vault.carry_out(&plan, &()).unwrap()
}

#[test]
fn what_is_being_computed_stays() {
    let _watchdog = Watchdog::over("a computation during gc");
    let scene = Scene::new();
    let memo = scene.memo().build();
    let call = |n: u64| memo.call("value").arg("n", &n);
    for n in 0..2 {
        assert_eq!(call(n).get_or_compute(|| 1), 1);
    }
    assert_eq!(scene.entries().len(), 2);
    let refreshed = call(0).computing(|| {
        assert_eq!(empty(&a_year_later(&scene)).entries.entries, 1);
        assert_eq!(scene.entries().len(), 1);
        2
    });
    assert_eq!(refreshed.refresh(), 2);
    assert_eq!(call(0).get_or_compute(|| 3), 2);
    assert_eq!(call(1).get_or_compute(|| 3), 3);
}

#[test]
fn what_is_used_after_the_plan_was_made_stays() {
    let scene = Scene::new();
    let clock = Clock::system();
    let memo = scene.memo().clock(clock).build();
    let call = |n: u64| memo.call("value").arg("n", &n);
    for n in 0..2 {
        call(n).get_or_compute(|| n);
    }
    let vault = a_year_later(&scene);
    let limits = Limits {
        max_entries: Some(0),
        ..Limits::default()
    };
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    assert_eq!(plan.entries.len(), 2);
    // As long after as it takes for a use to be noted.
    let later = UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(2 * 3600);
    let clock = Clock::manual(u64::try_from(later.as_nanos()).unwrap());
    let later = scene.memo().clock(clock).build();
    later
        .call("value")
        .arg("n", &1_u64)
        .get_or_compute(|| 7_u64);
    let removed = vault.carry_out(&plan, &()).unwrap();
    assert_eq!((removed.entries.entries, removed.used), (1, 1));
    assert_eq!(scene.entries().len(), 1);
}

#[test]
fn what_is_hit_after_the_plan_was_made_stays_though_its_file_does_not_tell() {
    let scene = Scene::new();
    let now = u64::try_from(UNIX_EPOCH.elapsed().unwrap().as_nanos()).unwrap();
    let clock = Clock::manual(now);
    let call = |n: u64| {
        let memo = scene.memo().clock(clock.clone()).build();
        memo.call("value").arg("n", &n).get_or_compute(|| n)
    };
    (0..2).for_each(|n| assert_eq!(call(n), n));
    clock.advance(Duration::from_secs(600));
    let vault = scene.vault().with_clock(clock.clone());
    let limits = Limits {
        max_entries: Some(0),
        ..Limits::default()
    };
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    assert_eq!(plan.entries.len(), 2);
    assert_eq!(call(1), 1);
    let removed = vault.carry_out(&plan, &()).unwrap();
    assert_eq!((removed.entries.entries, removed.used), (1, 1));
}

#[test]
fn what_cannot_be_removed_stands_in_no_others_way() {
    let scene = Scene::new();
    let memo = scene.memo().build();
    for n in 0..3_u64 {
        memo.call("value").arg("n", &n).get_or_compute(|| n);
    }
    let vault = scene.vault();
    let plan = vault.plan(&Criterion::All).unwrap();
    let entry = &scene.entries()[0];
    fs::remove_file(entry).unwrap();
    fs::create_dir_all(entry.join("below")).unwrap();
    let removed = vault.carry_out(&plan, &()).unwrap();
    assert_eq!((removed.entries.entries, removed.failed), (2, 1));
    let trouble = removed.trouble.unwrap().to_string();
    assert!(trouble.contains(entry.to_str().unwrap()), "{trouble}");
}

#[test]
fn values_are_right_while_the_store_is_emptied_again_and_again() {
    let _watchdog = Watchdog::over("calls during gc");
    let scene = Scene::new();
    let memo = scene.memo().build();
    let value = |n: u64| vec![n; 100 * (n % 32) as usize];
    let over = AtomicBool::new(false);
    let removed: u64 = thread::scope(|scope| {
        let callers: Vec<_> = (0..3)
            .map(|first| {
                let (memo, over) = (&memo, &over);
                scope.spawn(move || {
                    // So many that most are not wanted between a plan and its end.
                    for n in (first..).map(|n| n % 2000) {
                        let call = memo.call("value").arg("n", &n);
                        assert_eq!(call.get_or_compute(|| value(n)), value(n));
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                })
            })
            .collect();
        let mut removed = 0;
        while removed < 500 && !callers.iter().any(|caller| caller.is_finished()) {
            // There is no store before the first call.
            if scene.store().join("entries").exists() {
                removed += empty(&a_year_later(&scene)).entries.entries;
            }
        }
        over.store(true, Ordering::Relaxed);
        removed
    });
    assert!(removed >= 500, "there was no contest: {removed}");
}
