//! `doctor`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use snapbox::str;

use crate::bench::{Bench, Run, expect_text};

/// Checks whose outcome is that of the machine.
const OF_MACHINE: [&str; 3] = ["file system", "file times", "room"];

/// The lines of a table that are the same everywhere.
fn lines(bench: &Bench, run: &Run) -> String {
    let is_of_machine = |line: &&str| {
        let check = line.get(8..).unwrap_or_default();
        OF_MACHINE.iter().any(|one| check.starts_with(one))
    };
    let mut text = String::new();
    let mut keeps = true;
    for line in run.stdout.lines() {
        if !line.starts_with(' ') {
            keeps = !is_of_machine(&line);
        }
        if keeps && !line.contains("checks: ") {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.replace(&*bench.store().to_string_lossy(), "[STORE]")
        .replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
}

/// A finding of a document: its verdict, and the cure if there is one.
/// Whatever is not fine has one, wherever it stands.
fn finding(run: &Run, check: &str) -> (String, String) {
    let document = run.json();
    let findings = document["findings"].as_array().unwrap();
    for one in findings {
        let has_cure = one["cure"].is_string();
        assert_eq!(has_cure, one["verdict"] != "ok", "{one}");
    }
    let broken = findings.iter().any(|one| one["verdict"] == "broken");
    assert_eq!(run.code, i32::from(broken));
    let found = findings.iter().find(|one| one["check"] == check);
    let found = found.unwrap_or_else(|| panic!("no {check}: {document}"));
    let text = |field: &str| found[field].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("cure"))
}

fn doctor(bench: &Bench) -> Run {
    bench.memo(&["doctor", "--format", "json"])
}

#[test]
fn a_sound_store_is_proven_to_be_one() {
    let bench = Bench::filled();
    let run = bench.memo(&["doctor"]);
    expect_text(
        &lines(&bench, &run),
        str![[r#"
ok      store                    `[STORE]`, format 1
ok      permissions              mode 0700, yours
ok      writing                  files can be made
ok      locks in a process       two threads exclude each other
ok      locks between processes  two processes exclude each other
ok      locks after a kill       free again when its holder is killed
ok      creating                 one alone can create a file
ok      renaming                 a file is replaced whole, and readers keep theirs
ok      placing                  the first to publish wins
ok      syncing                  files and names can be synced
ok      clock                    that of the file system and this machine's agree
ok      leftovers                none
ok      journal                  can be read
ok      runtimes                 memo-runtime [VERSION]
ok      settings                 all are understood
ok      workspace                there is none around


"#]],
    );
    assert_eq!(run.code, 0);
    assert_eq!(run.stderr, "");
    assert_eq!(fs::read_dir(bench.store().join("tmp")).unwrap().count(), 0);
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn before_there_is_a_store_its_place_is_tried() {
    let bench = Bench::new();
    let run = doctor(&bench);
    for check in ["store", "writing", "locks_between_processes", "syncing"] {
        assert_eq!(finding(&run, check).0, "ok", "{}", run.stdout);
    }
    let parent = bench.store().parent().unwrap().to_owned();
    assert_eq!(fs::read_dir(parent).unwrap().count(), 0);
}

#[test]
fn eighty_columns_are_enough() {
    let bench = Bench::filled();
    let mut command = bench.command(&["doctor", "--store"]);
    let run = bench.run({
        command.arg(bench.store()).env("COLUMNS", "80");
        command
    });
    let longest = run.stdout.lines().filter(|line| !line.contains('`'));
    let longest = longest.map(|line| line.chars().count()).max().unwrap();
    assert!(longest <= 80, "{}", run.stdout);
}

#[test]
fn a_store_that_is_refused_has_its_cure() {
    let newer = Bench::filled();
    fs::write(newer.store().join("format"), "99\n").unwrap();
    let open = Bench::filled();
    let permissions = fs::Permissions::from_mode(0o777);
    fs::set_permissions(open.store(), permissions).unwrap();
    let other = Bench::new();
    fs::create_dir(other.store()).unwrap();
    fs::write(other.store().join("thesis.tex"), "").unwrap();
    let file = Bench::new();
    fs::write(file.store(), "").unwrap();
    for (bench, cure) in [
        (newer, "update memo-runtime and cargo-memo"),
        (open, "`chmod go-w` it"),
        (other, "name an empty or new directory"),
        (file, "name another directory with MEMO_DIR"),
    ] {
        let (verdict, told) = finding(&doctor(&bench), "store");
        assert_eq!(verdict, "broken");
        assert!(told.starts_with(cure), "{told}");
    }
}

#[test]
fn a_store_of_another_user_is_told() {
    let bench = Bench::filled();
    if std::os::unix::fs::chown(bench.store(), Some(12345), None).is_err() {
        eprintln!("skipped: only root can give a directory away");
        return;
    }
    let run = doctor(&bench);
    let (verdict, cure) = finding(&run, "store");
    assert_eq!(verdict, "broken");
    assert_eq!(cure, "set MEMO_DIR to a directory of your own");
    assert!(run.stdout.contains("of user id 12345"), "{}", run.stdout);
}

#[test]
fn without_a_workspace_or_a_store_it_says_what_to_do() {
    let bench = Bench::new();
    let run = bench.run(bench.command(&["doctor"]));
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("no cargo workspace found at or above"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("cure: change into one, or "));
    assert_eq!(run.stderr, "");
}

#[test]
fn a_bad_setting_is_broken_and_named() {
    let bench = Bench::filled();
    let mut command = bench.command(&["doctor", "--format", "json", "--store"]);
    command.arg(bench.store()).env("MEMO_MAX_SIZE", "10");
    let run = bench.run(command);
    let (verdict, cure) = finding(&run, "settings");
    assert_eq!(verdict, "broken");
    assert!(cure.starts_with("correct MEMO_MAX_SIZE"), "{cure}");
}

#[test]
fn what_was_left_is_odd_and_breaks_nothing() {
    let bench = Bench::filled();
    let file = bench.store().join("tmp/0123456789abcdef");
    fs::write(&file, "").unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(100_000);
    let file = fs::File::options().write(true).open(file).unwrap();
    file.set_modified(long_ago).unwrap();
    let run = doctor(&bench);
    let (verdict, cure) = finding(&run, "leftovers");
    assert_eq!(verdict, "odd");
    assert!(cure.contains("`cargo memo gc`"), "{cure}");
    assert_eq!(run.code, 0);
}

#[test]
fn a_disk_that_is_smaller_than_the_limit_is_odd() {
    let bench = Bench::filled();
    let mut command = bench.command(&["doctor", "--format", "json", "--store"]);
    command
        .arg(bench.store())
        .env("MEMO_MAX_SIZE", "10000000TB");
    let (verdict, cure) = finding(&bench.run(command), "room");
    assert_eq!(verdict, "odd");
    assert!(cure.contains("`max-size`"), "{cure}");
}

/// A package beside the store that uses the runtime, with this build script.
fn package(build_script: Option<&str>, build_dependency: bool) -> Bench {
    let bench = Bench::filled();
    let dir = bench.beside("package");
    fs::create_dir_all(dir.join("src")).unwrap();
    let build = if build_dependency {
        "[build-dependencies]\nmemo-build = \"0.1\"\n"
    } else {
        ""
    };
    let manifest = format!(
        "[package]\nname = \"lab\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\nmemo-runtime = \"0.1\"\n{build}[workspace]\n"
    );
    fs::write(dir.join("Cargo.toml"), manifest).unwrap();
    let source = "#[memo_runtime::memo]\nfn train() -> u8 { 1 }\n";
    fs::write(dir.join("src/lib.rs"), source).unwrap();
    if let Some(script) = build_script {
        fs::write(dir.join("build.rs"), script).unwrap();
    }
    bench
}

/// What is found in the package.
fn in_package(bench: &Bench) -> Run {
    let mut command = bench.command(&["doctor", "--format", "json", "--store"]);
    command
        .arg(bench.store())
        .current_dir(bench.beside("package"));
    bench.run(command)
}

#[test]
fn a_build_script_that_tells_nothing_is_odd() {
    let good = "fn main() {\n    memo_build::fingerprint();\n}\n";
    for (script, dependency, verdict) in [
        (Some(good), true, "ok"),
        (Some(good), false, "odd"),
        (
            Some("fn main() {\n    // memo_build::fingerprint();\n}\n"),
            true,
            "odd",
        ),
        (None, true, "odd"),
    ] {
        let bench = package(script, dependency);
        let (found, cure) = finding(&in_package(&bench), "build_script");
        assert_eq!(found, verdict, "{script:?} {dependency}");
        if verdict == "odd" {
            assert_eq!(cure, "`cargo memo init -p lab`");
        }
    }
}

#[test]
fn versions_that_do_not_belong_together_are_odd() {
    let own = env!("CARGO_PKG_VERSION");
    for (locked, verdict) in [
        (vec![("memo-runtime", own), ("memo-build", own)], "ok"),
        (
            vec![("memo-runtime", own), ("memo-runtime", "9.0.0")],
            "odd",
        ),
        (vec![("memo-runtime", own), ("memo-build", "9.0.0")], "odd"),
        (
            vec![("memo-runtime", "9.0.0"), ("memo-build", "9.0.0")],
            "odd",
        ),
    ] {
        let bench = package(None, true);
        let packages = locked.iter().map(|(name, version)| {
            format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n")
        });
        let lock = format!("version = 4\n{}", packages.collect::<String>());
        fs::write(bench.beside("package").join("Cargo.lock"), lock).unwrap();
        assert_eq!(
            finding(&in_package(&bench), "versions").0,
            verdict,
            "{locked:?}"
        );
    }
}
