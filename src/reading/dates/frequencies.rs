//! Rules for what recurs and for what is only vaguely in time: "every Monday", "daily", "recently".

use super::grammar::{Grammar, Meaning};
use super::lexicon::{self, Unit, period, unit};

impl Grammar<'_> {
    /// "every Monday", "daily", "twice a week", "per year", "on Sundays".
    pub(super) fn set(&self, at: usize) -> Option<(usize, Meaning)> {
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
            "once" | "twice" => self.times(at, at + 1),
            "hourly" | "daily" | "nightly" | "weekly" | "monthly" | "quarterly" | "yearly" | "annually"
            | "annual" | "biweekly" | "fortnightly"
                if self.uncased || !self.capital(at) || (self.opens(at) && !self.capital(at + 1)) =>
            {
                // "twice-weekly", "the twice daily": the frequency is the whole.
                set(
                    at + 1,
                    match word {
                        "hourly" => "PT1H",
                        "daily" | "nightly" => "P1D",
                        "weekly" => "P1W",
                        "biweekly" | "fortnightly" => "P2W",
                        "monthly" => "P1M",
                        "quarterly" => "P1Q",
                        _ => "P1Y",
                    }
                    .to_owned(),
                )
            }
            "weekends" if matches!(self.before(at, 1), "on" | "at" | "and") => set(at + 1, "P1WE".to_owned()),
            _ => {
                if let Some(day) = lexicon::weekdays(word) {
                    return set(self.part_after(at + 1), format!("XXXX-WXX-{day}"));
                }
                let (end, _) = self.amount(at)?;
                self.is(end, "times").then(|| self.times(at, end + 1))?
            }
        }
    }

    /// "a week", "per day", "each month", "weekly" after "twice" or "three times".
    fn times(&self, _at: usize, from: usize) -> Option<(usize, Meaning)> {
        let from = self.hyphen(from);
        if matches!(self.lower(from), "a" | "an" | "per" | "each" | "every") {
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
        let literal = |end: usize, value: &str| Some((end, Meaning::Literal(value.to_owned())));
        let the = self.is(at, "the");
        match self.lower(at) {
            "now" | "currently" | "nowadays" | "presently" if !self.hyphenated(at + 1) => {
                literal(at + 1, "PRESENT_REF")
            }
            "right" | "just" if self.is(at + 1, "now") && self.is(at, "right") => {
                literal(at + 2, "PRESENT_REF")
            }
            "these" if self.is(at + 1, "days") => literal(at + 2, "PRESENT_REF"),
            "at" if self.is(at + 1, "present") && !self.word(at + 2) => literal(at + 2, "PRESENT_REF"),
            "recently" | "lately" | "formerly" | "previously" => literal(at + 1, "PAST_REF"),
            "recent" => {
                let (_, plural) = unit(self.lower(at + 1))?;
                plural.then(|| (at + 2, Meaning::Literal("PAST_REF".to_owned())))
            }
            "coming" | "upcoming" => {
                let (_, plural) = unit(self.lower(at + 1))?;
                plural.then(|| (at + 2, Meaning::Literal("FUTURE_REF".to_owned())))
            }
            "soon" if !self.is(at + 1, "as") && !self.is(at + 1, "after") => literal(at + 1, "FUTURE_REF"),
            "the" | "that" if the || self.before(at, 1) == "at" => {
                let near = if self.is(at + 1, "near") { at + 2 } else { at + 1 };
                let before = self.before(at, 1);
                match self.lower(near) {
                    "future" if the && (self.ends_phrase(near + 1) || near > at + 1) => {
                        literal(near + 1, "FUTURE_REF")
                    }
                    "past" if the && matches!(before, "in" | "of" | "from") && self.ends_phrase(near + 1) => {
                        literal(near + 1, "PAST_REF")
                    }
                    "moment" if before == "at" => literal(near + 1, "PRESENT_REF"),
                    "time" if before == "at" && self.ends_phrase(near + 1) => literal(near + 1, "PAST_REF"),
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

/// Words that cannot be qualified by what stands before.
const AFTER_PHRASE: &[&str] = &[
    "and", "or", "but", "for", "to", "with", "as", "because", "that", "when", "he", "she", "it", "they",
    "we", "is", "was", "were", "are", "has", "had", "will", "would",
];
