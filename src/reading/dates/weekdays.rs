//! Which day a weekday, a weekend or a day of the month is: by tense, by the week that is named, by what the text named.

use chrono::{Datelike, Duration, Months};

use super::grammar::Shift;
use super::lexicon::Unit;
use super::resolve::Resolved;
use super::scene::{After, Scene};
use super::tense::Tense;
use super::values::{floor, shifted, unknown};

impl Scene {
    /// The last one on or before publication for the past, the first on or after it for the future.
    pub fn weekday(&self, weekday: u32, shift: Shift, week: Option<i64>) -> Resolved {
        let Some(now) = self.published else { return Resolved::date(format!("XXXX-WXX-{weekday}")) };
        let today = i64::from(now.weekday().number_from_monday());
        let ahead = (i64::from(weekday) - today).rem_euclid(7);
        let back = (today - i64::from(weekday)).rem_euclid(7);
        if let Some(day) = self.day.filter(|day| self.history && shift == Shift::Plain && day.start < now) {
            let ahead = i64::from(weekday) - i64::from(day.start.weekday().number_from_monday());
            return Resolved::on(day.start + Duration::days(ahead.rem_euclid(7)), Unit::Day);
        }
        let past = matches!(self.tense, Tense::Past | Tense::Unknown);
        if let (Some(After { first, sure }), Shift::Plain, None) = (self.after, shift, week) {
            let ahead = i64::from(weekday) - i64::from(first.weekday().number_from_monday());
            let ahead = ahead.rem_euclid(7);
            let day = first + Duration::days(ahead);
            // "attacks on Friday and Tuesday" need not be in order.
            if sure || self.tense != Tense::Past || day <= now || ahead == 1 {
                return Resolved::on(day, Unit::Day);
            }
        }
        let days = match (week, shift) {
            (Some(weeks), _) => weeks * 7 + i64::from(weekday) - today,
            (None, Shift::Last) => {
                if back == 0 {
                    -7
                } else {
                    -back
                }
            }
            (None, Shift::Next) => {
                if ahead == 0 {
                    7
                } else {
                    ahead
                }
            }
            (None, Shift::This) => {
                if self.tense == Tense::Past {
                    -back
                } else {
                    ahead
                }
            }
            (None, Shift::Plain) => {
                if past {
                    -back
                } else {
                    ahead
                }
            }
        };
        Resolved::on(now + Duration::days(days), Unit::Day)
    }

    /// "over the weekend": the last one for the past, the next for the future.
    pub fn weekend(&self) -> Resolved {
        let Some(now) = self.published else { return Resolved::date(unknown(Unit::Weekend).to_owned()) };
        let over = self.tense != Tense::Future && now.weekday().num_days_from_monday() < 5;
        let day = shifted(now, Unit::Week, if over { -1 } else { 0 }).unwrap_or(now);
        Resolved::on(floor(day, Unit::Weekend), Unit::Weekend)
    }

    /// "Friday the 14th": the nearest 14th that is a Friday.
    pub fn weekday_of_month(&self, weekday: u32, day: u32) -> Resolved {
        let fits = |by: i64| {
            let date = shifted(floor(self.published?, Unit::Month), Unit::Month, by)?.with_day(day)?;
            (date.weekday().number_from_monday() == weekday).then_some(date)
        };
        // The same day of the month falls on every weekday within a year and a half.
        match (0..18).flat_map(|by| [-by, by]).find_map(fits) {
            Some(date) => Resolved::on(date, Unit::Day),
            None => Resolved::date(format!("XXXX-XX-{day:02}")),
        }
    }

    /// "the 15th", "the 15th of next month": `month` counts from the month of publication.
    pub fn day_of_month(&self, day: u32, month: Option<i64>) -> Resolved {
        if let Some(by) = month {
            let date = self
                .published
                .and_then(|now| shifted(floor(now, Unit::Month), Unit::Month, by)?.with_day(day));
            return match date {
                Some(date) => Resolved::on(date, Unit::Day),
                None => Resolved::date(format!("XXXX-XX-{day:02}")),
            };
        }
        let near = self
            .reference
            .filter(|reference| reference.paragraph == self.paragraph && reference.unit <= Unit::Month);
        let from = near.map(|reference| reference.start).or(self.published);
        let Some(from) = from else { return Resolved::date(format!("XXXX-XX-{day:02}")) };
        let this = from.with_day(day);
        let month = match self.tense {
            Tense::Past if near.is_none() && this.is_none_or(|this| this > from) => {
                from.with_day(1).and_then(|first| first.checked_sub_months(Months::new(1)))
            }
            Tense::Future if near.is_none() && this.is_none_or(|this| this < from) => {
                from.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)))
            }
            _ => Some(from),
        };
        match month.and_then(|month| month.with_day(day)) {
            Some(date) => Resolved::on(date, Unit::Day),
            None => Resolved::date(format!("XXXX-XX-{day:02}")),
        }
    }
}
