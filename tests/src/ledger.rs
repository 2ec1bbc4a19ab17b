//! Which computations were really carried out, and when.
//!
//! A computation writes down its beginning and its end, each with one write to a file that its
//! process alone appends to. Times are of `CLOCK_MONOTONIC`, which all processes share, so that
//! intervals of different processes can be compared. A killed process leaves beginnings without
//! an end.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Display;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use memo_runtime::Outcome;
use rustix::time::{ClockId, clock_gettime};

/// The variable that names the directory of the ledger.
pub const DIR: &str = "LEDGER_DIR";

/// One computation that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// What was computed.
    pub key: String,
    /// In which process.
    pub pid: u32,
    /// Whether it was begun by another computation, on the same thread.
    pub nested: bool,
    /// When it began, in nanoseconds.
    pub began: u64,
    /// When it ended; `None`: it panicked or its process was killed.
    pub ended: Option<u64>,
    /// The word for what came of the call, where the program wrote it down.
    pub outcome: Option<String>,
}

/// The present time of the clock that intervals are measured by, in nanoseconds.
pub fn now() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// Carries out a computation of `key` and writes it down.
///
/// # Panics
///
/// When the ledger cannot be written, and as `compute` does.
pub fn computation<R>(key: impl Display, compute: impl FnOnce() -> R) -> R {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let id = COUNT.fetch_add(1, Ordering::Relaxed);
    let depth = Depth::deeper();
    write(format_args!(
        "began\t{id}\t{key}\t{}\t{}",
        u8::from(depth.0 > 0),
        now()
    ));
    let result = compute();
    write(format_args!("ended\t{id}\t{}", now()));
    LAST.set(id);
    result
}

/// Writes down what came of the call whose computation was the last to end on this thread.
///
/// # Panics
///
/// When the ledger cannot be written.
pub fn outcome(outcome: Outcome) {
    write(format_args!("outcome\t{}\t{outcome}", LAST.get()));
}

struct Depth(u32);

impl Depth {
    fn deeper() -> Self {
        let depth = Self(DEPTH.get());
        DEPTH.set(depth.0 + 1);
        depth
    }
}

impl Drop for Depth {
    fn drop(&mut self) {
        DEPTH.set(self.0);
    }
}

fn write(line: impl Display) {
    static FILE: OnceLock<File> = OnceLock::new();
    let mut file = FILE.get_or_init(|| {
        let dir = std::env::var_os(DIR).expect("a scene started this program");
        let name = format!("{}-{}", std::process::id(), now());
        File::create_new(Path::new(&dir).join(name)).unwrap()
    });
    file.write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// All computations in the ledger, in the order of their beginning.
pub(crate) fn read(dir: &Path) -> Vec<Execution> {
    let mut executions = Vec::new();
    for file in fs::read_dir(dir).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        let pid = name.split('-').next().unwrap().parse().unwrap();
        executions.extend(read_process(pid, &fs::read_to_string(file.path()).unwrap()));
    }
    executions.sort_by_key(|execution| execution.began);
    executions
}

fn read_process(pid: u32, text: &str) -> impl Iterator<Item = Execution> {
    let mut executions = HashMap::new();
    for line in text.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            ["began", id, key, nested, began] => {
                let execution = Execution {
                    key: key.to_owned(),
                    pid,
                    nested: nested == "1",
                    began: began.parse().unwrap(),
                    ended: None,
                    outcome: None,
                };
                executions.insert(id, execution);
            }
            ["ended", id, ended] => {
                executions.get_mut(id).unwrap().ended = Some(ended.parse().unwrap());
            }
            ["outcome", id, word] => {
                executions.get_mut(id).unwrap().outcome = Some(word.to_owned());
            }
            _ => panic!("not a line of a ledger: {line:?}"),
        }
    }
    executions.into_values()
}
