//! What holds of all sources, tried on many: nothing panics, what cannot change a result changes no
//! fingerprint, and what can does.
//!
//! The sources are the same in every run. `MEMO_CODE_ROUNDS=100` tries a hundred times as many, and
//! those of the packages in cargo's registry as well.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod properties {
    mod corpus;
    mod crates;
    mod edits;
    mod programs;
    mod random;

    mod anything;
    mod reaching;
    mod rewriting;
}
