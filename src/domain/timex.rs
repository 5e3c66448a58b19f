//! TIMEX3 values that have a place in the calendar.

use chrono::NaiveDate;

use super::{Granularity, KeyDate};

/// How finely a TIMEX3 value of a date or time is known, and when it begins; nothing for what has no place in the
/// calendar, or only in part.
pub fn calendar_value(value: &str) -> Option<(Granularity, NaiveDate)> {
    if value.contains('X') || value.ends_with("REF") || value.starts_with("BC") {
        return None;
    }
    if let Some((day, _)) = value.split_once('T') {
        return Some((Granularity::Time, day.parse().ok()?));
    }
    let first = |year: i32, month: u32| NaiveDate::from_ymd_opt(year, month, 1);
    let mut parts = value.split('-');
    let (head, part, rest) = (parts.next()?, parts.next(), parts.next());
    let number: i32 = head.parse().ok()?;
    match (head.len(), part, rest) {
        (2, None, _) => Some((Granularity::Century, first(number * 100, 1)?)),
        (3, None, _) => Some((Granularity::Decade, first(number * 10, 1)?)),
        (4, None, _) => Some((Granularity::Year, first(number, 1)?)),
        (4, Some(week), _) if week.starts_with('W') && week != "WI" => {
            let day = NaiveDate::from_isoywd_opt(number, week.get(1..)?.parse().ok()?, chrono::Weekday::Mon)?;
            Some((Granularity::Week, day))
        }
        (4, Some("SP"), _) => Some((Granularity::Season, first(number, 3)?)),
        (4, Some("SU"), _) => Some((Granularity::Season, first(number, 6)?)),
        (4, Some("FA"), _) => Some((Granularity::Season, first(number, 9)?)),
        (4, Some("WI"), _) => Some((Granularity::Season, first(number, 12)?)),
        (4, Some(share), _) if share.starts_with(['Q', 'H']) => {
            let nth: u32 = share.get(1..)?.parse().ok()?;
            let months = if share.starts_with('Q') { 3 } else { 6 };
            Some((Granularity::Quarter, first(number, nth.checked_sub(1)? * months + 1)?))
        }
        (4, Some(month), None) => Some((Granularity::Month, first(number, month.parse().ok()?)?)),
        (4, Some(_), Some(_)) => Some((Granularity::Day, value.parse().ok()?)),
        _ => None,
    }
}

impl KeyDate {
    /// The day on which it begins, or a deadline ends: what puts dates of several articles in order.
    pub fn day(&self) -> Option<NaiveDate> {
        match self.granularity {
            Granularity::Duration => self.until.as_deref()?.get(..10)?.parse().ok(),
            _ => calendar_value(&self.value).map(|(_, day)| day),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_begin_on_a_day() {
        for (value, day) in [
            ("2022-07-15", "2022-07-15"),
            ("2022-07-15T20:17", "2022-07-15"),
            ("2022-07", "2022-07-01"),
            ("2022-W36", "2022-09-05"),
            ("2022-SU", "2022-06-01"),
            ("2022-Q4", "2022-10-01"),
            ("2022", "2022-01-01"),
            ("199", "1990-01-01"),
            ("19", "1900-01-01"),
        ] {
            assert_eq!(calendar_value(value).unwrap().1.to_string(), day, "{value}");
        }
        for value in ["XXXX-WXX-3", "PAST_REF", "BC0044", "2022-13", "2022-QQ", "", "é", "2022-02-30"] {
            assert_eq!(calendar_value(value), None, "{value}");
        }
    }
}
