//! What a run is found again by.

use std::fs;

use crate::bench::Run;
use crate::lab::Lab;

/// Runs with these flags, and says whether the program really ran.
fn runs(lab: &Lab, flags: &[&str], words: &[&str]) -> bool {
    let before = lab.ran().len();
    let run = lab.memo(&[&["run"], flags, &["--", "./train"], words].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    lab.ran().len() > before
}

#[test]
fn every_argument_counts_to_its_last_byte() {
    let lab = Lab::with("true");
    let lines: [&[&str]; 8] = [
        &[],
        &[""],
        &["--lr", "0.1"],
        &["--lr=0.1"],
        &["--lr", "0.10"],
        &["--lr 0.1"],
        &["0.1", "--lr"],
        &["--", "--lr", "0.1"],
    ];
    for line in lines {
        assert!(runs(&lab, &[], line), "{line:?}");
    }
    for line in lines {
        assert!(!runs(&lab, &[], line), "{line:?}");
    }
}

#[test]
fn the_bytes_of_a_command_count() {
    let lab = Lab::with("true");
    assert!(runs(&lab, &[], &[]));
    lab.script("train", "true # edited");
    assert!(runs(&lab, &[], &[]));
    lab.script("train", "true");
    assert!(!runs(&lab, &[], &[]));
    lab.script("other/train", "true");
    let other = lab.memo(&["run", "--", "other/train"]);
    assert_eq!(
        (other.code, lab.ran().len()),
        (0, 3),
        "the same script elsewhere"
    );
}

#[test]
fn inputs_count_by_their_content() {
    let lab = Lab::with("true");
    lab.write("data/a.csv", "1");
    lab.write("data/b.csv", "2");
    let flags = ["--input", "data/*.csv", "--input", "data"];
    assert!(runs(&lab, &flags, &[]));
    assert!(!runs(&lab, &flags, &[]));
    lab.write("data/a.csv", "1");
    assert!(!runs(&lab, &flags, &[]), "written again, the same");
    lab.write("data/a.csv", "3");
    assert!(runs(&lab, &flags, &[]));
    lab.write("data/c.csv", "");
    assert!(runs(&lab, &flags, &[]), "one more");
    fs::rename(lab.path("data/c.csv"), lab.path("data/d.csv")).unwrap();
    assert!(runs(&lab, &flags, &[]), "another name");
    fs::remove_file(lab.path("data/d.csv")).unwrap();
    assert!(!runs(&lab, &flags, &[]), "as before");
    lab.write("data/notes.txt", "deep");
    assert!(runs(&lab, &flags, &[]), "in the directory");
}

#[test]
fn an_input_that_is_not_there_is_an_error() {
    let lab = Lab::with("true");
    let run = lab.memo(&["run", "--input", "data/*.csv", "--", "./train"]);
    assert_eq!(run.code, 1);
    let said = "error: nothing matches `--input data/*.csv` in ";
    assert!(run.stderr.starts_with(said), "{}", run.stderr);
    assert_eq!(lab.ran().len(), 0);
}

#[test]
fn declared_variables_count_and_others_do_not() {
    let lab = Lab::with("echo \"seed $SEED\"");
    let with = |seed: Option<&str>, flags: &[&str]| -> Run {
        let mut command = lab.command(&[&["-q", "run"], flags, &["--", "./train"]].concat());
        command
            .env_remove("SEED")
            .env("OTHER", format!("{:?}", lab.ran().len()));
        if let Some(seed) = seed {
            command.env("SEED", seed);
        }
        lab.bench.run(command)
    };
    let flags = ["--env", "SEED"];
    assert_eq!(with(Some("1"), &flags).stdout, "seed 1\n");
    assert_eq!(with(Some("2"), &flags).stdout, "seed 2\n");
    assert_eq!(with(None, &flags).stdout, "seed \n");
    assert_eq!(with(Some(""), &flags).stdout, "seed \n");
    assert_eq!(lab.ran().len(), 4);
    assert_eq!(with(Some("1"), &flags).stdout, "seed 1\n");
    assert_eq!(with(Some("9"), &["--env", "SEED=2"]).stdout, "seed 2\n");
    assert_eq!(lab.ran().len(), 4);
}

#[test]
fn secrets_are_in_no_file_of_the_store() {
    let lab = Lab::with("true");
    let mut command = lab.command(&["run", "--env", "API_TOKEN", "--", "./train"]);
    command.env("API_TOKEN", "canary-7f3a");
    assert_eq!(lab.bench.run(command).code, 0);
    let found = std::process::Command::new("grep")
        .args(["-r", "canary-7f3a"])
        .arg(lab.bench.store())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "");
}

