//! Rules for dates relative to publication or to a date named before: "last year", "that day".

use super::clocks::is_day;
use super::grammar::{Base, Grammar, Meaning, Shift};
use super::lexicon::{Unit, month, season, unit, weekday};
use super::not_dates;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// Whether a shift word stands here: "last", "this", "next" and their like, and how many tokens.
    pub(super) fn shift(&self, at: usize) -> Option<(usize, Shift)> {
        let the = if self.is(at, "the") { at + 1 } else { at };
        Some(match self.lower(the) {
            "last" | "latest" if self.is_verb_last(the) => return None,
            "last" | "latest" | "previous" | "preceding" | "prior" => (the + 1, Shift::Last),
            "past" if the > at || self.is(the + 1, "quarter") || weekday(self.lower(the + 1)).is_some() => {
                (the + 1, Shift::Last)
            }
            "this" if matches!(self.lower(the + 1), "past" | "last") => (the + 2, Shift::Last),
            "this" if matches!(self.lower(the + 1), "coming" | "current") => (the + 2, Shift::This),
            "this" | "current" | "same" => (the + 1, Shift::This),
            "next" | "coming" | "following" | "upcoming" => (the + 1, Shift::Next),
            _ => return None,
        })
    }

    /// "last year", "next Friday", "this summer", "yesterday", "that day", "the following month"
    pub(super) fn relative(&self, at: usize) -> Parsed {
        let deictic =
            |end: usize, unit: Unit, by: i64| Some((end, Meaning::Unit { unit, by, base: Base::Published }));
        match self.lower(at) {
            "today" => return deictic(at + 1, Unit::Day, 0),
            "yesterday" => return deictic(at + 1, Unit::Day, -1),
            "tomorrow" => return deictic(at + 1, Unit::Day, 1),
            "that"
                if weekday(self.lower(at + 1)).is_some_and(|(_, short)| !short) && self.capital(at + 1) =>
            {
                let (day, _) = weekday(self.lower(at + 1))?;
                return Some((at + 2, Meaning::ThatWeekday(day)));
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
            _ => {}
        }
        let (next, shift) = self.shift(at)?;
        let the = self.is(at, "the");
        let turn = self.lower(next - 1);
        let following = matches!(turn, "following" | "previous" | "preceding" | "prior" | "same")
            || turn == "next" && (the || self.is(next, "day"));
        let base = if following { Base::Reference } else { Base::Published };
        if turn == "same" && !the {
            return None;
        }
        let working = self.is(next, "working") && self.is(next + 1, "week");
        let fiscal = if working || matches!(self.lower(next), "fiscal" | "financial" | "calendar") {
            next + 1
        } else {
            next
        };
        if let Some((unit, false)) = unit(self.lower(fiscal)) {
            let odd = matches!(self.lower(fiscal), "second" | "sec" | "minute" | "min" | "night" | "hr");
            // "next hour", "the past fortnight" are lengths.
            let length = matches!(unit, Unit::Hour | Unit::Fortnight);
            if odd
                || length && shift != Shift::This
                || self.hyphenated(fiscal + 1) && !self.is(fiscal + 2, "long")
            {
                return None;
            }
            // "the last week" and "the past year" look back from now: durations. "Her last year" is nobody else's.
            let owned = matches!(
                self.before(at, 1),
                "the" | "his" | "her" | "their" | "our" | "my" | "its" | "your" | "'s" | "’s" | "a"
            );
            let back = matches!(turn, "last" | "past" | "previous" | "prior");
            let dated = unit == Unit::Weekend || the && matches!(turn, "previous" | "prior");
            if (the || owned) && back && !dated {
                return None;
            }
            // "the latest quarter" is the last that is over; the latest week or year nobody can tell.
            if turn == "latest" && unit != Unit::Quarter {
                return None;
            }
            // "on the last day" of something is no yesterday.
            if turn == "last" && unit == Unit::Day {
                return None;
            }
            let by = shift.by();
            if self.is(at, "this") && shift == Shift::Last && unit != Unit::Weekend && unit != Unit::Week {
                return None;
            }
            let end = fiscal + 1;
            // "last year's third quarter", "next year's spring", "last year's Christmas"
            if unit == Unit::Year
                && base == Base::Published
                && matches!(self.lower(end), "'s" | "’s")
                && let Some((end, part)) = self.part_of_year(end + 1, shift)
            {
                return Some((end, part));
            }
            return Some((end, Meaning::Unit { unit, by, base }));
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
            if self.uncased || self.capital(next) && !short || !self.capital(next) && !matches!(name, 3 | 5) {
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
        // "next 6th of April"
        if let Some((end, day @ Meaning::Day { year: None, .. })) =
            self.day_first(next).or_else(|| self.pair_of_digits(next))
            && matches!(turn, "this" | "next" | "last" | "coming")
            && !the
            && !self.is(end, "of")
        {
            return Some((end, day));
        }
        let (end, Meaning::Holiday { holiday, year, .. }) = self.holiday(next)? else { return None };
        Some((end, Meaning::Holiday { holiday, year, shift }))
    }

    /// A quarter, half, season or holiday of a year that is named relatively.
    fn part_of_year(&self, at: usize, shift: Shift) -> Parsed {
        // "last year's fall in sales" is no autumn.
        let season =
            || self.season_alone(at).filter(|_| !self.is(at, "fall") && !not_dates::not_a_season(self, at));
        match self.share_of_year(at).or_else(season).or_else(|| self.holiday(at))? {
            (end, Meaning::Holiday { holiday, year: None, .. }) => {
                Some((end, Meaning::HolidayOfYear { holiday, shift }))
            }
            (end, Meaning::Share { year: None, code, shift: Shift::Plain }) => {
                Some((end, Meaning::Share { year: None, code, shift }))
            }
            (end, Meaning::Season { year: None, code, shift: Shift::Plain }) => {
                let closed = !self.word(end) || !self.capital(end);
                let code = code.to_owned();
                closed.then_some((end, Meaning::Share { year: None, code, shift }))
            }
            _ => None,
        }
    }

    /// "later in the day", "the end of the year", "over the weekend", "up in the quarter": the unit that is
    /// running, or that the text speaks of.
    pub(super) fn the_unit(&self, at: usize) -> Parsed {
        if !self.is(at, "the") {
            return None;
        }
        let (unit, plural) = unit(self.lower(at + 1))?;
        if self.before(at, 2) == "end" && self.in_the_end(at - 2) {
            return None;
        }
        let before = self.before(at, 1);
        let part = matches!(
            self.before(at, 2),
            "end"
                | "beginning"
                | "start"
                | "middle"
                | "rest"
                | "remainder"
                | "half"
                | "quarter"
                | "most"
                | "much"
                | "part"
                | "course"
        );
        let led = match before {
            "of" => part || unit > Unit::Day,
            "in" => unit > Unit::Day || matches!(self.before(at, 2), "later" | "earlier" | "early" | "late"),
            "for" | "on" | "during" | "throughout" | "over" | "through" | "by" | "until" | "at" | "into" => {
                true
            }
            _ => false,
        };
        // "in the year before the war" is not the one that is running.
        let after = self.lower(at + 2);
        let bounded = unit > Unit::Weekend && matches!(after, "before" | "after" | "since")
            || unit == Unit::Day && matches!(after, "he" | "she" | "it" | "they" | "we" | "that" | "when");
        let closed = part || !self.word(at + 2) || AFTER_UNIT.contains(&self.lower(at + 2)) && !bounded;
        let named = self.capital(at + 1) && !self.uncased;
        // "the year to July", "the year ended June 30": a length, not the year that is running.
        if unit == Unit::Year && matches!(self.lower(at + 2), "to" | "ended" | "ending") && !plural {
            let dated = self.date(at + 3).is_some();
            return dated.then(|| {
                let value = "P1Y".to_owned();
                (at + 2, Meaning::Duration { value, length: Some((1.0, Unit::Year)), ahead: false })
            });
        }
        if !led || plural || !closed || named || unit < Unit::Day || unit == Unit::Fortnight {
            return None;
        }
        let night = self.is(at + 1, "night");
        let base = match unit {
            Unit::Day | Unit::Quarter | Unit::Weekend => Base::Reference,
            _ => Base::Published,
        };
        (!night).then_some((at + 2, Meaning::Unit { unit, by: 0, base }))
    }

    /// "the end of year", "end of month"
    pub(super) fn bare_unit(&self, at: usize) -> Parsed {
        let (unit, plural) = unit(self.lower(at))?;
        let period = matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year);
        (!plural && period && !self.word(at + 1))
            .then_some((at + 1, Meaning::Unit { unit, by: 0, base: Base::Published }))
    }

    /// "may last two weeks", "to last 48 hours": the verb.
    pub(super) fn is_verb_last(&self, at: usize) -> bool {
        self.is(at, "last")
            && matches!(
                self.before(at, 1),
                "to" | "will"
                    | "would"
                    | "may"
                    | "might"
                    | "can"
                    | "could"
                    | "should"
                    | "must"
                    | "not"
                    | "t"
                    | "'t"
                    | "’t"
                    | "'ll"
                    | "’ll"
                    | "only"
                    | "usually"
                    | "typically"
                    | "normally"
                    | "often"
            )
            && unit(self.lower(at + 1)).is_none()
            && weekday(self.lower(at + 1)).is_none()
            && month(self.lower(at + 1)).is_none()
    }

    /// "the day after Christmas", "the day before yesterday", "the day before": a day told by its neighbour.
    pub(super) fn neighbour(&self, at: usize) -> Parsed {
        let the = usize::from(self.is(at, "the"));
        if !self.is(at + the, "day") || the == 0 && !matches!(self.before(at, 1), "a" | "one") {
            return None;
        }
        let days = match self.lower(at + the + 1) {
            "before" => -1,
            "after" => 1,
            _ => return None,
        };
        let next = at + the + 2;
        if let Some((end, meaning)) = self.date(next).filter(|(_, meaning)| is_day(meaning)) {
            return (the == 1).then(|| (end, Meaning::Near { days, of: Box::new(meaning) }));
        }
        let meaning = Meaning::Unit { unit: Unit::Day, by: days, base: Base::Reference };
        (the == 1 && self.closes(next)).then_some((next, meaning))
    }
}

/// Words after which "the year", "the day" is no part of a longer name.
const AFTER_UNIT: &[&str] = &[
    "and", "but", "to", "as", "after", "in", "at", "with", "for", "from", "when", "while", "on", "by",
    "because", "compared", "that", "he", "she", "it", "they", "was", "were", "is", "are", "will", "had",
    "has", "would", "or", "so", "also", "before", "since", "than",
];
