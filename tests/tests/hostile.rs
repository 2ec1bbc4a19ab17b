//! A store that somebody prepared to do harm: nothing hangs, nothing outside of it is read as a
//! value, written, changed or removed, memory stays bounded, and every value is right.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod hostile {
    mod fixtures;
    mod journal;
    mod owners;
    mod store;
}

#[path = "trouble/privileges.rs"]
mod privileges;
#[path = "trouble/tree.rs"]
mod tree;
#[path = "trouble/worker.rs"]
mod worker;
