//! One of the three pictures: how several things grow with one.

use std::path::Path;
use std::process::Command;

use memo_tests::bench::stage::Answer;
use memo_tests::bench::{Contestant, median, ours, raw};
use serde::Serialize;

/// What is counted along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Count,
    Bytes,
    Seconds,
    #[serde(rename = "per second")]
    PerSecond,
}

/// Lines of the same colour belong together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Colour {
    Blue,
    Orange,
    Green,
    Violet,
}

/// What grows.
#[derive(Debug, Serialize)]
pub(crate) struct Series {
    pub(crate) name: &'static str,
    /// Whether it is what the system takes at least, and not ours.
    pub(crate) system: bool,
    /// In the picture; what has none is in the table only.
    #[serde(skip)]
    pub(crate) colour: Option<Colour>,
    pub(crate) points: Vec<(u64, f64)>,
    /// Why there are no more points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<String>,
}

impl Series {
    pub(crate) fn ours(name: &'static str, colour: impl Into<Option<Colour>>) -> Self {
        Self {
            name,
            system: false,
            colour: colour.into(),
            points: Vec::new(),
            failed: None,
        }
    }

    pub(crate) fn system(name: &'static str, colour: impl Into<Option<Colour>>) -> Self {
        Self {
            system: true,
            ..Self::ours(name, colour)
        }
    }

    /// Takes down a point, or why there is none.
    pub(crate) fn note(&mut self, x: u64, y: Result<f64, String>) {
        match y {
            Ok(y) => self.points.push((x, y)),
            Err(why) => self.failed = Some(why),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Panel {
    pub(crate) title: &'static str,
    pub(crate) x: Unit,
    /// Whether each place on the axis is twice the one before, and not ten times.
    #[serde(skip)]
    pub(crate) doubling: bool,
    pub(crate) y: Unit,
    pub(crate) series: Vec<Series>,
}

impl Panel {
    /// Whether nothing failed.
    pub(crate) fn is_complete(&self) -> bool {
        self.series.iter().all(|series| series.failed.is_none())
    }
}

/// 100 and its multiples by ten, up to `most`.
pub(crate) fn decades(most: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(100), |x| Some(x * 10)).take_while(move |x| *x <= most)
}

/// Who takes part in turns, and what to tell it in each.
pub(crate) type Told<'a> = (&'a mut Contestant, &'a dyn Fn(u64) -> String);

/// The times of contestants that take turns. Who fails is told no more.
pub(crate) fn in_turn<const N: usize>(turns: u64, mut told: [Told<'_>; N]) -> [Answer; N] {
    let mut took = [const { Ok(Vec::new()) }; N];
    for turn in 0..turns {
        for (took, (contestant, line)) in took.iter_mut().zip(&mut told) {
            let Ok(times) = took else {
                continue;
            };
            match contestant.ask(&line(turn)) {
                Ok(more) => times.extend(more),
                Err(why) => *took = Err(why),
            }
        }
    }
    took
}

/// The median of times in nanoseconds, in seconds.
pub(crate) fn middle(times: Answer) -> Result<f64, String> {
    let seconds = times?.iter().map(|nanos| *nanos as f64 / 1e9).collect();
    Ok(median(seconds))
}

/// A contestant of ours, with its store in `dir`.
pub(crate) fn ours(dir: &Path) -> Contestant {
    Contestant::start(&mut ours::command(&dir.join("store"))).expect("this program")
}

/// The system, with its files in `dir`.
pub(crate) fn system(dir: &Path) -> Contestant {
    Contestant::start(&mut raw::command(&dir.join("raw"))).expect("this program")
}

/// Waits until what was written is on the disk, so that nobody is timed while it is.
pub(crate) fn settle() {
    let status = Command::new("sync").status();
    assert!(status.expect("sync").success());
}
