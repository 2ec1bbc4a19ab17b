//! What a call costs beside the system calls that it cannot do without.
//!
//! `cargo bench -p memo-tests --bench calls` prints medians of interleaved
//! runs, each beside the raw operation on the same bytes in the same
//! directory layout, and the ratio. Run it on a quiet machine, and not within
//! five minutes of removing many files: for that long ext4 searches its way
//! past the inodes that have just become free, whoever creates a file.
//! `MEMO_BENCH_DIR` names a directory on another file system.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its results, and ends where it cannot have any"
)]

use std::fs::{self, File, OpenOptions};
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use memo_runtime::{call, memo};

const CALLS: u64 = 4_000;

#[memo]
fn small(number: u64, scale: f64) -> Vec<f64> {
    (0..8).map(|i| scale * (number + i) as f64).collect()
}

#[memo]
fn sum(values: &[u64]) -> u64 {
    values.iter().sum()
}

fn main() {
    // The nearest disk is the one that users keep results on: the target
    // directory's, and not a temporary directory in memory.
    let name = format!("calls-{}", std::process::id());
    let place = std::env::var_os("MEMO_BENCH_DIR");
    let dir = place
        .map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from)
        .join(name);
    // SAFETY: there is one thread yet.
    #[allow(unsafe_code, reason = "the store is named before the first call")]
    unsafe {
        std::env::set_var("MEMO_DIR", dir.join("store"));
    }
    println!("{:<34} {:>10} {:>10} {:>7}", "", "memo", "raw", "ratio");
    let sizes = misses(&dir);
    hits(&dir);
    repeated(&dir);
    arguments();
    println!("entries of {sizes} bytes, {CALLS} calls each; medians");
    let _ = fs::remove_dir_all(&dir);
}

/// The function's directory in the store.
fn function_dir(store: &Path) -> PathBuf {
    let mut dirs = fs::read_dir(store.join("entries"))
        .expect("a store")
        .flatten();
    let found = dirs.find(|dir| dir.file_name().to_string_lossy().contains("small"));
    found.expect("a function's directory").path()
}

fn entry_path(function: &Path, number: u64) -> PathBuf {
    let key = call!(small(number, 0.5)).key().expect("a key").to_hex();
    function.join(&key[..2]).join(&key[2..])
}

/// A miss, against writing the same bytes to a new file and renaming it.
fn misses(dir: &Path) -> u64 {
    let store = dir.join("store");
    for number in 0..2_000 {
        black_box(small(1_000_000 + number, 0.5));
    }
    let function = function_dir(&store);
    let raw = dir.join("raw");
    fs::create_dir_all(raw.join("tmp")).expect("a directory");
    for fan in 0..256 {
        fs::create_dir_all(raw.join(format!("entries/f/{fan:02x}"))).expect("a directory");
    }
    let bytes = fs::read(entry_path(&function, 1_000_000)).expect("an entry");
    let (mut memo, mut plain) = (Vec::new(), Vec::new());
    for number in 0..CALLS {
        let key = call!(small(number, 0.5)).key().expect("a key").to_hex();
        let began = Instant::now();
        let temporary = raw.join("tmp").join(&key);
        let target = raw.join("entries/f").join(&key[..2]).join(&key[2..]);
        {
            let create = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&temporary);
            create
                .and_then(|mut file| file.write_all(&bytes))
                .expect("a file");
        }
        fs::rename(&temporary, &target).expect("a file");
        plain.push(began.elapsed());

        let began = Instant::now();
        black_box(small(number, 0.5));
        memo.push(began.elapsed());
    }
    line("small miss / write + rename", memo, plain);
    bytes.len() as u64
}

/// A hit that is the first of its key in the process, against opening,
/// reading and closing the same file.
fn hits(dir: &Path) {
    let function = function_dir(&dir.join("store"));
    let (mut memo, mut plain) = (Vec::new(), Vec::new());
    let mut buffer = vec![0; 64 << 10];
    for number in 0..CALLS {
        let path = entry_path(&function, number);
        let began = Instant::now();
        let mut file = File::open(&path).expect("an entry");
        black_box(file.read(&mut buffer).expect("an entry"));
        drop(file);
        plain.push(began.elapsed());

        let began = Instant::now();
        black_box(small(number, 0.5));
        memo.push(began.elapsed());
    }
    line("small hit / open + read + close", memo, plain);
}

/// The same hit again and again.
fn repeated(dir: &Path) {
    let path = entry_path(&function_dir(&dir.join("store")), 0);
    let (mut memo, mut plain) = (Vec::new(), Vec::new());
    let mut buffer = vec![0; 64 << 10];
    for _ in 0..CALLS {
        let began = Instant::now();
        let mut file = File::open(&path).expect("an entry");
        black_box(file.read(&mut buffer).expect("an entry"));
        drop(file);
        plain.push(began.elapsed());
        let began = Instant::now();
        black_box(small(0, 0.5));
        memo.push(began.elapsed());
    }
    line("same small hit / open + read + close", memo, plain);
}

/// A hit of a call with a large argument, against BLAKE3 over its bytes.
fn arguments() {
    let values: Vec<u64> = (0..4 << 20).collect();
    let bytes: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    black_box(sum(&values));
    let (mut memo, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let began = Instant::now();
        black_box(blake3::hash(&bytes));
        plain.push(began.elapsed());
        let began = Instant::now();
        black_box(sum(&values));
        memo.push(began.elapsed());
    }
    line("hit of a 33 MB argument / BLAKE3", memo, plain);
}

fn line(name: &str, memo: Vec<Duration>, raw: Vec<Duration>) {
    let (memo, raw) = (median(memo), median(raw));
    let ratio = memo.as_secs_f64() / raw.as_secs_f64();
    println!(
        "{name:<34} {:>10} {:>10} {ratio:>7.2}",
        micros(memo),
        micros(raw)
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
