//! A store is kept within its limits, by programs themselves and by hand: what
//! goes, what stays, and what is left when whoever does it is killed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod upkeep {
    mod automatic;
    mod kill;
    mod meanwhile;
    mod times;
}
