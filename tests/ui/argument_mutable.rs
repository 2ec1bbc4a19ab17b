//! Arguments that are written through.

#![allow(unused)]

use memo_runtime::memo;

struct Model;

#[memo]
fn fill(list: &mut Vec<u64>, x: u64) -> u64 {
    x
}

#[memo(ignore(pair))]
fn within(pair: (u8, Option<&mut u64>)) -> u64 {
    0
}

impl Model {
    #[memo]
    fn train(&mut self, seed: u64) -> u64 {
        seed
    }

    #[memo]
    fn typed(self: &mut Self) -> u64 {
        0
    }
}

fn main() {}
