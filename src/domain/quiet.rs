//! Hours in which a channel is left in peace, and the moments at which round-ups are due.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;

use super::Mode;

/// From a time of day to another, which may be of the next day. The first belongs to it, the last does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

/// What a person typed is no span of hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a span of hours such as 22:00-07:00")]
pub struct QuietHoursError;

/// The morning of a channel that has no quiet hours.
const MORNING: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("a time of day");

impl QuietHours {
    /// When the quiet hours end that `now` is in; nothing while it is not quiet.
    pub fn end(self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let local = now.with_timezone(&zone);
        let (time, day) = (local.time(), local.date_naive());
        let over_midnight = self.from > self.to;
        let quiet = if over_midnight {
            time >= self.from || time < self.to
        } else {
            time >= self.from && time < self.to
        };
        let ends_tomorrow = over_midnight && time >= self.from;
        let day = if ends_tomorrow { day.checked_add_days(Days::new(1))? } else { day };
        // Where the clocks are set back, that time of day may have been a moment ago.
        quiet.then(|| at(day, self.to, zone)).filter(|end| *end > now)
    }
}

impl Mode {
    /// When a story that comes up `now` is posted in a round-up; nothing where it is posted at once.
    ///
    /// Whatever would fall into quiet hours waits for their end. The day's round-up is due when they end, or at eight.
    pub fn due(self, now: DateTime<Utc>, quiet: Option<QuietHours>, zone: Tz) -> Option<DateTime<Utc>> {
        let awake = |moment: DateTime<Utc>| quiet.and_then(|quiet| quiet.end(moment, zone)).unwrap_or(moment);
        match self {
            Mode::Breaking => quiet.and_then(|quiet| quiet.end(now, zone)),
            Mode::Hourly => {
                let local = now.with_timezone(&zone);
                let since = TimeDelta::seconds(i64::from(local.minute() * 60 + local.second()))
                    + TimeDelta::nanoseconds(i64::from(local.nanosecond()));
                Some(awake(now - since + TimeDelta::hours(1)))
            }
            Mode::Daily => {
                let morning = quiet.map_or(MORNING, |quiet| quiet.to);
                let today = now.with_timezone(&zone).date_naive();
                let days = [Some(today), today.succ_opt()].into_iter().flatten();
                let next = days.map(|day| at(day, morning, zone)).find(|moment| *moment > now);
                Some(next.unwrap_or(now + TimeDelta::days(1)))
            }
        }
    }
}

/// A time of day as a moment: the first of two where the clocks are set back, and where they are set forward
/// over it, as long after as it lies within the gap.
fn at(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(time);
    let moment = zone.from_local_datetime(&local).earliest().map(|moment| moment.to_utc());
    moment.unwrap_or_else(|| {
        let before = local - TimeDelta::hours(3);
        let before = zone.from_local_datetime(&before).earliest();
        before.map_or_else(|| local.and_utc(), |before| before.to_utc() + TimeDelta::hours(3))
    })
}

impl FromStr for QuietHours {
    type Err = QuietHoursError;

    /// "22:00-07:00", "22-7", "10 pm to 7 am".
    fn from_str(typed: &str) -> Result<Self, QuietHoursError> {
        let folded = typed.to_lowercase().replace(['–', '—'], "-").replace(" to ", "-");
        let (from, to) = folded.split_once('-').ok_or(QuietHoursError)?;
        let (from, to) = (time(from)?, time(to)?);
        if from == to { Err(QuietHoursError) } else { Ok(Self { from, to }) }
    }
}

