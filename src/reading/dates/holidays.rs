//! Holidays: which there are, when they fall, and how a text names them.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::{Datelike as _, Duration, NaiveDate, Weekday};

use super::grammar::{Grammar, Meaning, Shift};
use super::lexicon::Unit;
use super::resolve::Resolved;
use super::scene::Scene;
use super::values::shifted;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// "Christmas Eve", "Easter 2018", "New Year's Day", "9/11"
    pub(super) fn holiday(&self, at: usize) -> Parsed {
        if self.is(at, "9")
            && self.is(at + 1, "/")
            && self.is(at + 2, "11")
            && self.glued(at + 1)
            && self.glued(at + 2)
        {
            let alone = self.free_number(at)
                && !(self.glued(at + 3) && matches!(self.lower(at + 3), "/" | "%" | "."));
            return alone.then_some((at + 3, Meaning::Day { year: Some(2001), month: 9, day: 11 }));
        }
        if !FIRST_WORDS.contains(self.lower(at)) {
            return None;
        }
        let (words, holiday) = HOLIDAYS.iter().find(|(words, _)| {
            words.iter().enumerate().all(|(nth, word)| {
                let here = self.lower(at + nth);
                here == *word || *word == "'s" && here == "’s"
            })
        })?;
        // "a good Friday", "the may day crowd"
        let plain = matches!(
            words.first(),
            Some(
                &("good"
                    | "black"
                    | "may"
                    | "new"
                    | "victory"
                    | "holy"
                    | "fourth"
                    | "election"
                    | "inauguration")
            )
        );
        let end = at + words.len();
        // In small letters only before its year: "black friday 2010".
        let dated = self.digits(end).is_some_and(|year| (1900..2100).contains(&year));
        if plain && !self.uncased && !self.capital(at) && !dated {
            return None;
        }
        if self.is(at, "st") && self.is(at + 1, ".") {
            return None;
        }
        let lone = words.len() == 1;
        // "Christmas Island", "Easter Rising": a name goes on.
        if lone && self.capital(end) && !self.uncased && !self.opens(end) {
            return None;
        }
        let holiday = *holiday;
        Some(match self.share_year(end) {
            Some((end, year @ Some(_), shift)) => (end, Meaning::Holiday { holiday, year, shift }),
            Some((end, None, shift)) => (end, Meaning::HolidayOfYear { holiday, shift }),
            None => (end, Meaning::Holiday { holiday, year: None, shift: Shift::Plain }),
        })
    }
}

/// The words that holidays begin with: most words are passed over without a look at the list.
pub static FIRST_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| HOLIDAYS.iter().filter_map(|(words, _)| words.first().copied()).collect());

/// A day of the year that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    Fixed(u32, u32),
    /// Days from Easter Sunday.
    Easter(i64),
    /// Month, weekday, and which of the month's; 5 is the last.
    Floating(u32, Weekday, u8),
    /// The day after Thanksgiving.
    BlackFriday,
    /// The Monday after it.
    CyberMonday,
    /// Of the United States: the Tuesday after the first Monday of November.
    Elections,
}

/// Holidays of international news, in lower-case words, longest first where one begins another.
const HOLIDAYS: &[(&[&str], Holiday)] = &[
    (&["christmas", "eve"], Holiday::Fixed(12, 24)),
    (&["christmas", "day"], Holiday::Fixed(12, 25)),
    (&["christmas"], Holiday::Fixed(12, 25)),
    (&["boxing", "day"], Holiday::Fixed(12, 26)),
    (&["new", "year", "'s", "eve"], Holiday::Fixed(12, 31)),
    (&["new", "year", "'s", "day"], Holiday::Fixed(1, 1)),
    (&["valentine", "'s", "day"], Holiday::Fixed(2, 14)),
    (&["st", "patrick", "'s", "day"], Holiday::Fixed(3, 17)),
    (&["saint", "patrick", "'s", "day"], Holiday::Fixed(3, 17)),
    (&["april", "fools", "day"], Holiday::Fixed(4, 1)),
    (&["april", "fool", "'s", "day"], Holiday::Fixed(4, 1)),
    (&["international", "workers", "'", "day"], Holiday::Fixed(5, 1)),
    (&["may", "day"], Holiday::Fixed(5, 1)),
    (&["juneteenth"], Holiday::Fixed(6, 19)),
    (&["fourth", "of", "july"], Holiday::Fixed(7, 4)),
    (&["july", "fourth"], Holiday::Fixed(7, 4)),
    (&["bastille", "day"], Holiday::Fixed(7, 14)),
    (&["new", "year", "'s"], Holiday::Fixed(1, 1)),
    (&["new", "year", "day"], Holiday::Fixed(1, 1)),
    (&["new", "years", "eve"], Holiday::Fixed(12, 31)),
    (&["new", "years", "day"], Holiday::Fixed(1, 1)),
    (&["inauguration", "day"], Holiday::Fixed(1, 20)),
    (&["groundhog", "day"], Holiday::Fixed(2, 2)),
    (&["valentines", "day"], Holiday::Fixed(2, 14)),
    (&["international", "women", "'s", "day"], Holiday::Fixed(3, 8)),
    (&["earth", "day"], Holiday::Fixed(4, 22)),
    (&["anzac", "day"], Holiday::Fixed(4, 25)),
    (&["victory", "day"], Holiday::Fixed(5, 9)),
    (&["canada", "day"], Holiday::Fixed(7, 1)),
    (&["guy", "fawkes", "night"], Holiday::Fixed(11, 5)),
    (&["remembrance", "day"], Holiday::Fixed(11, 11)),
    (&["christmas", "night"], Holiday::Fixed(12, 25)),
    (&["mlk", "day"], Holiday::Floating(1, Weekday::Mon, 3)),
    (&["presidents", "day"], Holiday::Floating(2, Weekday::Mon, 3)),
    (&["presidents", "'", "day"], Holiday::Floating(2, Weekday::Mon, 3)),
    (&["mother", "'s", "day"], Holiday::Floating(5, Weekday::Sun, 2)),
    (&["father", "'s", "day"], Holiday::Floating(6, Weekday::Sun, 3)),
    (&["maundy", "thursday"], Holiday::Easter(-3)),
    (&["holy", "thursday"], Holiday::Easter(-3)),
    (&["holy", "saturday"], Holiday::Easter(-1)),
    (&["ascension", "day"], Holiday::Easter(39)),
    (&["pentecost"], Holiday::Easter(49)),
    (&["mardi", "gras"], Holiday::Easter(-47)),
    (&["shrove", "tuesday"], Holiday::Easter(-47)),
    (&["election", "day"], Holiday::Elections),
    (&["cyber", "monday"], Holiday::CyberMonday),
    (&["halloween"], Holiday::Fixed(10, 31)),
    (&["armistice", "day"], Holiday::Fixed(11, 11)),
    (&["veterans", "day"], Holiday::Fixed(11, 11)),
    (&["good", "friday"], Holiday::Easter(-2)),
    (&["easter", "sunday"], Holiday::Easter(0)),
    (&["easter", "monday"], Holiday::Easter(1)),
    (&["easter"], Holiday::Easter(0)),
    (&["ash", "wednesday"], Holiday::Easter(-46)),
    (&["palm", "sunday"], Holiday::Easter(-7)),
    (&["martin", "luther", "king", "day"], Holiday::Floating(1, Weekday::Mon, 3)),
    (&["memorial", "day"], Holiday::Floating(5, Weekday::Mon, 5)),
    (&["labor", "day"], Holiday::Floating(9, Weekday::Mon, 1)),
    (&["columbus", "day"], Holiday::Floating(10, Weekday::Mon, 2)),
    (&["thanksgiving", "day"], Holiday::Floating(11, Weekday::Thu, 4)),
    (&["thanksgiving"], Holiday::Floating(11, Weekday::Thu, 4)),
    (&["black", "friday"], Holiday::BlackFriday),
];

