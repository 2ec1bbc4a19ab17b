//! `status`.

use std::sync::mpsc;
use std::thread;

use memo_runtime::Memo;
use snapbox::str;

use crate::bench::Bench;

#[test]
fn it_opens_with_place_size_and_savings_and_then_lists_functions() {
    let bench = Bench::filled();
    bench.memo(&["status"]).expect(
        0,
        str![[r#"
store [STORE]
size [SIZE] in 3 entries of 2 functions
saved [TOOK] by 2 hits; computing took [TOOK]

function entries size hits misses computed saved last used
score 1 [SIZE] 2 1 [TOOK] [TOOK] 2024-03-01
train 2 [SIZE] 0 2 [TOOK] [TOOK] 2024-03-01

"#]],
        str![],
    );
}

#[test]
fn it_is_what_no_verb_means_and_cargo_s_word_for_the_program_changes_nothing() {
    let bench = Bench::filled();
    let status = bench.memo(&["status"]);
    for arguments in [&[][..], &["memo"], &["memo", "status"]] {
        let run = bench.memo(arguments);
        assert_eq!(run.stdout, status.stdout, "{arguments:?}");
        assert_eq!(run.code, 0, "{arguments:?}");
    }
}

#[test]
fn its_document_has_exactly_the_fields_that_are_promised() {
    let bench = Bench::filled();
    bench.memo(&["status", "--format", "json"]).expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "status",
  "store": {
    "path": "[STORE]",
    "entries": 3,
    "bytes": [NUMBER],
    "max_bytes": null
  },
  "functions": [
    {
      "function": "lab::score",
      "package": "",
      "entries": 1,
      "bytes": [NUMBER],
      "code_state": null,
      "hits": 2,
      "misses": 1,
      "errors": 0,
      "computed_seconds": [NUMBER],
      "saved_seconds": [NUMBER],
      "last_used": "2024-03-01T12:02:00Z"
    },
    {
      "function": "lab::train",
      "package": "",
      "entries": 2,
      "bytes": [NUMBER],
      "code_state": null,
      "hits": 0,
      "misses": 2,
      "errors": 0,
      "computed_seconds": [NUMBER],
      "saved_seconds": [NUMBER],
      "last_used": "2024-03-01T12:01:00Z"
    }
  ],
  "flights": []
}

"#]],
        str![],
    );
}

#[test]
fn a_function_without_entries_lives_on_in_its_history() {
    let bench = Bench::filled();
    bench.memo(&["clear", "train", "--yes"]);
    let run = bench.memo(&["status", "--format", "json"]);
    let train = &run.json()["functions"][1];
    assert_eq!(train["function"], "lab::train");
    assert_eq!(train["entries"], 0);
    assert_eq!(train["misses"], 2);
    assert_eq!(train["last_used"], "2024-03-01T12:01:00Z");
}

#[test]
fn without_a_journal_the_files_tell_the_last_use() {
    let bench = Bench::filled();
    std::fs::remove_dir_all(bench.store().join("journal")).unwrap();
    let run = bench.memo(&["status", "--format", "json"]);
    let train = &run.json()["functions"][1];
    assert_eq!(train["entries"], 2);
    assert_eq!(train["misses"], 0);
    assert_eq!(train["last_used"], "2024-03-01T12:01:00Z");
}

#[test]
fn errors_and_packages_have_columns_only_where_there_are_any() {
    let bench = Bench::filled();
    let header = |bench: &Bench| bench.memo(&[]).stdout.lines().nth(4).unwrap().to_owned();
    assert!(!header(&bench).contains("errors"));
    assert!(!header(&bench).contains("package"));
    bench.fill(|memo| {
        let failed = memo
            .call("lab::fail")
            .get_or_try_compute(|| Err::<u8, _>("no"));
        assert_eq!(failed, Err("no"));
    });
    assert!(header(&bench).contains("errors"));
    assert_eq!(
        bench.memo(&["--format", "json"]).json()["functions"][0]["errors"],
        1
    );
}

#[test]
fn what_is_being_computed_is_shown_while_it_is() {
    let bench = Bench::filled();
    let memo = Memo::builder(bench.store())
        .clock(bench.clock.clone())
        .open()
        .unwrap();
    let (begun, has_begun) = mpsc::channel();
    let (end, may_end) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            memo.call("lab::long").get_or_compute(|| {
                begun.send(()).unwrap();
                // The other side hangs up, if all goes well or if not.
                let _ = may_end.recv();
                1_u8
            })
        });
        has_begun.recv().unwrap();
        let document = bench.memo(&["--format", "json"]).json();
        let table = bench.memo(&[]).stdout;
        drop(end);
        let flight = &document["flights"][0];
        assert_eq!(flight["function"], "lab::long");
        assert_eq!(flight["pid"], std::process::id());
        assert_eq!(flight["since"], "2024-03-01T12:02:00Z");
        assert_eq!(flight["key"].as_str().unwrap().len(), 64);
        assert!(flight["host"].is_string());
        assert!(table.contains("\nunder way  ID "), "{table}");
        assert!(
            table.contains(&format!("  {}  ", std::process::id())),
            "{table}"
        );
    });
    assert_eq!(
        bench.memo(&["--format", "json"]).json()["flights"],
        serde_json::json!([])
    );
}
