//! Rules for dates in digits, and for which digits stand free.

use super::counts::counts;
use super::grammar::{Found, Grammar, Meaning, Shift, joins};
use super::lexer::{Kind, Token};
use super::lexicon::{month, weekday};
use super::years::expand;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    pub(super) fn numeric(&self, at: usize) -> Parsed {
        let raw = self.raw(at);
        if !self.free_number(at) && !self.ends_range(at)
            || self.glued(at + 1) && matches!(self.lower(at + 1), "%" | "/")
        {
            return None;
        }
        let parts: Vec<&str> = raw.split(['/', '.', '-']).collect();
        let value = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok());
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

    /// "20220715", the basic format of ISO 8601.
    pub(super) fn basic(&self, at: usize) -> Parsed {
        let raw = self.raw(at);
        let part = |from: usize, to: usize| raw.get(from..to)?.parse::<u32>().ok();
        let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
        let year = i32::try_from(year).ok().filter(|year| (1900..2100).contains(year))?;
        chrono::NaiveDate::from_ymd_opt(year, month, day)?;
        let free =
            self.free_number(at) && !self.glued_digits(at + 1) && !(self.glued(at + 1) && self.word(at + 1));
        free.then_some((at + 1, Meaning::Day { year: Some(year), month, day }))
    }

    /// "2016/11", "11/2016", "2016-11": month and year. "2011-12" is two years.
    pub(super) fn month_of_year(&self, at: usize) -> Parsed {
        let stuck = self.glued(at + 1) && self.glued(at + 2);
        let joined = self.is(at + 1, "/") || self.is(at + 1, "-") && stuck;
        let (first, next, second) = (self.raw(at), at + 2, self.raw(at + 2));
        if !joined {
            return None;
        }
        if !self.free_number(at) || self.glued_digits(next + 1) || self.glued(next + 1) && self.word(next + 1)
        {
            return None;
        }
        let (year, month) = match (first.len(), second.len()) {
            (4, 1 | 2) => (first, second),
            (1 | 2, 4) => (second, first),
            _ => return None,
        };
        let (year, month): (u32, u32) = (year.parse().ok()?, month.parse().ok()?);
        let years = first.len() == 4 && month > year % if second.len() == 2 { 100 } else { 10 };
        ((1900..2100).contains(&year) && (1..=12).contains(&month) && !years).then_some((
            next + 1,
            Meaning::Month { year: Some(i32::try_from(year).ok()?), month, shift: Shift::Plain },
        ))
    }

    /// "11/20" after a word that dates: month and day in the order of the text, unless only one can be.
    pub(super) fn month_and_day(&self, at: usize) -> Parsed {
        let led = matches!(
            self.before(at, 1),
            "on" | "since" | "until" | "till" | "from" | "by" | "dated" | "before" | "after"
        ) || weekday(self.before(at, 1)).is_some()
            || self.before(at, 1) == "," && weekday(self.before(at, 2)).is_some();
        let (end, meaning) = self.pair_of_digits(at).filter(|_| self.free_number(at))?;
        let closed = !(self.glued(end) && matches!(self.lower(end), "/" | "%" | "-")
            || self.glued(end) && self.word(end));
        // "from 1/2 to 3/4 of them": fractions, or `days_in_digits` has them.
        let ranged = joins(self.lower(end)) && self.pair_of_digits(end + 1).is_some();
        (closed && !ranged && !self.is(end, "of") && !counts(self, end) && (led || self.timed(end)))
            .then_some((end, meaning))
    }

    /// "11/20" as month and day, in the order of the text unless only one can be.
    pub(super) fn pair_of_digits(&self, at: usize) -> Parsed {
        if !self.is(at + 1, "/") || !self.glued(at + 1) || !self.glued(at + 2) {
            return None;
        }
        let (first, second) = (self.digits(at)?, self.digits(at + 2)?);
        let month_first = second > 12 || first <= 12 && self.month_first;
        let (month, day) = if month_first { (first, second) } else { (second, first) };
        // Any year will do: 29 February is a day.
        chrono::NaiveDate::from_ymd_opt(2000, month, day)?;
        Some((at + 3, Meaning::Day { year: None, month, day }))
    }

    /// "from 10/1-11/7", "on 11/20, 11/22 or 11/25", "10/1-11/2/2017": days in digits that share their order
    /// and year. Fractions look the same, so a word that dates leads, or a year closes.
    pub(super) fn days_in_digits(&self, at: usize) -> Option<Vec<Found>> {
        let led = matches!(
            self.before(at, 1),
            "on" | "since" | "until" | "till" | "from" | "by" | "between" | "before" | "after"
        );
        let (mut end, meaning) = self.pair_of_digits(at).filter(|_| self.free_number(at))?;
        let mut found = vec![Found { first: at, end, meaning }];
        let mut dated = false;
        while found.len() < 8 && !dated {
            let listed = self.is(end, ",") && !self.glued(end + 1);
            let next = match self.lower(end) {
                "," if listed && matches!(self.lower(end + 1), "and" | "or") => end + 2,
                "," if !listed => break,
                join if listed || joins(join) && join != "/" => end + 1,
                _ => break,
            };
            let pair = self.pair_of_digits(next);
            let Some((after, meaning)) = pair.or_else(|| self.numeric(next)) else { break };
            dated = after == next + 1;
            found.push(Found { first: next, end: after, meaning });
            end = after;
        }
        let closed = !(self.glued(end) && (self.word(end) || matches!(self.lower(end), "/" | "%" | "-")))
            && !self.is(end, "of");
        // "5/1-5/7, 2020": the year of both.
        if !dated
            && let Some((after, year)) = self.year_after(end, true).filter(|_| !counts(self, end + 2))
            && let Some(last) = found.last_mut()
            && let Meaning::Day { year: open, .. } = &mut last.meaning
        {
            (last.end, *open) = (after, Some(year));
            dated = true;
        }
        let alone = found.len() == 1 && dated;
        ((found.len() > 1 || alone) && closed && (led || dated) && !counts(self, end)).then_some(found)
    }

    /// Whether a date in digits closes a range: the second of "10/1/2018-10/7/2018".
    fn ends_range(&self, at: usize) -> bool {
        matches!(self.before(at, 1), "-" | "–")
            && at > 1
            && (self.kind(at - 2) == Some(Kind::Numeric) || self.before(at, 3) == "/")
    }

    /// Neither glued to a letter or sign of a code before it, nor after a currency sign.
    pub(super) fn free_number(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let sign = self.lower(before);
        let money = matches!(sign, "$" | "£" | "€" | "¥" | "₹" | "#" | "№");
        // "Published:30 December" is a slip, "10:30" is not.
        let slip = sign == ":" && before > 0 && self.word(before - 1) && !self.glued(before - 1);
        let code = CODE_SIGNS.contains(&sign) && !slip
            || matches!(self.kind(before), Some(Kind::Word | Kind::Number));
        !(money || self.glued(at) && code)
    }

    pub(super) fn glued_digits(&self, at: usize) -> bool {
        self.glued(at)
            && (self.kind(at) == Some(Kind::Number)
                || matches!(self.lower(at), "-" | "/")
                    && self.glued(at + 1)
                    && self.kind(at + 1) == Some(Kind::Number))
    }
}

