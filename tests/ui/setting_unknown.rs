//! Settings that do not exist, each with the one that was meant, or with all.

#![allow(unused)]

use memo_runtime::memo;

#[memo(versoin = 2)]
fn misspelt(x: u64) -> u64 {
    x
}

#[memo(expires = "7d", version = 1, cache_error)]
fn several(x: u64) -> u64 {
    x
}

fn main() {}
