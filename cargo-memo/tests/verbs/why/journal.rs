//! Reasons that the journal tells.

use memo_runtime::Memo;
use memo_runtime::manage::{Cause, Execution, Outcome};
use snapbox::str;

use super::{later, reasons};
use crate::bench::{Bench, expect_text};
use crate::redact::redacted;

/// What happened to a result, by outcome, cause, and whether it was kept.
type Event = (Outcome, Cause, bool);

const COMPUTED: Event = (Outcome::Computed, Cause::Absent, true);

/// The page and the reasons of each story: a result was kept, and then these
/// events happened, a minute after the other.
fn told(stories: &[&[Event]]) -> (String, String) {
    let (mut pages, mut documents) = (String::new(), String::new());
    for story in stories {
        let bench = Bench::new();
        bench.train(0.1, 3);
        let key = {
            let memo = Memo::builder(bench.store()).open().unwrap();
            let call = memo
                .call("lab::train")
                .arg("lr", &0.1)
                .arg("layers", &3_u32);
            call.computing(|| 0.1).key().unwrap()
        };
        for &(outcome, cause, kept) in *story {
            later(&bench);
            bench.record(&Execution {
                time: bench.clock.now(),
                pid: 1,
                host: "host".to_owned(),
                package: String::new(),
                function: "lab::train".to_owned(),
                key,
                outcome,
                cause,
                took: 12_400_000_000,
                computing: 12_400_000_000,
                bytes: if kept { 500 } else { 0 },
                count: 1,
            });
        }
        let page = bench.memo(&["why"]);
        assert_eq!((&*page.stderr, page.code), ("", 0));
        pages.push_str(&redacted(&page.stdout, &bench.store()));
        documents.push_str(&reasons(&bench));
    }
    (pages, documents)
}

