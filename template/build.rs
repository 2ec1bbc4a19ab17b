//! Tells `#[memo]` which code results depend on.

fn main() {
    memo_build::fingerprint();
}
