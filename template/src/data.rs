//! The data: points along the arms of a spiral, to be told apart by the arm that they belong to.

use std::f64::consts::TAU;

use memo_runtime::memo;
use serde::{Deserialize, Serialize};

use crate::random::Random;

/// How often an arm goes around the centre.
const TURNS: f64 = 1.0;

/// Decides the points. It is no argument: whatever the training is tried with, the data is prepared once.
const SEED: u64 = 1;

/// A point of the plane, and what it is to be recognised as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Example {
    /// Across and up from the centre; the arms end at a distance of 1.
    pub(crate) point: [f64; 2],
    /// Which arm it belongs to, from 0.
    pub(crate) arm: usize,
}

/// What a network learns from, and what it is judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Data {
    /// To learn from.
    pub(crate) training: Vec<Example>,
    /// Of the same kind, and never learned from.
    pub(crate) test: Vec<Example>,
}

/// A spiral of so many arms, with so many points along each.
///
/// `noise` is how far points stray from their arms: the standard deviation of their angles, in radians.
#[memo]
pub(crate) fn prepare(arms: usize, points: usize, noise: f64) -> Data {
    let mut random = Random::new(SEED);
    Data {
        training: spiral(arms, points, noise, &mut random),
        test: spiral(arms, points, noise, &mut random),
    }
}

fn spiral(arms: usize, points: usize, noise: f64, random: &mut Random) -> Vec<Example> {
    let mut examples = Vec::with_capacity(arms * points);
    for arm in 0..arms {
        let start = arm as f64 / arms as f64;
        for i in 1..=points {
            let radius = i as f64 / points as f64;
            let angle = TAU * (start + TURNS * radius) + noise * random.normal();
            let point = [radius * angle.cos(), radius * angle.sin()];
            examples.push(Example { point, arm });
        }
    }
    examples
}

#[cfg(test)]
mod tests {
    use memo_runtime::call;

    use super::*;

    /// Prepares data without the store: a test is of the code, not of what the code once did.
    fn prepared(arms: usize, points: usize, noise: f64) -> Data {
        call!(prepare(arms, points, noise)).uncached()
    }

    #[test]
    fn every_arm_has_as_many_points_as_the_others() {
        let Data { training, test } = prepared(3, 40, 0.2);
        for examples in [training, test] {
            assert_eq!(examples.len(), 120);
            for arm in 0..3 {
                let of_arm = examples.iter().filter(|example| example.arm == arm);
                assert_eq!(of_arm.count(), 40, "of arm {arm}");
            }
        }
    }

    #[test]
    fn without_noise_points_are_on_their_arms() {
        for example in prepared(4, 25, 0.0).training {
            let [x, y] = example.point;
            let turned = TAU * (example.arm as f64 / 4.0 + TURNS * x.hypot(y));
            let off = y.atan2(x) - turned;
            assert!((off.cos() - 1.0).abs() < 1e-12, "{example:?}");
        }
    }

    #[test]
    fn noise_moves_points_along_circles() {
        let (clean, noisy) = (prepared(2, 30, 0.0), prepared(2, 30, 0.3));
        for (clean, noisy) in clean.training.iter().zip(&noisy.training) {
            let radius = |example: &Example| example.point[0].hypot(example.point[1]);
            assert!((radius(clean) - radius(noisy)).abs() < 1e-12);
        }
        assert_ne!(clean, noisy);
    }

    #[test]
    fn the_same_arguments_give_the_same_data() {
        assert_eq!(prepared(3, 20, 0.1), prepared(3, 20, 0.1));
    }

    #[test]
    fn nothing_is_both_learned_from_and_judged_by() {
        let Data { training, test } = prepared(3, 50, 0.2);
        assert!(!training.iter().any(|example| test.contains(example)));
    }
}
