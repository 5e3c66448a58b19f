//! Rules for dates: explicit, partial, and relative to the day of publication.

use super::grammar::{Grammar, Meaning, Shift, joins};
use super::lexer::Kind;
use super::lexicon::{month, number, ordinal, weekday};
use super::numerals::leading;
use super::{counts, not_dates};

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// A date with what qualifies it: "early 2020", "the end of last year", "later this month".
    pub(super) fn date(&self, at: usize) -> Parsed {
        let the = usize::from(self.is(at, "the"));
        let from = at + the;
        let word = self.lower(from);
        let qualified = match word {
            "early" | "late" | "mid" => {
                let next = self.hyphen(from + 1);
                let the = usize::from(next == from + 1 && self.is(next, "the") && the == 0);
                let next =
                    if self.is(next, "in") && self.is(next + 1, "the") { next + 2 } else { next + the };
                Some(next)
            }
            "end" if self.hyphenated(from + 1) => Some(from + 2),
            "later" | "earlier" if the == 0 => {
                Some(if self.is(from + 1, "in") { from + 2 } else { from + 1 })
            }
            "end" | "beginning" | "start" | "middle" | "turn" | "remainder" | "rest" | "outset"
                if self.is(from + 1, "of") && !(word == "end" && self.in_the_end(from)) =>
            {
                Some(from + 2)
            }
            _ => None,
        };
        if let Some(next) = qualified {
            // "mid-March" is no march.
            let month = month(self.lower(next)).filter(|_| self.capital(next) || self.uncased);
            let month = month.map(|(month, _)| {
                let year = self.year_after(next + 1, true);
                let (end, year) = year.map_or((next + 1, None), |(end, year)| (end, Some(year)));
                (end, Meaning::Month { year, month, shift: Shift::Plain })
            });
            let (end, meaning) = self
                .plain_date(next)
                .or(month)
                .or_else(|| self.season_alone(next))
                .or_else(|| self.the_unit(next))
                .or_else(|| self.bare_unit(next).filter(|_| self.is(from + 1, "of")))
                .or_else(|| self.the_unit(next.saturating_sub(1)))?;
            return Some((end, meaning));
        }
        self.plain_date(at)
    }

    /// "At the end of the day" mostly speaks of no day.
    pub(super) fn in_the_end(&self, end: usize) -> bool {
        self.is(end + 3, "day") && self.before(end, 1) == "the" && self.before(end, 2) == "at"
    }

    fn plain_date(&self, at: usize) -> Parsed {
        match self.kind(at)? {
            Kind::Iso => {
                let raw = self.raw(at);
                let day = raw.get(..10)?;
                let (year, month, day) =
                    (day.get(..4)?.parse().ok()?, day.get(5..7)?.parse().ok()?, day.get(8..)?.parse().ok()?);
                chrono::NaiveDate::from_ymd_opt(year, month, day)?;
                let day = Meaning::Day { year: Some(year), month, day };
                return Some((
                    at + 1,
                    match raw.get(11..) {
                        Some(clock) => {
                            Meaning::Clock { day: Some(Box::new(day)), clock: format!("T{clock}") }
                        }
                        None => day,
                    },
                ));
            }
            Kind::Number if self.raw(at).len() == 8 => return self.basic(at),
            Kind::Numeric => return self.numeric(at),
            Kind::Decade => return self.decade(at),
            _ => {}
        }
        let candidates = [
            self.holiday(at),
            self.weekday_date(at),
            self.month_first(at),
            self.day_first(at),
            self.relative(at),
            self.share_of_year(at),
            self.season_of(at),
            self.century(at),
            self.the_decade(at),
            self.year(at),
            self.the_unit(at),
            self.neighbour(at),
            self.nth_weekday(at),
            self.year_earlier(at),
            self.year_end(at),
            self.week_by_day(at),
            self.weekday_of_week(at),
            self.weekdays_away(at),
            self.day_of_that_month(at),
            self.month_and_day(at),
            self.year_first(at),
            self.of_week(at),
            self.named_month(at),
            self.month_of_year(at),
        ];
        let longest =
            candidates.into_iter().flatten().reduce(|best, next| if next.0 > best.0 { next } else { best });
        longest.map(|(end, meaning)| self.turned(end, meaning))
    }

    /// "the 12th of October last", "Monday next": what letters, notices and courts write behind a day.
    fn turned(&self, end: usize, meaning: Meaning) -> (usize, Meaning) {
        let shift = match self.lower(end) {
            "last" => Shift::Last,
            "next" => Shift::Next,
            _ => return (end, meaning),
        };
        // "on March 3 next to the bridge", "on Monday last week"
        if !matches!(self.kind(end + 1), None | Some(Kind::Sign | Kind::Break)) {
            return (end, meaning);
        }
        match meaning {
            Meaning::Day { year: None, month, day } => (end + 1, Meaning::DayTurned { month, day, shift }),
            Meaning::Weekday { weekday, shift: Shift::Plain, week: None } => {
                (end + 1, Meaning::Weekday { weekday, shift, week: None })
            }
            other => (end, other),
        }
    }

    /// "Wednesday", "Wednesday, Sept. 7", "Tuesday 3rd May", "Wednesday of last week"
    pub(super) fn weekday_date(&self, at: usize) -> Parsed {
        let (day, short) = weekday(self.lower(at))?;
        let dot = usize::from(short && self.is(at + 1, ".") && self.glued(at + 1));
        let mut next = at + 1 + dot;
        if self.is(next, ",") {
            next += 1;
        }
        let next = if self.is(next, "the") || self.is(next, "(") { next + 1 } else { next };
        if let Some((end, meaning @ Meaning::Day { .. })) = self
            .month_first(next)
            .or_else(|| self.day_first(next))
            .or_else(|| self.numeric(next))
            .or_else(|| self.month_and_day(next))
        {
            return Some((end, meaning));
        }
        let the = self.is(next - 1, "the") && !self.is(next + 1, "of");
        if self.kind(next) == Some(Kind::Ordinal)
            && !self.is(next - 1, "(")
            && (the || !self.word(next + 1) || joins(self.lower(next + 1)))
        {
            let date = leading(self.raw(next))?;
            return Some((next + 1, Meaning::DatedWeekday { weekday: day, day: date }));
        }
        if next == at + 1
            && let Some(date) =
                self.digits(next).filter(|date| (1..=31).contains(date) && self.raw(next).len() < 3)
            && (matches!(self.lower(next + 1), "" | "." | "," | "!" | "?" | ")" | "and" | "to")
                || self.timed(next + 1))
            && !(self.glued(next + 1) && self.glued(next + 2) && self.kind(next + 2) == Some(Kind::Number))
        {
            return Some((next + 1, Meaning::DatedWeekday { weekday: day, day: date }));
        }
        if self.is(next - 1, "the")
            && let Some((end, date)) = self
                .ordinal_word(next)
                .filter(|(end, _)| !self.word(*end) || self.timed(*end) || self.clock(*end).is_some())
        {
            return Some((end, Meaning::DatedWeekday { weekday: day, day: date }));
        }
        // "the Herald Sun." is a newspaper.
        let name = dot > 0
            && at > 0
            && (self.before(at, 1) == "the"
                || self.word(at - 1) && self.capital(at - 1) && !self.opens(at - 1));
        if short && (dot == 0 || name) && !not_dates::short_weekday(self, at) {
            return None;
        }
        let end = at + 1 + dot;
        let of = if self.is(end, "of") { end + 1 } else { end };
        if let Some((after, shift)) = self.shift(of)
            && self.is(after, "week")
            && !self.is(of, "the")
        {
            let week = Some(shift.by());
            return Some((after + 1, Meaning::Weekday { weekday: day, shift: Shift::Plain, week }));
        }
        Some((end, Meaning::Weekday { weekday: day, shift: Shift::Plain, week: None }))
    }

    /// A day number: "7", "7th", "fourth"; never the start of another figure.
    pub(super) fn day_number(&self, at: usize) -> Option<(usize, u32)> {
        let (end, day) = match self.kind(at)? {
            Kind::Number if self.raw(at).len() <= 2 => {
                let sticks = self.glued(at + 1)
                    && matches!(self.lower(at + 1), "%" | ":" | "." | "/" | "+")
                    && (matches!(self.kind(at + 2), Some(Kind::Number)) && self.glued(at + 2)
                        || self.is(at + 1, "%"));
                if sticks
                    || matches!(self.lower(at + 1), "million" | "billion" | "percent" | "%")
                    || self.glued(at + 1) && self.word(at + 1) && month(self.lower(at + 1)).is_none()
                {
                    return None;
                }
                (at + 1, self.digits(at)?)
            }
            Kind::Ordinal => (at + 1, leading(self.raw(at))?),
            Kind::Word => self.ordinal_word(at)?,
            _ => return None,
        };
        (1..=31).contains(&day).then_some((end, day))
    }

    /// "fifth", "twenty-fifth"
    pub(super) fn ordinal_word(&self, at: usize) -> Option<(usize, u32)> {
        if let Some(day) = ordinal(self.lower(at)) {
            return Some((at + 1, day));
        }
        let tens = number(self.lower(at)).filter(|tens| *tens >= 20)?;
        let next = self.hyphen(at + 1);
        let ones = ordinal(self.lower(next)).filter(|ones| *ones < 10)?;
        Some((next + 1, tens + ones))
    }

    /// "July", "July 15", "Sept. 7, 2022", "July 2022", "July the fourth"
    pub(super) fn month_first(&self, at: usize) -> Parsed {
        let (month, short) = month(self.lower(at))?;
        // "may second the motion", "to march 10 miles"
        if matches!(month, 3 | 5)
            && !short
            && !self.capital(at)
            && !self.uncased
            && !not_dates::small_month(self, at)
        {
            return None;
        }
        let dotted = self.is(at + 1, ".")
            && self.glued(at + 1)
            && (short || self.digits(at + 2).is_some_and(|day| day < 32) && self.raw(at + 2).len() < 3);
        let next = at + 1 + usize::from(dotted);
        let comma = self.is(next, ",") && self.kind(next + 1) == Some(Kind::Ordinal);
        let the = if self.is(next, "the") || comma { next + 1 } else { self.hyphen_or_slash(next) };
        if let Some((end, day)) = self.day_number(the).filter(|_| {
            the == next
                || self.is(next, "the") && self.kind(the) != Some(Kind::Number)
                || the > next && !self.is(next, "the")
        }) {
            let loose = self.word(end) && !self.is(end, "of") && self.spoken_year(end).is_none();
            if self.is(next, "the") && self.word(the) && loose {
                return self.month_alone(at, next, month, short);
            }
            let year = self.year_after(end, true);
            if year.is_none() && counts::count_after_month(self, the, end) {
                return self.month_alone(at, next, month, short);
            }
            let (end, year) = year.map_or((end, None), |(end, year)| (end, Some(year)));
            // "the April 6 movement" is a name.
            return (!matches!(self.lower(end), "movement" | "alliance" | "coalition"))
                .then_some((end, Meaning::Day { year, month, day }));
        }
        if let Some((end, day)) = self.spelled_day(next) {
            let year = self.year_after(end, true);
            let (end, year) = year.map_or((end, None), |(end, year)| (end, Some(year)));
            return Some((end, Meaning::Day { year, month, day }));
        }
        if let Some((end, year)) = self.year_after(next, true) {
            // "in July, 2022 people": a comma needs another thing to tell a year.
            let comma = self.is(next, ",");
            if !comma || !counts::counts(self, end) {
                return Some((end, Meaning::Month { year: Some(year), month, shift: Shift::Plain }));
            }
        }
        if let Some((after, shift)) = self.shift(next)
            && self.is(after, "year")
            && !self.is(next, "the")
        {
            return Some((
                after + 1,
                Meaning::Month {
                    year: None,
                    month,
                    shift: match shift {
                        Shift::This => Shift::This,
                        other => other,
                    },
                }
                .of_year(),
            ));
        }
        if self.is(next, "of")
            && let Some((after, shift)) = self.shift(next + 1).filter(|(after, _)| self.is(*after, "year"))
        {
            return Some((after + 1, Meaning::Month { year: None, month, shift }.of_year()));
        }
        self.month_alone(at, next, month, short)
    }

    /// "May twenty one": a day in cardinal words, where nothing is counted.
    fn spelled_day(&self, at: usize) -> Option<(usize, u32)> {
        let (end, day) = self.small_number(at).filter(|_| self.word(at))?;
        let sure = end > at + 1 || !self.word(end) || self.spoken_year(end).is_some();
        ((1..=31).contains(&day) && sure && !counts::counts(self, end)).then_some((end, day))
    }

    fn hyphen_or_slash(&self, at: usize) -> usize {
        if matches!(self.lower(at), "-" | "/") && self.glued(at) && self.glued(at + 1) { at + 1 } else { at }
    }

    fn month_alone(&self, at: usize, end: usize, month: u32, short: bool) -> Parsed {
        not_dates::bare_month(self, at, end, short)
            .then_some((end, Meaning::Month { year: None, month, shift: Shift::Plain }))
    }

    /// "15 July 2022", "the 15th of July", "the second of May"
    pub(super) fn day_first(&self, at: usize) -> Parsed {
        let the = self.is(at, "the");
        let start = if the { at + 1 } else { at };
        if self.kind(start) == Some(Kind::Number)
            && !self.free_number(start)
            && !matches!(self.before(start, 1), "-" | "–")
        {
            return None;
        }
        let spelled = || {
            let (name, day) = self.small_number(start).filter(|(_, day)| (1..=31).contains(day))?;
            let year = month(self.lower(name)).is_some() && self.spoken_year(name + 1).is_some();
            (year && self.word(start)).then_some((name, day))
        };
        let (end, day) = self.day_number(start).or_else(spelled)?;
        // "the 15th day of June"
        let end = if self.is(end, "day") && self.is(end + 1, "of") { end + 1 } else { end };
        let of = self.is(end, "of");
        if the && self.kind(start) == Some(Kind::Number) && self.timed(end) {
            return Some((end, Meaning::DayOfMonth { day, month: None }));
        }
        if the && !of && self.kind(start) == Some(Kind::Ordinal) && month(self.lower(end)).is_none() {
            let led = matches!(self.before(at, 1), "on" | "until" | "since" | "by" | "for" | "to" | "till");
            let lone = !self.word(end)
                || matches!(self.lower(end), "and" | "at" | "in" | "when" | "but" | "after" | "as");
            return (led && lone && !self.hyphenated(end))
                .then_some((end, Meaning::DayOfMonth { day, month: None }));
        }
        if self.word(start) && !of && !the && !self.capital(end) {
            return None;
        }
        // "16. November 2016", as German writes it
        let dot = self.is(end, ".")
            && self.kind(start) == Some(Kind::Number)
            && month(self.lower(end + 1)).is_some()
            && self.year_after(end + 2 + usize::from(self.is(end + 2, ".")), false).is_some();
        let name = if of || dot { end + 1 } else { self.hyphen_or_slash(end) };
        let (month, short) = month(self.lower(name))?;
        if !not_dates::month_after_day(self, start, name) {
            return None;
        }
        let next = name + 1;
        let next = if short
            && self.is(next, ".")
            && self.glued(next)
            && (self.digits(next + 1).is_some() || !self.capital(next + 1))
        {
            next + 1
        } else {
            next
        };
        let comma = self.is(next, ",");
        match self.year_after(next, true) {
            Some((end, year)) if !comma || !counts::counts(self, end) => {
                Some((end, Meaning::Day { year: Some(year), month, day }))
            }
            _ => Some((next, Meaning::Day { year: None, month, day })),
        }
    }
}

impl Meaning {
    /// "July last year": the month of that year, not the July before.
    fn of_year(self) -> Meaning {
        match self {
            Meaning::Month { month, shift, .. } => {
                let code = format!("{month:02}");
                Meaning::Share { year: None, code, shift }
            }
            other => other,
        }
    }
}
