//! `run`: programs through the cache. What really ran is told by the marks
//! that programs leave.

mod binaries;
mod ending;
mod files;
mod keys;
mod output;
mod together;

use crate::lab::Lab;

#[test]
fn a_run_is_computed_once_and_then_a_hit() {
    let lab = Lab::with("echo \"loss=$2\"; echo done >&2");
    lab.train(&["--lr", "0.1"]).expect(
        0,
        snapbox::str![[r#"
loss=0.1

"#]],
        snapbox::str![[r#"
miss: train(lr=0.1), because no earlier call of it is known
done

"#]],
    );
    lab.train(&["--lr", "0.1"]).expect(
        0,
        snapbox::str![[r#"
loss=0.1

"#]],
        snapbox::str![[r#"
hit: train(lr=0.1), computed just now in [TOOK]
done

"#]],
    );
    assert_eq!(lab.ran(), ["--lr 0.1"]);
    lab.memo(&["list", "train", "--format", "csv"]);
    assert_eq!(lab.left_behind(), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn nothing_is_said_if_it_is_to_be_quiet() {
    let lab = Lab::with("echo done");
    for _ in 0..2 {
        let run = lab.memo(&["-q", "run", "--", "./train"]);
        run.expect(0, "done\n", "");
    }
    assert_eq!(lab.ran().len(), 1);
}

#[test]
fn a_metric_is_found_in_the_output_and_shown_in_lists() {
    let lab = Lab::with("echo loss=0.5; echo loss=0.25; echo acc 7 >&2");
    let metric = [
        "--metric",
        "loss=loss=([0-9.]+)",
        "--metric",
        "acc=acc ([0-9]+)",
    ];
    let run = lab.memo(&[&["run"], &metric[..], &["--", "./train", "--lr", "1"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    lab.memo(&["list", "train"]).expect(
        0,
        snapbox::str![[r#"
ID lr loss acc size took created last used
[ID] 1 0.25 7 [SIZE] [TOOK] just now just now

"#]],
        "",
    );
    let listed = lab.memo(&["list", "train", "--where", "loss<0.3 and acc=7"]);
    assert_eq!(listed.stdout.lines().count(), 2, "{}", listed.stdout);
}

#[test]
fn a_program_tells_metrics_through_the_file_it_is_given() {
    let lab = Lab::with("test -n \"$MEMO_METRICS\" && test -n \"$MEMO_HELD\"");
    assert_eq!(lab.train(&[]).code, 0);
}

#[test]
fn modes_of_the_environment_hold_for_programs_too() {
    let lab = Lab::with("echo done");
    let with = |mode: &str| {
        let mut command = lab.command(&["run", "--", "./train"]);
        command.env("MEMO", mode);
        lab.bench.run(command)
    };
    with("offline").expect(
        1,
        "",
        snapbox::str![[r#"
error: MEMO=offline, and it is not in the store: run it without, or somewhere it is kept

"#]],
    );
    assert_eq!(lab.ran().len(), 0);
    assert_eq!(with("readonly").code, 0);
    assert_eq!(with("off").code, 0);
    assert_eq!((lab.ran().len(), lab.kept()), (2, 0));
    assert_eq!(lab.train(&[]).code, 0);
    assert_eq!(with("offline").stdout, "done\n");
    assert_eq!(with("readonly").stdout, "done\n");
    assert_eq!(lab.ran().len(), 3);
    assert_eq!(with("off").code, 0);
    assert_eq!(with("refresh").code, 0);
    assert_eq!(lab.ran().len(), 5);
    with("check").expect(
        0,
        "done\n",
        snapbox::str![[r#"
check: train(), run again to compare
check: it came out as it is kept

"#]],
    );
    assert_eq!(lab.ran().len(), 6);
}
