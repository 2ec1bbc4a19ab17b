//! `status`.

use std::fs::File;
use std::sync::mpsc;
use std::thread;
use std::time::UNIX_EPOCH;

use memo_runtime::manage::{Cause, Execution, Outcome};
use memo_runtime::{Digest, Memo};
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
limits under 1 % of 10.0 GB on disk
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
    "disk_bytes": [NUMBER],
    "max_bytes": 10000000000,
    "max_age_seconds": [NUMBER],
    "max_entries": null,
    "order": "lru"
  },
  "functions": [
    {
      "function": "lab::score",
      "package": "",
      "kind": "function",
      "entries": 1,
      "bytes": [NUMBER],
      "code_state": null,
      "code_mixed": false,
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
      "kind": "function",
      "entries": 2,
      "bytes": [NUMBER],
      "code_state": null,
      "code_mixed": false,
      "hits": 0,
      "misses": 2,
      "errors": 0,
      "computed_seconds": [NUMBER],
      "saved_seconds": [NUMBER],
      "last_used": "2024-03-01T12:01:00Z"
    }
  ],
  "flights": [],
  "advice": []
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
    let header = |bench: &Bench| bench.memo(&[]).stdout.lines().nth(5).unwrap().to_owned();
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
        assert!(flight["elapsed_seconds"].as_f64().unwrap() > 0.0);
        assert_eq!(flight["usual_seconds"], serde_json::Value::Null);
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

#[test]
fn a_computation_under_way_is_shown_with_how_long_it_usually_takes() {
    let bench = Bench::filled();
    let mut before = computation("lab::train");
    before.computing = 42_000_000_000;
    bench.record(&before);
    let memo = Memo::builder(bench.store()).open().unwrap();
    let (begun, has_begun) = mpsc::channel();
    let (end, may_end) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            memo.call("lab::train").arg("lr", &9).get_or_compute(|| {
                begun.send(()).unwrap();
                let _ = may_end.recv();
                1_u8
            })
        });
        has_begun.recv().unwrap();
        let document = bench.memo(&["--format", "json"]).json();
        let table = bench.memo(&[]).stdout;
        drop(end);
        assert_eq!(document["flights"][0]["usual_seconds"], 42.0);
        let line = table.lines().last().unwrap();
        assert!(line.ends_with(" 42.0 s"), "{table}");
    });
}

#[test]
fn limits_that_are_set_are_shown_with_how_full_they_are() {
    let bench = Bench::filled();
    let limits = |settings: &[(&str, &str)]| {
        let mut command = bench.command(&["status", "--store"]);
        command.arg(bench.store()).envs(settings.iter().copied());
        let run = bench.run(command);
        let line = run.stdout.lines().find(|line| line.starts_with("limits"));
        line.map(str::to_owned)
    };
    let line = |text: &str| Some(format!("limits  {text}"));
    assert_eq!(
        limits(&[("MEMO_MAX_ENTRIES", "4"), ("MEMO_MAX_AGE", "7d")]),
        line("under 1 % of 10.0 GB on disk, 75 % of 4 entries, unused for 7 d 0 h at most")
    );
    assert_eq!(
        limits(&[("MEMO_ORDER", "value"), ("MEMO_MAX_SIZE", "2GB")]),
        line("under 1 % of 2.0 GB on disk; what is soonest computed again goes first")
    );
}

