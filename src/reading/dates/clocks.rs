//! Rules for times of day, alone or with their date.

use super::grammar::{Base, Found, Grammar, Meaning, joins};
use super::lexer::Kind;
use super::lexicon::{Unit, month, number, part_of_day, weekday, zone};
use super::not_dates;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// A date, a time, or both: "Wednesday", "10 p.m. on Wednesday", "July 15 at noon", "tonight".
    pub(super) fn moment(&self, at: usize) -> Parsed {
        let parts = [self.dated(at), self.clocked(at), self.part_first(at)];
        parts.into_iter().flatten().reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// A date, then perhaps its time: "Wednesday morning", "Sept. 7 at 10:30 a.m.".
    fn dated(&self, at: usize) -> Parsed {
        let (end, day) = self.date(at)?;
        let (end, day) = self.loose_year(end, day);
        if !is_day(&day) {
            return Some((end, day));
        }
        let day = Some(Box::new(day));
        if let Some(code) = self.part(end) {
            let after = end + 1;
            // "Wednesday night at 8"
            return Some(match self.at_clock(after) {
                Some((end, clock)) => (end, Meaning::Clock { day, clock: later(clock, code) }),
                None => (after, Meaning::Clock { day, clock: format!("T{code}") }),
            });
        }
        if self.is(end, "in")
            && self.is(end + 1, "the")
            && let Some(code) = self.part(end + 2)
        {
            return Some((end + 3, Meaning::Clock { day, clock: format!("T{code}") }));
        }
        if let Some((end, clock)) = self.at_clock(end) {
            return Some((end, Meaning::Clock { day, clock }));
        }
        day.map(|day| (end, *day))
    }

    /// "Wednesday, September 7" has no loose end; nothing to do for others.
    fn loose_year(&self, end: usize, day: Meaning) -> (usize, Meaning) {
        // "September 7 last year"
        if let Meaning::Day { year: None, month, day: date } = day {
            let of = if self.is(end, "of") { end + 1 } else { end };
            if let Some((after, shift)) =
                self.shift(of).filter(|(after, _)| self.is(*after, "year") && !self.is(of, "the"))
            {
                let code = format!("{month:02}-{date:02}");
                return (after + 1, Meaning::Share { year: None, code, shift });
            }
        }
        (end, day)
    }

    /// A part of the day right after a date, where no other noun follows it ("Saturday Night Live").
    fn part(&self, at: usize) -> Option<&'static str> {
        let word = self.lower(at);
        if matches!(word, "noon" | "midday") || self.capital(at) && !self.uncased {
            return None;
        }
        part_of_day(word)
    }

    /// A clock time after a date: ", 10:30", "at 3 p.m.", "around noon".
    fn at_clock(&self, at: usize) -> Option<(usize, String)> {
        let mut next = at;
        if self.is(next, ",") {
            next += 1;
        }
        let before = next;
        if self.is(next, "at") {
            next += 1;
        }
        if matches!(self.lower(next), "around" | "about" | "approximately") {
            next += 1;
        }
        self.clock(next).or_else(|| (next > before).then(|| self.bare_clock(next))?)
    }

    /// A time, then perhaps its date: "10 p.m. on Wednesday", "noon today".
    fn clocked(&self, at: usize) -> Parsed {
        let lead = match self.lower(at) {
            "early" | "late" | "shortly" => return None,
            _ => at,
        };
        let (end, clock) = self.clock(lead).or_else(|| {
            let led = matches!(
                self.before(at, 1),
                "at" | "by"
                    | "from"
                    | "until"
                    | "till"
                    | "around"
                    | "about"
                    | "before"
                    | "after"
                    | "since"
                    | "between"
                    | "to"
                    | "and"
            );
            let dated = self.date(end_after(self, at + 1)).is_some_and(|(_, day)| is_day(&day));
            ((led || dated) && self.kind(at) == Some(Kind::Clock)).then(|| self.bare_clock(at))?
        })?;
        let of = end_after(self, end);
        if let Some((after, day)) = self.date(of).filter(|(_, day)| is_day(day)) {
            // "10 p.m. Wednesday night"
            let after = if self.part(after).is_some() { after + 1 } else { after };
            return Some((after, Meaning::Clock { day: Some(Box::new(day)), clock }));
        }
        if let Some((after, Meaning::Clock { day, clock: part })) = self.part_first(end) {
            let code = part.trim_start_matches('T').to_owned();
            return Some((after, Meaning::Clock { day, clock: later(clock, &code) }));
        }
        Some((end, Meaning::Clock { day: None, clock }))
    }

    /// "this morning", "last night", "the night of July 15", "tonight", "overnight", "in the evening"
    fn part_first(&self, at: usize) -> Parsed {
        let on = |by: i64, code: &str, end: usize| {
            let day = Meaning::Unit { unit: Unit::Day, by, base: Base::Published };
            Some((end, Meaning::Clock { day: Some(Box::new(day)), clock: format!("T{code}") }))
        };
        let mut from = at;
        match self.lower(at) {
            "tonight" => return on(0, "NI", at + 1),
            "overnight" if !self.hyphenated(at + 1) => return on(0, "NI", at + 1),
            "early" | "late" | "later" | "earlier" => from = at + 1,
            "the" if matches!(self.lower(at + 1), "early" | "late" | "small") && self.is(at + 2, "hours") => {
                let of = if self.is(at + 3, "of") { at + 4 } else { at + 3 };
                let (end, day) = self.date(of)?;
                return is_day(&day)
                    .then(|| (end, Meaning::Clock { day: Some(Box::new(day)), clock: "TMO".to_owned() }));
            }
            _ => {}
        }
        if matches!(self.lower(from), "this" | "that" | "last" | "yesterday" | "tomorrow") {
            let code = part_of_day(self.lower(from + 1)).filter(|_| self.lower(from + 1) != "dawn");
            if let Some(code) = code.filter(|_| !self.capital(from + 1) || self.uncased) {
                return match self.lower(from) {
                    "last" if code != "MO" => on(-1, code, from + 2),
                    "yesterday" => on(-1, code, from + 2),
                    "tomorrow" => on(1, code, from + 2),
                    "that" => {
                        let day = Meaning::Unit { unit: Unit::Day, by: 0, base: Base::Reference };
                        Some((
                            from + 2,
                            Meaning::Clock { day: Some(Box::new(day)), clock: format!("T{code}") },
                        ))
                    }
                    "this" => on(0, code, from + 2),
                    _ => None,
                };
            }
            if from > at && matches!(self.lower(from), "yesterday" | "tomorrow") {
                return self.date(from);
            }
            return None;
        }
        if from > at {
            // "early Wednesday morning" comes through the date rule; "early morning" here.
            let code = self.part(from)?;
            return (!matches!(self.lower(from), "night" | "dawn"))
                .then(|| (from + 1, Meaning::Clock { day: None, clock: format!("T{code}") }));
        }
        let the = self.is(at, "the");
        if the || part_of_day(self.lower(at)).is_some() {
            let mut word = if the { at + 1 } else { at };
            if the && matches!(self.lower(word), "following" | "next" | "previous" | "same") {
                let by = match self.lower(word) {
                    "previous" => -1,
                    "same" => 0,
                    _ => 1,
                };
                let code = self.part(word + 1)?;
                let day = Some(Box::new(Meaning::Unit { unit: Unit::Day, by, base: Base::Reference }));
                return Some((word + 2, Meaning::Clock { day, clock: format!("T{code}") }));
            }
            if the && matches!(self.lower(word), "early" | "late") {
                word += 1;
            }
            let code = self.part(word)?;
            if self.is(word + 1, "of") {
                let (end, day) = self.date(word + 2)?;
                return is_day(&day)
                    .then(|| (end, Meaning::Clock { day: Some(Box::new(day)), clock: format!("T{code}") }));
            }
            let led = matches!(
                self.before(at, 1),
                "in" | "during" | "at" | "by" | "until" | "before" | "since" | "throughout"
            );
            let lone = !self.word(word + 1)
                || matches!(
                    self.lower(word + 1),
                    "and"
                        | "when"
                        | "but"
                        | "as"
                        | "after"
                        | "before"
                        | "to"
                        | "on"
                        | "in"
                        | "with"
                        | "at"
                        | "by"
                        | "while"
                );
            let dawn = matches!(self.lower(word), "dawn" | "dusk" | "night");
            if led && lone && (the || dawn) {
                if self.is(word + 1, "on")
                    && let Some((end, day)) = self.date(word + 2).filter(|(_, day)| is_day(day))
                {
                    return Some((
                        end,
                        Meaning::Clock { day: Some(Box::new(day)), clock: format!("T{code}") },
                    ));
                }
                return Some((word + 1, Meaning::Clock { day: None, clock: format!("T{code}") }));
            }
        }
        None
    }

    /// A time of day that shows itself as one: "3 p.m.", "15:00 GMT", "noon", "six o'clock".
    pub(super) fn clock(&self, at: usize) -> Option<(usize, String)> {
        match self.lower(at) {
            "noon" | "midday" => return Some((self.zone(at + 1), "T12:00".to_owned())),
            "midnight" => return Some((self.zone(at + 1), "T24:00".to_owned())),
            _ => {}
        }
        let (hour, minute, end) = self.hour(at)?;
        if let Some(code) = self.meridiem(end) {
            if !(1..=12).contains(&hour) {
                // "15:00 pm" is written too.
                return (hour <= 23 && self.kind(at) == Some(Kind::Clock))
                    .then(|| (self.zone(end + 1), format!("T{hour:02}:{minute}")));
            }
            let hour = hour % 12 + if code { 12 } else { 0 };
            return Some((self.zone(end + 1), format!("T{hour:02}:{minute}")));
        }
        if self.is(end, "o") && matches!(self.lower(end + 1), "'" | "’") && self.is(end + 2, "clock") {
            return (hour <= 24).then(|| (self.zone(end + 3), format!("T{hour:02}:{minute}")));
        }
        let zoned = self.zone(end);
        (zoned > end && hour <= 24 && (self.kind(at) != Some(Kind::Number) || self.raw(at).len() == 4))
            .then(|| (zoned, format!("T{hour:02}:{minute}")))
    }

    /// "10:30" alone: the caller knows that a time is meant.
    fn bare_clock(&self, at: usize) -> Option<(usize, String)> {
        let (hour, minute, end) = self.hour(at)?;
        (self.kind(at) == Some(Kind::Clock) && hour <= 24).then(|| (end, format!("T{hour:02}:{minute}")))
    }

    /// Hour, minutes as written, and where they end.
    fn hour(&self, at: usize) -> Option<(u32, String, usize)> {
        let raw = self.raw(at);
        if !self.word(at) && !self.free_number(at) && !matches!(self.before(at, 1), "-" | "–") {
            return None;
        }
        match self.kind(at)? {
            Kind::Clock => {
                let (hour, minute) = raw.split_once(':')?;
                let valid = minute.split(':').all(|part| part.parse::<u32>().is_ok_and(|part| part < 60));
                let hour: u32 = hour.parse().ok()?;
                (valid && hour <= 24).then(|| (hour, minute.to_owned(), at + 1))
            }
            Kind::Number if raw.len() == 4 && !raw.contains(['.', ',']) => {
                let value = self.digits(at)?;
                (value % 100 < 60 && value < 2400)
                    .then(|| (value / 100, format!("{:02}", value % 100), at + 1))
            }
            Kind::Number => match raw.split_once('.') {
                Some((hour, minute)) if minute.len() == 2 => {
                    let valid = minute.parse::<u32>().is_ok_and(|minute| minute < 60);
                    let hour: u32 = hour.parse().ok()?;
                    (valid && hour < 24).then(|| (hour, minute.to_owned(), at + 1))
                }
                None => Some((self.digits(at).filter(|hour| *hour <= 24)?, "00".to_owned(), at + 1)),
                _ => None,
            },
            Kind::Word => {
                let hour = number(self.lower(at)).filter(|hour| (1..=12).contains(hour))?;
                Some((hour, "00".to_owned(), at + 1))
            }
            _ => None,
        }
    }

    /// Whether "p.m." (true) or "a.m." (false) stands here.
    fn meridiem(&self, at: usize) -> Option<bool> {
        match self.kind(at)? {
            Kind::Meridiem => Some(self.lower(at).starts_with('p')),
            Kind::Word if matches!(self.raw(at), "pm" | "PM" | "Pm") => Some(true),
            Kind::Word if matches!(self.raw(at), "am" | "AM") && (self.kind(at - 1) != Some(Kind::Word)) => {
                Some(false)
            }
            _ => None,
        }
    }

    /// Steps over a time zone: "GMT", "local time", "Eastern time".
    fn zone(&self, at: usize) -> usize {
        if zone(self.raw(at)) {
            return at + 1;
        }
        if self.is(at, "local") && self.is(at + 1, "time") {
            return at + 2;
        }
        if matches!(self.lower(at), "eastern" | "central" | "pacific" | "mountain" | "greenwich") {
            let next =
                if matches!(self.lower(at + 1), "standard" | "daylight" | "mean") { at + 2 } else { at + 1 };
            if self.is(next, "time") {
                return next + 1;
            }
        }
        at
    }

    /// "9-11 a.m.", "3 to 5 p.m.", "10:30-11:15": both ends.
    pub(super) fn range_of_clocks(&self, at: usize) -> Option<Vec<Found>> {
        if !matches!(self.kind(at)?, Kind::Number | Kind::Clock) {
            return None;
        }
        let (hour, minute, end) = self.hour(at)?;
        if !joins(self.lower(end)) || month(self.lower(end + 2)).is_some() || not_dates::counts(self, end + 2)
        {
            return None;
        }
        let led = matches!(self.before(at, 1), "from" | "between");
        let (last, meaning) = match self.clocked(end + 1) {
            Some((last, meaning @ Meaning::Clock { .. })) => (last, meaning),
            _ if self.kind(at) == Some(Kind::Clock) && led => {
                let (last, clock) = self.bare_clock(end + 1)?;
                (last, Meaning::Clock { day: None, clock })
            }
            _ => return None,
        };
        let Meaning::Clock { day, clock } = &meaning else { return None };
        if self.word(end + 1) {
            return None;
        }
        // The first end shares the half of the day, unless it would come after the second.
        let until: u32 = clock.get(1..3)?.parse().ok()?;
        let hour = if hour < 12 && until >= 12 && hour + 12 <= until && hour != 0 { hour + 12 } else { hour };
        let first = Meaning::Clock { day: day.clone(), clock: format!("T{hour:02}:{minute}") };
        Some(vec![Found { first: at, end, meaning: first }, Found { first: end + 1, end: last, meaning }])
    }
}

