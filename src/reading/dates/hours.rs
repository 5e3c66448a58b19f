//! Rules for a time on the clock, whatever day it is of: "3 p.m.", "15:00 GMT", "half past seven".

use super::clocks::later;
use super::grammar::Grammar;
use super::lexer::Kind;
use super::lexicon::{number, weekday, zone};

impl Grammar<'_> {
    /// A time of day that shows itself as one: "3 p.m.", "15:00 GMT", "noon", "six o'clock".
    pub(super) fn clock(&self, at: usize) -> Option<(usize, String)> {
        // "Midnight Express"
        let name = self.capital(at) && !self.shouts(at) && self.capital(at + 1) && self.word(at + 1);
        match self.lower(at) {
            "noon" | "midday" | "midnight"
                if name
                    && !self.uncased
                    && !zone(self.raw(at + 1))
                    && weekday(self.lower(at + 1)).is_none() =>
            {
                return None;
            }
            "noon" | "midday" => return Some((self.zone(at + 1), "T12:00".to_owned())),
            "midnight" => return Some((self.zone(at + 1), "T24:00".to_owned())),
            _ => {}
        }
        if self.is(at, "12") && matches!(self.lower(at + 1), "noon" | "midnight" | "midday") {
            return self.clock(at + 1);
        }
        if let Some(found) = self.told_clock(at).or_else(|| self.clock_in_part(at)) {
            return Some(found);
        }
        let (hour, minute, end) = self.hour(at)?;
        // "9.am" is a slip.
        let slip = self.is(end, ".") && self.glued(end) && self.glued(end + 1);
        let end = if slip && self.meridiem(end + 1).is_some() { end + 1 } else { end };
        if let Some(code) = self.meridiem(end) {
            if !(1..=12).contains(&hour) {
                // "15:00 pm" is written too.
                return (hour <= 23 && self.kind(at) == Some(Kind::Clock))
                    .then(|| (self.zone(end + 1), format!("T{hour:02}:{minute}")));
            }
            let hour = hour % 12 + if code { 12 } else { 0 };
            return Some((self.zone(end + 1), format!("T{hour:02}:{minute}")));
        }
        // "at 1430 hrs", "10:30 hours"
        let military = self.kind(at) == Some(Kind::Clock) || self.raw(at).len() == 4 && !self.word(at);
        if military && matches!(self.lower(end), "hrs" | "hours" | "h") && hour <= 24 {
            let led = BEFORE_HOUR.contains(&self.before(at, 1)) || self.before(at, 1) == "and";
            return led.then(|| (self.zone(end + 1), format!("T{hour:02}:{minute}")));
        }
        if self.is(end, "oclock") {
            return (hour <= 24).then(|| (self.zone(end + 1), format!("T{hour:02}:{minute}")));
        }
        if self.is(end, "o") && matches!(self.lower(end + 1), "'" | "’") && self.is(end + 2, "clock") {
            return (hour <= 24).then(|| (self.zone(end + 3), format!("T{hour:02}:{minute}")));
        }
        let zoned = self.zone(end);
        (zoned > end && hour <= 24 && (self.kind(at) != Some(Kind::Number) || self.raw(at).len() == 4))
            .then(|| (zoned, format!("T{hour:02}:{minute}")))
    }

    /// "3 in the morning", "eight at night"
    pub(super) fn clock_in_part(&self, at: usize) -> Option<(usize, String)> {
        let (hour, minute, end) = self.hour(at)?;
        let part = if self.is(end, "in") && self.is(end + 1, "the") {
            end + 2
        } else if self.is(end, "at") && self.is(end + 1, "night") {
            end + 1
        } else {
            return None;
        };
        let code = self.part(part).filter(|_| (1..=12).contains(&hour) && !self.is(part + 1, "of"))?;
        // "won 5 to 3 in the evening" is a score.
        let score = matches!(self.before(at, 1), "to" | "-")
            && at > 1
            && self.kind(at - 2) == Some(Kind::Number)
            && self.kind(at) == Some(Kind::Number);
        let led = BEFORE_HOUR.contains(&self.before(at, 1)) && !score;
        (led || self.kind(at) == Some(Kind::Clock))
            .then(|| (part + 1, later(format!("T{hour:02}:{minute}"), code)))
    }

    /// "half past seven", "quarter to nine", "twenty minutes past eight".
    pub(super) fn told_clock(&self, at: usize) -> Option<(usize, String)> {
        let a = usize::from(self.is(at, "a"));
        let (next, minutes) = match self.lower(at + a) {
            "half" => (at + a + 1, 30),
            "quarter" => (at + a + 1, 15),
            _ => {
                let digits =
                    || self.digits(at).filter(|_| self.raw(at).len() <= 2).map(|minutes| (at + 1, minutes));
                let (end, minutes) = self.small_number(at).filter(|_| self.word(at)).or_else(digits)?;
                (if matches!(self.lower(end), "minutes" | "min" | "mins") { end + 1 } else { end }, minutes)
            }
        };
        let past = match self.lower(next) {
            "past" => true,
            // "ages five to seven" are no times.
            "to" | "before" if minutes != 30 && minutes % 5 == 0 && self.word(at + a) => {
                let led = matches!(
                    self.before(at, 1),
                    "at" | "by" | "until" | "till" | "around" | "about" | "since"
                );
                if !led && !self.is(at + a, "quarter") {
                    return None;
                }
                false
            }
            _ => return None,
        };
        let (end, hour) = match self.kind(next + 1)? {
            Kind::Number => (next + 2, self.digits(next + 1).filter(|_| self.raw(next + 1).len() <= 2)?),
            _ => self.small_number(next + 1)?,
        };
        if !(1..=12).contains(&hour)
            || minutes > 59
            || !past && self.word(end) && self.meridiem(end).is_none()
        {
            return None;
        }
        let (hour, minute) = if past { (hour, minutes) } else { ((hour + 11) % 12, 60 - minutes) };
        let (hour, end) = match self.meridiem(end) {
            Some(after_noon) => (hour % 12 + if after_noon { 12 } else { 0 }, end + 1),
            None if self.is(end, "o") && self.is(end + 2, "clock") => (hour, end + 3),
            None => {
                let part = if self.is(end, "in") && self.is(end + 1, "the") { end + 2 } else { end + 1 };
                let led = part == end + 2 || self.is(end, "at");
                match self.part(part).filter(|_| led) {
                    Some(code) => return Some((part + 1, later(format!("T{hour:02}:{minute:02}"), code))),
                    None => (hour, end),
                }
            }
        };
        Some((self.zone(end), format!("T{hour:02}:{minute:02}")))
    }

    /// "10:30" or "five-thirty" alone: the caller knows that a time is meant.
    pub(super) fn bare_clock(&self, at: usize) -> Option<(usize, String)> {
        let (hour, minute, end) = self.hour(at)?;
        let shown = self.kind(at) == Some(Kind::Clock) || self.word(at) && end > at + 1;
        (shown && hour <= 24).then(|| (end, format!("T{hour:02}:{minute}")))
    }

    /// Hour, minutes as written, and where they end.
    pub(super) fn hour(&self, at: usize) -> Option<(u32, String, usize)> {
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
                // "five-thirty"
                if self.hyphenated(at + 1)
                    && let Some((end, minutes)) =
                        self.small_number(at + 2).filter(|(_, minutes)| (10..60).contains(minutes))
                {
                    return Some((hour, format!("{minutes:02}"), end));
                }
                Some((hour, "00".to_owned(), at + 1))
            }
            _ => None,
        }
    }

    /// Whether "p.m." (true) or "a.m." (false) stands here.
    pub(super) fn meridiem(&self, at: usize) -> Option<bool> {
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
    pub(super) fn zone(&self, at: usize) -> usize {
        let after_time = || {
            at > 0
                && matches!(self.kind(at - 1), Some(Kind::Number | Kind::Clock | Kind::Meridiem))
                && matches!(
                    self.lower(at),
                    "gmt" | "utc" | "pst" | "pdt" | "est" | "edt" | "cst" | "cdt" | "cet"
                )
        };
        if zone(self.raw(at)) || after_time() {
            return at + 1;
        }
        if self.is(at, "local") && self.is(at + 1, "time") {
            return at + 2;
        }
        if matches!(self.lower(at), "eastern" | "central" | "pacific" | "mountain" | "greenwich") {
            let next =
                if matches!(self.lower(at + 1), "standard" | "daylight" | "mean") { at + 2 } else { at + 1 };
            if matches!(self.lower(next), "time" | "timezone") {
                return next + 1;
            }
        }
        at
    }
}

/// Words that lead to an hour.
const BEFORE_HOUR: &[&str] = &[
    "at", "by", "until", "till", "from", "around", "about", "to", "-", "since", "before", "after", "than",
    "circa", "approximately", "nearly", "almost",
];
