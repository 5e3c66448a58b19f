//! What is known where an expression stands, and what it makes of a partial date.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime};

use super::amounts::seconds;
use super::grammar::{Base, Shift};
use super::lexicon::{Unit, season_month};
use super::resolve::Resolved;
use super::tense::Tense;
use super::values::{ancient, floor, shifted, unknown, value_of};
use crate::domain::TimeKind;

/// Days that a dated day may lie after publication and still be past: the zones of a newsroom and of its
/// server are not the same.
const SLACK_DAYS: i64 = 1;

/// Days from publication within which a day without a year is that one, whatever the verb beside it: nobody tells of
/// a day eleven months away without its year.
const NEAR_DAYS: i64 = 45;

/// Days from publication within which a weekday that does not fit its date is a slip of the pen.
const SLIP_DAYS: i64 = 9;

/// A date that the text has named, to count from.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    pub start: NaiveDate,
    pub unit: Unit,
    /// The text gave the year in digits.
    pub dated: bool,
    /// It tells when, not which: "in 2024", not "the 2024 budget".
    pub adverbial: bool,
    pub paragraph: usize,
    pub sentence: usize,
}

/// The date before, in a range or a list.
#[derive(Debug, Clone, Copy)]
pub struct After {
    pub first: NaiveDate,
    /// A range: this one cannot lie before it.
    pub sure: bool,
}

/// What is known where an expression stands.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    pub published: Option<NaiveDate>,
    /// Set where the time of publication is known too.
    pub moment: Option<NaiveDateTime>,
    pub tense: Tense,
    /// The text tells of the past rather than of the days around publication.
    pub history: bool,
    pub paragraph: usize,
    pub sentence: usize,
    /// The last date named, however coarse.
    pub reference: Option<Reference>,
    /// The last day named.
    pub day: Option<Reference>,
    /// The first end of a range or list that this goes on.
    pub after: Option<After>,
    /// The weekday that stands before a date: "Friday, Dec. 3".
    pub weekday: Option<u32>,
    /// "since" leads: it lies behind.
    pub since: bool,
}

impl Scene {
    /// The day to count a unit from, and how finely it is known: days count from days only.
    pub fn base(&self, base: Base, unit: Unit) -> Option<(NaiveDate, Unit)> {
        let published = self.published.map(|day| (day, Unit::Day));
        match base {
            Base::Published => published,
            Base::Reference => {
                let named = if unit <= Unit::Day { self.day } else { self.reference };
                let named = named.map(|reference| (reference.start, reference.unit));
                if self.reference.is_some() { named } else { published }
            }
        }
    }

    /// The year that puts something nearest: behind for the past, ahead for the future.
    pub fn nearest(&self, day: impl Fn(i32) -> Option<NaiveDate>, this: bool) -> Option<i32> {
        if let Some(after) = self.after.filter(|after| after.sure) {
            let year = after.first.year();
            return Some(if day(year)? < after.first { year + 1 } else { year });
        }
        if let Some(reference) = self.told() {
            return Some(reference.start.year());
        }
        if let Some(reference) = self.reference.filter(|_| self.history) {
            return Some(reference.start.year());
        }
        let Some(now) = self.published else { return self.reference.map(|reference| reference.start.year()) };
        let year = now.year();
        if this {
            return Some(year);
        }
        let slack = Duration::days(SLACK_DAYS);
        let this = day(year);
        match self.tense {
            Tense::Past => match this {
                Some(this) if this <= now + slack => Some(year),
                _ => Some(year - 1),
            },
            Tense::Future => match this {
                Some(this) if this >= now - slack => Some(year),
                _ => Some(year + 1),
            },
            Tense::Present | Tense::Unknown => [year - 1, year, year + 1]
                .into_iter()
                .filter_map(|year| Some((year, day(year)?)))
                .min_by_key(|(_, day)| (*day - now).num_days().abs())
                .map(|(year, _)| year),
        }
    }

    /// A year that this paragraph tells of, well before publication: its later dates belong to it.
    pub fn told(&self) -> Option<Reference> {
        let reference = self.reference.filter(|reference| reference.paragraph == self.paragraph)?;
        // "last year, in May": the year of the sentence.
        if reference.unit == Unit::Year && reference.sentence == self.sentence && reference.adverbial {
            return Some(reference);
        }
        let old = self.published.is_none_or(|now| (now - reference.start).num_days() > 366);
        (reference.dated && old && self.tense != Tense::Future).then_some(reference)
    }

