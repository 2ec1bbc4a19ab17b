//! Whatever happened to the bytes of an entry: the next call computes the right value, tells once
//! what it found, moves that aside, and the call after it is a hit again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod corruption {
    pub(crate) mod bytes;
    mod exchanged;
    mod forged;
    pub(crate) mod kept;
    mod newer;
}

#[path = "trouble/messages.rs"]
mod messages;
