//! Primes by a segmented sieve of Eratosthenes over odd numbers.
//!
//! One bit stands for one odd number, and a segment is as large as a first-level
//! cache, so striking out multiples never leaves it. Positions are counted from
//! the first odd number of the interval, never as numbers beyond its end, so that
//! nothing overflows up to and including `u64::MAX`.

use memo_runtime::{MappedVec, ShelfError, Shelved, memo};

/// Words of one segment: 32 KiB, which is 262,144 odd numbers.
const SEGMENT_WORDS: usize = 4096;
const SEGMENT_LEN: u64 = SEGMENT_WORDS as u64 * 64;

/// The primes from `a` to `b`, both included, in ascending order; none if `a > b`.
///
/// Correct for all of `u64`. Takes 8 bytes for each prime found and 16 for each
/// prime up to the square root of `b`: 211 MB for `(1, 500_000_000)`.
#[memo]
pub(crate) fn primes_between(a: u64, b: u64) -> MappedVec<u64> {
    sieve(a, b).into()
}

/// Primes that are kept: who wants them maps them, and who passes them on does not even do that.
pub(crate) type Primes = Shelved<MappedVec<u64>>;

/// How many primes there are.
#[memo]
pub(crate) fn count(primes: &Primes) -> Result<u64, ShelfError> {
    Ok(primes.map()?.len() as u64)
}

pub(crate) fn sieve(a: u64, b: u64) -> Vec<u64> {
    let mut primes = Vec::new();
    if a <= 2 && b >= 2 {
        primes.push(2);
    }
    let low = a.max(3) | 1;
    if b < low {
        return primes;
    }
    let odd_numbers = (b - low) / 2 + 1;
    let mut strikers: Vec<Striker> = sieve(3, b.isqrt())
        .into_iter()
        .map(|prime| Striker::new(prime, low))
        .collect();
    let mut segment = vec![0; SEGMENT_WORDS];
    for start in (0..odd_numbers).step_by(SEGMENT_LEN as usize) {
        let len = SEGMENT_LEN.min(odd_numbers - start);
        fill(&mut segment, len);
        for striker in &mut strikers {
            striker.strike(&mut segment);
        }
        collect(&segment, low + 2 * start, &mut primes);
    }
    primes
}

/// A prime on its way through the segments, striking out its odd multiples.
struct Striker {
    prime: u64,
    /// The next odd multiple, as a position in the segment to come.
    next: u64,
}

impl Striker {
    /// Begins at the square of `prime`, or at its first odd multiple from `low` on.
    fn new(prime: u64, low: u64) -> Self {
        let square = prime * prime;
        let distance = if square >= low {
            square - low
        } else {
            match low % prime {
                0 => 0,
                // An odd distance from an odd number leads to an even multiple.
                rest if (prime - rest) % 2 == 1 => 2 * prime - rest,
                rest => prime - rest,
            }
        };
        Self {
            prime,
            next: distance / 2,
        }
    }

    fn strike(&mut self, segment: &mut [u64]) {
        let mut position = self.next;
        while position < SEGMENT_LEN {
            segment[(position / 64) as usize] &= !(1 << (position % 64));
            position += self.prime;
        }
        self.next = position - SEGMENT_LEN;
    }
}

/// Sets the first `len` bits and clears the others.
fn fill(segment: &mut [u64], len: u64) {
    for (word, first) in segment.iter_mut().zip((0..).step_by(64)) {
        *word = match len.saturating_sub(first) {
            0 => 0,
            rest @ 1..64 => (1 << rest) - 1,
            _ => u64::MAX,
        };
    }
}

/// Appends the number of every set bit; bit 0 stands for `low`, each next one for the next odd number.
fn collect(segment: &[u64], low: u64, primes: &mut Vec<u64>) {
    for (&word, index) in segment.iter().zip(0..) {
        let mut bits = word;
        while bits != 0 {
            let position = index * 64 + u64::from(bits.trailing_zeros());
            primes.push(low + 2 * position);
            bits &= bits - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_trial_division(a: u64, b: u64) -> Vec<u64> {
        let is_prime = |n: u64| n >= 2 && (2..=n.isqrt()).all(|divisor| !n.is_multiple_of(divisor));
        (a..=b).filter(|&n| is_prime(n)).collect()
    }

    #[test]
    fn counts_agree_with_the_known_values_of_pi() {
        for (upto, count) in [
            (1, 0),
            (2, 1),
            (10, 4),
            (1_000, 168),
            (1_000_000, 78_498),
            (10_000_000, 664_579),
        ] {
            assert_eq!(sieve(1, upto).len(), count, "primes up to {upto}");
        }
    }

    #[test]
    fn every_small_interval_agrees_with_trial_division() {
        for a in 0..20 {
            for b in a..60 {
                assert_eq!(sieve(a, b), by_trial_division(a, b), "from {a} to {b}");
            }
        }
    }

    #[test]
    fn an_interval_may_begin_anywhere() {
        assert_eq!(sieve(90, 100), [97]);
        let upto = sieve(1, 2_000_000);
        for a in [999_983, 999_984, 1_299_709, 1_500_001] {
            let from = upto.partition_point(|&prime| prime < a);
            assert_eq!(sieve(a, 2_000_000), upto[from..], "from {a}");
        }
        let trillion = 1_000_000_000_000;
        assert_eq!(
            sieve(trillion, trillion + 100),
            [39, 61, 63, 91].map(|offset| trillion + offset)
        );
    }

    #[test]
    fn nothing_is_lost_or_repeated_where_segments_meet() {
        for segments in [1, 2, 5] {
            let border = 3 + 2 * segments * SEGMENT_LEN;
            let (a, b) = (border - 500, border + 500);
            let whole = sieve(3, b);
            let from = whole.partition_point(|&prime| prime < a);
            assert_eq!(whole[from..], by_trial_division(a, b), "around {border}");
            for end in border - 3..=border + 3 {
                let upto = whole.partition_point(|&prime| prime <= end);
                assert_eq!(sieve(3, end), whole[..upto], "up to {end}");
            }
        }
    }

    #[test]
    fn an_empty_interval_has_no_primes() {
        for (a, b) in [(0, 0), (0, 1), (24, 28), (8, 8), (10, 9), (u64::MAX, 0)] {
            assert_eq!(sieve(a, b), [], "from {a} to {b}");
        }
    }

    #[test]
    fn the_end_of_u64_does_not_overflow() {
        let low = u64::MAX - 100;
        for prime in [3, 5, 7, 4_294_967_291] {
            let distance = 2 * Striker::new(prime, low | 1).next;
            let multiple = u128::from(low | 1) + u128::from(distance);
            assert_eq!(multiple % u128::from(prime), 0);
            assert_eq!(multiple % 2, 1);
            assert!(distance < 2 * prime);
        }
    }
}
