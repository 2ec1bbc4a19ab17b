//! The spiral as a picture: primes are lights in the night, and those in line with others shine.
//!
//! Light on a rising diagonal is amber, on a falling one blue; a prime that stands
//! by itself is a faint grey. A ring marks the number in the centre.

mod canvas;
mod diagonals;

use image::RgbImage;

use self::canvas::{Canvas, Point, light, mix};
use self::diagonals::Diagonals;
use crate::{
    density::Density,
    spiral::{Spiral, cell, count},
};

/// The longest side of a [`Density`] that is drawn, in blocks; with its margin the picture is 2,000 pixels wide.
pub(crate) const MAX_BLOCKS: usize = 2000 - 2 * MARGIN;

/// Night around the spiral, in pixels.
const MARGIN: usize = 50;
/// A smaller spiral is enlarged to about this side, in pixels.
const SCREEN: usize = 1344;
/// The largest cell, in pixels: a spiral of a few numbers does not fill the picture.
const MAX_CELL: usize = 96;
/// From this size of a cell on, in pixels, the path of the spiral is drawn.
const PATH_CELL: usize = 12;

const RISING: u32 = 0xFF_A8_3D;
const FALLING: u32 = 0x38_B6_FF;
const ALONE: u32 = 0x6A_72_92;
const CENTRE: u32 = 0xFF_FF_FF;

/// Draws a dot for each prime of the spiral.
pub(crate) fn of_spiral(spiral: &Spiral) -> RgbImage {
    dots(spiral.side, count(spiral.a, spiral.b), &spiral.grid)
}

/// Draws a pixel for each block, or a dot for each prime if the blocks are single numbers.
pub(crate) fn of_density(density: &Density) -> RgbImage {
    if density.block > 1 {
        return weave(density);
    }
    let grid: Vec<bool> = density.counts.iter().map(|&primes| primes > 0).collect();
    dots(density.side, count(density.a, density.b), &grid)
}

fn dots(side: usize, numbers: u64, grid: &[bool]) -> RgbImage {
    let pixels = pixels_for(side);
    let drawn = side * pixels;
    let room = if pixels == MAX_CELL { SCREEN } else { drawn };
    let canvas_side = room + 2 * MARGIN;
    let mut canvas = Canvas::night(canvas_side);

    let size = pixels as f32;
    let origin = (canvas_side - drawn) as f32 / 2.0;
    let centre = |(row, column): (usize, usize)| Point {
        x: origin + (column as f32 + 0.5) * size,
        y: origin + (row as f32 + 0.5) * size,
    };
    if pixels >= PATH_CELL {
        for index in 1..numbers {
            let (from, to) = (cell(index - 1, side), cell(index, side));
            canvas.stroke(centre(from), centre(to), light(ALONE), 0.1);
        }
    }
    if numbers > 0 {
        canvas.ring(centre(cell(0, side)), 0.32 * size, light(CENTRE));
    }

    let richness = richness(grid.iter().map(|&prime| u32::from(prime)), side, 1);
    let diagonals = Diagonals::of(&richness, side, 4, (0.6, 0.97));
    for index in (0..grid.len()).filter(|&index| grid[index]) {
        let rising = diagonals.rising[index].min(1.0);
        let falling = diagonals.falling[index].min(1.0);
        let shine = rising.max(falling);
        let share = falling / (rising + falling).max(f32::EPSILON);
        let hue = mix(light(RISING), light(FALLING), share);
        canvas.dot(
            centre((index / side, index % side)),
            size * (0.28 + 0.14 * shine),
            1.0 + 3.0 * shine,
            mix(light(ALONE), hue, shine.sqrt()),
        );
    }
    canvas.develop()
}

/// The side of a cell, in pixels. Two are better than one as long as the picture does not become too large.
fn pixels_for(side: usize) -> usize {
    let side = side.max(1);
    let two_if_possible = (MAX_BLOCKS / side).min(2);
    (SCREEN / side).max(two_if_possible).clamp(1, MAX_CELL)
}

