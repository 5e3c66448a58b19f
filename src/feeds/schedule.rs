//! When a feed is polled next.
//!
//! One rule for every outcome of a poll, so that "why is it not read now?" has one answer. The moment is stored with
//! the feed: a restart polls nothing early.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};

/// Polled no more often, whatever anybody asks for.
const SHORTEST: Duration = Duration::from_mins(5);
/// Polled no less often, but for skipped hours and days.
const LONGEST: Duration = Duration::from_hours(24);
/// A quiet feed's own pace slows its polls down to this and no further: news is wanted the same day.
const SLOWEST_PACE: Duration = Duration::from_hours(6);
/// Share of the wait that jitter may add, so that feeds added together drift apart.
const JITTER: f64 = 0.1;
/// Entries whose dates tell the pace; older ones tell how it once was.
const PACE_ENTRIES: usize = 20;
/// Doublings after which the back-off has long reached [`LONGEST`].
const MAX_DOUBLINGS: u32 = 10;

/// How long a response says that it stays fresh (RFC 9111, 4.2.1), counted from its arrival.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Freshness {
    /// `Cache-Control: max-age` less `Age`.
    pub max_age: Option<Duration>,
    /// `Expires` less `Date`.
    pub expires: Option<Duration>,
}

/// What a poll came to, as far as the next one depends on it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PollOutcome {
    /// The operator's interval between polls.
    pub interval: Duration,
    /// Polls failed in a row, this one included; 0 after a success.
    pub failures: u32,
    /// Not to be asked before, by `Retry-After`.
    pub retry_after: Option<DateTime<Utc>>,
    pub freshness: Freshness,
    /// As in [`super::ParsedFeed`].
    pub ttl: Option<Duration>,
    pub skip_hours: Vec<u32>,
    pub skip_days: Vec<Weekday>,
    /// When its newest entries were published, in any order; without them the feed's pace is not known.
    pub published: Vec<DateTime<Utc>>,
}

/// The moment of the next poll: the longest of what operator, feed and server ask for and of the feed's own pace,
/// doubled with every failure, between five minutes and a day, plus up to a tenth by `jitter` (0 to 1), and
/// outside the hours and days that the feed asks to skip.
pub fn next_poll(outcome: &PollOutcome, now: DateTime<Utc>, jitter: f64) -> DateTime<Utc> {
    let jitter = jitter.clamp(0.0, 1.0);
    let asked = [
        Some(outcome.interval),
        outcome.ttl,
        outcome.freshness.max_age,
        outcome.freshness.expires,
        outcome.retry_after.and_then(|at| (at - now).to_std().ok()),
        pace(&outcome.published, now),
        back_off(outcome.interval, outcome.failures),
    ];
    let wait = asked.into_iter().flatten().max().unwrap_or(SHORTEST).clamp(SHORTEST, LONGEST);
    // Behind the clamp: what waits for a day needs it most.
    let wait = wait.mul_f64(1.0 + JITTER * jitter);
    // At most 26.4 hours.
    let at = now + TimeDelta::from_std(wait).unwrap_or_default();
    after_skipped(outcome, at, jitter)
}

