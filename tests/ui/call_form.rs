//! What `call!` cannot be given.

#![allow(unused)]

use memo_runtime::{call, memo};

trait Fit {
    fn fit(x: u64) -> u64;
}

struct Model;

impl Fit for Model {
    #[memo]
    fn fit(x: u64) -> u64 {
        x
    }
}

#[memo]
fn memoized(x: u64) -> u64 {
    x
}

fn ordinary(x: u64) -> u64 {
    x
}

fn main() {
    let _ = call!(memoized);
    let _ = call!(memoized(1) + 1);
    let _ = call!((|x: u64| x)(1));
    let _ = call!(memoized(1), 2);
    let _ = call!();
    let _ = call!(<Model as Fit>::fit(1));
    let _ = call!(Model::fit(1));
    let _ = call!(ordinary(1));
    let _ = call!(memoized("1"));
}
