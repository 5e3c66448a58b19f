//! Rules for stretches of hours: "9-11 a.m.", "between 5 and 6 in the afternoon", "tomorrow from 7 to 8:30 p.m."
//!
//! What one end leaves open it takes from the other: the half of the day, the part of it, the day.

use super::clocks::{end_after, is_day, later};
use super::grammar::{Base, Found, Grammar, Meaning, joins};
use super::lexer::Kind;
use super::lexicon::month;

/// Both ends of a stretch of hours.
struct Hours {
    end_of_first: usize,
    second: usize,
    end: usize,
    from: String,
    until: String,
    /// Named after them.
    day: Option<Box<Meaning>>,
}

/// What follows the hours: where it ends, the part of the day, the day.
struct Tail {
    end: usize,
    part: &'static str,
    day: Option<Box<Meaning>>,
}

impl Grammar<'_> {
    /// "tomorrow from 7:00 to 8:30 p.m.", "Tuesday, 9-11 a.m.", "tonight between 7 and 9": the day and both ends.
    pub(super) fn clocks_of_day(&self, at: usize) -> Option<Vec<Found>> {
        let (end, whole, day, part) = match self.part_of_some_day(at) {
            Some((end, Meaning::Clock { day: Some(day), clock })) if clock.len() == 3 => {
                let whole = Meaning::Clock { day: Some(day.clone()), clock: clock.clone() };
                (end, whole, day, clock)
            }
            _ => {
                let (end, day) = self.date(at).filter(|(_, day)| is_day(day))?;
                let part = self.part(end).map(|code| format!("T{code}")).unwrap_or_default();
                let end = end + usize::from(!part.is_empty());
                let day = Box::new(day);
                let whole = match part.as_str() {
                    "" => (*day).clone(),
                    part => Meaning::Clock { day: Some(day.clone()), clock: part.to_owned() },
                };
                (end, whole, day, part)
            }
        };
        let lead = matches!(self.lower(end), "from" | "between");
        let first = end + usize::from(lead || self.is(end, ","));
        // "Saturday 3-2" is a score.
        let shown = first > end || self.clock(first).is_some() || self.kind(first) == Some(Kind::Clock);
        let hours = self.hours(first, part.trim_start_matches('T'), lead, true).filter(|_| shown)?;
        // "the next evening from 7 to 9": once it is named, it is that day.
        let named = match &*day {
            Meaning::Unit { unit, base: Base::Reference, .. } => {
                Meaning::Unit { unit: *unit, by: 0, base: Base::Reference }
            }
            day => day.clone(),
        };
        let found = |first, end, day: &Meaning, clock| Found {
            first,
            end,
            meaning: Meaning::Clock { day: Some(Box::new(day.clone())), clock },
        };
        let until = found(hours.second, hours.end, &named, hours.until);
        // A preposition between day and hours keeps them apart.
        if first == end {
            return Some(vec![found(at, hours.end_of_first, &day, hours.from), until]);
        }
        let from = found(first, hours.end_of_first, &named, hours.from);
        Some(vec![Found { first: at, end, meaning: whole }, from, until])
    }

    /// "9-11 a.m.", "from 5 to 6 in the afternoon", "10 a.m. to noon Saturday": both ends.
    pub(super) fn range_of_clocks(&self, at: usize) -> Option<Vec<Found>> {
        let led = matches!(self.before(at, 1), "from" | "between");
        let hours = self.hours(at, "", led, false)?;
        let found = |first, end, clock| Found {
            first,
            end,
            meaning: Meaning::Clock { day: hours.day.clone(), clock },
        };
        Some(vec![found(at, hours.end_of_first, hours.from), found(hours.second, hours.end, hours.until)])
    }

    /// "4:17 a.m. (0117 GMT) on Monday": one moment by two clocks, and its day.
    pub(super) fn clock_by_two(&self, at: usize) -> Option<Vec<Found>> {
        let (end, clock) = self.clock(at)?;
        if !self.is(end, "(") {
            return None;
        }
        let (end_of_second, second) = self.clock(end + 1)?;
        let on = usize::from(self.is(end_of_second + 1, "on"));
        let named = end_of_second + 1 + on;
        let (end_of_day, day) = self.date(named).filter(|(_, day)| is_day(day))?;
        let found = |first, end, clock| Found {
            first,
            end,
            meaning: Meaning::Clock { day: Some(Box::new(day.clone())), clock },
        };
        self.is(end_of_second, ")").then(|| {
            let whole = Found { first: named, end: end_of_day, meaning: day.clone() };
            vec![found(at, end, clock), found(end + 1, end_of_second, second), whole]
        })
    }

    /// Whether a time that shows itself as one follows "at", "from" or "between".
    pub(super) fn timed(&self, at: usize) -> bool {
        let next = at + 1;
        let joined = || {
            self.hour(next).is_some_and(|(.., end)| joins(self.lower(end)) && self.clock(end + 1).is_some())
        };
        matches!(self.lower(at), "at" | "from" | "between" | "before" | "by")
            && (self.clock(next).is_some() || joined())
    }

    /// Two hours and what joins them. `led` by "from" or "between"; `dated` where their day stands before them,
    /// `part` being the part of it that was named.
    fn hours(&self, at: usize, part: &str, led: bool, dated: bool) -> Option<Hours> {
        let figure = matches!(self.kind(at)?, Kind::Number | Kind::Clock) || led && self.word(at);
        if !figure {
            return None;
        }
        let (hour, minute, end) = self.hour(at).filter(|(hour, ..)| *hour <= 24)?;
        let own = self.clock(at).filter(|_| self.clock_in_part(at).is_none());
        let end_of_first = own.as_ref().map_or(end, |(end, _)| *end);
        let join = self.lower(end_of_first);
        let second = end_of_first + 1;
        if !joins(join) || self.word(at) && self.word(second) && self.clock(second).is_none() {
            return None;
        }
        let other = self.hour(second).filter(|(hour, ..)| *hour <= 24);
        let theirs = self.clock(second).filter(|_| self.clock_in_part(second).is_none());
        let end = match (&theirs, &other) {
            (Some((end, _)), _) => *end,
            (None, Some((.., end))) => self.zone(*end),
            (None, None) => return None,
        };
        // "from 4 to 22 April"
        if theirs.is_none() && self.kind(second) == Some(Kind::Number) && month(self.lower(end)).is_some() {
            return None;
        }
        let clock = |at| self.kind(at) == Some(Kind::Clock);
        let shown = own.is_some() || theirs.is_some();
        let minutes = clock(at) || clock(second);
        // "won 5 to 3 in the evening", "on Sunday night from 3-1 down" are scores.
        let falls = other.as_ref().is_some_and(|(last, ..)| hour > *last);
        if falls && !shown && !minutes && (!led || matches!(join, "-" | "–")) {
            return None;
        }
        let tail = self.after_hours(end, dated).filter(|tail| {
            // "lost 5 to 3 in the evening game", "on a scale from 1 to 5 Tuesday night"
            let closed = tail.day.is_none() && join != "-" && !self.word(tail.end);
            let named = led && (tail.day.is_none() || minutes || self.before(at, 1) == "between");
            shown || dated || closed || named || clock(at) && clock(second)
        });
        let (end, named, day) = match tail {
            Some(tail) => (tail.end, tail.part, tail.day),
            None => (end, "", None),
        };
        let code = if named.is_empty() { part } else { named };
        let likely = led || dated || day.is_some();
        let sure = shown || !code.is_empty() && (led || !named.is_empty()) || likely && minutes;
        // Two bare hours are told from counts by minutes alone.
        if !sure || !shown && code.is_empty() && !(led || day.is_some() || dated && clock(second)) {
            return None;
        }
        let until = match theirs {
            Some((_, clock)) => clock,
            None => {
                let (last, minute, _) = other?;
                let first = own.as_ref().and_then(|(_, clock)| clock.get(1..3)?.parse().ok()).unwrap_or(hour);
                // "from 10:30 to 3" ends after noon.
                let turned = code.is_empty() && last < first && last + 12 > first && last < 12;
                later(format!("T{last:02}:{minute}"), if turned { "AF" } else { code })
            }
        };
        let from = match own {
            Some((_, clock)) => clock,
            None if !code.is_empty() => {
                let plain = format!("T{hour:02}:{minute}");
                let turned = later(plain.clone(), code);
                if turned > until && plain <= until { plain } else { turned }
            }
            None => same_half(hour, &minute, &until),
        };
        Some(Hours { end_of_first, second, end, from, until, day })
    }

    /// "in the afternoon", "at night", "last night", "tomorrow", "on Monday morning", "of April 22"; only the part of
    /// the day where the day is known.
    fn after_hours(&self, at: usize, dated: bool) -> Option<Tail> {
        let part = if self.is(at, "in") && self.is(at + 1, "the") {
            Some(at + 2)
        } else {
            (self.is(at, "at") && self.is(at + 1, "night")).then_some(at + 1)
        };
        if let Some(part) = part
            && let Some(code) = self.part(part)
            && !self.is(part + 1, "of")
        {
            let of = end_after(self, part + 1);
            return Some(match self.date(of).filter(|(_, day)| !dated && is_day(day)) {
                Some((end, day)) => Tail { end, part: code, day: Some(Box::new(day)) },
                None => Tail { end: part + 1, part: code, day: None },
            });
        }
        if dated {
            return None;
        }
        if let Some((end, Meaning::Clock { day: Some(day), clock })) = self.part_of_some_day(at) {
            let part = ["MO", "AF", "EV", "NI", "MI"].into_iter().find(|part| clock.ends_with(part))?;
            return Some(Tail { end, part, day: Some(day) });
        }
        let of = if self.is(at, "of") { at + 1 } else { end_after(self, at) };
        let (end, day) = self.date(of).filter(|(_, day)| is_day(day))?;
        // "4 p.m.-midnight, Tuesday-Thursday", "until 5 p.m. Friday 1 p.m.-midnight": the day of what follows
        let listed = self.is(at, ",") && !matches!(day, Meaning::Day { .. });
        if listed || self.clock(end).is_some() {
            return None;
        }
        let (end, part) = self.part(end).map_or((end, ""), |code| (end + 1, code));
        Some(Tail { end, part, day: Some(Box::new(day)) })
    }
}

/// The first end of a range shares the half of the day, unless it would come after the second.
fn same_half(hour: u32, minute: &str, until: &str) -> String {
    let last: u32 = until.get(1..3).and_then(|hour| hour.parse().ok()).unwrap_or(0);
    let afternoon = format!("T{:02}:{minute}", hour + 12);
    let shared = hour < 12 && last >= 12 && afternoon.as_str() <= until && hour != 0;
    if shared { afternoon } else { format!("T{hour:02}:{minute}") }
}
