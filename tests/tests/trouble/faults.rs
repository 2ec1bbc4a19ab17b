//! A worker that is killed at any system call, and one whose system calls fail.
//!
//! The short form is a sample; `MEMO_FAULTS=full cargo test -p memo-tests --test trouble` does all
//! of it, in some minutes.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use super::copies::{files, plant};
use super::trace::{Errand, SystemCall, calls, failing_at, is_possible, killed_at};
use crate::tree::{Tree, tree};
use crate::worker::run;

/// Something that the worker does on a store in which other things are kept.
struct Operation {
    name: &'static str,
    /// What happened in the store before.
    before: &'static [&'static str],
    damaged: bool,
    old: bool,
    errand: Errand<'static>,
    /// The call that it is about.
    about: &'static str,
}

const OPERATIONS: [Operation; 13] = [
    operation("first use", &[], &["mark", "get=3:300"]),
    operation(
        "store",
        &["get=1:300", "get=2:9000"],
        &["mark", "get=3:300"],
    ),
    Operation {
        errand: Errand {
            steps: &["mark", "get=3:200000"],
            environment: &[("MEMO_FSYNC", "always")],
        },
        about: "get=3:200000",
        ..operation("durable store", &["get=1:300", "get=2:9000"], &[])
    },
    operation("hit", &["get=3:300", "get=2:9000"], &["mark", "get=3:300"]),
    Operation {
        old: true,
        ..operation(
            "hit of an old entry",
            &["get=3:300"],
            &["mark", "get=3:300"],
        )
    },
    operation(
        "takeover",
        &["get=1:300", "get=2:9000", "die=3:300"],
        &["mark", "get=3:300"],
    ),
    Operation {
        damaged: true,
        ..operation(
            "healing",
            &["get=3:300", "get=2:9000"],
            &["mark", "get=3:300"],
        )
    },
    operation(
        "refresh",
        &["get=3:300", "get=2:9000"],
        &["mark", "refresh=3:300"],
    ),
    operation(
        "insert, forget",
        &["get=1:300"],
        &["mark", "insert=3:300", "forget=3:300", "get=3:300"],
    ),
    Operation {
        about: "run=3:300",
        ..operation("run", &["run=1:300", "get=2:9000"], &["mark", "run=3:300"])
    },
    Operation {
        errand: Errand {
            steps: &["mark", "run=3:200000"],
            environment: &[("MEMO_FSYNC", "always")],
        },
        about: "run=3:200000",
        ..operation("durable run", &["run=1:300", "run=2:90000"], &[])
    },
    Operation {
        about: "run=3:200000",
        ..operation(
            "hit of a run",
            &["run=3:200000", "get=2:9000"],
            &["mark", "run=3:200000"],
        )
    },
    Operation {
        damaged: true,
        about: "run=3:200000",
        ..operation(
            "healing of a run",
            &["run=3:200000", "get=2:9000"],
            &["mark", "run=3:200000"],
        )
    },
];

const fn operation(
    name: &'static str,
    before: &'static [&'static str],
    steps: &'static [&'static str],
) -> Operation {
    let errand = Errand {
        steps,
        environment: &[],
    };
    Operation {
        name,
        before,
        damaged: false,
        old: false,
        errand,
        about: "get=3:300",
    }
}

/// An operation and the store that it begins with.
struct Scene {
    operation: &'static Operation,
    template: PathBuf,
    start: Tree,
    /// The entry that it is about, relative to the store.
    entry: PathBuf,
    calls: Vec<SystemCall>,
}