/// From afar single primes are lost, and the diagonals look like the threads of a fabric.
fn weave(density: &Density) -> RgbImage {
    let side = density.side;
    let mut canvas = Canvas::night(side + 2 * MARGIN);
    let richness = richness(density.counts.iter().copied(), side, density.block);
    let diagonals = Diagonals::of(&richness, side, side / 48, (0.88, 0.995));
    let (rising, falling) = (light(RISING), light(FALLING));
    for (index, richness) in richness.into_iter().enumerate() {
        let (x, y) = (MARGIN + index % side, MARGIN + index / side);
        let grain = 0.5 + 0.5 * richness.min(2.0);
        canvas.add(x, y, rising, grain * diagonals.rising[index].powf(1.5));
        canvas.add(x, y, falling, grain * diagonals.falling[index].powf(1.5));
    }
    canvas.develop()
}

/// The primes in each block of a grid, as a multiple of how many are to be expected.
///
/// By the prime number theorem one in ln n of the numbers around n is prime. Numbers as
/// far from the centre as the block are close enough to its own.
fn richness(primes: impl Iterator<Item = u32>, side: usize, block: usize) -> Vec<f32> {
    let middle = (side as f32 - 1.0) / 2.0;
    let share = |(index, primes): (usize, u32)| {
        let row = (index / side) as f32;
        let column = (index % side) as f32;
        let ring = (row - middle).abs().max((column - middle).abs()) * block as f32;
        let number = (2.0 * ring + 1.0).powi(2).max(8.0);
        primes as f32 * number.ln() / (block * block) as f32
    };
    primes.enumerate().map(share).collect()
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::{density, sieve, spiral};

    /// How bright a pixel is, from 0 to 765.
    fn brightness(picture: &RgbImage, x: u32, y: u32) -> u32 {
        picture.get_pixel(x, y).0.into_iter().map(u32::from).sum()
    }

    #[test]
    fn each_prime_is_a_light_and_no_other_number_is() {
        let primes = sieve::sieve(1, 1_000);
        let spiral = spiral::wind(&primes, 1, 784);
        let picture = of_spiral(&spiral);
        let size = (picture.width() - 2 * MARGIN as u32) / 28;
        for index in 1..784 {
            let (row, column) = cell(index, 28);
            let at = |cell: usize| MARGIN as u32 + cell as u32 * size + size / 2;
            let bright = brightness(&picture, at(column), at(row)) > 250;
            assert_eq!(
                bright,
                spiral.grid[row * 28 + column],
                "number {}",
                index + 1
            );
        }
    }

    #[test]
    fn light_on_a_rising_diagonal_is_amber_and_on_a_falling_one_blue() {
        let side = 32;
        let mut grid = vec![false; side * side];
        for step in 4..24 {
            grid[(31 - step) * side + step] = true;
            grid[(step + 5) * side + step] = true;
        }
        let picture = dots(side, 0, &grid);
        let size = (picture.width() - 2 * MARGIN as u32) / side as u32;
        let at = |row: u32, column: u32| {
            let middle = |cell| MARGIN as u32 + cell * size + size / 2;
            picture.get_pixel(middle(column), middle(row)).0
        };
        let [red, _, blue] = at(23, 8);
        assert!(red > blue, "rising: {red} {blue}");
        let [red, _, blue] = at(13, 8);
        assert!(red < blue, "falling: {red} {blue}");
    }

    #[test]
    fn a_spiral_of_any_length_fits_its_picture() {
        let primes = sieve::sieve(1, 40_000);
        for numbers in [0, 1, 2, 10, 40_000] {
            let picture = of_spiral(&spiral::wind(&primes, 1, numbers));
            assert_eq!(picture.width(), picture.height());
            assert!(
                (1200..=1600).contains(&picture.width()),
                "{numbers} numbers"
            );
        }
    }

    #[test]
    fn a_density_fits_into_2000_pixels() {
        let primes = sieve::sieve(1, 3_000);
        for max_side in [2, 10, 20] {
            let picture = of_density(&density::counted(&primes, 1, 3_000, max_side));
            assert!(picture.width() <= max_side as u32 + 2 * MARGIN as u32);
        }
        let widest = Density {
            a: 1,
            b: 3_610_000,
            side: MAX_BLOCKS,
            block: 1,
            counts: vec![0; MAX_BLOCKS * MAX_BLOCKS],
        };
        assert_eq!(of_density(&widest).width(), 2_000);
    }
}
