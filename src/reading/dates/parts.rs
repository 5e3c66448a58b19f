//! Rules for parts of the day: "this morning", "last night at 8", "the night of July 15", "tonight".

use super::clocks::{is_day, later};
use super::grammar::{Base, Grammar, Meaning};
use super::lexer::Kind;
use super::lexicon::{Unit, part_of_day};

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// A part of the day right after a date, where no other noun follows it ("Saturday Night Live").
    pub(super) fn part(&self, at: usize) -> Option<&'static str> {
        let word = self.lower(at);
        let shouted = at > 0 && self.raw(at).len() > 1 && [at - 1, at].iter().all(|&at| self.shouts(at));
        if matches!(word, "noon" | "midday") || self.capital(at) && !self.uncased && !shouted {
            return None;
        }
        part_of_day(word)
    }

    /// "this morning", "last night", "the night of July 15", "tonight", "overnight", "in the evening"
    pub(super) fn part_first(&self, at: usize) -> Parsed {
        let (end, meaning) = self.part_of_some_day(at)?;
        let Meaning::Clock { day, clock } = &meaning else { return Some((end, meaning)) };
        // "tonight at 8", "last night at 11:30", "in the morning at 7"
        match self.hour_in(end, clock.trim_start_matches('T')).filter(|_| clock.len() == 3) {
            Some((end, clock)) => Some((end, Meaning::Clock { day: day.clone(), clock })),
            None => Some((end, meaning)),
        }
    }

    /// The hour after a part of the day: "at 8", "at about 11:30", "at 7 p.m."
    pub(super) fn hour_in(&self, at: usize, code: &str) -> Option<(usize, String)> {
        let next = at + usize::from(self.is(at, "at"));
        let rough = next + usize::from(matches!(self.lower(next), "around" | "about"));
        let (end, clock) = self.clock(rough).or_else(|| {
            let (hour, minute, end) = self.hour(rough)?;
            let stuck = self.glued(end) && (self.is(end, "%") || self.glued(end + 1));
            let alone = rough > at && self.kind(rough) == Some(Kind::Number) && !self.word(end) && !stuck;
            ((alone || self.kind(rough) == Some(Kind::Clock)) && (1..=12).contains(&hour))
                .then(|| (end, format!("T{hour:02}:{minute}")))
        })?;
        Some((end, later(clock, code)))
    }

    pub(super) fn part_of_some_day(&self, at: usize) -> Parsed {
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
                    "last" if self.before(at, 1) == "the" => None,
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
        if the || matches!(self.lower(at), "next" | "following") || part_of_day(self.lower(at)).is_some() {
            let mut word = if the { at + 1 } else { at };
            let turn = self.lower(word);
            if the && matches!(turn, "following" | "next" | "previous" | "same")
                || matches!(turn, "next" | "following")
            {
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
            // "by night", "at night" speak of every night.
            let dawn = matches!(self.lower(word), "dawn" | "dusk");
            let night = self.is(word, "night") && self.is(word + 1, "on");
            if led && lone && (the || dawn || night) {
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
}
