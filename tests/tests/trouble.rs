//! Trouble in the store never fails the caller: the value is right, in time, and each kind of
//! trouble is told once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod trouble {
    mod audit;
    mod copies;
    mod faults;
    mod files;
    mod in_the_way;
    mod mounts;
    mod permissions;
    mod space;
    mod stderr;
    mod trace;
    mod untouched;
}

#[path = "trouble/privileges.rs"]
mod privileges;
#[path = "trouble/tree.rs"]
mod tree;
#[path = "trouble/worker.rs"]
mod worker;
