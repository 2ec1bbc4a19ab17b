//! A row: several do the same in turn, and each has a figure.

use serde::Serialize;

use memo_tests::bench::median;
use memo_tests::bench::stage::Answer;

/// Whose figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Ours,
    /// What the system takes for what nobody can do without.
    System,
    Peer,
}

/// One that takes turns with others: `step` is one turn, and answers with its times, in
/// nanoseconds.
pub(crate) struct Lane {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// What is to be reached: of ours, so many seconds; of another, so many times its figure.
    pub(crate) goal: Option<f64>,
    pub(crate) step: Box<dyn FnMut(u64) -> Answer>,
}

impl Lane {
    pub(crate) fn new(name: &str, role: Role, step: impl FnMut(u64) -> Answer + 'static) -> Self {
        Self {
            name: name.to_owned(),
            role,
            goal: None,
            step: Box::new(step),
        }
    }

    pub(crate) fn goal(mut self, goal: f64) -> Self {
        self.goal = Some(goal);
        self
    }
}

/// What came of a lane.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) goal: Option<f64>,
    /// The median and of how many times, or why there is none.
    pub(crate) median: Result<(f64, usize), String>,
    /// What else is to be said of it.
    pub(crate) note: Option<String>,
}

impl Figure {
    pub(crate) fn seconds(&self) -> Option<f64> {
        self.median.as_ref().ok().map(|(seconds, _)| *seconds)
    }
}

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: &'static str,
    pub(crate) name: String,
    /// Ours is the first.
    pub(crate) figures: Vec<Figure>,
    /// The command that prints it instead.
    pub(crate) elsewhere: Option<&'static str>,
}

impl Row {
    /// A row of figures that another benchmark prints.
    pub(crate) fn elsewhere(id: &'static str, name: &str, command: &'static str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            figures: Vec::new(),
            elsewhere: Some(command),
        }
    }

    /// Lets all take turns, in an order that changes from round to round. The first round does not
    /// count. Who fails is asked no more, and has no figure.
    pub(crate) fn run(id: &'static str, name: &str, rounds: u64, lanes: Vec<Lane>) -> Self {
        let mut took: Vec<Answer> = lanes.iter().map(|_| Ok(Vec::new())).collect();
        let mut lanes = lanes;
        let count = lanes.len();
        for round in 0..=rounds {
            for turn in 0..count {
                let at = (turn + round as usize) % count;
                let Ok(times) = &mut took[at] else {
                    continue;
                };
                match (lanes[at].step)(round) {
                    Ok(_) if round == 0 => {}
                    Ok(more) => times.extend(more),
                    Err(why) => took[at] = Err(why),
                }
            }
        }
        let figures = lanes.into_iter().zip(took).map(figure).collect();
        Self {
            id,
            name: name.to_owned(),
            figures,
            elsewhere: None,
        }
    }

    /// Whether all could be run.
    pub(crate) fn is_complete(&self) -> bool {
        self.figures.iter().all(|figure| figure.median.is_ok())
    }

    /// How many times the figure ours is; 1 for ours.
    pub(crate) fn ratio(&self, figure: &Figure) -> Option<f64> {
        Some(self.figures.first()?.seconds()? / figure.seconds()?)
    }

    /// Whether the goal that hangs on the figure is reached, if there is one.
    pub(crate) fn reached(&self, figure: &Figure) -> Option<bool> {
        let goal = figure.goal?;
        match figure.role {
            Role::Ours => Some(figure.seconds()? <= goal),
            Role::System | Role::Peer => Some(self.ratio(figure)? <= goal),
        }
    }
}

fn figure((lane, took): (Lane, Answer)) -> Figure {
    let median = took.map(|times| {
        let seconds: Vec<f64> = times.iter().map(|nanos| *nanos as f64 / 1e9).collect();
        let count = seconds.len();
        (median(seconds), count)
    });
    Figure {
        name: lane.name,
        role: lane.role,
        goal: lane.goal,
        median,
        note: None,
    }
}
