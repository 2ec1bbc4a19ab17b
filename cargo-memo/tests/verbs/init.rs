//! `init`: a package is set up, and all else in it stays as it is.

mod forms;

use std::fs;
use std::path::{Path, PathBuf};

use snapbox::str;

use crate::bench::{Bench, Run, expect_text};

/// Files below a directory, by their paths.
fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// A bench with a package `lab` of these files beside an empty library.
fn bench(files: &[(&str, &str)]) -> Bench {
    let bench = Bench::new();
    let lab = bench.beside("lab");
    write(
        &lab,
        &[
            (
                "Cargo.toml",
                "[package]\nname = \"lab\"\nedition = \"2024\"\n",
            ),
            ("src/lib.rs", ""),
        ],
    );
    write(&lab, files);
    bench
}

fn init(bench: &Bench, arguments: &[&str]) -> Run {
    init_in(bench, "lab", arguments)
}

fn init_in(bench: &Bench, dir: &str, arguments: &[&str]) -> Run {
    let mut command = bench.command(&["init"]);
    command.args(arguments).current_dir(bench.beside(dir));
    let mut run = bench.run(command);
    let root = bench.beside("").canonicalize().unwrap();
    let root = root.to_string_lossy();
    for text in [&mut run.stdout, &mut run.stderr] {
        *text = text.replace(&*root, "[ROOT]").replace("[ROOT]/", "/");
        *text = text.replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    }
    run
}

fn text(bench: &Bench, path: &str) -> String {
    let text = fs::read_to_string(bench.beside(path)).unwrap();
    text.replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
}

/// Everything in a directory, sorted.
fn listing(dir: &Path) -> Vec<PathBuf> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    names
}

