//! How rich in primes the diagonals are around each cell of a square grid.
//!
//! That is what the eye looks for in an Ulam spiral: numbers on a diagonal are the
//! values of a quadratic polynomial, and some polynomials have many times more
//! prime values than others.

/// For each cell, 0 where its diagonal is as poor as most, about 1 where it is among the richest.
pub(super) struct Diagonals {
    /// Along the diagonal from the lower left to the upper right.
    pub(super) rising: Vec<f32>,
    /// Along the diagonal from the upper left to the lower right.
    pub(super) falling: Vec<f32>,
}

impl Diagonals {
    /// Weighs each cell's neighbours up to twice the `reach` away; near ones count most, the cell itself does not.
    ///
    /// `richness` has `side` rows of `side` cells each. Of the cells that hold a prime the first
    /// of the `shares` comes out as 0, the second as less than 1.
    pub(super) fn of(richness: &[f32], side: usize, reach: usize, shares: (f32, f32)) -> Self {
        let mut rising = vec![0.0; richness.len()];
        let mut falling = rising.clone();
        for diagonal in 0..(2 * side).saturating_sub(1) {
            let rows = diagonal.saturating_sub(side - 1)..=diagonal.min(side - 1);
            let (up, down): (Vec<usize>, Vec<usize>) = rows
                .map(|row| {
                    (
                        row * side + diagonal - row,
                        (row + 1) * side - 1 - (diagonal - row),
                    )
                })
                .unzip();
            weigh(richness, &up, reach, &mut rising);
            weigh(richness, &down, reach, &mut falling);
        }
        level(&mut rising, richness, shares);
        level(&mut falling, richness, shares);
        Self { rising, falling }
    }
}

/// Writes, for each of the `cells` of one diagonal, the weighted mean of its neighbours on it.
fn weigh(richness: &[f32], cells: &[usize], reach: usize, weighed: &mut [f32]) {
    let line: Vec<f32> = cells.iter().map(|&cell| richness[cell]).collect();
    let own_share = 1.0 / (2 * reach + 1) as f32;
    // The mean of means is a mean with weights that fall off linearly.
    for (&cell, mean) in cells.iter().zip(means(&means(&line, reach), reach)) {
        weighed[cell] = mean - own_share * richness[cell];
    }
}

/// The mean of each value and its neighbours up to `reach` away; beyond the ends all is as rich as expected.
fn means(line: &[f32], reach: usize) -> Vec<f32> {
    let mut sums = vec![0.0_f64];
    sums.extend(line.iter().scan(0.0, |sum, &value| {
        *sum += f64::from(value) - 1.0;
        Some(*sum)
    }));
    (0..line.len())
        .map(|middle| {
            let from = middle.saturating_sub(reach);
            let upto = (middle + reach + 1).min(line.len());
            let mean = 1.0 + (sums[upto] - sums[from]) / (2 * reach + 1) as f64;
            mean as f32
        })
        .collect()
}

/// Scales values so that the given shares of those at cells with primes end at 0 and at 1.
fn level(weighed: &mut [f32], richness: &[f32], shares: (f32, f32)) {
    let mut values: Vec<f32> = weighed
        .iter()
        .zip(richness)
        .filter_map(|(&value, &richness)| (richness > 0.0).then_some(value))
        .collect();
    let Some(last) = values.len().checked_sub(1) else {
        return;
    };
    let mut quantile = |share: f32| {
        let index = (share * last as f32) as usize;
        *values.select_nth_unstable_by(index, f32::total_cmp).1
    };
    let zero = quantile(shares.0);
    let unit = (quantile(shares.1) - zero).max(f32::EPSILON);
    for value in weighed {
        *value = ((*value - zero) / unit).max(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 40;

    /// Every cell as rich as expected, but for those that `is_rich` names by row and column.
    fn field(is_rich: impl Fn(usize, usize) -> bool) -> Vec<f32> {
        (0..SIDE * SIDE)
            .map(|cell| {
                if is_rich(cell / SIDE, cell % SIDE) {
                    3.0
                } else {
                    1.0
                }
            })
            .collect()
    }

    #[test]
    fn a_rich_diagonal_stands_out_in_its_own_direction_alone() {
        let richness = field(|row, column| row + column == SIDE - 1);
        let diagonals = Diagonals::of(&richness, SIDE, 4, (0.5, 0.999));
        for row in 5..SIDE - 5 {
            let on_it = row * SIDE + SIDE - 1 - row;
            assert!(diagonals.rising[on_it] > 0.9, "row {row}");
            assert!(diagonals.falling[on_it] < 0.1, "row {row}");
            assert!(diagonals.rising[on_it + 1] < 0.1, "beside row {row}");
        }

        let mirrored = field(|row, column| row == column);
        let mirrored = Diagonals::of(&mirrored, SIDE, 4, (0.5, 0.999));
        for (cell, falling) in mirrored.falling.iter().enumerate() {
            let mirror = cell / SIDE * SIDE + SIDE - 1 - cell % SIDE;
            assert_eq!(*falling, diagonals.rising[mirror], "cell {cell}");
        }
    }

    #[test]
    fn the_rim_of_an_even_field_does_not_stand_out() {
        let diagonals = Diagonals::of(&field(|_, _| false), SIDE, 4, (0.5, 0.9));
        let brightest = diagonals
            .rising
            .into_iter()
            .chain(diagonals.falling)
            .fold(0.0, f32::max);
        assert_eq!(brightest, 0.0);
    }

    #[test]
    fn a_field_without_primes_has_no_diagonals() {
        for side in [0, 1, 5] {
            let diagonals = Diagonals::of(&vec![0.0; side * side], side, 4, (0.5, 0.9));
            assert_eq!(diagonals.rising.len(), side * side);
        }
    }
}
