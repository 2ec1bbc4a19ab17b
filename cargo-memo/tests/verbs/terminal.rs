//! Colours, widths and closed pipes.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::bench::Bench;
use crate::pseudo_terminal::Session;

const BOLD: &str = "\x1b[1m";

/// Every verb that shows something of a store, with `train` in it.
const SHOWING: [&[&str]; 12] = [
    &["status"],
    &["list"],
    &["list", "train"],
    &["log"],
    &["why", "train"],
    &["clear", "--all", "-n"],
    &["clear", "train", "-n"],
    &["gc", "--max-entries", "1", "-n"],
    &["verify"],
    &["doctor"],
    &["config"],
    &["show"],
];

/// A verb of [`SHOWING`] on the store; `show` wants an ID.
fn command(bench: &Bench, verb: &[&str]) -> Command {
    let mut command = bench.command(verb);
    command.arg("--store").arg(bench.store());
    if verb == ["show"] {
        command.arg(&bench.ids(&["train"])[0]);
    }
    command
}

#[test]
fn colours_are_for_terminals_unless_somebody_asks() {
    let bench = Bench::filled();
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = bench.command(arguments);
        command
            .arg("--store")
            .arg(bench.store())
            .envs(variables.iter().copied());
        bench.run(command).stdout.contains(BOLD)
    };
    assert!(!coloured(&[], &[]));
    assert!(coloured(&["--color", "always"], &[]));
    assert!(coloured(&[], &[("CARGO_TERM_COLOR", "always")]));
    assert!(!coloured(
        &["--color", "never"],
        &[("CARGO_TERM_COLOR", "always")]
    ));
    assert!(!coloured(
        &["--color", "auto"],
        &[("CARGO_TERM_COLOR", "always")]
    ));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(
        &[],
        &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]
    ));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn in_a_terminal_every_verb_has_colours_unless_told_otherwise() {
    let bench = Bench::filled();
    for verb in SHOWING {
        let shown = |variables: &[(&str, &str)]| {
            let mut command = command(&bench, verb);
            command.envs(variables.iter().copied());
            Session::start(command, 80).finish()
        };
        let (coloured, code) = shown(&[]);
        // In a sentence or two there is nothing to be set off.
        let has_colours = coloured.contains("\x1b[") || ["why", "verify"].contains(&verb[0]);
        assert!(has_colours, "{verb:?}: {coloured:?}");
        // A doctor may find something amiss on the machine at hand.
        assert!(code == 0 || verb == ["doctor"], "{verb:?}: {coloured}");
        for variable in ["NO_COLOR", "CARGO_TERM_COLOR"] {
            let value = if variable == "NO_COLOR" { "1" } else { "never" };
            let (plain, again) = shown(&[(variable, value)]);
            let styled = plain.contains("\x1b[1m") || plain.contains("\x1b[3");
            assert!(!styled, "{verb:?} {variable}: {plain:?}");
            assert_eq!(code, again, "{verb:?}");
        }
        let (json, _) = Session::start(
            {
                let mut command = command(&bench, verb);
                command.args(["--format", "json", "-q"]);
                command
            },
            80,
        )
        .finish();
        let json = without_bars(&json);
        assert!(
            serde_json::from_str::<serde_json::Value>(&json).is_ok(),
            "{verb:?}: {json:?}"
        );
    }
}

/// What is left of a terminal's text when bars have come and gone.
fn without_bars(shown: &str) -> String {
    let lines = shown.split('\n').map(|line| {
        let kept = line.rsplit("\x1b[2K").next().unwrap_or_default();
        kept.rsplit('\r').next().unwrap_or_default()
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    anstream::adapter::strip_str(&text).to_string()
}

#[test]
fn tables_keep_to_the_columns_there_are() {
    let bench = Bench::filled();
    bench.fill(|memo| {
        let long = "x".repeat(150);
        memo.call(&format!("lab::{long}"))
            .arg("text", &long)
            .get_or_compute(|| 1_u8);
    });
    for verb in SHOWING.iter().filter(|verb| **verb != ["show"]) {
        let mut by_variable = command(&bench, verb);
        by_variable.env("COLUMNS", "80");
        let piped = bench.run(by_variable).stdout;
        let (terminal, _) = Session::start(command(&bench, verb), 80).finish();
        for shown in [piped, without_bars(&terminal)] {
            let paths = |line: &&str| !line.contains(&*bench.store().to_string_lossy());
            let notes = |line: &&str| !line.starts_with("note: ");
            let widest = shown.lines().filter(paths).filter(notes);
            let widest = widest.map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= 80, "{verb:?}: {shown}");
        }
        let run = bench.memo(&[verb, &["-v"][..]].concat());
        assert!(run.code == 0 || *verb == ["doctor"], "{verb:?}");
    }
}

#[test]
fn whoever_closes_the_pipe_has_seen_enough() {
    let bench = Bench::new();
    // More than a pipe holds.
    bench.fill(|memo| {
        let text = "x".repeat(200);
        for number in 0..600_u32 {
            memo.call("lab::many")
                .arg("n", &number)
                .arg("text", &text)
                .get_or_compute(|| 1_u8);
        }
    });
    for verb in [
        &["list"][..],
        &["list", "--format", "json"],
        &["list", "--format", "csv"],
        &["list", "many", "--format", "csv"],
        &["log"],
        &["log", "--format", "json"],
        &["log", "--format", "csv"],
        &["status"],
        &["clear", "--all", "-n"],
        &["verify", "--format", "json"],
        &["config", "--format", "json"],
        &["completions", "zsh"],
        &["--help"],
    ] {
        let mut command: Command = bench.command(verb);
        command
            .arg("--store")
            .arg(bench.store())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!line.is_empty());
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{verb:?}");
        assert_eq!(output.status.code(), Some(0), "{verb:?}");
    }
}
