//! Which threads hold a flight.
//!
//! A thread that holds one must never block on another's: two processes (or,
//! with work stealing, one thread) could then wait for each other. The count
//! is per thread while it runs the computation; an asynchronous computation
//! enters it at each poll, since it may move between threads.
//!
//! A thread of a work-stealing pool can be in the way of a flight that it
//! does not hold: what it waits for may need a job that lies below on its own
//! stack. Who waits in a pool therefore looks at what the holder does.

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::key::Digest;

/// A thread by the number that the system gave it.
pub(crate) type Thread = i32;

thread_local! {
    static HELD: Cell<u32> = const { Cell::new(0) };
}

/// The flights that threads of this process hold.
static HOLDERS: Mutex<Vec<(Digest, Thread)>> = Mutex::new(Vec::new());

fn holders() -> MutexGuard<'static, Vec<(Digest, Thread)>> {
    HOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As long as this lives, its thread counts as holding the flight of a key.
pub(crate) struct Holding {
    holder: (Digest, Thread),
    not_send: PhantomData<*const ()>,
}

impl Holding {
    pub(crate) fn begin(key: Digest) -> Self {
        let holder = (key, this_thread());
        HELD.set(HELD.get() + 1);
        holders().push(holder);
        Self {
            holder,
            not_send: PhantomData,
        }
    }

    /// Whether this thread holds a flight.
    pub(crate) fn any() -> bool {
        HELD.get() > 0
    }

    /// Whether any thread of this process holds a flight.
    pub(crate) fn any_in_process() -> bool {
        !holders().is_empty()
    }

    /// The thread of this process that computes `key`, if one does.
    pub(crate) fn thread_of(key: &Digest) -> Option<Thread> {
        holders()
            .iter()
            .find(|(held, _)| held == key)
            .map(|(_, thread)| *thread)
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        HELD.set(HELD.get() - 1);
        let mut holders = holders();
        if let Some(at) = holders.iter().position(|holder| *holder == self.holder) {
            holders.swap_remove(at);
        }
    }
}

#[cfg(target_os = "linux")]
fn this_thread() -> Thread {
    thread_local! {
        static THREAD: Thread = rustix::thread::gettid().as_raw_nonzero().get();
    }
    THREAD.with(|thread| *thread)
}

/// Other systems do not tell how long a thread has run, so it does not matter
/// which one it is.
#[cfg(not(target_os = "linux"))]
fn this_thread() -> Thread {
    0
}

/// For how many nanoseconds a thread of this process has run so far; `None`
/// where the system does not tell, or the thread is gone.
pub(crate) fn run_time(thread: Thread) -> Option<u64> {
    let path = format!("/proc/self/task/{}/schedstat", thread);
    std::fs::read_to_string(path)
        .ok()?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}
