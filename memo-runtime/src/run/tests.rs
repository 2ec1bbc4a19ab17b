mod hostile;
mod keeping;
mod kept_files;
mod printing;
mod sharing;
mod tools;

use std::fs::File;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::config::Fsync;
use crate::journal::Outcome;
use crate::{Builder, Clock};

/// More than is held in memory.
const LARGE: usize = 100_000;

static NEVER: AtomicBool = AtomicBool::new(false);

/// A directory with a store that is opened when it is needed.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn store(&self) -> std::path::PathBuf {
        self.0.path().join("store")
    }

    fn builder(&self) -> Builder {
        Memo::builder(self.store())
            .mode(Mode::On)
            .fsync(Fsync::Never)
            .clock(Clock::manual(1_000_000_000_000_000_000))
    }

    fn memo(&self) -> Memo {
        self.builder().build()
    }

    fn vault(&self) -> Vault {
        Vault::open(&self.store(), crate::Share::None)
            .unwrap()
            .unwrap()
    }

    /// The entries in the store.
    fn entries(&self) -> Vec<Entry> {
        let vault = self.vault();
        let mut entries = Vec::new();
        for function in vault.functions().unwrap() {
            vault
                .each_entry(&function, |entry| entries.push(entry))
                .unwrap();
        }
        entries
    }

    /// Names in one of the store's directories.
    fn names(&self, dir: &str) -> Vec<String> {
        let listed = std::fs::read_dir(self.store().join(dir));
        let names = listed.into_iter().flatten().flatten();
        names
            .map(|file| file.file_name().into_string().unwrap())
            .collect()
    }

    /// Where programs run.
    fn work(&self) -> std::path::PathBuf {
        let work = self.0.path().join("work");
        std::fs::create_dir_all(&work).unwrap();
        work
    }
}

/// A run of `train` with one argument.
fn run_of(memo: &Memo, seed: u64) -> RunCall {
    builder_of(memo, seed).build()
}

fn builder_of(memo: &Memo, seed: u64) -> RunBuilder {
    let digest = crate::key::digest_of(&seed).unwrap();
    RunCall::builder(memo, "lab", "train")
        .code(ProgramCode::Bytes(Digest::from_bytes([7; 32])))
        .argument("seed", digest, &seed.to_string())
}

fn manner() -> Manner<'static> {
    Manner {
        refresh: false,
        wait: true,
        keep: true,
        outputs: None,
        cancelled: &NEVER,
        waits: &|_, _| (),
    }
}

fn refreshing() -> Manner<'static> {
    Manner {
        refresh: true,
        ..manner()
    }
}

#[track_caller]
fn computes(begun: Begun) -> Recorder {
    match begun {
        Begun::Compute(recorder) => recorder,
        other => panic!("it is to be computed: {other:?}"),
    }
}

#[track_caller]
fn found(begun: Begun) -> (Recording, Outcome) {
    match begun {
        Begun::Found(recording, outcome, _) => (recording, outcome),
        other => panic!("it is to be found: {other:?}"),
    }
}

fn facts(exit_code: i32) -> RunFacts {
    RunFacts {
        exit_code,
        metrics: vec![Metric {
            name: "loss".to_owned(),
            value: 0.25,
        }],
    }
}

/// Records a run that prints `text`.
fn record(call: &RunCall, text: &[u8]) -> Finished {
    let mut recorder = computes(call.begin(&manner()));
    recorder.write(Stream::Stdout, text);
    recorder.finish(facts(0), Duration::from_millis(5))
}

/// What was printed, with neighbours of one stream joined.
fn printed(recording: &Recording) -> Vec<(Stream, Vec<u8>)> {
    let mut printed: Vec<(Stream, Vec<u8>)> = Vec::new();
    recording
        .replay(|stream, bytes| {
            match printed.last_mut() {
                Some((last, text)) if *last == stream => text.extend_from_slice(bytes),
                _ => printed.push((stream, bytes.to_vec())),
            }
            Ok(())
        })
        .unwrap();
    printed
}

fn stdout(recording: &Recording) -> Vec<u8> {
    let mut printed = printed(recording);
    assert!(printed.len() <= 1, "{printed:?}");
    printed.pop().map_or_else(Vec::new, |(_, text)| text)
}

/// What a program leaves that runs in `dir`.
fn outputs_in<'a>(dir: &'a Path, declared: &'a [String]) -> Outputs<'a> {
    Outputs {
        dir,
        declared,
        goes_on: &|| true,
    }
}

/// Has the program leave these files in `dir`.
fn leave(recorder: &mut Recorder, dir: &Path, files: &[(&str, &[u8])]) {
    let mut declared = Vec::new();
    for (path, content) in files {
        std::fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
        std::fs::write(dir.join(path), content).unwrap();
        declared.push((*path).to_owned());
    }
    let outputs = outputs_in(dir, &declared);
    let collected = recorder.collect(&outputs, std::time::SystemTime::UNIX_EPOCH, Duration::ZERO);
    collected.unwrap();
}

fn is_empty(dir: &Path) -> bool {
    !dir.exists() || std::fs::read_dir(dir).unwrap().next().is_none()
}
