//! Tasks of one thread may want one key: whoever waits for it lets the others go on.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use memo_runtime::{Fetched, Memo, Outcome, call, memo};
use memo_tests::{Scene, Watchdog};

/// How many computations have begun, and whether they may end.
#[derive(Default)]
struct Direction {
    begun: Cell<u32>,
    may_end: Cell<bool>,
}

impl Direction {
    /// A computation begins; done when it may end.
    async fn follow(&self) {
        self.begun.set(self.begun.get() + 1);
        poll_fn(|_| {
            if self.may_end.get() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

#[memo(store = *memo, ignore(memo, direction))]
async fn square(memo: &Memo, direction: &Direction, x: u64) -> u64 {
    direction.follow().await;
    x * x
}

/// Awaits `then` of its kind, if there is one, before it returns.
#[memo(store = *memo, ignore(memo, direction, then))]
async fn node(memo: &Memo, direction: &Direction, x: u64, then: Option<u64>) -> u64 {
    direction.follow().await;
    if let Some(then) = then {
        assert_eq!(Box::pin(node(memo, direction, then, None)).await, then + 1);
    }
    x + 1
}

/// Polls a future once.
fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread, which sleeps until the future wakes it.
fn block_on<F: Future>(mut future: Pin<&mut F>) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn two_tasks_of_one_thread_compute_a_key_once() {
    let _watchdog = Watchdog::over("two tasks on one key");
    let scene = Scene::new();
    let (memo, direction) = (scene.memo().open().unwrap(), Direction::default());
    let mut first = pin!(call!(square(&memo, &direction, 12)).fetch());
    let mut second = pin!(call!(square(&memo, &direction, 12)).fetch());
    assert!(poll(first.as_mut()).is_pending());
    assert!(poll(second.as_mut()).is_pending());
    direction.may_end.set(true);
    let Fetched { value, outcome, .. } = block_on(first);
    assert_eq!((value, outcome), (144, Outcome::Computed));
    let Fetched { value, outcome, .. } = block_on(second);
    assert_eq!(value, 144);
    assert!(
        matches!(outcome, Outcome::Waited | Outcome::Hit),
        "{outcome}"
    );
    assert_eq!(direction.begun.get(), 1);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn a_task_that_is_dropped_wakes_those_who_wait_for_it() {
    let _watchdog = Watchdog::over("a task that waits for one that was dropped");
    let scene = Scene::new();
    let (memo, direction) = (scene.memo().open().unwrap(), Direction::default());
    let mut waiting = pin!(call!(square(&memo, &direction, 12)).fetch());
    {
        let mut dropped = pin!(call!(square(&memo, &direction, 12)).fetch());
        assert!(poll(dropped.as_mut()).is_pending());
        assert!(poll(waiting.as_mut()).is_pending());
        assert_eq!(direction.begun.get(), 1);
    }
    direction.may_end.set(true);
    assert_eq!(block_on(waiting).value, 144);
    assert_eq!(direction.begun.get(), 2);
    assert_eq!((scene.entries().len(), scene.litter()), (1, vec![]));
}

#[test]
fn two_tasks_may_each_want_what_the_other_computes() {
    let _watchdog = Watchdog::over("two tasks that want each other's keys");
    let scene = Scene::new();
    let (memo, direction) = (scene.memo().open().unwrap(), Direction::default());
    let mut one = pin!(call!(node(&memo, &direction, 1, Some(2))).fetch());
    let mut other = pin!(call!(node(&memo, &direction, 2, Some(1))).fetch());
    assert!(poll(one.as_mut()).is_pending());
    assert!(poll(other.as_mut()).is_pending());
    direction.may_end.set(true);
    assert_eq!(block_on(one).value, 2);
    assert_eq!(block_on(other).value, 3);
    assert_eq!((scene.entries().len(), scene.litter()), (2, vec![]));
}
