//! Rules for periods of the calendar: quarters, halves, seasons, decades, centuries.

use super::grammar::{Grammar, Meaning, Shift};
use super::lexer::Kind;
use super::lexicon::{number, ordinal, season};
use super::not_dates;
use super::numerals::leading;

type Parsed = Option<(usize, Meaning)>;

impl Grammar<'_> {
    /// "the third quarter of 2022", "Q3", "first-half", "H1 2022"
    pub(super) fn share_of_year(&self, at: usize) -> Parsed {
        let the = if self.is(at, "the") { at + 1 } else { at };
        let word = self.lower(the);
        let mut digits = word.chars();
        let (mut end, code) = match (digits.next(), digits.next(), digits.next()) {
            (Some('q'), Some(nth @ '1'..='4'), None) => (the + 1, format!("Q{nth}")),
            (Some('h'), Some(nth @ '1'..='2'), None) if self.capital(the) => (the + 1, format!("H{nth}")),
            _ => {
                let (nth, next) = match self.kind(the)? {
                    Kind::Ordinal => (leading(self.raw(the))?, the + 1),
                    _ if matches!(word, "final" | "last") => (4, the + 1),
                    _ => (ordinal(word)?, the + 1),
                };
                let hyphen = self.hyphen(next);
                let fiscal = if matches!(self.lower(hyphen), "fiscal" | "financial" | "calendar") {
                    hyphen + 1
                } else {
                    hyphen
                };
                let of = self.is(fiscal + 1, "of");
                match self.lower(fiscal) {
                    "quarter" if (1..=4).contains(&nth) && (!matches!(word, "final" | "last") || of) => {
                        (fiscal + 1, format!("Q{nth}"))
                    }
                    // "the ninth month of 2021"
                    "month" if (1..=12).contains(&nth) && of && !matches!(word, "final" | "last") => {
                        self.share_year(fiscal + 1).filter(|(_, _, shift)| *shift != Shift::This)?;
                        (fiscal + 1, format!("{nth:02}"))
                    }
                    "half" if (1..=2).contains(&nth) && of => {
                        let end = fiscal + 1;
                        // "the first half of the match" is no date.
                        self.share_year(end)?;
                        (end, format!("H{nth}"))
                    }
                    _ => return None,
                }
            }
        };
        if not_dates::sports_quarter(self, at, end) {
            return None;
        }
        let mut year = None;
        let mut shift = Shift::Plain;
        if let Some((after, written, turn)) = self.share_year(end) {
            (end, year, shift) = (after, written, turn);
        }
        Some((end, Meaning::Share { year, code, shift }))
    }

    /// The year of a quarter or season: "of 2022", "2022", "of fiscal 2022", "of last year", "of the year".
    pub(super) fn share_year(&self, at: usize) -> Option<(usize, Option<i32>, Shift)> {
        let of = if matches!(self.lower(at), "of" | "in") || self.is(at, "-") && self.glued(at) {
            at + 1
        } else {
            at
        };
        if let Some((after, shift)) =
            self.shift(of).filter(|(after, _)| of > at || self.is(*after, "year") && !self.is(of, "the"))
        {
            let after = if matches!(self.lower(after), "fiscal" | "financial" | "calendar") {
                after + 1
            } else {
                after
            };
            if self.is(after, "year") {
                return Some((after + 1, None, shift));
            }
        }
        if of > at && self.is(of, "the") && matches!(self.lower(of + 1), "year" | "fiscal" | "financial") {
            let year = if self.is(of + 1, "year") { of + 1 } else { of + 2 };
            return self.is(year, "year").then_some((year + 1, None, Shift::This));
        }
        let mut next = if self.is(of, "the") { of + 1 } else { of };
        if matches!(self.lower(next), "fiscal" | "financial" | "fy" | "year") {
            next += 1;
            if self.is(next, "year") {
                next += 1;
            }
        }
        if let Some(year) = self.fiscal_year(next) {
            return Some((next + 1, Some(year), Shift::Plain));
        }
        if let Some((end, year)) = self.spoken_year(next).filter(|_| of > at) {
            return Some((end, Some(year), Shift::Plain));
        }
        let year =
            self.digits(next).filter(|year| self.raw(next).len() == 4 && (1000..2200).contains(year))?;
        Some((next + 1, Some(i32::try_from(year).ok()?), Shift::Plain))
    }

    /// "the summer of 2022", "summer 2022", "the winter", "in spring"
    pub(super) fn season_of(&self, at: usize) -> Parsed {
        let the = if self.is(at, "the") { at + 1 } else { at };
        let whole = the > at && matches!(self.lower(the), "whole" | "entire");
        let the = the + usize::from(whole);
        let code = season(self.lower(the))?;
        if not_dates::not_a_season(self, the) {
            return None;
        }
        if let Some((end, year, shift)) = self.share_year(the + 1) {
            return Some((end, Meaning::Season { year, code, shift }));
        }
        not_dates::bare_season(self, at, the)
            .then_some((the + 1, Meaning::Season { year: None, code, shift: Shift::Plain }))
    }

    /// A season after "early" or "late", which can be nothing else.
    pub(super) fn season_alone(&self, at: usize) -> Parsed {
        let code = season(self.lower(at))?;
        Some((at + 1, Meaning::Season { year: None, code, shift: Shift::Plain }))
    }

    /// "the 19th century", "21st-century", "the fourth century BC"
    pub(super) fn century(&self, at: usize) -> Parsed {
        let the = if self.is(at, "the") { at + 1 } else { at };
        let (next, nth) = match self.kind(the)? {
            Kind::Ordinal => (the + 1, leading(self.raw(the))?),
            _ => self.ordinal_word(the)?,
        };
        let name = self.hyphen(next);
        if !self.is(name, "century") || !(1..=21).contains(&nth) {
            return None;
        }
        let nth = i32::try_from(nth).ok()? - 1;
        Some(match self.era(name + 1) {
            Some((end, true)) => (end, Meaning::Literal(format!("BC{nth:02}"))),
            Some((end, false)) => (end, Meaning::Century(nth)),
            None => (name + 1, Meaning::Century(nth)),
        })
    }

    /// "BC" (true) or "AD" after a number.
    pub(super) fn era(&self, at: usize) -> Option<(usize, bool)> {
        match self.raw(at) {
            "BC" | "BCE" | "B.C." | "B.C.E." => Some((at + 1, true)),
            "AD" | "CE" | "A.D." | "C.E." => Some((at + 1, false)),
            _ => None,
        }
    }

    /// "1990s", "the '90s", "the 90s"
    pub(super) fn decade(&self, at: usize) -> Parsed {
        let digits: String = self.raw(at).chars().filter(char::is_ascii_digit).collect();
        let number: i32 = digits.parse().ok()?;
        match digits.len() {
            4 if number % 10 == 0 && (1000..2100).contains(&number) => {
                // "the 1900s" names a century as often as a decade; TIMEX3 reads it as the decade.
                Some((at + 1, Meaning::Decade(number / 10)))
            }
            4 if (1000..2100).contains(&number) && self.raw(at).contains(['\'', '’']) => self
                .raw(at)
                .starts_with(|sign: char| sign.is_ascii_digit())
                .then_some((at + 1, Meaning::Year(number))),
            2 if number % 10 == 0 => {
                let marked = self.raw(at).starts_with(['\'', '’', '‘']);
                let led = matches!(self.before(at, 1), "the" | "early" | "late" | "mid" | "-" | "and" | "in");
                let body = matches!(
                    self.before(at, 1),
                    "his" | "her" | "their" | "my" | "low" | "high" | "upper" | "lower"
                );
                ((marked || led) && !body && !self.is(at + 1, "°"))
                    .then(|| (at + 1, Meaning::Decade(if number >= 30 { 190 } else { 200 } + number / 10)))
            }
            _ => None,
        }
    }

    /// "the 1990s", "the nineties"
    pub(super) fn the_decade(&self, at: usize) -> Parsed {
        let the = self.is(at, "the");
        let next = if the { at + 1 } else { at };
        if the && self.kind(next) == Some(Kind::Decade) {
            return self.decade(next);
        }
        let led = the || matches!(self.before(at, 1), "early" | "late" | "mid" | "-" | "in");
        // "the nineteen seventies", "the twenty-tens", "the two thousands"
        if led && let Some(decade) = self.spoken_decade(next) {
            return Some(decade);
        }
        let tens = match self.lower(next) {
            "twenties" => 192,
            "thirties" => 193,
            "forties" => 194,
            "fifties" => 195,
            "sixties" => 196,
            "seventies" => 197,
            "eighties" => 198,
            "nineties" => 199,
            "noughties" => 200,
            _ => return None,
        };
        (led && !matches!(self.before(at, 1), "his" | "her" | "their" | "my"))
            .then_some((next + 1, Meaning::Decade(tens)))
    }

    fn spoken_decade(&self, at: usize) -> Parsed {
        if self.is(at, "two") && self.is(at + 1, "thousands") {
            return Some((at + 2, Meaning::Decade(200)));
        }
        let (next, high) =
            self.small_number(at).filter(|(end, high)| *end == at + 1 && (15..=20).contains(high))?;
        let next = self.hyphen(next);
        let word = self.lower(next);
        let tens = match word {
            "tens" => 1,
            _ => {
                let singular = word.strip_suffix("ies").map(|stem| format!("{stem}y"))?;
                number(&singular).filter(|tens| (20..100).contains(tens))? / 10
            }
        };
        Some((next + 1, Meaning::Decade(i32::try_from(high * 10 + tens).ok()?)))
    }
}