fn time(typed: &str) -> Result<NaiveTime, QuietHoursError> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let (digits, afternoon) = match (typed.strip_suffix("am"), typed.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(false)),
        (_, Some(digits)) => (digits, Some(true)),
        _ => (typed.as_str(), None),
    };
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let number = |digits: &str| digits.parse::<u32>().map_err(|_| QuietHoursError);
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match afternoon {
        None => hour % 24 + 24 * u32::from(hour > 24),
        Some(_) if !(1..=12).contains(&hour) => return Err(QuietHoursError),
        Some(afternoon) => hour % 12 + 12 * u32::from(afternoon),
    };
    NaiveTime::from_hms_opt(hour, minute, 0).ok_or(QuietHoursError)
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.format("%H:%M"), self.to.format("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn quiet_hours_are_read_as_people_write_them() {
        for typed in ["22:00-07:00", "22-7", "10 pm to 7 am", " 22.00 – 07.00 ", "10PM-7AM"] {
            assert_eq!(
                typed.parse::<QuietHours>().map(|q| q.to_string()),
                Ok("22:00-07:00".to_owned()),
                "{typed}"
            );
        }
        assert_eq!("12am-12pm".parse::<QuietHours>().unwrap().to_string(), "00:00-12:00");
        assert_eq!("20-24".parse::<QuietHours>().unwrap().to_string(), "20:00-00:00");
        for typed in
            ["", "22:00", "night", "25-7", "22:60-7", "7-7", "13pm-7am", "0pm-7am", "-22-7", "22-7-8", "49-7"]
        {
            assert_eq!(typed.parse::<QuietHours>(), Err(QuietHoursError), "{typed}");
        }
    }

    #[test]
    fn when_a_story_is_posted() {
        let night: QuietHours = "22:00-07:00".parse().unwrap();
        let noon: QuietHours = "12:00-14:00".parse().unwrap();
        let (utc, vienna, delhi) = (Tz::UTC, Tz::Europe__Vienna, Tz::Asia__Kolkata);
        for (mode, now, quiet, zone, due) in [
            (Mode::Breaking, "2026-03-01T12:00:00Z", None, utc, None),
            (Mode::Breaking, "2026-03-01T21:59:59Z", Some(night), utc, None),
            (Mode::Breaking, "2026-03-01T22:00:00Z", Some(night), utc, Some("2026-03-02T07:00:00Z")),
            (Mode::Breaking, "2026-03-02T06:59:59Z", Some(night), utc, Some("2026-03-02T07:00:00Z")),
            (Mode::Breaking, "2026-03-02T07:00:00Z", Some(night), utc, None),
            (Mode::Breaking, "2026-03-01T21:30:00Z", Some(night), vienna, Some("2026-03-02T06:00:00Z")),
            (Mode::Breaking, "2026-03-01T12:30:00Z", Some(noon), utc, Some("2026-03-01T14:00:00Z")),
            (Mode::Hourly, "2026-03-01T12:00:00Z", None, utc, Some("2026-03-01T13:00:00Z")),
            (Mode::Hourly, "2026-03-01T12:40:30Z", None, delhi, Some("2026-03-01T13:30:00Z")),
            (Mode::Hourly, "2026-03-01T21:30:00Z", Some(night), utc, Some("2026-03-02T07:00:00Z")),
            (Mode::Daily, "2026-03-01T07:59:00Z", None, utc, Some("2026-03-01T08:00:00Z")),
            (Mode::Daily, "2026-03-01T08:00:00Z", None, utc, Some("2026-03-02T08:00:00Z")),
            (Mode::Daily, "2026-03-01T23:00:00Z", Some(night), utc, Some("2026-03-02T07:00:00Z")),
            // The clocks are set forward from 2:00 to 3:00, and back from 3:00 to 2:00.
            (
                Mode::Daily,
                "2026-03-28T12:00:00Z",
                Some("22:00-02:30".parse().unwrap()),
                vienna,
                Some("2026-03-29T01:30:00Z"),
            ),
            (
                Mode::Daily,
                "2026-10-24T12:00:00Z",
                Some("22:00-02:30".parse().unwrap()),
                vienna,
                Some("2026-10-25T00:30:00Z"),
            ),
            (Mode::Breaking, "2026-10-25T01:10:00Z", Some("22:00-02:30".parse().unwrap()), vienna, None),
        ] {
            assert_eq!(
                mode.due(moment(now), quiet, zone),
                due.map(moment),
                "{mode:?} {now} {quiet:?} {zone}"
            );
        }
    }
}
