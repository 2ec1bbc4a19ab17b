//! Names in `ignore` that are no arguments.

#![allow(unused)]

use memo_runtime::memo;

#[memo(ignore(verbos))]
fn misspelt(x: u64, verbose: bool) -> u64 {
    x
}

#[memo(ignore(pool, pool))]
fn twice(x: u64, pool: u64) -> u64 {
    x
}

#[memo(ignore(self))]
fn no_receiver(x: u64) -> u64 {
    x
}

#[memo(ignore(x))]
fn no_argument() -> u64 {
    0
}

#[memo(ignore())]
fn nothing(x: u64) -> u64 {
    x
}

fn main() {}
