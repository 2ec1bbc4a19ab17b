//! Runs the worker program under a watchdog, as some user, within some limits.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use std::os::unix::process::{CommandExt, ExitStatusExt};

/// A worker that takes longer is stuck.
const STUCK: Duration = Duration::from_secs(10);

/// No worker needs more memory, in KiB, whatever it finds in the store.
const MUCH: u64 = 64 << 10;

/// The user that owns nothing.
pub(crate) const NOBODY: u32 = 65534;

/// What came of a run of the worker.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
    /// What it did, a line a call: `computed 7`, `found 7`.
    pub(crate) did: Vec<String>,
    /// What it said on stderr: the events at `warn` and worse.
    pub(crate) said: Vec<String>,
    /// The peak of its memory, in KiB.
    pub(crate) peak: u64,
}

impl Run {
    /// Runs `command` to its end.
    ///
    /// # Panics
    ///
    /// When it is stuck; then it is killed, with all that it started.
    pub(crate) fn of(mut command: Command, what: &str) -> Self {
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let group = rustix::process::Pid::from_child(&child);
        let (end, ended) = mpsc::channel();
        std::thread::spawn(move || end.send(child.wait_with_output()));
        match ended.recv_timeout(STUCK) {
            Ok(output) => Self::read(&output.unwrap()),
            Err(_) => {
                rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap();
                panic!("{what}: stuck for {STUCK:?}");
            }
        }
    }

    fn read(output: &Output) -> Self {
        let lines = |bytes| {
            String::from_utf8_lossy(bytes)
                .lines()
                .map(str::to_owned)
                .collect()
        };
        let mut did: Vec<String> = lines(&output.stdout);
        let peak = did.pop_if(|line| line.starts_with("peak "));
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            did,
            said: lines(&output.stderr),
            peak: peak.and_then(|line| line[5..].parse().ok()).unwrap_or(0),
        }
    }

    /// Expects every value to have been right, and memory to have been bounded.
    #[track_caller]
    pub(crate) fn right(self, what: &str) -> Self {
        assert_eq!(
            (self.code, self.signal),
            (Some(0), None),
            "{what}: {self:?}"
        );
        assert!(
            0 < self.peak && self.peak < MUCH,
            "{what}: {} KiB of memory",
            self.peak
        );
        self
    }

    /// Expects calls to have gone as `did` says: `computed 1`.
    #[track_caller]
    pub(crate) fn did(self, what: &str, did: &[&str]) -> Self {
        let run = self.right(what);
        assert_eq!(run.did, did, "{what}: {run:?}");
        run
    }

    /// Expects nothing to have been said.
    #[track_caller]
    pub(crate) fn silently(self, what: &str) -> Self {
        assert!(self.said.is_empty(), "{what}: {self:?}");
        self
    }

    /// Expects exactly one warning, with `words` in it.
    #[track_caller]
    pub(crate) fn warned_once(self, what: &str, words: &str) -> Self {
        let [said] = &self.said[..] else {
            panic!("{what}: not one warning: {self:?}")
        };
        assert!(said.contains(words), "{what}: no `{words}` in `{said}`");
        self
    }
}

/// The worker on `store`, to be run by this process's user.
pub(crate) fn worker(store: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trouble_worker"));
    prepare(&mut command, store);
    command.arg(store);
    command
}

/// Clears what would change a worker's behaviour and sets what tests want.
pub(crate) fn prepare(command: &mut Command, store: &Path) {
    for name in ["MEMO", "MEMO_DIR", "MEMO_FSYNC", "MEMO_SHARE", "MEMO_WAIT"] {
        command.env_remove(name);
    }
    command
        .env("MEMO_LOG", "warn")
        .current_dir(store.parent().unwrap());
}

/// Runs the worker on `store`.
pub(crate) fn run(store: &Path, steps: &[&str]) -> Run {
    let mut command = worker(store);
    command.args(steps);
    Run::of(command, &format!("{steps:?} on {}", store.display()))
}
