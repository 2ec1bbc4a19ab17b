//! Whether results belong to the code as it is: `status`, `list` and `show`
//! in a workspace.

mod program;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use memo_build::Query;
use memo_code::{Analysis, Disk, Level, Memory, Surroundings};
use snapbox::str;

use crate::bench::{Bench, Run};
use crate::function::Train;

const SOURCE: &str = "\
use memo_runtime::memo;

#[memo]
pub fn train(lr: f64) -> f64 {
    step(lr)
}

fn step(lr: f64) -> f64 {
    lr / 2.0
}

pub fn unrelated() {}
";

/// A workspace of one package, and a store.
struct Lab {
    bench: Bench,
}

impl Lab {
    fn new() -> Self {
        let lab = Self {
            bench: Bench::new(),
        };
        lab.write("src/lib.rs", SOURCE);
        lab.manifest("lab", "");
        lab
    }

    /// The package by this name, with these sections in its manifest.
    fn manifest(&self, name: &str, sections: &str) {
        let package = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        self.write("Cargo.toml", &(package + sections));
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["generate-lockfile", "--offline", "--quiet"]);
        let status = cargo.current_dir(self.dir()).status();
        assert!(status.unwrap().success());
    }

    fn dir(&self) -> PathBuf {
        self.bench.beside("lab")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.dir().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Puts one text in the place of another in the sources.
    fn edit(&self, before: &str, after: &str) {
        let source = fs::read_to_string(self.dir().join("src/lib.rs")).unwrap();
        assert!(source.contains(before), "{source}");
        self.write("src/lib.rs", &source.replace(before, after));
    }

    /// Keeps a result of the function `train` as it is now.
    fn train(&self, level: &'static str, lr: f64) {
        let model = memo_build::model(&Query::new(self.dir().join("Cargo.toml"))).unwrap();
        let disk = Disk::new(self.dir());
        let surroundings = Surroundings {
            sources: &disk,
            generated: None,
            environment: None,
        };
        let analysis = Analysis::new(&model, 0, surroundings, &mut Memory::default());
        let memoized = analysis.memoized().remove(0);
        let reached = match level {
            "crate" => Level::Crate,
            _ => Level::Graph,
        };
        let list = analysis.fingerprint(memoized.id, reached, false).list;
        let train = Train::of(level, list, memoized.tokens);
        self.bench.clock.advance(Duration::from_secs(60));
        self.bench.fill(|memo| train.call(memo, lr, lr));
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.bench.command(arguments);
        command
            .current_dir(self.dir())
            .arg("--store")
            .arg(self.bench.store());
        self.bench.run(command)
    }

    /// The states that `list` shows, of the newest result first.
    fn states(&self) -> Vec<Option<String>> {
        let run = self.run(&["list", "--format", "json"]);
        assert_eq!((&*run.stderr, run.code), ("", 0));
        let document = run.json();
        let entries = document["entries"].as_array().unwrap().iter();
        entries
            .map(|one| one["code_state"].as_str().map(str::to_owned))
            .collect()
    }
}

#[track_caller]
fn expect_states(lab: &Lab, expected: &[&str]) {
    let states = lab.states().into_iter();
    let states: Vec<String> = states
        .map(|state| state.unwrap_or_else(|| "-".to_owned()))
        .collect();
    assert_eq!(states, expected);
}

#[test]
fn a_result_is_of_older_code_once_what_it_reaches_has_changed() {
    let lab = Lab::new();
    lab.train("graph", 0.1);
    expect_states(&lab, &["current"]);
    lab.edit("fn step", "// A step.\nfn  step");
    lab.edit("unrelated() {}", "unrelated() { let x = 1; }");
    expect_states(&lab, &["current"]);
    lab.edit("lr / 2.0", "lr / 3.0");
    expect_states(&lab, &["older"]);
    lab.train("graph", 0.1);
    expect_states(&lab, &["current", "older"]);
    lab.edit("lr / 3.0", "lr / 2.0");
    expect_states(&lab, &["older", "current"]);
    lab.edit("#[memo]\n", "");
    expect_states(&lab, &["gone", "gone"]);
}

#[test]
fn each_level_has_its_own_measure() {
    let lab = Lab::new();
    for (level, lr) in [
        ("none", 0.1),
        ("function", 0.2),
        ("graph", 0.3),
        ("crate", 0.4),
    ] {
        lab.train(level, lr);
    }
    expect_states(&lab, &["current"; 4]);
    lab.edit("unrelated() {}", "unrelated() { let x = 1; }");
    expect_states(&lab, &["older", "current", "current", "current"]);
    lab.edit("lr / 2.0", "lr / 3.0");
    expect_states(&lab, &["older", "older", "current", "current"]);
    lab.edit("step(lr)", "step(lr + 1.0)");
    expect_states(&lab, &["older", "older", "older", "current"]);
    lab.edit("pub fn train", "pub fn training");
    expect_states(&lab, &["gone"; 4]);
}

#[test]
fn a_raised_version_leaves_results_behind() {
    let lab = Lab::new();
    lab.train("graph", 0.1);
    lab.edit("#[memo]", "#[memo(version = 0)]");
    expect_states(&lab, &["current"]);
    lab.edit("version = 0", "version = 1_0");
    expect_states(&lab, &["older"]);
}

