//! `why` and `log` of runs.

use memo_runtime::manage::Cause;
use snapbox::str;

use super::{Run, bytes, trained};
use crate::bench::Bench;

#[test]
fn the_first_run_is_the_first() {
    let bench = Bench::new();
    Run::default().keep(&bench);
    bench.memo(&["why", "train"]).expect(
        0,
        str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because no earlier call of it is known

"#]],
        str![],
    );
}

#[test]
fn arguments_that_changed_are_told() {
    trained().memo(&["why"]).expect(
        0,
        str![[r#"
train(lr=0.5, layers=3) was computed on 2024-03-01 ([TOOK]) because an argument changed
  lr 0.01 → 0.5
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.01, layers=3)).

"#]],
        str![],
    );
}

#[test]
fn a_file_that_changed_is_told() {
    let bench = Bench::new();
    for content in ["1.2 kB, 12345678", "1.3 kB, 9abcdef0"] {
        Run {
            arguments: &[("lr", "0.1"), ("input data/a.csv", content)],
            ..Run::default()
        }
        .keep(&bench);
    }
    bench.memo(&["why", "train"]).expect(
        0,
        str![[r#"
train(lr=0.1) was computed on 2024-03-01 ([TOOK]) because an argument changed
  input data/a.csv [SIZE], [ID] → [SIZE], [ID]
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1)).

"#]],
        str![],
    );
}

#[test]
fn of_an_argument_given_twice_only_what_changed_is_told() {
    let bench = Bench::new();
    for last in ["4", "5"] {
        Run {
            arguments: &[("layer", "3"), ("layer", last)],
            ..Run::default()
        }
        .keep(&bench);
    }
    bench.memo(&["why", "train"]).expect(
        0,
        str![[r#"
train(layer=3, layer=5) was computed on 2024-03-01 ([TOOK]) because an argument changed
  layer 4 → 5
The nearest earlier entry is [ID] (2024-03-01, train(layer=3, layer=4)).

"#]],
        str![],
    );
}

#[test]
fn a_program_whose_bytes_changed_tells_no_more() {
    let bench = Bench::new();
    for code in ["first", "second"] {
        Run {
            code: bytes(code),
            ..Run::default()
        }
        .keep(&bench);
    }
    bench.memo(&["why", "train"]).expect(0, str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its code changed
The bytes of the program count, and tell no more. The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1, layers=3)).

"#]], str![]);
}

#[test]
fn a_run_that_failed_is_told_and_why_it_was_not_kept() {
    let bench = Bench::new();
    Run::default().fail(&bench, Cause::ExitCode);
    bench.memo(&["why"]).expect(0, str![[r#"
train(…), [ID], exited with an error on 2024-03-01 ([TOOK]); it was run because no earlier call of it is known
Nothing was kept, for it exited with an error: --keep-failures keeps that too.

"#]], str![]);
    Run::default().keep(&bench);
    bench.memo(&["why"]).expect(0, str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because it exited with an error the last time
That was on 2024-03-01. Nothing was kept, for it exited with an error: --keep-failures keeps that too.

"#]], str![]);
    bench.memo(&["log"]).expect(
        0,
        str![[r#"
time outcome took size ID function cause
2024-03-01 12:00:00 error [TOOK] [ID] train exited with an error
2024-03-01 12:01:00 computed [TOOK] [SIZE] [ID] train no entry

"#]],
        str![],
    );
}

#[test]
fn every_way_to_fail_has_its_words() {
    for (cause, word, last_time) in [
        (
            Cause::ExitCode,
            "exit_code",
            "it exited with an error the last time",
        ),
        (
            Cause::Signal,
            "signal",
            "it was ended by a signal the last time",
        ),
        (
            Cause::TimedOut,
            "timed_out",
            "it took longer than allowed the last time",
        ),
        (
            Cause::NoOutput,
            "no_output",
            "it did not leave its outputs the last time",
        ),
        (
            Cause::Cancelled,
            "cancelled",
            "the call before was cancelled",
        ),
    ] {
        let bench = Bench::new();
        Run::default().fail(&bench, cause);
        let failed = bench.memo(&["why", "--format", "json"]).json();
        assert_eq!(failed["computation"]["not_kept"], word);
        Run::default().keep(&bench);
        let told = bench.memo(&["why"]).stdout.replace('\n', " ");
        assert!(told.contains(&format!("because {last_time}")), "{told}");
        let document = bench.memo(&["why", "--format", "json"]).json();
        assert_eq!(document["reasons"][0]["why"], word);
    }
}

#[test]
fn of_a_run_that_was_made_to_compare_it_is_not_told_how_it_came_out() {
    let bench = Bench::new();
    Run::default().keep(&bench);
    Run::default().check(&bench);
    bench.memo(&["why"]).expect(0, str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because what is kept was to be compared with another computation

"#]], str![]);
}
