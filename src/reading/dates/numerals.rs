//! Rules for dates in digits, and for which digits stand free.

use super::counts::counts;
use super::grammar::{Grammar, Meaning, Shift};
use super::lexer::{Kind, Token};
use super::lexicon::{month, weekday};
use super::years::expand;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    pub(super) fn numeric(&self, at: usize) -> Parsed {
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

    /// "2016/11", "11/2016", "2016-11": month and year. "2011-12" is two years.
    pub(super) fn month_of_year(&self, at: usize) -> Parsed {
        let (first, next, second) = if self.kind(at) == Some(Kind::Numeric) {
            let (first, second) = self.raw(at).split_once('/')?;
            (first, at, second)
        } else {
            let joined = matches!(self.lower(at + 1), "-" | "/") && self.glued(at + 1) && self.glued(at + 2);
            (self.raw(at), if joined { at + 2 } else { return None }, self.raw(at + 2))
        };
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
        let years = first.len() == 4 && second.len() == 2 && month > year % 100;
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
            || self.before(at, 1) == "," && weekday(self.before(at, 2)).is_some()
            || matches!(self.before(at, 1), "to" | "-" | "–") && self.before(at, 3) == "/";
        if !led
            || !self.is(at + 1, "/")
            || !self.glued(at + 1)
            || !self.glued(at + 2)
            || !self.free_number(at)
        {
            return None;
        }
        let (first, second) = (self.digits(at)?, self.digits(at + 2)?);
        let month_first = second > 12 || first <= 12 && self.month_first;
        let (month, day) = if month_first { (first, second) } else { (second, first) };
        // Any year will do: 29 February is a day.
        chrono::NaiveDate::from_ymd_opt(2000, month, day)?;
        let closed = !(self.glued(at + 3) && matches!(self.lower(at + 3), "/" | "%" | "-")
            || self.glued(at + 3) && self.word(at + 3));
        (closed && !counts(self, at + 3)).then_some((at + 3, Meaning::Day { year: None, month, day }))
    }

    /// Neither glued to a letter or sign of a code before it, nor after a currency sign.
    pub(super) fn free_number(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let sign = self.lower(before);
        let money = matches!(sign, "$" | "£" | "€" | "¥" | "₹" | "#" | "№");
        let code = CODE_SIGNS.contains(&sign) || matches!(self.kind(before), Some(Kind::Word | Kind::Number));
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
