//! Moments, for people and for programs, and reading them back.

use std::cell::OnceCell;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use memo_runtime::{Clock, Moment};

/// A moment for programs: RFC 3339 in UTC.
pub(crate) fn rfc3339(moment: Moment) -> String {
    timestamp(moment).to_string()
}

fn timestamp(moment: Moment) -> Timestamp {
    // Any number of nanoseconds in 64 bits is a moment before the year 2555.
    Timestamp::from_nanosecond(moment.into()).unwrap_or(Timestamp::MAX)
}

/// The present moment and the local time zone: what it takes to tell times
/// to people.
#[derive(Debug)]
pub(crate) struct Calendar {
    /// The present moment.
    pub(crate) now: Moment,
    /// Found out when it is first needed: that reads the system's whole list.
    zone: OnceCell<TimeZone>,
}

impl Calendar {
    /// The calendar on the wall.
    pub(crate) fn local() -> Self {
        Self {
            now: Clock::system().now(),
            zone: OnceCell::new(),
        }
    }

    fn zone(&self) -> TimeZone {
        self.zone.get_or_init(TimeZone::system).clone()
    }

    /// A moment in local time, to the second: `2026-03-01 17:20:09`.
    pub(crate) fn exact(&self, moment: Moment) -> String {
        let local = timestamp(moment).to_zoned(self.zone());
        local.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The same with the offset from UTC: `2026-03-01 17:20:09 +01:00`.
    pub(crate) fn with_offset(&self, moment: Moment) -> String {
        let local = timestamp(moment).to_zoned(self.zone());
        local.strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
    }

    /// How long ago a moment of the last hour was: `just now`, `2 minutes ago`.
    pub(crate) fn age(&self, moment: Moment) -> Option<String> {
        // Clocks of other hosts may be ahead of ours; that is not an age.
        let nanos = self.now.checked_sub(moment)?;
        Some(match nanos / 1_000_000_000 {
            ..10 => "just now".to_owned(),
            seconds @ 10..60 => format!("{seconds} seconds ago"),
            60..120 => "1 minute ago".to_owned(),
            seconds @ 120..3600 => format!("{} minutes ago", seconds / 60),
            _ => return None,
        })
    }

    /// A moment as seen from now: `2 minutes ago`, `today 09:12`,
    /// `yesterday 17:20`, `2026-03-01`.
    pub(crate) fn relative(&self, moment: Moment) -> String {
        self.age(moment).unwrap_or_else(|| self.day(moment))
    }

    fn day(&self, moment: Moment) -> String {
        let then = timestamp(moment).to_zoned(self.zone());
        let today = timestamp(self.now).to_zoned(self.zone()).date();
        let format = if then.date() == today {
            "today %H:%M"
        } else if today.yesterday().is_ok_and(|day| day == then.date()) {
            "yesterday %H:%M"
        } else {
            "%Y-%m-%d"
        };
        then.strftime(format).to_string()
    }
}

/// Reads from when on something is wanted, as seen from `now`: an age with a
/// unit (`90s`, `2h`, `7d`), a time in RFC 3339, or a date or time in local
/// time.
pub(crate) fn parse_since(text: &str, now: &Zoned) -> Result<Moment, String> {
    let wanted = || {
        "neither an age such as 90s, 2h or 7d nor a time such as 2026-03-01, \
         2026-03-01T17:20 or 2026-03-01T17:20:00Z"
            .to_owned()
    };
    let since = if let Ok(age) = text.parse::<Span>() {
        now.checked_sub(age.abs())
            .map_err(|_| wanted())?
            .timestamp()
    } else if let Ok(time) = text.parse::<Timestamp>() {
        time
    } else if let Ok(local) = text.parse::<DateTime>() {
        let zoned = local
            .to_zoned(now.time_zone().clone())
            .map_err(|_| wanted())?;
        zoned.timestamp()
    } else {
        return Err(wanted());
    };
    Ok(Moment::try_from(since.as_nanosecond()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        text.parse::<Timestamp>()
            .unwrap()
            .as_nanosecond()
            .try_into()
            .unwrap()
    }

    fn calendar(now: &str) -> Calendar {
        Calendar {
            now: moment(now),
            zone: TimeZone::fixed(jiff::tz::offset(1)).into(),
        }
    }

    #[test]
    fn people_are_told_times_as_they_would_tell_them() {
        let calendar = calendar("2026-03-02T11:00:00Z");
        let cases = [
            ("2026-03-02T11:00:00Z", "just now"),
            ("2026-03-02T10:59:28Z", "32 seconds ago"),
            ("2026-03-02T10:58:30Z", "1 minute ago"),
            ("2026-03-02T10:57:59Z", "2 minutes ago"),
            ("2026-03-02T08:12:00Z", "today 09:12"),
            ("2026-03-01T23:10:00Z", "today 00:10"),
            ("2026-03-01T16:20:00Z", "yesterday 17:20"),
            ("2026-02-28T22:59:00Z", "2026-02-28"),
            ("2026-03-02T11:00:01Z", "today 12:00"),
            ("2027-01-01T00:00:00Z", "2027-01-01"),
        ];
        for (then, told) in cases {
            assert_eq!(calendar.relative(moment(then)), told, "{then}");
        }
    }

    #[test]
    fn exact_times_are_local_for_people_and_utc_for_programs() {
        let then = moment("2026-03-01T23:20:09.5Z");
        let calendar = calendar("2026-03-02T11:00:00Z");
        assert_eq!(calendar.exact(then), "2026-03-02 00:20:09");
        assert_eq!(calendar.with_offset(then), "2026-03-02 00:20:09 +01:00");
        assert_eq!(rfc3339(then), "2026-03-01T23:20:09.5Z");
        assert_eq!(rfc3339(Moment::MAX), "2554-07-21T23:34:33.709551615Z");
    }

    #[test]
    fn since_is_an_age_or_a_time() {
        let now: Zoned = "2026-03-02T12:00:00+01:00[+01:00]".parse().unwrap();
        let cases = [
            ("90s", "2026-03-02T10:58:30Z"),
            ("2h", "2026-03-02T09:00:00Z"),
            ("7d", "2026-02-23T11:00:00Z"),
            ("2026-03-01", "2026-02-28T23:00:00Z"),
            ("2026-03-01T17:20", "2026-03-01T16:20:00Z"),
            ("2026-03-01 17:20:09", "2026-03-01T16:20:09Z"),
            ("2026-03-01T17:20:00Z", "2026-03-01T17:20:00Z"),
            ("1900-01-01", "1970-01-01T00:00:00Z"),
        ];
        for (text, time) in cases {
            assert_eq!(parse_since(text, &now), Ok(moment(time)), "{text}");
        }
        for bad in ["", "7", "soon", "2026-13-01", "99999y"] {
            assert!(parse_since(bad, &now).is_err(), "{bad}");
        }
    }
}
