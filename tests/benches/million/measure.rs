//! How long a process takes, and how much memory.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a process needed.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) took: Duration,
    /// The most memory that it had at once, in bytes.
    pub(crate) memory: u64,
}

/// Runs a command to its end, which must be a good one.
pub(crate) fn measure(command: &mut Command) -> Measured {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::null()).spawn().expect("a process");
    let status = format!("/proc/{}/status", child.id());
    // The system tells no more of it once it has ended.
    let watching = thread::spawn(move || {
        let mut memory = 0;
        while let Some(peak) = peak(&status) {
            memory = peak.max(memory);
            thread::sleep(Duration::from_millis(5));
        }
        memory
    });
    let ended = child.wait().expect("an end");
    let took = start.elapsed();
    assert!(ended.success(), "{command:?}: {ended}");
    let memory = watching.join().expect("a peak");
    Measured { took, memory }
}

fn peak(status: &str) -> Option<u64> {
    let status = fs::read_to_string(status).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

/// The run of median length.
pub(crate) fn median(mut measured: Vec<Measured>) -> Measured {
    measured.sort_by_key(|one| one.took);
    measured.swap_remove(measured.len() / 2)
}
