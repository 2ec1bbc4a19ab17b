//! Arguments whose types, or the types in them, cannot be part of a key.

#![allow(unused)]

use memo_runtime::memo;

struct Model;

#[memo]
fn by_value(seed: u64, model: Model) -> u64 {
    seed
}

#[memo]
fn by_reference(model: &Model) -> u64 {
    0
}

#[memo]
fn within(models: Vec<Model>) -> u64 {
    0
}

#[memo]
fn pattern((a, model): (u8, Model)) -> u64 {
    0
}

#[memo]
fn parameter<T>(value: T) -> u64 {
    0
}

impl Model {
    #[memo]
    fn fit(&self, x: u64) -> u64 {
        x
    }
}

fn main() {}
