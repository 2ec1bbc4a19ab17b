//! The workers of a sweep: each takes a point, runs it through the cache, and
//! takes the next.
//!
//! What must hold: a point that another process computes is not waited for as
//! long as there is anything else to do; once one is to stop, no point is
//! begun; and every point that is begun is told to have ended.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use memo_runtime::Outcome;
use memo_runtime::manage::{Cause, Holder};
use memo_runtime::run::{Recording, Restored, Stream};

use crate::experiment::child::Ended;
use crate::experiment::point::{Experiment, Listener, Performed, Stopped, Task};
use crate::interrupt;

/// How much of the end of what a point printed is kept at hand, in bytes.
const TAIL: usize = 16 << 10;

/// How points are worked off.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// How many run at once.
    pub(super) jobs: usize,
    /// How often a point that fails is run again.
    pub(super) retries: u32,
    /// Whether no point is begun after one has failed.
    pub(super) fail_fast: bool,
}

/// What workers tell; a point goes by its position.
#[derive(Debug)]
pub(super) enum News {
    /// The program of a point is being started.
    Began(usize),
    /// A point failed, and is run again.
    Again(usize, Failed),
    /// A point waits for another process, in words.
    Waits(usize, String),
    /// Something is odd about a point.
    Odd(usize, String),
    /// It is done with.
    Ended(usize, Came),
}

/// What came of a point.
#[derive(Debug)]
pub(super) enum Came {
    /// It was found or computed.
    Done(Performed),
    /// The program, or what is around it, failed.
    Failed(Failed),
    /// It was interrupted.
    Interrupted,
}

/// How a point failed.
#[derive(Debug)]
pub(super) struct Failed {
    /// What came of the program, if it ran.
    pub(super) performed: Option<Performed>,
    /// Why, where it is not the program's exit.
    pub(super) message: Option<String>,
    /// The end of what it printed.
    pub(super) tail: Vec<u8>,
}

/// Works off all tasks, and returns when none is left or one is to stop.
pub(super) fn work(experiment: &Experiment<'_>, tasks: &[Task], rules: Rules, news: &Sender<News>) {
    let queue = Queue::new(tasks.len());
    thread::scope(|scope| {
        for _ in 0..rules.jobs.min(tasks.len()) {
            let (queue, news) = (&queue, news.clone());
            scope.spawn(move || {
                while let Some(turn) = queue.next() {
                    let worker = Worker {
                        experiment,
                        rules,
                        queue,
                        news: &news,
                    };
                    worker.take(turn, &tasks[turn.point]);
                }
            });
        }
    });
}

/// A point that it is the turn of.
#[derive(Clone, Copy, Debug)]
struct Turn {
    point: usize,
    /// Whether there is nothing better to do than to wait for another process.
    wait: bool,
}

/// The points that have not been begun.
#[derive(Debug)]
struct Queue {
    waiting: Mutex<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    fresh: VecDeque<usize>,
    /// Those that another process computes.
    elsewhere: VecDeque<usize>,
    stopped: bool,
}

impl Queue {
    fn new(points: usize) -> Self {
        Self {
            waiting: Mutex::new(Waiting {
                fresh: (0..points).collect(),
                elsewhere: VecDeque::new(),
                stopped: false,
            }),
        }
    }

    fn next(&self) -> Option<Turn> {
        let mut waiting = self.waiting();
        if waiting.stopped || interrupt::came() {
            return None;
        }
        let turn = |wait| move |point| Turn { point, wait };
        let fresh = waiting.fresh.pop_front().map(turn(false));
        fresh.or_else(|| waiting.elsewhere.pop_front().map(turn(true)))
    }

    fn postpone(&self, point: usize) {
        self.waiting().elsewhere.push_back(point);
    }

    fn stop(&self) {
        self.waiting().stopped = true;
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Worker<'a> {
    experiment: &'a Experiment<'a>,
    rules: Rules,
    queue: &'a Queue,
    news: &'a Sender<News>,
}

impl Worker<'_> {
    fn take(&self, turn: Turn, task: &Task) {
        let Turn { point, wait } = turn;
        let mut left = self.rules.retries;
        loop {
            let mut ear = Ear {
                point,
                news: self.news,
                tail: Vec::new(),
            };
            let performed = self.experiment.perform(task, wait, &mut ear);
            let failed = match performed {
                Err(Stopped::UnderWay) => return self.queue.postpone(point),
                Err(Stopped::Interrupted) => return self.ended(point, Came::Interrupted),
                Ok(performed) if performed.ended == Ended::Interrupted => {
                    return self.ended(point, Came::Interrupted);
                }
                Ok(performed) if performed.is_good() => {
                    return self.ended(point, Came::Done(performed));
                }
                Ok(performed) => ear.failed(Some(performed), None),
                Err(Stopped::Moved) => ear.failed(
                    None,
                    Some("what it is made of was edited meanwhile: run the sweep again".to_owned()),
                ),
                Err(Stopped::Failed(failure)) => ear.failed(None, failure.message()),
            };
            let kept = failed.performed.as_ref();
            let may_come_right = kept.is_none_or(|it| it.outcome == Outcome::Error);
            if left == 0 || !may_come_right || interrupt::came() {
                if self.rules.fail_fast {
                    self.queue.stop();
                }
                return self.ended(point, Came::Failed(failed));
            }
            left -= 1;
            self.tell(News::Again(point, failed));
        }
    }

    fn ended(&self, point: usize, came: Came) {
        self.tell(News::Ended(point, came));
    }

    fn tell(&self, news: News) {
        // Who does not listen any more has stopped the sweep.
        let _ = self.news.send(news);
    }
}

/// Listens to one point.
struct Ear<'a> {
    point: usize,
    news: &'a Sender<News>,
    tail: Vec<u8>,
}

impl Ear<'_> {
    fn failed(self, performed: Option<Performed>, message: Option<String>) -> Failed {
        Failed {
            performed,
            message,
            tail: self.tail,
        }
    }
}

impl Listener for Ear<'_> {
    fn found(&mut self, _: &Recording, _: Outcome, _: Restored) {}

    fn computes(&mut self, _: Cause) {
        let _ = self.news.send(News::Began(self.point));
    }

    fn waits(&self, holder: &Holder, _: Option<Duration>) {
        let words = format!("process {} on {} computes it", holder.pid, holder.host);
        let _ = self.news.send(News::Waits(self.point, words));
    }

    fn printed(&mut self, _: Stream, bytes: &[u8]) -> io::Result<()> {
        let kept = bytes.len().min(TAIL);
        self.tail.extend_from_slice(&bytes[bytes.len() - kept..]);
        let over = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..over);
        Ok(())
    }

    fn odd(&mut self, message: &str) {
        let _ = self.news.send(News::Odd(self.point, message.to_owned()));
    }
}
