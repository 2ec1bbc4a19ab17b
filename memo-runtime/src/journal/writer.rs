//! Writing to the journal.
//!
//! Executions that computed something are written before the call returns.
//! Hits are gathered, at most for a second or 47 KiB, so that a hit does not
//! cost a system call, and those of one key become one record. What is
//! gathered is written by a thread that lives only while there is something to
//! write, and when a thread that made hits ends, the main thread of a program
//! included.

use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::compaction::relieve;
use super::record::{Execution, Outcome};
use crate::by_key::ByKey;
use crate::frame;
use crate::store::Store;
use crate::store::dir::Dir;
use crate::store::layout::{JOURNAL, JOURNAL_LOG};

/// What is written at once becomes longer than this by one record, which is at
/// most 16 KiB, and so stays within 64 KiB.
const AT_ONCE: usize = 47 << 10;
/// What a record takes beside its texts, at most.
const RECORD: usize = 160;
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
    hits: Hits,
    /// Records on their way to the disk.
    encoded: Vec<u8>,
    log: Option<Log>,
}

/// Hits that are not on their way to the disk yet.
#[derive(Debug, Default)]
struct Hits {
    /// One for each key, in which `took` is a sum.
    records: Vec<Execution>,
    /// Where the record of a key is.
    places: ByKey<usize>,
    /// How many bytes they take on disk, at most.
    bytes: usize,
}

#[derive(Debug)]
struct Log {
    dir: Dir,
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
        let is_first = state.hits.records.is_empty();
        let is_hit = execution.outcome == Outcome::Hit;
        if is_hit {
            state.hits.add(execution);
        } else {
            state.encode(execution);
        }
        if !is_hit || state.hits.bytes >= AT_ONCE {
            state.write(&self.store);
        } else if is_first {
            drop(state);
            self.write_later();
        }
        // A thread that is ending already writes no later than now.
        if EXIT.try_with(|_| ()).is_err() {
            write_all();
        }
    }

    /// Adds many records in large pieces; all are on disk when it returns.
    pub(crate) fn add_many<'a>(&self, executions: impl IntoIterator<Item = Execution<&'a str>>) {
        let mut state = self.lock();
        for execution in executions {
            state.encode(&execution);
            if state.encoded.len() >= AT_ONCE {
                state.write(&self.store);
            }
        }
        state.write(&self.store);
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
    /// Adds a record behind what was gathered before it.
    fn encode(&mut self, execution: &Execution<&str>) {
        self.encode_hits();
        frame::append(execution, &mut self.encoded);
    }

    fn encode_hits(&mut self) {
        for mut record in self.hits.take() {
            record.took /= record.count;
            frame::append(&record, &mut self.encoded);
        }
    }

    /// Writes what was gathered, as one piece. What cannot be written is
    /// dropped: keeping it would only let it grow.
    fn write(&mut self, store: &Store) {
        self.encode_hits();
        if self.encoded.is_empty() {
            return;
        }
        if !self.log.as_mut().is_some_and(Log::is_in_place) {
            self.log = Log::open(store).ok();
        }
        if let Some(log) = &mut self.log {
            let _ = log.file.write_all(&self.encoded);
        }
        self.encoded.clear();
    }
}

impl Hits {
    fn add(&mut self, hit: &Execution<&str>) {
        match self.places.entry(hit.key) {
            Entry::Occupied(place) => {
                let record = &mut self.records[*place.get()];
                record.time = record.time.max(hit.time);
                record.took = record.took.saturating_add(hit.took);
                record.count += 1;
            }
            Entry::Vacant(place) => {
                place.insert(self.records.len());
                self.bytes += RECORD + hit.host.len() + hit.package.len() + hit.function.len();
                self.records.push(hit.owned());
            }
        }
    }

    fn take(&mut self) -> Vec<Execution> {
        self.places.clear();
        self.bytes = 0;
        std::mem::take(&mut self.records)
    }
}

impl Log {
    fn open(store: &Store) -> io::Result<Self> {
        let dir = store.root().open_or_make_dir(JOURNAL)?;
        let file = dir.open_append(JOURNAL_LOG)?;
        Ok(Self {
            dir,
            file,
            checked: Instant::now(),
        })
    }

    /// Whether the file has been neither removed nor renamed, as far as was
    /// looked lately.
    fn is_in_place(&mut self) -> bool {
        if self.checked.elapsed() < GATHER_TIME {
            return true;
        }
        self.checked = Instant::now();
        self.dir
            .leads_to(JOURNAL_LOG, &self.file)
            .unwrap_or_default()
    }
}

/// The body of the thread that writes gathered hits.
fn write_gathered() {
    loop {
        thread::sleep(GATHER_TIME);
        let written = write_all();
        written.iter().for_each(|journal| relieve(&journal.store));
        if written.is_empty() {
            let mut gathering = lock(&GATHERING);
            if gathering.journals.is_empty() {
                gathering.thread_runs = false;
                return;
            }
        }
    }
}

/// Writes what all journals gathered; those that had gathered something.
fn write_all() -> Vec<Arc<Journal>> {
    let journals = std::mem::take(&mut lock(&GATHERING).journals);
    let mut written: Vec<Arc<Journal>> = journals.iter().filter_map(Weak::upgrade).collect();
    written.dedup_by(|one, other| Arc::ptr_eq(one, other));
    for journal in &written {
        journal.lock().write(&journal.store);
    }
    written
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Cause;
    use crate::key::Digest;

    #[test]
    fn a_log_that_was_renamed_is_left_for_the_new_one_when_it_is_looked_at() {
        let temp = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(&temp.path().join("store"), false).unwrap());
        let journal = Journal::new(&store);
        let names = || store.root().open_dir(JOURNAL).unwrap().list().unwrap();
        let record = Execution {
            time: 1,
            pid: 1,
            host: "host",
            package: "package",
            function: "function",
            key: Digest::from_bytes([7; 32]),
            outcome: Outcome::Computed,
            cause: Cause::Absent,
            took: 1,
            computing: 1,
            bytes: 1,
            count: 1,
        };
        journal.add(&record);
        let dir = store.root().open_dir(JOURNAL).unwrap();
        dir.rename(JOURNAL_LOG, &dir, "log.1").unwrap();
        journal.add(&record);
        assert_eq!(names(), ["log.1"], "it is looked at once a second");
        if let Some(log) = &mut journal.lock().log {
            log.checked = log.checked.checked_sub(GATHER_TIME).unwrap();
        }
        journal.add(&record);
        assert_eq!(names().len(), 2);
    }
}
