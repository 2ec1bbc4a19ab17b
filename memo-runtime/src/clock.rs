//! The one door to the time of day.
//!
//! Everything that stamps or compares times of day is handed a [`Clock`], so
//! that expiry and last use can be tested without waiting. How long something
//! took is measured with `Instant` where it happens and never with this.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A moment: nanoseconds since 1970-01-01T00:00:00Z. Earlier moments count as
/// zero; the range ends in the year 2554.
pub type Moment = u64;

/// Where a store gets the time of day from.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    manual: Option<Arc<AtomicU64>>,
}

impl Clock {
    /// The clock of the system.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `start` until [`Clock::advance`] moves it;
    /// clones move together.
    pub fn manual(start: Moment) -> Self {
        Self {
            manual: Some(Arc::new(AtomicU64::new(start))),
        }
    }

    /// Moves a manual clock forward. The system's clock is not moved.
    pub fn advance(&self, by: Duration) {
        if let Some(now) = &self.manual {
            now.fetch_add(nanos(by), Ordering::Relaxed);
        }
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        match &self.manual {
            Some(now) => now.load(Ordering::Relaxed),
            None => moment(SystemTime::now()),
        }
    }
}

/// The moment of a system time.
pub(crate) fn moment(time: SystemTime) -> Moment {
    nanos(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// A duration in nanoseconds, at most `u64::MAX`.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(5);
        let twin = clock.clone();
        assert_eq!(clock.now(), 5);
        twin.advance(Duration::from_nanos(7));
        assert_eq!(clock.now(), 12);
    }

    #[test]
    fn a_time_before_1970_is_zero_and_no_panic() {
        assert_eq!(moment(UNIX_EPOCH - Duration::from_secs(1)), 0);
        assert_eq!(nanos(Duration::MAX), u64::MAX);
    }
}
