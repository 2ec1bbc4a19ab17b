//! How long the rest of a sweep may take, by how long its points took so far,
//! in this run or in earlier ones.

use std::time::Duration;

/// How long points take.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Estimate {
    known: u32,
    took: Duration,
}

impl Estimate {
    /// Begins with how long they usually take, if that is known: it counts as
    /// one point.
    pub(super) fn begin(usual: Option<Duration>) -> Self {
        let mut estimate = Self::default();
        if let Some(usual) = usual {
            estimate.learn(usual);
        }
        estimate
    }

    /// A point took so long.
    pub(super) fn learn(&mut self, took: Duration) {
        self.known = self.known.saturating_add(1);
        self.took = self.took.saturating_add(took);
    }

    /// How long so many points take, so many at once; `None`: nothing is known.
    pub(super) fn of(&self, points: usize, jobs: usize) -> Option<Duration> {
        if self.known == 0 {
            return None;
        }
        let each = self.took / self.known;
        let rounds = u32::try_from(points.div_ceil(jobs.max(1))).unwrap_or(u32::MAX);
        Some(each.saturating_mul(rounds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_the_points_before_took() {
        let seconds = Duration::from_secs;
        assert_eq!(Estimate::default().of(3, 1), None);
        let mut estimate = Estimate::begin(Some(seconds(4)));
        assert_eq!(estimate.of(3, 1), Some(seconds(12)));
        estimate.learn(seconds(2));
        assert_eq!(estimate.of(3, 1), Some(seconds(9)));
        assert_eq!(estimate.of(3, 2), Some(seconds(6)));
        assert_eq!(estimate.of(0, 2), Some(seconds(0)));
        estimate.learn(Duration::MAX);
        assert!(estimate.of(usize::MAX, 1).is_some());
    }
}
