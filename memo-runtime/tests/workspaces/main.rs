//! Real packages that real builds link: what code of other crates does to keys.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod compression;
mod features;
mod project;
mod types;
