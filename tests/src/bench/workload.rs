//! What all contestants keep: equal values, whoever computes them.
//!
//! Peers' programs are compiled with this file too, so it needs nothing but the standard library.

/// The second argument of the small function.
pub const SCALE: f64 = 0.5;

/// What the small function computes.
pub fn small(number: u64, scale: f64) -> Vec<f64> {
    (0..8).map(|i| scale * (number + i) as f64).collect()
}

/// A number of a large array.
pub fn word(number: u64, index: u64) -> u64 {
    index
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .wrapping_add(number)
}

/// A large array.
pub fn words(len: u64, number: u64) -> Vec<u64> {
    (0..len).map(|index| word(number, index)).collect()
}

/// Whether an array is as [`words`] makes it, as far as its length and ends tell.
///
/// # Errors
///
/// It is not.
pub fn check_words(words: &[u64], len: u64, number: u64) -> Result<(), String> {
    let last = len.saturating_sub(1);
    let ends = [words.first().copied(), words.last().copied()];
    let expected = [0, last].map(|index| (len > 0).then(|| word(number, index)));
    if words.len() as u64 == len && ends == expected {
        Ok(())
    } else {
        Err("the array is another one".to_owned())
    }
}
