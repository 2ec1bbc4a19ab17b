//! `why`.

mod code;
mod journal;
mod settings;

use std::time::Duration;

use snapbox::str;

use crate::bench::{Bench, expect_text};

/// Goes on by a minute.
fn later(bench: &Bench) {
    bench.clock.advance(Duration::from_secs(60));
}

/// The reasons in the document, one to a line, digests in brackets.
fn reasons(bench: &Bench) -> String {
    let run = bench.memo(&["why", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut text = String::new();
    for reason in run.json()["reasons"].as_array().unwrap() {
        let reason = reason.to_string();
        let redacted = reason.split('"').map(|part| match part.len() {
            64 => "[KEY]",
            _ => part,
        });
        text.push_str(&redacted.collect::<Vec<_>>().join("\""));
        text.push('\n');
    }
    text
}

#[test]
fn an_argument_that_changed_is_told_with_both_values() {
    let bench = Bench::filled();
    bench.memo(&["why", "train"]).expect(
        0,
        str![[r#"
train(lr=0.2, layers=3) was computed on 2024-03-01 ([TOOK]) because an argument changed
  lr 0.1 → 0.2
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1, layers=3)).

"#]],
        str![],
    );
    bench.memo(&["why", "train", "--format", "json"]).expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "why",
  "computation": {
    "function": "lab::train",
    "package": "",
    "id": "[ID]",
    "key": "[KEY]",
    "arguments": [
      {
        "name": "lr",
        "text": "0.2",
        "digest": "[KEY]"
      },
      {
        "name": "layers",
        "text": "3",
        "digest": "[KEY]"
      }
    ],
    "outcome": "computed",
    "ended": "2024-03-01T12:01:00Z",
    "duration_seconds": [NUMBER],
    "not_kept": null,
    "removed": null
  },
  "reasons": [
    {
      "reason": "arguments",
      "arguments": [
        {
          "before": {
            "name": "lr",
            "text": "0.1",
            "digest": "[KEY]"
          },
          "after": {
            "name": "lr",
            "text": "0.2",
            "digest": "[KEY]"
          }
        }
      ]
    }
  ],
  "nearest": {
    "id": "[ID]",
    "key": "[KEY]",
    "arguments": [
      {
        "name": "lr",
        "text": "0.1",
        "digest": "[KEY]"
      },
      {
        "name": "layers",
        "text": "3",
        "digest": "[KEY]"
      }
    ],
    "created": "2024-03-01T12:00:00Z"
  }
}

"#]],
        str![],
    );
}

