//! The files that a program leaves.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

use crate::bench::Run;
use crate::lab::Lab;

/// A program that leaves `model.bin` and the directory `logs`.
fn lab() -> Lab {
    Lab::with("printf weights > model.bin; mkdir -p logs/empty; echo 1 > logs/a; chmod 700 logs/a")
}

fn run(lab: &Lab) -> Run {
    lab.memo(&[
        "run",
        "--output",
        "model.bin",
        "--output",
        "logs",
        "--",
        "./train",
    ])
}

#[test]
fn outputs_are_restored_where_they_are_missing_or_differ() {
    let lab = lab();
    assert_eq!(run(&lab).code, 0);
    fs::remove_file(lab.path("model.bin")).unwrap();
    fs::remove_dir_all(lab.path("logs")).unwrap();
    assert_eq!(run(&lab).code, 0);
    assert_eq!(lab.read("model.bin"), b"weights");
    assert_eq!(lab.read("logs/a"), b"1\n");
    assert!(lab.path("logs/empty").is_dir());
    let mode = fs::metadata(lab.path("logs/a"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
    lab.write("model.bin", "weighty");
    let before = fs::metadata(lab.path("logs/a"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(run(&lab).code, 0);
    assert_eq!(lab.read("model.bin"), b"weights");
    let after = fs::metadata(lab.path("logs/a"))
        .unwrap()
        .modified()
        .unwrap();
    assert_eq!(before, after, "what is the same is left alone");
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn an_output_that_is_not_there_is_an_error_and_nothing_is_kept() {
    let lab = Lab::with("echo done");
    run(&lab).expect(
        1,
        "done\n",
        snapbox::str![[r#"
miss: train(), because no earlier call of it is known
error: the run is not kept: `logs`: the program did not leave it; it is declared with --output

"#]],
    );
    assert_eq!((lab.kept(), lab.left_behind().len()), (0, 0));
}

#[test]
fn outputs_lie_beneath_the_directory() {
    let lab = Lab::with("true");
    for path in ["../model.bin", "/tmp/model.bin", "a/../../b", "", "."] {
        let run = lab.memo(&["run", "--output", path, "--", "./train"]);
        assert_eq!(run.code, 2, "{path}: {}", run.stderr);
    }
    assert_eq!(lab.ran().len(), 0);
}

#[test]
fn nothing_is_restored_through_a_link() {
    let lab = lab();
    assert_eq!(run(&lab).code, 0);
    let outside = lab.bench.beside("outside");
    fs::write(&outside, "mine").unwrap();
    fs::remove_file(lab.path("model.bin")).unwrap();
    symlink(&outside, lab.path("model.bin")).unwrap();
    run(&lab).expect(
        1,
        "",
        snapbox::str![[r#"
error: cannot restore `model.bin`: it is a symbolic link; move it away

"#]],
    );
    assert_eq!(fs::read(&outside).unwrap(), b"mine");
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn a_large_output_is_streamed_both_ways() {
    let lab = Lab::with("head -c 50000000 /dev/zero | tr '\\000' y > model.bin");
    let run = || lab.memo(&["run", "--output", "model.bin", "--", "./train"]);
    assert_eq!(run().code, 0);
    let digest = || blake3::hash(&lab.read("model.bin"));
    let before = digest();
    fs::remove_file(lab.path("model.bin")).unwrap();
    assert_eq!(run().code, 0);
    assert_eq!(digest(), before);
    assert_eq!(lab.ran().len(), 1);
}

/// The files in the store, but for lists of what is in directories.
fn kept(lab: &Lab) -> Vec<PathBuf> {
    let in_fan = |fan: PathBuf| fs::read_dir(fan).unwrap().map(|file| file.unwrap().path());
    let fans = fs::read_dir(lab.bench.store().join("files")).into_iter();
    let fans = fans.flatten().map(|fan| fan.unwrap().path());
    let fans = fans.filter(|fan| fan.is_dir() && !fan.ends_with("of"));
    fans.flat_map(in_fan).collect()
}

#[test]
fn runs_that_leave_the_same_keep_it_once_and_are_cleared_one_by_one() {
    let lab = Lab::with("head -c 3000000 /dev/zero > model.bin");
    let run = |seed| lab.memo(&["run", "--output", "model.bin", "--", "./train", seed]);
    assert_eq!((run("1").code, run("2").code), (0, 0));
    assert_eq!((lab.kept(), kept(&lab).len()), (2, 1));
    let status = lab.memo(&["status"]).stdout;
    assert!(status.contains("1 file"), "{status}");
    let first = lab.memo(&["clear", "train", "--where", "1=1", "--yes"]);
    assert_eq!((first.code, lab.kept()), (0, 1), "{}", first.stderr);
    assert_eq!(lab.memo(&["gc", "--yes"]).code, 0);
    fs::remove_file(lab.path("model.bin")).unwrap();
    assert_eq!(run("2").code, 0);
    assert_eq!(lab.read("model.bin").len(), 3_000_000);
    assert_eq!(lab.ran(), ["1", "2"]);
    assert_eq!(lab.memo(&["clear", "--all", "--yes"]).code, 0);
    assert!(kept(&lab).is_empty());
}

#[test]
fn files_that_stay_for_an_hour_without_a_result_are_told() {
    let lab = Lab::with("head -c 3000000 /dev/zero > model.bin");
    assert_eq!(
        lab.memo(&["run", "--output", "model.bin", "--", "./train"])
            .code,
        0
    );
    let told = "in 1 file of no result, kept within the last hour, stay: a result that has them \
                may be about to come; a later gc removes them\n";
    let clear = lab.memo(&["clear", "train", "--yes"]).stdout;
    assert!(clear.ends_with(told), "{clear}");
    let gc = lab.memo(&["gc", "--yes"]).stdout;
    assert!(gc.ends_with(told), "{gc}");
    let document = lab.memo(&["gc", "--yes", "--format", "json"]).stdout;
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["removed"]["young_files"]["files"], 1);
    assert_eq!(kept(&lab).len(), 1);
    let all = lab.memo(&["clear", "--all", "--yes"]).stdout;
    assert!(!all.contains("stay"), "{all}");
    assert!(kept(&lab).is_empty());
}

#[test]
fn a_kept_output_that_is_gone_is_a_miss_that_says_so() {
    let lab = Lab::with("printf weights > model.bin");
    let run = || lab.memo(&["run", "--output", "model.bin", "--", "./train"]);
    assert_eq!(run().code, 0);
    for file in kept(&lab) {
        fs::remove_file(file).unwrap();
    }
    // What is in its place is as it was kept: nothing is missing.
    assert_eq!((run().code, lab.ran().len()), (0, 1));
    fs::remove_file(lab.path("model.bin")).unwrap();
    run().expect(
        0,
        "",
        snapbox::str![[r#"
warning: cannot restore `model.bin`: it is not kept any more
miss: train(), because its result was damaged

"#]],
    );
    assert_eq!(lab.ran().len(), 2);
    fs::remove_file(lab.path("model.bin")).unwrap();
    assert_eq!(run().code, 0);
    assert_eq!(
        (lab.read("model.bin").as_slice(), lab.ran().len()),
        (&b"weights"[..], 2)
    );
}

#[test]
fn verify_finds_a_damaged_output_and_repairing_heals() {
    let lab = Lab::with("printf weights > model.bin");
    let run = || lab.memo(&["run", "--output", "model.bin", "--", "./train"]);
    assert_eq!(run().code, 0);
    let [file] = kept(&lab).try_into().unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&file, "weighty").unwrap();
    let found = lab.memo(&["verify"]);
    assert_eq!(found.code, 1);
    let told = "`model.bin`, which its value names, is damaged";
    assert!(found.stdout.contains(told), "{}", found.stdout);
    lab.memo(&["verify", "--repair"]);
    assert_eq!(lab.memo(&["verify"]).code, 0);
    assert_eq!((run().code, lab.ran().len()), (0, 2));
    fs::remove_file(lab.path("model.bin")).unwrap();
    assert_eq!((run().code, lab.ran().len()), (0, 2));
    assert_eq!(lab.read("model.bin"), b"weights");
}
