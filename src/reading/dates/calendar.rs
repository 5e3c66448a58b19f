//! Rules for dates: explicit, partial, and relative to the day of publication.

use super::grammar::{Found, Grammar, Meaning, Shift, joins};
use super::lexer::Kind;
use super::lexicon::{HOLIDAYS, month, number, ordinal, unit, weekday};
use super::not_dates;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// A date with what qualifies it: "early 2020", "the end of last year", "later this month".
    pub(super) fn date(&self, at: usize) -> Parsed {
        let the = usize::from(self.is(at, "the"));
        let from = at + the;
        let qualified = match self.lower(from) {
            "early" | "late" | "mid" => {
                let next = self.hyphen(from + 1);
                let the = usize::from(next == from + 1 && self.is(next, "the") && the == 0);
                let next =
                    if self.is(next, "in") && self.is(next + 1, "the") { next + 2 } else { next + the };
                Some(next)
            }
            "later" | "earlier" if the == 0 => {
                Some(if self.is(from + 1, "in") { from + 2 } else { from + 1 })
            }
            "end" | "beginning" | "start" | "middle" | "turn" | "remainder" | "rest" | "outset"
                if self.is(from + 1, "of") =>
            {
                Some(from + 2)
            }
            _ => None,
        };
        if let Some(next) = qualified {
            let (end, meaning) =
                self.plain_date(next).or_else(|| self.season_alone(next)).or_else(|| self.the_unit(next))?;
            return Some((end, meaning));
        }
        self.plain_date(at)
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
        ];
        candidates.into_iter().flatten().reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    fn numeric(&self, at: usize) -> Parsed {
        let raw = self.raw(at);
        if !self.free_number(at) || self.glued(at + 1) && matches!(self.lower(at + 1), "%" | "/") {
            return None;
        }
        let parts: Vec<&str> = raw.split(['/', '.', '-']).collect();
        let value = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok());
        if parts.len() == 2 {
            // 2022/10: only with a preposition; 2013/14 is a range of years, read elsewhere.
            return None;
        }
        let (first, second, third) = (value(0)?, value(1)?, value(2)?);
        let (year, month, day) = if parts.first()?.len() == 4 {
            (first, second, third)
        } else if parts.get(2)?.len() == 4 || parts.get(2)?.len() == 2 {
            let dotted = raw.contains('.');
            if dotted
                && parts.get(2)?.len() == 2
                && !matches!(self.before(at, 1), "on" | "since" | "by" | "until" | "dated")
            {
                return None;
            }
            let month_first = if second > 12 {
                true
            } else if first > 12 || dotted {
                false
            } else {
                self.month_first
            };
            let year = if parts.get(2)?.len() == 4 { third } else { expand(third) };
            if month_first { (year, first, second) } else { (year, second, first) }
        } else {
            return None;
        };
        let year = i32::try_from(year).ok().filter(|year| (1000..=2999).contains(year))?;
        chrono::NaiveDate::from_ymd_opt(year, month, day)?;
        Some((at + 1, Meaning::Day { year: Some(year), month, day }))
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
        if let Some((end, meaning @ Meaning::Day { .. })) =
            self.month_first(next).or_else(|| self.day_first(next)).or_else(|| self.numeric(next))
        {
            return Some((end, meaning));
        }
        if self.kind(next) == Some(Kind::Ordinal) && self.is(next - 1, "the") {
            return Some((next + 1, Meaning::DayOfMonth(leading(self.raw(next))?)));
        }
        if short && dot == 0 && !not_dates::short_weekday(self, at) {
            return None;
        }
        let end = at + 1 + dot;
        let of = if self.is(end, "of") { end + 1 } else { end };
        if let Some((after, shift)) = self.shift(of)
            && self.is(after, "week")
            && !self.is(of, "the")
        {
            let week = match shift {
                Shift::Last => -1,
                Shift::Next => 1,
                _ => 0,
            };
            return Some((
                after + 1,
                Meaning::Weekday { weekday: day, shift: Shift::Plain, week: Some(week) },
            ));
        }
        Some((end, Meaning::Weekday { weekday: day, shift: Shift::Plain, week: None }))
    }

    /// A day number: "7", "7th", "fourth"; never the start of another figure.
    fn day_number(&self, at: usize) -> Option<(usize, u32)> {
        let (end, day) = match self.kind(at)? {
            Kind::Number if self.raw(at).len() <= 2 => {
                let sticks = self.glued(at + 1)
                    && matches!(self.lower(at + 1), "%" | ":" | "." | "/" | "+")
                    && (matches!(self.kind(at + 2), Some(Kind::Number)) && self.glued(at + 2)
                        || self.is(at + 1, "%"));
                if sticks
                    || matches!(self.lower(at + 1), "million" | "billion" | "percent" | "%")
                    || self.glued(at + 1) && self.word(at + 1)
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

    /// A year after a month: "2022", ", 2022", "of 2022", "'22".
    pub(super) fn year_after(&self, at: usize, comma: bool) -> Option<(usize, i32)> {
        let next = match self.lower(at) {
            "," if comma => at + 1,
            "of" => at + 1,
            "in" if !comma && self.raw(at + 1).len() == 4 => at + 1,
            "-" | "/" if self.glued(at) => at + 1,
            _ => at,
        };
        if matches!(self.lower(next), "'" | "’" | "‘")
            && self.raw(next + 1).len() == 2
            && self.glued(next + 1)
        {
            return Some((next + 2, i32::try_from(expand(self.digits(next + 1)?)).ok()?));
        }
        let year = self.digits(next).filter(|_| self.raw(next).len() == 4)?;
        let clock = self.glued(next + 1) && self.is(next + 1, ":");
        (!clock && (1000..2200).contains(&year)).then_some((next + 1, i32::try_from(year).ok()?))
    }

    /// "July", "July 15", "Sept. 7, 2022", "July 2022", "July the fourth"
    pub(super) fn month_first(&self, at: usize) -> Parsed {
        let (month, short) = month(self.lower(at))?;
        let dotted = self.is(at + 1, ".")
            && self.glued(at + 1)
            && (short || self.digits(at + 2).is_some_and(|day| day < 32) && self.raw(at + 2).len() < 3);
        let next = at + 1 + usize::from(dotted && (short || self.glued(at + 2)));
        let the = if self.is(next, "the") { next + 1 } else { self.hyphen_or_slash(next) };
        if let Some((end, day)) = self.day_number(the).filter(|_| {
            the == next
                || self.is(next, "the") && self.kind(the) != Some(Kind::Number)
                || the > next && !self.is(next, "the")
        }) {
            if self.is(next, "the") && self.word(the) && self.word(end) && !self.is(end, "of") {
                return self.month_alone(at, next, month, short);
            }
            let year = self.year_after(end, true);
            if year.is_none() && not_dates::count_after_month(self, the, end) {
                return self.month_alone(at, next, month, short);
            }
            let (end, year) = year.map_or((end, None), |(end, year)| (end, Some(year)));
            // "the April 6 movement" is a name.
            return (!self.is(end, "movement")).then_some((end, Meaning::Day { year, month, day }));
        }
        if let Some((end, year)) = self.year_after(next, true) {
            // "in July, 2022 people": a comma needs another thing to tell a year.
            let comma = self.is(next, ",");
            if !comma || !not_dates::counts(self, end) {
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
        let (end, day) = self.day_number(start)?;
        let of = self.is(end, "of");
        if the && !of && self.kind(start) == Some(Kind::Ordinal) && month(self.lower(end)).is_none() {
            let led = matches!(self.before(at, 1), "on" | "until" | "since" | "by");
            let lone = !self.word(end)
                || matches!(self.lower(end), "and" | "at" | "in" | "when" | "but" | "after" | "as");
            return (led && lone && !self.hyphenated(end)).then_some((end, Meaning::DayOfMonth(day)));
        }
        if self.word(start) && !of && !the && !self.capital(end) {
            return None;
        }
        let name = if of { end + 1 } else { self.hyphen_or_slash(end) };
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
            Some((end, year)) if !comma || !not_dates::counts(self, end) => {
                Some((end, Meaning::Day { year: Some(year), month, day }))
            }
            _ => Some((next, Meaning::Day { year: None, month, day })),
        }
    }

    /// "May 3-5", "3 to 5 May", "July 15, 16 and 17", "the 3rd and 5th of May": one expression for each day.
    pub(super) fn list_of_days(&self, at: usize) -> Option<Vec<Found>> {
        if let Some((name, short)) = month(self.lower(at)) {
            let dot = usize::from(short && self.is(at + 1, ".") && self.glued(at + 1));
            let (first_end, day) = self.day_number(at + 1 + dot)?;
            let mut days = vec![(at, first_end, day)];
            let mut next = first_end;
            while days.len() < 8 {
                let joined = if self.is(next, ",") && !(joins(self.lower(next + 1))) {
                    next + 1
                } else if self.is(next, ",") {
                    next + 2
                } else if joins(self.lower(next)) {
                    next + 1
                } else {
                    break;
                };
                // "July 15, 2022" is a year; "May 3 and 15 people died" counts.
                let Some((end, day)) = self.day_number(joined).filter(|_| !self.word(joined)) else { break };
                let comma = self.is(next, ",") && joined == next + 1;
                if not_dates::counts(self, end)
                    || month(self.lower(end)).is_some()
                    || comma && !(joins(self.lower(end)) || self.is(end, ","))
                    || self.is(end, "of")
                    || self.clock(joined).is_some()
                {
                    break;
                }
                days.push((joined, end, day));
                next = end;
            }
            if days.len() < 2 {
                return None;
            }
            let year = self.year_after(next, true);
            let (last, value) = year.map_or((next, None), |(end, year)| (end, Some(year)));
            let count = days.len();
            return Some(
                days.into_iter()
                    .enumerate()
                    .map(|(nth, (first, end, day))| Found {
                        first,
                        end: if nth + 1 == count { last } else { end },
                        meaning: Meaning::Day { year: value, month: name, day },
                    })
                    .collect(),
            );
        }
        let the = usize::from(self.is(at, "the"));
        if self.word(at + the) || self.kind(at + the) == Some(Kind::Number) && !self.free_number(at + the) {
            return None;
        }
        let (mut next, day) = self.day_number(at + the)?;
        let mut days = vec![(at, next, day)];
        for _ in 0..8 {
            if !joins(self.lower(next)) && !self.is(next, ",") {
                return None;
            }
            let joined = next + 1;
            let joined = if self.is(joined, "the") { joined + 1 } else { joined };
            if let Some((end, meaning @ Meaning::Day { .. })) = self.day_first(joined) {
                let Meaning::Day { year, month, day } = meaning else { return None };
                days.push((joined, end, day));
                return Some(
                    days.into_iter()
                        .map(|(first, end, day)| Found {
                            first,
                            end,
                            meaning: Meaning::Day { year, month, day },
                        })
                        .collect(),
                );
            }
            let (end, day) = self.day_number(joined).filter(|_| !self.word(joined))?;
            days.push((joined, end, day));
            next = end;
        }
        None
    }

    /// "2013", "400 BC", "AD 842", "fiscal 2022", "FY2023"
    fn year(&self, at: usize) -> Parsed {
        if matches!(self.raw(at), "AD" | "A.D.") {
            let year = self.digits(at + 1)?;
            return Some((at + 2, Meaning::Year(i32::try_from(year).ok()?)));
        }
        if matches!(self.lower(at), "fiscal" | "financial" | "fy") {
            let next = if self.is(at + 1, "year") { at + 2 } else { at + 1 };
            let year =
                self.digits(next).filter(|year| self.raw(next).len() == 4 && (1900..2200).contains(year))?;
            return Some((next + 1, Meaning::Year(i32::try_from(year).ok()?)));
        }
        if let Some(year) = self.raw(at).strip_prefix("FY") {
            let year: u32 = year.parse().ok()?;
            let year = if year < 100 { expand(year) } else { year };
            return (1900..2200)
                .contains(&year)
                .then_some((at + 1, Meaning::Year(i32::try_from(year).ok()?)));
        }
        if self.kind(at) == Some(Kind::Number) {
            let raw = self.raw(at).replace(',', "");
            let number: i32 = raw.parse().ok().filter(|number| *number > 0)?;
            match self.era(at + 1) {
                Some((end, true)) => return Some((end, Meaning::Literal(format!("BC{number:04}")))),
                Some((end, false)) => return Some((end, Meaning::Year(number))),
                None => {}
            }
            return not_dates::plain_year(self, at).then_some((at + 1, Meaning::Year(number)));
        }
        // "nineteen eighty-four", "twenty sixteen"
        let (next, high) = self.small_number(at).filter(|(_, high)| (15..=20).contains(high))?;
        let (end, low) = self.small_number(self.hyphen(next)).filter(|(_, low)| (10..100).contains(low))?;
        let led =
            matches!(self.before(at, 1), "in" | "since" | "until" | "of" | "by" | "from" | "late" | "early");
        let closed = unit(self.lower(end)).is_none() && !not_dates::counts(self, end);
        (led && closed).then_some((end, Meaning::Year(i32::try_from(high * 100 + low).ok()?)))
    }

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
        if !self.uncased && !self.capital(at) {
            return None;
        }
        let (words, holiday) = HOLIDAYS.iter().find(|(words, _)| {
            words.iter().enumerate().all(|(nth, word)| {
                let here = self.lower(at + nth);
                here == *word || *word == "'s" && here == "’s"
            })
        })?;
        let mut end = at + words.len();
        if self.is(at, "st") && self.is(at + 1, ".") {
            return None;
        }
        let lone = words.len() == 1;
        // "Christmas Island", "Easter Rising": a name goes on.
        if lone && self.capital(end) && !self.uncased && !self.opens(end) {
            return None;
        }
        let mut year = None;
        let mut shift = Shift::Plain;
        if let Some((after, written, turn)) = self.share_year(end) {
            (end, year, shift) = (after, written, turn);
        }
        Some((end, Meaning::Holiday { holiday: *holiday, year, shift }))
    }

    /// "2013-15", "1979–1989", "1990/91": both ends.
    pub(super) fn range_of_years(&self, at: usize) -> Option<Vec<Found>> {
        let first =
            self.digits(at).filter(|_| self.raw(at).len() == 4).filter(|year| (1000..2100).contains(year))?;
        if !matches!(self.lower(at + 1), "-" | "–" | "—" | "/") || !self.free_number(at) {
            return None;
        }
        let raw = self.raw(at + 2);
        let written = self.digits(at + 2)?;
        let last = match raw.len() {
            4 => written,
            2 if self.glued(at + 2) || self.is(at + 1, "–") => first / 100 * 100 + written,
            _ => return None,
        };
        // "2022-10" is a month, a code or a score, not a range back in time.
        (last > first && last - first < 400 && last < 2101 && !self.glued_digits(at + 3)).then(|| {
            let year = |first, year: u32| Found {
                first,
                end: first + 1,
                meaning: Meaning::Year(i32::try_from(year).unwrap_or(i32::MAX)),
            };
            vec![year(at, first), year(at + 2, last)]
        })
    }

    /// Neither glued to a letter or sign of a code before it, nor after a currency sign.
    pub(super) fn free_number(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let sign = self.lower(before);
        let money = matches!(sign, "$" | "£" | "€" | "¥" | "₹" | "#" | "№");
        let code = CODE_SIGNS.contains(&sign) || matches!(self.kind(before), Some(Kind::Word | Kind::Number));
        !(money || self.glued(at) && code)
    }

    fn glued_digits(&self, at: usize) -> bool {
        self.glued(at)
            && (self.kind(at) == Some(Kind::Number)
                || matches!(self.lower(at), "-" | "/")
                    && self.glued(at + 1)
                    && self.kind(at + 1) == Some(Kind::Number))
    }

    /// Whether a shift word stands here: "last", "this", "next" and their like, and how many tokens.
    pub(super) fn shift(&self, at: usize) -> Option<(usize, Shift)> {
        let the = if self.is(at, "the") { at + 1 } else { at };
        Some(match self.lower(the) {
            "last" | "previous" | "preceding" => (the + 1, Shift::Last),
            "past" if the > at => (the + 1, Shift::Last),
            "this" if matches!(self.lower(the + 1), "past" | "last") => (the + 2, Shift::Last),
            "this" if matches!(self.lower(the + 1), "coming" | "current") => (the + 2, Shift::This),
            "this" | "current" | "same" => (the + 1, Shift::This),
            "next" | "coming" | "following" | "upcoming" => (the + 1, Shift::Next),
            _ => return None,
        })
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

/// A year of two digits, read as in news: up to 30 years ahead of 2000, else the last century.
fn expand(year: u32) -> u32 {
    if year < 50 { 2000 + year } else { 1900 + year }
}

/// The digits at the beginning of "15th".
pub fn leading(raw: &str) -> Option<u32> {
    raw.trim_end_matches(|sign: char| !sign.is_ascii_digit()).parse().ok()
}

/// Signs that make a number glued to them a part of a code, an address or a sum.
const CODE_SIGNS: &[&str] = &["-", "–", "/", ".", ",", ":", "@", "_", "+", "=", "%", "&"];
