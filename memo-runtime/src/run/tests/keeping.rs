//! When a run is kept, and when it is made.

use std::time::Duration;

use super::*;

#[test]
fn the_first_to_finish_is_kept_and_a_refresh_replaces_it() {
    for size in [10, LARGE] {
        let scratch = Scratch::new();
        let call = run_of(&scratch.memo(), 1);
        record(&call, &vec![b'1'; size]);
        let mut recorder = computes(call.begin(&refreshing()));
        assert_eq!(recorder.cause(), Cause::Refreshed);
        recorder.write(Stream::Stdout, &vec![b'2'; size]);
        assert!(recorder.finish(facts(0), Duration::ZERO).kept);
        let (recording, _) = found(call.begin(&manner()));
        assert!(stdout(&recording) == vec![b'2'; size]);
        assert_eq!(scratch.entries().len(), 1);
    }
}

#[test]
fn everything_that_a_run_depends_on_is_part_of_its_key() {
    let scratch = Scratch::new();
    let memo = scratch.memo();
    let digest = |byte: u8| Digest::from_bytes([byte; 32]);
    let run = |package: &str, program: &str| RunCall::builder(&memo, package, program);
    let source = |level, fingerprint, truth| ProgramCode::Source {
        level,
        package_version: "1.0.0".to_owned(),
        fingerprint,
        list: [].into(),
        conditions: vec![("unix".to_owned(), truth)],
    };
    use crate::manage::CodeLevel::{Crate, Graph};
    let keys = [
        run("lab", "train"),
        run("lab", "trai"),
        run("la", "btrain"),
        run("lab", "train").code(ProgramCode::Bytes(digest(1))),
        run("lab", "train").code(ProgramCode::Bytes(digest(2))),
        run("lab", "train").code(source(Graph, digest(1), true)),
        run("lab", "train").code(source(Crate, digest(1), true)),
        run("lab", "train").code(source(Graph, digest(2), true)),
        run("lab", "train").code(source(Graph, digest(1), false)),
        run("lab", "train").argument("a", digest(1), "1"),
        run("lab", "train").argument("a", digest(2), "1"),
        run("lab", "train").argument("b", digest(1), "1"),
        run("lab", "train")
            .argument("a", digest(1), "1")
            .argument("b", digest(1), "1"),
        run("lab", "train")
            .argument("b", digest(1), "1")
            .argument("a", digest(1), "1"),
    ]
    .map(|builder| builder.build().key());
    let different: std::collections::BTreeSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
    // What is for people alone is not.
    let text = |text| run("lab", "train").argument("a", digest(1), text).build();
    assert_eq!(text("1").key(), text("one").key());
    let elsewhere = run("lab", "train").dir(Path::new("/elsewhere"));
    assert_eq!(elsewhere.build().key(), keys[0]);
    // Nor is it taken for a function of the same name.
    assert_ne!(
        memo.call("train").computing(|| 1).key(),
        Some(run("", "train").build().key())
    );
}

#[test]
fn a_run_that_failed_is_not_kept_and_told_of() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    for cause in [
        Cause::ExitCode,
        Cause::Signal,
        Cause::TimedOut,
        Cause::NoOutput,
    ] {
        let mut recorder = computes(call.begin(&manner()));
        recorder.write(Stream::Stderr, &vec![b'x'; LARGE]);
        recorder.fail(cause, Duration::from_secs(2));
        let last = executions(&scratch).pop().unwrap();
        assert_eq!((last.outcome, last.cause), (Outcome::Error, cause));
        assert_eq!(last.computing, 2_000_000_000);
        assert!(scratch.entries().is_empty());
        assert!(scratch.names("tmp").is_empty() && scratch.names("flights").is_empty());
    }
    drop(computes(call.begin(&manner())));
    let last = executions(&scratch).pop().unwrap();
    assert_eq!(
        (last.outcome, last.cause),
        (Outcome::Error, Cause::Cancelled)
    );
    assert_eq!(computes(call.begin(&manner())).held(), Some(call.key()));
}

fn executions(scratch: &Scratch) -> Vec<crate::manage::Execution> {
    let mut found = Vec::new();
    let all = scratch
        .vault()
        .each_execution(Default::default(), |it| found.push(it));
    all.unwrap();
    found
}

