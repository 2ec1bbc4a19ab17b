//! A sweep from its plan to its end: what is known of each point, and what the
//! workers tell of it.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use memo_runtime::Outcome;

use super::super::Verdict;
use super::board::Board;
use super::document::{self, Timing};
use super::estimate::Estimate;
use super::lines;
use super::results::{self, Best, Counts, Parameters, PointOutcome, PointResult};
use super::tables::{self, View};
use super::workers::{self, Came, Failed, News, Rules};
use crate::cli::{Common, Format, SweepOptions};
use crate::experiment::child::Ended;
use crate::experiment::point::{Experiment, Performed, Task};
use crate::experiment::space::Point;
use crate::failure::Failure;
use crate::interrupt;
use crate::listing::Ids;
use crate::render::{count, escape};
use crate::shell::{self, Shell};

/// How many points a terminal shows unless more are asked for.
const TERMINAL_LIMIT: usize = 50;
/// How often the clocks of running points go on.
const TICK: Duration = Duration::from_millis(500);

/// All points of a sweep, with what is known of them.
pub(super) struct Sweep<'a> {
    common: &'a Common,
    shell: &'a Shell,
    options: &'a SweepOptions,
    tasks: &'a [Task],
    parameters: &'a Parameters,
    /// The metrics that were asked for.
    asked: Vec<String>,
    results: Vec<PointResult>,
    best: Best<'a>,
    counts: Counts,
    estimate: Estimate,
    jobs: usize,
}

impl<'a> Sweep<'a> {
    /// Looks which points are kept.
    pub(super) fn plan(
        common: &'a Common,
        shell: &'a Shell,
        options: &'a SweepOptions,
        parameters: &'a Parameters,
        points: &[Point],
        tasks: &'a [Task],
    ) -> Self {
        let refresh = options.program.refresh;
        let usual = tasks.first().and_then(|task| task.call.usual());
        let mut estimate = Estimate::default();
        let results: Vec<PointResult> = points
            .iter()
            .zip(tasks)
            .enumerate()
            .map(|(at, (point, task))| {
                let kept = task.call.peek().filter(|_| !refresh);
                if let Some(kept) = &kept {
                    estimate.learn(kept.duration);
                }
                let failed = kept.as_ref().map(|kept| kept.facts.exit_code);
                let failed = failed.filter(|code| *code != 0);
                PointResult {
                    number: at + 1,
                    point: point.clone(),
                    outcome: match (&kept, failed) {
                        (Some(_), Some(_)) => PointOutcome::Failed,
                        (Some(_), None) => PointOutcome::WouldHit,
                        (None, _) => PointOutcome::WouldRun,
                    },
                    took: kept.as_ref().map(|kept| kept.duration),
                    metrics: kept.map(|kept| kept.facts.metrics).unwrap_or_default(),
                    key: Some(task.call.key()),
                    detail: failed.map(|code| format!("exit code {code}, kept")),
                }
            })
            .collect();
        if estimate.of(1, 1).is_none() {
            estimate = Estimate::begin(usual);
        }
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let metrics = options.program.metric.iter();
        Self {
            asked: metrics.map(|metric| metric.name.clone()).collect(),
            best: Best::new(options.sort.as_ref(), parameters),
            counts: Counts {
                points: tasks.len(),
                ..Counts::default()
            },
            parameters,
            jobs: options.jobs.map_or_else(cores, usize::from),
            common,
            shell,
            options,
            tasks,
            results,
            estimate,
        }
    }

    /// How many points are not kept.
    fn misses(&self) -> usize {
        let missing = |result: &&PointResult| result.outcome == PointOutcome::WouldRun;
        self.results.iter().filter(missing).count()
    }

    /// Whether anything is to be run.
    pub(super) fn has_misses(&self) -> bool {
        self.misses() > 0
    }

