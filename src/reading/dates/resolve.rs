//! From what an expression says to its TIMEX3 value: anchoring by publication, by tense and by what the
//! text named before (as HeidelTime does for news, Strötgen and Gertz 2010).

use chrono::{Datelike, Duration, Months, NaiveDate, NaiveDateTime};

use super::amounts::seconds;
use super::grammar::{Base, Meaning, Shift};
use super::lexicon::{Unit, monday, season_month};
use super::tense::Tense;
use crate::domain::TimeKind;

/// Days that a dated day may lie after publication and still be past: the zones of a newsroom and of its
/// server are not the same.
const SLACK_DAYS: i64 = 1;

/// A date that the text has named, to count from.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    pub start: NaiveDate,
    pub unit: Unit,
    /// The text gave the year in digits.
    pub dated: bool,
    pub paragraph: usize,
}

/// What is known where an expression stands.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    pub published: Option<NaiveDate>,
    /// Set where the time of publication is known too.
    pub moment: Option<NaiveDateTime>,
    pub tense: Tense,
    pub paragraph: usize,
    /// The last date named, however coarse.
    pub reference: Option<Reference>,
    /// The last day named.
    pub day: Option<Reference>,
    /// The first end of a range whose second end this is.
    pub after: Option<NaiveDate>,
}

/// A value, and the date it stands for where there is one.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub kind: TimeKind,
    pub value: String,
    pub start: Option<(NaiveDate, Unit)>,
    pub dated: bool,
}

impl Resolved {
    fn date(value: String) -> Self {
        Self { kind: TimeKind::Date, value, start: None, dated: false }
    }

    fn on(day: NaiveDate, unit: Unit) -> Self {
        Self { kind: TimeKind::Date, value: value_of(day, unit), start: Some((day, unit)), dated: false }
    }

    fn dated(self, dated: bool) -> Self {
        Self { dated, ..self }
    }
}

/// Gives an expression its value.
pub fn resolve(meaning: &Meaning, scene: &Scene) -> Resolved {
    match meaning {
        Meaning::Literal(value) => Resolved::date(value.clone()),
        Meaning::Set(value) => Resolved { kind: TimeKind::Set, ..Resolved::date(value.clone()) },
        Meaning::Duration { value, .. } => {
            Resolved { kind: TimeKind::Duration, ..Resolved::date(value.clone()) }
        }
        Meaning::Day { year, month, day } => scene.day(*year, *month, *day),
        Meaning::DayOfMonth(day) => scene.day_of_month(*day),
        Meaning::Month { year, month, shift } => scene.month(*year, *month, *shift),
        Meaning::Season { year, code, shift } => scene.season(*year, code, *shift),
        Meaning::Share { year, code, shift } => scene.share(*year, code, *shift),
        Meaning::Weekday { weekday, shift, week } => scene.weekday(*weekday, *shift, *week),
        Meaning::Year(year) => match NaiveDate::from_ymd_opt(*year, 1, 1) {
            Some(day) => Resolved::on(day, Unit::Year).dated(true),
            None => Resolved::date(format!("{year:04}")),
        },
        Meaning::Decade(digits) => Resolved::date(format!("{digits:03}")),
        Meaning::Century(digits) => Resolved::date(format!("{digits:02}")),
        Meaning::Holiday { holiday, year, shift } => {
            let year = year.or_else(|| match shift {
                Shift::Plain | Shift::This => scene.nearest(|year| holiday.day(year), *shift == Shift::This),
                Shift::Last => scene.published.map(|day| {
                    if holiday.day(day.year()).is_some_and(|feast| feast < day) {
                        day.year()
                    } else {
                        day.year() - 1
                    }
                }),
                Shift::Next => scene.published.map(|day| {
                    if holiday.day(day.year()).is_some_and(|feast| feast > day) {
                        day.year()
                    } else {
                        day.year() + 1
                    }
                }),
            });
            match year.and_then(|year| holiday.day(year)) {
                Some(day) => Resolved::on(day, Unit::Day),
                None => match holiday {
                    super::lexicon::Holiday::Fixed(month, day) => {
                        Resolved::date(format!("XXXX-{month:02}-{day:02}"))
                    }
                    _ => Resolved::date("XXXX-XX-XX".to_owned()),
                },
            }
        }
        Meaning::Unit { unit, by, base } => {
            let from = scene.base(*base, *unit);
            match from.and_then(|(day, _)| shifted(day, *unit, *by)) {
                Some(day) => Resolved::on(floor(day, *unit), *unit),
                None if *by == 0 && *unit == Unit::Day && *base == Base::Published => {
                    Resolved::date("PRESENT_REF".to_owned())
                }
                None => Resolved::date(unknown(*unit).to_owned()),
            }
        }
        Meaning::Offset { amount, unit, sign, base } => scene.offset(*amount, *unit, *sign, *base),
        Meaning::Clock { day, clock } => {
            let day = match day {
                Some(day) => resolve(day, scene),
                None => scene
                    .base(Base::Reference, Unit::Hour)
                    .or(scene.base(Base::Published, Unit::Hour))
                    .map_or_else(
                        || Resolved::date("XXXX-XX-XX".to_owned()),
                        |(day, _)| Resolved::on(day, Unit::Day),
                    ),
            };
            let date = if day.value == "PRESENT_REF" { "XXXX-XX-XX" } else { &day.value };
            Resolved { kind: TimeKind::Time, value: format!("{date}{clock}"), ..day }
        }
    }
}

