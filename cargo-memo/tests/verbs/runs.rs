//! Runs of programs, as the verbs show them.

mod list;
mod log;
mod name;
mod show;
mod why;

use std::fs;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use memo_runtime::Digest;
use memo_runtime::key::digest_of;
use memo_runtime::manage::Cause;
use memo_runtime::run::{
    Begun, Manner, Metric, Outputs, ProgramCode, Recorder, RunCall, RunFacts, Stream,
};
use snapbox::str;

use crate::bench::Bench;

/// A run of the program `train` of the package `lab`, as tests vary it.
#[derive(Clone)]
pub(crate) struct Run<'a> {
    pub(crate) program: (&'a str, &'a str),
    pub(crate) code: ProgramCode,
    pub(crate) arguments: &'a [(&'a str, &'a str)],
    pub(crate) exit_code: i32,
    pub(crate) metrics: &'a [(&'a str, f64)],
    pub(crate) prints: &'a [(Stream, &'a [u8])],
    /// Files that it leaves, and what is in them.
    pub(crate) outputs: &'a [(&'a str, &'a str)],
}

impl Default for Run<'_> {
    fn default() -> Self {
        Self {
            program: ("lab", "train"),
            code: bytes("first"),
            arguments: &[("lr", "0.1"), ("layers", "3")],
            exit_code: 0,
            metrics: &[],
            prints: &[],
            outputs: &[],
        }
    }
}

/// The code of a program that counts by its bytes.
pub(crate) fn bytes(program: &str) -> ProgramCode {
    ProgramCode::Bytes(digest_of(program).unwrap())
}

impl Run<'_> {
    /// Runs it, unless it is kept.
    pub(crate) fn keep(&self, bench: &Bench) {
        self.begin(bench, true, |recorder| {
            let metrics = self.metrics.iter().map(|(name, value)| Metric {
                name: (*name).to_owned(),
                value: *value,
            });
            let facts = RunFacts {
                exit_code: self.exit_code,
                metrics: metrics.collect(),
            };
            let finished = recorder.finish(facts, Duration::from_secs(2));
            assert!(finished.kept, "{:?}", finished.problem);
        });
    }

    /// Runs it to an end that is not kept.
    pub(crate) fn fail(&self, bench: &Bench, cause: Cause) {
        self.begin(bench, true, |recorder| {
            recorder.fail(cause, Duration::from_secs(2));
        });
    }

    /// Runs it again, to compare it with what is kept.
    pub(crate) fn check(&self, bench: &Bench) {
        self.begin(bench, false, |recorder| {
            let facts = RunFacts {
                exit_code: self.exit_code,
                metrics: Vec::new(),
            };
            assert!(!recorder.finish(facts, Duration::from_secs(2)).kept);
        });
    }

    fn begin(&self, bench: &Bench, keep: bool, end: impl FnOnce(Recorder)) {
        let digest = |text: &str| -> Digest { digest_of(text).unwrap() };
        bench.fill(|memo| {
            let (package, program) = self.program;
            let mut call = RunCall::builder(memo, package, program).code(self.code.clone());
            for (name, text) in self.arguments {
                call = call.argument(name, digest(text), text);
            }
            let begun = call.build().begin(&Manner {
                refresh: !keep,
                wait: true,
                keep,
                outputs: None,
                cancelled: &AtomicBool::new(false),
                waits: &|_, _| {},
            });
            let Begun::Compute(mut recorder) = begun else {
                return;
            };
            for (stream, bytes) in self.prints {
                recorder.write(*stream, bytes);
            }
            let dir = bench.beside("work");
            for (path, content) in self.outputs {
                fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
                fs::write(dir.join(path), content).unwrap();
            }
            let declared = self.outputs.iter().map(|(path, _)| (*path).to_owned());
            let outputs = Outputs {
                dir: &dir,
                declared: &declared.collect::<Vec<_>>(),
                goes_on: &|| true,
            };
            let since = SystemTime::UNIX_EPOCH;
            recorder
                .collect(&outputs, since, Duration::from_secs(2))
                .unwrap();
            end(recorder);
        });
        bench.clock.advance(Duration::from_secs(60));
    }
}

/// A store with three runs that have metrics.
pub(crate) fn trained() -> Bench {
    let bench = Bench::new();
    for (lr, loss, accuracy) in [
        ("0.1", 0.31, 0.9),
        ("0.01", 1.0 / 3.0, 0.95),
        ("0.5", f64::NAN, 0.1),
    ] {
        Run {
            arguments: &[("lr", lr), ("layers", "3")],
            metrics: &[("loss", loss), ("accuracy", accuracy)],
            ..Run::default()
        }
        .keep(&bench);
    }
    bench
}

