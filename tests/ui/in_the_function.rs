//! What is wrong with the function itself is said once, where it stands.

use memo_runtime::memo;

#[memo]
fn in_the_body(x: u64) -> u64 {
    let text: &str = x;
    y
}

#[memo]
fn in_the_signature(x: Missing) -> u64 {
    1
}

fn main() {
    in_the_body(1);
}