impl Scene {
    fn new(operation: &'static Operation, dir: &Path) -> Self {
        let template = dir.join(operation.name.replace([' ', ','], "-"));
        for step in operation.before {
            run(&template, &[step]);
        }
        let mut scene = Self {
            operation,
            template,
            start: Tree::new(),
            entry: only_entry(&dir.join("probe"), operation.about),
            calls: Vec::new(),
        };
        if scene.template.exists() {
            scene.start = tree(&scene.template);
        }
        if operation.damaged {
            let entry = scene.template.join(&scene.entry);
            scene.start.get_mut(&entry).unwrap().2[200] ^= 1;
        }
        let store = dir.join("traced").join("store");
        scene.set(&store);
        scene.calls = calls(&store, operation.errand);
        fs::remove_dir_all(store.parent().unwrap()).unwrap();
        scene
    }

    /// Puts the store in its first state to `store`.
    fn set(&self, store: &Path) {
        fs::create_dir_all(store.parent().unwrap()).unwrap();
        plant(&self.start, &self.template, store);
        if self.operation.old {
            for (path, _) in files(&tree(store), &store.join("entries")) {
                let long_ago = SystemTime::now() - Duration::from_secs(48 * 3600);
                fs::File::open(path)
                    .unwrap()
                    .set_modified(long_ago)
                    .unwrap();
            }
        }
    }

    /// What is wrong with the store after trouble.
    fn wrong_after(&self, store: &Path) -> Result<(), String> {
        let about = self.operation.about;
        let next = run(store, &[about, about]);
        if next.code != Some(0) {
            return Err(format!("the next process: {next:?}"));
        }
        let was_damaged =
            self.operation.damaged && next.said.iter().all(|said| said.contains("aside"));
        if !next.said.is_empty() && !was_damaged {
            return Err(format!("the next process met trouble: {next:?}"));
        }
        if next.did[1] != "found 3" {
            return Err(format!("not healed: {next:?}"));
        }
        let now = tree(store);
        for (path, bytes) in files(&self.start, &self.template.join("entries")) {
            let relative = path.strip_prefix(&self.template).unwrap();
            let there = now.get(&store.join(relative));
            // The entry that it is about may be another; the calls have checked its value.
            if relative != self.entry && there.is_none_or(|(.., now)| now != bytes) {
                return Err(format!(
                    "an earlier entry was lost or changed: {}",
                    relative.display()
                ));
            }
        }
        Ok(())
    }
}

/// Where the entry of the call `about` is in any store. `store` is made for that and removed.
fn only_entry(store: &Path, about: &str) -> PathBuf {
    run(store, &[about]);
    let tree = tree(store);
    let entries = store.join("entries");
    let mut found = files(&tree, &entries).filter(|(path, _)| !path.ends_with("function"));
    let (entry, _) = found.next().unwrap();
    fs::remove_dir_all(store).unwrap();
    entry.strip_prefix(store).unwrap().to_owned()
}

/// A case of trouble: which call of an operation, and what happens to it.
#[derive(Clone, Copy, Debug)]
struct Case {
    scene: usize,
    call: usize,
    trouble: Trouble,
}

