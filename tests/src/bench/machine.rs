//! What a benchmark ran on.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Serialize;

/// The machine and what is installed on it.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// The processor's name.
    pub processor: String,
    /// How many threads run at once.
    pub cores: usize,
    /// The memory, in bytes.
    pub memory: u64,
    /// The kernel and its release.
    pub kernel: String,
    /// The file system that stores were on.
    pub file_system: String,
    /// When the kernel gives huge pages: `always`, `madvise` or `never`.
    pub huge_pages: String,
    /// How busy the machine was when the benchmark began: processes that ran, in the mean of a
    /// minute.
    pub load: f64,
    /// The compiler.
    pub rustc: String,
}

impl Machine {
    /// This machine, with stores in `dir`.
    pub fn here(dir: &Path) -> Self {
        Self {
            processor: processor(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: memory(),
            kernel: said(Command::new("uname").arg("-sr")),
            file_system: last_line(&said(Command::new("df").arg("--output=fstype").arg(dir))),
            huge_pages: huge_pages(),
            load: load(),
            rustc: said(Command::new("rustc").arg("--version")),
        }
    }

    /// The same for people, on two lines.
    pub fn describe(&self) -> String {
        format!(
            "{} cores of {}, {:.0} GB, {}, {}, huge pages: {}\n{}; load {:.2} at the beginning",
            self.cores,
            self.processor,
            self.memory as f64 / 1e9,
            self.kernel,
            self.file_system,
            self.huge_pages,
            self.rustc,
            self.load
        )
    }
}

const UNKNOWN: &str = "unknown";

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(':'));
    name.map_or(UNKNOWN, |(_, name)| name.trim()).to_owned()
}

fn memory() -> u64 {
    let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = text.split_whitespace().nth(1);
    kilobytes
        .and_then(|word| word.parse().ok())
        .unwrap_or(0_u64)
        << 10
}

fn huge_pages() -> String {
    let text = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
    let text = text.unwrap_or_default();
    let chosen = text.split(['[', ']']).nth(1);
    chosen.unwrap_or(UNKNOWN).to_owned()
}

fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split_whitespace().next();
    first.and_then(|word| word.parse().ok()).unwrap_or(f64::NAN)
}

fn said(command: &mut Command) -> String {
    let output = command.output();
    output.map_or_else(
        |_| UNKNOWN.to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or(UNKNOWN).trim().to_owned()
}
