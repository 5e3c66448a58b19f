//! Rules for times of day, alone or with their date.

use super::grammar::{Grammar, Meaning, Shift};
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
        // "Wednesday night", "Sunday early morning"
        let part = end + usize::from(matches!(self.lower(end), "early" | "late"));
        if let Some(code) = self.part(part) {
            let (after, day) = self.week_after(part + 1, day);
            let day = Some(Box::new(day));
            // "Wednesday night at 8"
            return Some(match self.at_clock(after).or_else(|| self.hour_in(after, code)) {
                Some((end, clock)) => (end, Meaning::Clock { day, clock: later(clock, code) }),
                None => (after, Meaning::Clock { day, clock: format!("T{code}") }),
            });
        }
        if self.is(end, "in")
            && self.is(end + 1, "the")
            && let Some(code) = self.part(end + 2)
        {
            let day = Some(Box::new(day));
            return Some((end + 3, Meaning::Clock { day, clock: format!("T{code}") }));
        }
        let Some((end, clock)) = self.at_clock(end) else { return Some((end, day)) };
        let (end, day) = self.week_after(end, day);
        let (end, day) = self.stamped_year(end, day);
        let day = Some(Box::new(day));
        // "Sunday at 8:00 late evening"
        if matches!(self.lower(end), "early" | "late")
            && let Some(code) = self.part(end + 1)
        {
            return Some((end + 2, Meaning::Clock { day, clock: later(clock, code) }));
        }
        Some((end, Meaning::Clock { day, clock }))
    }

    /// "Wednesday evening next week": the week of a weekday, after its time.
    fn week_after(&self, end: usize, day: Meaning) -> (usize, Meaning) {
        if let Meaning::Weekday { weekday, shift: Shift::Plain, week: None } = day
            && let Some((after, shift)) =
                self.shift(end).filter(|(after, _)| self.is(*after, "week") && !self.is(end, "the"))
        {
            return (after + 1, Meaning::Weekday { weekday, shift: Shift::Plain, week: Some(shift.by()) });
        }
        (end, day)
    }

    /// "Oct 26 15:50:06 2016": the year at the end of a time stamp.
    fn stamped_year(&self, end: usize, day: Meaning) -> (usize, Meaning) {
        if let Meaning::Day { year: None, month, day } = day
            && self.raw(end - 1).len() == 8
            && let Some(year) =
                self.digits(end).filter(|year| self.raw(end).len() == 4 && (1900..2100).contains(year))
        {
            let year = i32::try_from(year).ok();
            return (end + 1, Meaning::Day { year, month, day });
        }
        (end, day)
    }

    /// What turns a date from behind: "September 7 last year", "Monday last".
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
        // "on Friday week"
        if matches!(day, Meaning::Weekday { shift: Shift::Plain, week: None, .. })
            && self.is(end, "week")
            && self.closes(end + 1)
        {
            return (end + 1, Meaning::Near { days: 7, of: Box::new(day) });
        }
        let by = match self.lower(end) {
            "last" if !self.word(end + 1) || self.closes(end + 1) => Shift::Last,
            "next" if !self.word(end + 1) || self.closes(end + 1) => Shift::Next,
            _ => return (end, day),
        };
        // "Monday last", "in October last"
        match day {
            Meaning::Weekday { weekday, shift: Shift::Plain, week: None } => {
                (end + 1, Meaning::Weekday { weekday, shift: by, week: None })
            }
            Meaning::Month { year: None, month, shift: Shift::Plain } => {
                (end + 1, Meaning::Month { year: None, month, shift: by })
            }
            _ => (end, day),
        }
    }

    /// A clock time after a date: ", 10:30", "at 3 p.m.", "around noon".
    fn at_clock(&self, at: usize) -> Option<(usize, String)> {
        let mut next = at;
        if self.is(next, ",") {
            next += 1;
        }
        let before = next;
        if matches!(self.lower(next), "at" | "@") {
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
                    | "than"
                    | "and"
            );
            let dated = self.date(end_after(self, lead + 1)).is_some_and(|(_, day)| is_day(&day));
            (led || dated).then(|| self.bare_clock(lead))?
        })?;
        let of = end_after(self, end);
        if let Some((after, day)) = self.date(of).filter(|(_, day)| is_day(day)) {
            // "10 p.m. Wednesday night", "five-thirty tomorrow evening"
            let (after, clock) = match self.part(after) {
                Some(code) => (after + 1, later(clock, code)),
                None => (after, clock),
            };
            return Some((after, Meaning::Clock { day: Some(Box::new(day)), clock }));
        }
        if let Some((after, Meaning::Clock { day, clock: part })) = self.part_first(end) {
            let code = part.trim_start_matches('T').to_owned();
            return Some((after, Meaning::Clock { day, clock: later(clock, &code) }));
        }
        Some((end, Meaning::Clock { day: None, clock }))
    }
}

/// After a time: steps over what may stand before its date.
pub fn end_after(grammar: &Grammar<'_>, at: usize) -> usize {
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
            | Meaning::HolidayOfYear { .. }
            | Meaning::DayTurned { .. }
            | Meaning::Unit { unit: Unit::Day, .. }
    )
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