#[test]
fn what_was_removed_is_computed_again() {
    let removed = |outcome, cause| [(outcome, cause, true), COMPUTED];
    let (pages, documents) = told(&[
        &removed(Outcome::Evicted, Cause::OverSize),
        &removed(Outcome::Cleared, Cause::Plain),
        &removed(Outcome::Cleared, Cause::Forgotten),
        &[
            (Outcome::Damaged, Cause::Plain, false),
            (Outcome::Computed, Cause::Damaged, true),
        ],
        &[COMPUTED],
    ]);
    expect_text(
        &pages,
        str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its result had been evicted
It was evicted on 2024-03-01: the store was over its size limit.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its result had been cleared
It was cleared on 2024-03-01.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its result had been forgotten
The program asked to forget it on 2024-03-01.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its result was damaged
It was found damaged on 2024-03-01, and moved aside.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its result was gone
It was there on 2024-03-01; nothing in the journal tells who removed it.

"#]],
    );
    expect_text(
        &documents,
        str![[r#"
{"at":"2024-03-01T12:01:00Z","cause":"the store was over its size limit","reason":"evicted"}
{"at":"2024-03-01T12:01:00Z","reason":"cleared"}
{"at":"2024-03-01T12:01:00Z","reason":"forgotten"}
{"at":"2024-03-01T12:01:00Z","reason":"damaged"}
{"reason":"lost","seen":"2024-03-01T12:00:00Z"}

"#]],
    );
}

#[test]
fn what_was_not_kept_is_computed_again() {
    let before = |outcome, cause| [(outcome, cause, false), COMPUTED];
    let (pages, documents) = told(&[
        &before(Outcome::Error, Cause::Absent),
        &before(Outcome::Panic, Cause::Absent),
        &before(Outcome::Error, Cause::Cancelled),
        &before(Outcome::Computed, Cause::Refused),
        &before(Outcome::Computed, Cause::Trouble),
    ]);
    expect_text(
        &pages,
        str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because the call before came to an error
That was on 2024-03-01. Nothing was kept, for it came to an error.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because the call before panicked
That was on 2024-03-01. Nothing was kept, for it panicked.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because the call before was cancelled
That was on 2024-03-01. Nothing was kept, for it was cancelled.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because `cache_if` refused the result before
That was on 2024-03-01. Nothing was kept, for `cache_if` refused the result.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because the result before could not be kept
That was on 2024-03-01. Nothing was kept, for the store or the codec failed.

"#]],
    );
    expect_text(
        &documents,
        str![[r#"
{"at":"2024-03-01T12:01:00Z","reason":"not_kept","why":"error"}
{"at":"2024-03-01T12:01:00Z","reason":"not_kept","why":"panic"}
{"at":"2024-03-01T12:01:00Z","reason":"not_kept","why":"cancelled"}
{"at":"2024-03-01T12:01:00Z","reason":"not_kept","why":"refused"}
{"at":"2024-03-01T12:01:00Z","reason":"not_kept","why":"trouble"}

"#]],
    );
}

#[test]
fn what_comes_to_the_same_again_is_told_once() {
    let error = (Outcome::Error, Cause::Absent, false);
    let (pages, _) = told(&[&[error, error]]);
    expect_text(
        &pages,
        str![[r#"
train(lr=0.1, layers=3) came to an error on 2024-03-01 ([TOOK]); it was computed because the call before came to an error
That was on 2024-03-01. Nothing was kept, for it came to an error.
Nothing was kept this time either.

"#]],
    );
}

#[test]
fn what_came_to_nothing_says_so() {
    let cleared = (Outcome::Cleared, Cause::Plain, true);
    let now = |outcome, cause| [cleared, (outcome, cause, false)];
    let (pages, _) = told(&[
        &now(Outcome::Error, Cause::Absent),
        &now(Outcome::Panic, Cause::Absent),
        &now(Outcome::Error, Cause::Cancelled),
        &now(Outcome::Computed, Cause::Refused),
    ]);
    expect_text(
        &pages,
        str![[r#"
train(lr=0.1, layers=3) came to an error on 2024-03-01 ([TOOK]); it was computed because its result had been cleared
It was cleared on 2024-03-01.
Nothing was kept, for it came to an error.
train(lr=0.1, layers=3) panicked on 2024-03-01 ([TOOK]); it was computed because its result had been cleared
It was cleared on 2024-03-01.
Nothing was kept, for it panicked.
train(lr=0.1, layers=3) was given up on 2024-03-01 ([TOOK]); it was computed because its result had been cleared
It was cleared on 2024-03-01.
Nothing was kept, for it was cancelled.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its result had been cleared
It was cleared on 2024-03-01.
Nothing was kept, for `cache_if` refused the result.

"#]],
    );
}

#[test]
fn what_somebody_asked_for_is_computed_again() {
    let (pages, documents) = told(&[
        &[(Outcome::Computed, Cause::Refreshed, true)],
        &[(Outcome::Computed, Cause::Checked, false)],
        &[(Outcome::Computed, Cause::Differs, false)],
    ]);
    expect_text(
        &pages,
        str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because a refresh was asked for
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because what is kept was to be compared with another computation
It came out as it is kept.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because what is kept was to be compared with another computation
It came out otherwise than it is kept: the function depends on more than its arguments and its code.

"#]],
    );
    expect_text(
        &documents,
        str![[r#"
{"reason":"refreshed"}
{"reason":"checked","same":true}
{"reason":"checked","same":false}

"#]],
    );
}

#[test]
fn what_was_under_way_elsewhere_is_computed_twice() {
    let duplicate = |cause| [(Outcome::Duplicate, cause, true)];
    let (pages, documents) = told(&[
        &duplicate(Cause::Nested),
        &duplicate(Cause::WaitedOut),
        &duplicate(Cause::HolderFailed),
    ]);
    expect_text(
        &pages,
        str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because it was under way elsewhere, and could not wait
Within another computation a call computes rather than waits, so that two never wait for each other.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because it was under way elsewhere for too long
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because it was under way elsewhere, and failed there

"#]],
    );
    expect_text(
        &documents,
        str![[r#"
{"how":"nested","reason":"duplicate"}
{"how":"waited_out","reason":"duplicate"}
{"how":"holder_failed","reason":"duplicate"}

"#]],
    );
}

#[test]
fn trouble_and_what_the_journal_leaves_out_are_told_too() {
    let (pages, documents) = told(&[
        &[(Outcome::Computed, Cause::Trouble, false)],
        &[(Outcome::Computed, Cause::Refused, false)],
    ]);
    expect_text(
        &pages,
        str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because the store could not be used
Nothing was kept, for the store or the codec failed.
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]); why cannot be told
A result was kept, and the journal does not tell why it was not used.
Nothing was kept, for `cache_if` refused the result.

"#]],
    );
    expect_text(
        &documents,
        str![[r#"
{"reason":"trouble"}
{"reason":"unknown","why":"not_recorded"}

"#]],
    );
}

#[test]
fn a_value_that_the_program_handed_over_was_not_computed() {
    let bench = Bench::new();
    bench.fill(|memo| {
        assert!(memo.call("lab::f").computing(|| 1).insert(7));
    });
    let id = bench.ids(&[]).remove(0);
    bench.memo(&["why", &id]).expect(
        0,
        str![[r#"
f() was handed over by the program on 2024-03-01, and not computed

"#]],
        str![],
    );
    let run = bench.memo(&["why", &id, "--format", "json"]);
    assert_eq!(
        run.json()["reasons"],
        serde_json::json!([{ "reason": "inserted" }])
    );
    assert_eq!(bench.memo(&["why", "f"]).code, 1);
}

#[test]
fn what_cannot_be_told_is_said_to_be_so() {
    let bench = Bench::new();
    bench.train(0.1, 3);
    later(&bench);
    bench.fill(|memo| {
        let call = memo.call("lab::train").arg("lr", &0.9);
        assert!(call.get_or_try_compute(|| Err::<u8, _>("no")).is_err());
    });
    bench.memo(&["why"]).expect(0, str![[r#"
train(…), [ID], came to an error on 2024-03-01 ([TOOK]); why cannot be told
No earlier call with the same key is known, and there is no entry that tells its arguments and its code.
Nothing was kept, for it came to an error.

"#]], str![]);
    expect_text(
        &reasons(&bench),
        str![[r#"
{"reason":"unknown","why":"no_entry"}

"#]],
    );

    bench.memo(&["clear", "--all", "--yes"]);
    later(&bench);
    bench.train(0.2, 3);
    bench.memo(&["why"]).expect(
        0,
        str![[r#"
train(lr=0.2, layers=3) was computed on 2024-03-01 ([TOOK]); why cannot be told
No earlier call with the same key is known, and no earlier entry is left to compare with.

"#]],
        str![],
    );
    expect_text(
        &reasons(&bench),
        str![[r#"
{"reason":"unknown","why":"nothing_earlier"}

"#]],
    );
    let clearing = bench.memo(&["clear", "--all", "--yes"]);
    assert_eq!(clearing.code, 0);
    let page = bench.memo(&["why"]).stdout;
    assert!(page.contains("\nIt was cleared "), "{page}");
}
