//! When a child is sent which signal. Time is what has passed since the child
//! was started, and is passed in.

use std::time::Duration;

use rustix::process::Signal;

/// After an interrupt: as a terminal would, then as a system that shuts down.
const INTERRUPT: &[(Duration, Signal)] = &[
    (Duration::ZERO, Signal::INT),
    (Duration::from_secs(2), Signal::TERM),
    (Duration::from_secs(5), Signal::KILL),
];
/// After the time limit.
const LIMIT: &[(Duration, Signal)] = &[
    (Duration::ZERO, Signal::TERM),
    (Duration::from_secs(2), Signal::KILL),
];

/// Why a child is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// Its time is over.
    Limit,
    /// Somebody asked for it.
    Interrupt,
}

/// How a child is made to end.
#[derive(Debug)]
pub(super) struct Ending {
    limit: Option<Duration>,
    /// Why, and since when.
    begun: Option<(Cause, Duration)>,
    /// What is still to be sent.
    steps: &'static [(Duration, Signal)],
}

impl Ending {
    /// Nothing is to be sent yet. `limit`: the time that the child has.
    pub(super) fn new(limit: Option<Duration>) -> Self {
        Self {
            limit,
            begun: None,
            steps: &[],
        }
    }

    /// Why the child is to end, if it is.
    pub(super) fn cause(&self) -> Option<Cause> {
        self.begun.map(|(cause, _)| cause)
    }

    /// The signal that is to be sent now, if one is; it is not told again.
    /// `asked`: how often somebody has asked for the end.
    pub(super) fn due(&mut self, now: Duration, asked: u32) -> Option<Signal> {
        if self.begun.is_none() {
            if asked > 0 {
                self.begin(Cause::Interrupt, now, INTERRUPT);
            } else if self.limit.is_some_and(|limit| limit <= now) {
                self.begin(Cause::Limit, now, LIMIT);
            }
        }
        let (_, since) = self.begun?;
        if asked > 1 && !self.steps.is_empty() {
            self.steps = &[];
            return Some(Signal::KILL);
        }
        let ((after, signal), rest) = self.steps.split_first()?;
        (since + *after <= now).then(|| {
            self.steps = rest;
            *signal
        })
    }

    /// How long until [`due`](Self::due) has something to tell, if nobody asks.
    pub(super) fn patience(&self, now: Duration) -> Duration {
        let next = match self.begun {
            Some((_, since)) => self.steps.first().map(|(after, _)| since + *after),
            None => self.limit,
        };
        next.map_or(Duration::MAX, |next| next.saturating_sub(now))
    }

    fn begin(&mut self, cause: Cause, now: Duration, steps: &'static [(Duration, Signal)]) {
        self.begun = Some((cause, now));
        self.steps = steps;
    }
}
