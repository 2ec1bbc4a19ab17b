//! An experiment made by `cargo memo new`, in a temporary directory, with memo from this checkout.
//!
//! All experiments share one target directory, so that dependencies are compiled once; they must
//! have different names therefore. It is also that of the tests of fingerprints, which have the same
//! dependencies.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use memo_tests::Scene;
use serde_json::Value;

/// A point of a sweep.
#[derive(Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) outcome: String,
    pub(crate) loss: Option<f64>,
}

/// An experiment, and a store.
pub(crate) struct Experiment {
    scene: Scene,
    name: &'static str,
}

impl Experiment {
    /// Makes an experiment in an empty directory.
    pub(crate) fn new(name: &'static str) -> Self {
        let experiment = Self {
            scene: Scene::new(),
            name,
        };
        let mut command = experiment.scene.command(cargo_memo());
        command
            .args(["memo", "new", name, "--path"])
            .arg(repository())
            .current_dir(experiment.scene.path());
        succeed(&mut command);
        // The versions that are here already: nothing is asked of a registry.
        let lock = repository().join("Cargo.lock");
        fs::copy(lock, experiment.path("Cargo.lock")).unwrap();
        experiment
    }

    /// Builds it, and runs its own tests.
    pub(crate) fn test(&self) {
        succeed(&mut self.cargo("test"));
    }

    /// Builds it and runs it with these arguments. What it prints of its result.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        succeed(&mut self.cargo("build"));
        learned(&succeed(self.program().args(arguments)))
    }

    /// Builds it and runs it where nothing may be computed. The function that would have to be, in
    /// its package, if one would.
    pub(crate) fn misses(&self, arguments: &[&str]) -> Option<String> {
        succeed(&mut self.cargo("build"));
        let mut command = self.program();
        let output = command.args(arguments).env("MEMO", "offline").output();
        let output = output.unwrap();
        if output.status.success() {
            return None;
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        let (_, missed) = errors.split_once("the result of ").expect(&errors);
        let (function, _) = missed.split_once('(').expect(&errors);
        let (_package, function) = function.split_once("::").expect(&errors);
        Some(function.to_owned())
    }

    /// Sweeps over these values, with `MEMO` as it is said. What came of each point.
    pub(crate) fn sweep(&self, memo: &str, values: &[&str], arguments: &[&str]) -> Vec<Point> {
        let mut command = self.building(cargo_memo());
        command
            .args(["memo", "sweep", "--format", "json", "--bin", self.name])
            .args(values)
            .arg("--")
            .args(arguments)
            .env("MEMO", memo);
        let output = command.output().unwrap();
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        let points = document["points"].as_array().unwrap().iter();
        let point = |point: &Value| Point {
            outcome: point["outcome"].as_str().unwrap().to_owned(),
            loss: point["metrics"]["loss"].as_f64(),
        };
        points.map(point).collect()
    }

    /// Replaces the one occurrence of `from` in a file.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        fs::write(self.path(path), text.replace(from, to)).unwrap();
    }

    fn cargo(&self, verb: &str) -> Command {
        let mut command = self.building(env!("CARGO"));
        command.args([verb, "--quiet"]);
        command
    }

    /// A program that builds the experiment, or lets cargo do so.
    fn building(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.scene.command(program);
        command
            .current_dir(self.path(""))
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TARGET_DIR", target())
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTC_WORKSPACE_WRAPPER")
            .env_remove("RUSTFLAGS");
        command
    }

    fn program(&self) -> Command {
        let mut command = self.scene.command(target().join("debug").join(self.name));
        command.current_dir(self.path(""));
        command
    }

    fn path(&self, path: &str) -> PathBuf {
        self.scene.path().join(self.name).join(path)
    }
}

/// What a run printed, but for its first lines, which tell how its results were come by.
fn learned(output: &Output) -> String {
    let printed = String::from_utf8_lossy(&output.stdout);
    let (_, learned) = printed.split_once("\n\n").expect(&printed);
    learned.to_owned()
}

#[track_caller]
fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?} failed\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Where the sources of memo are.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What all experiments share, and keep from one run of the tests to the next.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fingerprints/target")
}

/// The `cargo-memo` of this workspace, as it is now.
fn cargo_memo() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["build", "--offline", "--quiet", "-p", "cargo-memo"])
            .args(["--message-format", "json-render-diagnostics"])
            .current_dir(repository());
        let output = succeed(&mut command);
        let lines = output.stdout.split(|byte| *byte == b'\n');
        let mut messages = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        let executable = messages.find_map(|message| {
            let is_it = message["target"]["name"] == "cargo-memo";
            let executable = message["executable"].as_str().filter(|_| is_it)?;
            Some(PathBuf::from(executable))
        });
        executable.expect("cargo-memo builds")
    })
}
