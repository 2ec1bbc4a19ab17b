//! How cost grows with the entries of a store.

use std::path::Path;
use std::process::{Command, Stdio};

use memo_tests::bench::stage::{Answer, timed};
use memo_tests::tool;

use super::panel::{Colour, Panel, Series, Unit, decades, in_turn, middle, ours, settle, system};

/// Calls in a turn.
const BATCH: u64 = 50;
/// Turns, if there are entries enough.
const TURNS: u64 = 40;
/// How often the whole store is looked at.
const LOOKS: usize = 7;

/// A hit, a miss and `status`, in a store that fills up.
pub(crate) fn panel(dir: &Path, most: u64) -> Panel {
    let program = tool::release();
    let mut status = Series::ours("cargo memo status", Colour::Green);
    let mut du = Series::system("du -s", Colour::Green);
    let mut miss = Series::ours("miss", Colour::Orange);
    let mut write = Series::system("write + rename", Colour::Orange);
    let mut hit = Series::ours("hit", Colour::Blue);
    let mut open = Series::system("open + read + close", Colour::Blue);
    let mut kept = 0;
    for entries in decades(most) {
        let turns = TURNS.min(entries / BATCH / 2).max(1);
        let measured = entries - turns * BATCH;
        fill(dir, kept, measured);
        let [ours, raw] = misses(dir, measured, turns);
        miss.note(entries, middle(ours));
        write.note(entries, middle(raw));
        kept = entries;
        settle();
        let [ours, raw] = hits(dir, entries, turns);
        hit.note(entries, middle(ours));
        open.note(entries, middle(raw));
        let [ours, raw] = looks(&program, dir);
        status.note(entries, middle(ours));
        du.note(entries, middle(raw));
    }
    Panel {
        title: "entries in the store",
        x: Unit::Count,
        doubling: false,
        y: Unit::Seconds,
        series: vec![status, du, miss, write, hit, open],
    }
}

/// Keeps the results from one number to another.
fn fill(dir: &Path, from: u64, to: u64) {
    if from < to {
        let kept = ours(dir).ask(&format!("miss {from} {}", to - from));
        kept.expect("results are kept");
    }
}

/// Misses from a number on, beside files of as many bytes.
fn misses(dir: &Path, from: u64, turns: u64) -> [Answer; 2] {
    let mut raw = system(dir);
    let mut memo = ours(dir);
    let found = raw.ask(&entries(dir)).expect("there are entries");
    let len = found[1];
    in_turn(
        turns,
        [
            (&mut memo, &|turn| {
                format!("miss {} {BATCH}", from + turn * BATCH)
            }),
            (&mut raw, &|turn| {
                format!("write {len} {} {BATCH}", from + turn * BATCH)
            }),
        ],
    )
}

/// Hits from all over the store, each the first of its key in a process, beside reading entries.
fn hits(dir: &Path, entries_kept: u64, turns: u64) -> [Answer; 2] {
    let mut raw = system(dir);
    let mut memo = ours(dir);
    raw.ask(&entries(dir)).expect("there are entries");
    let stride = (entries_kept - BATCH) / turns;
    in_turn(
        turns,
        [
            (&mut memo, &|turn| format!("hit {} {BATCH}", turn * stride)),
            (&mut raw, &|turn| format!("open {} {BATCH}", turn * stride)),
        ],
    )
}

fn entries(dir: &Path) -> String {
    format!("entries {}", dir.join("store").display())
}

/// `cargo memo status`, beside `du -s`.
fn looks(program: &Path, dir: &Path) -> [Answer; 2] {
    let store = dir.join("store");
    let memo = |words: &[&str]| {
        let mut memo = Command::new(program);
        memo.args(words).arg("--store").arg(&store);
        // Far from any workspace, whose sources would be looked at.
        memo.current_dir(&store).env_remove("MEMO_BENCH_DIR");
        memo
    };
    // Compacts the journal, as programs do from time to time.
    took(&mut memo(&["gc", "--max-size", "none", "--yes"])).expect("upkeep");
    let mut all = [Ok(Vec::new()), Ok(Vec::new())];
    for _ in 0..LOOKS {
        let mut du = Command::new("du");
        du.arg("-s").arg(&store);
        for (all, command) in all.iter_mut().zip([&mut memo(&["status"]), &mut du]) {
            match (&mut *all, took(command)) {
                (Ok(times), Ok(took)) => times.push(took),
                (_, Err(why)) => *all = Err(why),
                (Err(_), Ok(_)) => {}
            }
        }
    }
    all
}

fn took(command: &mut Command) -> Result<u64, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let (status, took) = timed(|| command.status());
    match status {
        Ok(status) if status.success() => Ok(took),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}