/// A store with a run that printed to both streams, and left files.
fn printed() -> Bench {
    let bench = Bench::new();
    Run {
        arguments: &[("lr", "0.1"), ("input data/a.csv", "1.2 kB, 12345678")],
        metrics: &[("loss", 0.31)],
        prints: &[
            (Stream::Stdout, b"epoch 1\n"),
            (Stream::Stderr, b"slow\n"),
            (Stream::Stdout, b"loss=0.31"),
        ],
        outputs: &[("model.bin", "weights"), ("plots/loss.svg", "<svg/>")],
        ..Run::default()
    }
    .keep(&bench);
    bench
}

#[test]
fn a_status_counts_programs_and_functions_apart() {
    let bench = trained();
    bench.memo(&["status"]).expect(
        0,
        str![[r#"
store [STORE]
size [SIZE] in 3 entries of 1 program
limits under 1 % of 10.0 GB on disk
saved nothing yet; computing took [TOOK]

program entries size hits misses computed saved last used
train 3 [SIZE] 0 3 [TOOK] [TOOK] 2024-03-01

"#]],
        str![],
    );
    bench.train(0.1, 3);
    bench.memo(&["status"]).expect(
        0,
        str![[r#"
store [STORE]
size [SIZE] in 4 entries of 1 function and 1 program
limits under 1 % of 10.0 GB on disk
saved nothing yet; computing took [TOOK]

function or program entries size hits misses computed saved last used
lab::train 1 [SIZE] 0 1 [TOOK] [TOOK] 2024-03-01
lab/train 3 [SIZE] 0 3 [TOOK] [TOOK] 2024-03-01

"#]],
        str![],
    );
    let document = bench.memo(&["status", "--format", "json"]).json();
    let kinds = document["functions"].as_array().unwrap().iter();
    let kinds: Vec<_> = kinds
        .map(|one| {
            (
                one["function"].as_str().unwrap(),
                one["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(kinds, [("lab::train", "function"), ("train", "program")]);
}

#[test]
fn a_program_of_which_no_run_was_kept_is_counted_by_the_journal() {
    let bench = Bench::new();
    Run::default().fail(&bench, Cause::ExitCode);
    bench.memo(&["status"]).expect(0, str![[r#"
store [STORE]
size empty
limits 0 % of 10.0 GB on disk
saved nothing yet; computing took [TOOK]

function entries size hits misses errors computed saved last used
train 0 [SIZE] 0 0 1 [TOOK] [TOOK] 2024-03-01

"#]], str![[r#"
note: the store `[STORE]` is empty: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
    let document = bench.memo(&["status", "--format", "json"]).json();
    assert_eq!(document["functions"][0]["kind"], serde_json::Value::Null);
}

#[test]
fn what_can_go_wrong_with_the_entry_of_a_run_is_found() {
    let bench = printed();
    bench.memo(&["verify"]).expect(
        0,
        str![[r#"
checked 1 entry, [SIZE]: all whole

"#]],
        str![],
    );
    let entry = &bench.entries()[0];
    let mut bytes = fs::read(entry).unwrap();
    let last = bytes.len() - 70;
    bytes[last] ^= 1;
    fs::write(entry, bytes).unwrap();
    bench.memo(&["verify"]).expect(1, str![[r#"
ID function size problem
[ID] train [SIZE] its value does not match its digest

checked 1 entry, [SIZE]: 1 is damaged

"#]], str![[r#"
note: `cargo memo verify --repair` moves damaged entries out of the way; their values are computed again when they are wanted

"#]]);
    for wanted in ["--log", "--value"] {
        let run = bench.memo(&["show", "train", wanted]);
        assert_eq!((run.code, &*run.stdout), (1, ""));
        let why = "its value does not match its digest";
        assert!(run.stderr.contains(why), "{}", run.stderr);
    }
    assert_eq!(bench.memo(&["show", "train"]).code, 1);
}

#[test]
fn runs_are_cleared_like_results() {
    let bench = trained();
    bench
        .memo(&["clear", "train", "--where", "loss<0.32", "-n"])
        .expect(
            0,
            str![[r#"
function entries on disk computing
train 1 [SIZE] [TOOK]
would remove 1 entry ([SIZE] on disk, [TOOK] of computing)

"#]],
            str![],
        );
    bench.memo(&["clear", "train", "--yes"]).expect(
        0,
        str![[r#"
function entries on disk computing
train 3 [SIZE] [TOOK]
removed 3 entries, [SIZE] on disk

"#]],
        str![],
    );
    assert_eq!(bench.entries().len(), 0);
}