#[test]
fn standard_input_is_empty_unless_it_is_asked_for() {
    let lab = Lab::with("cat");
    let given = |text: &str, flags: &[&str]| {
        let words = [&["-q", "run"], flags, &["--", "./train"]].concat();
        lab.write("input", text);
        let mut command = lab.command(&words);
        command.stdin(fs::File::open(lab.path("input")).unwrap());
        lab.bench.run(command).stdout
    };
    assert_eq!(given("one", &[]), "");
    assert_eq!(given("one", &["--stdin"]), "one");
    assert_eq!(given("two", &["--stdin"]), "two");
    assert_eq!(lab.ran().len(), 3);
    assert_eq!(given("one", &["--stdin"]), "one");
    assert_eq!(given("three", &[]), "");
    assert_eq!(lab.ran().len(), 3);
}

#[test]
fn a_moved_workspace_keeps_its_runs_and_directories_in_it_differ() {
    let lab = Lab::new();
    lab.write("one/Cargo.toml", "[workspace]\nmembers = []\n");
    lab.script("one/train", "pwd > /dev/null");
    fs::create_dir(lab.path("one/deep")).unwrap();
    let run = |dir: &str, program: &str| {
        let command = lab.command_in(&lab.path(dir), &["run", "--", program]);
        assert_eq!(lab.bench.run(command).code, 0);
        lab.ran().len()
    };
    assert_eq!(run("one", "./train"), 1);
    assert_eq!(run("one/deep", "../train"), 2);
    fs::rename(lab.path("one"), lab.path("two")).unwrap();
    assert_eq!(run("two", "./train"), 2);
    assert_eq!(run("two/deep", "../train"), 2);
}

#[test]
fn without_a_workspace_directories_are_told_apart() {
    let lab = Lab::new();
    for dir in ["one", "two"] {
        fs::create_dir(lab.path(dir)).unwrap();
        let command = lab.command_in(&lab.path(dir), &["-q", "run", "--", "pwd"]);
        let printed = lab.bench.run(command).stdout;
        assert!(printed.trim_end().ends_with(dir), "{printed}");
    }
}

#[test]
fn a_time_to_live_ends_and_a_refresh_replaces() {
    let lab = Lab::with("wc -l < ../ran");
    let run = |flags: &[&str]| {
        let words = [&["-q", "run"], flags, &["--", "./train"]].concat();
        lab.memo(&words).stdout.trim().to_owned()
    };
    assert_eq!(run(&[]), "1");
    assert_eq!(run(&["--ttl", "1h"]), "1");
    assert_eq!(run(&["--ttl", "1ms"]), "2", "it was longer ago");
    assert_eq!(run(&[]), "2");
    assert_eq!(run(&["--refresh"]), "3");
    assert_eq!(run(&[]), "3");
    assert_eq!(lab.kept(), 1);
}

#[test]
fn what_is_edited_while_it_runs_is_not_kept() {
    for edited in ["data", "train"] {
        let lab = Lab::with("test -e ../quiet || { echo '# more' >> $1; }; cat data");
        lab.write("data", "one\n");
        let run = || lab.memo(&["run", "--input", "data", "--", "./train", edited]);
        let first = run();
        assert_eq!(first.code, 0, "{}", first.stderr);
        assert!(
            first.stderr.contains("changed while it ran"),
            "{}",
            first.stderr
        );
        assert_eq!((lab.kept(), lab.ran().len()), (0, 1), "{edited}");
        fs::write(lab.bench.beside("quiet"), "").unwrap();
        let second = run();
        assert_eq!(run().stdout, second.stdout);
        assert_eq!((lab.kept(), lab.ran().len()), (1, 2), "{edited}");
    }
}

