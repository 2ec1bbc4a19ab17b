//! Points that are chosen at random, always the same ones.
//!
//! A space that can be counted is put in the order of the digests of its
//! points, and its first ones are taken: each once, and values that are added
//! to it leave the order of the others. Of a space that has no end, the points
//! are drawn one after the other, each value from the digest of the number of
//! the draw and of the names that it belongs to.
//!
//! What must hold: more points from one seed begin with the same ones.

use std::collections::HashSet;
use std::iter;

use super::{Point, Space};

/// So many draws in a row without a new point mean that there are none left.
const PATIENCE: u32 = 20_000;

/// Where random numbers come from.
pub(super) struct Random {
    seeded: blake3::Hasher,
}

impl Random {
    /// The numbers of a seed.
    pub(super) fn of_seed(seed: u64) -> Self {
        let mut seeded = blake3::Hasher::new_derive_key("cargo-memo sweep --sample, version 1");
        seeded.update(&seed.to_le_bytes());
        Self { seeded }
    }

    /// The first `wanted` of `points` in the order of their digests.
    pub(super) fn choose(&self, points: impl Iterator<Item = Point>, wanted: usize) -> Vec<Point> {
        let mut ranked: Vec<([u8; 32], Point)> =
            points.map(|point| (self.rank(&point), point)).collect();
        if wanted < ranked.len() {
            ranked.select_nth_unstable_by_key(wanted, |(rank, _)| *rank);
            ranked.truncate(wanted);
        }
        ranked.sort_unstable_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, point)| point).collect()
    }

    /// Draws `wanted` different points that are meant, or as many as come up.
    pub(super) fn draw(&self, space: &Space, wanted: usize) -> Vec<Point> {
        let mut points = Vec::new();
        let mut seen = HashSet::new();
        let mut in_vain = 0;
        let mut draws = 0_u64..;
        while points.len() < wanted && in_vain < PATIENCE {
            let Some(draw) = draws.next() else { break };
            let point = space.point(space.axes.iter().map(|axis| {
                let names = axis.slots.iter().map(|slot| &*space.names[*slot]);
                axis.row(self.bits(draw, names))
            }));
            if space.accepts(&point) && seen.insert(point.clone()) {
                points.push(point);
                in_vain = 0;
            } else {
                in_vain += 1;
            }
        }
        points
    }

    fn rank(&self, point: &Point) -> [u8; 32] {
        let texts = point.parameters.iter();
        self.digest(texts.flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]))
    }

    fn bits<'n>(&self, draw: u64, names: impl Iterator<Item = &'n str>) -> u64 {
        let draw = draw.to_le_bytes();
        let names = names.map(|name| name.as_bytes());
        let digest = self.digest(iter::once(&draw[..]).chain(names));
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_le_bytes(first)
    }

    fn digest<'p>(&self, parts: impl Iterator<Item = &'p [u8]>) -> [u8; 32] {
        let mut hasher = self.seeded.clone();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize().into()
    }
}
