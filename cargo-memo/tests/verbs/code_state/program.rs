//! Whether runs of a workspace's programs belong to the code as it is.

use std::fs;

use memo_code::list::{Fact, FactKind};
use memo_code::model::TargetKind;
use memo_code::{Analysis, Disk, Memory, Surroundings};
use memo_runtime::Digest;
use memo_runtime::manage::CodeLevel;
use memo_runtime::run::ProgramCode;

use super::{Lab, Query, expect_states};
use crate::runs::{Run, bytes};

const PROGRAM: &str = "\
fn main() {
    println!(\"{}\", step(2.0));
}

fn step(lr: f64) -> f64 {
    lr / 2.0
}

#[allow(dead_code)]
fn unrelated() {}
";

impl Lab {
    /// A package with a library, and a program by the name of a function in
    /// it.
    fn with_program() -> Self {
        let lab = Self::new();
        lab.write("src/bin/train.rs", PROGRAM);
        lab
    }

    /// Puts one text in the place of another in the program.
    fn edit_program(&self, before: &str, after: &str) {
        let source = fs::read_to_string(self.dir().join("src/bin/train.rs")).unwrap();
        assert!(source.contains(before), "{source}");
        self.write("src/bin/train.rs", &source.replace(before, after));
    }

    /// Keeps a run of the program as it is now.
    fn run_program(&self) {
        let model = memo_build::model(&Query::new(self.dir().join("Cargo.toml"))).unwrap();
        let disk = Disk::new(self.dir());
        let surroundings = Surroundings {
            sources: &disk,
            generated: None,
            environment: None,
        };
        let mut targets = model.packages[0].targets.iter();
        let target = targets.position(|target| target.kind == TargetKind::Binary);
        let analysis = Analysis::new(
            &model,
            target.unwrap(),
            surroundings,
            &mut Memory::default(),
        );
        let mut fingerprint = analysis.program().fingerprint;
        fingerprint.add_facts([Fact {
            kind: FactKind::Condition,
            name: "the platform".to_owned(),
            value: "this one".to_owned(),
        }]);
        self.keep(ProgramCode::Source {
            level: CodeLevel::Graph,
            package_version: "0.0.0".to_owned(),
            fingerprint: Digest::from_bytes(fingerprint.digest),
            list: fingerprint.list.to_bytes().into(),
            conditions: Vec::new(),
        });
    }

    fn keep(&self, code: ProgramCode) {
        Run {
            code,
            ..Run::default()
        }
        .keep(&self.bench);
    }
}

#[test]
fn a_run_is_of_older_code_once_what_its_main_reaches_has_changed() {
    let lab = Lab::with_program();
    lab.run_program();
    expect_states(&lab, &["current"]);
    lab.edit_program("fn step", "/// A step.\nfn  step");
    lab.edit_program("unrelated() {}", "unrelated() { let _x = 1; }");
    expect_states(&lab, &["current"]);
    lab.edit_program("lr / 2.0", "lr / 3.0");
    expect_states(&lab, &["older"]);
    lab.run_program();
    expect_states(&lab, &["current", "older"]);
}

#[test]
fn a_program_that_is_no_more_is_gone_whatever_function_has_its_name() {
    let lab = Lab::with_program();
    lab.run_program();
    lab.train("graph", 0.1);
    expect_states(&lab, &["current", "current"]);
    fs::remove_file(lab.dir().join("src/bin/train.rs")).unwrap();
    expect_states(&lab, &["current", "gone"]);
    lab.write("src/bin/train.rs", PROGRAM);
    lab.edit("#[memo]\n", "");
    expect_states(&lab, &["gone", "current"]);
}

#[test]
fn a_program_and_its_library_may_be_crates_of_one_name() {
    let lab = Lab::new();
    lab.write("src/main.rs", "fn main() { lab::unrelated() }\n");
    lab.run_program();
    expect_states(&lab, &["current"]);
    lab.edit("unrelated() {}", "unrelated() { let _x = 1; }");
    expect_states(&lab, &["older"]);
    fs::remove_file(lab.dir().join("src/main.rs")).unwrap();
    expect_states(&lab, &["gone"]);
}

#[test]
fn of_a_program_that_counts_by_its_bytes_nothing_is_told() {
    let lab = Lab::with_program();
    lab.keep(bytes("train"));
    expect_states(&lab, &["-"]);
    let status = lab.run(&["status", "--format", "json"]).json();
    assert_eq!(
        status["functions"][0]["code_state"],
        serde_json::Value::Null
    );
    assert_eq!(status["advice"], serde_json::json!([]));
    fs::remove_file(lab.dir().join("src/bin/train.rs")).unwrap();
    expect_states(&lab, &["-"]);
}

#[test]
fn what_changed_in_a_program_is_told() {
    let lab = Lab::with_program();
    lab.run_program();
    lab.edit_program("lr / 2.0", "lr / 3.0");
    lab.run_program();
    lab.run(&["why"]).expect(
        0,
        snapbox::str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its code changed
  step src/bin/train.rs:5 changed - lr / 2.0
                                     + lr / 3.0
1 other item is the same. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1, layers=3)).

"#]],
        snapbox::str![],
    );
    assert_eq!(lab.run(&["clear", "--stale", "--yes"]).code, 0);
    expect_states(&lab, &["current"]);
}

#[test]
fn what_run_keeps_is_what_the_sources_are_compared_with() {
    let lab = Lab::new();
    lab.write(
        "src/lib.rs",
        "pub fn step(lr: f64) -> f64 {\n    lr / 2.0\n}\n",
    );
    lab.write(
        "src/bin/train.rs",
        "fn main() {\n    if cfg!(unix) {\n        println!(\"{} {}\", env!(\"CARGO_PKG_NAME\"), lab::step(2.0));\n    }\n}\n",
    );
    let run = lab.run(&["run", "--bin", "train"]);
    assert_eq!((&*run.stdout, run.code), ("lab 1\n", 0), "{}", run.stderr);
    expect_states(&lab, &["current"]);
    lab.edit("lr / 2.0", "lr / 4.0");
    expect_states(&lab, &["older"]);
}
