//! Rules for years, alone, with an era, and in ranges.

use super::counts;
use super::grammar::{Found, Grammar, Meaning, Shift};
use super::lexer::Kind;
use super::lexicon::{month, unit};

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// "2013", "400 BC", "AD 842", "fiscal 2022", "FY2023"
    pub(super) fn year(&self, at: usize) -> Parsed {
        if matches!(self.raw(at), "AD" | "A.D.") {
            let year = self.digits(at + 1)?;
            return Some((at + 2, Meaning::Year(i32::try_from(year).ok()?)));
        }
        // "the year 2000"
        let the = usize::from(self.is(at, "the"));
        let named = at + the + usize::from(self.is(at + the, "calendar"));
        if self.is(named, "year")
            && let Some(year) = self.digits(named + 1).filter(|year| (100..2200).contains(year))
            && (self.raw(named + 1).len() == 4 || !self.word(named + 2))
        {
            return Some((named + 2, Meaning::Year(i32::try_from(year).ok()?)));
        }
        if matches!(self.lower(at), "fiscal" | "financial" | "fy") {
            let next = if self.is(at + 1, "year") { at + 2 } else { at + 1 };
            let year =
                self.digits(next).filter(|year| self.raw(next).len() == 4 && (1900..2200).contains(year))?;
            return Some((next + 1, Meaning::Year(i32::try_from(year).ok()?)));
        }
        if let Some(year) = self.fiscal_year(at) {
            return Some((at + 1, Meaning::Year(year)));
        }
        if self.kind(at) == Some(Kind::Number) {
            let raw = self.raw(at).replace(',', "");
            let number: i32 = raw.parse().ok().filter(|number| *number > 0)?;
            match self.era(at + 1) {
                Some((end, true)) => return Some((end, Meaning::Literal(format!("BC{number:04}")))),
                Some((end, false)) => return Some((end, Meaning::Year(number))),
                None => {}
            }
            return counts::plain_year(self, at).then_some((at + 1, Meaning::Year(number)));
        }
        let (end, year) = self.spoken_year(at)?;
        let led =
            matches!(self.before(at, 1), "in" | "since" | "until" | "of" | "by" | "from" | "late" | "early");
        let closed = unit(self.lower(end)).is_none() && !counts::counts(self, end);
        (led && closed).then_some((end, Meaning::Year(year)))
    }

    /// "FY2023", "FY23"
    pub(super) fn fiscal_year(&self, at: usize) -> Option<i32> {
        let year: u32 = self.raw(at).strip_prefix("FY")?.parse().ok()?;
        let year = if year < 100 { expand(year) } else { year };
        i32::try_from(year).ok().filter(|year| (1900..2200).contains(year))
    }

    /// "2016 June", "2016 Q3", "2019-Q1", "2019-aug-01": the year before its part.
    pub(super) fn year_first(&self, at: usize) -> Parsed {
        let year = self.digits(at).filter(|year| self.raw(at).len() == 4 && (1900..2100).contains(year))?;
        let year = i32::try_from(year).ok().filter(|_| self.free_number(at))?;
        let next = if matches!(self.lower(at + 1), "," | "-" | "/") { at + 2 } else { at + 1 };
        if self.is(at + 1, "-") && !self.hyphenated(at + 1) {
            return None;
        }
        // In any case of letters: a month after a year is one.
        let month = month(self.lower(next)).filter(|_| self.is(at + 1, ",") || !self.hyphenated(at + 1));
        let month = month.filter(|_| !matches!(self.lower(next), "may" | "march") || self.capital(next));
        let month =
            month.map(|(month, _)| (next + 1, Meaning::Month { year: None, month, shift: Shift::Plain }));
        let part = self.share_of_year(next).or_else(|| self.month_first(next)).or(month)?;
        let alone = !self.word(part.0) || !self.capital(part.0);
        match part {
            (end, Meaning::Share { year: None, code, shift: Shift::Plain }) => {
                Some((end, Meaning::Share { year: Some(year), code, shift: Shift::Plain }))
            }
            (end, Meaning::Day { year: None, month, day })
                if self.hyphenated(at + 1) || self.is(at + 1, "/") && self.glued(at + 1) =>
            {
                Some((end, Meaning::Day { year: Some(year), month, day }))
            }
            (end, Meaning::Month { year: None, month, shift: Shift::Plain })
                if alone && !self.is(at + 1, "/") =>
            {
                Some((end, Meaning::Month { year: Some(year), month, shift: Shift::Plain }))
            }
            _ => None,
        }
    }

    /// "nineteen eighty-four", "twenty sixteen", "two thousand and eight"
    pub(super) fn spoken_year(&self, at: usize) -> Option<(usize, i32)> {
        let (next, high) = self.small_number(at).filter(|_| self.word(at))?;
        if high == 2 && self.is(next, "thousand") {
            let and = if self.is(next + 1, "and") { next + 2 } else { next + 1 };
            let low = self.small_number(and).filter(|_| self.word(and));
            return match low {
                Some((end, low)) => Some((end, i32::try_from(2000 + low).ok()?)),
                None => (and > next + 1 || !self.word(and)).then_some((next + 1, 2000)),
            };
        }
        // "nineteen hundred ninety-three", "nineteen oh one"
        if (15..=19).contains(&high) && matches!(self.lower(next), "hundred" | "oh" | "zero") {
            let and = if self.is(next + 1, "and") { next + 2 } else { next + 1 };
            let (end, low) = self.small_number(and).filter(|_| self.word(and))?;
            let fits = if self.is(next, "hundred") { low < 100 } else { low < 10 };
            return fits.then_some((end, i32::try_from(high * 100 + low).ok()?));
        }
        let (end, low) = self.small_number(self.hyphen(next)).filter(|(_, low)| (10..100).contains(low))?;
        (15..=20).contains(&high).then_some((end, i32::try_from(high * 100 + low).ok()?))
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
            1 if self.glued(at + 2) && first % 10 + 1 == written => first / 10 * 10 + written,
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

    /// A year after a month: "2022", ", 2022", "of 2022", "'22".
    pub(super) fn year_after(&self, at: usize, comma: bool) -> Option<(usize, i32)> {
        let after = at + usize::from(matches!(self.lower(at), "of" | ","));
        if let Some(spoken) = self.spoken_year(after) {
            return Some(spoken);
        }
        let next = match self.lower(at) {
            "," if comma => at + 1,
            "of" => at + 1,
            "in" if self.raw(at + 1).len() == 4 => at + 1,
            "-" | "/" if self.glued(at) => at + 1,
            _ => at,
        };
        if matches!(self.lower(next), "'" | "’" | "‘")
            && self.raw(next + 1).len() == 2
            && self.glued(next + 1)
        {
            return Some((next + 2, i32::try_from(expand(self.digits(next + 1)?)).ok()?));
        }
        // "April of 87"
        if self.is(at, "of")
            && let Some(year) = self.digits(next).filter(|year| (32..100).contains(year))
            && !self.word(next + 1)
            && !matches!(self.lower(next + 1), "%" | "," | "-" | "–" | "°")
        {
            return Some((next + 1, i32::try_from(expand(year)).ok()?));
        }
        // "(347 – 30 September 420)"
        let ancient =
            self.is(next + 1, ")").then(|| self.digits(next).filter(|year| (100..1000).contains(year)));
        if let Some(year) = ancient.flatten().filter(|_| next == at && self.word(at - 1)) {
            return Some((next + 1, i32::try_from(year).ok()?));
        }
        let year = self.digits(next).filter(|_| self.raw(next).len() == 4)?;
        let clock = self.glued(next + 1) && self.is(next + 1, ":");
        (!clock && (1000..2200).contains(&year)).then_some((next + 1, i32::try_from(year).ok()?))
    }
}

/// A year of two digits, read as in news: up to 2034, else the last century.
pub fn expand(year: u32) -> u32 {
    if year < 35 { 2000 + year } else { 1900 + year }
}