impl Holiday {
    /// The day it falls on; none outside the calendar.
    pub fn day(self, year: i32) -> Option<NaiveDate> {
        match self {
            Holiday::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Holiday::Easter(days) => easter(year)?.checked_add_signed(Duration::days(days)),
            Holiday::Floating(month, weekday, 5) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, 5)
                    .or_else(|| NaiveDate::from_weekday_of_month_opt(year, month, weekday, 4))
            }
            Holiday::Floating(month, weekday, nth) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)
            }
            Holiday::CyberMonday => Holiday::BlackFriday.day(year)?.checked_add_signed(Duration::days(3)),
            Holiday::Elections => NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Mon, 1)?.succ_opt(),
            Holiday::BlackFriday => {
                NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Thu, 4)?.succ_opt()
            }
        }
    }
}

impl Scene {
    /// The holiday of a year, else the one that `shift` says, looking from a day.
    pub fn holiday(
        &self,
        holiday: Holiday,
        year: Option<i32>,
        shift: Shift,
        from: Option<NaiveDate>,
    ) -> Resolved {
        let turned = |over: fn(&NaiveDate, &NaiveDate) -> bool| {
            let from = from?;
            let this = holiday.day(from.year()).is_some_and(|day| over(&day, &from));
            Some(if this { from.year() } else { shifted(from, Unit::Year, shift.by())?.year() })
        };
        let year = year.or_else(|| match shift {
            Shift::Plain | Shift::This => self.nearest(|year| holiday.day(year), shift == Shift::This),
            Shift::Last => turned(NaiveDate::lt),
            Shift::Next => turned(NaiveDate::gt),
        });
        match year.and_then(|year| holiday.day(year)) {
            Some(day) => Resolved::on(day, Unit::Day),
            None => match holiday {
                Holiday::Fixed(month, day) => Resolved::date(format!("XXXX-{month:02}-{day:02}")),
                _ => Resolved::date("XXXX-XX-XX".to_owned()),
            },
        }
    }
}

/// Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i32) -> Option<NaiveDate> {
    if !(1583..=9999).contains(&year) {
        return None;
    }
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let skipped = century / 4;
    let moon = (century + 8) / 25;
    let epact = (19 * golden + century - skipped - (century - moon + 1) / 3 + 15) % 30;
    let week = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let fix = (golden + 11 * epact + 22 * week) / 451;
    let days = epact + week - 7 * fix + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn movable_feasts_fall_where_the_calendar_has_them() {
        let day = |holiday: Holiday, year| holiday.day(year).unwrap().to_string();
        assert_eq!(day(Holiday::Easter(0), 2022), "2022-04-17");
        assert_eq!(day(Holiday::Easter(0), 2018), "2018-04-01");
        assert_eq!(day(Holiday::Easter(0), 2038), "2038-04-25");
        assert_eq!(day(Holiday::Floating(11, Weekday::Thu, 4), 2022), "2022-11-24");
        assert_eq!(day(Holiday::Floating(5, Weekday::Mon, 5), 2022), "2022-05-30");
        assert_eq!(day(Holiday::BlackFriday, 2019), "2019-11-29");
    }
}