impl Scene {
    /// The day to count a unit from, and how finely it is known: days count from days only.
    fn base(&self, base: Base, unit: Unit) -> Option<(NaiveDate, Unit)> {
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
    fn nearest(&self, day: impl Fn(i32) -> Option<NaiveDate>, this: bool) -> Option<i32> {
        if let Some(reference) = self.told() {
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
    fn told(&self) -> Option<Reference> {
        let reference =
            self.reference.filter(|reference| reference.dated && reference.paragraph == self.paragraph)?;
        let old = self.published.is_none_or(|now| (now - reference.start).num_days() > 366);
        (old && self.tense != Tense::Future).then_some(reference)
    }

    fn day(&self, year: Option<i32>, month: u32, day: u32) -> Resolved {
        let known = year.is_some();
        let year = year.or_else(|| self.nearest(|year| NaiveDate::from_ymd_opt(year, month, day), false));
        match year {
            Some(year) => match NaiveDate::from_ymd_opt(year, month, day) {
                Some(date) => Resolved::on(date, Unit::Day).dated(known || self.told().is_some()),
                None => Resolved::date(format!("{year:04}-{month:02}-{day:02}")),
            },
            None => Resolved::date(format!("XXXX-{month:02}-{day:02}")),
        }
    }

    fn day_of_month(&self, day: u32) -> Resolved {
        let near = self
            .reference
            .filter(|reference| reference.paragraph == self.paragraph && reference.unit <= Unit::Month);
        let from = near.map(|reference| reference.start).or(self.published);
        let Some(from) = from else { return Resolved::date(format!("XXXX-XX-{day:02}")) };
        let this = from.with_day(day);
        let month = match self.tense {
            Tense::Past if near.is_none() && this.is_none_or(|this| this > from) => {
                from.with_day(1).and_then(|first| first.checked_sub_months(Months::new(1)))
            }
            Tense::Future if near.is_none() && this.is_none_or(|this| this < from) => {
                from.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)))
            }
            _ => Some(from),
        };
        match month.and_then(|month| month.with_day(day)) {
            Some(date) => Resolved::on(date, Unit::Day),
            None => Resolved::date(format!("XXXX-XX-{day:02}")),
        }
    }

