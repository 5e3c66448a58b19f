//! Rules for dates relative to publication or to a date named before: "last year", "that day".

use super::grammar::{Base, Grammar, Meaning, Shift};
use super::lexicon::{Unit, month, season, unit, weekday};
use super::not_dates;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// "last year", "next Friday", "this summer", "yesterday", "that day", "the following month"
    pub(super) fn relative(&self, at: usize) -> Parsed {
        let deictic =
            |end: usize, unit: Unit, by: i64| Some((end, Meaning::Unit { unit, by, base: Base::Published }));
        match self.lower(at) {
            "today" => return deictic(at + 1, Unit::Day, 0),
            "yesterday" => return deictic(at + 1, Unit::Day, -1),
            "tomorrow" => return deictic(at + 1, Unit::Day, 1),
            "the" if self.is(at + 1, "day") && self.is(at + 2, "before") && self.is(at + 3, "yesterday") => {
                return deictic(at + 4, Unit::Day, -2);
            }
            "the" if self.is(at + 1, "day") && self.is(at + 2, "after") && self.is(at + 3, "tomorrow") => {
                return deictic(at + 4, Unit::Day, 2);
            }
            "that" | "those" => {
                let same = if self.is(at + 1, "same") { at + 2 } else { at + 1 };
                let (unit, plural) = unit(self.lower(same))?;
                let date = !plural
                    && unit >= Unit::Day
                    && !matches!(self.lower(same), "night" | "quarter" | "fortnight");
                return (date && self.is(at, "that"))
                    .then_some((same + 1, Meaning::Unit { unit, by: 0, base: Base::Reference }));
            }
            "year"
                if matches!(self.lower(self.hyphen(at + 1)), "earlier" | "ago")
                    && self.hyphenated(at + 1) =>
            {
                return deictic(at + 3, Unit::Year, -1);
            }
            _ => {}
        }
        let (next, shift) = self.shift(at)?;
        let the = self.is(at, "the");
        let turn = self.lower(next - 1);
        let following =
            matches!(turn, "following" | "previous" | "preceding" | "same") || the && turn == "next";
        let base = if following { Base::Reference } else { Base::Published };
        if turn == "same" && !the {
            return None;
        }
        let fiscal =
            if matches!(self.lower(next), "fiscal" | "financial" | "calendar") { next + 1 } else { next };
        if let Some((unit, false)) = unit(self.lower(fiscal)) {
            let odd = matches!(self.lower(fiscal), "second" | "sec" | "minute" | "min" | "night" | "hr");
            if odd || self.hyphenated(fiscal + 1) && !self.is(fiscal + 2, "long") {
                return None;
            }
            // "the last week" and "the past year" look back from now: durations. "Her last year" is nobody else's.
            let owned = matches!(
                self.before(at, 1),
                "the" | "his" | "her" | "their" | "our" | "my" | "its" | "your" | "'s" | "’s" | "a"
            );
            if (the || owned) && matches!(turn, "last" | "past" | "previous") && !(the && turn == "previous")
            {
                return None;
            }
            let by = match shift {
                Shift::Last => -1,
                Shift::Next => 1,
                _ => 0,
            };
            if self.is(at, "this") && shift == Shift::Last && unit != Unit::Weekend && unit != Unit::Week {
                return None;
            }
            return Some((fiscal + 1, Meaning::Unit { unit, by, base }));
        }
        if turn == "same" {
            return None;
        }
        let name = self.lower(next);
        if let Some((weekday, _)) = weekday(name) {
            // "next Friday, July 22" is one date.
            if let Some((end, day @ Meaning::Day { .. })) = self.weekday_date(next) {
                return Some((end, day));
            }
            return Some((next + 1, Meaning::Weekday { weekday, shift, week: None }));
        }
        if let Some((name, short)) = month(name) {
            if !short && (self.uncased || self.capital(next)) {
                if let Some((end, Meaning::Day { month, day, year })) = self.month_first(next) {
                    return Some((end, Meaning::Day { month, day, year }));
                }
                let (end, year) = self
                    .year_after(next + 1, false)
                    .map_or((next + 1, None), |(end, year)| (end, Some(year)));
                return Some((end, Meaning::Month { year, month: name, shift }));
            }
            return None;
        }
        if let Some(code) = season(name) {
            return (!not_dates::not_a_season(self, next))
                .then_some((next + 1, Meaning::Season { year: None, code, shift }));
        }
        let (end, Meaning::Holiday { holiday, year, .. }) = self.holiday(next)? else { return None };
        Some((end, Meaning::Holiday { holiday, year, shift }))
    }

    /// "later in the day", "the end of the year": the unit that is running.
    pub(super) fn the_unit(&self, at: usize) -> Parsed {
        if !self.is(at, "the") {
            return None;
        }
        let (unit, plural) = unit(self.lower(at + 1))?;
        let led = match self.before(at, 1) {
            "of" => matches!(
                self.before(at, 2),
                "end" | "beginning" | "start" | "middle" | "rest" | "remainder" | "half" | "quarter"
            ),
            "in" => matches!(self.before(at, 2), "later" | "earlier" | "early" | "late"),
            _ => false,
        };
        let closed = !self.word(at + 2)
            || matches!(self.lower(at + 2), "and" | "but" | "to" | "as" | "after" | "in" | "at" | "with");
        (led && !plural && closed && unit >= Unit::Day && unit != Unit::Fortnight).then_some((
            at + 2,
            Meaning::Unit {
                unit,
                by: 0,
                base: if unit == Unit::Day { Base::Reference } else { Base::Published },
            },
        ))
    }
}
