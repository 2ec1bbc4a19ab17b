//! How far a sweep has come, while it goes on: on a terminal a bar with the
//! points that run and the best so far, elsewhere a line for each finished
//! point. All of it on standard error, and none of it if it is to be quiet.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::results::Counts;
use crate::render::{count, span};
use crate::shell::Shell;

/// No more points that run are shown.
const MOST_SHOWN: usize = 8;

/// Shows how far a sweep has come.
#[derive(Debug)]
pub(super) struct Board<'a> {
    shell: &'a Shell,
    screen: Option<Screen>,
    /// The points that run, with what they are called, and since when.
    running: BTreeMap<usize, (String, Instant)>,
}

#[derive(Debug)]
struct Screen {
    all: MultiProgress,
    bar: ProgressBar,
    lines: Vec<ProgressBar>,
    best: ProgressBar,
}

impl<'a> Board<'a> {
    /// A board for so many points, of which so many run at once.
    pub(super) fn new(shell: &'a Shell, points: usize, jobs: usize) -> Self {
        let is_shown = io::stderr().is_terminal() && !shell.is_quiet();
        Self {
            shell,
            screen: is_shown.then(|| Screen::new(points, jobs.min(MOST_SHOWN))),
            running: BTreeMap::new(),
        }
    }

    /// Whether finished points are to be told line by line.
    pub(super) fn is_in_lines(&self) -> bool {
        self.screen.is_none() && !self.shell.is_quiet()
    }

    /// A point has begun to run.
    pub(super) fn began(&mut self, point: usize, name: String) {
        self.running.insert(point, (name, Instant::now()));
        self.show_running();
    }

    /// A point runs no more.
    pub(super) fn ended(&mut self, point: usize) {
        if self.running.remove(&point).is_some() {
            self.show_running();
        }
    }

    /// How many points run.
    pub(super) fn running(&self) -> usize {
        self.running.len()
    }

    /// Tells how far it has come, how long it may take, and the best so far.
    pub(super) fn tell(&self, counts: &Counts, left: Option<Duration>, best: Option<&str>) {
        let Some(screen) = &self.screen else { return };
        let mut message = so_far(counts);
        if self.running() > 0 {
            message.push_str(&format!(", {} running", self.running()));
        }
        if let Some(left) = left {
            message.push_str(&format!(", {} left", span(whole(left))));
        }
        screen.bar.set_position(counts.done() as u64);
        screen.bar.set_message(message);
        if let Some(best) = best {
            screen.best.set_message(format!("best so far: {best}"));
        }
    }

    /// Writes to standard error while the board stands.
    pub(super) fn aside(&self, write: impl FnOnce(&Shell)) {
        match &self.screen {
            Some(screen) => screen.all.suspend(|| write(self.shell)),
            None => write(self.shell),
        }
    }

    /// Lets the clocks of running points go on.
    pub(super) fn tick(&self) {
        self.show_running();
    }

    fn show_running(&self) {
        let Some(screen) = &self.screen else { return };
        let mut running = self.running.values();
        for line in &screen.lines {
            line.set_message(match running.next() {
                Some((name, since)) => format!("{name}  {}", span(whole(since.elapsed()))),
                None => String::new(),
            });
        }
    }
}

/// `12/30 done, 4 hits, 1 failed`
fn so_far(counts: &Counts) -> String {
    let mut words = format!("{}/{} done", counts.done(), counts.points);
    if counts.hits > 0 {
        words.push_str(&format!(", {}", count(counts.hits, "hit", "hits")));
    }
    if counts.failed > 0 {
        words.push_str(&format!(", {} failed", counts.failed));
    }
    words
}

/// Without what is less than a second.
fn whole(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs())
}

impl Screen {
    fn new(points: usize, lines: usize) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        let add = |template: &str| {
            let bar = all.add(ProgressBar::new(points as u64));
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar
        };
        let bar = add("{prefix:>8} [{bar:16}] {wide_msg}");
        bar.set_prefix("sweeping");
        let lines = (0..lines).map(|_| add("         {wide_msg}")).collect();
        let best = add("         {wide_msg}");
        Self {
            all,
            bar,
            lines,
            best,
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for line in &self.lines {
            line.finish_and_clear();
        }
        self.best.finish_and_clear();
        self.bar.finish_and_clear();
    }
}
