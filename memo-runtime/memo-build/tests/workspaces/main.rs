//! Models of real workspaces, as the real cargo tells what is in them. No network is needed.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod coarse;
mod place;
mod project;
mod resolved;
mod script;
