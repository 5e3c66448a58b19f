//! Rules for days told by the calendar around them: "the first Friday of July", "year-end", "the 15th of next month".

use chrono::Weekday;

use super::clocks::is_day;
use super::grammar::{Base, Grammar, Meaning, Shift, joins};
use super::holidays::Holiday;
use super::lexicon::{Unit, month, unit, weekday, weekdays};

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// "the first Friday of July", "the last Monday in May 2010"
    pub(super) fn nth_weekday(&self, at: usize) -> Parsed {
        let the = usize::from(self.is(at, "the"));
        let (next, nth) = match self.lower(at + the) {
            "last" | "final" => (at + the + 1, 5),
            _ => self.day_number(at + the).filter(|(end, _)| end - at - the == 1 && self.word(at + the))?,
        };
        let (day, false) = weekday(self.lower(next))? else { return None };
        let name = matches!(self.lower(next + 1), "of" | "in").then_some(next + 2)?;
        let nth = u8::try_from(nth).ok().filter(|nth| *nth <= 5)?;
        if let Some((after, shift)) = self.shift(name).filter(|(after, _)| self.is(*after, "month")) {
            return Some((after + 1, Meaning::WeekdayOfMonth { weekday: day, nth, month: shift.by() }));
        }
        if self.is(name, "the") && self.is(name + 1, "month") {
            return Some((name + 2, Meaning::WeekdayOfMonth { weekday: day, nth, month: 0 }));
        }
        let (month, _) = month(self.lower(name))
            .filter(|(month, _)| self.capital(name) || self.uncased || !matches!(month, 3 | 5))?;
        let day = Weekday::try_from(u8::try_from(day - 1).ok()?).ok()?;
        let year = self.year_after(name + 1, true);
        let (end, year) = year.map_or((name + 1, None), |(end, year)| (end, Some(year)));
        let holiday = Holiday::Floating(month, day, nth);
        Some((end, Meaning::Holiday { holiday, year, shift: Shift::Plain }))
    }

    /// "year-earlier", "the year-ago quarter"
    pub(super) fn year_earlier(&self, at: usize) -> Parsed {
        let year = at + usize::from(self.is(at, "the"));
        if !self.is(year, "year")
            || !self.hyphenated(year + 1)
            || !matches!(self.lower(year + 2), "earlier" | "ago")
        {
            return None;
        }
        let named = matches!(self.lower(year + 3), "quarter" | "period" | "month" | "half");
        let end = if named { year + 4 } else { year + 3 };
        let base = Base::Reference;
        (named || year == at)
            .then_some((end, Meaning::Offset { amount: Some(1.0), unit: Unit::Year, sign: -1, base }))
    }

    /// "year-end", "year-end 1989", "the year's end", "the year to date"
    pub(super) fn year_end(&self, at: usize) -> Parsed {
        let the = usize::from(self.is(at, "the"));
        let (unit, plural) = unit(self.lower(at + the))?;
        let hyphenated = self.hyphenated(at + the + 1);
        // "the year to date", "year-to-date"
        let to = at + the + 1 + usize::from(hyphenated);
        let date = self.hyphen(to + 1);
        if !plural
            && unit >= Unit::Week
            && self.is(to, "to")
            && self.is(date, "date")
            && !self.is(date + 1, "from")
        {
            return Some((date + 1, Meaning::Unit { unit, by: 0, base: Base::Published }));
        }
        let owned = matches!(self.lower(at + the + 1), "'s" | "’s");
        if plural || unit < Unit::Week || !(hyphenated || owned) || !self.is(at + the + 2, "end") {
            return None;
        }
        let end = at + the + 3;
        if let Some((end, year)) = self.year_after(end, false).filter(|_| unit == Unit::Year) {
            return Some((end, Meaning::Year(year)));
        }
        Some((end, Meaning::Unit { unit, by: 0, base: Base::Published }))
    }

    /// "the 15th of next month", "the 26th day of this month"
    pub(super) fn day_of_that_month(&self, at: usize) -> Parsed {
        let the = usize::from(self.is(at, "the"));
        let (next, day) = self.day_number(at + the)?;
        let next = if self.is(next, "day") { next + 1 } else { next };
        let of = if self.is(next, "of") { next + 1 } else { next };
        let (after, shift) = if self.is(of, "the") && of > next {
            (of + 1, Shift::This)
        } else {
            self.shift(of).filter(|_| !self.is(of, "the"))?
        };
        let ranged = joins(self.before(at, 1));
        (self.is(after, "month") && next > at + the && (the == 1 || of > next || ranged))
            .then_some((after + 1, Meaning::DayOfMonth { day, month: Some(shift.by()) }))
    }

    /// "the month of January"
    pub(super) fn named_month(&self, at: usize) -> Parsed {
        let the = usize::from(self.is(at, "the"));
        if !self.is(at + the, "month") || !self.is(at + the + 1, "of") {
            return None;
        }
        let name = at + the + 2;
        let (month, _) = month(self.lower(name)).filter(|_| self.capital(name) || self.uncased)?;
        let year = self.year_after(name + 1, true);
        let (end, year) = year.map_or((name + 1, None), |(end, year)| (end, Some(year)));
        Some((end, Meaning::Month { year, month, shift: Shift::Plain }))
    }

    /// "the week beginning February 4", "the week of 4 February", "the week ending 10 May": the week by one of its days.
    pub(super) fn week_by_day(&self, at: usize) -> Parsed {
        let week = at + usize::from(self.is(at, "the"));
        if self.is(week, "week")
            && self.is(week + 1, "of")
            && let Some((end, day @ Meaning::Day { .. })) = self.date(week + 2)
        {
            return Some((end, Meaning::WeekOf(Box::new(day))));
        }
        if !self.is(week, "week")
            || !matches!(self.lower(week + 1), "beginning" | "commencing" | "starting" | "ending" | "ended")
        {
            return None;
        }
        let day = week + 2 + usize::from(self.is(week + 2, "on"));
        let (end, day) = self.date(day).filter(|(_, day)| is_day(day))?;
        Some((end, Meaning::WeekOf(Box::new(day))))
    }

    /// "Monday of the following week"
    pub(super) fn weekday_of_week(&self, at: usize) -> Parsed {
        let (weekday, false) = weekday(self.lower(at))? else { return None };
        if !self.is(at + 1, "of") || !self.is(at + 2, "the") {
            return None;
        }
        let by = match self.lower(at + 3) {
            "following" | "next" => 1,
            "previous" | "preceding" => -1,
            _ => return None,
        };
        let week = Meaning::Unit { unit: Unit::Week, by, base: Base::Reference };
        let after = i64::from(weekday) - 1;
        self.is(at + 4, "week").then(|| (at + 5, Meaning::Near { days: after, of: Box::new(week) }))
    }

    /// "two Sundays ago", "three Fridays from now"
    pub(super) fn weekdays_away(&self, at: usize) -> Parsed {
        let (next, Some(count)) = self.amount(at)? else { return None };
        let weekday =
            weekdays(self.lower(next)).filter(|_| count.fract() == 0.0 && (2.0..60.0).contains(&count))?;
        let (end, shift, sign) = match self.lower(next + 1) {
            "ago" => (next + 2, Shift::Last, -7),
            "from" if self.is(next + 2, "now") => (next + 3, Shift::Next, 7),
            _ => return None,
        };
        let of = Box::new(Meaning::Weekday { weekday, shift, week: None });
        Some((end, Meaning::Near { days: (count as i64 - 1) * sign, of }))
    }

    /// "next week Friday", "last week on Sunday", "the week after next"
    pub(super) fn of_week(&self, at: usize) -> Parsed {
        if self.is(at, "the") && self.is(at + 2, "after") && self.is(at + 3, "next") {
            let (unit, plural) = unit(self.lower(at + 1))?;
            return (!plural && unit > Unit::Day)
                .then_some((at + 4, Meaning::Unit { unit, by: 2, base: Base::Published }));
        }
        let (after, shift) =
            self.shift(at).filter(|(after, _)| self.is(*after, "week") && !self.is(at, "the"))?;
        let next = if self.is(after + 1, "on") { after + 2 } else { after + 1 };
        let (weekday, short) = weekday(self.lower(next))?;
        if short && !self.capital(next) && !self.uncased {
            return None;
        }
        let week = Some(shift.by());
        (!matches!(self.lower(next + 1), "'s" | "’s"))
            .then_some((next + 1, Meaning::Weekday { weekday, shift: Shift::Plain, week }))
    }
}
