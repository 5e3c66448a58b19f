//! The grammar of temporal expressions: what stands at a token, as the words say it, not yet resolved.
//!
//! A hand-written parser over tokens; every rule looks a bounded number of tokens ahead, so that a text
//! takes time linear in its length. Spans follow TIMEX3 (TimeML annotation guidelines 1.2.1): determiners
//! and qualifiers inside ("the late 1990s", "nearly three years"), prepositions outside.

use super::holidays::Holiday;
use super::lexer::{Kind, Token};
use super::lexicon::Unit;
use super::{not_dates, openers};

/// Which of several: "last July", "this July", "next July", or plain "July".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    Plain,
    Last,
    This,
    Next,
}

impl Shift {
    /// How many units from the one of publication.
    pub fn by(self) -> i64 {
        match self {
            Shift::Last => -1,
            Shift::Next => 1,
            Shift::Plain | Shift::This => 0,
        }
    }
}

/// What a relative expression counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    Published,
    /// The date that the text named before.
    Reference,
}

/// What an expression says.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// A date whose value needs no anchor, or that has none: `PAST_REF`, `1200 BC`.
    Literal(String),
    Set(String),
    Duration {
        value: String,
        length: Option<(f64, Unit)>,
        ahead: bool,
    },
    Day {
        year: Option<i32>,
        month: u32,
        day: u32,
    },
    /// "Friday the 14th"
    DatedWeekday {
        weekday: u32,
        day: u32,
    },
    /// "the 15th"; `month` counts from the month of publication: "the 15th of next month".
    DayOfMonth {
        day: u32,
        month: Option<i64>,
    },
    Month {
        year: Option<i32>,
        month: u32,
        shift: Shift,
    },
    Season {
        year: Option<i32>,
        code: &'static str,
        shift: Shift,
    },
    /// Quarter or half: `Q3`, `H1`.
    Share {
        year: Option<i32>,
        code: String,
        shift: Shift,
    },
    /// `week` counts weeks from the week of publication: "Wednesday last week".
    Weekday {
        weekday: u32,
        shift: Shift,
        week: Option<i64>,
    },
    /// "the first Friday of next month"; the fifth is the last.
    WeekdayOfMonth {
        weekday: u32,
        nth: u8,
        month: i64,
    },
    /// "that Tuesday": the one nearest to the day that the text spoke of.
    ThatWeekday(u32),
    Year(i32),
    /// 199 is the 1990s.
    Decade(i32),
    /// 19 is the twentieth.
    Century(i32),
    Holiday {
        holiday: Holiday,
        year: Option<i32>,
        shift: Shift,
    },
    /// "Christmas last year": of that year, not the Christmas before.
    HolidayOfYear {
        holiday: Holiday,
        shift: Shift,
    },
    /// "the 12th of October last": the one before the day of which the text speaks.
    DayTurned {
        month: u32,
        day: u32,
        shift: Shift,
    },
    /// "last year", "tomorrow", "that day"
    Unit {
        unit: Unit,
        by: i64,
        base: Base,
    },
    /// "the week beginning February 4"
    WeekOf(Box<Meaning>),
    /// "the day after Christmas", "Monday of the following week"
    Near {
        days: i64,
        of: Box<Meaning>,
    },
    /// "three days ago", "years later"
    Offset {
        amount: Option<f64>,
        unit: Unit,
        sign: i64,
        base: Base,
    },
    /// "fifty years ago today", "two weeks ago Tuesday": counted back from a date.
    Anniversary {
        amount: i64,
        unit: Unit,
        of: Box<Meaning>,
    },
    /// A time of day, `T15:00` or `TMO`, of a day or of the day that is spoken of.
    Clock {
        day: Option<Box<Meaning>>,
        clock: String,
    },
}

/// One expression: a range of tokens.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub first: usize,
    /// Exclusive.
    pub end: usize,
    pub meaning: Meaning,
}

/// A text as the rules read it.
pub struct Grammar<'a> {
    pub tokens: &'a [Token<'a>],
    /// Text without a capital letter: case says nothing about names then.
    pub uncased: bool,
    /// Whether 7/8/2022 is the 8th of July.
    pub month_first: bool,
    /// The text speaks of a person called May.
    pub may_is_someone: bool,
}

/// What stands in the text between the ends of a range.
pub fn joins(word: &str) -> bool {
    matches!(word, "to" | "through" | "until" | "till" | "and" | "or" | "-" | "–" | "—" | "~" | "&" | "/")
}

