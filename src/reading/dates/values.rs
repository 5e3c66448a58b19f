//! TIMEX3 values of the calendar: moving a day, and writing what begins on it.

use chrono::{Datelike, Duration, Months, NaiveDate};

use super::amounts::seconds;
use super::lexicon::{Unit, monday};
use super::resolve::Resolved;

/// "15,000 years ago" is before the calendar's years of four digits.
pub fn ancient(from: NaiveDate, amount: f64, unit: Unit, sign: i64) -> Resolved {
    let years = amount * seconds(unit) / seconds(Unit::Year);
    let year = f64::from(from.year()) + years * sign as f64;
    if year < 0.0 && year > -1e12 {
        return Resolved::date(format!("BC{:04}", -(year as i64)));
    }
    Resolved::date(if sign < 0 { "PAST_REF" } else { "FUTURE_REF" }.to_owned())
}

/// A day moved by units; none outside the years 1 to 9999.
pub fn shifted(day: NaiveDate, unit: Unit, by: i64) -> Option<NaiveDate> {
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
pub fn floor(day: NaiveDate, unit: Unit) -> NaiveDate {
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
pub fn value_of(day: NaiveDate, unit: Unit) -> String {
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
pub fn unknown(unit: Unit) -> &'static str {
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
