//! `new`: a package is made from the template, or nothing at all.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use snapbox::str;

use crate::bench::{Bench, Run, expect_text};

/// Where the sources are.
fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Runs `new` beside the store, for somebody who has not told cargo how to make
/// packages.
fn new(bench: &Bench, arguments: &[&str]) -> Run {
    new_in(bench, "", arguments)
}

fn new_in(bench: &Bench, dir: &str, arguments: &[&str]) -> Run {
    let mut command = bench.command(&["new"]);
    command
        .args(arguments)
        .current_dir(bench.beside(dir))
        .env("CARGO_HOME", bench.beside("cargo-home"))
        .env_remove("CARGO_CARGO_NEW_VCS");
    let mut run = bench.run(command);
    let root = bench.beside("").canonicalize().unwrap();
    let root = root.to_string_lossy();
    let root = root.trim_end_matches('/');
    for text in [&mut run.stdout, &mut run.stderr] {
        *text = text.replace(root, "[ROOT]");
    }
    run
}

/// A manifest, with the version of memo in brackets.
fn manifest(bench: &Bench, path: &str) -> String {
    let mut text = fs::read_to_string(bench.beside(path)).unwrap();
    for package in ["memo-runtime", "memo-build"] {
        let version = |version| format!("{package} = \"{version}\"");
        text = text.replace(&version(env!("CARGO_PKG_VERSION")), &version("[VERSION]"));
    }
    text
}

/// All files below a directory, by their paths, but for what git keeps.
fn tree(dir: &Path) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name == ".git" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            let below = tree(&entry.path()).into_iter();
            files.extend(below.map(|path| format!("{name}/{path}")));
        } else {
            files.insert(name);
        }
    }
    files
}