impl<'a> Grammar<'a> {
    /// Every expression of the text, in order, none overlapping, years and months shared within ranges.
    pub fn all(&self) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match self.at(at) {
                Some(end) if !end.is_empty() => {
                    at = end.last().map_or(at + 1, |last| last.end.max(at + 1));
                    found.extend(end);
                }
                _ => at += 1,
            }
        }
        self.share(&mut found);
        found
    }

    /// The longest expression, or the two or more of a list or range, that begin at a token.
    fn at(&self, at: usize) -> Option<Vec<Found>> {
        let token = self.tokens.get(at)?;
        let one = |(end, meaning): (usize, Meaning)| vec![Found { first: at, end, meaning }];
        if matches!(&*token.lower, "to" | "till") {
            // "to date": the only expression with its preposition.
            return if self.is(at + 1, "date") { self.vague(at).map(one) } else { None };
        }
        let may_open = match token.kind {
            Kind::Break | Kind::Address | Kind::Suffix | Kind::Meridiem => false,
            Kind::Sign => token.raw == "½",
            Kind::Word => openers::opens(&token.lower),
            _ => true,
        };
        if !may_open {
            return None;
        }
        if not_dates::name_at(self, at) {
            return None;
        }
        let candidates = [
            self.list_of_days(at),
            self.days_in_digits(at),
            self.range_of_years(at),
            self.range_of_clocks(at),
            self.clocks_of_day(at),
            self.clock_by_two(at),
            self.range_of_amounts(at).map(one),
            self.moment(at).map(one),
            self.offset(at).map(one),
            self.duration(at).map(one),
            self.set(at).map(one),
            self.vague(at).map(one),
        ];
        candidates
            .into_iter()
            .flatten()
            .filter(|list| !list.is_empty())
            // The first of the longest: `max_by_key` would give the last.
            .reduce(|best, next| if end_of(&next) > end_of(&best) { next } else { best })
    }

    /// "from March to August 2011": the first end takes the year of the second, and the other way round.
    fn share(&self, found: &mut [Found]) {
        for at in 1..found.len() {
            let (left, right) = found.split_at_mut(at);
            let (Some(first), Some(second)) = (left.last_mut(), right.first_mut()) else { continue };
            let gap = second.first.saturating_sub(first.end);
            let between = self.lower(first.end);
            let joined = gap == 1 && (joins(between) || between == ",")
                || gap == 2
                    && joins(self.lower(first.end))
                    && matches!(self.lower(first.end + 1), "the" | "in" | "by")
                || gap == 2 && self.lower(first.end) == "," && joins(self.lower(first.end + 1));
            if !joined {
                continue;
            }
            let (Some(month), Some(other)) = (month_of(&first.meaning), month_of(&second.meaning)) else {
                continue;
            };
            match (year_of(&mut first.meaning), year_of(&mut second.meaning)) {
                (Some(year @ None), Some(Some(known))) => {
                    *year = Some(if month > other { *known - 1 } else { *known })
                }
                (Some(Some(known)), Some(year @ None)) => {
                    *year = Some(if other < month { *known + 1 } else { *known })
                }
                _ => {}
            }
        }
    }

    pub fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.lower)
    }

    /// The lower-case word `back` tokens before `at`.
    pub fn before(&self, at: usize, back: usize) -> &str {
        at.checked_sub(back).map_or("", |at| self.lower(at))
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub fn raw(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.raw)
    }

    pub fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    pub fn is(&self, at: usize, word: &str) -> bool {
        self.lower(at) == word
    }

    pub fn capital(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::capital)
    }

    /// Written in capitals only.
    pub fn shouts(&self, at: usize) -> bool {
        self.word(at) && !self.raw(at).chars().any(char::is_lowercase)
    }

    pub fn word(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Word)
    }

    /// Whether a token opens a sentence, as far as its neighbours tell.
    pub fn opens(&self, at: usize) -> bool {
        at == 0
            || matches!(self.before(at, 1), "." | "!" | "?" | "“" | "\"" | "‘" | ":" | "…" | "”" | "•" | "*")
            || self.kind(at - 1) == Some(Kind::Break)
    }

    /// Steps over a hyphen that joins two words.
    pub fn hyphen(&self, at: usize) -> usize {
        if self.hyphenated(at) { at + 1 } else { at }
    }

    pub fn hyphenated(&self, at: usize) -> bool {
        matches!(self.lower(at), "-" | "‑" | "–") && self.glued(at) && self.glued(at + 1)
    }

    /// Digits only, without a fraction or grouping.
    pub fn digits(&self, at: usize) -> Option<u32> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Number && token.raw.len() <= 4)?;
        token.raw.parse().ok()
    }
}

fn end_of(list: &[Found]) -> usize {
    list.last().map_or(0, |found| found.end)
}

fn year_of(meaning: &mut Meaning) -> Option<&mut Option<i32>> {
    match meaning {
        Meaning::Day { year, .. } => Some(year),
        Meaning::Month { year, shift: Shift::Plain, .. } => Some(year),
        Meaning::Season { year, shift: Shift::Plain, .. } => Some(year),
        Meaning::Share { year, shift: Shift::Plain, .. } => Some(year),
        Meaning::Clock { day: Some(day), .. } => year_of(day),
        _ => None,
    }
}

fn month_of(meaning: &Meaning) -> Option<u32> {
    match meaning {
        Meaning::Day { month, .. } | Meaning::Month { month, .. } => Some(*month),
        Meaning::Season { code, .. } => Some(super::lexicon::season_month(code)),
        Meaning::Share { code, .. } => {
            let nth: u32 = code.get(1..)?.parse().ok().filter(|nth| (1..=4).contains(nth))?;
            Some(if code.starts_with('H') { nth * 6 - 5 } else { nth * 3 - 2 })
        }
        Meaning::Clock { day: Some(day), .. } => month_of(day),
        _ => None,
    }
}
