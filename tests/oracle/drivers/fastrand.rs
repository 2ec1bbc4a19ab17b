//! Seeded random numbers, as a simulation draws them.

use fastrand::Rng;
use memo_runtime::memo;

#[memo]
fn numbers() -> String {
    let mut rng = Rng::with_seed(7);
    let small: Vec<u8> = (0..8).map(|_| rng.u8(1..=6)).collect();
    let large: Vec<i64> = (0..4).map(|_| rng.i64(-1000..1000)).collect();
    format!("{small:?} {large:?} {} {}", rng.usize(..17), rng.bool())
}

#[memo]
fn shuffling() -> String {
    let mut rng = Rng::with_seed(8);
    let mut cards: Vec<u32> = (0..20).collect();
    rng.shuffle(&mut cards);
    let chosen = rng.choose_multiple(0..100, 5);
    let one = rng.choice(&cards);
    format!("{cards:?} {chosen:?} {one:?}")
}

#[memo]
fn forked() -> String {
    let mut rng = Rng::with_seed(9);
    let mut other = rng.fork();
    let copy = other.clone();
    let text: String = (0..12).map(|_| rng.alphanumeric()).collect();
    let mut bytes = [0; 13];
    other.fill(&mut bytes);
    format!("{text} {bytes:?} {:?} {}", copy, other == rng)
}

#[memo]
fn floats() -> String {
    let mut rng = Rng::with_seed(10);
    format!("{:.6} {:.6}", rng.f32(), rng.f64())
}

#[memo]
fn global() -> String {
    fastrand::seed(11);
    format!(
        "{} {} {}",
        fastrand::u32(..),
        fastrand::char('a'..='f'),
        fastrand::digit(10)
    )
}
