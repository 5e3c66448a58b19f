//! Rules for lengths of time: durations, offsets from a date, and frequencies.

use super::grammar::{Base, Grammar, Meaning};
use super::lexer::Kind;
use super::lexicon::{Unit, number, period, unit};

/// A count of units; none where the words are vague ("several").
type Amount = Option<f64>;

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
            return Some(self.and_a_half(at, value));
        }
        match self.lower(at) {
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
        let (end, amount) = self.amount(at)?;
        let article = matches!(self.lower(at), "a" | "an") && end == at + 1;
        let mut next = self.hyphen(end);
        let hyphenated = next > end;
        while BEFORE_UNIT.contains(&self.lower(next)) {
            next += 1;
        }
        let (mut unit, plural) = self.unit(next, hyphenated)?;
        // "a second term", "a minute detail", "a quarter of the vote", "one second-half goal"
        if !plural
            && !hyphenated
            && (article || amount != Some(1.0))
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
        if self.lower(next) == "and" && self.is(next + 1, "a") && self.is(next + 2, "half") {
            let half = amount.map(|number| number + 0.5);
            return Some((next + 3, half, unit, period(half, unit)));
        }
        let mut value = period(amount, unit);
        let mut amount = amount;
        // Smaller units that follow: "2 hours and 30 minutes".
        for _ in 0..3 {
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
        let found = unit(self.lower(at))?;
        // "sec", "min", "hr" name other things unless a number stands before them.
        let short = matches!(self.lower(at), "sec" | "min" | "hr" | "secs" | "mins" | "hrs");
        (!short || hyphenated || (at > 0 && self.kind(at - 1) == Some(Kind::Number))).then_some(found)
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

    /// "24 hours", "the past three years", "nearly a decade", "for years", "34-year-old".
    pub(super) fn duration(&self, at: usize) -> Option<(usize, Meaning)> {
        let start = self.about(at);
        if start == at && self.is(at, "the")
            || matches!(
                self.lower(start),
                "the"
                    | "these"
                    | "this"
                    | "past"
                    | "last"
                    | "next"
                    | "coming"
                    | "previous"
                    | "first"
                    | "final"
                    | "preceding"
                    | "following"
                    | "those"
            )
        {
            return self.stretch(start);
        }
        if let Some((end, amount, unit, value)) = self.length(start) {
            if self.bad_article(start, end) {
                return None;
            }
            let old = self.hyphen(end);
            let end = if matches!(self.lower(old), "old" | "olds" | "long") { old + 1 } else { end };
            if let Some((end, value)) = self.rate(start, end, &value) {
                return Some((end, Meaning::Set(value)));
            }
            return Some((
                end,
                Meaning::Duration { value, length: amount.map(|number| (number, unit)), ahead: false },
            ));
        }
        // "for years", "in months", "decades of war"
        let (plain, plural) = self.unit(start, false)?;
        let leads = BEFORE_PLURAL.contains(&self.before(at, 1));
        let follows = matches!(self.lower(start + 1), "of" | "after" | "before" | "long");
        (plural
            && plain != Unit::Second
            && plain != Unit::Quarter
            && (leads || follows)
            && !self.capital(start))
        .then(|| (start + 1, Meaning::Duration { value: period(None, plain), length: None, ahead: false }))
    }

    /// "a week", "an hour" as a rate: "60 hours a week", "$3 million a year".
    fn rate(&self, at: usize, end: usize, value: &str) -> Option<(usize, String)> {
        if !(matches!(self.lower(at), "a" | "an") && end == at + 2) {
            return None;
        }
        let before = self.before(at, 1);
        let amount = at.checked_sub(2).and_then(|back| self.kind(back)) == Some(Kind::Number);
        (matches!(
            before,
            "million" | "billion" | "trillion" | "percent" | "times" | "once" | "twice" | "%" | "thousand"
        ) || self.kind(at.wrapping_sub(1)) == Some(Kind::Number)
            || amount && self.word(at.wrapping_sub(1)) && !joins_clause(before))
        .then(|| (end, value.to_owned()))
    }

    /// "a day" in "a day care centre", "a year" in "a year-round job".
    fn bad_article(&self, at: usize, end: usize) -> bool {
        matches!(self.lower(at), "a" | "an")
            && end == at + 2
            && matches!(self.lower(end), "care" | "off" | "trip" | "job" | "shift" | "light")
    }

    /// "the past three years", "the next 24 hours", "the last few months", "the coming weeks".
    fn stretch(&self, at: usize) -> Option<(usize, Meaning)> {
        let the = matches!(self.lower(at), "the" | "these" | "this" | "those");
        let turn = if the { at + 1 } else { at };
        let side = self.lower(turn);
        let turned = STRETCHES.contains(&side);
        if !turned && !the {
            return None;
        }
        let ahead = matches!(side, "next" | "coming" | "following" | "upcoming");
        let from = if turned { turn + 1 } else { turn };
        if turned && let Some((unit, true)) = self.unit(from, false) {
            let value = match side {
                "coming" | "upcoming" | "next" => "FUTURE_REF",
                "recent" | "past" | "last" => "PAST_REF",
                _ => {
                    return Some((
                        from + 1,
                        Meaning::Duration { value: period(None, unit), length: None, ahead: false },
                    ));
                }
            };
            return Some((from + 1, Meaning::Literal(value.to_owned())));
        }
        if matches!(self.lower(from), "a" | "an" | "another") {
            return None;
        }
        let (end, amount, unit, value) = self.length(self.about(from)).or_else(|| {
            // "the past year": one of them, looking back; "last year" is a date.
            let (unit, plural) = self.unit(from, false)?;
            (!plural
                && matches!(side, "past" | "last")
                && the
                && !self.is(from + 1, "of")
                && unit != Unit::Second)
                .then(|| (from + 1, Some(1.0), unit, period(Some(1.0), unit)))
        })?;
        Some((end, Meaning::Duration { value, length: amount.map(|number| (number, unit)), ahead }))
    }

    /// "two to three years", "three or four weeks": one duration, the longer.
    pub(super) fn range_of_amounts(&self, at: usize) -> Option<(usize, Meaning)> {
        let start = self.about(at);
        if matches!(self.lower(start), "a" | "an" | "another" | "half") {
            return None;
        }
        let (end, Some(low)) = self.amount(start)? else { return None };
        if !matches!(self.lower(end), "to" | "or" | "-" | "–") || low > 999.0 {
            return None;
        }
        if matches!(self.lower(end + 1), "a" | "an" | "another") {
            return None;
        }
        let (end, Some(amount), unit, value) = self.length(end + 1)? else { return None };
        (amount > low)
            .then_some((end, Meaning::Duration { value, length: Some((amount, unit)), ahead: false }))
    }

    /// "three days ago", "a year earlier", "weeks later", "two weeks from now", "in two weeks' time".
    pub(super) fn offset(&self, at: usize) -> Option<(usize, Meaning)> {
        let start = self.about(at);
        let (end, amount, unit) = match self.length(start) {
            Some((end, amount, unit, _)) => (end, amount, unit),
            None => {
                let (unit, plural) = self.unit(start, false)?;
                (plural && unit >= Unit::Day).then_some((start + 1, None, unit))?
            }
        };
        if amount.is_none() && unit < Unit::Day && !self.is(end, "ago") {
            return None;
        }
        let (end, sign, base) = match self.lower(end) {
            "ago" => (end + 1, -1, Base::Published),
            "earlier" | "previously" => (end + 1, -1, Base::Reference),
            "before" if self.closes(end + 1) => (end + 1, -1, Base::Reference),
            "later" | "afterwards" | "afterward" => (end + 1, 1, Base::Reference),
            "hence" => (end + 1, 1, Base::Published),
            "from" if matches!(self.lower(end + 1), "now" | "today") => (end + 2, 1, Base::Published),
            "'" | "’" if self.is(end + 1, "time") => (end + 2, 1, Base::Published),
            "'s" | "’s" if self.is(end + 1, "time") => (end + 2, 1, Base::Published),
            "-" if self.is(end + 1, "ago") => (end + 2, -1, Base::Published),
            _ => return None,
        };
        Some((end, Meaning::Offset { amount, unit, sign, base }))
    }

    /// Whether a clause ends here.
    pub(super) fn closes(&self, at: usize) -> bool {
        matches!(self.lower(at), "" | "." | "," | ";" | ")" | "”" | "\"" | "and" | "but")
            || self.kind(at) == Some(Kind::Break)
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

/// Words that begin another clause rather than name what is counted.
fn joins_clause(word: &str) -> bool {
    CLAUSE_WORDS.contains(&word)
}

/// Adjectives between a count and its unit.
const BEFORE_UNIT: &[&str] = &[
    "more", "full", "straight", "consecutive", "long", "further", "whole", "additional", "working",
    "business", "calendar", "successive", "extra", "short", "solid", "trading",
];

/// Words that a bare plural unit follows.
const BEFORE_PLURAL: &[&str] = &[
    "for", "over", "after", "in", "within", "of", "took", "takes", "take", "spent", "lasted", "through",
    "by", "until", "and", "or",
];

/// Words that open a stretch of time without a count of their own.
const STRETCHES: &[&str] = &[
    "past", "last", "next", "coming", "previous", "first", "final", "preceding", "following", "latest",
    "upcoming", "recent", "opening", "closing",
];

/// Words that begin another clause rather than name what is counted.
const CLAUSE_WORDS: &[&str] = &[
    "for", "in", "after", "and", "or", "within", "over", "to", "of", "is", "was", "about", "nearly",
    "almost", "than", "as", "least", "ago",
];
