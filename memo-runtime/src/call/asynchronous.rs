//! Calls of `async` functions.
//!
//! Looking up and keeping are short file operations and are done where the
//! future is polled. Waiting for another's computation is not: a thread of
//! its own waits and then wakes the task, whatever the executor.

use std::borrow::Borrow;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use super::bounds::Keeping;
use super::engine::{self, Approach, Manner};
use super::inputs::{Inputs, Prepared};
use super::patience::Waiting;
use super::report::Report;
use super::take::{self, Taken};
use super::ticket::Ticket;
use super::{
    Fetched, Told, cached, checked, forget, found, insert, is_check, is_same, key, permitted,
    refuse,
};
use crate::file::scope;
use crate::journal::{Cause, Outcome};
use crate::key::Digest;

/// A call of a memoized `async` function that has not been made yet.
///
/// `call!(f(a, b))` gives one. As [`Call`](super::Call), but what computes is
/// awaited. Dropping one of its futures before it is done gives up the
/// computation; another that waits for it is told.
#[must_use = "a call does nothing until its value is asked for"]
pub struct AsyncCall<R, Fut> {
    pub(super) prepared: Prepared,
    keeping: Keeping<R>,
    compute: Fut,
}

/// A memoized asynchronous call: what the function of `inputs` returns when
/// `compute` is its body. This is what `#[memo]` on an `async fn` expands to.
pub fn call_async<R, Fut: Future<Output = R>>(
    inputs: Inputs,
    keeping: Keeping<R>,
    compute: Fut,
) -> AsyncCall<R, Fut> {
    AsyncCall {
        prepared: inputs.prepare(&keeping),
        keeping,
        compute,
    }
}

/// The future itself; says what its output is, for `?` in its body.
pub fn future_of<R, Fut: Future<Output = R>>(future: Fut) -> Fut {
    future
}

impl<R, Fut: Future<Output = R>> AsyncCall<R, Fut> {
    /// The value: kept from an earlier call, or computed now and kept.
    ///
    /// # Panics
    ///
    /// As [`Call::get`](super::Call::get).
    pub async fn get(self) -> R {
        self.fetch().await.value
    }

    /// The value, and how it was come by.
    ///
    /// # Panics
    ///
    /// As [`Call::get`](super::Call::get).
    pub async fn fetch(self) -> Fetched<R> {
        self.run(false).await
    }

    /// Computes the value, and puts it in the place of the one that is kept.
    pub async fn refresh(self) -> R {
        self.run(true).await.value
    }

    /// Computes the value without looking at the store or changing it.
    pub async fn uncached(self) -> R {
        outside(self.compute).await
    }

    async fn run(self, refresh: bool) -> Fetched<R> {
        let Self {
            prepared,
            keeping,
            compute,
        } = self;
        let report = Report::begin(&prepared);
        let mut manner = Manner {
            refresh,
            wait: false,
            queue: false,
            damaged: false,
        };
        let ticket = loop {
            let approach = {
                let waiting = Waiting::not_at_all();
                engine::approach(&prepared, &report, manner, &waiting)
            };
            let approach = match approach {
                Approach::UnderWay => wait_aside(&prepared, &report, manner).await,
                settled => settled,
            };
            let (loaded, told) = match approach {
                Approach::Found(loaded, outcome, open) => {
                    let told = Told::of(&loaded, outcome, open);
                    (loaded, told)
                }
                Approach::Compute(ticket) => break ticket,
                Approach::UnderWay => break Ticket::uncached(&report, Cause::Trouble),
                Approach::Refused(why) => refuse(&prepared, why),
            };
            match take::take(&prepared, &report, &keeping, loaded, manner.damaged) {
                Taken::Value(value) if !is_check(&prepared) => {
                    return found(&prepared, &report, value, told);
                }
                Taken::Value(kept) => {
                    let computing = Instant::now();
                    let value = outside(compute).await;
                    let same = is_same(&prepared, &keeping, &kept, &value);
                    checked(&prepared, &report, same, computing.elapsed());
                    let duration = report.took();
                    return Fetched {
                        value,
                        outcome: Outcome::Computed,
                        duration,
                    };
                }
                Taken::Damaged => manner.damaged = true,
                Taken::Compute(ticket) => break permitted(&prepared, ticket),
            }
        };
        let value = {
            let mut compute = pin!(outside(compute));
            poll_fn(|context| {
                let _holding = ticket.holding();
                compute.as_mut().poll(context)
            })
            .await
        };
        let outcome = ticket.finish(&prepared, &keeping, &value).outcome;
        Fetched {
            value,
            outcome,
            duration: report.took(),
        }
    }
}

impl<R, Fut> AsyncCall<R, Fut> {
    /// The value if it is kept. Nothing is computed, recorded or changed.
    pub fn cached(&self) -> Option<R> {
        cached(&self.prepared, &self.keeping)
    }

    /// Removes the kept value; whether there was one.
    pub fn forget(&self) -> bool {
        forget(&self.prepared)
    }

    /// Keeps `value` as the result of this call, in the place of one that is
    /// kept; whether it was kept.
    pub fn insert(&self, value: impl Borrow<R>) -> bool {
        insert(&self.prepared, &self.keeping, value.borrow())
    }

    /// The key of the call; `None` if an argument could not be serialized.
    pub fn key(&self) -> Option<Digest> {
        key(&self.prepared)
    }
}

impl<R, Fut> fmt::Debug for AsyncCall<R, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncCall({})", self.prepared.about)
    }
}

/// Polls another's code, in no [scope](scope::outside).
async fn outside<F: Future>(compute: F) -> F::Output {
    let mut compute = pin!(compute);
    poll_fn(|context| scope::outside(|| compute.as_mut().poll(context))).await
}

/// Waits on a thread of its own for the computation that is under way.
async fn wait_aside(call: &Prepared, report: &Report, manner: Manner) -> Approach {
    let seat = Arc::new(Seat::default());
    let left = Left(Arc::clone(&seat));
    let thread = {
        let (call, report) = (call.clone(), report.clone());
        std::thread::Builder::new()
            .name("memo-wait".into())
            .spawn(move || {
                let waiting = Waiting::of(&call, &report).until(&seat.left);
                let manner = Manner {
                    wait: true,
                    ..manner
                };
                let settling = Settling(&seat);
                let approach = engine::approach(&call, &report, manner, &waiting);
                settling.0.settle(approach);
            })
    };
    if thread.is_err() {
        return Approach::UnderWay;
    }
    match poll_fn(|context| left.0.poll(context)).await {
        Approach::Found(loaded, Outcome::Hit, open) => {
            Approach::Found(loaded, Outcome::Waited, open)
        }
        other => other,
    }
}

/// Where the waiting thread leaves what it came to.
#[derive(Default)]
struct Seat {
    state: Mutex<(Option<Approach>, Option<Waker>)>,
    left: AtomicBool,
}

impl Seat {
    fn settle(&self, approach: Approach) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // If nobody is there any more, the approach is dropped with the seat,
        // and with it the flight.
        state.0 = Some(approach);
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Approach> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.0.take() {
            Some(approach) => Poll::Ready(approach),
            None => {
                state.1 = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Ends the waiting even if the thread that waits panics, in a logger, say.
struct Settling<'a>(&'a Seat);

impl Drop for Settling<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.settle(Approach::UnderWay);
        }
    }
}

/// Tells the waiting thread when its task is gone.
struct Left(Arc<Seat>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.left.store(true, Ordering::Relaxed);
    }
}
