//! Programs keep to the limits while they compute.

use std::time::{Duration, UNIX_EPOCH};

use memo_runtime::manage::{Cause, JournalPosition, Limits, Outcome};
use memo_runtime::{Clock, Memo};
use memo_tests::Scene;

const MINUTE: Duration = Duration::from_secs(60);
const SIZE: usize = 40_000;

/// A clock that stands at the time of the file system.
fn clock() -> Clock {
    let now = UNIX_EPOCH.elapsed().unwrap();
    Clock::manual(u64::try_from(now.as_nanos()).unwrap())
}

/// The value of a call, from the store or computed.
fn value(memo: &Memo, n: u64) {
    let call = memo.call("value").arg("n", &n);
    assert_eq!(
        call.get_or_compute(|| vec![n as u8; SIZE]),
        vec![n as u8; SIZE]
    );
}

fn disk(scene: &Scene) -> u64 {
    let nothing = Limits {
        max_size: None,
        ..Limits::default()
    };
    let plan = scene.vault().plan_upkeep(&nothing, &()).unwrap().unwrap();
    plan.total.disk
}

/// Why entries were evicted.
fn evictions(scene: &Scene) -> Vec<Cause> {
    let mut causes = Vec::new();
    let record = |execution: memo_runtime::manage::Execution| {
        if execution.outcome == Outcome::Evicted {
            causes.push(execution.cause);
        }
    };
    let all = JournalPosition::default();
    scene.vault().each_execution(all, record).unwrap();
    causes
}

#[test]
fn a_program_that_passes_the_limit_by_half_makes_room_by_itself() {
    let scene = Scene::new();
    let clock = clock();
    let max_size = 10 * SIZE as u64;
    let limits = Limits {
        max_size: Some(max_size),
        ..Limits::default()
    };
    let memo = scene.memo().clock(clock.clone()).limits(limits).build();
    for n in 0..40 {
        value(&memo, n);
    }
    memo.finish_upkeep();
    assert_eq!(scene.entries().len(), 40, "all are used a moment ago");

    clock.advance(3 * MINUTE);
    value(&memo, 40);
    memo.finish_upkeep();
    assert!(
        disk(&scene) <= max_size + SIZE as u64 * 2,
        "{}",
        disk(&scene)
    );
    assert!(scene.entries().len() >= 5, "too much was removed");
    let evictions = evictions(&scene);
    assert!(evictions.len() >= 30, "{evictions:?}");
    assert!(evictions.iter().all(|cause| *cause == Cause::OverSize));
}

#[test]
fn upkeep_is_done_once_an_hour() {
    let scene = Scene::new();
    let clock = clock();
    let limits = Limits {
        max_entries: Some(1),
        ..Limits::default()
    };
    let memo = scene.memo().clock(clock.clone()).limits(limits).build();
    for n in 0..4 {
        value(&memo, n);
    }
    clock.advance(59 * MINUTE);
    value(&memo, 4);
    memo.finish_upkeep();
    assert_eq!(scene.entries().len(), 5);
    clock.advance(2 * MINUTE);
    value(&memo, 5);
    memo.finish_upkeep();
    assert!(scene.entries().len() <= 3, "{:?}", scene.entries());
    assert!(evictions(&scene).contains(&Cause::OverCount));
}

#[test]
fn what_is_past_its_time_to_live_goes_without_any_limit() {
    let scene = Scene::new();
    let clock = clock();
    let memo = scene.memo().clock(clock.clone()).build();
    let fleeting = memo.call("fleeting").ttl(10 * MINUTE);
    assert_eq!(fleeting.get_or_compute(|| 1), 1);
    value(&memo, 0);
    clock.advance(61 * MINUTE);
    value(&memo, 1);
    memo.finish_upkeep();
    assert_eq!(scene.entries().len(), 2);
    assert_eq!(evictions(&scene), [Cause::Expired]);
}

#[test]
fn programs_that_only_find_results_remove_nothing() {
    let scene = Scene::new();
    let clock = clock();
    let limits = Limits {
        max_entries: Some(0),
        ..Limits::default()
    };
    let memo = scene.memo().clock(clock.clone()).limits(limits).build();
    value(&memo, 0);
    value(&memo, 1);
    clock.advance(200 * MINUTE);
    value(&memo, 0);
    memo.finish_upkeep();
    assert_eq!(scene.entries().len(), 2);
}
