//! Rules for amounts of time: how many of which unit.

use super::grammar::Grammar;
use super::lexer::Kind;
use super::lexicon::{Unit, number, period, unit};

/// A count of units; none where the words are vague ("several").
pub type Amount = Option<f64>;

impl Grammar<'_> {
    /// "24", "3,000", "twenty-four", "a", "several", "two and a half".
    pub(super) fn amount(&self, at: usize) -> Option<(usize, Amount)> {
        if self.kind(at) == Some(Kind::Number) {
            let value: f64 = self.tokens.get(at)?.raw.replace(',', "").parse().ok()?;
            let at = at + 1;
            if matches!(self.lower(at), "million" | "billion" | "thousand") {
                let times = if self.is(at, "million") {
                    1e6
                } else if self.is(at, "billion") {
                    1e9
                } else {
                    1e3
                };
                return Some((at + 1, Some(value * times)));
            }
            // "20-plus years", "20+ years", "2 1/2 years", "2½ years"
            if self.is(at, "+") && self.glued(at) {
                return Some((at + 1, Some(value)));
            }
            if self.hyphenated(at) && self.is(at + 1, "plus") {
                return Some((at + 2, Some(value)));
            }
            if self.is(at, "½") || self.is(at, "1") && self.is(at + 1, "/") && self.is(at + 2, "2") {
                return Some((if self.is(at, "½") { at + 1 } else { at + 3 }, Some(value + 0.5)));
            }
            return Some(self.and_a_half(at, value));
        }
        match self.lower(at) {
            "½" => Some((at + 1, Some(0.5))),
            "a" | "an" | "another" => {
                let next = at + 1;
                match self.lower(next) {
                    "couple" => Some((if self.is(next + 1, "of") { next + 2 } else { next + 1 }, None)),
                    "few" | "handful" => {
                        Some((if self.is(next + 1, "of") { next + 2 } else { next + 1 }, None))
                    }
                    "dozen" => Some((next + 1, Some(12.0))),
                    "half" => Some((next + 1, Some(0.5))),
                    "hundred" => Some((next + 1, Some(100.0))),
                    "thousand" => Some((next + 1, Some(1000.0))),
                    "full" | "whole" | "single" | "further" | "mere" | "additional" => self
                        .amount(next + 1)
                        .filter(|_| !matches!(self.lower(next + 1), "a" | "an" | "another"))
                        .or(Some((next + 1, Some(1.0)))),
                    _ if self.is(at, "another") => self
                        .amount(next)
                        .filter(|_| !matches!(self.lower(next), "a" | "an" | "another"))
                        .or(Some((next, Some(1.0)))),
                    _ => Some((next, Some(1.0))),
                }
            }
            "half" => {
                let next = self.hyphen(at + 1);
                Some((if matches!(self.lower(next), "a" | "an") { next + 1 } else { next }, Some(0.5)))
            }
            "couple" => Some((if self.is(at + 1, "of") { at + 2 } else { at + 1 }, None)),
            "several" | "few" | "many" | "numerous" | "multiple" | "various" => Some((at + 1, None)),
            "dozens" | "scores" | "hundreds" | "thousands" | "millions" | "tens" if self.is(at + 1, "of") => {
                let next = at + 2;
                Some((
                    if matches!(self.lower(next), "thousands" | "millions") && self.is(next + 1, "of") {
                        next + 2
                    } else {
                        next
                    },
                    None,
                ))
            }
            _ => {
                let (mut next, mut total) = self.small_number(at)?;
                if matches!(self.lower(self.hyphen(next)), "hundred" | "thousand") {
                    next = self.hyphen(next);
                    total *= if self.is(next, "hundred") { 100 } else { 1000 };
                    next += 1;
                    let rest = if self.is(next, "and") { next + 1 } else { next };
                    if let Some((end, more)) = self.small_number(rest) {
                        (next, total) = (end, total + more);
                    }
                } else if matches!(self.lower(next), "million" | "billion") {
                    let times = if self.is(next, "million") { 1e6 } else { 1e9 };
                    return Some((next + 1, Some(f64::from(total) * times)));
                }
                Some(self.and_a_half(next, f64::from(total)))
            }
        }
    }

    fn and_a_half(&self, at: usize, value: f64) -> (usize, Amount) {
        let step = self.hyphen(at);
        if self.is(step, "and") {
            let a = self.hyphen(step + 1);
            if self.is(a, "a") && self.is(self.hyphen(a + 1), "half") {
                return (self.hyphen(a + 1) + 1, Some(value + 0.5));
            }
            if self.is(a, "half") {
                return (a + 1, Some(value + 0.5));
            }
            if self.is(a, "a") && self.is(a + 1, "quarter")
                || self.is(a, "three") && self.is(a + 1, "quarters")
            {
                return (a + 2, Some(value + if self.is(a, "a") { 0.25 } else { 0.75 }));
            }
        }
        (at, Some(value))
    }

    /// A number word below one hundred: "twenty-four", "twenty four", "seven".
    pub(super) fn small_number(&self, at: usize) -> Option<(usize, u32)> {
        let tens = number(self.lower(at))?;
        if tens >= 20 {
            let next = self.hyphen(at + 1);
            if let Some(ones) = number(self.lower(next)).filter(|ones| (1..10).contains(ones)) {
                return Some((next + 1, tens + ones));
            }
        }
        Some((at + 1, tens))
    }

    /// "three days", "24-hour", "two and a half years", "1 hour 30 minutes".
    pub(super) fn length(&self, at: usize) -> Option<(usize, Amount, Unit, String)> {
        self.length_of(at, 4)
    }

    /// A length of so many different units at most.
    pub(super) fn length_of(&self, at: usize, units: usize) -> Option<(usize, Amount, Unit, String)> {
        let (end, amount) = self.amount(at)?;
        let article = matches!(self.lower(at), "a" | "an") && end == at + 1;
        let mut next = self.hyphen(end);
        let hyphenated = next > end;
        while BEFORE_UNIT.contains(&self.lower(next)) {
            next += 1;
        }
        let turned = next > end && TURNS.contains(&self.lower(next - 1));
        let (mut unit, plural) = self.unit(next, hyphenated)?;
        // "the 3 next weeks", but "9 last night"; "three night markets"
        let night = self.is(next, "night") && amount != Some(1.0) && !hyphenated;
        if !plural && (turned || night) {
            return None;
        }
        // "a second term", "a minute detail", "a quarter of the vote", "one second-half goal"
        if !plural
            && !hyphenated
            && (article || amount.is_none_or(|amount| amount != 1.0 && amount.fract() == 0.0))
            && matches!(unit, Unit::Second | Unit::Quarter)
        {
            return None;
        }
        if !plural
            && !hyphenated
            && self.hyphenated(next + 1)
            && !matches!(self.lower(next + 2), "long" | "old" | "plus")
        {
            return None;
        }
        if !hyphenated && !plural && !matches!(amount, Some(number) if number <= 1.0) {
            // "24 hour", "10 year": a unit in the singular that qualifies a noun
            if !self.word(next + 1) && amount.is_none() {
                return None;
            }
        }
        // "three-quarters of the way" is a fraction.
        if unit == Unit::Quarter && (hyphenated || self.is(next + 1, "of"))
            || article && self.is(next, "night") && self.capital(next)
        {
            return None;
        }
        next += 1;
        let half = usize::from(self.is(next + 1, "a")) + 1;
        if self.lower(next) == "and"
            && self.is(next + half, "half")
            && self.unit(next + half + 1, false).is_none()
        {
            let more = amount.map(|number| number + 0.5);
            return Some((next + half + 1, more, unit, period(more, unit)));
        }
        if self.is(next, "and")
            && self.is(next + 1, "a")
            && self.is(next + 2, "quarter")
            && unit == Unit::Year
        {
            let more = amount.map(|number| number + 0.25);
            return Some((next + 3, more, unit, period(more, unit)));
        }
        let mut value = period(amount, unit);
        let mut amount = amount;
        // Smaller units that follow: "2 hours and 30 minutes".
        for _ in 1..units {
            let join = if self.is(next, ",") { next + 1 } else { next };
            let join = if self.is(join, "and") { join + 1 } else { join };
            if matches!(self.lower(join), "a" | "an" | "several" | "few" | "many" | "half" | "another") {
                break;
            }
            let Some((end, more)) = self.amount(join) else { break };
            let Some((smaller, _)) = self.unit(self.hyphen(end), false) else { break };
            if smaller >= unit || more.is_none() || amount.is_none() {
                break;
            }
            let part = period(more, smaller);
            let clock = part.starts_with("PT");
            let digits = part.trim_start_matches("PT").trim_start_matches('P');
            if clock && !value.contains('T') {
                value.push('T');
            }
            value.push_str(digits);
            amount = amount.zip(more).map(|(big, small)| big + small * seconds(smaller) / seconds(unit));
            unit = if seconds(unit) > 0.0 { unit } else { smaller };
            next = self.hyphen(end) + 1;
        }
        Some((next, amount, unit, value))
    }

    /// A unit after a count; "h" and "m" only when glued or hyphenated to the number.
    pub(super) fn unit(&self, at: usize, hyphenated: bool) -> Option<(Unit, bool)> {
        if !self.word(at) {
            return None;
        }
        // "3h", "3 h"
        let hour = self.raw(at) == "h" && at > 0 && self.kind(at - 1) == Some(Kind::Number);
        let found = unit(self.lower(at)).or(hour.then_some((Unit::Hour, true)))?;
        // "sec", "min", "hr" name other things unless a number stands before them.
        let short = matches!(self.lower(at), "sec" | "min" | "hr" | "secs" | "mins" | "hrs");
        let counted = at > 0
            && (self.kind(at - 1) == Some(Kind::Number)
                || number(self.lower(at - 1)).is_some_and(|count| count > 1));
        (!short || hyphenated || counted).then_some(found)
    }

    /// "about", "more than": the qualifiers that belong to an amount. Gives where the amount begins.
    pub(super) fn about(&self, at: usize) -> usize {
        let two = |second: &str| self.is(at + 1, second);
        match self.lower(at) {
            "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "some" => at + 1,
            "more" | "less" | "fewer" | "longer" if two("than") => at + 2,
            "at" if two("least") || two("most") => at + 2,
            "up" if two("to") => at + 2,
            "just" | "well" if two("over") || two("under") => at + 2,
            "no" | "not" if (two("more") || two("less")) && self.is(at + 2, "than") => at + 3,
            "as" if matches!(self.lower(at + 1), "long" | "many" | "little" | "few")
                && self.is(at + 2, "as") =>
            {
                at + 3
            }
            "over" | "under"
                if matches!(
                    self.before(at, 1),
                    "for"
                        | "of"
                        | "after"
                        | "in"
                        | "is"
                        | "was"
                        | "took"
                        | "lasted"
                        | "spent"
                        | "been"
                        | "by"
                ) =>
            {
                at + 1
            }
            _ => at,
        }
    }
}

/// Length of a unit in seconds, to compare units with.
pub fn seconds(unit: Unit) -> f64 {
    match unit {
        Unit::Second => 1.0,
        Unit::Minute => 60.0,
        Unit::Hour => 3600.0,
        Unit::Day => 86_400.0,
        Unit::Weekend => 172_800.0,
        Unit::Week => 604_800.0,
        Unit::Fortnight => 1_209_600.0,
        Unit::Month => 2_629_746.0,
        Unit::Quarter => 7_889_238.0,
        Unit::Year => 31_556_952.0,
        Unit::Decade => 315_569_520.0,
        Unit::Century => 3_155_695_200.0,
        Unit::Millennium => 31_556_952_000.0,
    }
}

/// Adjectives between a count and its unit.
const BEFORE_UNIT: &[&str] = &[
    "more", "full", "straight", "consecutive", "long", "further", "whole", "additional", "working",
    "business", "calendar", "next", "past", "last", "coming", "previous", "preceding", "following",
    "upcoming", "successive", "extra", "short", "solid", "trading",
];

/// Those of them that turn to one side.
const TURNS: &[&str] = &["next", "past", "last", "coming", "previous", "preceding", "following", "upcoming"];