/// After a time: steps over what may stand before its date.
fn end_after(grammar: &Grammar<'_>, at: usize) -> usize {
    let next = if grammar.is(at, ",") { at + 1 } else { at };
    let next = if grammar.is(next, "on") { next + 1 } else { next };
    if next == at + 1
        && grammar.is(at, ",")
        && weekday(grammar.lower(next)).is_none()
        && month(grammar.lower(next)).is_none()
        && grammar.kind(next) != Some(Kind::Number)
    {
        return at;
    }
    next
}

/// Whether a meaning is a day, so that a time of day can belong to it.
fn is_day(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Day { .. }
            | Meaning::DayOfMonth(_)
            | Meaning::Weekday { .. }
            | Meaning::Holiday { .. }
            | Meaning::Unit { unit: Unit::Day, .. }
    )
}

/// A clock of a morning or an evening: "8:00" on Wednesday night is T20:00.
fn later(clock: String, code: &str) -> String {
    let Some(hour) = clock.get(1..3).and_then(|hour| hour.parse::<u32>().ok()) else { return clock };
    let after_noon = match code {
        "AF" | "EV" => (1..12).contains(&hour),
        "NI" => (6..12).contains(&hour),
        _ => false,
    };
    if after_noon { format!("T{}{}", hour + 12, clock.get(3..).unwrap_or_default()) } else { clock }
}
