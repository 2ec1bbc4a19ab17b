//! Numbers that look random, from a seed: the same on every machine, for ever.

/// A generator of such numbers, SplitMix64.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// A generator whose numbers `seed` decides.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Any number, each as likely as the others.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Of the normal distribution with mean 0 and variance 1.
    pub(crate) fn normal(&mut self) -> f64 {
        // Box and Muller's method; the logarithm is never taken of 0.
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Puts `items` into any order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let at = (self.uniform() * (end + 1) as f64) as usize;
            items.swap(at, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of many numbers.
    fn moments(mut number: impl FnMut(&mut Random) -> f64) -> (f64, f64) {
        const COUNT: usize = 20_000;
        let mut random = Random::new(7);
        let numbers: Vec<f64> = (0..COUNT).map(|_| number(&mut random)).collect();
        let mean = numbers.iter().sum::<f64>() / COUNT as f64;
        let squares = numbers.iter().map(|number| (number - mean).powi(2));
        (mean, squares.sum::<f64>() / COUNT as f64)
    }

    #[test]
    fn numbers_are_distributed_as_they_should_be() {
        let (mean, variance) = moments(Random::uniform);
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        assert!((variance - 1.0 / 12.0).abs() < 0.005, "{variance}");

        let (mean, variance) = moments(Random::normal);
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn the_seed_decides_and_nothing_else() {
        let first = |seed| Random::new(seed).next();
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
        assert_eq!(first(0), 0xe220_a839_7b1d_cdaf, "as SplitMix64 has it");
    }

    #[test]
    fn shuffling_loses_and_adds_nothing() {
        let mut items: Vec<u32> = (0..50).collect();
        Random::new(3).shuffle(&mut items);
        assert!(!items.is_sorted());
        items.sort_unstable();
        assert!(items.into_iter().eq(0..50));
    }
}
