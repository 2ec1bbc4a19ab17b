//! Code that type arguments choose.

use std::marker::PhantomData;

/// A scale that is a type.
pub trait Scale {
    /// How large it is.
    const FACTOR: i64;

    /// The type for the next one.
    type Next: Scale;

    /// Where it begins.
    fn offset() -> i64;
}

/// One to one.
pub struct One;

/// One to ten.
pub struct Ten;

impl Scale for One {
    const FACTOR: i64 = 1;
    type Next = Ten;

    fn offset() -> i64 {
        5
    }
}

impl Scale for Ten {
    const FACTOR: i64 = ten();
    type Next = One;

    fn offset() -> i64 {
        6
    }
}

const fn ten() -> i64 {
    10
}

/// A number on a scale.
pub struct On<S>(i64, PhantomData<S>);

impl<S: Scale> On<S> {
    /// A number.
    pub fn new(number: i64) -> Self {
        Self(number, PhantomData)
    }

    /// The same on the next scale.
    pub fn next(self) -> On<S::Next> {
        On::new(self.0 * S::FACTOR + <S::Next as Scale>::offset())
    }

    /// What it is.
    pub fn number(&self) -> i64 {
        self.0
    }
}

/// Whatever can be weighed.
pub trait Weigh {
    /// In grams.
    fn weigh(&self) -> usize;
}

impl<T: AsRef<[u8]>> Weigh for T {
    fn weigh(&self) -> usize {
        by_bytes(self.as_ref())
    }
}

fn by_bytes(bytes: &[u8]) -> usize {
    bytes.len()
}

/// The heaviest of several.
pub fn heaviest<W: Weigh>(all: &[W]) -> Option<usize> {
    all.iter().map(W::weigh).max()
}

/// A type that another function knows by its trait alone.
pub fn hidden() -> impl Iterator<Item = u32> + Clone {
    #[derive(Clone)]
    struct Countdown(u32);

    impl Iterator for Countdown {
        type Item = u32;

        fn next(&mut self) -> Option<u32> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
    }

    Countdown(4)
}
