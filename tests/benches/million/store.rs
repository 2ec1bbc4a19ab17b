//! A store with many entries, made as programs make them.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use memo_runtime::{Clock, Memo};

const THREADS: u64 = 4;
/// Results are from the last so many seconds but the last day: 30 days.
const SPAN: u64 = 30 * 24 * 3600;
const DAY: u64 = 24 * 3600;

/// Keeps `entries` results in `store`: half of them of one function, 4 % each of five others, and
/// the rest of 300 more. They look as if they had been made and used in the last month.
pub(crate) fn fill(store: &Path, entries: u64) {
    thread::scope(|scope| {
        for part in 0..THREADS {
            scope.spawn(move || {
                for number in (part..entries).step_by(THREADS as usize) {
                    keep(store, number, entries);
                }
            });
        }
    });
    let now = SystemTime::now();
    for (number, entry) in files(&store.join("entries")).into_iter().enumerate() {
        let age = Duration::from_secs(DAY + number as u64 * 7919 % SPAN);
        let file = File::options().write(true).open(&entry);
        let file = file.expect("an entry");
        file.set_modified(now - age).expect("a time of last use");
    }
}

thread_local! {
    static MEMO: std::cell::OnceCell<(Memo, Clock)> = const { std::cell::OnceCell::new() };
}

fn keep(store: &Path, number: u64, entries: u64) {
    let name = match number * 100 / entries {
        0..50 => "lab::large".to_owned(),
        share @ 50..70 => format!("lab::medium_{}", (share - 50) / 4),
        _ => format!("lab::small_{}", number % 300),
    };
    MEMO.with(|memo| {
        let (memo, _) = memo.get_or_init(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            let then = now.expect("a time") - Duration::from_secs(SPAN + 2 * DAY);
            let clock = Clock::manual(u64::try_from(then.as_nanos()).expect("a time"));
            let memo = Memo::builder(store).clock(clock.clone()).open();
            (memo.expect("a store"), clock)
        });
        memo.call(&name)
            .arg("number", &number)
            .arg("rate", &(number as f64 / 1000.0))
            .get_or_compute(|| [number; 8]);
    });
}

/// The entries of `copy`, relative to `entries/`, that are no more in `store`.
pub(crate) fn names_missing(store: &Path, copy: &Path) -> Vec<String> {
    let names = |root: PathBuf| -> BTreeSet<String> {
        let files = files(&root).into_iter();
        let relative = files.map(|path| {
            let relative = path.strip_prefix(&root).expect("a file below");
            relative.to_string_lossy().into_owned()
        });
        relative.collect()
    };
    let left = names(store.join("entries"));
    let before = names(copy.join("entries"));
    before.difference(&left).cloned().collect()
}

/// The files three levels below `entries`.
fn files(entries: &Path) -> Vec<PathBuf> {
    let below = |dir: PathBuf| fs::read_dir(dir).into_iter().flatten().flatten();
    let functions = below(entries.to_owned());
    let fans = functions.flat_map(|function| below(function.path()));
    let files = fans.flat_map(|fan| below(fan.path()));
    files.map(|file| file.path()).collect()
}
