//! The experiment that `cargo memo new` makes: built by cargo and run as its users do, it computes
//! what it has not computed before, and nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod template {
    mod experiment;
    mod life;
}
