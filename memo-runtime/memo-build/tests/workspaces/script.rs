//! Real build scripts in real packages.

use std::fs;
use std::path::{Path, PathBuf};

use memo_code::Model;
use memo_code::model::{MODEL_FILE, TROUBLES_FILE};

use crate::project::{Project, cargo, contains, files_below};

/// A package with this build script and a dependency, and a target directory that keeps what others have compiled.
fn package(name: &str, build_script: &str) -> Project {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2021\"\nrust-version = \"1.60\"\n[workspace]\n\
         [features]\ndefault = [\"x\"]\nx = []\n\
         [dependencies]\n{name}-helper = {{ path = \"helper\" }}\n\
         [build-dependencies]\nmemo-build = {{ path = {:?} }}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    let helper = format!("[package]\nname = \"{name}-helper\"\n");
    let project = Project::new(&[("Cargo.toml", &manifest), ("helper/Cargo.toml", &helper)]);
    project.write("src/main.rs", "fn main() {}");
    project.write("build.rs", build_script);
    // Versions that are there already, where this is a workspace.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    if let Ok(lock) = fs::read_to_string(lock) {
        project.write("Cargo.lock", &lock);
    }
    project
}

/// Compiles, and returns what cargo said.
fn build(project: &Project) -> String {
    let output = cargo()
        .args(["build", "--offline", "--verbose", "--color", "never"])
        .env("CARGO_TARGET_DIR", target_dir())
        .current_dir(project.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("scripts")
}

/// The directory of the one run of the package's build script.
fn run_dir(name: &str) -> PathBuf {
    let entries = fs::read_dir(target_dir().join("debug/build")).unwrap();
    let entries = entries.map(|entry| entry.unwrap().path());
    let mut runs = entries.filter(|path| {
        let dir = path.file_name().unwrap().to_str().unwrap();
        let is_of_package = dir.rsplit_once('-').is_some_and(|it| it.0 == name);
        is_of_package && path.join("out").is_dir()
    });
    let run = runs.next().unwrap();
    assert_eq!(runs.next(), None);
    run
}

fn remove_traces(name: &str) {
    for parent in ["build", ".fingerprint"] {
        let entries = fs::read_dir(target_dir().join("debug").join(parent));
        for path in entries.into_iter().flatten().map(|it| it.unwrap().path()) {
            let dir = path.file_name().unwrap().to_str().unwrap();
            if dir.starts_with(name) {
                fs::remove_dir_all(path).unwrap();
            }
        }
    }
}

const RAN: &str = "build-script-build`";

#[test]
fn a_build_script_leaves_a_model_and_runs_only_when_it_has_to() {
    let name = "experiment-with-script";
    remove_traces(name);
    let script = "fn main() { memo_build::fingerprint(); }";
    let project = package(name, script);
    let said = build(&project);
    assert!(said.contains(RAN), "{said}");
    assert!(!said.contains("warning: memo"), "{said}");

    let run = run_dir(name);
    let model_file = run.join("out").join(MODEL_FILE);
    let bytes = fs::read(&model_file).unwrap();
    let model = Model::from_bytes(&bytes).unwrap();
    assert_eq!(model.trouble, None);
    assert_eq!(model.packages[0].features, ["default", "x"]);
    assert_eq!(model, project.model(""));
    for file in files_below(&run.join("out")) {
        let content = fs::read(&file).unwrap();
        let place = project.path("");
        assert!(!contains(&content, place.to_str().unwrap()), "{file:?}");
    }
    let output = fs::read_to_string(run.join("output")).unwrap();
    for file in ["Cargo.toml", "helper/Cargo.toml", "Cargo.lock", "build.rs"] {
        let watched = format!("cargo:rerun-if-changed={file}");
        assert!(output.lines().any(|line| line == watched), "{output}");
    }

    let said = build(&project);
    assert!(said.contains(&format!("Fresh {name} v")), "{said}");

    project.write("src/main.rs", "fn main() { }");
    let said = build(&project);
    assert!(
        said.contains("--crate-type bin") && !said.contains(RAN),
        "{said}"
    );
    assert!(!said.contains("--crate-type lib"), "{said}");

    let written = fs::metadata(&model_file).unwrap().modified().unwrap();
    project.write("build.rs", &format!("{script} // again"));
    let said = build(&project);
    assert!(said.contains(RAN), "{said}");
    assert_eq!(
        fs::metadata(&model_file).unwrap().modified().unwrap(),
        written
    );
    assert_eq!(fs::read_to_string(run.join("output")).unwrap(), output);

    project.write("src/bin/another.rs", "fn main() {}");
    project.write("build.rs", &format!("{script} // once more"));
    build(&project);
    assert_eq!(
        Model::from_bytes(&fs::read(&model_file).unwrap()),
        Some(project.model(""))
    );
    remove_traces(name);
}

#[test]
fn cargo_is_asked_only_about_what_has_changed_and_may_fail() {
    let name = "experiment-without-cargo";
    remove_traces(name);
    let script = "fn main() {\n    \
                  if std::path::Path::new(\"hidden\").exists() {\n        \
                  std::env::set_var(\"CARGO\", \"no-such-cargo\");\n    \
                  }\n    \
                  memo_build::fingerprint();\n\
                  }";
    let project = package(name, script);
    build(&project);
    let model_file = run_dir(name).join("out").join(MODEL_FILE);
    let model = || Model::from_bytes(&fs::read(&model_file).unwrap()).unwrap();
    let first = model();
    assert_eq!(first.trouble, None);

    project.write("hidden", "");
    project.write("build.rs", &format!("{script} // again"));
    let said = build(&project);
    assert!(said.contains(RAN) && !said.contains("memo: "), "{said}");
    assert_eq!(model(), first);

    let manifest = fs::read_to_string(project.path("Cargo.toml")).unwrap();
    project.write("Cargo.toml", &format!("{manifest}# changed"));
    let said = build(&project);
    let warning = "memo: a change of any dependency counts, because `cargo metadata` failed";
    assert!(said.contains(RAN) && said.contains(warning), "{said}");
    let coarse = model();
    assert!(coarse.trouble.is_some() && coarse.lock_digest.is_some());
    assert_eq!(coarse.packages[0].targets, first.packages[0].targets);
    assert!(build(&project).contains(&format!("Fresh {name} v")));
    remove_traces(name);
}

#[test]
fn sources_that_cannot_be_parsed_are_warned_of_but_not_without_end() {
    let name = "experiment-with-broken-sources";
    remove_traces(name);
    let project = package(name, "fn main() { memo_build::fingerprint(); }");
    let mut library = String::new();
    for number in 0..13 {
        library += &format!("#[cfg(any())]\nmod broken_{number};\n");
        project.write(&format!("src/broken_{number}.rs"), "fn (");
    }
    project.write("src/lib.rs", &library);
    let said = build(&project);
    let warnings: Vec<_> = said.lines().filter(|it| it.contains("memo: ")).collect();
    assert_eq!(warnings.len(), 11, "{said}");
    assert!(warnings[0].contains("src/broken_"), "{said}");
    assert!(warnings[10].contains("and 3 more"), "{said}");
    let told = run_dir(name).join("out").join(TROUBLES_FILE);
    assert_eq!(fs::read_to_string(told).unwrap().lines().count(), 13);
    remove_traces(name);
}

#[test]
fn outside_of_a_build_script_nothing_happens() {
    memo_build::fingerprint();
}
