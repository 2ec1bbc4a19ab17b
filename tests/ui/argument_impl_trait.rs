//! Arguments whose types have no name.

#![allow(unused)]

use memo_runtime::memo;

#[memo]
fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.sum()
}

#[memo]
fn within(x: u64, names: &[impl AsRef<str>]) -> u64 {
    x
}

fn main() {}
