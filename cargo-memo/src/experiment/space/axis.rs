//! Parameters that advance together: one by itself, those of a zip, or the
//! columns of a file.

use std::collections::HashSet;
use std::sync::Arc;

use super::distribution::Distribution;
use super::values::List;

/// Values of parameters that advance together.
pub(super) type Row = Vec<Arc<str>>;

/// Parameters that advance together, and their values.
#[derive(Debug)]
pub(super) struct Axis {
    /// Which parameters of a point they are, by position.
    pub(super) slots: Vec<usize>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Rows(Vec<Row>),
    List(List),
    Drawn(Distribution),
}

impl Axis {
    /// An axis of such rows.
    pub(super) fn of_rows(slots: Vec<usize>, rows: Vec<Row>) -> Self {
        let source = Source::Rows(rows);
        Self { slots, source }
    }

    /// An axis of the values of one parameter.
    pub(super) fn of_list(slot: usize, list: List) -> Self {
        Self {
            slots: vec![slot],
            source: Source::List(list),
        }
    }

    /// An axis of numbers that are drawn.
    pub(super) fn drawn(slot: usize, distribution: Distribution) -> Self {
        Self {
            slots: vec![slot],
            source: Source::Drawn(distribution),
        }
    }

    /// How many rows there are, as often as they are given; `None`: they are
    /// drawn.
    pub(super) fn length(&self) -> Option<u64> {
        match &self.source {
            Source::Rows(rows) => Some(rows.len() as u64),
            Source::List(list) => Some(list.length()),
            Source::Drawn(_) => None,
        }
    }

    /// All rows, each once: none if they are drawn.
    pub(super) fn rows(&self) -> Vec<Row> {
        let mut rows = match &self.source {
            Source::Rows(rows) => rows.clone(),
            Source::List(list) => (0..list.length()).map(|at| vec![list.at(at)]).collect(),
            Source::Drawn(_) => Vec::new(),
        };
        let mut seen = HashSet::with_capacity(rows.len());
        rows.retain(|row| seen.insert(row.clone()));
        rows
    }

    /// The row that random bits stand for.
    pub(super) fn row(&self, bits: u64) -> Row {
        let at = |length: u64| (u128::from(bits) * u128::from(length)) >> 64;
        match &self.source {
            Source::Rows(rows) => rows[at(rows.len() as u64) as usize].clone(),
            Source::List(list) => vec![list.at(at(list.length()) as u64)],
            Source::Drawn(distribution) => vec![distribution.number(bits).into()],
        }
    }
}