/// The kinds of advice that a store is given, and the text of the first.
fn advice(bench: &Bench, settings: &[(&str, &str)]) -> (Vec<String>, String) {
    let mut command = bench.command(&["status", "--format", "json", "--store"]);
    command.arg(bench.store()).envs(settings.iter().copied());
    let document = bench.run(command).json();
    let advice = document["advice"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let first = advice.first().map(|one| text(&one["text"]));
    let kinds = advice.iter().map(|one| text(&one["kind"])).collect();
    (kinds, first.unwrap_or_default())
}

#[test]
fn a_store_with_which_nothing_is_wrong_is_given_no_advice() {
    let bench = Bench::filled();
    assert_eq!(advice(&bench, &[]), (vec![], String::new()));
    assert_eq!(bench.memo(&[]).stderr, "");
}

#[test]
fn damaged_entries_are_told_of_with_what_helps() {
    let bench = Bench::filled();
    let entry = &bench.entries()[0];
    let mut bytes = std::fs::read(entry).unwrap();
    bytes[40] ^= 1;
    std::fs::write(entry, bytes).unwrap();
    let (kinds, text) = advice(&bench, &[]);
    assert_eq!(kinds, ["damaged"]);
    assert!(text.contains("1 damaged entry"), "{text}");
    assert!(text.contains("`cargo memo verify --repair`"), "{text}");
    let note = bench.memo(&["status"]).stderr;
    assert_eq!(note, format!("note: {text}\n"));
}

#[test]
fn entries_that_were_moved_aside_are_told_of() {
    let bench = Bench::filled();
    let aside = bench.store().join("damaged");
    std::fs::create_dir_all(&aside).unwrap();
    std::fs::rename(&bench.entries()[0], aside.join("entry")).unwrap();
    let (kinds, text) = advice(&bench, &[]);
    assert_eq!(kinds, ["damaged"]);
    let said = "1 damaged entry was moved aside; it is kept for up to 30 days in `";
    assert!(text.starts_with(said), "{text}");
    let note = bench.memo(&["verify"]).stderr;
    assert!(note.contains(&format!("note: {said}")), "{note}");
    let leftovers = bench.memo(&["doctor"]).stdout;
    assert!(leftovers.contains("kept for up to 30 days"), "{leftovers}");
}

#[test]
fn a_store_over_its_limits_is_told_of_with_what_helps() {
    let bench = Bench::filled();
    let (kinds, text) = advice(&bench, &[("MEMO_MAX_ENTRIES", "2")]);
    assert_eq!(kinds, ["over_limit"]);
    assert!(text.contains("`cargo memo gc`"), "{text}");
    assert_eq!(
        advice(&bench, &[("MEMO_MAX_SIZE", "1kB")]).0,
        ["over_limit"]
    );
    assert!(advice(&bench, &[("MEMO_MAX_ENTRIES", "3")]).0.is_empty());
}

#[test]
fn several_versions_of_the_runtime_are_told_of_while_they_are_in_use() {
    let bench = Bench::filled();
    let runtimes = bench.store().join("runtimes");
    std::fs::create_dir_all(&runtimes).unwrap();
    for version in ["98.0.0", "99.0.0"] {
        std::fs::write(runtimes.join(version), "").unwrap();
    }
    let (kinds, text) = advice(&bench, &[]);
    assert_eq!(kinds, ["runtimes"]);
    assert!(text.contains("98.0.0, 99.0.0"), "{text}");
    for version in std::fs::read_dir(&runtimes).unwrap() {
        let version = File::options().write(true).open(version.unwrap().path());
        version.unwrap().set_modified(UNIX_EPOCH).unwrap();
    }
    assert!(advice(&bench, &[]).0.is_empty());
}

#[test]
fn a_journal_that_cannot_be_read_costs_the_statistics_and_nothing_else() {
    let bench = Bench::filled();
    let log = bench.store().join("journal/log");
    std::fs::remove_file(&log).unwrap();
    std::fs::create_dir(&log).unwrap();
    let run = bench.memo(&["status", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.json()["store"]["entries"], 3);
    assert_eq!(advice(&bench, &[]).0, ["journal"]);
}

#[test]
fn no_more_than_the_two_most_important_pieces_of_advice_are_given() {
    let bench = Bench::filled();
    let log = bench.store().join("journal/log");
    std::fs::remove_file(&log).unwrap();
    std::fs::create_dir(&log).unwrap();
    std::fs::create_dir_all(bench.store().join("damaged")).unwrap();
    std::fs::write(bench.store().join("damaged/entry"), "").unwrap();
    let (kinds, _) = advice(&bench, &[("MEMO_MAX_ENTRIES", "1")]);
    assert_eq!(kinds, ["journal", "damaged"]);
}

/// What the journal says of a computation.
fn computation(function: &str) -> Execution {
    Execution {
        time: 1,
        pid: 1,
        host: "host".to_owned(),
        package: String::new(),
        function: function.to_owned(),
        key: Digest::from_bytes([1; 32]),
        outcome: Outcome::Computed,
        cause: Cause::Absent,
        took: 1,
        computing: 1,
        bytes: 1,
        count: 1,
    }
}
