//! Rules for times of day, alone or with their date.

use super::counts;
use super::grammar::{Found, Grammar, Meaning, joins};
use super::lexer::Kind;
use super::lexicon::{Unit, month, weekday};

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
        let rough = matches!(self.lower(next), "around" | "about" | "approximately");
        if rough {
            next += 1;
        }
        // "23.04.2022 14:55"
        if next == at && self.kind(at) == Some(Kind::Clock) && !self.glued(at) {
            return self.clock(at).or_else(|| self.bare_clock(at));
        }
        self.clock(next).or_else(|| (next > before).then(|| self.bare_clock(next))?)
    }

    /// A time, then perhaps its date: "10 p.m. on Wednesday", "noon today".
    fn clocked(&self, at: usize) -> Parsed {
        let lead = match self.lower(at) {
            "early" | "late" | "shortly" => return None,
            "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" => at + 1,
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
            let dated = self.date(end_after(self, lead + 1)).is_some_and(|(_, day)| is_day(&day));
            ((led || dated) && self.kind(lead) == Some(Kind::Clock)).then(|| self.bare_clock(lead))?
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

    /// "tomorrow from 7:00 to 8:30 p.m.", "Tuesday, 9-11 a.m.", "tonight between 7 and 9": the day and both ends.
    pub(super) fn clocks_of_day(&self, at: usize) -> Option<Vec<Found>> {
        let (end, whole, day, part) = match self.part_of_some_day(at) {
            Some((end, Meaning::Clock { day: Some(day), clock })) if clock.len() == 3 => {
                let whole = Meaning::Clock { day: Some(day.clone()), clock: clock.clone() };
                (end, whole, day, clock)
            }
            _ => {
                let (end, day) = self.date(at).filter(|(_, day)| is_day(day))?;
                (end, day.clone(), Box::new(day), String::new())
            }
        };
        let first = end + usize::from(matches!(self.lower(end), "from" | "between" | ","));
        if !matches!(self.kind(first)?, Kind::Number | Kind::Clock) {
            return None;
        }
        let (hour, minute, end_of_first) = self.hour(first)?;
        let own = self.clock(first);
        let join = own.as_ref().map_or(end_of_first, |(end, _)| *end);
        if !joins(self.lower(join)) || first == end && own.is_none() && self.kind(first) == Some(Kind::Number)
        {
            return None;
        }
        let code = part.trim_start_matches('T');
        let sure = self.kind(first) == Some(Kind::Clock) || !code.is_empty() && first > end;
        let (last, until) = self.clock(join + 1).or_else(|| {
            let (hour, minute, end) = self.hour(join + 1).filter(|(hour, ..)| sure && *hour <= 24)?;
            (!self.word(end) || month(self.lower(end)).is_none())
                .then(|| (end, format!("T{hour:02}:{minute}")))
        })?;
        let until = later(until, code);
        let from = own.map_or_else(|| same_half(hour, &minute, &until), |(_, clock)| clock);
        let found = |first, end, clock| Found {
            first,
            end,
            meaning: Meaning::Clock { day: Some(day.clone()), clock },
        };
        let ends = |first| vec![found(first, join, later(from, code)), found(join + 1, last, until)];
        // A preposition between day and hours keeps them apart.
        if first == end {
            return Some(ends(at));
        }
        let mut all = vec![Found { first: at, end, meaning: whole }];
        all.extend(ends(first));
        Some(all)
    }

    /// "9-11 a.m.", "3 to 5 p.m.", "10:30-11:15": both ends.
    pub(super) fn range_of_clocks(&self, at: usize) -> Option<Vec<Found>> {
        if !matches!(self.kind(at)?, Kind::Number | Kind::Clock) {
            return None;
        }
        let (hour, minute, end) = self.hour(at)?;
        if !joins(self.lower(end)) || month(self.lower(end + 2)).is_some() || counts::counts(self, end + 2) {
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
        let first = Meaning::Clock { day: day.clone(), clock: same_half(hour, &minute, clock) };
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
pub fn is_day(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Day { .. }
            | Meaning::DayOfMonth { .. }
            | Meaning::Weekday { .. }
            | Meaning::ThatWeekday(_)
            | Meaning::DatedWeekday { .. }
            | Meaning::WeekdayOfMonth { .. }
            | Meaning::Near { .. }
            | Meaning::Holiday { .. }
            | Meaning::Unit { unit: Unit::Day, .. }
    )
}

/// The first end of a range shares the half of the day, unless it would come after the second.
fn same_half(hour: u32, minute: &str, until: &str) -> String {
    let until: u32 = until.get(1..3).and_then(|hour| hour.parse().ok()).unwrap_or(0);
    let hour = if hour < 12 && until >= 12 && hour + 12 <= until && hour != 0 { hour + 12 } else { hour };
    format!("T{hour:02}:{minute}")
}

/// A clock of a morning or an evening: "8:00" on Wednesday night is T20:00.
pub fn later(clock: String, code: &str) -> String {
    let Some(hour) = clock.get(1..3).and_then(|hour| hour.parse::<u32>().ok()) else { return clock };
    let after_noon = match code {
        "AF" | "EV" => (1..12).contains(&hour),
        "NI" => (6..12).contains(&hour),
        _ => false,
    };
    if after_noon { format!("T{}{}", hour + 12, clock.get(3..).unwrap_or_default()) } else { clock }
}
