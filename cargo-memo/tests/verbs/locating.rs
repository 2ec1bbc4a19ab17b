//! Where the store is looked for, and what is said where there is none.

use std::fs;

use snapbox::str;

use crate::bench::Bench;

/// A workspace with a package below it, and these settings.
fn workspace(bench: &Bench, settings: &str) {
    let root = bench.beside("ws");
    fs::create_dir_all(root.join("member/src")).unwrap();
    let settings = format!("[workspace]\nmembers = [\"member\"]\n{settings}");
    fs::write(root.join("Cargo.toml"), settings).unwrap();
    let package = "[package]\nname = \"member\"\nedition = \"2024\"\n";
    fs::write(root.join("member/Cargo.toml"), package).unwrap();
    fs::write(root.join("member/src/lib.rs"), "").unwrap();
}

#[test]
fn an_absent_store_is_no_error() {
    let bench = Bench::new();
    bench.memo(&["status"]).expect(0, str![[r#"
store [STORE]
size empty
saved nothing yet

"#]], str![[r#"
note: there is no store at `[STORE]` yet: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
    for verb in [
        &["list"][..],
        &["log"],
        &["clear", "--all"],
        &["clear", "train", "--yes"],
    ] {
        let run = bench.memo(verb);
        assert!(
            run.stderr.starts_with("note: there is no store at "),
            "{}",
            run.stderr
        );
        assert_eq!(run.code, 0, "{verb:?}");
    }
    assert_eq!(bench.memo(&["show", "1f9a"]).code, 1);
    assert!(!bench.store().exists());
}

#[test]
fn documents_of_an_absent_store_have_zeros() {
    let bench = Bench::new();
    let json = |verb: &[&str]| bench.memo(&[verb, &["--format", "json"]].concat());
    json(&["status"]).expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "status",
  "store": {
    "path": "[STORE]",
    "entries": 0,
    "bytes": [NUMBER],
    "disk_bytes": [NUMBER],
    "max_bytes": 10000000000,
    "max_age_seconds": [NUMBER],
    "max_entries": null,
    "order": "lru"
  },
  "functions": [],
  "flights": [],
  "advice": []
}

"#]],
        str![],
    );
    assert_eq!(json(&["status"]).json()["store"]["bytes"], 0);
    assert_eq!(json(&["list"]).json()["entries"], serde_json::json!([]));
    assert_eq!(json(&["log"]).json()["executions"], serde_json::json!([]));
    assert_eq!(json(&["clear", "--all"]).json()["planned"]["entries"], 0);
}

#[test]
fn an_empty_store_is_no_error() {
    let bench = Bench::new();
    bench.fill(|_| {});
    bench.memo(&["status"]).expect(0, str![[r#"
store [STORE]
size empty
limits 0 % of 10.0 GB on disk
saved nothing yet

"#]], str![[r#"
note: the store `[STORE]` is empty: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
    bench.memo(&["list"]).expect(0, str![], str![[r#"
note: the store `[STORE]` is empty: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
    bench.memo(&["status", "--quiet"]).expect(
        0,
        str![[r#"
store [STORE]
size empty
limits 0 % of 10.0 GB on disk
saved nothing yet

"#]],
        str![],
    );
}

#[test]
fn looking_into_an_empty_directory_does_not_make_it_a_store() {
    let bench = Bench::new();
    fs::create_dir(bench.store()).unwrap();
    assert_eq!(bench.memo(&["status"]).code, 0);
    assert_eq!(fs::read_dir(bench.store()).unwrap().count(), 0);
}

#[test]
fn the_flag_wins_over_the_variable_and_that_over_the_workspace() {
    let bench = Bench::filled();
    workspace(&bench, "");
    let path = |mut command: std::process::Command| {
        command
            .current_dir(bench.beside("ws/member"))
            .args(["--format", "json"]);
        let run = bench.run(command);
        run.json()["store"]["path"].as_str().unwrap().to_owned()
    };
    let ends = |path: String, end: &str| assert!(path.ends_with(end), "{path}");
    ends(path(bench.command(&[])), "/ws/.memo");
    let mut by_variable = bench.command(&[]);
    by_variable.env("MEMO_DIR", "elsewhere");
    ends(path(by_variable), "/ws/member/elsewhere");
    let mut by_flag = bench.command(&["--store", "flagged"]);
    by_flag.env("MEMO_DIR", "elsewhere");
    ends(path(by_flag), "/ws/member/flagged");
}

#[test]
fn a_workspace_is_found_by_its_manifest_and_may_name_the_directory() {
    let bench = Bench::new();
    workspace(
        &bench,
        "[workspace.metadata.memo]\ndir = \"kept\"\nfsink = 3\n",
    );
    let run = bench.run(bench.command(&["--manifest-path", "ws/member/Cargo.toml"]));
    assert!(
        run.stdout.lines().next().unwrap().ends_with("/ws/kept"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .starts_with("warning: the setting workspace.metadata.memo.fsink "),
        "{}",
        run.stderr
    );
    assert_eq!(run.code, 0);
}

#[test]
fn a_variable_that_makes_no_sense_is_told_unless_quiet() {
    let bench = Bench::filled();
    let run = |arguments: &[&str]| {
        let mut command = bench.command(arguments);
        command
            .env("MEMO_SHARE", "all")
            .env("MEMO_DIR", bench.store());
        bench.run(command)
    };
    assert_eq!(
        run(&[]).stderr,
        "warning: the setting MEMO_SHARE is passed over: `all` is not none or group\n"
    );
    assert_eq!(run(&["-q"]).stderr, "");
}

#[test]
fn outside_any_workspace_it_says_what_to_do() {
    let bench = Bench::new();
    let run = bench.run(bench.command(&["status"]));
    let here = bench.beside("");
    let here = here.canonicalize().unwrap();
    assert_eq!(
        run.stderr,
        format!(
            "error: no cargo workspace found at or above `{}`: change into one, or name a store \
             with --store DIR or MEMO_DIR\n",
            here.display()
        )
    );
    assert_eq!((run.stdout.as_str(), run.code), ("", 2));
}

#[test]
fn a_broken_workspace_is_reported_in_cargo_s_words() {
    let bench = Bench::new();
    fs::write(bench.beside("Cargo.toml"), "[workspace\n").unwrap();
    let run = bench.run(bench.command(&["status"]));
    let begin = "error: cannot read the workspace of the current directory: mend it, or name a \
                 store with --store DIR or MEMO_DIR; cargo says:\n  ";
    assert!(run.stderr.starts_with(begin), "{}", run.stderr);
    assert_eq!(run.code, 1);
    bench
        .run(bench.command(&["--manifest-path", "none/Cargo.toml"]))
        .expect(1, str![], str![[r#"
error: cannot read the workspace of `none/Cargo.toml`: mend it, or name a store with --store DIR or MEMO_DIR; cargo says:
  manifest path `none/Cargo.toml` does not exist

"#]]);
}

#[test]
fn forms_and_verbs_that_do_not_go_together_are_refused() {
    let bench = Bench::filled();
    bench.memo(&["status", "--format", "csv"]).expect(
        2,
        str![],
        str![[r#"
error: `status` has no csv form: use --format json, or `list`, `log` or `sweep`

"#]],
    );
    assert_eq!(bench.memo(&["whence"]).code, 2);
    assert_eq!(bench.memo(&["-q", "-v"]).code, 2);
}