/// The digits at the beginning of "15th".
pub fn leading(raw: &str) -> Option<u32> {
    raw.trim_end_matches(|sign: char| !sign.is_ascii_digit()).parse().ok()
}

/// Signs that make a number glued to them a part of a code, an address or a sum.
const CODE_SIGNS: &[&str] = &["-", "–", "/", ".", ",", ":", "@", "_", "+", "=", "%", "&"];

/// Whether the text writes the month first in 7/8/2022: by its dates that can be read in one order only, else by
/// how it writes dates in words. None where nothing tells.
pub fn month_first(tokens: &[Token<'_>]) -> Option<bool> {
    let mut votes = 0_i64;
    let mut words = 0_i64;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Numeric => {
                if let Some((first, second)) = pair(token).filter(|(first, _)| *first <= 31) {
                    votes += i64::from(second > 12) - i64::from(first > 12);
                }
            }
            Kind::Word if token.capital() && month(&token.lower).is_some() => {
                let day = |at: usize| {
                    tokens.get(at).is_some_and(|day| day.kind == Kind::Number && day.raw.len() <= 2)
                };
                words += i64::from(day(at + 1)) - i64::from(at > 0 && day(at - 1));
            }
            _ => {}
        }
    }
    [votes, words].into_iter().find(|votes| *votes != 0).map(|votes| votes > 0)
}

/// Whether a date in digits is one in either order, and not the same.
pub fn either_way(token: &Token<'_>) -> bool {
    token.kind == Kind::Numeric
        && token.raw.contains('/')
        && pair(token).is_some_and(|(first, second)| first != second && first <= 12 && second <= 12)
}

/// The first two of the three numbers of a date in digits.
fn pair(token: &Token<'_>) -> Option<(u32, u32)> {
    let mut parts = token.raw.split('/').map(str::parse::<u32>);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Ok(first)), Some(Ok(second)), Some(Ok(_))) => Some((first, second)),
        _ => None,
    }
}
