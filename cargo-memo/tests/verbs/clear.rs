//! `clear`.

use snapbox::str;

use crate::bench::Bench;

#[test]
fn a_dry_run_shows_the_plan_and_removes_nothing() {
    let bench = Bench::filled();
    bench.memo(&["clear", "--all", "--dry-run"]).expect(
        0,
        str![[r#"
function entries on disk computing
score 1 [SIZE] [TOOK]
train 2 [SIZE] [TOOK]
would remove 3 entries ([SIZE] on disk, [TOOK] of computing)

"#]],
        str![],
    );
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn without_a_terminal_it_wants_a_yes() {
    let bench = Bench::filled();
    bench.memo(&["clear", "train"]).expect(2, str![[r#"
function entries on disk computing
train 2 [SIZE] [TOOK]

"#]], str![[r#"
error: cannot ask whether to remove 2 entries ([SIZE] on disk, [TOOK] of computing), there is no terminal: say --yes to remove, or --dry-run to look

"#]]);
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn it_wants_to_be_told_what_to_clear() {
    let bench = Bench::filled();
    bench.memo(&["clear", "--yes"]).expect(2, str![], str![[r#"
error: nothing says what to clear: name functions or IDs, or choose by --where CONDITION, --code STATE or --stale, or say --all

"#]]);
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn a_function_is_cleared_by_the_end_of_its_path() {
    let bench = Bench::filled();
    bench.memo(&["clear", "train", "--yes"]).expect(
        0,
        str![[r#"
function entries on disk computing
train 2 [SIZE] [TOOK]
removed 2 entries, [SIZE] on disk

"#]],
        str![],
    );
    assert_eq!(bench.ids(&["train"]), [""; 0]);
    assert_eq!(bench.ids(&["score"]).len(), 1);
}

#[test]
fn ids_and_functions_can_be_mixed_and_overlap() {
    let bench = Bench::filled();
    let ids = bench.ids(&[]);
    let run = bench.memo(&["clear", &ids[0], &ids[1], "score", "-y", "--format", "json"]);
    run.expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "clear",
  "dry_run": false,
  "planned": {
    "entries": 2,
    "bytes": [NUMBER],
    "disk_bytes": [NUMBER],
    "computed_seconds": [NUMBER]
  },
  "functions": [
    {
      "function": "lab::score",
      "package": "",
      "entries": 1,
      "bytes": [NUMBER],
      "disk_bytes": [NUMBER],
      "computed_seconds": [NUMBER]
    },
    {
      "function": "lab::train",
      "package": "",
      "entries": 1,
      "bytes": [NUMBER],
      "disk_bytes": [NUMBER],
      "computed_seconds": [NUMBER]
    }
  ],
  "causes": [
    {
      "cause": "cleared",
      "entries": 2,
      "bytes": [NUMBER],
      "disk_bytes": [NUMBER],
      "computed_seconds": [NUMBER]
    }
  ],
  "removed": {
    "entries": 2,
    "bytes": [NUMBER],
    "disk_bytes": [NUMBER],
    "gone": 0,
    "used": 0,
    "leftovers": 0,
    "young_files": {
      "files": 0,
      "disk_bytes": [NUMBER]
    }
  }
}

"#]],
        str![],
    );
    assert_eq!(bench.ids(&[]), [ids[2].clone()]);
}

#[test]
fn everything_goes_with_all_and_a_second_time_is_no_error() {
    let bench = Bench::filled();
    assert_eq!(bench.memo(&["clear", "--all", "--yes"]).code, 0);
    assert_eq!(bench.entries().len(), 0);
    bench.memo(&["clear", "--all", "--yes"]).expect(
        0,
        str![[r#"
nothing to remove

"#]],
        str![],
    );
    bench.memo(&["clear", "train"]).expect(
        0,
        str![[r#"
nothing to remove

"#]],
        str![[r#"
warning: neither a function nor an ID in the store `[STORE]`: `train`

"#]],
    );
}

#[test]
fn what_is_meant_has_to_be_said() {
    let bench = Bench::filled();
    assert_eq!(bench.memo(&["clear"]).code, 2);
    assert_eq!(bench.memo(&["clear", "--yes"]).code, 2);
    assert_eq!(bench.memo(&["clear", "train", "--all", "--yes"]).code, 2);
    assert_eq!(bench.entries().len(), 3);
}

#[test]
fn a_damaged_entry_can_be_cleared() {
    let bench = Bench::filled();
    let entry = &bench.entries()[0];
    std::fs::write(entry, b"not an entry").unwrap();
    assert_eq!(bench.memo(&["clear", "--all", "--yes"]).code, 0);
    assert_eq!(bench.entries().len(), 0);
}

#[test]
fn a_condition_narrows_the_choice() {
    let bench = Bench::filled();
    let run = bench.memo(&["clear", "--where", "lr>0.1", "--yes", "--format", "json"]);
    assert_eq!(run.json()["removed"]["entries"], 1);
    assert_eq!(bench.ids(&["train", "--where", "lr=0.1"]).len(), 1);
    assert_eq!(bench.ids(&["train", "--where", "lr=0.2"]).len(), 0);
    assert_eq!(bench.memo(&["clear", "--where", "lr >"]).code, 2);
}

#[test]
fn everything_cleared_is_in_the_journal() {
    let bench = Bench::filled();
    bench.memo(&["clear", "train", "--yes"]);
    let log = bench.memo(&["log", "--outcome", "cleared", "--format", "json"]);
    assert_eq!(log.json()["executions"].as_array().unwrap().len(), 2);
}