    /// Shows the points, and runs nothing.
    pub(super) fn show(self) -> Result<Verdict, Failure> {
        let left = self.estimate.of(self.misses(), self.jobs);
        let words = lines::forecast(&Counts::of(&self.results), left, self.jobs);
        self.print(Timing::WouldTake(left), &words)?;
        Ok(Verdict::Done)
    }

    /// Runs the points.
    pub(super) fn carry_out(mut self, experiment: &Experiment<'_>) -> Result<Verdict, Failure> {
        let (news, heard) = mpsc::channel();
        let rules = Rules {
            jobs: self.jobs,
            retries: self.options.retries,
            fail_fast: self.options.fail_fast,
        };
        let began = Instant::now();
        for result in &mut self.results {
            (result.outcome, result.took, result.detail) = (PointOutcome::NotRun, None, None);
            result.metrics.clear();
        }
        thread::scope(|scope| {
            let tasks = self.tasks;
            scope.spawn(move || workers::work(experiment, tasks, rules, &news));
            self.listen(&heard);
        });
        if experiment.program.has_moved_on() {
            self.shell.note(
                "the sources have changed since the sweep began: its points are of the code as it \
                 was then",
            );
        }
        self.warn_of_missing_metrics();
        let took = began.elapsed();
        let (points, done, failed) = (self.tasks.len(), self.counts.done(), self.counts.failed);
        let words = lines::summary(&Counts::of(&self.results), took);
        self.print(Timing::Took(took), &words)?;
        if interrupt::came() {
            return Err(Failure::Interrupted(format!(
                "interrupted: {done} of {} are done, and the same command goes on from there",
                count(points, "point", "points")
            )));
        }
        Ok(match failed {
            0 => Verdict::Done,
            _ => Verdict::Findings,
        })
    }

    /// Tells of metrics that were asked for and that no point has.
    fn warn_of_missing_metrics(&self) {
        let good = self.counts.done() - self.counts.failed;
        let told = results::metric_names(&self.results);
        for name in self.asked.iter().filter(|name| !told.contains(name)) {
            if good > 0 {
                let others = match told.is_empty() {
                    true => "points tell none, and nothing that they print matches".to_owned(),
                    false => format!("there is {}", escape(&told.join(", "))),
                };
                let name = escape(name);
                self.shell
                    .warn(&format!("no point has the metric `{name}`: {others}"));
            }
        }
    }

