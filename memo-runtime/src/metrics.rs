//! Numbers that a program attaches to its run.
//!
//! A program that is run as a call finds the name of a file in
//! `MEMO_METRICS`, and appends a frame ([`crate::frame`]) for each number. Each
//! is one write to a file open for appending, so that any number of threads
//! and processes may tell numbers at once.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::OnceLock;

use crate::header::Metric;
use crate::{config, frame};

/// No name is longer, in bytes.
const NAME_MAX: usize = 200;
/// There are no more names in a run.
const MOST: usize = 1000;

/// Attaches a number to the running experiment: to the record of its run, if
/// it was started by `cargo memo run` or `cargo memo sweep`, and otherwise to
/// nothing. The last value of a name counts.
///
/// ```
/// memo_runtime::metric("loss", 0.31);
/// ```
///
/// A run has up to 1000 names, of up to 200 bytes; what is beyond that is
/// passed over.
pub fn metric(name: &str, value: f64) {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    let open = || {
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o600);
        options.open(config::metrics()?).ok()
    };
    let Some(mut file) = FILE.get_or_init(open).as_ref() else {
        return;
    };
    let mut bytes = Vec::with_capacity(64);
    if name.len() <= NAME_MAX && frame::append(&(name, value), &mut bytes) {
        let _ = file.write(&bytes);
    }
}

/// The metrics in a file that [`metric`] wrote: the last value of each name,
/// in the order in which the names first appeared. There are none if the file
/// cannot be read.
pub fn read_metrics(path: &Path) -> Vec<Metric> {
    let mut metrics: Vec<Metric> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let Ok(mut file) = File::open(path) else {
        return metrics;
    };
    let mut bytes = Vec::new();
    while let Ok(1..) = Read::take(&mut file, 1 << 20).read_to_end(&mut bytes) {
        let done = frame::each(&bytes, |(name, value): (String, f64)| {
            match known.get(&name) {
                Some(&at) => metrics[at].value = value,
                None if metrics.len() < MOST && name.len() <= NAME_MAX => {
                    known.insert(name.clone(), metrics.len());
                    metrics.push(Metric { name, value });
                }
                None => {}
            }
        });
        bytes.drain(..done);
    }
    metrics
}