    pub fn day(&self, year: Option<i32>, month: u32, day: u32) -> Resolved {
        let known = year.is_some();
        let date = |year| NaiveDate::from_ymd_opt(year, month, day);
        let within = |days: i64| {
            move |year: &i32| {
                let far = self.published.zip(date(*year)).map(|(now, day)| (now - day).num_days().abs());
                far.is_some_and(|far| far <= days)
            }
        };
        let fits = |year: &i32| {
            date(*year).is_some_and(|day| Some(day.weekday().number_from_monday()) == self.weekday)
        };
        let year = year.or_else(|| {
            let year = self.nearest(date, false)?;
            let years = || [year, year - 1, year + 1].into_iter();
            let free = self.told().is_none()
                && !self.history
                && !self.since
                && self.after.is_none_or(|after| !after.sure);
            // The weekday tells the year where a neighbour has it on that day; right beside publication it is a slip.
            let named = self.weekday.and_then(|_| {
                let slip = years().find(within(SLIP_DAYS)).filter(|_| free);
                slip.or_else(|| years().find(fits))
            });
            named.or_else(|| years().find(within(NEAR_DAYS)).filter(|_| free)).or(Some(year))
        });
        match year {
            Some(year) => match NaiveDate::from_ymd_opt(year, month, day) {
                Some(date) => Resolved::on(date, Unit::Day).dated(known || self.told().is_some()),
                None => Resolved::date(format!("{year:04}-{month:02}-{day:02}")),
            },
            None => Resolved::date(format!("XXXX-{month:02}-{day:02}")),
        }
    }

    pub fn month(&self, year: Option<i32>, month: u32, shift: Shift) -> Resolved {
        let known = year.is_some();
        let year = year.or_else(|| match (shift, self.published) {
            (Shift::Plain, Some(now))
                if self.told().is_none() && !self.history && self.after.is_none_or(|after| !after.sure) =>
            {
                Some(match self.tense {
                    Tense::Past => now.year() - i32::from(month > now.month()),
                    Tense::Future => now.year() + i32::from(month < now.month()),
                    // Half a year either way.
                    Tense::Present | Tense::Unknown => {
                        now.year()
                            + (i32::try_from(now.month()).unwrap_or(1) - i32::try_from(month).unwrap_or(1)
                                + 5)
                            .div_euclid(12)
                    }
                })
            }
            (Shift::Plain, _) => self.nearest(|year| NaiveDate::from_ymd_opt(year, month, 1), false),
            (Shift::This, Some(now)) => Some(now.year()),
            (Shift::Last, Some(now)) => Some(now.year() - i32::from(month >= now.month())),
            (Shift::Next, Some(now)) => Some(now.year() + i32::from(month <= now.month())),
            (_, None) => None,
        });
        match year.and_then(|year| NaiveDate::from_ymd_opt(year, month, 1)) {
            Some(first) => Resolved::on(first, Unit::Month).dated(known || self.told().is_some()),
            None => Resolved::date(format!("XXXX-{month:02}")),
        }
    }

    pub fn season(&self, year: Option<i32>, code: &str, shift: Shift) -> Resolved {
        let start = |year| NaiveDate::from_ymd_opt(year, season_month(code), 1);
        let known = year.is_some();
        let year = year.or_else(|| {
            let now = self.published?;
            // The winter of January is the one that began in December.
            let current = if code == "WI" && now.month() < 3 { now.year() - 1 } else { now.year() };
            match shift {
                Shift::This => Some(current),
                // A season over for less than two months is still "this" one; "last" is the one before.
                Shift::Last => {
                    let over = start(now.year()).is_some_and(|first| (now - first).num_days() > 150);
                    Some(if over { now.year() } else { now.year() - 1 })
                }
                Shift::Next => Some(
                    if start(now.year()).is_some_and(|first| first > now)
                        && self.tense == Tense::Future
                        && now.month() < 3
                    {
                        now.year()
                    } else {
                        now.year() + 1
                    },
                ),
                Shift::Plain => self.nearest(start, false),
            }
        });
        let year = year.or_else(|| {
            self.reference.filter(|_| shift == Shift::Plain).map(|reference| reference.start.year())
        });
        match year.and_then(|year| Some((year, start(year)?))) {
            Some((year, first)) => Resolved {
                value: format!("{year:04}-{code}"),
                start: Some((first, Unit::Quarter)),
                dated: known,
                ..Resolved::date(String::new())
            },
            None => Resolved::date(format!("XXXX-{code}")),
        }
    }

