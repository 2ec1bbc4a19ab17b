//! Real programs, built by cargo, edited, and built again: a memoized function is computed again
//! exactly if something was edited that its result depends on.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod fingerprints {
    mod inputs;
    mod levels;
    mod places;
    mod project;
    mod reached;
    mod shapes;
    mod targets;
}
