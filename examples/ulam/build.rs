//! Makes the code that a memoized function depends on part of its key.

fn main() {
    memo_build::fingerprint();
}
