//! What running programs through the cache costs.
//!
//! `cargo bench -p memo-tests --bench runs` prints medians: of a hit of `cargo memo run` beside
//! `bkt`, which it installs into the target directory, and beside the program itself; of a sweep
//! over `/bin/true` beside `xargs -P` of as many, computed and hit; and of planning ten thousand
//! points. Whole processes are timed, in turn. Run it on a quiet machine.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its results, and ends where it cannot have any"
)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often a program of a few milliseconds is run.
const MANY: usize = 300;
/// How often a sweep is run.
const FEW: usize = 7;
/// The points of a sweep.
const POINTS: usize = 500;
/// Programs that run at once, in a sweep and under `xargs`.
const JOBS: &str = "2";

fn main() {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let program = memo_tests::tool::release();
    let bench = Bench {
        program: &program,
        dir: dir.path(),
    };
    println!("{:<44} {:>10} {:>8}", "", "took", "ratio");
    let bkt = memo_tests::bench::peer::bkt(env!("CARGO_TARGET_TMPDIR"));
    bench.hits(&bkt.expect("bkt is needed as the peer"));
    bench.sweeps();
    bench.planning();
}

struct Bench<'a> {
    program: &'a Path,
    dir: &'a Path,
}

impl Bench<'_> {
    /// Hits of `/bin/echo hi`, beside `bkt` and the program itself.
    fn hits(&self, bkt: &Path) {
        let spawn = || command("/bin/echo", &["hi"]);
        let ours = || self.memo(&["-q", "run", "--", "/bin/echo", "hi"]);
        let peer = || {
            let cache = self.dir.join("bkt");
            let mut peer = Command::new(bkt);
            peer.arg("--cache-dir").arg(cache);
            peer.args(["--ttl", "1d", "--", "/bin/echo", "hi"]);
            peer
        };
        // The first of each computes.
        timed(&mut ours());
        timed(&mut peer());
        let commands: [(&str, &dyn Fn() -> Command); 3] = [
            ("/bin/echo hi", &spawn),
            ("bkt, hit", &peer),
            ("cargo memo run, hit", &ours),
        ];
        let mut took: [Vec<Duration>; 3] = Default::default();
        for _ in 0..MANY {
            for (took, (_, command)) in took.iter_mut().zip(commands) {
                took.push(timed(&mut command()));
            }
        }
        let medians = took.map(median);
        for (median, (name, _)) in medians.iter().zip(commands) {
            print(name, *median, medians[1]);
        }
        println!("{:<44} {:>10}", "", "(to bkt)");
    }

    /// A sweep over `/bin/true`, beside `xargs` of as many.
    fn sweeps(&self) {
        let numbers = self.dir.join("numbers");
        let mut file = fs::File::create(&numbers).expect("a file");
        for number in 0..POINTS {
            writeln!(file, "{number}").expect("a line");
        }
        let xargs = || {
            let mut xargs = command("xargs", &["-P", JOBS, "-n", "1", "/bin/true"]);
            xargs.stdin(fs::File::open(&numbers).expect("the numbers"));
            xargs
        };
        let range = format!("i=0..{POINTS}");
        let sweep = |further: &[&str]| {
            let words = [
                &["-q", "sweep", "-j", JOBS, &range],
                further,
                &["--", "/bin/true", "{i}"],
            ];
            self.memo(&words.concat())
        };
        let mut took: [Vec<Duration>; 3] = Default::default();
        for _ in 0..FEW {
            took[0].push(timed(&mut xargs()));
            took[1].push(timed(&mut sweep(&["--refresh"])));
            took[2].push(timed(&mut sweep(&[])));
        }
        let [xargs, computed, hit] = took.map(|took| median(took) / POINTS as u32);
        print(&format!("xargs -P {JOBS} /bin/true, a point"), xargs, xargs);
        print("cargo memo sweep, computed, a point", computed, xargs);
        print("cargo memo sweep, hit, a point", hit, xargs);
    }

    /// A dry run of ten thousand points.
    fn planning(&self) {
        let plan = || {
            let points = ["i=0..100", "k=0..100", "--dry-run", "--", "/bin/true"];
            self.memo(&[&["-q", "sweep"], &points[..]].concat())
        };
        let took = (0..FEW).map(|_| timed(&mut plan())).collect();
        let took = median(took);
        print("cargo memo sweep --dry-run, 10,000 points", took, took);
    }

    fn memo(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command.args(words).current_dir(self.dir);
        command.env("MEMO_DIR", self.dir.join("store"));
        command
    }
}

fn command(program: &str, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words);
    command
}

fn timed(command: &mut Command) -> Duration {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let began = Instant::now();
    let status = command.status().expect("a program");
    let took = began.elapsed();
    assert!(status.success(), "{command:?}: {status}");
    took
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    took[took.len() / 2]
}

fn print(name: &str, took: Duration, beside: Duration) {
    let millis = took.as_secs_f64() * 1000.0;
    let ratio = took.as_secs_f64() / beside.as_secs_f64();
    println!("{name:<44} {millis:>7.2} ms {ratio:>8.2}");
}
