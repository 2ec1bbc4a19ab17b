//! Several want the same run.

use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;

use super::*;
use crate::store::flight::Patience;

/// Begins a run on another thread, and tells when that waits.
struct Waiter {
    waits: mpsc::Receiver<(u32, Option<Duration>)>,
    thread: thread::JoinHandle<Begun>,
}

impl Waiter {
    fn start(call: &RunCall, manner: fn() -> Manner<'static>) -> Self {
        let (tell, waits) = mpsc::channel();
        let call = call.clone();
        let thread = thread::spawn(move || {
            call.begin(&Manner {
                waits: &|holder, usual| tell.send((holder.pid, usual)).unwrap(),
                ..manner()
            })
        });
        Self { waits, thread }
    }

    /// For whom it waits, as soon as it says so.
    fn waits(&self) -> (u32, Option<Duration>) {
        self.waits.recv().unwrap()
    }

    fn end(self) -> Begun {
        self.thread.join().unwrap()
    }
}

#[test]
fn one_runs_and_the_others_wait_for_it() {
    let scratch = Scratch::new();
    let memo = scratch.memo();
    record(&run_of(&memo, 0), b"another");
    let call = run_of(&memo, 1);
    for size in [10, LARGE] {
        let mut recorder = computes(call.begin(&refreshing()));
        let waiters: Vec<_> = (0..3)
            .map(|_| Waiter::start(&call, refreshing_not))
            .collect();
        if size == 10 {
            for waiter in &waiters {
                let usual = Some(Duration::from_millis(5));
                assert_eq!(waiter.waits(), (std::process::id(), usual));
            }
        }
        let text = vec![b'x'; size];
        recorder.write(Stream::Stdout, &text);
        assert!(recorder.finish(facts(0), Duration::ZERO).kept);
        for waiter in waiters {
            let (recording, outcome) = found(waiter.end());
            let is_first = size == 10;
            assert!(!is_first || outcome == Outcome::Waited && stdout(&recording) == text);
        }
        assert!(scratch.names("flights").is_empty());
    }
}

fn refreshing_not() -> Manner<'static> {
    manner()
}

#[test]
fn when_a_run_fails_one_of_those_who_wait_makes_it_next() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let holder = computes(call.begin(&manner()));
    let (one, other) = (Waiter::start(&call, manner), Waiter::start(&call, manner));
    one.waits();
    other.waits();
    let (tell, ended) = mpsc::channel();
    for waiter in [one, other] {
        let tell = tell.clone();
        thread::spawn(move || tell.send(waiter.end()).unwrap());
    }
    holder.fail(Cause::ExitCode, Duration::ZERO);
    let next = computes(ended.recv().unwrap());
    assert_eq!(next.held(), Some(call.key()), "it is the only one");
    assert!(ended.try_recv().is_err(), "the other still waits");
    assert!(next.finish(facts(0), Duration::ZERO).kept);
    let (_, outcome) = found(ended.recv().unwrap());
    assert_eq!(outcome, Outcome::Waited);
}

#[test]
fn waiting_can_be_ended_and_left_out() {
    static ENDED: AtomicBool = AtomicBool::new(false);
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let holder = computes(call.begin(&manner()));
    let not_waiting = Manner {
        wait: false,
        ..manner()
    };
    assert!(matches!(call.begin(&not_waiting), Begun::UnderWay));
    let waiter = Waiter::start(&call, || Manner {
        cancelled: &ENDED,
        ..manner()
    });
    waiter.waits();
    ENDED.store(true, Ordering::Relaxed);
    assert!(matches!(waiter.end(), Begun::Cancelled));
    assert!(holder.finish(facts(0), Duration::ZERO).kept);
}

#[test]
fn a_program_within_a_run_does_not_wait_for_that_run() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let around = computes(call.begin(&manner()));
    let held = [Digest::from_bytes([1; 32]), call.key()];
    let mut within = computes(call.begin_within(&held, &manner()));
    assert_eq!((within.cause(), within.held()), (Cause::Nested, None));
    within.write(Stream::Stdout, b"within");
    let finished = within.finish(facts(0), Duration::ZERO);
    assert_eq!(
        (finished.outcome, finished.kept),
        (Outcome::Duplicate, true)
    );
    // The first to finish is kept.
    let finished = around.finish(facts(0), Duration::ZERO);
    assert_eq!((finished.outcome, finished.kept), (Outcome::Computed, true));
    let (recording, _) = found(call.begin_within(&held, &manner()));
    assert_eq!(stdout(&recording), b"within");
}

#[test]
fn a_program_within_a_run_waits_for_other_runs() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let holder = computes(call.begin(&manner()));
    let not_waiting = Manner {
        wait: false,
        ..manner()
    };
    let held = [run_of(&scratch.memo(), 2).key()];
    let begun = call.begin_within(&held, &not_waiting);
    assert!(matches!(begun, Begun::UnderWay));
    drop(holder);
}

/// A run may take longer than any function does.
#[test]
fn a_run_is_waited_for_as_long_as_its_holder_lives() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let report = Report::begin(&call.call);
    let waits = |to_the_end, pid| {
        let holder = || {
            Some(Holder {
                pid,
                host: config::host().to_owned(),
                ..Holder::default()
            })
        };
        let waiting = Waiting::of(&call.call, &report).until_the_end(to_the_end);
        waiting.goes_on(Duration::from_secs(48 * 3600), holder)
    };
    assert!(waits(true, std::process::id()));
    assert!(!waits(true, u32::MAX), "it is gone");
    assert!(
        !waits(false, std::process::id()),
        "who is within a run does not"
    );
}

#[test]
fn what_somebody_writes_is_no_litter_however_old() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let mut recorder = computes(call.begin(&manner()));
    recorder.write(Stream::Stdout, &vec![b'x'; LARGE]);
    let left = scratch.store().join("tmp").join("0123456789abcdef");
    std::fs::write(&left, b"unfinished").unwrap();
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(48 * 3600);
    for name in scratch.names("tmp") {
        let file = File::open(scratch.store().join("tmp").join(name)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let vault = scratch.vault();
    let limits = crate::manage::Limits::default();
    let plan = vault.plan_upkeep(&limits, &()).unwrap().unwrap();
    assert_eq!(vault.carry_out(&plan, &()).unwrap().litter, 1);
    assert!(!left.exists());
    assert_eq!(scratch.names("tmp").len(), 1);
    assert!(recorder.finish(facts(0), Duration::ZERO).kept);
    found(call.begin(&manner()));
}
