//! Results that borrow.

#![allow(unused)]

use std::borrow::Cow;

use memo_runtime::memo;

#[memo]
fn reference(x: &str) -> &str {
    x
}

#[memo]
fn forever(x: u64) -> &'static str {
    "x"
}

#[memo]
fn within(x: &str) -> Option<(u64, &str)> {
    None
}

#[memo]
fn by_name<'a>(x: &'a str) -> Cow<'a, str> {
    Cow::Borrowed(x)
}

#[memo]
fn elided(x: &str) -> Cow<'_, str> {
    Cow::Borrowed(x)
}

fn main() {}
