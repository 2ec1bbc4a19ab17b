//! `gc`.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use memo_runtime::Share;
use memo_runtime::manage::Vault;
use snapbox::str;

use crate::bench::Bench;

/// A bench with a result a day, four in all, the last one today.
fn of_four_days() -> Bench {
    let bench = Bench::new();
    for layers in 0..4 {
        bench.train(0.1, layers);
        bench.clock.advance(Duration::from_secs(24 * 3600));
    }
    bench
}

/// What the layers of the results are that are left, in order.
fn left(bench: &Bench) -> Vec<u32> {
    let listed = bench.memo(&["list", "--format", "json"]).json();
    let layers = |entry: &serde_json::Value| {
        let arguments = entry["arguments"].as_array().unwrap();
        arguments[1]["text"].as_str().unwrap().parse().unwrap()
    };
    let mut left: Vec<u32> = listed["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(layers)
        .collect();
    left.sort_unstable();
    left
}

#[test]
fn a_dry_run_shows_the_plan_and_removes_nothing() {
    let bench = of_four_days();
    bench
        .memo(&["gc", "--max-entries", "3", "--dry-run"])
        .expect(
            0,
            str![[r#"
4 entries, [SIZE] on disk; limits: 10.0 GB, 3 entries; least recently used first
function entries on disk computing
train 1 [SIZE] [TOOK]
too many: 1 entry
would remove 1 entry ([SIZE] on disk, [TOOK] of computing)

"#]],
            str![],
        );
    assert_eq!(bench.entries().len(), 4);
}

#[test]
fn the_least_recently_used_goes_first() {
    let bench = of_four_days();
    bench.memo(&["gc", "--max-entries", "2", "--yes"]).expect(
        0,
        str![[r#"
4 entries, [SIZE] on disk; limits: 10.0 GB, 2 entries; least recently used first
function entries on disk computing
train 2 [SIZE] [TOOK]
too many: 2 entries
removed 2 entries, [SIZE] on disk

"#]],
        str![""],
    );
    assert_eq!(left(&bench), [2, 3]);
}

#[test]
fn within_the_limits_there_is_nothing_to_remove() {
    let bench = of_four_days();
    bench.memo(&["gc"]).expect(
        0,
        str![[r#"
4 entries, [SIZE] on disk; limits: 10.0 GB; least recently used first
nothing to remove

"#]],
        str![],
    );
    assert_eq!(bench.entries().len(), 4);
}

#[test]
fn without_a_terminal_it_wants_a_yes() {
    let bench = of_four_days();
    bench.memo(&["gc", "--max-size", "0B"]).expect(2, str![[r#"
4 entries, [SIZE] on disk; limits: [SIZE]; least recently used first
function entries on disk computing
train 4 [SIZE] [TOOK]
over the size: 4 entries

"#]], str![[r#"
error: cannot ask whether to remove 4 entries ([SIZE] on disk, [TOOK] of computing), there is no terminal: say --yes to remove, or --dry-run to look

"#]]);
    assert_eq!(bench.entries().len(), 4);
}

#[test]
fn the_document_has_limits_functions_causes_and_what_was_removed() {
    let bench = of_four_days();
    let arguments = [
        "gc",
        "--max-entries",
        "1",
        "--max-size",
        "8kB",
        "--yes",
        "--format",
        "json",
    ];
    bench.memo(&arguments).expect(
        0,
        str![[r#"
{
  "schema_version": 1,
  "command": "gc",
  "dry_run": false,
  "limits": {
    "max_bytes": 8000,
    "max_age_seconds": [NUMBER],
    "max_entries": 1,
    "order": "lru"
  },
  "store": {
    "entries": 4,
    "bytes": [NUMBER],
    "disk_bytes": [NUMBER]
  },
  "planned": {
    "entries": 3,
    "bytes": [NUMBER],
    "disk_bytes": [NUMBER],
    "computed_seconds": [NUMBER]
  },
  "functions": [
    {
      "function": "lab::train",
      "package": "",
      "entries": 3,
      "bytes": [NUMBER],
      "disk_bytes": [NUMBER],
      "computed_seconds": [NUMBER]
    }
  ],
  "causes": [
    {
      "cause": "over_count",
      "entries": 3,
      "bytes": [NUMBER],
      "disk_bytes": [NUMBER],
      "computed_seconds": [NUMBER]
    }
  ],
  "removed": {
    "entries": 3,
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
        str![""],
    );
}

#[test]
fn what_was_used_a_moment_ago_stays() {
    let bench = of_four_days();
    let used = &bench.entries()[0];
    let file = File::options().write(true).open(used).unwrap();
    file.set_modified(SystemTime::now()).unwrap();
    bench.memo(&["gc", "--max-entries", "0", "--yes"]).expect(
        0,
        str![[r#"
4 entries, [SIZE] on disk; limits: 10.0 GB, 0 entries; least recently used first
function entries on disk computing
train 3 [SIZE] [TOOK]
too many: 3 entries
removed 3 entries, [SIZE] on disk
1 entry, [SIZE] on disk, stay: they are being computed, or were used a moment ago

"#]],
        str![""],
    );
    assert_eq!(bench.entries(), std::slice::from_ref(used));
}

#[test]
fn everything_removed_is_in_the_journal_with_its_cause() {
    let bench = of_four_days();
    bench.memo(&["gc", "--max-age", "1d", "--yes"]);
    let log = bench
        .memo(&["log", "--outcome", "evicted", "--format", "json"])
        .json();
    let executions = log["executions"].as_array().unwrap();
    assert_eq!(executions.len(), 4);
    for execution in executions {
        let cause = execution["cause"].as_str().unwrap();
        assert!(
            cause.ends_with("unused for longer than the age limit"),
            "{cause}"
        );
    }
}

#[test]
fn limits_are_those_of_the_settings_unless_flags_say_otherwise() {
    let bench = of_four_days();
    let gc = |arguments: &[&str]| {
        let mut command = bench.command(arguments);
        command
            .args(["--dry-run", "--format", "json", "--store"])
            .arg(bench.store())
            .env("MEMO_MAX_ENTRIES", "3")
            .env("MEMO_ORDER", "value");
        bench.run(command).json()
    };
    let document = gc(&["gc"]);
    assert_eq!(document["limits"]["max_entries"], 3);
    assert_eq!(document["limits"]["max_bytes"], 10_000_000_000_u64);
    assert_eq!(document["limits"]["order"], "value");
    assert_eq!(document["planned"]["entries"], 1);
    let document = gc(&["gc", "--max-entries", "none", "--order", "lru"]);
    assert_eq!(document["limits"]["max_entries"], serde_json::Value::Null);
    assert_eq!(document["limits"]["order"], "lru");
    assert_eq!(document["planned"]["entries"], 0);
}

#[test]
fn limits_want_units() {
    let bench = of_four_days();
    bench.memo(&["gc", "--max-size", "5"]).expect(2, str![], str![[r#"
error: invalid value '5' for '--max-size <SIZE>': it is to be a number and a unit (B, kB, MB, GB, TB, KiB, MiB, GiB or TiB), or none

For more information, try '--help'.

"#]]);
    for wrong in [
        ["--max-age", "soon"],
        ["--max-entries", "many"],
        ["--order", "size"],
    ] {
        assert_eq!(
            bench.memo(&[&["gc"], &wrong[..]].concat()).code,
            2,
            "{wrong:?}"
        );
    }
}

#[test]
fn where_there_is_no_store_there_is_nothing_to_remove() {
    let bench = Bench::new();
    bench.memo(&["gc", "--yes"]).expect(0, str![[r#"
0 entries, [SIZE] on disk; limits: 10.0 GB; least recently used first
nothing to remove

"#]], str![[r#"
note: there is no store at `[STORE]` yet: run a program that calls a function with `#[memo]`, and its results are kept there

"#]]);
}

#[test]
fn of_four_at_once_each_takes_what_the_others_left() {
    let bench = Bench::new();
    for layers in 0..80 {
        bench.train(0.1, layers);
    }
    let disk = bench.memo(&["gc", "--dry-run", "--format", "json"]).json();
    let limit = disk["store"]["disk_bytes"].as_u64().unwrap() / 2;
    let limit_text = format!("{limit}B");
    let children: Vec<_> = (0..4)
        .map(|_| {
            let mut command = bench.command(&["gc", "--yes", "--max-size", &limit_text]);
            command.arg("--store").arg(bench.store());
            command.stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let left = bench.memo(&["gc", "--dry-run", "--format", "json"]).json();
    let left = left["store"]["disk_bytes"].as_u64().unwrap();
    assert!(
        (limit * 9 / 10..=limit).contains(&left),
        "{left} of {limit}"
    );
}

#[test]
fn who_waits_says_for_whom() {
    let bench = of_four_days();
    let vault = Vault::open(&bench.store(), Share::None).unwrap().unwrap();
    let lock = vault.lock_upkeep(&(), |_| ()).unwrap().unwrap();
    let mut command = bench.command(&["gc", "--max-entries", "1", "--yes"]);
    command.arg("--store").arg(bench.store());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut said).unwrap();
    let this = format!("note: waiting for process {} on ", std::process::id());
    assert!(said.starts_with(&this), "{said}");
    assert_eq!(bench.entries().len(), 4);
    drop(lock);
    assert!(child.wait().unwrap().success());
    assert_eq!(bench.entries().len(), 1);
}
