//! How programs end, and what is kept of that.

use std::fs;

use crate::lab::Lab;
use crate::pseudo_terminal;

#[test]
fn a_failure_is_not_kept_unless_that_is_wanted() {
    let lab = Lab::with("echo oops >&2; exit 3");
    lab.train(&[]).expect(
        3,
        "",
        snapbox::str![[r#"
miss: train(), because no earlier call of it is known
oops
note: it exited with code 3 after [TOOK], which is not kept (--keep-failures keeps it)

"#]],
    );
    assert_eq!(lab.train(&[]).code, 3);
    assert_eq!((lab.ran().len(), lab.kept()), (2, 0));
    let keep = ["run", "--keep-failures", "--", "./train"];
    assert_eq!(lab.memo(&keep).code, 3);
    lab.memo(&keep).expect(
        3,
        "",
        snapbox::str![[r#"
hit: train(), computed just now in [TOOK]
oops

"#]],
    );
    assert_eq!((lab.ran().len(), lab.kept()), (3, 1));
}

#[test]
fn a_signal_is_never_kept() {
    let lab = Lab::with("kill -TERM $$");
    let run = || lab.memo(&["run", "--keep-failures", "--", "./train"]);
    assert_eq!(run().code, 128 + 15);
    run().expect(
        128 + 15,
        "",
        snapbox::str![[r#"
miss: train(), because it was ended by a signal the last time
note: signal 15 ended it after [TOOK]

"#]],
    );
    assert_eq!((lab.ran().len(), lab.kept()), (2, 0));
}

#[test]
fn what_takes_too_long_is_ended_with_all_that_it_started() {
    let lab = Lab::with("sleep 100000 & echo $! > child; wait");
    let run = lab.memo(&["run", "--timeout", "200ms", "--", "./train"]);
    run.expect(
        124,
        "",
        snapbox::str![[r#"
miss: train(), because no earlier call of it is known
note: it was ended after [TOOK]: --timeout allows no more

"#]],
    );
    assert_eq!(lab.kept(), 0);
    let child: i32 = String::from_utf8(lab.read("child"))
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let pid = rustix::process::Pid::from_raw(child).unwrap();
    // Whoever adopts it may take a moment to bury it.
    let is_gone = || {
        let stat = fs::read_to_string(format!("/proc/{child}/stat"));
        stat.map_or(true, |stat| stat.contains(") Z "))
    };
    while rustix::process::test_kill_process(pid).is_ok() && !is_gone() {
        std::thread::yield_now();
    }
}

#[test]
fn what_cannot_be_started_has_the_codes_of_a_shell() {
    let lab = Lab::new();
    lab.write("text", "not a program");
    fs::create_dir(lab.path("dir")).unwrap();
    lab.memo(&["run", "--", "no-such-program"])
        .expect(127, "", snapbox::str![[r#"
error: command not found: `no-such-program`: it is in no directory of PATH; a program elsewhere is named by its path, as in `./no-such-program`

"#]]);
    lab.memo(&["run", "--", "./no-such-program"]).expect(
        127,
        "",
        snapbox::str![[r#"
error: command not found: `./no-such-program`

"#]],
    );
    lab.memo(&["run", "--", "./text"]).expect(
        126,
        "",
        snapbox::str![[r#"
error: cannot execute `./text`: permission denied; `chmod +x` makes a file executable

"#]],
    );
    lab.memo(&["run", "--", "./dir"]).expect(
        126,
        "",
        snapbox::str![[r#"
error: cannot execute `./dir`: it is a directory

"#]],
    );
    assert_eq!(lab.kept(), 0);
}

#[test]
fn a_kept_run_can_be_checked_against_a_second() {
    let lab = Lab::with("echo same; cat chance; test -e model && cat model; cp chance model");
    lab.write("chance", "1\n");
    let check = ["run", "--check", "--output", "model", "--", "./train"];
    assert_eq!(lab.memo(&check).code, 0, "nothing to compare with");
    fs::remove_file(lab.path("model")).unwrap();
    lab.memo(&check).expect(
        0,
        "same\n1\n",
        snapbox::str![[r#"
check: train(), run again to compare
check: it came out as it is kept

"#]],
    );
    fs::remove_file(lab.path("model")).unwrap();
    lab.write("chance", "2\n");
    lab.memo(&check).expect(1, "same\n2\n", snapbox::str![[r#"
check: train(), run again to compare
warning: it came out otherwise than it is kept: standard output, `model` differ: the program depends on more than is declared (see --input, --env and --stdin), on chance, or on time

"#]]);
    assert_eq!(lab.ran().len(), 3);
    let kept = lab.memo(&["-q", "run", "--output", "model", "--", "./train"]);
    assert_eq!(kept.stdout, "same\n1\n", "what is kept stays");
    assert_eq!(lab.read("model"), b"1\n");
}

#[test]
fn ctrl_c_ends_the_program_and_leaves_nothing_half() {
    let lab = Lab::with(
        "mkfifo begun; trap 'echo ended > end; exit 1' INT; echo x > begun; sleep 100000 & wait",
    );
    let child = lab.command(&["run", "--", "./train"]).spawn().unwrap();
    while !lab.path("begun").exists() {
        std::thread::yield_now();
    }
    assert_eq!(fs::read(lab.path("begun")).unwrap(), b"x\n");
    pseudo_terminal::interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(lab.read("end"), b"ended\n", "it could tidy up");
    assert_eq!((lab.kept(), lab.left_behind().len()), (0, 0));
    let log = lab.memo(&["log"]).stdout;
    assert!(log.contains("cancelled"), "{log}");
}
