//! Work shared out over threads.

use std::num::NonZero;
use std::panic;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Lets as many threads as there are cores work, this one among them; what
/// they come to.
pub(crate) fn on_all_cores<R: Send>(work: impl Fn() -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let others: Vec<_> = (1..cores)
            .filter_map(|_| thread::Builder::new().spawn_scoped(scope, &work).ok())
            .collect();
        let mine = work();
        let join = |other: thread::ScopedJoinHandle<'_, R>| {
            other
                .join()
                .unwrap_or_else(|panic| panic::resume_unwind(panic))
        };
        others.into_iter().map(join).chain([mine]).collect()
    })
}

/// What several threads take pieces of work from.
pub(crate) struct Queue<I>(Mutex<I>);

impl<I: Iterator> Queue<I> {
    pub(crate) fn of(pieces: impl IntoIterator<IntoIter = I>) -> Self {
        Self(Mutex::new(pieces.into_iter()))
    }

    pub(crate) fn next(&self) -> Option<I::Item> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}
