//! Colours, widths and closed pipes.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::bench::Bench;

const BOLD: &str = "\x1b[1m";

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
fn tables_keep_to_the_columns_there_are() {
    let bench = Bench::filled();
    bench.fill(|memo| {
        let long = "x".repeat(150);
        memo.call(&format!("lab::{long}"))
            .arg("text", &long)
            .get_or_compute(|| 1_u8);
    });
    for verb in [
        &["status"][..],
        &["list"],
        &["list", "train"],
        &["log"],
        &["why", "train"],
        &["clear", "--all", "-n"],
    ] {
        let mut command = bench.command(verb);
        command
            .arg("--store")
            .arg(bench.store())
            .env("COLUMNS", "80");
        let run = bench.run(command);
        let table = run.stdout.lines().filter(|line| !line.starts_with("store"));
        let widest = table.map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= 80, "{}", run.stdout);
        assert!(bench.memo(&[verb, &["-v"]].concat()).code == 0);
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
        &["log"],
        &["log", "--format", "csv"],
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

#[test]
fn help_names_the_program_as_it_is_called() {
    let bench = Bench::new();
    for arguments in [
        &["--help"][..],
        &["memo", "--help"],
        &["memo", "list", "-h"],
        &["help", "log"],
        &["why", "--help"],
    ] {
        let run = bench.run(bench.command(arguments));
        assert!(run.stdout.contains("Usage: cargo memo "), "{}", run.stdout);
        assert!(
            run.stdout.contains("\nExamples:\n  cargo memo "),
            "{}",
            run.stdout
        );
        assert!(
            run.stdout.lines().all(|line| line.len() <= 100),
            "{}",
            run.stdout
        );
        assert_eq!(run.code, 0);
    }
}
