//! The binary as users meet it: a store is filled through `memo-runtime`,
//! `cargo-memo` is run on it, and what it prints and how it ends is compared.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod asking;
mod bench;
mod clear;
mod code_state;
mod completions;
mod config;
mod doctor;
mod function;
mod gc;
mod help;
mod hostile;
mod init;
mod interrupt;
mod lab;
mod list;
mod locating;
mod log;
mod new;
mod pseudo_terminal;
mod redact;
mod run;
mod runs;
mod schema;
mod show;
mod status;
mod sweep;
mod terminal;
mod verify;
mod why;
