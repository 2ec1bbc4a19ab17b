//! Values of all shapes come back as they were, bit by bit, or are not kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod values {
    mod bits;
    pub(crate) mod keeping;
    mod nothing_left;
    mod proof;
    mod shapes;
}

#[path = "trouble/messages.rs"]
mod messages;
