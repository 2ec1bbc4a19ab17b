//! More results than are held at once, and a store that changes meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use memo_runtime::Memo;

use crate::bench::Bench;
use crate::pseudo_terminal::Session;

/// More than two pages.
const MANY: u32 = 2100;

fn filled() -> Bench {
    let bench = Bench::new();
    bench.fill(|memo| {
        for number in 0..MANY {
            let call = memo.call("lab::many").arg("number", &number);
            // A later version of the function has another argument.
            match number {
                0 => call.arg("late", &"yes").get_or_compute(|| number),
                _ => call.get_or_compute(|| number),
            };
        }
    });
    bench
}

#[test]
fn all_of_many_results_are_written_in_every_form() {
    let bench = filled();
    let numbers: BTreeSet<String> = (0..MANY).map(|number| number.to_string()).collect();

    let document = bench.memo(&["list", "--format", "json"]).json();
    let entries = document["entries"].as_array().unwrap();
    let listed = entries
        .iter()
        .map(|one| one["arguments"][0]["text"].as_str().unwrap().to_owned());
    assert_eq!(listed.collect::<BTreeSet<_>>(), numbers);

    let csv = bench
        .memo(&["list", "many", "--sort", "number", "--format", "csv"])
        .stdout;
    let mut rows = csv
        .lines()
        .map(|line| line.split(',').skip(9).collect::<Vec<_>>());
    let mut header = rows.next().unwrap();
    header.sort_unstable();
    assert_eq!(header, ["late", "number"]);
    assert_eq!(rows.count(), numbers.len());

    let table = bench.memo(&["list", "many", "--sort", "number"]).stdout;
    let mut lines = table.lines();
    let late = lines.next().unwrap().find("late").unwrap();
    let listed: Vec<&str> = lines.collect();
    assert_eq!(listed.len(), numbers.len());
    // Every page stands in the columns of the first.
    let cells = listed.iter().map(|line| &line[late - 1..late + 6]);
    let cells: Vec<&str> = cells.collect();
    assert_eq!(cells[0], " \"yes\" ");
    assert!(cells[1..].iter().all(|cell| cell.trim().is_empty()));
    let number = |line: &str| line.split_whitespace().nth(1).unwrap().to_owned();
    assert_eq!(number(listed[1500]), "1500");
}

#[test]
fn a_terminal_shows_fifty_and_tells_of_the_others() {
    let bench = filled();
    let shown = |arguments: &[&str]| {
        let mut command = bench.command(&[&["list"], arguments].concat());
        command.arg("--store").arg(bench.store());
        let (shown, code) = Session::start(command, 80).finish();
        assert_eq!(code, 0, "{shown}");
        shown
    };
    let some = shown(&[]);
    assert_eq!(some.matches("number=").count(), 50, "{some}");
    assert!(
        some.ends_with(": 2,050 more results, --limit N shows them\n"),
        "{some}"
    );
    let some = shown(&["--where", "number<7", "--color", "never"]);
    assert_eq!(some.matches("number=").count(), 7, "{some}");
    assert!(!some.contains("more"), "{some}");
    let some = shown(&["--limit", "60"]);
    assert_eq!(some.matches("number=").count(), 60, "{some}");
    assert!(!some.contains("more"), "{some}");
}

#[test]
fn a_store_that_changes_while_it_is_listed_is_no_error() {
    let bench = filled();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        // Also where an assertion fails, or the other would go on for ever.
        let _end = End(&done);
        scope.spawn(|| {
            let memo = Memo::builder(bench.store()).open().unwrap();
            for number in (0..MANY).cycle() {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                let call = || {
                    memo.call("lab::many")
                        .arg("number", &number)
                        .computing(|| number)
                };
                call().forget();
                call().get();
            }
        });
        for arguments in [
            &["list", "--format", "json"][..],
            &["list", "--where", "number>7", "--format", "json"],
            &["list", "--limit", "5", "--format", "json"],
            &["show", "many", "--format", "json"],
        ] {
            let run = bench.memo(arguments);
            assert_eq!(run.json()["schema_version"], 1, "{}", run.stderr);
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
    });
}

/// Tells that it is over, however that came.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn the_latest_of_many_are_found_however_they_were_used() {
    let bench = Bench::new();
    bench.fill(|memo| {
        for number in 0..MANY {
            memo.call("lab::many")
                .arg("number", &number)
                .get_or_compute(|| number);
            bench.clock.advance(Duration::from_secs(600));
        }
    });
    let listed = |limit: &[&str]| {
        let run = bench.memo(&[&["list", "--format", "json"], limit].concat());
        let document = run.json();
        let entries = document["entries"].as_array().unwrap().iter();
        let numbers = entries.map(|one| one["arguments"][0]["text"].as_str().unwrap().to_owned());
        numbers.collect::<Vec<_>>()
    };
    // The later a result was computed, the longer ago it was used.
    let last = UNIX_EPOCH + Duration::from_nanos(bench.clock.now());
    let run = bench.memo(&["list", "--format", "json"]).json();
    let entries = run["entries"].as_array().unwrap();
    let ages: BTreeMap<&str, u64> = (0..)
        .zip(entries)
        .map(|(age, one)| (one["key"].as_str().unwrap(), age))
        .collect();
    for file in bench.entries() {
        let fan = file
            .parent()
            .unwrap()
            .file_name()
            .unwrap()
            .to_str()
            .unwrap();
        let key = [fan, file.file_name().unwrap().to_str().unwrap()].concat();
        let used = last + Duration::from_secs(ages[&*key]);
        let file = File::options().write(true).open(&file).unwrap();
        file.set_modified(used).unwrap();
    }
    assert_eq!(listed(&["--limit", "3"]), ["2099", "2098", "2097"]);
}
