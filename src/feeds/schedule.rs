//! When a feed is polled next.
//!
//! One rule for every outcome of a poll, so that "why is it not read now?" has one answer. The moment is stored with
//! the feed: a restart polls nothing early.

use std::time::Duration;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

use crate::domain::{FeedUrl, Moving, Rhythm};

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
    /// The feed was not asked at all: its turn with its host did not come.
    pub postponed: bool,
    /// Not to be asked before, by `Retry-After`.
    pub retry_after: Option<DateTime<Utc>>,
    pub freshness: Freshness,
    /// What is known of the feed's own rhythm.
    pub rhythm: Rhythm,
}

/// A feed that has failed for this long is paused.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::days(7);
/// And so often in a row: a clock that jumps ahead makes a week of a minute.
const GIVE_UP_FAILURES: u32 = 5;
/// A feed has moved when so many polls in a row were led there, over so long a time.
const MOVED_POLLS: u32 = 3;
const MOVED_FOR: TimeDelta = TimeDelta::days(2);
/// Later than anything that [`next_poll`] gives, a week of skipped days included: written by a clock that was wrong.
pub const FARTHEST: TimeDelta = TimeDelta::days(9);

/// Whether a feed has failed for so long that it is paused.
pub fn gives_up(failures: u32, since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    failures >= GIVE_UP_FAILURES && since.is_some_and(|since| now - since >= GIVE_UP_AFTER)
}

/// Where a feed's redirects lead after another poll that was led to `to`, or to nowhere; and whether the feed has
/// moved there. Redirects of a day are an accident or a login page.
pub fn moving(known: Option<&Moving>, to: Option<FeedUrl>, now: DateTime<Utc>) -> (Option<Moving>, bool) {
    let Some(to) = to else { return (None, false) };
    let moving = match known {
        Some(known) if known.to == to => {
            Moving { to, since: known.since.min(now), polls: known.polls.saturating_add(1) }
        }
        _ => Moving { to, since: now, polls: 1 },
    };
    let moved = moving.polls >= MOVED_POLLS && now - moving.since >= MOVED_FOR;
    (Some(moving), moved)
}

