//! Whoever removes entries is killed at any system call: what is left is
//! whole, and the next finishes.
//!
//! The short form is a sample; `MEMO_FAULTS=full` does all of it.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use memo_runtime::Memo;
use memo_tests::Scene;

const KEEPER: &str = env!("CARGO_BIN_EXE_keeper");
const HOUR: Duration = Duration::from_secs(3600);

/// A call of the system: its name, and which one of that name it is, from 1.
type SystemCall = (String, usize);

/// The entries of a store, relative to it, with their contents.
type Entries = BTreeMap<PathBuf, Vec<u8>>;

fn is_possible() -> bool {
    let possible = Command::new("strace").arg("--version").output().is_ok();
    if !possible {
        assert!(std::env::var_os("CI").is_none(), "strace is missing");
        eprintln!("skipped: strace is missing: run tests/setup.sh");
    }
    possible
}

fn call_all(memo: &Memo) {
    for n in 0..6_u64 {
        let value = memo.call("value").arg("n", &n).get_or_compute(|| n + 1);
        assert_eq!(value, n + 1);
        let word = memo.call("word").arg("n", &n).ttl(HOUR * 1000);
        assert_eq!(
            word.get_or_compute(|| "x".repeat(n as usize)).len() as u64,
            n
        );
    }
}

/// A store with results of two functions, used long ago, and with what a
/// killed process left.
fn template() -> Scene {
    let scene = Scene::new();
    call_all(&scene.memo().build());
    let store = scene.store();
    fs::write(store.join("tmp/0123456789abcdef"), b"unfinished").unwrap();
    fs::write(store.join("flights").join("0".repeat(64)), b"").unwrap();
    scene.entries().iter().for_each(|entry| make_old(entry));
    scene.litter().iter().for_each(|left| make_old(left));
    // Nothing is to be known of recent uses.
    fs::remove_dir_all(store.join("journal")).unwrap();
    scene
}

fn make_old(path: &Path) {
    let long_ago = SystemTime::now() - 48 * HOUR;
    File::open(path).unwrap().set_modified(long_ago).unwrap();
}

/// Another scene in the state of the template.
fn copy(template: &Scene) -> Scene {
    let scene = Scene::new();
    let copied = Command::new("cp")
        .arg("-a")
        .args([template.store(), scene.store()])
        .status();
    assert!(copied.unwrap().success());
    scene
}

fn entries(scene: &Scene) -> Entries {
    let relative = |path: &Path| path.strip_prefix(scene.store()).unwrap().to_owned();
    let entries = scene.entries().into_iter();
    entries
        .map(|path| (relative(&path), fs::read(&path).unwrap()))
        .collect()
}

fn keeper(scene: &Scene, words: &[&str]) -> Command {
    let mut command = Command::new(KEEPER);
    command.arg(scene.store()).args(words);
    command
}

/// Runs the keeper under strace: its exit code, if it was not killed, and the
/// trace.
fn traced(scene: &Scene, words: &[&str], options: &[&str]) -> (Option<i32>, String) {
    let output = scene.path().join("trace");
    let status = Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(&output)
        .args(options)
        .arg(KEEPER)
        .arg(scene.store())
        .args(words)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    (status.code(), fs::read_to_string(output).unwrap())
}

/// The system calls of a run in which nobody is killed, from the mark on.
fn calls(scene: &Scene, words: &[&str]) -> Vec<SystemCall> {
    let (code, text) = traced(scene, words, &[]);
    assert_eq!(code, Some(0), "{text}");
    let mut counts = HashMap::new();
    let mut marked = false;
    let mut found = Vec::new();
    for line in text.lines() {
        let (_thread, call) = line.split_once(' ').unwrap();
        let Some((name, _)) = call.trim_start().split_once('(') else {
            continue;
        };
        let count = counts.entry(name.to_owned()).or_insert(0);
        *count += 1;
        if line.contains("/memo-tests-mark") {
            marked = true;
        } else if marked && name != "exit_group" {
            found.push((name.to_owned(), *count));
        }
    }
    assert!(found.len() > 50, "nothing was traced: {text}");
    found
}

/// Every call, or some spread over all of them.
fn sample(calls: Vec<SystemCall>) -> Vec<SystemCall> {
    if std::env::var_os("MEMO_FAULTS").is_some_and(|set| set == "full") {
        return calls;
    }
    let step = calls.len().div_ceil(40);
    calls.into_iter().step_by(step).collect()
}

fn killed_anywhere(words: &[&str], left: usize) {
    if !is_possible() {
        return;
    }
    let template = template();
    let before = entries(&template);
    assert_eq!(before.len(), 12);
    let undisturbed = copy(&template);
    let calls = calls(&undisturbed, words);
    let expected = entries(&undisturbed);
    assert_eq!(expected.len(), left);
    let sample = sample(calls);
    eprintln!("{words:?}: killed at {} calls", sample.len());
    for (name, nth) in sample {
        let what = format!("{words:?} killed at {name} {nth}");
        let scene = copy(&template);
        let inject = format!("inject={name}:signal=KILL:when={nth}");
        let traced = traced(
            &scene,
            words,
            &["-e", &format!("trace={name}"), "-e", &inject],
        );
        assert_eq!(traced.0, None, "{what}: it was not: {}", traced.1);
        let after = entries(&scene);
        for (path, contents) in &after {
            assert_eq!(before.get(path), Some(contents), "{what}: {path:?}");
        }
        for path in expected.keys() {
            assert!(after.contains_key(path), "{what}: {path:?} is lost");
        }
        // What is being written is litter only after a while.
        scene.litter().iter().for_each(|left| make_old(left));
        let next = keeper(&scene, words).output().unwrap();
        assert!(next.status.success(), "{what}: the next: {next:?}");
        assert_eq!(entries(&scene), expected, "{what}: the next did not finish");
        assert_eq!(scene.litter(), Vec::<PathBuf>::new(), "{what}");
        call_all(&scene.memo().build());
    }
}

#[test]
fn a_killed_gc_leaves_a_sound_store_and_the_next_finishes() {
    killed_anywhere(&["gc", "5"], 5);
}

#[test]
fn a_killed_clear_leaves_a_sound_store_and_the_next_finishes() {
    killed_anywhere(&["clear"], 0);
}