#[derive(Clone, Copy, Debug)]
enum Trouble {
    Kill,
    Once(&'static str),
    FromThenOn(&'static str),
}

const ERRORS: [&str; 10] = [
    "EIO", "ENOSPC", "EDQUOT", "EINTR", "EMFILE", "EACCES", "EROFS", "EXDEV", "ENOLCK", "ESTALE",
];

/// The calls that have to do with files; all others fail only with the machine.
fn is_of_files(name: &str) -> bool {
    let parts = [
        "open", "read", "write", "stat", "mkdir", "rename", "unlink", "link", "truncate", "sync",
        "flock", "getdents", "close", "seek", "utime", "getcwd", "fcntl", "chmod", "access",
    ];
    parts.iter().any(|part| name.contains(part))
}

/// The cases of all scenes that `wanted` says, in an order that depends on nothing.
fn cases(scenes: &[Scene], wanted: impl Fn(&SystemCall) -> Vec<Trouble>) -> Vec<Case> {
    let mut cases = Vec::new();
    for (at, scene) in scenes.iter().enumerate() {
        for (call, system_call) in scene.calls.iter().enumerate() {
            let troubles = wanted(system_call).into_iter();
            cases.extend(troubles.map(|trouble| Case {
                scene: at,
                call,
                trouble,
            }));
        }
    }
    cases
}

/// A sample of `count` of `cases`, the same each time, or all of them if they were asked for.
fn sample(mut cases: Vec<Case>, count: usize) -> Vec<Case> {
    if std::env::var_os("MEMO_FAULTS").is_some_and(|set| set == "full") {
        return cases;
    }
    let mut state = 0x5EED_u64;
    for at in (1..cases.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        cases.swap(at, (state >> 33) as usize % (at + 1));
    }
    cases.truncate(count);
    cases
}

/// Makes the trouble of each case and tells what came out wrong.
fn judge(cases: &[Case], scenes: &[Scene], dir: &Path) {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let work = || {
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let scene = &scenes[case.scene];
            let temp = tempfile::tempdir_in(dir).unwrap();
            let store = temp.path().join("store");
            scene.set(&store);
            let suffered = catch_unwind(AssertUnwindSafe(|| suffers(scene, case, &store)));
            let suffered =
                suffered.unwrap_or_else(|_| Err("stuck, or nothing was injected".to_owned()));
            if let Err(error) = suffered {
                let call = &scene.calls[case.call];
                let what = format!(
                    "{}, {} {}, {:?}: {error}\n    {}",
                    scene.operation.name, call.name, call.nth, case.trouble, call.line
                );
                wrong.lock().unwrap().push(what);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    eprintln!("{} cases, {} wrong", cases.len(), wrong.len());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

fn suffers(scene: &Scene, case: &Case, store: &Path) -> Result<(), String> {
    let call = &scene.calls[case.call];
    let errand = scene.operation.errand;
    let failed = match case.trouble {
        Trouble::Kill => {
            killed_at(store, errand, call)?;
            None
        }
        Trouble::Once(error) => Some(failing_at(store, errand, call, error, false)),
        Trouble::FromThenOn(error) => Some(failing_at(store, errand, call, error, true)),
    };
    if let Some(run) = failed {
        if run.code != Some(0) || run.did.len() != errand.steps.len() - 1 {
            return Err(format!("the caller: {run:?}"));
        }
        let mut said = run.said.clone();
        said.sort();
        said.dedup();
        if said.len() < run.said.len() {
            return Err(format!("told twice: {run:?}"));
        }
    }
    scene.wrong_after(store)
}

fn scenes(dir: &Path) -> Vec<Scene> {
    OPERATIONS
        .iter()
        .map(|operation| Scene::new(operation, dir))
        .collect()
}

#[test]
fn killed_at_any_system_call_a_worker_leaves_a_store_that_serves() {
    if !is_possible("killed at any system call a worker leaves a store that serves") {
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let scenes = scenes(temp.path());
    let cases = cases(&scenes, |call| match call.name.as_str() {
        // It does not return, and what comes next is the end.
        "exit_group" => Vec::new(),
        _ => vec![Trouble::Kill],
    });
    judge(&sample(cases, 120), &scenes, temp.path());
}

#[test]
fn whichever_system_call_fails_the_value_is_right_and_the_store_serves() {
    if !is_possible("whichever system call fails the value is right and the store serves") {
        return;
    }
    let temp = tempfile::tempdir().unwrap();
    let scenes = scenes(temp.path());
    let cases = cases(&scenes, |call| {
        if !is_of_files(&call.name) || call.name == "writev" {
            return Vec::new();
        }
        let once = ERRORS.iter().map(|error| Trouble::Once(error));
        // Whoever is interrupted tries again; a signal at every try for ever is no trouble there is.
        let from_then_on = ERRORS
            .iter()
            .filter(|error| **error != "EINTR")
            .map(|error| Trouble::FromThenOn(error));
        once.chain(from_then_on).collect()
    });
    judge(&sample(cases, 240), &scenes, temp.path());
}