#[test]
fn tables_have_a_column_for_it() {
    let lab = Lab::new();
    lab.train("graph", 0.1);
    lab.edit("lr / 2.0", "lr / 3.0");
    lab.run(&["list"]).expect(
        0,
        str![[r#"
ID function arguments size took code created last used
[ID] train lr=0.1 [SIZE] [TOOK] older 2024-03-01 2024-03-01

"#]],
        str![],
    );
    lab.run(&["status"]).expect(
        0,
        str![[r#"
store [STORE]
size [SIZE] in 1 entry of 1 function
limits under 1 % of 10.0 GB on disk
saved nothing yet; computing took [TOOK]

function entries size hits misses computed saved code last used
train 1 [SIZE] 0 1 [TOOK] [TOOK] older 2024-03-01

"#]],
        str![],
    );
    assert!(
        lab.run(&["show", &id(&lab)])
            .stdout
            .contains("\ncode         graph, older\n")
    );
    let rows = lab.run(&["list", "--format", "csv"]).stdout;
    assert!(rows.contains(",valid,older,"), "{rows}");
}

fn id(lab: &Lab) -> String {
    let run = lab.run(&["list", "--format", "json"]);
    run.json()["entries"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_function_is_as_current_as_the_best_of_its_last_results() {
    let lab = Lab::new();
    let state =
        || lab.run(&["status", "--format", "json"]).json()["functions"][0]["code_state"].clone();
    lab.train("graph", 0.1);
    assert_eq!(state(), "current");
    lab.edit("lr / 2.0", "lr / 3.0");
    assert_eq!(state(), "older");
    lab.train("graph", 0.1);
    assert_eq!(state(), "current");
    let status = lab.run(&["status"]);
    assert!(status.stdout.contains("partly older"), "{}", status.stdout);
    assert_eq!(status.stderr, "");
    lab.edit("fn train", "fn training");
    assert_eq!(state(), "gone");
    let note = lab.run(&["status"]).stderr;
    assert!(
        note.contains("results of 1 function whose code is gone, "),
        "{note}"
    );
    assert!(note.contains("`cargo memo clear --code gone`"), "{note}");
}

#[test]
fn a_package_without_its_build_script_is_told_what_it_misses() {
    let lab = Lab::new();
    lab.train("function", 0.1);
    let note = "note: of functions in lab only their own code is part of the key: add \
                `memo_build::fingerprint();` to `build.rs`, and what they call is as well\n";
    assert_eq!(lab.run(&["status"]).stderr, note);
    assert_eq!(lab.run(&["-q"]).stderr, "");
    assert_eq!(lab.run(&["list"]).stderr, "");

    let manifest = "[package]\nname = \"memo-build\"\nedition = \"2024\"\n";
    lab.write("memo-build/Cargo.toml", manifest);
    lab.write("memo-build/src/lib.rs", "");
    lab.write("build.rs", "fn main() {}");
    let build = "[build-dependencies]\nmemo-build.path = \"memo-build\"\n";
    lab.manifest("lab", build);
    assert_eq!(lab.run(&["status"]).stderr, "");

    lab.manifest("lab", "");
    lab.edit("#[memo]", "#[memo(code = \"function\")]");
    assert_eq!(lab.run(&["status"]).stderr, "", "it is what was asked for");
}

#[test]
fn without_a_workspace_nothing_is_told_and_nothing_said() {
    let lab = Lab::new();
    lab.train("graph", 0.1);
    for verb in ["status", "list"] {
        let run = lab.bench.memo(&[verb]);
        assert_eq!((&*run.stderr, run.code), ("", 0));
        assert!(!run.stdout.contains("code"), "{}", run.stdout);
    }
    let document = lab.bench.memo(&["list", "--format", "json"]).json();
    assert_eq!(
        document["entries"][0]["code_state"],
        serde_json::Value::Null
    );
}

#[test]
fn a_package_that_is_not_in_the_workspace_may_be_anywhere() {
    let lab = Lab::new();
    lab.train("graph", 0.1);
    lab.manifest("other", "");
    expect_states(&lab, &["-"]);
}

#[test]
fn a_workspace_that_cannot_be_read_is_told_once_and_costs_the_states_only() {
    let lab = Lab::new();
    lab.train("graph", 0.1);
    lab.train("graph", 0.2);
    lab.write("Cargo.toml", "nonsense");
    for verb in ["status", "list"] {
        let run = lab.run(&[verb]);
        assert_eq!(run.code, 0);
        let warning = "warning: the settings of the workspace do not hold, and the state of its \
                       code is not told: ";
        assert_eq!(run.stderr.matches("warning: ").count(), 1, "{}", run.stderr);
        assert!(run.stderr.starts_with(warning), "{}", run.stderr);
        assert!(run.stdout.contains("train"), "{}", run.stdout);
    }
}

#[test]
fn a_function_in_a_program_is_sought_there() {
    let lab = Lab::new();
    fs::rename(lab.dir().join("src/lib.rs"), lab.dir().join("src/main.rs")).unwrap();
    lab.train("graph", 0.1);
    expect_states(&lab, &["current"]);
    let other = SOURCE.replace("lr / 2.0", "lr / 3.0");
    lab.write("src/lib.rs", &other);
    expect_states(&lab, &["current"]);
}

#[test]
fn a_result_whose_list_is_lost_is_not_judged() {
    let lab = Lab::new();
    lab.train("graph", 0.1);
    fs::remove_dir_all(lab.bench.store().join("code")).unwrap();
    expect_states(&lab, &["-"]);
}
