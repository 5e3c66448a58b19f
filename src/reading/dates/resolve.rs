//! From what an expression says to its TIMEX3 value: anchoring by publication, by tense and by what the
//! text named before (as HeidelTime does for news, Strötgen and Gertz 2010).

use chrono::{Datelike, Duration, NaiveDate, Weekday};

use super::grammar::{Base, Meaning};
use super::holidays::Holiday;
use super::lexicon::Unit;
use super::scene::Scene;
use super::values::{floor, shifted, unknown, value_of};
use crate::domain::TimeKind;

/// A value, and the date it stands for where there is one.
#[derive(Debug, Clone)]
pub struct Resolved {
    pub kind: TimeKind,
    pub value: String,
    pub start: Option<(NaiveDate, Unit)>,
    pub dated: bool,
}

impl Resolved {
    pub fn date(value: String) -> Self {
        Self { kind: TimeKind::Date, value, start: None, dated: false }
    }

    pub fn on(day: NaiveDate, unit: Unit) -> Self {
        Self { kind: TimeKind::Date, value: value_of(day, unit), start: Some((day, unit)), dated: false }
    }

    pub fn dated(self, dated: bool) -> Self {
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
        Meaning::DayOfMonth { day, month } => scene.day_of_month(*day, *month),
        Meaning::Month { year, month, shift } => scene.month(*year, *month, *shift),
        Meaning::Season { year, code, shift } => scene.season(*year, code, *shift),
        Meaning::Share { year, code, shift } => scene.share(*year, code, *shift),
        Meaning::Weekday { weekday, shift, week } => scene.weekday(*weekday, *shift, *week),
        Meaning::WeekdayOfMonth { weekday, nth, month } => {
            let first = scene.published.and_then(|now| shifted(floor(now, Unit::Month), Unit::Month, *month));
            let weekday = u8::try_from(weekday - 1).ok().and_then(|day| Weekday::try_from(day).ok());
            let day = first.zip(weekday).and_then(|(first, weekday)| {
                Holiday::Floating(first.month(), weekday, *nth).day(first.year())
            });
            match day {
                Some(day) => Resolved::on(day, Unit::Day),
                None => Resolved::date(unknown(Unit::Day).to_owned()),
            }
        }
        Meaning::DatedWeekday { weekday, day } => scene.weekday_of_month(*weekday, *day),
        Meaning::ThatWeekday(weekday) => match scene.base(Base::Reference, Unit::Day) {
            Some((day, _)) => {
                let ahead = i64::from(*weekday) - i64::from(day.weekday().number_from_monday());
                let nearest = (ahead + 3).rem_euclid(7) - 3;
                Resolved::on(day + Duration::days(nearest), Unit::Day)
            }
            None => Resolved::date(format!("XXXX-WXX-{weekday}")),
        },
        Meaning::Year(year) => match NaiveDate::from_ymd_opt(*year, 1, 1) {
            Some(day) => Resolved::on(day, Unit::Year).dated(true),
            None => Resolved::date(format!("{year:04}")),
        },
        Meaning::Decade(digits) => Resolved::date(format!("{digits:03}")),
        Meaning::Century(digits) => Resolved::date(format!("{digits:02}")),
        Meaning::Holiday { holiday, year, shift } => scene.holiday(*holiday, *year, *shift, scene.published),
        Meaning::HolidayOfYear { holiday, shift } => {
            let of = scene.published.and_then(|now| shifted(now, Unit::Year, shift.by()));
            scene.holiday(*holiday, of.map(|day| day.year()), *shift, scene.published)
        }
        Meaning::DayTurned { month, day, shift } => {
            // An old letter looks back from its own day.
            let history = scene.told().or(scene.reference.filter(|_| scene.history));
            let from = history.map(|told| told.start).or(scene.published);
            scene.holiday(Holiday::Fixed(*month, *day), None, *shift, from)
        }
        Meaning::WeekOf(day) => match resolve(day, scene).start {
            Some((day, _)) => Resolved::on(floor(day, Unit::Week), Unit::Week),
            None => Resolved::date(unknown(Unit::Week).to_owned()),
        },
        Meaning::Near { days, of } => match resolve(of, scene).start {
            Some((day, Unit::Day | Unit::Week)) => match shifted(day, Unit::Day, *days) {
                Some(day) => Resolved::on(day, Unit::Day),
                None => Resolved::date(unknown(Unit::Day).to_owned()),
            },
            _ => Resolved::date(unknown(Unit::Day).to_owned()),
        },
        Meaning::Unit { unit: Unit::Weekend, by: 0, base: Base::Reference } => scene.weekend(),
        Meaning::Unit { unit: Unit::Quarter, by: 0, base: Base::Reference } => scene.quarter(),
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
        Meaning::Anniversary { amount, unit, of } => {
            let of = resolve(of, scene).start;
            // A week is where most of its days are.
            let day = of.and_then(|(day, known)| {
                let middle = if known == Unit::Week { day + Duration::days(3) } else { day };
                Some((shifted(middle, *unit, -amount)?, known))
            });
            match day {
                Some((day, known)) => Resolved::on(floor(day, known), known),
                None => Resolved::date(unknown(Unit::Day).to_owned()),
            }
        }
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
