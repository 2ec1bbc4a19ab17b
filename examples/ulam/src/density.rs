//! The spiral of very many numbers, seen from afar: how many primes stand in each square block of it.

use memo_runtime::{ShelfError, memo};
use serde::{Deserialize, Serialize};

use crate::sieve::Primes;
use crate::spiral::{cell, count, side_of, within};

/// Primes counted by the blocks of a spiral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Density {
    /// The number in the centre.
    pub(crate) a: u64,
    /// The last number.
    pub(crate) b: u64,
    /// Blocks in a row and in a column.
    pub(crate) side: usize,
    /// Numbers in a row and in a column of one block.
    pub(crate) block: usize,
    /// Row by row from the top left: the primes in each block.
    pub(crate) counts: Vec<u32>,
}

impl Density {
    /// How many primes have been counted in all.
    pub(crate) fn primes(&self) -> u64 {
        self.counts.iter().copied().map(u64::from).sum()
    }
}

/// Winds up the numbers from `a` to `b` and counts the primes by blocks, at most `max_side` of them a side.
///
/// `primes` is ascending and holds every prime of the interval; it may hold others.
#[memo]
pub(crate) fn density(
    primes: &Primes,
    a: u64,
    b: u64,
    max_side: usize,
) -> Result<Density, ShelfError> {
    Ok(counted(&primes.map()?, a, b, max_side))
}

pub(crate) fn counted(primes: &[u64], a: u64, b: u64, max_side: usize) -> Density {
    let numbers = side_of(count(a, b));
    let block = block_for(numbers, max_side);
    let side = numbers.div_ceil(block);
    let mut counts = vec![0; side * side];
    for prime in within(primes, a..=b) {
        let (row, column) = cell(prime - a, numbers);
        counts[row / block * side + column / block] += 1;
    }
    Density {
        a,
        b,
        side,
        block,
        counts,
    }
}

/// The side of the smallest suitable block, for a spiral of side `numbers` and at most `max_side` blocks a side.
///
/// Odd numbers stand like the dark squares of a chessboard: only blocks of one number or of an
/// even side hold equally many of them, and others would lay a false pattern over the picture.
fn block_for(numbers: usize, max_side: usize) -> usize {
    match numbers.div_ceil(max_side) {
        0 | 1 => 1,
        block => block.next_multiple_of(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sieve, spiral};

    #[test]
    fn every_prime_is_counted_once_at_any_coarseness() {
        let primes = sieve::sieve(1, 30_000);
        for max_side in [1, 2, 7, 50, 172, 173, 174, 2_000] {
            let density = counted(&primes, 1, 25_000, max_side);
            assert_eq!(density.primes(), 2_762, "at most {max_side} blocks a side");
            assert!(density.side <= max_side);
            assert_eq!(density.counts.len(), density.side * density.side);
        }
    }

    #[test]
    fn blocks_of_one_number_are_the_spiral_itself() {
        let primes = sieve::sieve(1, 1_000);
        let density = counted(&primes, 1, 1_000, 100);
        let grid: Vec<bool> = density.counts.iter().map(|&count| count == 1).collect();
        assert_eq!(density.block, 1);
        assert_eq!(grid, spiral::wind(&primes, 1, 1_000).grid);
    }

    #[test]
    fn a_block_counts_the_primes_of_its_square() {
        let primes = sieve::sieve(1, 36);
        let density = counted(&primes, 1, 36, 3);
        let spiral = spiral::wind(&primes, 1, 36);
        assert_eq!((density.side, density.block), (3, 2));
        for (block, &count) in density.counts.iter().enumerate() {
            let corner = block / 3 * 2 * 6 + block % 3 * 2;
            let square = [corner, corner + 1, corner + 6, corner + 7];
            let primes = square.into_iter().filter(|&cell| spiral.grid[cell]).count();
            assert_eq!(count as usize, primes, "block {block}");
        }
    }

    #[test]
    fn blocks_hold_as_many_odd_numbers_each() {
        assert_eq!(block_for(2_000, 2_000), 1);
        assert_eq!(block_for(2_001, 2_000), 2);
        assert_eq!(block_for(4_001, 2_000), 4);
        assert_eq!(block_for(22_361, 1_900), 12);
        assert_eq!(block_for(0, 1_900), 1);
    }
}
