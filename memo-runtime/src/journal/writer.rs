//! Writing to the journal.
//!
//! Executions that computed something are written before the call returns.
//! Hits are gathered, at most for a second or 4 KiB, so that a hit does not
//! cost a system call. What is gathered is written by a thread that lives
//! only while there is something to write, and when a thread that made hits
//! ends, the main thread of a program included.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::record::{Execution, Outcome};
use crate::frame;
use crate::store::Store;
use crate::store::layout::{JOURNAL, JOURNAL_LOG};

const GATHER_BYTES: usize = 4096;
const GATHER_TIME: Duration = Duration::from_secs(1);

/// The journals of this process that hold gathered hits.
static GATHERING: Mutex<Gathering> = Mutex::new(Gathering {
    journals: Vec::new(),
    thread_runs: false,
});

struct Gathering {
    journals: Vec<Weak<Journal>>,
    thread_runs: bool,
}

/// The journal of one store, for writing.
#[derive(Debug)]
pub(crate) struct Journal {
    store: Arc<Store>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    gathered: Vec<u8>,
    log: Option<Log>,
}

#[derive(Debug)]
struct Log {
    file: File,
    /// When the file was last known to be in its place.
    checked: Instant,
}

impl Journal {
    /// The journal of `store`, which is opened when something is written.
    pub(crate) fn new(store: &Arc<Store>) -> Arc<Self> {
        Arc::new(Self {
            store: Arc::clone(store),
            state: Mutex::default(),
        })
    }

    /// Adds a record; hits may reach the disk up to a second later.
    pub(crate) fn add(self: &Arc<Self>, execution: &Execution<&str>) {
        let mut state = self.lock();
        let was_empty = state.gathered.is_empty();
        frame::append(execution, &mut state.gathered);
        if execution.outcome != Outcome::Hit || state.gathered.len() >= GATHER_BYTES {
            state.write(&self.store);
            drop(state);
        } else {
            drop(state);
            if was_empty {
                self.write_later();
            }
        }
        // A thread that is ending already writes no later than now.
        if EXIT.try_with(|_| ()).is_err() {
            write_all();
        }
    }

    fn write_later(self: &Arc<Self>) {
        let mut gathering = lock(&GATHERING);
        gathering.journals.push(Arc::downgrade(self));
        if !gathering.thread_runs {
            let thread = thread::Builder::new()
                .name("memo-journal".into())
                .spawn(write_gathered);
            gathering.thread_runs = thread.is_ok();
            if thread.is_err() {
                drop(gathering);
                write_all();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.lock().write(&self.store);
    }
}

impl State {
    /// Writes what was gathered, as one piece. What cannot be written is
    /// dropped: keeping it would only let it grow.
    fn write(&mut self, store: &Store) {
        let bytes = std::mem::take(&mut self.gathered);
        if bytes.is_empty() {
            return;
        }
        if !self.log.as_mut().is_some_and(Log::is_in_place) {
            self.log = Log::open(store).ok();
        }
        if let Some(log) = &mut self.log {
            let _ = log.file.write_all(&bytes);
        }
        self.gathered = bytes;
        self.gathered.clear();
    }
}

impl Log {
    fn open(store: &Store) -> io::Result<Self> {
        let file = store
            .root()
            .open_or_make_dir(JOURNAL)?
            .open_append(JOURNAL_LOG)?;
        Ok(Self {
            file,
            checked: Instant::now(),
        })
    }

    /// Whether the file has not been removed, as far as was looked lately.
    fn is_in_place(&mut self) -> bool {
        use std::os::unix::fs::MetadataExt;
        if self.checked.elapsed() < GATHER_TIME {
            return true;
        }
        self.checked = Instant::now();
        self.file.metadata().is_ok_and(|data| data.nlink() > 0)
    }
}

/// The body of the thread that writes gathered hits.
fn write_gathered() {
    loop {
        thread::sleep(GATHER_TIME);
        if !write_all() {
            let mut gathering = lock(&GATHERING);
            if gathering.journals.is_empty() {
                gathering.thread_runs = false;
                return;
            }
        }
    }
}

/// Writes what all journals gathered; whether there was anything.
fn write_all() -> bool {
    let journals = std::mem::take(&mut lock(&GATHERING).journals);
    for journal in journals.iter().filter_map(Weak::upgrade) {
        journal.lock().write(&journal.store);
    }
    !journals.is_empty()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

thread_local! {
    static EXIT: AtExit = const { AtExit };
}

/// Writes what was gathered when its thread ends.
struct AtExit;

impl Drop for AtExit {
    fn drop(&mut self) {
        write_all();
    }
}