#[test]
fn the_order_in_which_files_are_written_does_not_count() {
    let lab = Lab::with("true");
    lab.write("data/a", "1");
    let flags = ["--input", "data"];
    assert!(runs(&lab, &flags, &[]));
    fs::remove_dir_all(lab.path("data")).unwrap();
    lab.write("data/a", "1");
    assert!(!runs(&lab, &flags, &[]));
}

#[test]
fn an_input_that_was_changed_and_changed_back_is_not_kept() {
    let lab = Lab::with("echo two > data; cat data; echo one > data");
    lab.write("data", "one\n");
    let run = lab.memo(&["run", "--input", "data", "--", "./train"]);
    assert_eq!((run.code, &*run.stdout), (0, "two\n"), "{}", run.stderr);
    assert!(
        run.stderr.contains("changed while it ran"),
        "{}",
        run.stderr
    );
    assert_eq!(lab.kept(), 0);
}

#[test]
fn the_store_is_no_input() {
    let lab = Lab::with("true");
    let run = || {
        let mut command = lab
            .bench
            .command(&["run", "--store", "kept", "--input", "."]);
        command.current_dir(lab.dir()).args(["--", "./train"]);
        lab.bench.run(command)
    };
    assert_eq!(run().code, 0);
    let second = run();
    assert!(second.stderr.starts_with("hit"), "{}", second.stderr);
}

#[test]
fn what_is_typed_is_told_from_what_is_declared() {
    let lab = Lab::with("echo $X $PWD");
    fs::create_dir(lab.path("directory")).unwrap();
    let run = |dir: &str, words: &[&str]| {
        let command = lab.command_in(&lab.path(dir), words);
        assert_eq!(lab.bench.run(command).code, 0);
        lab.ran().len()
    };
    assert_eq!(run(".", &["run", "--", "./train", "--env X"]), 1);
    assert_eq!(run(".", &["run", "--env", "X=--env X", "--", "./train"]), 2);
    assert_eq!(run(".", &["run", "--env", "A\u{1}=1", "--", "./train"]), 3);
    assert_eq!(run(".", &["run", "--env", "A\\u{1}=1", "--", "./train"]), 4);
}

#[test]
fn what_a_program_is_called_as_counts() {
    let lab = Lab::new();
    for name in ["sh", "/bin/sh"] {
        let printed = lab
            .output(&["-q", "run", "--", name, "-c", "echo $0"])
            .stdout;
        assert_eq!(String::from_utf8(printed).unwrap(), format!("{name}\n"));
    }
}

#[test]
fn a_script_counts_as_the_interpreter_does() {
    let lab = Lab::new();
    lab.write("train.sh", "echo one");
    let run = || lab.memo(&["run", "--", "sh", "train.sh", "0.1"]);
    assert_eq!(run().stdout, "one\n");
    lab.write("train.sh", "echo two");
    let edited = run();
    assert_eq!(edited.stdout, "two\n");
    assert!(
        edited.stderr.contains("because input train.sh is"),
        "{}",
        edited.stderr
    );
}

#[test]
fn a_file_that_nobody_declared_and_that_has_changed_is_told() {
    let lab = Lab::with("cat data; echo new > out");
    lab.write("data", "one\n");
    let run = || lab.memo(&["run", "--", "./train", "data", "--out=out"]);
    assert_eq!(run().code, 0);
    let hit = run();
    assert!(!hit.stderr.contains("warning"), "{}", hit.stderr);
    lab.write("data", "two\n");
    let hit = run();
    assert!(
        hit.stderr.contains("`data` was written to after that"),
        "{}",
        hit.stderr
    );
    assert_eq!((hit.code, lab.ran().len()), (0, 1));
}