#[test]
fn a_package_is_set_up_once() {
    let bench = bench(&[]);
    init(&bench, &[]).expect(0, str![[r#"
package lab
edited Cargo.toml: memo-runtime in [dependencies], memo-build in [build-dependencies]
created build.rs

"#]], str![[r#"
note: put `#[memo]` on a slow, pure function of `lab` (`use memo_runtime::memo;`) and run the program twice: `cargo memo` shows what was kept (from a checkout: `cargo memo init --path DIR`)
note: structs as arguments and results want serde: `cargo add serde --features derive`

"#]]);
    expect_text(
        &text(&bench, "lab/Cargo.toml"),
        str![[r#"
[package]
name = "lab"
edition = "2024"

[dependencies]
memo-runtime = "[VERSION]"

[build-dependencies]
memo-build = "[VERSION]"

"#]],
    );
    expect_text(
        &text(&bench, "lab/build.rs"),
        str![[r#"
//! Tells `#[memo]` which code results depend on.

fn main() {
    memo_build::fingerprint();
}

"#]],
    );
    let before = (text(&bench, "lab/Cargo.toml"), text(&bench, "lab/build.rs"));
    init(&bench, &[]).expect(
        0,
        str![[r#"
package lab

"#]],
        str![[r#"
note: `lab` is already set up

"#]],
    );
    let after = (text(&bench, "lab/Cargo.toml"), text(&bench, "lab/build.rs"));
    assert_eq!(before, after);
    assert_eq!(listing(&bench.beside("lab")).len(), 3);
}

#[test]
fn a_dry_run_shows_the_differences_and_writes_nothing() {
    let manifest = "\
[package]
name = \"lab\"
edition = \"2024\"

[dependencies]
# Numbers.
libm = \"0.2\"
serde = \"1\"
";
    let script = "fn main() {\n    println!(\"cargo::rerun-if-changed=c\");\n}\n";
    let bench = bench(&[("Cargo.toml", manifest), ("build.rs", script)]);
    init(&bench, &["-n"]).expect(
        0,
        str![[r#"
--- Cargo.toml
+++ Cargo.toml
@@ -5,4 +5,8 @@
 [dependencies]
 # Numbers.
 libm = "0.2"
+memo-runtime = "[VERSION]"
 serde = "1"
+
+[build-dependencies]
+memo-build = "[VERSION]"
--- build.rs
+++ build.rs
@@ -1,3 +1,4 @@
 fn main() {
+ memo_build::fingerprint();
     println!("cargo::rerun-if-changed=c");
 }

"#]],
        str![[r#"
note: nothing was written

"#]],
    );
    assert_eq!(text(&bench, "lab/Cargo.toml"), manifest);
    assert_eq!(text(&bench, "lab/build.rs"), script);
}

#[test]
fn a_build_script_of_another_name_is_the_one() {
    let manifest = "[package]\nname = \"lab\"\nedition = \"2024\"\nbuild = \"tools/make.rs\"\n";
    let bench = bench(&[
        ("Cargo.toml", manifest),
        ("tools/make.rs", "fn main() {}\n"),
    ]);
    assert_eq!(init(&bench, &[]).code, 0);
    assert_eq!(
        text(&bench, "lab/tools/make.rs"),
        "fn main() {\n    memo_build::fingerprint();\n}\n"
    );
    assert!(!bench.beside("lab/build.rs").exists());
}

#[test]
fn what_cannot_be_done_is_told_and_nothing_is_written() {
    let no_script = "[package]\nname = \"lab\"\nedition = \"2024\"\nbuild = false\n";
    let bench_without = bench(&[("Cargo.toml", no_script)]);
    init(&bench_without, &[]).expect(
        1,
        str![],
        str![[r#"
error: `build` in `/lab/Cargo.toml` names no build script: remove it, or name one

"#]],
    );
    assert_eq!(text(&bench_without, "lab/Cargo.toml"), no_script);

    let script = "include!(\"real.rs\");\n";
    let bench_odd = bench(&[("build.rs", script)]);
    init(&bench_odd, &[]).expect(1, str![], str![[r#"
error: cannot edit `/lab/build.rs`: it has no `fn main() { … }` of its own: put `memo_build::fingerprint();` into it by hand, and try again

"#]]);
    assert_eq!(text(&bench_odd, "lab/build.rs"), script);
    assert!(!text(&bench_odd, "lab/Cargo.toml").contains("memo"));
}

/// A workspace without a package of its own, with two members.
fn workspace(declared: &str) -> Bench {
    let bench = Bench::new();
    let root = bench.beside("ws");
    let manifest =
        format!("[workspace]\nmembers = [\"one\", \"two\"]\nresolver = \"3\"\n{declared}");
    write(&root, &[("Cargo.toml", &manifest)]);
    for name in ["one", "two"] {
        let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n");
        write(
            &root.join(name),
            &[("Cargo.toml", &manifest), ("src/lib.rs", "")],
        );
    }
    bench
}

#[test]
fn of_several_members_one_has_to_be_named() {
    let bench = workspace("");
    init_in(&bench, "ws", &[]).expect(
        2,
        str![],
        str![[r#"
error: the workspace has several members: change into one, or name one of one, two with --package

"#]],
    );
    init_in(&bench, "ws", &["-p", "three"]).expect(
        2,
        str![],
        str![[r#"
error: no member of the workspace is called `three`: the members are one, two

"#]],
    );
    assert_eq!(init_in(&bench, "ws", &["-p", "two"]).code, 0);
    assert!(bench.beside("ws/two/build.rs").exists());
    assert!(!bench.beside("ws/one/build.rs").exists());
    assert_eq!(init_in(&bench, "ws/one/src", &[]).code, 0);
    assert!(bench.beside("ws/one/build.rs").exists());
}

#[test]
fn what_the_workspace_declares_is_inherited() {
    let bench = workspace("[workspace.dependencies]\nmemo-runtime = \"0.1\"\n");
    assert_eq!(init_in(&bench, "ws", &["-p", "one"]).code, 0);
    expect_text(
        &text(&bench, "ws/one/Cargo.toml"),
        str![[r#"
[package]
name = "one"
edition = "2024"

[dependencies]
memo-runtime = { workspace = true }

[build-dependencies]
memo-build = "[VERSION]"

"#]],
    );
}

#[test]
fn line_ends_and_what_is_there_stay() {
    let manifest = "[package]\r\nname = \"lab\"\r\nedition = \"2024\"\r\n\r\n\
                    [dependencies]\r\nmemo-runtime = { path = \"../memo\" }\r\n\
                    serde = { path = \"../serde\" }\r\n";
    let bench = bench(&[("Cargo.toml", manifest), ("build.rs", "fn main() {}\r\n")]);
    for name in ["memo-runtime", "serde"] {
        let dir = bench.beside(name.trim_end_matches("-runtime"));
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"0.0.1\"\n");
        write(&dir, &[("Cargo.toml", &*manifest), ("src/lib.rs", "")]);
    }
    init(&bench, &[]).expect(0, str![[r#"
package lab
edited Cargo.toml: memo-build in [build-dependencies]
edited build.rs: memo_build::fingerprint();

"#]], str![[r#"
note: `memo-runtime` is there as `{ path = "../memo" }` and stays so, though `"[VERSION]"` was to be added
note: put `#[memo]` on a slow, pure function of `lab` (`use memo_runtime::memo;`) and run the program twice: `cargo memo` shows what was kept (from a checkout: `cargo memo init --path DIR`)

"#]]);
    let edited = text(&bench, "lab/Cargo.toml");
    assert!(edited.starts_with(manifest), "{edited:?}");
    for path in ["lab/Cargo.toml", "lab/build.rs"] {
        let text = text(&bench, path);
        assert!(text.lines().count() > 1, "{text}");
        assert!(
            text.split_inclusive('\n')
                .all(|line| line.ends_with("\r\n")),
            "{text:?}"
        );
    }
}

#[test]
fn a_checkout_is_named_by_the_way_to_it() {
    let bench = bench(&[]);
    let sources = bench.beside("sources/memo-runtime");
    for (dir, name) in [
        (sources.clone(), "memo-runtime"),
        (sources.join("memo-build"), "memo-build"),
    ] {
        write(
            &dir,
            &[
                (
                    "Cargo.toml",
                    &format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n"),
                ),
                ("src/lib.rs", ""),
            ],
        );
    }
    let run = init(&bench, &["--path", "../none"]);
    assert!(
        run.stderr
            .starts_with("error: there is no package in `../none/memo-runtime`"),
        "{}",
        run.stderr
    );
    assert_eq!(run.code, 2);
    assert_eq!(init(&bench, &["--path", "../sources"]).code, 0);
    let manifest = text(&bench, "lab/Cargo.toml");
    assert!(
        manifest.contains("memo-runtime = { path = \"../sources/memo-runtime\" }"),
        "{manifest}"
    );
    assert!(
        manifest.contains("memo-build = { path = \"../sources/memo-runtime/memo-build\" }"),
        "{manifest}"
    );
}

#[test]
fn the_document_tells_the_files() {
    let bench = bench(&[]);
    let document = init(&bench, &["-n", "--format", "json"]).json();
    assert_eq!(document["package"], "lab");
    assert_eq!(document["dry_run"], true);
    let actions: Vec<_> = document["files"].as_array().unwrap().iter().collect();
    assert_eq!(actions[0]["action"], "edited");
    assert_eq!(actions[1]["action"], "created");
    assert!(!bench.beside("lab/build.rs").exists());
}
