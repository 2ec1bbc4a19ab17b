//! A result whose type has no name.

#![allow(unused)]

use memo_runtime::memo;

#[memo]
fn counted(x: u64) -> impl Iterator<Item = u64> {
    0..x
}

#[memo]
fn within(x: u64) -> Option<impl Fn() -> u64> {
    Some(move || x)
}

fn main() {}