    /// Takes down what workers tell, until all have ended.
    fn listen(&mut self, heard: &Receiver<News>) {
        let mut board = Board::new(self.shell, self.tasks.len(), self.jobs);
        self.tell(&board);
        loop {
            match heard.recv_timeout(TICK) {
                Ok(news) => self.hear(&mut board, news),
                Err(RecvTimeoutError::Timeout) => board.tick(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn hear(&mut self, board: &mut Board<'_>, news: News) {
        match news {
            News::Began(at) => board.began(at, self.name(at)),
            News::Again(at, failed) => {
                board.ended(at);
                let name = self.name(at);
                let why = why(&failed);
                board
                    .aside(|shell| shell.warn(&format!("{name} failed ({why}): running it again")));
            }
            News::Waits(at, words) => {
                let name = self.name(at);
                board.aside(|shell| shell.note(&format!("waiting for {name}: {}", escape(&words))));
            }
            News::Odd(at, words) => {
                let name = self.name(at);
                board.aside(|shell| shell.warn(&format!("{name}: {words}")));
            }
            News::Ended(at, came) => {
                board.ended(at);
                self.end(board, at, came);
            }
        }
        self.tell(board);
    }

    fn end(&mut self, board: &Board<'_>, at: usize, came: Came) {
        let mut tail = Vec::new();
        match came {
            Came::Done(performed) => self.take_down(at, performed),
            Came::Failed(failed) => {
                self.counts.failed += 1;
                let result = &mut self.results[at];
                result.outcome = PointOutcome::Failed;
                result.detail = Some(why(&failed));
                if let Some(performed) = failed.performed {
                    result.took = Some(performed.took);
                    result.metrics = performed.metrics;
                }
                tail = failed.tail;
            }
            Came::Interrupted => return,
        }
        let result = &self.results[at];
        if board.is_in_lines() || result.outcome == PointOutcome::Failed {
            let (done, total) = (self.counts.done(), self.tasks.len());
            let mut line = lines::finished(result, self.parameters, &self.asked, done, total);
            line.push_str(&last_lines(&tail));
            board.aside(|shell| shell.say_line(&line));
        }
    }

    fn take_down(&mut self, at: usize, performed: Performed) {
        let outcome = match performed.outcome {
            Outcome::Hit => PointOutcome::Hit,
            Outcome::Waited => PointOutcome::Waited,
            _ => PointOutcome::Computed,
        };
        match outcome {
            PointOutcome::Hit => self.counts.hits += 1,
            PointOutcome::Waited => self.counts.waited += 1,
            _ => {
                self.counts.computed += 1;
                self.estimate.learn(performed.took);
            }
        }
        let result = &mut self.results[at];
        result.outcome = outcome;
        result.took = Some(performed.took);
        result.metrics = performed.metrics;
        self.best.look_at(result);
    }

    fn name(&self, at: usize) -> String {
        escape(&self.results[at].point.to_string())
    }

    fn tell(&self, board: &Board<'_>) {
        let left = self.counts.points - self.counts.done();
        let left = self.estimate.of(left, self.jobs).filter(|_| left > 0);
        board.tell(&self.counts, left, self.best.words());
    }

    /// Prints all points, with what is to be said of all together.
    fn print(mut self, timing: Timing, words: &str) -> Result<(), Failure> {
        if let Some(remark) = results::arrange(&mut self.results, self.options.sort.as_ref()) {
            self.shell.warn(&remark);
        }
        for result in &self.results {
            self.best.look_at(result);
        }
        let keys = self.results.iter().filter_map(|result| result.key);
        let ids = Ids::among(keys.collect());
        let text = match self.common.format {
            Format::Json => document::document(&self.results, &ids, timing),
            Format::Csv => document::rows(&self.results),
            Format::Table => self.table(&ids, words),
        };
        self.shell.print(&text)?;
        Ok(())
    }

    fn table(&self, ids: &Ids, words: &str) -> String {
        let verbose = self.common.verbose;
        let limit = self.options.limit.unwrap_or(match shell::is_terminal() {
            true => TERMINAL_LIMIT,
            false => usize::MAX,
        });
        let view = View {
            parameters: self.parameters,
            asked: &self.asked,
            best: &self.best,
            ids,
            verbose,
        };
        let width = shell::width().filter(|_| !verbose);
        let mut text = tables::table(&self.results, &view, limit, width);
        text.push_str(words);
        text.push('\n');
        text
    }
}

/// How many lines of what a failed point printed last are shown.
const LINES: usize = 10;
/// What comes before a backtrace, which is longer than that.
const PANIC: &str = "panicked at";

/// The last lines that a point printed, each below what is said of it: from
/// where it panicked on, if it did.
fn last_lines(tail: &[u8]) -> String {
    let tail = String::from_utf8_lossy(tail);
    let lines: Vec<&str> = tail.lines().collect();
    let panic = lines.iter().rposition(|line| line.contains(PANIC));
    let first = panic.unwrap_or(lines.len().saturating_sub(LINES));
    let shown = lines[first..].iter().take(LINES);
    let indented = shown.map(|line| format!("\n    {}", escape(line)));
    indented.collect()
}

/// How a point failed.
fn why(failed: &Failed) -> String {
    if let Some(message) = &failed.message {
        return message.clone();
    }
    match failed.performed.as_ref().map(|performed| performed.ended) {
        Some(Ended::Exited(code)) => format!("exit code {code}"),
        Some(Ended::Signalled(number)) => format!("ended by signal {number}"),
        Some(Ended::TimedOut) => "over its time limit".to_owned(),
        _ => "interrupted".to_owned(),
    }
}
