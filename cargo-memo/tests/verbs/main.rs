//! The binary as users meet it: a store is filled through `memo-runtime`,
//! `cargo-memo` is run on it, and what it prints and how it ends is compared.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bench;
mod clear;
mod code_state;
mod function;
mod hostile;
mod list;
mod locating;
mod log;
mod redact;
mod show;
mod status;
mod terminal;
mod why;
