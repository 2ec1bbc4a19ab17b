//! Several sweeps over the same points at once.

use std::collections::BTreeSet;
use std::process::Stdio;

use crate::lab::Lab;

#[test]
fn four_processes_compute_each_of_two_hundred_points_once() {
    let lab = Lab::with("echo $2");
    let words = ["-q", "sweep", "seed=0..200", "-j", "4", "--", "./train"];
    let sweeps: Vec<_> = (0..4)
        .map(|_| lab.command(&words).stdout(Stdio::piped()).spawn().unwrap())
        .collect();
    for sweep in sweeps {
        let output = sweep.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    let ran = lab.ran();
    let distinct: BTreeSet<&String> = ran.iter().collect();
    assert_eq!((ran.len(), distinct.len(), lab.kept()), (200, 200, 200));
    assert_eq!(lab.left_behind().len(), 0);
}

#[test]
fn overlapping_sweeps_share_what_they_have_in_common() {
    let lab = Lab::with("echo $2");
    let start = |range: &str| {
        let mut command = lab.command(&["-q", "sweep", range, "-j", "3", "--", "./train"]);
        command.stdout(Stdio::null()).spawn().unwrap()
    };
    let sweeps = [start("seed=0..60"), start("seed=30..90")];
    for mut sweep in sweeps {
        assert!(sweep.wait().unwrap().success());
    }
    assert_eq!((lab.ran().len(), lab.kept()), (90, 90));
}

#[test]
fn points_that_come_out_the_same_are_computed_once() {
    let lab = Lab::with("echo $1");
    let words = [
        "-q",
        "sweep",
        "lr=1,2",
        "ignored=1..=5",
        "-j",
        "4",
        "--",
        "./train",
        "{lr}",
    ];
    // `{{ignored}}` would place it; an environment variable does without a trace.
    let words = [&words[..4], &["--env", "UNUSED={ignored}"], &words[4..]].concat();
    assert_eq!(lab.memo(&words).code, 0);
    assert_eq!(lab.ran().len(), 10, "the variable counts");
    assert_eq!(lab.memo(&words).code, 0);
    assert_eq!(lab.ran().len(), 10);
}
