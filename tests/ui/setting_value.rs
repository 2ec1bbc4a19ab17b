//! Values that a setting cannot have.

#![allow(unused)]

use memo_runtime::memo;

#[memo(version = "2")]
fn version(x: u64) -> u64 {
    x
}

#[memo(version)]
fn no_value(x: u64) -> u64 {
    x
}

#[memo(ttl = "0s")]
fn at_once(x: u64) -> u64 {
    x
}

#[memo(ttl = "30")]
fn no_unit(x: u64) -> u64 {
    x
}

#[memo(ttl = 30)]
fn no_text(x: u64) -> u64 {
    x
}

#[memo(cache_err = true)]
fn flag(x: u64) -> u64 {
    x
}

#[memo(codec = "msgpack")]
fn codec(x: u64) -> u64 {
    x
}

#[memo(compress = "zsdt")]
fn compression(x: u64) -> u64 {
    x
}

#[memo(compress = "zstd:99")]
fn compression_level(x: u64) -> u64 {
    x
}

#[memo(compress = "lz4:1")]
fn compression_without_levels(x: u64) -> u64 {
    x
}

#[memo(compress = zstd)]
fn compression_no_text(x: u64) -> u64 {
    x
}

#[memo(memory = "none")]
fn memory(x: u64) -> u64 {
    x
}

#[memo(code = "functions")]
fn code(x: u64) -> u64 {
    x
}

#[memo(code = "graph")]
fn graph(x: u64) -> u64 {
    x
}

#[memo(code = "crate")]
fn whole_crate(x: u64) -> u64 {
    x
}

#[memo(name = "")]
fn name(x: u64) -> u64 {
    x
}

#[memo(ignore = x)]
fn ignore(x: u64) -> u64 {
    x
}

#[memo(version = 1 ttl = "1d")]
fn no_comma(x: u64) -> u64 {
    x
}

#[memo(crate = "1")]
fn no_path(x: u64) -> u64 {
    x
}

fn main() {}
