//! `show`.

mod value;

use std::fs;
use std::time::Duration;

use memo_runtime::Memo;
use snapbox::str;

use crate::bench::{Bench, Run};

#[test]
fn a_result_is_shown_in_full_with_its_last_executions() {
    let bench = Bench::filled();
    let id = &bench.ids(&["score"])[0];
    let run = bench.memo(&["show", id]);
    let here = format!("process {} on ", std::process::id());
    assert!(run.stdout.contains(&here), "{}", run.stdout);
    run.expect(
        0,
        str![[r#"
function lab::score
arguments name = "é, \"x\""
version 0
code none
result alloc::vec::Vec<u8>, as bincode
computed 2024-03-01 12:02:00 +00:00
took [TOOK]
by process [HERE] on [HERE]
last used 2024-03-01 12:02:00 +00:00
hits 2, the last 2024-03-01 12:02:00 +00:00
key [KEY]
size [SIZE], of which the value [SIZE]; [SIZE] on disk
file [STORE]/[ENTRY]
check whole: every byte is as it was written

last executions outcome took cause
2024-03-01 12:02:00 computed [TOOK] no entry
2024-03-01 12:02:00 hit ×2 [TOOK]

"#]],
        str![],
    );
}

#[test]
fn its_document_holds_the_file_and_the_executions() {
    let bench = Bench::filled();
    let id = &bench.ids(&["score"])[0];
    let document = bench.memo(&["show", id, "--format", "json"]).json();
    assert_eq!(document["command"], "show");
    assert_eq!(document["entry"]["id"], id.as_str());
    assert_eq!(document["entry"]["value_type"], "alloc::vec::Vec<u8>");
    assert_eq!(document["entry"]["pid"], std::process::id());
    let file = std::path::Path::new(document["file"].as_str().unwrap());
    assert!(
        bench.entries().iter().any(|entry| entry == file),
        "{file:?}"
    );
    let outcomes = document["executions"].as_array().unwrap().iter();
    let outcomes: Vec<_> = outcomes
        .map(|one| {
            (
                one["outcome"].as_str().unwrap(),
                one["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(outcomes, [("computed", 1), ("hit", 2)]);
}

#[test]
fn any_unique_beginning_of_an_id_will_do() {
    let bench = Bench::filled();
    let id = bench.ids(&["score"])[0].clone();
    let key = bench.memo(&["show", &id, "--format", "json"]).json()["entry"]["key"].clone();
    let key = key.as_str().unwrap();
    for short in [&id[..4], &id.to_uppercase(), key] {
        assert_eq!(bench.memo(&["show", short]).code, 0, "{short}");
    }
    bench.memo(&["show", "1f9"]).expect(1, str![], str![[r#"
error: no results of a function or program `1f9` in the store `[STORE]`, and it is no ID: an ID is 4 to 64 hexadecimal digits, as `cargo memo list` shows them

"#]]);
}

#[test]
fn of_a_function_the_latest_result_is_shown() {
    let bench = Bench::filled();
    let arguments = |asked: &[&str]| {
        let run = bench.memo(&[&["show"], asked, &["--format", "json"]].concat());
        let arguments = run.json()["entry"]["arguments"].clone();
        (
            arguments[0]["text"].as_str().unwrap().to_owned(),
            run.stderr,
        )
    };
    let (lr, note) = arguments(&["train"]);
    assert_eq!(lr, "0.2");
    assert_eq!(
        note,
        "note: this is the latest of 2 results: --where or an ID chooses another\n"
    );
    let (lr, note) = arguments(&["lab::train", "--where", "lr<0.2"]);
    assert_eq!((&*lr, &*note), ("0.1", ""));
    bench.memo(&["show", "train", "--where", "lr>7"]).expect(
        1,
        str![],
        str![[r#"
error: no such result of `train` in the store `[STORE]`: `cargo memo list train` shows what there is

"#]],
    );
    bench.memo(&["show", "rain"]).expect(1, str![], str![[r#"
error: no results of a function or program `rain` in the store `[STORE]`, and it is no ID: an ID is 4 to 64 hexadecimal digits, as `cargo memo list` shows them; did you mean `train`?

"#]]);
    let id = &bench.ids(&["score"])[0];
    let run = bench.memo(&["show", id, "--where", "lr=1"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        format!("error: --where chooses among the results of a function, and `{id}` is an ID\n")
    );
}

/// What stands behind a label.
fn line(run: &Run, label: &str) -> String {
    let mut lines = run.stdout.lines();
    let value = lines.find_map(|line| line.strip_prefix(label));
    value.unwrap().trim_start().to_owned()
}

#[test]
fn a_value_that_was_damaged_is_found_out() {
    let bench = Bench::filled();
    let id = &bench.ids(&["score"])[0];
    let sound = bench.memo(&["show", id, "--format", "json"]).json();
    assert_eq!(sound["check"]["whole"], true);
    let file = sound["file"].as_str().unwrap();
    let mut bytes = fs::read(file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(file, bytes).unwrap();

    let run = bench.memo(&["show", id]);
    assert_eq!(run.code, 1);
    assert_eq!(
        line(&run, "check"),
        "the entry is damaged: its value does not match its digest"
    );
    let run = bench.memo(&["show", id, "--format", "json"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.json()["check"]["whole"], false);
    let run = bench.memo(&["show", id, "--value"]);
    assert_eq!((run.code, &*run.stdout), (1, ""));
    assert_eq!(
        run.stderr,
        format!(
            "error: cannot show the value of `{id}`: the entry is damaged: its value does not \
             match its digest\n"
        )
    );
}

#[test]
fn it_tells_how_long_a_result_is_valid_and_how_often_it_was_found() {
    let bench = Bench::new();
    bench.fill(|memo| {
        for _ in 0..3 {
            memo.call("lab::price")
                .ttl(Duration::from_secs(7200))
                .get_or_compute(|| 7_u8);
        }
    });
    let run = bench.memo(&["show", "price"]);
    assert_eq!(
        line(&run, "expires"),
        "2024-03-01 14:00:00 +00:00, expired: it was valid for 2 h 00 min"
    );
    assert_eq!(line(&run, "hits"), "2, the last 2024-03-01 12:00:00 +00:00");
    let document = bench.memo(&["show", "price", "--format", "json"]).json();
    assert_eq!(document["entry"]["ttl_seconds"], 7200.0);
    assert_eq!(document["hits"], 2);
    assert_eq!(document["last_hit"], "2024-03-01T12:00:00Z");
    bench.fill(|memo| {
        memo.call("lab::rate").get_or_compute(|| 7_u8);
    });
    assert_eq!(
        line(&bench.memo(&["show", "rate"]), "hits"),
        "none in the journal"
    );
}

#[test]
fn an_id_that_is_not_there_says_where_to_look() {
    let bench = Bench::filled();
    let taken = &bench.ids(&["score"])[0];
    let free = if taken.starts_with('0') {
        "1111"
    } else {
        "0000"
    };
    let run = bench.memo(&["show", free]);
    assert!(run.stderr.starts_with(&format!(
        "error: no result with the ID `{free}` in the store"
    )));
    assert!(
        run.stderr
            .ends_with(": `cargo memo list` shows what there is\n")
    );
    assert_eq!(run.code, 1);
}

#[test]
fn an_ambiguous_id_lists_the_candidates() {
    let bench = Bench::new();
    // Enough keys that two of them begin with the same four digits.
    bench.fill(|memo| {
        for number in 0..1500_u32 {
            memo.call("lab::many")
                .arg("number", &number)
                .get_or_compute(|| number);
        }
    });
    let mut ids = bench.ids(&[]);
    ids.sort();
    let twins: Vec<_> = ids
        .windows(2)
        .filter(|pair| pair[0][..4] == pair[1][..4])
        .collect();
    let twins = twins.first().expect("there are twins among 1500 keys");
    let run = bench.memo(&["show", &twins[0][..4]]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stdout, "");
    assert!(
        run.stderr.contains("is ambiguous in the store"),
        "{}",
        run.stderr
    );
    for id in twins.iter() {
        assert!(
            run.stderr.contains(&format!("\n  {id}  lab::many\n")),
            "{}",
            run.stderr
        );
    }
    assert_eq!(bench.memo(&["show", &twins[0]]).code, 0);
}

#[test]
fn looking_changes_nothing() {
    let bench = Bench::filled();
    let state = || {
        let files = bench.entries();
        let times = files
            .iter()
            .map(|file| file.metadata().unwrap().modified().unwrap());
        let log = std::fs::read(bench.store().join("journal/log")).unwrap();
        (times.collect::<Vec<_>>(), files.clone(), log)
    };
    let before = state();
    let id = &bench.ids(&[])[0];
    for verb in [
        &["status"][..],
        &["list"],
        &["show", id],
        &["log"],
        &["why"],
        &["clear", "--all", "-n"],
    ] {
        assert_eq!(bench.memo(verb).code, 0, "{verb:?}");
    }
    assert!(state() == before);
    let memo = Memo::builder(bench.store()).open().unwrap();
    let kept = memo
        .call("lab::train")
        .arg("lr", &0.1)
        .arg("layers", &3_u32)
        .computing(|| 0.5);
    assert_eq!(kept.cached(), Some(0.1));
}
