//! Help: short, long, and the same in form for every verb.

use std::path::Path;
use std::process::Command;

use crate::bench::Bench;

/// The verbs that the short help names.
fn verbs(bench: &Bench) -> Vec<String> {
    let help = bench.run(bench.command(&["-h"])).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty());
    // A line that goes on is indented further.
    let named = commands.filter_map(|line| line.strip_prefix("  "));
    let named = named.filter(|line| !line.starts_with(' '));
    let names = named.map(|line| line.split(' ').next().unwrap().to_owned());
    names.filter(|name| name != "help").collect()
}

#[test]
fn help_names_the_program_as_it_is_called() {
    let bench = Bench::new();
    for arguments in [
        &["--help"][..],
        &["memo", "--help"],
        &["help"],
        &["memo", "list", "--help"],
        &["help", "log"],
    ] {
        let run = bench.run(bench.command(arguments));
        assert!(run.stdout.contains("Usage: cargo memo "), "{}", run.stdout);
        assert!(
            run.stdout.contains("\nExamples:\n  cargo memo"),
            "{}",
            run.stdout
        );
        assert_eq!((run.stderr.as_str(), run.code), ("", 0));
    }
}

#[test]
fn cargo_knows_it_as_one_of_its_own() {
    let bench = Bench::new();
    let here = Path::new(env!("CARGO_BIN_EXE_cargo-memo"))
        .parent()
        .unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::split_paths(&path).collect::<Vec<_>>();
    let path = std::env::join_paths(std::iter::once(here.to_owned()).chain(path)).unwrap();
    let long = bench.run(bench.command(&["--help"])).stdout;
    for arguments in [["help", "memo"], ["memo", "--help"]] {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(arguments)
            .current_dir(bench.beside(""))
            .env("PATH", &path);
        let run = bench.run(command);
        assert_eq!((run.stdout, run.code), (long.clone(), 0), "{arguments:?}");
    }
}

#[test]
fn every_verb_has_short_and_long_help_with_examples() {
    let bench = Bench::new();
    let verbs = verbs(&bench);
    assert!(verbs.len() >= 12, "{verbs:?}");
    for verb in &verbs {
        let help = |arguments: &[&str]| {
            let run = bench.run(bench.command(arguments));
            assert_eq!((run.stderr.as_str(), run.code), ("", 0), "{verb}");
            for line in run.stdout.lines() {
                assert!(line.chars().count() <= 80, "{verb}: {line}");
            }
            run.stdout
        };
        let (short, long) = (help(&[verb, "-h"]), help(&[verb, "--help"]));
        let about = short.lines().next().unwrap();
        assert!(about.len() > 10 && !about.ends_with('.'), "{verb}: {about}");
        assert_eq!(long.lines().next(), Some(about), "{verb}");
        assert!(short.lines().count() < 40, "{short}");
        assert!(!short.contains("Examples:"), "{verb}: {short}");
        let examples = long.split("\nExamples:\n").nth(1);
        let examples = examples.unwrap_or_else(|| panic!("{verb}: {long}"));
        let call = format!("cargo memo {verb}");
        let default = verb == "status" && examples.contains("cargo memo");
        assert!(examples.contains(&call) || default, "{verb}: {examples}");
        assert_eq!(help(&["help", verb]), long);
    }
}

#[test]
fn help_has_cargo_s_colours_where_there_are_colours() {
    let bench = Bench::new();
    let mut command = bench.command(&["--help"]);
    command.env("CARGO_TERM_COLOR", "always");
    let help = bench.run(command).stdout;
    assert!(help.contains("\x1b[1m\x1b[32mUsage:\x1b[0m"), "{help:?}");
    let plain = bench.run(bench.command(&["--help"])).stdout;
    assert!(!plain.contains('\x1b'), "{plain:?}");
}

#[test]
fn slips_are_answered_with_what_may_be_meant() {
    let bench = Bench::new();
    for (typed, meant) in [
        (&["lits"][..], "'list'"),
        (&["clear", "--dry"], "'--dry-run'"),
        (&["status", "--fromat", "json"], "'--format'"),
    ] {
        let run = bench.run(bench.command(typed));
        assert!(run.stderr.contains(meant), "{}", run.stderr);
        assert_eq!((run.stdout.as_str(), run.code), ("", 2));
    }
}
