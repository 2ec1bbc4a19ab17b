//! Shapes behind traits, trait objects, tables of functions and cleanup.

pub mod cleanup;
pub mod dispatch;
pub mod generic;
pub mod tables;

pub use dispatch::{Area, Circle as Disc, all};
pub use lengths as units;
