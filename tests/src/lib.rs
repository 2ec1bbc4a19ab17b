//! The harness of the end-to-end tests: what a test needs to set processes on one store and to
//! judge what they did.
//!
//! - [`Scene`]: a store of its own, and the command that starts a program on it.
//! - [`Actor`]: a program that a test directs, line by line. A line is heard or there is an error,
//!   so that a test orders what several processes do without sleeping and without files to poll.
//! - [`mod@bench`]: what benchmarks share that set programs against each other.
//! - [`stage`]: the other end, for the programs in `src/bin`.
//! - [`ledger`]: which computations were really carried out, and when, told by their own side
//!   effects and never by the counters of what is tested.
//! - [`flights`]: whether those that exclude each other did.
//! - [`random`]: numbers that look random, from a seed.
//! - [`tool`]: `cargo-memo` as users have it, for benchmarks.
//! - [`traced`]: a program that is killed at one of its system calls.
//! - [`Watchdog`]: makes a hang in the test's own process a failure.
//!
//! A deadline here only ever turns a hang into a failure; no test depends on how long anything
//! takes. Processes are killed and directories removed when a test ends, whatever its end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

pub mod actor;
pub mod bench;
pub mod flights;
pub mod ledger;
pub mod random;
pub mod scene;
pub mod stage;
pub mod tool;
pub mod traced;
mod watchdog;

pub use actor::Actor;
pub use ledger::Execution;
pub use scene::Scene;
pub use watchdog::{DEADLINE, Watchdog};
