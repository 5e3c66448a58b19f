//! Days as people type them.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::super::desk::DeskError;

/// Which end of a stretch is meant, where the words name more than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    First,
    Last,
}

/// The first and the last day of a period whose ends are typed.
pub(super) fn period(
    from: Option<&str>,
    to: Option<&str>,
    today: NaiveDate,
) -> Result<(Option<NaiveDate>, Option<NaiveDate>), DeskError> {
    let from = from.map(|words| day(words, today, Edge::First)).transpose()?;
    let to = to.map(|words| day(words, today, Edge::Last)).transpose()?;
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(DeskError::user_with(
            "Nothing can be after {from} and before {to}.",
            &[("from", from.to_string()), ("to", to.to_string())],
        ));
    }
    Ok((from, to))
}

/// "2022-09-07", "2022-09", "2022", "yesterday", "last week", "3 months ago".
pub fn day(words: &str, today: NaiveDate, edge: Edge) -> Result<NaiveDate, DeskError> {
    let lower = words.trim().to_lowercase();
    let (first, last) = stretch(&lower, today).ok_or_else(|| {
        let words = crate::render::clip(words.trim(), 40);
        DeskError::user_with(
            "“{words}” is not a date. Write 2022-09-07, yesterday, last week or 3 months ago.",
            &[("words", words)],
        )
    })?;
    Ok(if edge == Edge::First { first } else { last })
}

/// The first and the last day. Weeks begin on Monday.
fn stretch(words: &str, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
    if let Ok(day) = words.parse::<NaiveDate>() {
        return Some((day, day));
    }
    let this_week = today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()))?;
    let this_month = today.with_day(1)?;
    let this_year = this_month.with_month(1)?;
    match words {
        "today" => Some((today, today)),
        "yesterday" => today.pred_opt().map(|day| (day, day)),
        "this week" => Some((this_week, today)),
        "this month" => Some((this_month, today)),
        "this year" => Some((this_year, today)),
        "last week" => Some((this_week.checked_sub_days(Days::new(7))?, this_week.pred_opt()?)),
        "last month" => Some((this_month.checked_sub_months(Months::new(1))?, this_month.pred_opt()?)),
        "last year" => Some((this_year.checked_sub_months(Months::new(12))?, this_year.pred_opt()?)),
        _ => ago(words, today).map(|day| (day, day)).or_else(|| month_or_year(words)),
    }
}

fn ago(words: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (number, unit) = words.strip_suffix(" ago")?.trim().split_once(' ')?;
    let number: u32 = if matches!(number, "a" | "one") { 1 } else { number.parse().ok()? };
    match unit.trim().trim_end_matches('s') {
        "day" => today.checked_sub_days(Days::new(number.into())),
        "week" => today.checked_sub_days(Days::new(u64::from(number) * 7)),
        "month" => today.checked_sub_months(Months::new(number)),
        "year" => today.checked_sub_months(Months::new(number.checked_mul(12)?)),
        _ => None,
    }
}

fn month_or_year(words: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (year, month) = words.split_once('-').map_or((words, None), |(year, month)| (year, Some(month)));
    if year.len() != 4 {
        return None;
    }
    let (month, months) = match month {
        Some(month) => (month.parse().ok()?, 1),
        None => (1, 12),
    };
    let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month, 1)?;
    Some((first, first.checked_add_months(Months::new(months))?.pred_opt()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_digits_and_words() {
        // A Wednesday.
        let today = NaiveDate::from_ymd_opt(2022, 9, 7).unwrap();
        for (words, first, last) in [
            ("2022-07-15", "2022-07-15", "2022-07-15"),
            (" Yesterday ", "2022-09-06", "2022-09-06"),
            ("today", "2022-09-07", "2022-09-07"),
            ("this week", "2022-09-05", "2022-09-07"),
            ("last week", "2022-08-29", "2022-09-04"),
            ("last month", "2022-08-01", "2022-08-31"),
            ("last year", "2021-01-01", "2021-12-31"),
            ("3 months ago", "2022-06-07", "2022-06-07"),
            ("a week ago", "2022-08-31", "2022-08-31"),
            ("2022-02", "2022-02-01", "2022-02-28"),
            ("2020", "2020-01-01", "2020-12-31"),
        ] {
            assert_eq!(day(words, today, Edge::First).unwrap().to_string(), first, "{words}");
            assert_eq!(day(words, today, Edge::Last).unwrap().to_string(), last, "{words}");
        }
        for words in [
            "", "soon", "2022-13", "2022-02-30", "99999999999 years ago", "4294967295 days ago", "é-é",
            "12345", "-1 days ago",
        ] {
            assert!(day(words, today, Edge::First).is_err(), "{words}");
        }
    }
}
