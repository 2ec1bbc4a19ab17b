//! Functions that cannot be memoized, whatever their arguments.

#![allow(unused)]

use memo_runtime::memo;

#[memo]
const fn constant(x: u64) -> u64 {
    x
}

#[memo]
unsafe fn risky(x: u64) -> u64 {
    x
}

#[memo]
extern "C" fn foreign(x: u64) -> u64 {
    x
}

#[memo]
pub const unsafe fn everything(x: &mut u64) -> &u64 {
    x
}

fn main() {
    constant(1);
}