#[test]
fn a_package_is_made_with_those_above_it() {
    let bench = Bench::new();
    new(&bench, &["lab/first-try"]).expect(
        0,
        str![[r#"
package first-try
created lab/first-try/.gitignore
            lab/first-try/Cargo.toml
            lab/first-try/README.md
            lab/first-try/build.rs
            lab/first-try/src/args.rs
            lab/first-try/src/data.rs
            lab/first-try/src/main.rs
            lab/first-try/src/model.rs
            lab/first-try/src/picture.rs
            lab/first-try/src/random.rs
            lab/first-try/tests/program.rs
repository git

"#]],
        str![[r#"
note: what to do next; `README.md` tells more:
  cd lab/first-try
  cargo run
  cargo memo
  cargo memo sweep --bin first-try lr=0.001,0.01,0.05,0.2 hidden=4,16 --sort loss

"#]],
    );
    let package = bench.beside("lab/first-try");
    assert!(package.join(".git").is_dir());
    expect_text(
        &fs::read_to_string(package.join(".gitignore")).unwrap(),
        str![[r#"
/target

"#]],
    );
    expect_text(
        &manifest(&bench, "lab/first-try/Cargo.toml"),
        str![[r#"
[package]
name = "first-try"
description = "Teaches a small network to tell the arms of a spiral apart"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
clap = { version = "4.6", features = ["derive"] }
memo-runtime = "[VERSION]"
serde = { version = "1.0", features = ["derive"] }

[build-dependencies]
memo-build = "[VERSION]"

"#]],
    );
}

#[test]
fn it_is_the_template_with_another_name() {
    let bench = Bench::new();
    new(&bench, &["lab", "--name", "two-words", "--vcs", "none"]);
    let template = checkout().join("template");
    let made = bench.beside("lab");
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(&template)
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let listed: BTreeSet<String> = listed.split_terminator('\0').map(str::to_owned).collect();
    // Sources that are in no repository have nothing beside them.
    let expected = if listed.is_empty() {
        tree(&template)
    } else {
        listed
    };
    assert_eq!(tree(&made), expected);
    for path in expected.iter().filter(|path| *path != "Cargo.toml") {
        let ours = fs::read_to_string(template.join(path)).unwrap();
        let theirs = fs::read_to_string(made.join(path)).unwrap();
        assert_eq!(theirs, ours.replace("memo-starter", "two-words"), "{path}");
    }
}

#[test]
fn dependencies_come_from_a_checkout_if_one_is_named() {
    let bench = Bench::new();
    for package in ["memo/memo-runtime", "memo/memo-runtime/memo-build"] {
        fs::create_dir_all(bench.beside(package)).unwrap();
        fs::write(bench.beside(package).join("Cargo.toml"), "").unwrap();
    }
    let run = new(&bench, &["lab/first", "--path", "memo"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    expect_text(
        &manifest(&bench, "lab/first/Cargo.toml"),
        str![[r#"
[package]
name = "first"
description = "Teaches a small network to tell the arms of a spiral apart"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
clap = { version = "4.6", features = ["derive"] }
memo-runtime = { path = "../../memo/memo-runtime" }
serde = { version = "1.0", features = ["derive"] }

[build-dependencies]
memo-build = { path = "../../memo/memo-runtime/memo-build" }

"#]],
    );
    new(&bench, &["second", "--path", "lab"]).expect(
        2,
        str![],
        str![[r#"
error: there is no memo-runtime in `lab`: --path wants a checkout of its sources

"#]],
    );
    assert!(!bench.beside("second").exists());
}

#[test]
fn nothing_is_overwritten() {
    let bench = Bench::new();
    fs::create_dir(bench.beside("full")).unwrap();
    fs::write(bench.beside("full/notes"), "kept").unwrap();
    new(&bench, &["full"]).expect(2, str![], str![[r#"
error: `[ROOT]/full` is there and not empty: choose another place, or put memo-runtime into a package that is there with `cargo memo init`

"#]]);
    new(&bench, &["full/notes"]).expect(2, str![], str![[r#"
error: `[ROOT]/full/notes` is no directory: choose another place, or put memo-runtime into a package that is there with `cargo memo init`

"#]]);
    new(&bench, &["full/notes/lab"]).expect(2, str![], str![[r#"
error: `[ROOT]/full/notes/lab` is no directory: choose another place, or put memo-runtime into a package that is there with `cargo memo init`

"#]]);
    assert_eq!(
        tree(&bench.beside("full")),
        BTreeSet::from(["notes".into()])
    );
    assert_eq!(fs::read(bench.beside("full/notes")).unwrap(), b"kept");
}

#[test]
fn an_empty_directory_is_used() {
    let bench = Bench::new();
    fs::create_dir(bench.beside("empty")).unwrap();
    let run = new_in(&bench, "empty", &[".", "--vcs", "none"]);
    run.expect(
        0,
        str![[r#"
package empty
created Cargo.toml
            README.md
            build.rs
            src/args.rs
            src/data.rs
            src/main.rs
            src/model.rs
            src/picture.rs
            src/random.rs
            tests/program.rs

"#]],
        str![[r#"
note: what to do next; `README.md` tells more:
  cargo run
  cargo memo
  cargo memo sweep --bin empty lr=0.001,0.01,0.05,0.2 hidden=4,16 --sort loss

"#]],
    );
    assert!(bench.beside("empty/src/main.rs").is_file());
}

#[test]
fn a_name_that_cargo_refuses_leaves_nothing() {
    let bench = Bench::new();
    for name in ["test", "fn", "deps", "1st", "a.b", ""] {
        let run = new(&bench, &["above/lab", "--name", name]);
        assert_eq!(run.code, 2, "{name}: {}", run.stderr);
        assert!(!bench.beside("above").exists(), "{name}");
    }
    new(&bench, &["above/test"]).expect(2, str![], str![[r#"
error: cannot make a package `test` in `[ROOT]/above/test`: choose another name with --name, or another place; cargo says:
  [..]`test`[..]

"#]]);
    assert!(!bench.beside("above").exists());
    new(&bench, &[".."]).expect(
        2,
        str![],
        str![[r#"
error: cannot tell the name of the package from `..`: give one with --name

"#]],
    );
}

#[test]
fn what_cargo_warns_of_is_told() {
    let bench = Bench::new();
    let run = new(&bench, &["core", "--vcs", "none"]);
    expect_text(
        run.stderr.split("note: ").next().unwrap(),
        str![[r#"
warning: [..]`core`[..]standard library
  It is recommended to use a different name to avoid problems.

"#]],
    );
    let quiet = new(&bench, &["alloc", "--vcs", "none", "-q"]);
    assert_eq!((quiet.code, &*quiet.stderr), (0, ""));
}

/// A workspace with one member, in `around`. Its manifest.
fn workspace(bench: &Bench) -> &'static str {
    let root = "# Ours.\n[workspace]\nmembers = [\"old\"] # more to come\nresolver = \"3\"\n";
    for (path, text) in [
        ("Cargo.toml", root),
        (
            "old/Cargo.toml",
            "[package]\nname = \"old\"\nedition = \"2024\"\n",
        ),
        ("old/src/lib.rs", ""),
    ] {
        let path = bench.beside("around").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

#[test]
fn a_workspace_gets_a_member() {
    let bench = Bench::new();
    workspace(&bench);
    new_in(&bench, "around", &["lab", "--vcs", "none"]).expect(
        0,
        str![[r#"
package lab
created lab/Cargo.toml
            lab/README.md
            lab/build.rs
            lab/src/args.rs
            lab/src/data.rs
            lab/src/main.rs
            lab/src/model.rs
            lab/src/picture.rs
            lab/src/random.rs
            lab/tests/program.rs
workspace [ROOT]/around/Cargo.toml: lab is a member now

"#]],
        str![[r#"
note: what to do next; `README.md` tells more:
  cd lab
  cargo run
  cargo memo
  cargo memo sweep --bin lab lr=0.001,0.01,0.05,0.2 hidden=4,16 --sort loss

"#]],
    );
    let root = manifest(&bench, "around/Cargo.toml");
    assert!(
        root.starts_with("# Ours.\n") && root.contains("# more to come"),
        "{root}"
    );
    assert!(
        root.contains("\"lab\"") && root.contains("\"old\""),
        "{root}"
    );
    assert!(!manifest(&bench, "around/lab/Cargo.toml").contains("workspace"));
}

#[test]
fn a_repository_around_is_enough_unless_one_is_asked_for() {
    let bench = Bench::new();
    let git = Command::new("git")
        .args(["init", "--quiet"])
        .arg(bench.beside("around"))
        .status();
    assert!(git.unwrap().success());
    new_in(&bench, "around", &["inner"]);
    assert!(!bench.beside("around/inner/.git").exists());
    assert!(!bench.beside("around/inner/.gitignore").exists());
    new_in(&bench, "around", &["own", "--vcs", "git"]);
    assert!(bench.beside("around/own/.git").exists());
}

#[test]
fn what_was_begun_is_undone_when_cargo_fails() {
    let bench = Bench::new();
    let before = workspace(&bench);
    let cargo = bench.beside("cargo");
    fs::write(
        &cargo,
        "#!/bin/sh\necho '# Joined.' >> Cargo.toml\ntouch above/lab/Cargo.toml\necho 'error: no more' >&2\nexit 101\n",
    )
    .unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = bench.command(&["new", "above/lab"]);
    command
        .env("CARGO", &cargo)
        .current_dir(bench.beside("around"));
    let run = bench.run(command);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(
        run.stderr.ends_with("cargo says:\n  no more\n"),
        "{}",
        run.stderr
    );
    assert!(!bench.beside("around/above").exists());
    assert_eq!(manifest(&bench, "around/Cargo.toml"), before);
}

#[test]
fn without_cargo_nothing_is_made() {
    let bench = Bench::new();
    let mut command = bench.command(&["new", "above/lab"]);
    command.env("CARGO", "no-such-cargo");
    bench.run(command).expect(1, str![], str![[r#"
error: cannot run `no-such-cargo`: No such file or directory (os error 2): install cargo, or name it with CARGO

"#]]);
    assert!(!bench.beside("above").exists());
}

#[test]
fn the_answer_can_be_a_document() {
    let bench = Bench::new();
    new(&bench, &["lab", "--format", "json"]).expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "new",
  "package": "lab",
  "path": "lab",
  "files": [
    "lab/.gitignore",
    "lab/Cargo.toml",
    "lab/README.md",
    "lab/build.rs",
    "lab/src/args.rs",
    "lab/src/data.rs",
    "lab/src/main.rs",
    "lab/src/model.rs",
    "lab/src/picture.rs",
    "lab/src/random.rs",
    "lab/tests/program.rs"
  ],
  "repository": "git",
  "workspace": null
}

"#]],
        str![],
    );
}
