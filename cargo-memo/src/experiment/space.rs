//! The points of a sweep: parameters with their values, each value with each,
//! together, or at random.
//!
//! What must hold: how many points there are is known before one is made, and
//! no more than [`MOST_POINTS`] are; no two are the same; and their order is that
//! in which parameters and values were typed, the last parameter fastest.

mod axis;
mod collision;
mod decimal;
mod distribution;
mod file;
mod placeholders;
mod range;
mod sample;
#[cfg(test)]
mod tests;
mod values;
mod zip;

use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use memo_runtime::manage::Condition;

use crate::failure::Failure;
use crate::render::{count, escape};
use crate::suggest;

use axis::{Axis, Row};
use file::Table;
use sample::Random;
use values::{Parameter, Values};

pub(crate) use collision::refuse_shared_outputs;
pub(crate) use placeholders::{arguments, fill, places, remarks};

/// More points are a slip rather than an experiment.
pub(crate) const MOST_POINTS: u64 = 1_000_000;

/// Values of parameters with which a program is run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Point {
    /// Names and values, in the order in which they were given.
    pub(crate) parameters: Vec<(Arc<str>, Arc<str>)>,
}

impl Point {
    /// The value of the parameter `name`, if there is one.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        let (_, value) = parameters.find(|(other, _)| **other == *name)?;
        Some(value)
    }
}

impl fmt::Display for Point {
    /// `lr=0.1, layers=3`, as the values are: unescaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.parameters.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}

/// All points, with what is to be said of them.
#[derive(Debug)]
pub(crate) struct Points {
    pub(crate) all: Vec<Point>,
    /// What a person may not expect.
    pub(crate) remarks: Vec<String>,
}

/// What the points of a sweep are made of.
#[derive(Debug)]
pub(crate) struct Space {
    names: Vec<Arc<str>>,
    axes: Vec<Axis>,
    condition: Option<Condition>,
    sample: Option<usize>,
    seed: u64,
    remarks: Vec<String>,
}

impl Space {
    /// Reads parameters as typed in `words`, and the points in the file `from`,
    /// of which each goes with each value of the others. Parameters of which the
    /// names stand together in one of `zip` advance together. With `sample` only
    /// so many points are chosen, which ones by `seed`.
    pub(crate) fn parse(
        words: &[String],
        from: Option<&Path>,
        zip: &[String],
        condition: Option<&Condition>,
        sample: Option<usize>,
        seed: u64,
    ) -> Result<Self, Failure> {
        let mut space = Self {
            names: Vec::new(),
            axes: Vec::new(),
            condition: condition.cloned(),
            sample,
            seed,
            remarks: Vec::new(),
        };
        let table = from.map(Table::read).transpose()?;
        if let Some(Table { names, rows }) = table {
            let slots = (0..names.len()).collect();
            space.names = names;
            space.axes.push(Axis::of_rows(slots, rows));
        }
        let in_file = space.names.len();
        let mut parameters: Vec<Option<Values>> = (0..in_file).map(|_| None).collect();
        for word in words {
            let parameter = Parameter::read(word)?;
            if space.names.contains(&parameter.name) {
                return Err(Failure::Usage(format!(
                    "the parameter `{}` is given twice",
                    parameter.name
                )));
            }
            space.names.push(parameter.name);
            parameters.push(Some(parameter.values));
        }
        if space.names.is_empty() {
            return Err(Failure::Usage(
                "there is no parameter: give some with their values, as lr=0.1,0.01 layers=2..=4, \
                 or points in a file by --from"
                    .to_owned(),
            ));
        }
        let zipped = space.zipped(in_file, zip)?;
        space.add_parameters(parameters, &zipped)?;
        space.remark_unknown_names();
        Ok(space)
    }

    /// What a person may not expect of what was typed.
    pub(crate) fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The points.
    pub(crate) fn points(&self) -> Result<Points, Failure> {
        let mut remarks = self.remarks.clone();
        let total = self.total();
        let all: Vec<Point> = match (self.sample, total) {
            (None, None) => return Err(self.drawn_without_end()),
            (None, Some(total)) => {
                check_total(total)?;
                let rows = self.rows(&mut remarks);
                self.product(&rows).collect()
            }
            (Some(wanted), _) => {
                let random = Random::of_seed(self.seed);
                let found = match total {
                    Some(total) if total <= MOST_POINTS => {
                        let rows = self.rows(&mut remarks);
                        random.choose(self.product(&rows), wanted)
                    }
                    _ => random.draw(self, wanted),
                };
                if found.len() < wanted {
                    remarks.push(format!(
                        "--sample {wanted} finds only {}",
                        count(found.len(), "point", "points")
                    ));
                }
                found
            }
        };
        if all.is_empty() {
            return Err(Failure::Usage(
                "no point meets the condition of --if".to_owned(),
            ));
        }
        Ok(Points { all, remarks })
    }

