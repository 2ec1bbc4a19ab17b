//! Numbers that look random and are the same in every run.

/// The SplitMix64 generator.
pub(crate) struct Random(u64);

impl Random {
    /// The numbers that follow from `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD134_2543_DE82_EF95))
    }

    /// The next number.
    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The next number, less than `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit as u64) as usize
    }

    /// One of `choices`.
    pub(crate) fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// True in one of `n` cases.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// `rounds` generators, or as many more as are asked for.
pub(crate) fn rounds(rounds: u64) -> impl Iterator<Item = Random> {
    (0..rounds * factor().unwrap_or(1)).map(Random::new)
}

/// How many times more is asked for than usual, if it is.
pub(crate) fn factor() -> Option<u64> {
    let factor = std::env::var("MEMO_CODE_ROUNDS").ok()?;
    Some(factor.parse().expect("MEMO_CODE_ROUNDS is a number"))
}
