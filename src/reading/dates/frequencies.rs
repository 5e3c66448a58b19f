//! Rules for what recurs and for what is only vaguely in time: "every Monday", "daily", "recently".

use super::grammar::{Grammar, Meaning};
use super::lexer::Kind;
use super::lexicon::{self, Unit, period, unit};

impl Grammar<'_> {
    /// "every Monday", "daily", "twice a week", "per year", "on Sundays".
    pub(super) fn set(&self, at: usize) -> Option<(usize, Meaning)> {
        if let Some(found) = self.clock_of_set(at) {
            return Some(found);
        }
        let (end, meaning) = self.plain_set(at)?;
        // "every Sunday at 9 a.m.", "every night at 9"
        let next = if self.is(end, "at") { end + 1 } else { end };
        let part = match &meaning {
            Meaning::Set(value) => value.split_once('T').map(|(_, part)| part).filter(|part| part.len() == 2),
            _ => None,
        };
        let clock = self.clock(next).or_else(|| self.hour_in(end, part?));
        match (clock, meaning) {
            (Some((end, clock)), Meaning::Set(value)) => Some((end, Meaning::Set(daily(&value, &clock)))),
            (_, meaning) => Some((end, meaning)),
        }
    }

    /// "9 a.m. on Sundays", "3 p.m. every day"
    fn clock_of_set(&self, at: usize) -> Option<(usize, Meaning)> {
        let (end, clock) = self.clock(at)?;
        let on = if self.is(end, "on") { end + 1 } else { end };
        let (end, meaning) = self.plain_set(on)?;
        let Meaning::Set(value) = meaning else { return None };
        let days = value == "P1D" || value.starts_with("XXXX-WXX");
        days.then(|| (end, Meaning::Set(daily(&value, &clock))))
    }

    fn plain_set(&self, at: usize) -> Option<(usize, Meaning)> {
        let set = |end: usize, value: String| Some((end, Meaning::Set(value)));
        let word = self.lower(at);
        let every = |from: usize| {
            let (from, other) = if self.is(from, "other") { (from + 1, 2.0) } else { (from, 1.0) };
            if let Some((day, _)) = lexicon::weekday(self.lower(from)) {
                return set(self.part_after(from + 1), format!("XXXX-WXX-{day}"));
            }
            if let Some((month, false)) = lexicon::month(self.lower(from)) {
                return set(from + 1, format!("XXXX-{month:02}"));
            }
            if let Some(code) = lexicon::season(self.lower(from)) {
                return set(from + 1, format!("XXXX-{code}"));
            }
            if let Some(code) = lexicon::part_of_day(self.lower(from)) {
                return set(from + 1, format!("XXXX-XX-XXT{code}"));
            }
            if let Some((unit, false)) = unit(self.lower(from)) {
                return set(from + 1, period(Some(other), unit));
            }
            let (end, amount, unit, _) = self.length(from)?;
            set(end, period(amount, unit))
        };
        match word {
            "every" => every(at + 1),
            "each" if !self.is(at + 1, "other") => every(at + 1),
            "per" => {
                let (unit, plural) = unit(self.lower(at + 1))?;
                (!plural).then(|| (at + 2, Meaning::Set(period(Some(1.0), unit))))
            }
            "once" | "twice" => self.times(at + 1),
            // "bi-monthly", "semi-annual"
            "bi" | "semi" if self.hyphenated(at + 1) => {
                let value = frequency(&format!("{word}{}", self.lower(at + 2)))?;
                set(at + 3, value.to_owned())
            }
            _ if frequency(word).is_some() => {
                // "twice-weekly", "the twice daily": the frequency is the whole.
                let plain = self.uncased || !self.capital(at) || (self.opens(at) && !self.capital(at + 1));
                frequency(word).filter(|_| plain).and_then(|value| set(at + 1, value.to_owned()))
            }
            "weekends" if !self.capital(at) && BEFORE_WEEKENDS.contains(&self.before(at, 1)) => {
                set(at + 1, "XXXX-WXX-WE".to_owned())
            }
            _ => {
                if let Some(day) = lexicon::weekdays(word) {
                    return set(self.part_after(at + 1), format!("XXXX-WXX-{day}"));
                }
                // "in the mornings", "mornings at 9"
                if let Some(part) = word.strip_suffix('s').and_then(lexicon::part_of_day)
                    && (matches!(self.before(at, 1), "in" | "on" | "most") && part != "NI"
                        || self.before(at, 2) == "in" && self.before(at, 1) == "the"
                        || self.timed(at + 1))
                {
                    return set(at + 1, format!("XXXX-XX-XXT{part}"));
                }
                // "Friday mornings"
                if let Some((day, false)) = lexicon::weekday(word)
                    && let Some(part) = self.lower(at + 1).strip_suffix('s').and_then(lexicon::part_of_day)
                {
                    return set(at + 2, format!("XXXX-WXX-{day}T{part}"));
                }
                if let Some((end, day)) = self.day_of_months(at) {
                    return set(end, format!("XXXX-XX-{day:02}"));
                }
                let (end, _) = self.amount(at)?;
                self.is(end, "times").then(|| self.times(end + 1))?
            }
        }
    }

    /// "the 19th of every month"
    fn day_of_months(&self, at: usize) -> Option<(usize, u32)> {
        let (end, day) = self.day_number(at + usize::from(self.is(at, "the")))?;
        let month = matches!(self.lower(end + 1), "every" | "each") && self.is(end + 2, "month");
        (self.is(end, "of") && month).then_some((end + 3, day))
    }

    /// "a week", "per day", "each month", "weekly" after "twice" or "three times".
    fn times(&self, from: usize) -> Option<(usize, Meaning)> {
        let from = self.hyphen(from);
        if matches!(self.lower(from), "each" | "every") {
            return self.set(from);
        }
        if matches!(self.lower(from), "a" | "an" | "per") {
            let (unit, plural) = unit(self.lower(from + 1))?;
            return (!plural && unit != Unit::Second)
                .then(|| (from + 2, Meaning::Set(period(Some(1.0), unit))));
        }
        matches!(self.lower(from), "daily" | "weekly" | "monthly" | "yearly" | "annually")
            .then(|| self.set(from))?
    }

    /// "every Monday morning": the morning belongs to it.
    fn part_after(&self, at: usize) -> usize {
        let word = self.lower(at);
        let one =
            lexicon::part_of_day(word).or_else(|| word.strip_suffix('s').and_then(lexicon::part_of_day));
        if one.is_some() { at + 1 } else { at }
    }

    /// "recently", "currently", "the past", "in the future".
    pub(super) fn vague(&self, at: usize) -> Option<(usize, Meaning)> {
        let word = if self.is(at, "the") { at + 1 } else { at };
        // "The Now Show", "Back to the Future": a name.
        if self.capital(word) && !self.opens(word) && !self.shouts(word) && !self.uncased {
            return None;
        }
        let literal = |end: usize, value: &str| Some((end, Meaning::Literal(value.to_owned())));
        let the = self.is(at, "the");
        match self.lower(at) {
            "now" | "currently" | "nowadays" | "presently" if !self.hyphenated(at + 1) => {
                literal(at + 1, "PRESENT_REF")
            }
            "right" | "just" if self.is(at + 1, "now") && self.is(at, "right") => {
                literal(at + 2, "PRESENT_REF")
            }
            "this" if self.is(at + 1, "time") && self.before(at, 1) == "at" && !self.word(at + 2) => {
                literal(at + 2, "PRESENT_REF")
            }
            "these" if self.is(at + 1, "days") => literal(at + 2, "PRESENT_REF"),
            "at" if self.is(at + 1, "present") && !self.word(at + 2) => literal(at + 2, "PRESENT_REF"),
            "to" | "till"
                if self.is(at + 1, "date")
                    && self.ends_phrase(at + 2)
                    && (self.kind(at + 2) != Some(Kind::Number) || self.opens(at)) =>
            {
                literal(at + 2, "PRESENT_REF")
            }
            "recently" | "lately" | "formerly" | "previously" => literal(at + 1, "PAST_REF"),
            "recent" => match unit(self.lower(at + 1)) {
                Some((_, true)) => literal(at + 2, "PAST_REF"),
                _ if matches!(self.before(at, 1), "most" | "more") || self.hyphenated(at + 1) => None,
                _ => literal(at + 1, "PAST_REF"),
            },
            "current" if !NOT_CURRENT.contains(&self.lower(at + 1)) && !self.hyphenated(at + 1) => {
                // "until the current date"
                literal(at + 1 + usize::from(self.is(at + 1, "date")), "PRESENT_REF")
            }
            "future" if self.before(at, 1) == "in" && self.ends_phrase(at + 1) => {
                literal(at + 1, "FUTURE_REF")
            }
            "coming" | "upcoming" => {
                let (_, plural) = unit(self.lower(at + 1))?;
                plural.then(|| (at + 2, Meaning::Literal("FUTURE_REF".to_owned())))
            }
            "soon" if !self.is(at + 1, "as") && !self.is(at + 1, "after") => literal(at + 1, "FUTURE_REF"),
            "the" | "that" if the || self.before(at, 1) == "at" => {
                let near = if matches!(self.lower(at + 1), "near" | "present") { at + 2 } else { at + 1 };
                let present = self.is(at + 1, "present");
                let before = self.before(at, 1);
                match self.lower(near) {
                    "time" if present && matches!(before, "at" | "to" | "until") => {
                        literal(near + 1, "PRESENT_REF")
                    }
                    "minute" if before == "at" && self.ends_phrase(near + 1) => {
                        literal(near + 1, "PRESENT_REF")
                    }
                    "future" if the && !present && (self.ends_phrase(near + 1) || near > at + 1) => {
                        literal(near + 1, "FUTURE_REF")
                    }
                    "past" if the && matches!(before, "in" | "of" | "from") && self.ends_phrase(near + 1) => {
                        literal(near + 1, "PAST_REF")
                    }
                    "moment" if before == "at" || before == "for" && self.closes(near + 1) => {
                        literal(near + 1, "PRESENT_REF")
                    }
                    "time"
                        if before == "at"
                            && !matches!(self.lower(near + 1), "of" | "when" | "that" | "being") =>
                    {
                        literal(near + 1, "PAST_REF")
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether no noun follows that the words before would qualify.
    fn ends_phrase(&self, at: usize) -> bool {
        !self.word(at) || AFTER_PHRASE.contains(&self.lower(at))
    }
}

/// The value of a word for a frequency.
fn frequency(word: &str) -> Option<&'static str> {
    Some(match word {
        "hourly" => "PT1H",
        "daily" | "everyday" | "nightly" => "P1D",
        "weekly" => "P1W",
        "biweekly" | "fortnightly" => "P2W",
        "monthly" => "P1M",
        "quarterly" => "P1Q",
        "bimonthly" => "P2M",
        "semiannual" | "semiannually" | "biannual" | "biannually" => "P6M",
        "biennial" => "P2Y",
        "yearly" | "annually" | "annual" => "P1Y",
        _ => return None,
    })
}

/// A frequency at a time of day.
fn daily(value: &str, clock: &str) -> String {
    match value.split_once('T') {
        Some((day, _)) => format!("{day}{clock}"),
        None if value.starts_with("XXXX-WXX") => format!("{value}{clock}"),
        None => format!("XXXX-XX-XX{clock}"),
    }
}

/// Words before "weekends" that say when, not which.
const BEFORE_WEEKENDS: &[&str] =
    &["on", "at", "and", "or", "most", "all", "over", "during", "work", "works", "worked", "working", "open"];

/// What follows "current" where it does not mean now.
const NOT_CURRENT: &[&str] = &["account", "accounts", "affairs", "deposit", "deposits"];

/// Words that cannot be qualified by what stands before.
const AFTER_PHRASE: &[&str] = &[
    "and", "or", "but", "i", "for", "to", "with", "as", "because", "that", "when", "he", "she", "it", "they",
    "we", "is", "was", "were", "are", "has", "had", "will", "would",
];
