//! The table of cases that proves the fingerprints: each row is a small project, an edit, and
//! whether that changes the fingerprints of named functions.
//!
//! What could alter a result `changes`; what users edit all day, and cannot, `stays`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "in a test, what cannot go on panics"
)]

mod cases {
    mod case;
    mod judge;
    mod project;

    mod adversary;
    mod attributes;
    mod calls;
    mod conditions;
    mod definitions;
    mod generated;
    mod imports;
    mod inputs;
    mod items;
    mod macros;
    mod made;
    mod methods;
    mod modules;
    mod noise;
    mod open_types;
    mod operators;
    mod packages;
    mod programs;
    mod registry;
    mod self_check;
    mod swaps;
    mod tests;
    mod traits;
    mod whole;
    mod wishes;
}
