//! From data to text: what a table, a number, a time or a name looks like.

mod annotated;
mod csv;
mod difference;
mod entry;
mod fields;
mod json;
mod prose;
mod safe;
mod table;
mod time;
mod units;

pub(crate) use annotated::Annotated;
pub(crate) use csv::csv_rows;
pub(crate) use difference::{Extent, Line, differing_lines, differing_parts};
pub(crate) use entry::{
    ArgumentDocument, EntryDocument, ExecutionDocument, Metrics, outcome, took,
};
pub(crate) use fields::Fields;
pub(crate) use json::{LongDocument, document, line};
pub(crate) use prose::paragraph;
pub(crate) use safe::{escape, is_unsafe};
pub(crate) use table::{Column, Table};
pub(crate) use time::{Calendar, parse_since, rfc3339};
pub(crate) use units::{count, duration, number, rounded, seconds, size, span};
