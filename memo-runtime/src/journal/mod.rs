//! The journal: what was executed, what came of it, and why.
//!
//! Records are [frames](crate::frame), each written by one `write` to a file
//! opened for appending, so that processes do not tear each other's records.
//! It is advisory: entries carry what matters, and a lost journal loses
//! statistics only. Nothing here ever fails a caller.
//!
//! It stays small ([`compaction`]): once `journal/log` is long, it becomes an
//! older segment, `journal/log.<n>`, and what older segments add up to is kept
//! in `journal/past` ([`past`]). Segments are numbered from 1 on; `log` is
//! the one after the newest older one, and keeps its number when it is
//! renamed. So a record's place, a segment and a byte, stays the same.

mod compaction;
mod past;
mod reader;
mod record;
mod segments;
mod statistics;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use reader::{longest_recent, read_from, read_last, statistics};
pub use record::{Cause, Execution, Outcome};
pub use segments::JournalPosition;
pub(crate) use segments::Segments;
pub use statistics::{FunctionStatistics, Statistics};
pub(crate) use writer::Journal;

pub(crate) use crate::store::layout::JOURNAL_PATH as PATH;