/// Half the usual time between two entries, or an eighth of the newest one's age if that is longer.
fn pace(published: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<Duration> {
    let mut dates: Vec<_> = published.iter().copied().filter(|at| *at <= now).collect();
    dates.sort_unstable_by(|a, b| b.cmp(a));
    dates.truncate(PACE_ENTRIES);
    let newest = *dates.first()?;
    let mut gaps: Vec<TimeDelta> =
        dates.windows(2).filter_map(|pair| Some(*pair.first()? - *pair.last()?)).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or_default();
    let pace = (usual / 2).max((now - newest) / 8);
    Some(pace.to_std().unwrap_or_default().min(SLOWEST_PACE))
}

fn back_off(interval: Duration, failures: u32) -> Option<Duration> {
    let doublings = failures.checked_sub(1)?.min(MAX_DOUBLINGS);
    Some(interval.max(SHORTEST).saturating_mul(1 << doublings))
}

/// The first moment from `at` on that is in no skipped hour or day; `at` itself if all are skipped.
fn after_skipped(outcome: &PollOutcome, at: DateTime<Utc>, jitter: f64) -> DateTime<Utc> {
    let skipped = |at: DateTime<Utc>| {
        outcome.skip_hours.contains(&at.hour()) || outcome.skip_days.contains(&at.weekday())
    };
    if !skipped(at) {
        return at;
    }
    let hour = at - TimeDelta::seconds(i64::from(at.minute() * 60 + at.second()));
    let first = (1..=7 * 24).map(|hours| hour + TimeDelta::hours(hours)).find(|hour| !skipped(*hour));
    // Not everybody at the stroke of the hour.
    let spread = TimeDelta::from_std(Duration::from_mins(10).mul_f64(jitter)).unwrap_or_default();
    first.map_or(at, |hour| hour + spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: u64 = 60;
    const HOUR: u64 = 3600;

    /// A Wednesday.
    fn now() -> DateTime<Utc> {
        "2022-09-07T12:30:00Z".parse().unwrap()
    }

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn every(step: u64, count: i64) -> Vec<DateTime<Utc>> {
        (0..count).map(|n| now() - TimeDelta::seconds(i64::try_from(step).unwrap() * n)).collect()
    }

    fn outcome() -> PollOutcome {
        PollOutcome { interval: secs(15 * MIN), ..PollOutcome::default() }
    }

    #[test]
    fn the_rule() {
        let fresh = |max_age: Option<u64>, expires: Option<u64>| Freshness {
            max_age: max_age.map(secs),
            expires: expires.map(secs),
        };
        for (what, outcome, expected) in [
            ("interval", outcome(), 15 * MIN),
            ("no interval", PollOutcome::default(), 5 * MIN),
            ("short interval", PollOutcome { interval: secs(1), ..outcome() }, 5 * MIN),
            ("long interval", PollOutcome { interval: secs(48 * HOUR), ..outcome() }, 24 * HOUR),
            ("ttl", PollOutcome { ttl: Some(secs(HOUR)), ..outcome() }, HOUR),
            ("short ttl", PollOutcome { ttl: Some(secs(MIN)), ..outcome() }, 15 * MIN),
            ("max-age", PollOutcome { freshness: fresh(Some(HOUR), None), ..outcome() }, HOUR),
            (
                "a year of max-age",
                PollOutcome { freshness: fresh(Some(365 * 24 * HOUR), None), ..outcome() },
                24 * HOUR,
            ),
            ("expires", PollOutcome { freshness: fresh(None, Some(2 * HOUR)), ..outcome() }, 2 * HOUR),
            ("both", PollOutcome { freshness: fresh(Some(3 * HOUR), Some(2 * HOUR)), ..outcome() }, 3 * HOUR),
            (
                "retry-after",
                PollOutcome { retry_after: Some(now() + TimeDelta::hours(2)), failures: 1, ..outcome() },
                2 * HOUR,
            ),
            (
                "retry-after in the past",
                PollOutcome { retry_after: Some(now() - TimeDelta::hours(2)), failures: 1, ..outcome() },
                15 * MIN,
            ),
            ("first failure", PollOutcome { failures: 1, ..outcome() }, 15 * MIN),
            ("second failure", PollOutcome { failures: 2, ..outcome() }, 30 * MIN),
            ("fourth failure", PollOutcome { failures: 4, ..outcome() }, 2 * HOUR),
            ("many failures", PollOutcome { failures: u32::MAX, ..outcome() }, 24 * HOUR),
            ("busy feed", PollOutcome { published: every(2 * MIN, 20), ..outcome() }, 15 * MIN),
            ("four a day", PollOutcome { published: every(6 * HOUR, 20), ..outcome() }, 3 * HOUR),
            ("weekly", PollOutcome { published: every(7 * 24 * HOUR, 20), ..outcome() }, 6 * HOUR),
            (
                "a day silent",
                PollOutcome { published: vec![now() - TimeDelta::hours(24); 5], ..outcome() },
                3 * HOUR,
            ),
            (
                "dates to come",
                PollOutcome { published: vec![now() + TimeDelta::hours(9); 5], ..outcome() },
                15 * MIN,
            ),
        ] {
            assert_eq!(next_poll(&outcome, now(), 0.0), now() + secs(expected), "{what}");
        }
    }

    #[test]
    fn jitter_only_adds() {
        assert_eq!(next_poll(&outcome(), now(), 1.0), now() + secs(15 * MIN + 90));
        assert_eq!(next_poll(&outcome(), now(), f64::MAX), now() + secs(15 * MIN + 90));
        assert_eq!(next_poll(&outcome(), now(), -1.0), now() + secs(15 * MIN));
    }

    #[test]
    fn skipped_hours_and_days() {
        for (hours, days, expected) in [
            (vec![3], vec![], "2022-09-07T12:45:00Z"),
            (vec![12], vec![], "2022-09-07T13:00:00Z"),
            (vec![12, 13, 14], vec![], "2022-09-07T15:00:00Z"),
            (vec![], vec![Weekday::Wed], "2022-09-08T00:00:00Z"),
            (vec![0, 1], vec![Weekday::Wed, Weekday::Thu], "2022-09-09T02:00:00Z"),
            // Who skips everything is asked all the same.
            ((0..24).collect(), vec![], "2022-09-07T12:45:00Z"),
        ] {
            let outcome = PollOutcome { skip_hours: hours.clone(), skip_days: days.clone(), ..outcome() };
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(next_poll(&outcome, now(), 0.0), expected, "{hours:?} {days:?}");
        }
    }
}
