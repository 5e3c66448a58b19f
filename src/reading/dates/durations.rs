//! Rules for durations, and for dates that are told by one: "three days ago".

use super::grammar::{Base, Grammar, Meaning};
use super::lexer::Kind;
use super::lexicon::{Unit, period, unit, weekday};

impl Grammar<'_> {
    /// "24 hours", "the past three years", "nearly a decade", "for years", "34-year-old".
    pub(super) fn duration(&self, at: usize) -> Option<(usize, Meaning)> {
        let start = self.about(at);
        // "the Thirty Years' War", "the Six-Day War"
        if let Some((end, ..)) = self.length(if self.is(start, "the") { start + 1 } else { start }) {
            let war = end + usize::from(matches!(self.lower(end), "'" | "’"));
            if self.capital(war) && self.is(war, "war") {
                return None;
            }
        }
        if let Some(found) = self.whole(start).or_else(|| self.quarter_century(start)) {
            return Some(found);
        }
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
        if let Some(adjective) = self.lasting(start) {
            return Some(adjective);
        }
        if let Some((end, amount, unit, value)) = self.length(start) {
            if self.bad_article(start, end) || self.is_lasting(start + 1) {
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
        let follows = match self.lower(start + 1) {
            "of" => plain > Unit::Minute,
            after => AFTER_PLURAL.contains(&after),
        };
        (plural
            && plain != Unit::Second
            && plain != Unit::Quarter
            && (leads || follows)
            && !matches!(self.before(at, 1), "per" | "on" | "light")
            && !(self.opens(start) && self.is(start + 1, "of") && self.capital(start + 2))
            && (!self.capital(start) || self.opens(start)))
        .then(|| (start + 1, Meaning::Duration { value: period(None, plain), length: None, ahead: false }))
    }

    /// "weeklong", "year-long", "decades-old": adjectives of length.
    fn lasting(&self, at: usize) -> Option<(usize, Meaning)> {
        let word = self.lower(at);
        let (unit, plural, end) = match word.strip_suffix("long").map(|unit| (self::unit(unit), unit)) {
            Some((Some((unit, plural)), _)) => (unit, plural, at + 1),
            _ if self.is_lasting(at) => {
                let (unit, plural) = unit(word)?;
                (unit, plural, at + 3)
            }
            _ => return None,
        };
        let amount = (!plural).then_some(1.0);
        let length = amount.map(|amount| (amount, unit));
        Some((end, Meaning::Duration { value: period(amount, unit), length, ahead: false }))
    }

    fn is_lasting(&self, at: usize) -> bool {
        unit(self.lower(at)).is_some_and(|(unit, _)| unit > Unit::Second)
            && self.hyphenated(at + 1)
            && matches!(self.lower(at + 2), "long" | "old")
    }

    /// "all day", "the whole week", "the entire year"
    fn whole(&self, at: usize) -> Option<(usize, Meaning)> {
        let next = match self.lower(at) {
            "all" | "full" | "whole" => self.hyphen(at + 1),
            "the" | "a" | "an" if matches!(self.lower(at + 1), "whole" | "entire" | "full") => at + 2,
            _ => return None,
        };
        let (unit, plural) = self.unit(next, false)?;
        let night = matches!(self.lower(next), "night" | "quarter");
        (!plural && unit >= Unit::Day && !night && !self.hyphenated(next + 1) && !self.is(next + 1, "of"))
            .then(|| {
                let value = period(Some(1.0), unit);
                (next + 1, Meaning::Duration { value, length: Some((1.0, unit)), ahead: false })
            })
    }

    /// "a quarter-century", "a quarter of a century"
    fn quarter_century(&self, at: usize) -> Option<(usize, Meaning)> {
        let quarter = if matches!(self.lower(at), "a" | "one") { at + 1 } else { at };
        if !self.is(quarter, "quarter") {
            return None;
        }
        let of = self.is(quarter + 1, "of") && matches!(self.lower(quarter + 2), "a" | "the");
        let century = if of { quarter + 3 } else { self.hyphen(quarter + 1) };
        (self.is(century, "century") && century > quarter + 1 || of && self.is(century, "century")).then(
            || {
                let length = Some((25.0, Unit::Year));
                (century + 1, Meaning::Duration { value: "P25Y".to_owned(), length, ahead: false })
            },
        )
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
            && (matches!(
                self.lower(end),
                "care"
                    | "off"
                    | "trip"
                    | "job"
                    | "shift"
                    | "light"
                    | "trader"
                    | "labourer"
                    | "laborer"
                    | "nurse"
                    | "school"
                    | "tripper"
            ) || self.is(at + 1, "minute")
                && matches!(
                    self.lower(end),
                    "crack" | "detail" | "amount" | "quantity" | "fraction" | "part" | "particle" | "trace"
                ))
    }

    /// "the past three years", "the next 24 hours", "the last few months", "the coming weeks".
    fn stretch(&self, at: usize) -> Option<(usize, Meaning)> {
        let the = matches!(self.lower(at), "the" | "these" | "this" | "those");
        let turn = if the { at + 1 } else { at };
        let side = self.lower(turn);
        let turned = STRETCHES.contains(&side) && !self.is_verb_last(turn);
        if !turned && !the {
            return None;
        }
        let ahead = matches!(side, "next" | "coming" | "following" | "upcoming");
        let from = if turned { turn + 1 } else { turn };
        // "over the years", "in the days since": a stretch that something else bounds.
        if !turned
            && self.is(at, "the")
            && let Some((unit, true)) = self.unit(from, false)
        {
            let bounded = AFTER_DAYS.contains(&self.lower(from + 1));
            let over = matches!(self.before(at, 1), "over" | "through" | "down") && !self.is(from + 1, "of");
            return (unit >= Unit::Hour && unit != Unit::Quarter && (bounded || over)).then(|| {
                (from + 1, Meaning::Duration { value: period(None, unit), length: None, ahead: false })
            });
        }
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
        // "the two-week conflict": an adjective, the article is its noun's.
        if !turned && self.length(from).is_some_and(|(end, ..)| end == from + 3 && self.hyphenated(from + 1))
        {
            return None;
        }
        let about = self.about(from);
        // "the last three months, and two days ago": that counts from now.
        let back = |end| matches!(self.lower(end), "ago" | "later" | "earlier");
        let length = self.length(about).filter(|(end, ..)| !turned || !back(*end));
        let (end, amount, unit, value) = length.or_else(|| self.length_of(about, 1)).or_else(|| {
            // "the past year", "in past weeks": one of them, looking back; "last year" is a date. An hour is no date.
            let (unit, plural) = self.unit(from, false)?;
            let led = matches!(self.before(at, 1), "in" | "over" | "during" | "within");
            let hour = unit == Unit::Hour && matches!(side, "past" | "last" | "next" | "coming");
            let fortnight = unit == Unit::Fortnight && matches!(side, "past" | "last" | "next" | "coming");
            let back = matches!(side, "past" | "last") && the || side == "past" && led && unit > Unit::Day;
            (!plural && (hour || fortnight || back) && !self.is(from + 1, "of") && unit != Unit::Second)
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
        let range = self.range_of_amounts(start).and_then(|(end, meaning)| match meaning {
            Meaning::Duration { length: Some((amount, unit)), .. } => Some((end, Some(amount), unit)),
            _ => None,
        });
        let (end, amount, unit) = match (range, self.length(start)) {
            (Some(range), _) => range,
            (None, Some((end, amount, unit, _))) => (end, amount, unit),
            (None, None) => {
                let (unit, plural) = self.unit(start, false)?;
                plural.then_some((start + 1, None, unit))?
            }
        };
        // "a few moments later" is no date; "hours later", "minutes ago" are.
        if amount.is_none() && unit < Unit::Day && !matches!(self.lower(end), "ago" | "later" | "earlier") {
            return None;
        }
        if self.is(end, "ago")
            && unit >= Unit::Week
            && let Some(amount) = amount.filter(|amount| amount.fract() == 0.0 && *amount < 2000.0)
            && let Some((end, of)) = self.anniversary(end + 1)
        {
            return Some((end, Meaning::Anniversary { amount: amount as i64, unit, of: Box::new(of) }));
        }
        let (end, sign, base) = match self.lower(end) {
            "ago" => (end + 1, -1, Base::Published),
            "earlier" | "previously" => (end + 1, -1, Base::Reference),
            "before" if self.closes(end + 1) => (end + 1, -1, Base::Reference),
            // "for half an hour later this week"
            "later" if self.is(end + 1, "this") => return None,
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

    /// The date from which "fifty years ago" is counted: "today", "this week", "Tuesday".
    fn anniversary(&self, at: usize) -> Option<(usize, Meaning)> {
        let named = weekday(self.lower(at)).is_some_and(|(_, short)| !short) && self.capital(at);
        if named || matches!(self.lower(at), "today" | "tomorrow" | "yesterday" | "this") {
            let (end, of) = self.date(at)?;
            let end = end + usize::from(self.part(end).is_some());
            let fits = match &of {
                Meaning::Unit { unit, .. } => *unit <= Unit::Month,
                Meaning::Weekday { .. } => true,
                _ => false,
            };
            return fits.then_some((end, of));
        }
        None
    }

    /// Whether a clause ends here.
    pub(super) fn closes(&self, at: usize) -> bool {
        matches!(self.lower(at), "" | "." | "," | ";" | "?" | "!" | ")" | "”" | "\"" | "and" | "but")
            || self.kind(at) == Some(Kind::Break)
    }
}

/// Words that begin another clause rather than name what is counted.
fn joins_clause(word: &str) -> bool {
    CLAUSE_WORDS.contains(&word)
}

/// Words that a bare plural unit follows.
const BEFORE_PLURAL: &[&str] = &[
    "for", "over", "after", "in", "within", "of", "took", "takes", "take", "spent", "lasted", "through",
    "by", "until", "and", "or", "during", "just", "only", "mere", "spend", "spending", "last", "waited",
    "wait", "throughout", "several", "than",
];

/// Words that follow a bare plural unit.
const AFTER_PLURAL: &[&str] =
    &["after", "before", "long", "ahead", "away", "since", "earlier", "later", "ago", "without"];

/// What bounds "the days", "the years".
const AFTER_DAYS: &[&str] = &[
    "after", "before", "since", "ahead", "that", "following", "leading", "between", "to", "immediately",
    "prior",
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