#[test]
fn a_check_keeps_nothing_and_can_be_compared() {
    for size in [10, LARGE] {
        let scratch = Scratch::new();
        let call = run_of(&scratch.memo(), 1);
        record(&call, &vec![b'1'; size]);
        let mut recorder = computes(call.begin(&Manner {
            keep: false,
            ..refreshing()
        }));
        recorder.write(Stream::Stdout, &vec![b'2'; size]);
        assert!(
            scratch.names("tmp").is_empty(),
            "it is gone if we are killed"
        );
        let finished = recorder.finish(facts(0), Duration::ZERO);
        assert_eq!(
            (finished.outcome, finished.kept),
            (Outcome::Computed, false)
        );
        assert_eq!(finished.problem, None);
        assert!(stdout(&finished.recording.unwrap()) == vec![b'2'; size]);
        assert_eq!(executions(&scratch).pop().unwrap().cause, Cause::Checked);
        assert!(stdout(&found(call.begin(&manner())).0) == vec![b'1'; size]);
    }
}

#[test]
fn a_run_expires() {
    let scratch = Scratch::new();
    let clock = Clock::manual(1_000_000_000_000_000_000);
    let memo = scratch.builder().clock(clock.clone()).build();
    let hour = Duration::from_secs(3600);
    let call = builder_of(&memo, 1).ttl(hour).build();
    record(&call, b"1");
    clock.advance(hour - Duration::from_nanos(1));
    assert!(call.peek().is_some());
    found(call.begin(&manner()));
    clock.advance(Duration::from_nanos(1));
    assert_eq!(call.peek(), None);
    let mut recorder = computes(call.begin(&manner()));
    assert_eq!(recorder.cause(), Cause::Expired);
    recorder.write(Stream::Stdout, b"2");
    assert!(recorder.finish(facts(0), Duration::ZERO).kept);
    assert_eq!(stdout(&found(call.begin(&manner())).0), b"2");
}

#[test]
fn peeking_tells_what_came_of_a_run_and_changes_nothing() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    assert_eq!((call.peek(), call.usual()), (None, None));
    assert!(!scratch.store().exists());
    for size in [10, LARGE] {
        let call = run_of(&scratch.memo(), size as u64);
        record(&call, &vec![b'x'; size]);
        let before = executions(&scratch).len();
        let kept = Kept {
            facts: facts(0),
            created: 1_000_000_000_000_000_000,
            duration: Duration::from_millis(5),
        };
        assert_eq!(call.peek().as_ref(), Some(&kept));
        assert_eq!(run_of(&scratch.memo(), size as u64).peek(), Some(kept));
        assert_eq!(call.usual(), Some(Duration::from_millis(5)));
        assert_eq!(executions(&scratch).len(), before);
    }
    assert_eq!(run_of(&scratch.memo(), 3).peek(), None);
}

#[test]
fn without_a_store_a_run_is_made_all_the_same() {
    let scratch = Scratch::new();
    for size in [10, LARGE] {
        let memo = scratch.builder().mode(Mode::Off).build();
        let finished = record(&run_of(&memo, 1), &vec![b'x'; size]);
        assert_eq!(
            (finished.outcome, finished.kept),
            (Outcome::Computed, false)
        );
        assert_eq!(finished.problem, None);
        let recording = finished.recording.unwrap();
        assert_eq!(recording.stdout_bytes(), size as u64);
        assert_eq!(recording.replay(|_, _| Ok(())).is_ok(), size < LARGE);
    }
    assert!(is_empty(&scratch.store()));
}

#[test]
fn a_store_that_is_no_store_is_told_as_the_problem() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.store()).unwrap();
    std::fs::write(scratch.store().join("thesis.tex"), b"mine").unwrap();
    let finished = record(&run_of(&scratch.memo(), 1), b"text");
    assert!(!finished.kept);
    let problem = finished.problem.unwrap();
    assert!(problem.contains("is not a memo store"), "{problem}");
}

#[test]
fn what_may_only_be_read_is_found_and_not_added_to() {
    let scratch = Scratch::new();
    record(&run_of(&scratch.memo(), 1), b"kept");
    let memo = scratch.builder().mode(Mode::ReadOnly).build();
    let (recording, _) = found(run_of(&memo, 1).begin(&manner()));
    assert_eq!(stdout(&recording), b"kept");
    let finished = record(&run_of(&memo, 2), b"new");
    assert_eq!((finished.kept, finished.problem), (false, None));
    assert_eq!(scratch.entries().len(), 1);
}

