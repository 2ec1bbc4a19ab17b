//! Compression that `memo-runtime` was built without.

#![allow(unused)]

use memo_runtime::memo;

#[memo(compress = "zstd:9")]
fn by_zstd(x: u64) -> Vec<u64> {
    vec![x]
}

#[memo(compress = "lz4", codec = "bincode")]
fn by_lz4<T: serde::Serialize>(x: T) -> Vec<u64> {
    vec![1]
}

#[memo(compress = "none")]
fn by_none(x: u64) -> Vec<u64> {
    vec![x]
}

fn main() {}
