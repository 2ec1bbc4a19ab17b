//! The showcase without its command line and its picture.

use memo_runtime::Shelved;

use sieve::Primes;

mod density;
mod sieve;
mod spiral;

fn sieving() -> String {
    format!("{:?}", sieve::primes_between(1, 20_000))
}

fn winding() -> String {
    format!("{:?}", spiral::ulam_spiral(&known(2_000), 1, 2_000))
}

fn counting() -> String {
    format!("{:?}", density::density(&known(2_000), 1, 2_000, 16))
}

/// Primes that the showcase has not found.
fn known(upto: u64) -> Primes {
    let is_prime = |n: &u64| (2..=n.isqrt()).all(|divisor| n % divisor != 0);
    let primes: Vec<u64> = (2..=upto).filter(is_prime).collect();
    Shelved(primes.into())
}
