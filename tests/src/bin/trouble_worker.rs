//! A program that uses a store step by step, for tests that make trouble for
//! it: `trouble_worker STORE STEP…`, a step being a word or `word=number`
//! (`word=key:size` for a call).
//!
//! It checks every value itself, tells what it did in one line per call on
//! stdout, and last its peak of memory. What must hold: it starts no thread
//! unless told to, so that system calls can be counted, and its answer goes
//! out by `writev`, which the library never uses, so that calls can be made
//! to fail without cutting off the answer.
//!
//! `run=key:size` is a run of a program that prints, `leave=key:size` one that
//! also leaves a file.
//!
//! Exit codes: 0 all values were right, 3 one was wrong, 2 bad usage.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, IoSlice};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Barrier;

use memo_runtime::__private::{
    Code, Function, Inputs, KeepAny, Reached, Returned, Site, Workspace, call as call_of,
};
use memo_runtime::{Call, Memo};

#[path = "trouble_worker/program.rs"]
mod program;

/// The path that is looked at to mark a place in a trace of system calls.
const MARK: &str = "/memo-tests-mark";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(store) = arguments.next() else {
        return ExitCode::from(2);
    };
    // Opened at once: later there may be no open files left.
    let status = File::open("/proc/self/status");
    let mut worker = Worker {
        memo: Memo::builder(Path::new(&store)).build(),
        right: true,
        answer: String::new(),
    };
    for step in arguments {
        if !worker.step(&step) {
            return ExitCode::from(2);
        }
    }
    worker.tell("peak", &peak_memory(status));
    let _ = rustix::io::writev(io::stdout(), &[IoSlice::new(worker.answer.as_bytes())]);
    ExitCode::from(if worker.right { 0 } else { 3 })
}

struct Worker {
    memo: Memo,
    right: bool,
    answer: String,
}

impl Worker {
    /// Does what `step` says; whether that is known.
    fn step(&mut self, step: &str) -> bool {
        let (word, operand) = step.split_once('=').unwrap_or((step, ""));
        let (key, size) = operand.split_once(':').unwrap_or((operand, "0"));
        let (Ok(key), Ok(size)) = (number(key), number(size)) else {
            return false;
        };
        match word {
            "get" => self.call(key, size, |call| Some(call.get())),
            "refresh" => self.call(key, size, |call| Some(call.refresh())),
            "cached" => self.call(key, size, |call| call.cached()),
            "insert" => self.call(key, size, |call| {
                call.insert(value(key, size));
                None
            }),
            "forget" => self.call(key, size, |call| {
                call.forget();
                None
            }),
            "coded" => self.coded(key, size),
            "run" => self.run(key, size, 0),
            "leave" => self.run(key, size, size),
            "die" => {
                call(&self.memo, key, size).get_or_compute(die::<Vec<u8>>);
            }
            "open-files" => limit_open_files(key),
            "threads" => self.crowd(key),
            "mark" => {
                let _ = std::fs::symlink_metadata(MARK);
            }
            _ => return false,
        }
        true
    }

    fn call(
        &mut self,
        key: u64,
        size: u64,
        make: impl FnOnce(Call<Vec<u8>, &dyn Fn() -> Vec<u8>>) -> Option<Vec<u8>>,
    ) {
        let computed = Cell::new(false);
        let compute = || {
            computed.set(true);
            value(key, size)
        };
        let got = make(call(&self.memo, key, size).computing(&compute as &dyn Fn() -> Vec<u8>));
        let word = match (&got, computed.get()) {
            (None, _) => "nothing",
            (Some(_), true) => "computed",
            (Some(_), false) => "found",
        };
        self.right &= got.is_none_or(|got| got == value(key, size));
        self.tell(word, &key.to_string());
    }

    /// Calls a function whose code the store is to keep.
    fn coded(&mut self, key: u64, size: u64) {
        static SITE: Site = Site::new(Function {
            package: env!("CARGO_PKG_NAME"),
            package_version: env!("CARGO_PKG_VERSION"),
            binary: None,
            manifest_dir: env!("CARGO_MANIFEST_DIR"),
            name: Some("coded"),
            ordinal: 0,
            version: 1,
            code: Code::Graph(Reached {
                fingerprint: "6d656d6f6d656d6f6d656d6f6d656d6f6d656d6f6d656d6f6d656d6f6d656d6f",
                conditions: &[("unix", true)],
                types: None,
                list: b"what the function can reach",
            }),
            ttl: None,
            codec: None,
            compress: None,
            memory: true,
            workspace: Some(Workspace {
                root: "..",
                settings: &[],
            }),
        });
        let mut inputs = Inputs::new(&SITE, "coded::Here", "coded::{{closure}}");
        inputs.store(&self.memo);
        inputs.arg::<(), _>("key", &key);
        let computed = Cell::new(false);
        let got = call_of(inputs, Returned::<Vec<u8>>::new().keeping(), || {
            computed.set(true);
            value(key, size)
        });
        self.right &= got.get() == value(key, size);
        let word = if computed.get() { "computed" } else { "found" };
        self.tell(word, &key.to_string());
    }

    /// A run of a program that prints so many bytes to both streams in turn,
    /// and leaves a file of so many.
    fn run(&mut self, key: u64, size: u64, left: u64) {
        let (right, word) = program::run(&self.memo, key, size, left);
        self.right &= right;
        self.tell(word, &key.to_string());
    }

    /// Calls from `count` threads at once, each with a key of its own.
    fn crowd(&mut self, count: u64) {
        let start = Barrier::new(count as usize);
        let memo = &self.memo;
        let right = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..count)
                .map(|key| {
                    let start = &start;
                    scope.spawn(move || {
                        start.wait();
                        call(memo, key, 100).get_or_compute(|| value(key, 100)) == value(key, 100)
                    })
                })
                .collect();
            threads
                .into_iter()
                .all(|thread| thread.join().is_ok_and(|right| right))
        });
        self.right &= right;
        self.tell("threads", &count.to_string());
    }

    fn tell(&mut self, word: &str, about: &str) {
        self.answer.push_str(&[word, " ", about, "\n"].concat());
    }
}

fn call(memo: &Memo, key: u64, size: u64) -> memo_runtime::CallBuilder {
    memo.call("value")
        .version(1)
        .arg("key", &key)
        .arg("size", &size)
}

/// The right value of a call: `size` bytes that depend on `key`.
fn value(key: u64, size: u64) -> Vec<u8> {
    let mut state = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..size)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .collect()
}

fn number(text: &str) -> Result<u64, std::num::ParseIntError> {
    if text.is_empty() { Ok(0) } else { text.parse() }
}

fn die<T>() -> T {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}

/// Leaves room for `count` more open files and no others.
fn limit_open_files(count: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let open = std::fs::read_dir("/proc/self/fd").map_or(8, Iterator::count) as u64;
    let limit = Some(open - 1 + count);
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit,
            maximum: limit,
        },
    );
}

/// The most memory that the process has had in use, in KiB.
fn peak_memory(status: io::Result<File>) -> String {
    let status = status.and_then(io::read_to_string).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("0")
        .trim()
        .trim_end_matches(" kB")
        .to_owned()
}
