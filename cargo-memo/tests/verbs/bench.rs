//! A store in a temporary directory, with a clock that stands still, and
//! `cargo-memo` to be run on it.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use memo_runtime::manage::Execution;
use memo_runtime::{Clock, Memo};
use snapbox::IntoData;
use tempfile::TempDir;

use crate::redact::redacted;
use crate::schema;

/// 2024-03-01T12:00:00Z, in nanoseconds.
const NOON: u64 = 1_709_294_400_000_000_000;

/// A place to keep results in, and to look at them.
pub(crate) struct Bench {
    temp: TempDir,
    pub(crate) clock: Clock,
}

/// What a run of the binary came to.
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
    store: PathBuf,
}

impl Bench {
    /// A bench without a store.
    pub(crate) fn new() -> Self {
        Self {
            temp: tempfile::tempdir().unwrap(),
            clock: Clock::manual(NOON),
        }
    }

    /// A bench with three results of two functions, one of them found twice.
    pub(crate) fn filled() -> Self {
        let bench = Self::new();
        bench.train(0.1, 3);
        bench.clock.advance(Duration::from_secs(60));
        bench.train(0.2, 3);
        bench.clock.advance(Duration::from_secs(60));
        bench.fill(|memo| {
            for _ in 0..3 {
                memo.call("lab::score")
                    .arg("name", "é, \"x\"")
                    .get_or_compute(|| vec![0_u8; 2000]);
            }
        });
        bench
    }

    /// Where the store is, or would be.
    pub(crate) fn store(&self) -> PathBuf {
        self.temp.path().join("store")
    }

    /// A path next to the store.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// Keeps the result of a training.
    pub(crate) fn train(&self, lr: f64, layers: u32) {
        self.fill(|memo| {
            memo.call("lab::train")
                .arg("lr", &lr)
                .arg("layers", &layers)
                .get_or_compute(|| lr);
        });
    }

    /// Lets `work` use the store, and then puts what only the file system
    /// knows, the time of last use, to the time of the clock.
    pub(crate) fn fill(&self, work: impl FnOnce(&Memo)) {
        let before = self.entries();
        let memo = Memo::builder(self.store())
            .clock(self.clock.clone())
            .open()
            .unwrap();
        work(&memo);
        memo.finish_upkeep();
        drop(memo);
        let now = UNIX_EPOCH + Duration::from_nanos(self.clock.now());
        for entry in self
            .entries()
            .iter()
            .filter(|entry| !before.contains(entry))
        {
            File::options()
                .write(true)
                .open(entry)
                .unwrap()
                .set_modified(now)
                .unwrap();
        }
    }

    /// Writes to the journal, as a program does that is not at hand.
    pub(crate) fn record(&self, execution: &Execution) {
        let body = bincode::serde::encode_to_vec(execution, bincode::config::standard()).unwrap();
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        let sum = blake3::hash(&[&length[..], &body].concat());
        let frame = [b"\xF1mr\n", &length[..], &sum.as_bytes()[..8], &body].concat();
        let log = self.store().join("journal/log");
        let mut log = File::options().append(true).open(log).unwrap();
        log.write_all(&frame).unwrap();
    }

    /// The files of all entries, in order.
    pub(crate) fn entries(&self) -> Vec<PathBuf> {
        let below = |dir: PathBuf| fs::read_dir(dir).into_iter().flatten().flatten();
        let functions = below(self.store().join("entries"));
        let fans = functions.flat_map(|function| below(function.path()));
        let entries = fans
            .flat_map(|fan| below(fan.path()))
            .map(|entry| entry.path());
        let mut entries: Vec<PathBuf> = entries.collect();
        entries.sort();
        entries
    }

    /// `cargo-memo` with these arguments, on no store in particular, in an
    /// environment that says nothing.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-memo"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MEMO") {
                command.env_remove(name);
            }
        }
        for name in [
            "CARGO_TARGET_DIR",
            "CARGO_TERM_COLOR",
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "COLUMNS",
        ] {
            command.env_remove(name);
        }
        command
            .env("TZ", "UTC")
            .current_dir(self.temp.path())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// Runs `cargo-memo` with these arguments on the store.
    pub(crate) fn memo(&self, arguments: &[&str]) -> Run {
        let of_a_program = arguments.iter().position(|argument| *argument == "--");
        let (own, others) = arguments.split_at(of_a_program.unwrap_or(arguments.len()));
        let mut command = self.command(own);
        command.arg("--store").arg(self.store()).args(others);
        self.run(command)
    }

    /// Runs a command. If it answers with a document, its form is checked.
    pub(crate) fn run(&self, mut command: Command) -> Run {
        let output = command.output().unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        schema::check(&stdout);
        Run {
            stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: output.status.code().expect("it ends by itself"),
            store: self.store(),
        }
    }

    /// The IDs that `list` shows, in its order.
    pub(crate) fn ids(&self, arguments: &[&str]) -> Vec<String> {
        let listed = self.memo(&[&["list"], arguments].concat()).stdout;
        let id = |line: &str| line.split(' ').next().unwrap().to_owned();
        listed.lines().skip(1).map(id).collect()
    }
}

/// Expects a text, exactly.
#[track_caller]
pub(crate) fn expect_text(actual: &str, expected: impl IntoData) {
    snapbox::Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .normalize_paths(false)
        .eq(actual, expected);
}

impl Run {
    /// Expects this exit code, and this on both streams. What differs from
    /// run to run is put in brackets first.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, stdout: impl IntoData, stderr: impl IntoData) {
        expect_text(&redacted(&self.stdout, &self.store), stdout);
        expect_text(&redacted(&self.stderr, &self.store), stderr);
        assert_eq!(self.code, code, "{}{}", self.stdout, self.stderr);
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap()
    }
}
