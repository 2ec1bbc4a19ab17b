//! Binaries of a workspace, known by what their `main` can reach.

use std::fs;

use crate::bench::Run;
use crate::lab::Lab;

/// A package whose binary leaves marks as scripts do.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.write(
        "Cargo.toml",
        "[package]\nname = \"lab\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    let ran = lab.bench.beside("ran");
    lab.write(
        "src/main.rs",
        format!(
            "mod model;\n\nfn main() {{\n    let words: Vec<String> = std::env::args().skip(1).collect();\n    \
             let mut ran = std::fs::File::options().create(true).append(true).open({ran:?}).unwrap();\n    \
             std::io::Write::write_all(&mut ran, format!(\"{{words:?}}\\n\").as_bytes()).unwrap();\n    \
             println!(\"{{}}\", model::loss());\n}}\n"
        ),
    );
    lab.write("src/model.rs", MODEL);
    lab
}

const MODEL: &str = "pub fn loss() -> f64 {\n    0.5\n}\n\npub fn unused() -> u32 {\n    1\n}\n";

fn run(lab: &Lab, flags: &[&str]) -> Run {
    let run = lab.memo(&[&["run", "--bin", "lab"], flags, &["--", "--lr", "0.1"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

#[test]
fn what_main_reaches_counts_and_nothing_else() {
    let lab = lab();
    assert_eq!(run(&lab, &[]).stdout, "0.5\n");
    assert_eq!(run(&lab, &[]).stdout, "0.5\n");
    assert_eq!(lab.ran().len(), 1);
    lab.write("src/model.rs", format!("// A remark.\n{MODEL}"));
    assert_eq!(run(&lab, &[]).stdout, "0.5\n");
    lab.write("src/model.rs", MODEL.replace("    1\n", "    2\n"));
    assert_eq!(run(&lab, &[]).stdout, "0.5\n");
    assert_eq!(run(&lab, &["--release"]).stdout, "0.5\n");
    assert_eq!(lab.ran().len(), 1);
    lab.write("src/model.rs", MODEL.replace("0.5", "0.25"));
    assert_eq!(run(&lab, &[]).stdout, "0.25\n");
    assert_eq!(lab.ran().len(), 2);
    lab.write("src/model.rs", MODEL);
    assert_eq!(run(&lab, &[]).stdout, "0.5\n");
    assert_eq!(lab.ran().len(), 2, "going back hits again");
}

#[test]
fn a_hit_needs_no_build() {
    let lab = lab();
    run(&lab, &[]);
    fs::remove_dir_all(lab.path("target")).unwrap();
    assert_eq!(run(&lab, &[]).stdout, "0.5\n");
    assert!(!lab.path("target/debug").exists());
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn the_bytes_count_if_that_is_asked_for() {
    let lab = lab();
    run(&lab, &["--exact"]);
    run(&lab, &["--exact"]);
    assert_eq!(lab.ran().len(), 1);
    run(&lab, &["--exact", "--release"]);
    assert_eq!(lab.ran().len(), 2);
}

#[test]
fn sources_that_are_edited_while_they_are_built_have_the_key_of_what_was_built() {
    let lab = lab();
    lab.write(
        "edit",
        "#!/bin/sh\ncase \"$*\" in *'--crate-name lab '*) sed -i s/0.5/0.75/ src/model.rs;; esac\nexec \"$@\"\n",
    );
    lab.executable("edit");
    // Without a lock file, it has to be built before its sources tell all.
    let mut lock = std::process::Command::new(env!("CARGO"));
    let lock = lock
        .arg("generate-lockfile")
        .current_dir(lab.dir())
        .output();
    assert!(lock.unwrap().status.success());
    let mut command = lab.command(&["run", "--bin", "lab", "--", "--lr", "0.1"]);
    command.env("RUSTC_WRAPPER", lab.path("edit"));
    let edited = lab.bench.run(command);
    assert_eq!(edited.stdout, "0.75\n", "{}", edited.stderr);
    assert!(
        edited.stderr.contains("beginning anew"),
        "{}",
        edited.stderr
    );
    assert_eq!((lab.kept(), lab.left_behind().len()), (1, 0));
    lab.write("src/model.rs", MODEL);
    assert_eq!(
        run(&lab, &[]).stdout,
        "0.5\n",
        "the older code has another key"
    );
}

#[test]
fn a_build_script_that_may_do_anything_makes_the_bytes_count() {
    let lab = lab();
    lab.write(
        "build.rs",
        "fn main() {\n    println!(\"cargo::rustc-cfg=fast\");\n}\n",
    );
    lab.write(
        "src/model.rs",
        "pub fn loss() -> f64 {\n    if cfg!(fast) { 0.5 } else { 1.0 }\n}\n",
    );
    let first = run(&lab, &[]);
    assert_eq!(first.stdout, "0.5\n");
    assert!(first.stderr.contains("build"), "{}", first.stderr);
    assert_eq!(run(&lab, &[]).stdout, "0.5\n");
    assert_eq!(lab.ran().len(), 1);
    lab.write("build.rs", "fn main() {}\n");
    assert_eq!(run(&lab, &[]).stdout, "1\n");
    assert_eq!(lab.ran().len(), 2);
}

#[test]
fn a_binary_that_does_not_build_is_told_as_cargo_does() {
    let lab = lab();
    lab.write("src/model.rs", "pub fn loss() -> f64 { \"no\" }");
    let run = lab.memo(&["run", "--bin", "lab"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("mismatched types"), "{}", run.stderr);
    assert_eq!((lab.kept(), lab.left_behind().len()), (0, 0));
}

#[test]
fn a_binary_that_is_not_there_is_suggested() {
    let lab = lab();
    lab.memo(&["run", "--bin", "lap"]).expect(
        2,
        "",
        snapbox::str![[r#"
error: no binary `lap` in the workspace, only these; did you mean `lab`?
  lab

"#]],
    );
}