    /// Quarters, halves, and months, seasons or days of a year that is named relatively.
    pub fn share(&self, year: Option<i32>, code: &str, shift: Shift) -> Resolved {
        let month = match (code.get(..1), code.get(1..).and_then(|nth| nth.parse::<u32>().ok())) {
            (_, None) if matches!(code, "SP" | "SU" | "FA" | "WI") => season_month(code),
            (Some("Q"), Some(nth)) => nth * 3 - 2,
            (Some("H"), Some(nth)) => nth * 6 - 5,
            _ => code.get(..2).and_then(|month| month.parse().ok()).unwrap_or(1),
        };
        let day = code.get(3..).and_then(|day| day.parse().ok()).unwrap_or(1);
        let known = year.is_some();
        let year = year.or_else(|| match (shift, self.published) {
            (Shift::Plain, _) => self.nearest(|year| NaiveDate::from_ymd_opt(year, month, 1), false),
            (_, None) => None,
            (Shift::Last, Some(now)) => Some(now.year() - 1),
            (Shift::This, Some(now)) => Some(now.year()),
            (Shift::Next, Some(now)) => Some(now.year() + 1),
        });
        let unit = if code.len() > 3 {
            Unit::Day
        } else if code.starts_with(|sign: char| sign.is_ascii_uppercase()) {
            Unit::Quarter
        } else {
            Unit::Month
        };
        match year.and_then(|year| Some((year, NaiveDate::from_ymd_opt(year, month, day)?))) {
            Some((year, first)) => Resolved {
                value: format!("{year:04}-{code}"),
                start: Some((first, unit)),
                dated: known,
                ..Resolved::date(String::new())
            },
            None => Resolved::date(format!("XXXX-{code}")),
        }
    }

    /// "the quarter": the one the text named, else the last that is over.
    pub fn quarter(&self) -> Resolved {
        let named = self.reference.filter(|reference| reference.unit == Unit::Quarter);
        let over = || self.published.and_then(|now| shifted(now, Unit::Quarter, -1));
        match named.map(|reference| reference.start).or_else(over) {
            Some(day) => Resolved::on(floor(day, Unit::Quarter), Unit::Quarter),
            None => Resolved::date(unknown(Unit::Quarter).to_owned()),
        }
    }

    pub fn offset(&self, amount: Option<f64>, unit: Unit, sign: i64, base: Base) -> Resolved {
        let Some(amount) = amount else {
            return Resolved::date(match (base, sign) {
                (Base::Published, -1) => "PAST_REF".to_owned(),
                (Base::Published, _) => "FUTURE_REF".to_owned(),
                _ => unknown(unit).to_owned(),
            });
        };
        if unit < Unit::Day {
            let span = Duration::try_milliseconds((amount * seconds(unit) * 1000.0) as i64 * sign);
            let from = self.moment.filter(|_| base == Base::Published || self.reference.is_none());
            if let Some(at) = from.zip(span).and_then(|(from, span)| from.checked_add_signed(span)) {
                let start = Some((at.date(), Unit::Day));
                return Resolved {
                    kind: TimeKind::Time,
                    value: at.format("%Y-%m-%dT%H:%M").to_string(),
                    start,
                    dated: false,
                };
            }
            let day = self
                .base(base, unit)
                .map_or_else(|| "XXXX-XX-XX".to_owned(), |(day, _)| value_of(day, Unit::Day));
            return Resolved { kind: TimeKind::Time, ..Resolved::date(format!("{day}TXX:XX")) };
        }
        let Some((from, known)) = self.base(base, unit) else {
            return Resolved::date(unknown(unit).to_owned());
        };
        // Half units count in the next smaller one.
        let whole = (amount.fract() == 0.0).then_some(amount as i64);
        let moved = match whole {
            Some(count) => shifted(from, unit, count.saturating_mul(sign)),
            None => shifted(from, Unit::Day, (amount * seconds(unit) / 86_400.0).round() as i64 * sign),
        };
        match moved {
            Some(day) => {
                // "a year earlier" than a quarter is a quarter.
                let grain = if base == Base::Reference
                    && matches!(known, Unit::Month | Unit::Quarter)
                    && unit >= Unit::Year
                {
                    known
                } else {
                    unit
                };
                let grain = match (grain, whole) {
                    (Unit::Year, None) => Unit::Month,
                    (grain, _) => grain.min(Unit::Year),
                };
                Resolved::on(floor(day, grain), grain)
            }
            None => ancient(from, amount, unit, sign),
        }
    }
}