#[test]
fn without_a_function_the_last_computation_of_all_is_told() {
    let bench = Bench::filled();
    bench.memo(&["why"]).expect(
        0,
        str![[r#"
score(name="é, \"x\"") was computed on 2024-03-01 ([TOOK]) because no earlier call of it is known

"#]],
        str![],
    );
    expect_text(
        &reasons(&bench),
        str![[r#"
{"reason":"first"}

"#]],
    );
}

#[test]
fn with_an_id_it_is_told_what_that_result_came_from() {
    let bench = Bench::filled();
    let ids = bench.ids(&["train"]);
    let latest = bench.memo(&["why", &ids[0]]).stdout;
    assert_eq!(latest, bench.memo(&["why", "train"]).stdout);
    let earliest = bench.memo(&["why", &ids[1][..6]]).stdout;
    assert!(
        earliest.starts_with("train(lr=0.1, layers=3) was computed"),
        "{earliest}"
    );
    // What is gone has its ID still in the journal.
    bench.memo(&["clear", &ids[1], "--yes"]);
    let gone = bench.memo(&["why", &ids[1]]);
    assert!(
        gone.stdout.starts_with(&format!("train(…), {},", ids[1])),
        "{}",
        gone.stdout
    );
}

#[test]
fn arguments_come_go_and_change_places() {
    let bench = Bench::filled();
    later(&bench);
    bench.fill(|memo| {
        let call = memo.call("lab::train").arg("lr", &0.2).arg("depth", &7);
        call.get_or_compute(|| 0.2);
    });
    bench.memo(&["why"]).expect(
        0,
        str![[r#"
train(lr=0.2, depth=7) was computed on 2024-03-01 ([TOOK]) because 2 arguments changed
  depth 7 new
  layers 3 gone
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.2, layers=3)).

"#]],
        str![],
    );
    expect_text(
        &reasons(&bench),
        str![[r#"
{"arguments":[{"after":{"digest":"[KEY]","name":"depth","text":"7"},"before":null},{"after":null,"before":{"digest":"[KEY]","name":"layers","text":"3"}}],"reason":"arguments"}

"#]],
    );
    later(&bench);
    bench.fill(|memo| {
        let call = memo
            .call("lab::train")
            .arg("layers", &3_u32)
            .arg("lr", &0.2);
        call.get_or_compute(|| 0.2);
    });
    bench.memo(&["why"]).expect(0, str![[r#"
train(layers=3, lr=0.2) was computed on 2024-03-01 ([TOOK]) because the order of its arguments changed
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.2, layers=3)).

"#]], str![]);
    expect_text(
        &reasons(&bench),
        str![[r#"
{"reason":"argument_order"}

"#]],
    );
}

#[test]
fn of_long_arguments_the_differing_part_is_told() {
    let bench = Bench::new();
    let text = |middle: &str| ["x".repeat(80), "y".repeat(80)].join(middle);
    for (text, list) in [(text("0.5"), 2_000), (text("0.75"), 2_001)] {
        later(&bench);
        bench.fill(|memo| {
            let mut numbers = vec![1; 3000];
            numbers[list] = 2;
            let call = memo
                .call("lab::read")
                .arg("text", &text)
                .arg("numbers", &numbers);
            call.get_or_compute(|| 1);
        });
    }
    bench.memo(&["why"]).expect(0, str![[r#"
read(text="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.75yyyyy…) was computed on 2024-03-01 ([TOOK]) because 2 arguments changed
  text …xxxxxx0.5yyyyyyy…
           → …xxxxxx0.75yyyyyyy…
  numbers [1, 1, 1, … 3000 items], which differs in what is not shown
The nearest earlier entry is [ID] (2024-03-01, read(text="xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx0.5yyyyyy…)).

"#]], str![]);
    let whole = bench.memo(&["why", "--verbose"]).stdout;
    assert!(
        whole.contains(&format!("\"{}\" → \"{}\"", text("0.5"), text("0.75"))),
        "{whole}"
    );
}

#[test]
fn of_many_arguments_as_many_are_told_as_fit() {
    let bench = Bench::new();
    for value in [1, 2] {
        later(&bench);
        bench.fill(|memo| {
            let call = (0..30).fold(memo.call("lab::many"), |call, number| {
                call.arg(&format!("a{number}"), &value)
            });
            call.get_or_compute(|| 1);
        });
    }
    let page = bench.memo(&["why"]).stdout;
    assert!(page.contains("because 30 arguments changed\n"), "{page}");
    assert!(
        page.contains("\n  a7  1 → 2\n  …   22 more differ\n"),
        "{page}"
    );
    assert!(
        bench
            .memo(&["why", "-v"])
            .stdout
            .contains("\n  a29  1 → 2\n")
    );
}

#[test]
fn a_version_and_a_type_that_changed_are_told_together() {
    let bench = Bench::filled();
    later(&bench);
    bench.fill(|memo| {
        let call = memo
            .call("lab::train")
            .version(2)
            .arg("lr", &0.1)
            .arg("layers", &3_u32);
        call.get_or_compute(|| 1_u8);
    });
    bench.memo(&["why"]).expect(0, str![[r#"
train(lr=0.1, layers=3) was computed on 2024-03-01 ([TOOK]) because its version and the type of its result changed
  version 0 → 2
  result f64 → u8
The nearest earlier entry is [ID] (2024-03-01, train(lr=0.1, layers=3)).

"#]], str![]);
    expect_text(
        &reasons(&bench),
        str![[r#"
{"after":2,"before":0,"reason":"version"}
{"after":"u8","before":"f64","reason":"value_type"}

"#]],
    );
}

#[test]
fn a_result_past_its_time_is_told_with_both_times() {
    let bench = Bench::new();
    for _ in 0..2 {
        later(&bench);
        bench.fill(|memo| {
            let call = memo.call("lab::price").ttl(Duration::from_secs(60));
            call.get_or_compute(|| 7_u8);
        });
    }
    bench.memo(&["why"]).expect(
        0,
        str![[r#"
price() was computed on 2024-03-01 ([TOOK]) because its result had expired
It had been computed on 2024-03-01 and was valid for 1 min 00 s.

"#]],
        str![],
    );
    expect_text(
        &reasons(&bench),
        str![[r#"
{"computed":"2024-03-01T12:01:00Z","reason":"expired"}

"#]],
    );
}

#[test]
fn where_nothing_was_computed_there_is_nothing_to_explain() {
    let bench = Bench::new();
    bench.memo(&["why"]).expect(1, str![], str![[r#"
note: there is no store at `[STORE]` yet: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
    drop(memo_runtime::Memo::open(bench.store()).unwrap());
    bench.memo(&["why"]).expect(1, str![], str![[r#"
note: nothing has been computed yet with the store `[STORE]`: run a program that calls a function with `#[memo]`, or any with `cargo memo run`, and ask again

"#]]);
    bench.train(0.1, 3);
    for target in ["rain", "00000000"] {
        let run = bench.memo(&["why", target]);
        assert_eq!((run.code, &*run.stdout), (1, ""), "{target}");
    }
    bench.memo(&["why", "rain"]).expect(1, str![], str![[r#"
note: no computation is known of a function or ID `rain` in the store `[STORE]`: `cargo memo status` shows the functions, `cargo memo log` the IDs; did you mean `train`?

"#]]);
    bench.memo(&["why", "rain", "--format", "json"]).expect(
        1,
        str![[r#"
{
  "schema_version": 1,
  "command": "why",
  "computation": null,
  "reasons": [],
  "nearest": null
}

"#]],
        str![],
    );
    bench.memo(&["why", "--format", "csv"]).expect(
        2,
        str![],
        str![[r#"
error: `why` has no csv form: use --format json, or `list`, `log` or `sweep`

"#]],
    );
}

#[test]
fn an_id_of_several_lost_results_lists_them() {
    let bench = Bench::new();
    bench.fill(|memo| {
        for number in 0..1500_u32 {
            memo.call("lab::many")
                .arg("number", &number)
                .get_or_compute(|| number);
        }
    });
    let mut ids = bench.ids(&[]);
    ids.sort();
    let twins = ids.windows(2).find(|pair| pair[0][..4] == pair[1][..4]);
    let twins = twins.expect("there are twins among 1500 keys");
    bench.memo(&["clear", "--all", "--yes"]);
    let run = bench.memo(&["why", &twins[0][..4]]);
    assert_eq!(run.code, 1);
    for id in twins {
        assert!(run.stderr.contains(&format!("\n  {id}")), "{}", run.stderr);
    }
}

#[test]
fn names_and_arguments_cannot_command_the_terminal() {
    let bench = Bench::new();
    for value in ["\x1b[2J\r\n", "\u{9b}31m\u{202e}"] {
        later(&bench);
        bench.fill(|memo| {
            let call = memo
                .call("lab::\x1b[31mred")
                .arg("a\x1bb", value)
                .arg("c\r", value);
            call.get_or_compute(|| 1_u8);
        });
    }
    for options in [&[][..], &["-v"], &["--format", "json"]] {
        let run = bench.memo(&[&["why"], options].concat());
        assert_eq!(run.code, 0);
        for c in run.stdout.chars().chain(run.stderr.chars()) {
            let obeyed = c != '\n' && (c.is_control() || c == '\u{202e}');
            assert!(!obeyed, "{options:?}: {c:?}");
        }
    }
}