/// The moment of the next poll: the longest of what operator, feed and server ask for and of the feed's own pace,
/// doubled with every failure, between five minutes and a day, plus up to a tenth by `jitter` (0 to 1), and
/// outside the hours and days that the feed asks to skip. What was postponed waits no longer than it must.
pub fn next_poll(outcome: &PollOutcome, now: DateTime<Utc>, jitter: f64) -> DateTime<Utc> {
    let jitter = jitter.clamp(0.0, 1.0);
    if outcome.postponed {
        let at = now + TimeDelta::from_std(SHORTEST.mul_f64(1.0 + JITTER * jitter)).unwrap_or_default();
        return after_skipped(outcome, at, jitter);
    }
    let asked = [
        Some(outcome.interval),
        outcome.rhythm.ttl.map(Duration::from_secs),
        outcome.freshness.max_age,
        outcome.freshness.expires,
        outcome.retry_after.and_then(|at| (at - now).to_std().ok()),
        pace(&outcome.rhythm, now),
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
fn pace(rhythm: &Rhythm, now: DateTime<Utc>) -> Option<Duration> {
    let age = (now - rhythm.newest?).to_std().unwrap_or_default();
    let usual = Duration::from_secs(rhythm.usual_gap.unwrap_or_default());
    Some((usual / 2).max(age / 8).min(SLOWEST_PACE))
}

/// Median gap, in seconds, and newest of the moments at which entries were published; those to come tell nothing.
pub fn published_rhythm(
    published: impl Iterator<Item = DateTime<Utc>>,
    now: DateTime<Utc>,
) -> (Option<u64>, Option<DateTime<Utc>>) {
    let mut dates: Vec<_> = published.filter(|at| *at <= now).collect();
    dates.sort_unstable_by(|a, b| b.cmp(a));
    dates.truncate(PACE_ENTRIES);
    let mut gaps: Vec<TimeDelta> =
        dates.windows(2).filter_map(|pair| Some(*pair.first()? - *pair.last()?)).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).and_then(|gap| gap.to_std().ok());
    (usual.map(|gap| gap.as_secs()), dates.first().copied())
}

fn back_off(interval: Duration, failures: u32) -> Option<Duration> {
    let doublings = failures.checked_sub(1)?.min(MAX_DOUBLINGS);
    Some(interval.max(SHORTEST).saturating_mul(1 << doublings))
}

/// The first moment from `at` on that is in no skipped hour or day; `at` itself if all are skipped.
fn after_skipped(outcome: &PollOutcome, at: DateTime<Utc>, jitter: f64) -> DateTime<Utc> {
    let skipped = |at: DateTime<Utc>| {
        outcome.rhythm.skip_hours.contains(&at.hour()) || outcome.rhythm.skip_days.contains(&at.weekday())
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
    use chrono::Weekday;

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
            (
                "postponed",
                PollOutcome {
                    postponed: true,
                    rhythm: Rhythm { ttl: Some(HOUR), ..Rhythm::default() },
                    ..outcome()
                },
                5 * MIN,
            ),
            ("short interval", PollOutcome { interval: secs(1), ..outcome() }, 5 * MIN),
            ("long interval", PollOutcome { interval: secs(48 * HOUR), ..outcome() }, 24 * HOUR),
            (
                "ttl",
                PollOutcome { rhythm: Rhythm { ttl: Some(HOUR), ..Rhythm::default() }, ..outcome() },
                HOUR,
            ),
            (
                "short ttl",
                PollOutcome { rhythm: Rhythm { ttl: Some(MIN), ..Rhythm::default() }, ..outcome() },
                15 * MIN,
            ),
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
            ("busy feed", PollOutcome { rhythm: published(every(2 * MIN, 20)), ..outcome() }, 15 * MIN),
            ("four a day", PollOutcome { rhythm: published(every(6 * HOUR, 20)), ..outcome() }, 3 * HOUR),
            ("weekly", PollOutcome { rhythm: published(every(7 * 24 * HOUR, 20)), ..outcome() }, 6 * HOUR),
            (
                "a day silent",
                PollOutcome { rhythm: published(vec![now() - TimeDelta::hours(24); 5]), ..outcome() },
                3 * HOUR,
            ),
            (
                "dates to come",
                PollOutcome { rhythm: published(vec![now() + TimeDelta::hours(9); 5]), ..outcome() },
                15 * MIN,
            ),
        ] {
            assert_eq!(next_poll(&outcome, now(), 0.0), now() + secs(expected), "{what}");
        }
    }

    fn published(dates: Vec<DateTime<Utc>>) -> Rhythm {
        let (usual_gap, newest) = published_rhythm(dates.into_iter(), now());
        Rhythm { usual_gap, newest, ..Rhythm::default() }
    }

    #[test]
    fn a_clock_that_jumps_does_no_harm() {
        // Ahead: a week of failures takes failures too.
        let first = now() - TimeDelta::minutes(10);
        assert!(!gives_up(1, Some(first), now() + TimeDelta::days(365)));
        assert!(gives_up(9, Some(first), now() + TimeDelta::days(8)));
        assert!(!gives_up(9, Some(first), now() + TimeDelta::days(6)));
        // Back: what was published or began after now tells nothing, and no wait is longer than the longest.
        assert!(!gives_up(9, Some(first), now() - TimeDelta::days(365)));
        let ahead =
            Rhythm { newest: Some(now() + TimeDelta::days(365)), usual_gap: Some(60), ..Rhythm::default() };
        assert_eq!(
            next_poll(&PollOutcome { rhythm: ahead, ..outcome() }, now(), 0.0),
            now() + secs(15 * MIN)
        );
        let far = PollOutcome { retry_after: Some(now() + TimeDelta::days(365)), failures: 3, ..outcome() };
        assert!(next_poll(&far, now(), 1.0) - now() <= TimeDelta::hours(27));
        // The farthest that is ever given: six days of a week skipped.
        let days = [Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun, Weekday::Mon];
        let rhythm = Rhythm { skip_days: days.to_vec(), ..Rhythm::default() };
        assert!(next_poll(&PollOutcome { rhythm, ..far }, now(), 1.0) - now() < FARTHEST);
        for extreme in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let rhythm = Rhythm {
                newest: Some(extreme),
                usual_gap: Some(u64::MAX),
                ttl: Some(u64::MAX),
                ..Rhythm::default()
            };
            let odd =
                PollOutcome { rhythm, retry_after: Some(extreme), interval: Duration::MAX, ..outcome() };
            assert!(next_poll(&odd, now(), 0.5) - now() <= TimeDelta::hours(27));
            assert_eq!(moving(None, None, extreme), (None, false));
        }
    }

    #[test]
    fn a_feed_moves_after_days_of_redirects() {
        let to = |name: &str| Some(FeedUrl::parse(&format!("https://{name}.example/feed")).unwrap());
        let mut known = None;
        for (hours, target, polls, moved) in [
            (0, to("new"), 1, false),
            (24, to("new"), 2, false),
            (25, to("other"), 1, false),
            (26, to("new"), 1, false),
            (27, to("new"), 2, false),
            (28, to("new"), 3, false),
            (26 + 48, to("new"), 4, true),
        ] {
            let (next, done) = moving(known.as_ref(), target, now() + TimeDelta::hours(hours));
            assert_eq!((next.as_ref().unwrap().polls, done), (polls, moved), "after {hours} h");
            known = next;
        }
        assert_eq!(moving(known.as_ref(), None, now()), (None, false), "it answers at its own address again");
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
            let rhythm = Rhythm { skip_hours: hours.clone(), skip_days: days.clone(), ..Rhythm::default() };
            let outcome = PollOutcome { rhythm, ..outcome() };
            let expected: DateTime<Utc> = expected.parse().unwrap();
            assert_eq!(next_poll(&outcome, now(), 0.0), expected, "{hours:?} {days:?}");
        }
    }
}
