//! Lengths one after another: what loops and `collect` run.

use alloc::vec::{self, Vec};
use core::iter::Sum;
use core::ops::{Deref, DerefMut};

use crate::Length;

/// A way of several lengths.
#[derive(Clone, Debug, Default)]
pub struct Way(Vec<Length>);

impl FromIterator<Length> for Way {
    fn from_iter<I: IntoIterator<Item = Length>>(lengths: I) -> Self {
        let mut way = Self::default();
        way.extend(lengths);
        way
    }
}

impl Extend<Length> for Way {
    fn extend<I: IntoIterator<Item = Length>>(&mut self, lengths: I) {
        for length in lengths {
            self.0.push(length);
        }
    }
}

impl IntoIterator for Way {
    type Item = Length;
    type IntoIter = vec::IntoIter<Length>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Deref for Way {
    type Target = Vec<Length>;

    fn deref(&self) -> &Vec<Length> {
        &self.0
    }
}

impl DerefMut for Way {
    fn deref_mut(&mut self) -> &mut Vec<Length> {
        &mut self.0
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::default(), |sum, next| sum + next)
    }
}

impl<'a> Sum<&'a Length> for Length {
    fn sum<I: Iterator<Item = &'a Self>>(lengths: I) -> Self {
        lengths.copied().sum()
    }
}

/// Doubles a length until it passes a limit.
pub struct Doubling {
    next: Length,
    limit: Length,
}

/// Begins with `first`.
pub fn doubling(first: Length, limit: Length) -> Doubling {
    Doubling { next: first, limit }
}

impl Iterator for Doubling {
    type Item = Length;

    fn next(&mut self) -> Option<Length> {
        let now = self.next;
        self.next = now * 2u8;
        (now < self.limit).then_some(now)
    }
}

/// What every iterator of lengths can do.
pub trait Lengths: Iterator<Item = Length> + Sized {
    /// All of them, and what lies between.
    fn total(self, between: Length) -> Length {
        let mut total = Length::default();
        for length in self {
            total += length + gap(between);
        }
        total
    }
}

impl<I: Iterator<Item = Length>> Lengths for I {}

fn gap(between: Length) -> Length {
    between
}
