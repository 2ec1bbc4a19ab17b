//! `config`: what holds, where it comes from, and what makes no sense.

use std::fs;
use std::process::Command;

use snapbox::str;

use crate::bench::{Bench, Run};

/// A bench with a workspace of these settings; its command line is run in it.
fn bench(settings: &str) -> Bench {
    let bench = Bench::new();
    let root = bench.beside("ws");
    fs::create_dir_all(root.join("src")).unwrap();
    fs::write(
        root.join("Cargo.toml"),
        format!(
            "[package]\nname = \"lab\"\nedition = \"2024\"\n\n[workspace]\n\
             [workspace.metadata.memo]\n{settings}"
        ),
    )
    .unwrap();
    fs::write(root.join("src/lib.rs"), "").unwrap();
    bench
}

fn run(bench: &Bench, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command: Command = bench.command(arguments);
    command
        .current_dir(bench.beside("ws"))
        .env("COLUMNS", "80")
        .envs(variables.iter().copied());
    let mut run = bench.run(command);
    let root = bench.beside("ws").canonicalize().unwrap();
    for text in [&mut run.stdout, &mut run.stderr] {
        *text = text.replace(&*root.to_string_lossy(), "/ws");
    }
    run
}

#[test]
fn each_setting_has_a_value_and_an_origin() {
    let bench = bench("max-size = \"2.5GB\"\nmax-entries = 7\nfsync = \"always\"\n");
    let variables = [("MEMO_FSYNC", "never"), ("MEMO", "readonly")];
    run(&bench, &["config"], &variables).expect(
        0,
        str![[r#"
setting value from
dir /ws/.memo default
max-size 2500MB /ws/Cargo.toml
max-age none default
max-entries 7 /ws/Cargo.toml
order lru default
fsync never MEMO_FSYNC
share none default
wait auto default
compress none default
memory 64MB default
MEMO readonly MEMO
MEMO_LOG off default

"#]],
        str![],
    );
}

#[test]
fn one_value_is_printed_bare() {
    let bench = bench("dir = \"kept\"\nmax-age = \"90m\"\n");
    let value = |name: &str, variables: &[(&str, &str)]| {
        let run = run(&bench, &["config", name], variables);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{name}");
        run.stdout
    };
    assert_eq!(value("dir", &[]), "/ws/kept\n");
    assert_eq!(value("dir", &[("MEMO_DIR", "else")]), "/ws/else\n");
    assert_eq!(value("max-age", &[]), "90m\n");
    assert_eq!(value("MEMO_MAX_AGE", &[]), "90m\n");
    assert_eq!(value("max-size", &[]), "10GB\n");
    assert_eq!(value("MEMO_LOG", &[("MEMO_LOG", "INFO")]), "info\n");
    let by_flag = run(&bench, &["config", "dir", "--store", "flagged"], &[]);
    assert_eq!(by_flag.stdout, "/ws/flagged\n");
}

#[test]
fn settings_of_the_workspace_hold_wherever_the_store_is() {
    let bench = bench("max-entries = 7\n");
    let value = |arguments: &[&str], variables: &[(&str, &str)]| {
        let arguments = [&["config", "max-entries"], arguments].concat();
        run(&bench, &arguments, variables).stdout
    };
    assert_eq!(value(&["--store", "elsewhere"], &[]), "7\n");
    assert_eq!(value(&[], &[("MEMO_DIR", "elsewhere")]), "7\n");
}

#[test]
fn verbose_says_what_each_is_and_takes() {
    let bench = bench("");
    let told = run(&bench, &["config", "-v"], &[]).stdout;
    for part in [
        "MEMO_MAX_AGE",
        "how long an entry may go unused",
        "a duration such as 30d or 12h, or none",
    ] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn what_makes_no_sense_is_an_error_with_a_suggestion() {
    let bench = bench(
        "max_size = \"5GB\"\ndir = 5\nmax-age = \"30\"\nsomething = true\norder = \"fifo\"\n",
    );
    let run = run(
        &bench,
        &["config", "order"],
        &[("MEMO_DRI", "/x"), ("MEMO_ORDER", "mru"), ("MEMO", "onn")],
    );
    run.expect(
        1,
        str![[r#"
lru

"#]],
        str![[r#"
error: the setting MEMO_ORDER is passed over: `mru` is not lru or value
error: the setting MEMO is passed over: `onn` is not one of on, off, readonly, refresh, check or offline
error: the setting workspace.metadata.memo.dir is passed over: `5` is not in quotes
error: the setting workspace.metadata.memo.max-age is passed over: `30` is not a number and a unit (ms, s, m, h, d or w), or none
error: the setting workspace.metadata.memo.max_size is passed over: there is no such setting, did you mean `max-size`?
error: the setting workspace.metadata.memo.order is passed over: `fifo` is not lru or value
error: the setting workspace.metadata.memo.something is passed over: there is no such setting, but dir, max-size, max-age, max-entries, order, fsync, share, wait, compress and memory
error: the setting MEMO_DRI is passed over: there is no such setting, did you mean `MEMO_DIR`?

"#]],
    );
}

#[test]
fn other_verbs_warn_and_go_on() {
    let bench = bench("max_size = \"5GB\"\n");
    let run = run(&bench, &["status"], &[]);
    let warning = "warning: the setting workspace.metadata.memo.max_size is passed over: there \
                   is no such setting, did you mean `max-size`?\n";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    assert_eq!(run.stderr.matches("max_size").count(), 1, "{}", run.stderr);
    assert_eq!(run.code, 0);
}

#[test]
fn a_setting_that_there_is_not_cannot_be_asked_for() {
    let bench = bench("");
    let run = run(&bench, &["config", "max-sise"], &[]);
    assert!(
        run.stderr.contains("a similar value exists: 'max-size'"),
        "{}",
        run.stderr
    );
    assert_eq!((run.stdout.as_str(), run.code), ("", 2));
}

#[test]
fn the_document_has_numbers() {
    let bench = bench("max-age = \"1h\"\nwait = \"5s\"\nordr = \"value\"\n");
    let run = run(&bench, &["config", "--format", "json"], &[]);
    assert_eq!(run.code, 1);
    let document = run.json();
    let value = |name: &str| {
        let settings = document["settings"].as_array().unwrap();
        let setting = settings.iter().find(|setting| setting["name"] == name);
        setting.unwrap()["value"].clone()
    };
    assert_eq!(value("max-size"), 10_000_000_000_u64);
    assert_eq!(value("max-age"), 3600.0);
    assert_eq!(value("max-entries"), serde_json::Value::Null);
    assert_eq!(value("dir"), "/ws/.memo");
    assert_eq!(document["problems"][0]["suggestion"], "order");
}

#[test]
fn a_broken_manifest_is_told_in_cargo_s_words() {
    let bench = bench("");
    fs::write(bench.beside("ws/Cargo.toml"), "[workspace\n").unwrap();
    let run = run(&bench, &["config"], &[]);
    assert!(
        run.stderr
            .starts_with("error: cannot read the workspace of the current directory: mend it"),
        "{}",
        run.stderr
    );
    assert_eq!((run.stdout.as_str(), run.code), ("", 1));
}