#[test]
fn offline_finds_and_refuses_to_compute() {
    let scratch = Scratch::new();
    record(&run_of(&scratch.memo(), 1), b"kept");
    let memo = scratch.builder().mode(Mode::Offline).build();
    found(run_of(&memo, 1).begin(&manner()));
    assert!(matches!(run_of(&memo, 2).begin(&manner()), Begun::Refused));
    let nowhere = Scratch::new();
    let memo = nowhere.builder().mode(Mode::Offline).build();
    assert!(matches!(run_of(&memo, 1).begin(&manner()), Begun::Refused));
}

#[test]
fn a_store_that_was_removed_while_a_program_ran_is_made_anew() {
    for size in [10, LARGE, 3 * LARGE] {
        let scratch = Scratch::new();
        let call = run_of(&scratch.memo(), 1);
        let mut recorder = computes(call.begin(&manner()));
        let text = vec![b'x'; size];
        recorder.write(Stream::Stdout, &text[..size / 2]);
        std::fs::remove_dir_all(scratch.store()).unwrap();
        recorder.write(Stream::Stdout, &text[size / 2..]);
        let finished = recorder.finish(facts(0), Duration::ZERO);
        assert_eq!((finished.kept, finished.problem), (true, None));
        assert!(stdout(&found(call.begin(&manner())).0) == text);
        assert!(scratch.names("tmp").is_empty());
    }
}

#[test]
fn what_is_printed_after_outputs_is_no_recording() {
    let scratch = Scratch::new();
    let call = run_of(&scratch.memo(), 1);
    let mut recorder = computes(call.begin(&manner()));
    leave(&mut recorder, &scratch.work(), &[("out", b"")]);
    recorder.write(Stream::Stdout, b"late");
    let finished = recorder.finish(facts(0), Duration::ZERO);
    assert_eq!((finished.kept, finished.problem.is_some()), (false, true));
    assert!(scratch.entries().is_empty());
}

#[test]
fn an_output_that_leads_elsewhere_is_not_kept() {
    for path in ["../x", "/x", "a/../x", "", ".", "a\0b"] {
        let scratch = Scratch::new();
        std::fs::write(scratch.0.path().join("x"), b"x").unwrap();
        let call = run_of(&scratch.memo(), 1);
        let mut recorder = computes(call.begin(&manner()));
        let (work, declared) = (scratch.work(), [path.to_owned()]);
        let outputs = outputs_in(&work, &declared);
        let since = std::time::SystemTime::UNIX_EPOCH;
        let collected = recorder.collect(&outputs, since, Duration::ZERO);
        assert!(collected.is_err(), "{path}");
    }
}

/// More arguments and metrics than there is room for in the head of a large
/// recording.
#[test]
fn a_long_header_finds_room() {
    for size in [10, LARGE] {
        for count in [500, 5000] {
            let scratch = Scratch::new();
            let memo = scratch.memo();
            let mut builder = RunCall::builder(&memo, "lab", "train");
            for number in 0..count {
                let digest = crate::key::digest_of(&number).unwrap();
                let text = "a text of some length, for people to read".repeat(4);
                builder = builder.argument(&format!("argument {number}"), digest, &text);
            }
            let call = builder.build();
            let mut recorder = computes(call.begin(&manner()));
            let text = vec![b'x'; size];
            recorder.write(Stream::Stdout, &text);
            let metrics = |count| {
                let one = |number| Metric {
                    name: format!("metric {number}"),
                    value: f64::from(number),
                };
                (0..count).map(one).collect::<Vec<_>>()
            };
            let facts = RunFacts {
                exit_code: 0,
                metrics: metrics(1000),
            };
            let finished = recorder.finish(facts.clone(), Duration::ZERO);
            assert_eq!((finished.kept, finished.problem), (true, None));
            assert!(stdout(&finished.recording.unwrap()) == text);
            let (recording, _) = found(call.begin(&manner()));
            assert!(stdout(&recording) == text);
            assert_eq!(recording.facts(), &facts);
            assert_eq!(call.peek().unwrap().facts, facts);
            let head = scratch
                .vault()
                .head(&scratch.entries()[0])
                .unwrap()
                .unwrap();
            // Beyond all bounds, arguments are not told.
            let told = if count == 500 { 500 } else { 0 };
            assert_eq!(head.header.arguments.len(), told);
            assert_eq!(head.run, Some(facts));
            assert!(scratch.names("tmp").is_empty());

            let recorder = computes(call.begin(&refreshing()));
            let finished = recorder.finish(
                RunFacts {
                    exit_code: 0,
                    metrics: metrics(100_000),
                },
                Duration::ZERO,
            );
            assert!(!finished.kept);
            let problem = finished.problem.unwrap();
            assert!(problem.contains("too many metrics"), "{problem}");
        }
    }
}
