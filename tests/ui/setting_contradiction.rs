//! Settings that make no sense together, or on this function.

#![allow(unused)]

use memo_runtime::memo;

#[memo(version = 1, ttl = "1d", version = 2)]
fn twice(x: u64) -> u64 {
    x
}

#[memo(code = "none")]
fn never_outdated(x: u64) -> u64 {
    x
}

#[memo(cache_err)]
fn infallible(x: u64) -> u64 {
    x
}

#[memo(cache_if = is_good)]
fn other_type(x: u64) -> u64 {
    x
}

#[memo(compress = "zstd")]
fn mapped(x: u64) -> Result<memo_runtime::MappedVec<u64>, String> {
    Ok(vec![x].into())
}

fn is_good(x: &str) -> bool {
    x.is_empty()
}

fn main() {}
