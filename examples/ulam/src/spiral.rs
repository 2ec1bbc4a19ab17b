//! Where the numbers of an Ulam spiral stand, and the spiral as a grid.
//!
//! The first number stands in the centre, the second to its right, and from there
//! the spiral winds counter-clockwise, as Ulam drew it:
//!
//! ```text
//! 17 16 15 14 13
//! 18  5  4  3 12
//! 19  6  1  2 11
//! 20  7  8  9 10
//! 21 22 23 24 25
//! ```

use std::ops::RangeInclusive;

use memo_runtime::{ShelfError, memo};
use serde::{Deserialize, Serialize};

use crate::sieve::Primes;

/// The spiral of the numbers from `a` to `b`, centre outward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spiral {
    /// The number in the centre.
    pub(crate) a: u64,
    /// The last number.
    pub(crate) b: u64,
    /// Cells in a row and in a column of the grid.
    pub(crate) side: usize,
    /// Row by row from the top left: whether a prime stands there. Cells after `b` hold none.
    pub(crate) grid: Vec<bool>,
}

impl Spiral {
    /// How many of the numbers are prime.
    pub(crate) fn primes(&self) -> u64 {
        self.grid.iter().map(|&prime| u64::from(prime)).sum()
    }
}

/// Winds up the numbers from `a` to `b` and marks the primes.
///
/// `primes` is ascending and holds every prime of the interval; it may hold others.
#[memo]
pub(crate) fn ulam_spiral(primes: &Primes, a: u64, b: u64) -> Result<Spiral, ShelfError> {
    Ok(wind(&primes.map()?, a, b))
}

pub(crate) fn wind(primes: &[u64], a: u64, b: u64) -> Spiral {
    let side = side_of(count(a, b));
    let mut grid = vec![false; side * side];
    for prime in within(primes, a..=b) {
        let (row, column) = cell(prime - a, side);
        grid[row * side + column] = true;
    }
    Spiral { a, b, side, grid }
}

/// How many numbers there are from `a` to `b`, both included.
pub(crate) fn count(a: u64, b: u64) -> u64 {
    b.checked_sub(a).map_or(0, |steps| steps.saturating_add(1))
}

/// The side of the smallest square that holds the first `numbers` numbers of a spiral.
pub(crate) fn side_of(numbers: u64) -> usize {
    numbers.checked_sub(1).map_or(0, |last| last.isqrt() + 1) as usize
}

/// Row from the top and column from the left of the number that has `index` numbers before
/// it, in a spiral whose square has this `side`.
pub(crate) fn cell(index: u64, side: usize) -> (usize, usize) {
    let (x, y) = position(index);
    let row = (side / 2) as i64 - y;
    let column = (side.saturating_sub(1) / 2) as i64 + x;
    (row as usize, column as usize)
}

/// Steps to the right of the centre and upward from it, of the number that has `index` numbers before it.
fn position(index: u64) -> (i64, i64) {
    if index == 0 {
        return (0, 0);
    }
    // Ring r is a square of side 2r + 1; it ends in its lower right corner, and
    // each of its four sides takes 2r steps. We count backward from that corner.
    let ring = index.isqrt().div_ceil(2) as i64;
    let back = 4 * ring * (ring + 1) - index as i64;
    let along = back % (2 * ring);
    match back / (2 * ring) {
        0 => (ring - along, -ring),
        1 => (-ring, along - ring),
        2 => (along - ring, ring),
        _ => (ring, ring - along),
    }
}

/// Those of the ascending `primes` that lie in `interval`.
pub(crate) fn within(primes: &[u64], interval: RangeInclusive<u64>) -> &[u64] {
    let from = primes.partition_point(|prime| prime < interval.start());
    let upto = primes.partition_point(|prime| prime <= interval.end());
    &primes[from..upto.max(from)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIMES_BELOW_100: [u64; 25] = [
        2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89,
        97,
    ];

    /// `#` for each prime, `.` for the rest.
    fn drawn(spiral: &Spiral) -> Vec<String> {
        spiral
            .grid
            .chunks(spiral.side)
            .map(|row| {
                row.iter()
                    .map(|&prime| if prime { '#' } else { '.' })
                    .collect()
            })
            .collect()
    }

    #[test]
    fn numbers_stand_where_ulam_drew_them() {
        let mut grid = [[0; 5]; 5];
        for number in 1..=25 {
            let (row, column) = cell(number - 1, 5);
            grid[row][column] = number;
        }
        assert_eq!(
            grid,
            [
                [17, 16, 15, 14, 13],
                [18, 5, 4, 3, 12],
                [19, 6, 1, 2, 11],
                [20, 7, 8, 9, 10],
                [21, 22, 23, 24, 25],
            ]
        );
    }

    #[test]
    fn a_spiral_is_one_unbroken_path_that_meets_no_cell_twice() {
        for side in 1..=40_usize {
            let mut met = vec![false; side * side];
            for index in 0..(side * side) as u64 {
                let (row, column) = cell(index, side);
                assert!(row < side && column < side, "{index} in a side of {side}");
                assert!(!met[row * side + column], "{index} in a side of {side}");
                met[row * side + column] = true;
                let ((x, y), (next_x, next_y)) = (position(index), position(index + 1));
                assert_eq!((next_x - x).abs() + (next_y - y).abs(), 1, "after {index}");
            }
        }
    }

    #[test]
    fn the_square_is_the_smallest_that_holds_all_numbers() {
        for (numbers, side) in [
            (0, 0),
            (1, 1),
            (2, 2),
            (4, 2),
            (5, 3),
            (9, 3),
            (10, 4),
            (50_000, 224),
        ] {
            assert_eq!(side_of(numbers), side, "{numbers} numbers");
        }
    }

    #[test]
    fn primes_are_marked_in_their_cells() {
        let spiral = wind(&PRIMES_BELOW_100, 1, 25);
        assert_eq!(
            drawn(&spiral),
            ["#...#", ".#.#.", "#..##", ".#...", "..#.."]
        );
    }

    #[test]
    fn each_prime_of_the_interval_is_marked_and_no_other() {
        for (a, b) in [(1, 100), (1, 1), (41, 97), (2, 50), (90, 96), (10, 9)] {
            let spiral = wind(&PRIMES_BELOW_100, a, b);
            let expected = PRIMES_BELOW_100
                .iter()
                .filter(|&&prime| a <= prime && prime <= b)
                .count() as u64;
            assert_eq!(spiral.primes(), expected, "from {a} to {b}");
        }
    }

    #[test]
    fn a_spiral_may_begin_with_any_number() {
        // Euler's n² + n + 41 fills the diagonal of a spiral that begins with 41.
        let spiral = wind(&PRIMES_BELOW_100, 41, 65);
        let diagonal = (0..5).map(|step| spiral.grid[(4 - step) * 5 + step]);
        assert!(diagonal.into_iter().all(|prime| prime));
    }
}