    /// Makes axes of parameters; those that are zipped stand where the first of
    /// them stands.
    fn add_parameters(
        &mut self,
        mut parameters: Vec<Option<Values>>,
        zipped: &[Vec<usize>],
    ) -> Result<(), Failure> {
        for slot in 0..parameters.len() {
            if let Some(group) = zipped.iter().find(|group| group.contains(&slot)) {
                let values = group.iter().filter_map(|slot| parameters[*slot].take());
                let values: Vec<Values> = values.collect();
                if !values.is_empty() {
                    let rows = self.rows_of_zip(group, values)?;
                    self.axes.push(Axis::of_rows(group.clone(), rows));
                }
                continue;
            }
            match parameters[slot].take() {
                Some(Values::Listed(list)) => self.axes.push(Axis::of_list(slot, list)),
                Some(Values::Drawn(drawn)) => self.axes.push(Axis::drawn(slot, drawn)),
                None => {}
            }
        }
        Ok(())
    }

    /// How many points there are at most; `None`: they have no end.
    fn total(&self) -> Option<u64> {
        let mut lengths = self.axes.iter().map(Axis::length);
        lengths.try_fold(1, |total: u64, length| Some(total.saturating_mul(length?)))
    }

    /// The rows of each axis, each once; what was there more often is remarked.
    /// Only for a space that can be counted.
    fn rows(&self, remarks: &mut Vec<String>) -> Vec<Vec<Row>> {
        let mut all = Vec::with_capacity(self.axes.len());
        for axis in &self.axes {
            let rows = axis.rows();
            let given = axis.length().unwrap_or(0) as usize;
            if given > rows.len() {
                let names = axis
                    .slots
                    .iter()
                    .map(|slot| format!("`{}`", self.names[*slot]));
                remarks.push(format!(
                    "{}: {} passed over",
                    names.collect::<Vec<_>>().join(", "),
                    count(given - rows.len(), "repeated value", "repeated values")
                ));
            }
            all.push(rows);
        }
        all
    }

    /// All points that are meant, of each row of each axis, the last axis
    /// fastest.
    fn product(&self, rows: &[Vec<Row>]) -> impl Iterator<Item = Point> {
        let total: usize = rows.iter().map(Vec::len).product();
        let points = (0..total).map(move |number| {
            let mut stride = total;
            self.point(rows.iter().map(|rows| {
                stride /= rows.len();
                rows[number / stride % rows.len()].iter().cloned()
            }))
        });
        points.filter(|point| self.accepts(point))
    }

    /// The point of one row of each axis.
    fn point(&self, rows: impl Iterator<Item = impl IntoIterator<Item = Arc<str>>>) -> Point {
        let names = self.names.iter();
        let mut parameters: Vec<_> = names
            .map(|name| (Arc::clone(name), Arc::clone(name)))
            .collect();
        for (axis, row) in self.axes.iter().zip(rows) {
            for (slot, value) in axis.slots.iter().zip(row) {
                parameters[*slot].1 = value;
            }
        }
        Point { parameters }
    }

    fn accepts(&self, point: &Point) -> bool {
        let condition = self.condition.as_ref();
        condition
            .is_none_or(|condition| condition.matches(|name| point.value(name).map(Cow::Borrowed)))
    }

    fn drawn_without_end(&self) -> Failure {
        let drawn = self.axes.iter().filter(|axis| axis.length().is_none());
        let names = drawn.map(|axis| format!("`{}`", self.names[axis.slots[0]]));
        Failure::Usage(format!(
            "the values of {} are drawn: --sample N says how many points there are to be",
            names.collect::<Vec<_>>().join(", ")
        ))
    }

    /// Says of names in the condition that no parameter has that they may be
    /// slips.
    fn remark_unknown_names(&mut self) {
        let names = self.condition.as_ref().map(Condition::names);
        for name in names.unwrap_or_default() {
            let is_known = |known: &Arc<str>| {
                let rest = name.strip_prefix(&**known);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            if !self.names.iter().any(is_known) {
                let remark = format!(
                    "there is no parameter `{}` that --if could ask for: there are {}{}",
                    escape(name),
                    self.names.join(", "),
                    self.did_you_mean(name)
                );
                self.remarks.push(remark);
            }
        }
    }

    fn did_you_mean(&self, name: &str) -> String {
        suggest::question(suggest::nearest(
            name,
            self.names.iter().map(|name| &**name),
        ))
    }
}

/// Refuses more points than are run.
fn check_total(total: u64) -> Result<(), Failure> {
    if total <= MOST_POINTS {
        return Ok(());
    }
    let counted = usize::try_from(total).unwrap_or(usize::MAX);
    let beyond = if total == u64::MAX { "more than " } else { "" };
    Err(Failure::Usage(format!(
        "there are {beyond}{}, and at most {} are run: --sample N chooses N of them",
        count(counted, "point", "points"),
        count(MOST_POINTS as usize, "point", "points"),
    )))
}
