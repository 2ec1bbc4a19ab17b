//! Items that are no functions, or have no body.

#![allow(unused)]

use memo_runtime::memo;

#[memo]
struct Model {
    scale: u64,
}

#[memo]
impl Model {
    fn fit(&self) -> u64 {
        self.scale
    }
}

trait Fit {
    #[memo]
    fn fit(&self) -> u64;
}

#[memo]
pub const SCALE: u64 = 1;

#[memo]
mod models {}

fn main() {
    let _ = Model { scale: SCALE };
}
