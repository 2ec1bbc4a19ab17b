//! The journal: what was executed, what came of it, and why.
//!
//! One file, `journal/log`, of [frames](crate::frame), each written by one
//! `write` to a file opened for appending, so that processes do not tear
//! each other's records. It is advisory: entries carry what matters, and a
//! lost journal loses statistics only. Nothing here ever fails a caller.

mod reader;
mod record;
mod writer;

pub(crate) use reader::longest_recent;
pub(crate) use reader::read_from;
pub use record::{Cause, Execution, Outcome};
pub(crate) use writer::Journal;

pub(crate) use crate::store::layout::JOURNAL_PATH as PATH;