    fn month(&self, year: Option<i32>, month: u32, shift: Shift) -> Resolved {
        let known = year.is_some();
        let year = year.or_else(|| match (shift, self.published) {
            (Shift::Plain, Some(now)) if self.told().is_none() => Some(match self.tense {
                Tense::Past => now.year() - i32::from(month > now.month()),
                Tense::Future => now.year() + i32::from(month < now.month()),
                // Half a year either way.
                Tense::Present | Tense::Unknown => {
                    now.year()
                        + (i32::try_from(now.month()).unwrap_or(1) - i32::try_from(month).unwrap_or(1) + 5)
                            .div_euclid(12)
                }
            }),
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

    fn season(&self, year: Option<i32>, code: &str, shift: Shift) -> Resolved {
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

    /// Quarters, halves, and months or days of a year that is named relatively.
    fn share(&self, year: Option<i32>, code: &str, shift: Shift) -> Resolved {
        let month = match (code.get(..1), code.get(1..).and_then(|nth| nth.parse::<u32>().ok())) {
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
        } else if code.starts_with(['Q', 'H']) {
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

    /// The last one on or before publication for the past, the first on or after it for the future.
    fn weekday(&self, weekday: u32, shift: Shift, week: Option<i64>) -> Resolved {
        let Some(now) = self.published else { return Resolved::date(format!("XXXX-WXX-{weekday}")) };
        let today = i64::from(now.weekday().number_from_monday());
        let ahead = (i64::from(weekday) - today).rem_euclid(7);
        let back = (today - i64::from(weekday)).rem_euclid(7);
        let past = matches!(self.tense, Tense::Past | Tense::Unknown);
        if let (Some(first), Shift::Plain) = (self.after, shift) {
            let ahead = i64::from(weekday) - i64::from(first.weekday().number_from_monday());
            return Resolved::on(first + Duration::days(ahead.rem_euclid(7)), Unit::Day);
        }
        let days = match (week, shift) {
            (Some(weeks), _) => weeks * 7 + i64::from(weekday) - today,
            (None, Shift::Last) => {
                if back == 0 {
                    -7
                } else {
                    -back
                }
            }
            (None, Shift::Next) => {
                if ahead == 0 {
                    7
                } else {
                    ahead
                }
            }
            (None, Shift::This) => {
                if self.tense == Tense::Past {
                    -back
                } else {
                    ahead
                }
            }
            (None, Shift::Plain) => {
                if past {
                    -back
                } else {
                    ahead
                }
            }
        };
        Resolved::on(now + Duration::days(days), Unit::Day)
    }

    fn offset(&self, amount: Option<f64>, unit: Unit, sign: i64, base: Base) -> Resolved {
        let Some(amount) = amount else {
            return Resolved::date(match (base, sign) {
                (Base::Published, -1) => "PAST_REF".to_owned(),
                (Base::Published, _) => "FUTURE_REF".to_owned(),
                _ => unknown(unit).to_owned(),
            });
        };
        if unit < Unit::Day {
            let span = Duration::try_milliseconds((amount * seconds(unit) * 1000.0) as i64 * sign);
            let from = self.moment.filter(|_| base == Base::Published);
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

/// "15,000 years ago" is before the calendar's years of four digits.
fn ancient(from: NaiveDate, amount: f64, unit: Unit, sign: i64) -> Resolved {
    let years = amount * seconds(unit) / seconds(Unit::Year);
    let year = f64::from(from.year()) + years * sign as f64;
    if year < 0.0 && year > -1e12 {
        return Resolved::date(format!("BC{:04}", -(year as i64)));
    }
    Resolved::date(if sign < 0 { "PAST_REF" } else { "FUTURE_REF" }.to_owned())
}

/// A day moved by units; none outside the years 1 to 9999.
fn shifted(day: NaiveDate, unit: Unit, by: i64) -> Option<NaiveDate> {
    let months = |each: i64| {
        let months = by.checked_mul(each)?;
        let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        if months < 0 { day.checked_sub_months(count) } else { day.checked_add_months(count) }
    };
    let days = |each: i64| day.checked_add_signed(Duration::try_days(by.checked_mul(each)?)?);
    let moved = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => Some(day),
        Unit::Day => days(1),
        Unit::Weekend | Unit::Week => days(7),
        Unit::Fortnight => days(14),
        Unit::Month => months(1),
        Unit::Quarter => months(3),
        Unit::Year => months(12),
        Unit::Decade => months(120),
        Unit::Century => months(1200),
        Unit::Millennium => months(12_000),
    };
    moved.filter(|day| (1..=9999).contains(&day.year()))
}

/// The first day of the unit that holds a day.
fn floor(day: NaiveDate, unit: Unit) -> NaiveDate {
    let floored = match unit {
        Unit::Week | Unit::Fortnight => Some(monday(day)),
        Unit::Weekend => Some(monday(day) + Duration::days(5)),
        Unit::Month => day.with_day(1),
        Unit::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        _ => Some(day),
    };
    floored.unwrap_or(day)
}

/// The TIMEX3 value of the unit that begins on a day.
fn value_of(day: NaiveDate, unit: Unit) -> String {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Day => day.format("%Y-%m-%d").to_string(),
        Unit::Week | Unit::Fortnight => day.format("%G-W%V").to_string(),
        Unit::Weekend => day.format("%G-W%V-WE").to_string(),
        Unit::Month => day.format("%Y-%m").to_string(),
        Unit::Quarter => format!("{:04}-Q{}", day.year(), day.month0() / 3 + 1),
        Unit::Year => format!("{:04}", day.year()),
        Unit::Decade => format!("{:03}", day.year() / 10),
        Unit::Century => format!("{:02}", day.year() / 100),
        Unit::Millennium => format!("{:01}", day.year() / 1000),
    }
}

/// What is left of a relative date that has nothing to count from.
fn unknown(unit: Unit) -> &'static str {
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour => "XXXX-XX-XXTXX:XX",
        Unit::Day => "XXXX-XX-XX",
        Unit::Week | Unit::Fortnight => "XXXX-WXX",
        Unit::Weekend => "XXXX-WXX-WE",
        Unit::Month => "XXXX-XX",
        Unit::Quarter => "XXXX-QX",
        Unit::Year => "XXXX",
        Unit::Decade => "XXX",
        Unit::Century | Unit::Millennium => "XX",
    }
}
