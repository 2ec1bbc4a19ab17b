//! What the build script adds to debug builds.
//!
//! `cargo bench -p memo-tests --bench builds` generates programs and builds each twice, with
//! `memo_build::fingerprint()` and without, one after the other in changing order. It prints the
//! medians of both and of the differences between neighbours, which is what is added. All is built
//! with the profile that cargo has by default. Run it on a quiet machine, and edit nothing of memo
//! meanwhile. `MEMO_BENCH_DIR` names a directory on another file system.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its results, and ends where it cannot have any"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

mod builds {
    pub(crate) mod generated;
    pub(crate) mod workspace;
}

use builds::generated::Shape;
use builds::workspace::Workspace;

const FIRST_BUILDS: usize = 2;
const EDITS: usize = 9;

const LARGE: Shape = Shape {
    packages: 8,
    modules: 22,
    groups: 7,
};
const EXPERIMENT: Shape = Shape {
    packages: 1,
    modules: 12,
    groups: 3,
};
const SMALL: Shape = Shape {
    packages: 1,
    modules: 1,
    groups: 1,
};

/// A program without the build script, and with it.
type Pair = [Workspace; 2];

fn main() {
    let place = std::env::var_os("MEMO_BENCH_DIR");
    let place = place.map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
    let dir = tempfile::tempdir_in(place).expect("a directory");
    let dir = dir.path();
    println!(
        "{:<38} {:>9} {:>9} {:>9} {:>9}",
        "", "without", "with", "added", "asked"
    );
    let target = dir.join("target");
    for workspace in pair(dir, &target, SMALL, "primed") {
        workspace.build();
    }
    edited(dir, &target, LARGE, [Some(6.0), Some(0.3)]);
    edited(dir, &target, EXPERIMENT, [None, Some(0.1)]);
    clean(dir);
    println!("medians; {EDITS} edits of one file, {FIRST_BUILDS} first builds of each program");
}

fn pair(dir: &Path, target: &Path, shape: Shape, name: &str) -> Pair {
    [false, true].map(|script| Workspace::new(dir, target, shape, name, script))
}

/// A small program with all its dependencies.
fn clean(dir: &Path) {
    let targets = [false, true].map(|script| dir.join(format!("clean-{script}")));
    let times = interleaved(FIRST_BUILDS, |round, script| {
        let target = &targets[usize::from(script)];
        let _ = fs::remove_dir_all(target);
        Workspace::new(dir, target, SMALL, &format!("clean-{round}"), script).build()
    });
    for target in targets {
        let _ = fs::remove_dir_all(target);
    }
    line("small program, clean", times, None);
}

/// A program whose dependencies are there: its first builds, then one after each edit.
fn edited(dir: &Path, target: &Path, shape: Shape, asked: [Option<f64>; 2]) {
    let lines = shape.lines();
    let pairs: Vec<Pair> = (0..FIRST_BUILDS)
        .map(|round| pair(dir, target, shape, &format!("lines-{lines}-{round}")))
        .collect();
    let times = interleaved(FIRST_BUILDS, |round, script| {
        pairs[round][usize::from(script)].build()
    });
    line(&format!("{lines} lines, first build"), times, asked[0]);
    // Where there are several packages, it is in one that the program depends on.
    let package = 1.min(shape.packages - 1);
    for (module, what) in [(0, "reached"), (1, "not reached")] {
        let times = interleaved(EDITS, |round, script| {
            let workspace = &pairs[0][usize::from(script)];
            workspace.edit(package, module, 1 + round);
            workspace.build()
        });
        line(&format!("{lines} lines, edit {what}"), times, asked[1]);
    }
}

/// The times of builds without the build script and with it, in rounds.
fn interleaved(
    rounds: usize,
    mut build: impl FnMut(usize, bool) -> Duration,
) -> Vec<[Duration; 2]> {
    let mut times = Vec::new();
    for round in 0..rounds {
        let mut pair = [Duration::ZERO; 2];
        for turn in [false, true] {
            let script = turn != (round % 2 == 1);
            pair[usize::from(script)] = build(round, script);
        }
        times.push(pair);
    }
    times
}

fn line(name: &str, times: Vec<[Duration; 2]>, asked: Option<f64>) {
    let seconds = |time: Duration| time.as_secs_f64();
    let without = median(times.iter().map(|[without, _]| seconds(*without)).collect());
    let with = median(times.iter().map(|[_, with]| seconds(*with)).collect());
    let added = times.iter().map(|it| seconds(it[1]) - seconds(it[0]));
    let added = median(added.collect());
    let asked = asked.map_or_else(|| "low".to_owned(), |asked| format!("≤ {asked:.1} s"));
    println!("{name:<38} {without:>7.2} s {with:>7.2} s {added:>7.2} s {asked:>9}");
}

/// The middle, or the mean of the two in the middle.
fn median(mut times: Vec<f64>) -> f64 {
    times.sort_unstable_by(f64::total_cmp);
    let half = times.len() / 2;
    f64::midpoint(times[(times.len() - 1) / 2], times[half])
}
