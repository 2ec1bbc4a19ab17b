//! Results that can be neither written nor read back, or one of the two.

#![allow(unused)]

use memo_runtime::memo;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct OnlyRead;

#[derive(Serialize)]
struct OnlyWritten;

#[memo]
fn only_read(x: u64) -> OnlyRead {
    OnlyRead
}

#[memo]
fn only_written(x: u64) -> Vec<OnlyWritten> {
    vec![OnlyWritten]
}

#[memo]
async fn later(x: u64) -> OnlyWritten {
    OnlyWritten
}

#[memo]
fn fallible(x: u64) -> Result<OnlyWritten, std::io::Error> {
    Ok(OnlyWritten)
}

#[memo(cache_err)]
fn with_errors(x: u64) -> Result<u64, OnlyWritten> {
    Ok(x)
}

fn main() {}
