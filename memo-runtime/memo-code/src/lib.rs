//! Which code the result of a function depends on: sources in, fingerprints out.
//!
//! A [`Model`] says what packages there are, [`Sources`] gives their files; an [`Analysis`] of one
//! crate gives the [`Fingerprint`] of each function in it: the digest of every item that the
//! function can reach, and the [list](CodeList) of them. Tokens are compared, never text: comments,
//! documentation and formatting do not count.
//!
//! It over-approximates. What must hold: a change that could alter the result of a function changes
//! its fingerprint; what cannot be told counts. Nothing here runs cargo, and nothing fails: what
//! cannot be read or parsed counts whole, and is told as [`Trouble`].

pub mod difference;
pub mod list;
pub mod model;
pub mod sources;
pub mod tokens;

mod analysis;
mod facts;
mod file;
mod fingerprint;
mod graph;
mod load;
mod memory;
mod names;
mod parse;
mod program;
mod reach;
mod standard;
mod wire;

pub use analysis::{Analysis, Environment, FunctionId, Level, Memoized, Surroundings, Trouble};
pub use fingerprint::Fingerprint;
pub use list::CodeList;
pub use memory::Memory;
pub use model::Model;
pub use program::Program;
pub use sources::{Disk, Sources};
