//! Dates in plain words, never finer than they are known.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::text::plain;
use crate::domain::{KeyDate, Published};

/// A key date: "15 July 2022", "summer 2022", "24 hours, until 8 September 2022".
///
/// A value that cannot be put in words falls back to the words of the article. Not escaped.
pub fn key_date(date: &KeyDate) -> String {
    let mut words = timex(&date.value).unwrap_or_else(|| plain(&date.text));
    if let Some(until) = date.until.as_deref().and_then(moment) {
        words.push_str(", until ");
        words.push_str(&until);
    }
    words
}

/// A publication time, in the zone of the channel: "7 September 2022, 16:30 CEST".
pub fn published(published: Published, tz: Tz) -> String {
    match published {
        Published::Moment(at) => at.with_timezone(&tz).format("%-d %B %Y, %H:%M %Z").to_string(),
        Published::Day(day) => self::day(day),
    }
}

fn day(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), day.format("%B"), day.year())
}

/// An ISO 8601 date or date and time, without a zone. Midnight is taken for a bare date.
fn moment(text: &str) -> Option<String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Some(day(date));
    }
    let at: NaiveDateTime =
        text.parse().or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")).ok()?;
    if at.time() == NaiveTime::MIN {
        return Some(day(at.date()));
    }
    Some(format!("{}, {}", day(at.date()), at.format("%H:%M")))
}

/// The words for a TIMEX3 value (ISO 24617-1); nothing where a part of it is unknown.
fn timex(value: &str) -> Option<String> {
    if let Some(duration) = value.strip_prefix('P') {
        return self::duration(duration);
    }
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let date = calendar(date)?;
    Some(match time {
        None => date,
        Some(time) => format!("{date}, {}", time_of_day(time)?),
    })
}

fn calendar(value: &str) -> Option<String> {
    let mut parts = value.split('-');
    let first = parts.next()?;
    if !first.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i32 = first.parse().ok()?;
    let rest: Vec<&str> = parts.collect();
    match (first.len(), rest.as_slice()) {
        // TIMEX3 writes a century by the digits its years begin with.
        (2, []) => Some(format!("{} century", ordinal(number + 1))),
        (3, []) => Some(format!("{number}0s")),
        (4, []) => Some(first.to_owned()),
        (4, [part]) => part_of_year(number, part),
        (4, [month, date]) if month.len() == 2 => {
            NaiveDate::from_ymd_opt(number, month.parse().ok()?, date.parse().ok()?).map(day)
        }
        (4, [week, date]) => {
            let week: u32 = week.strip_prefix('W')?.parse().ok()?;
            if *date == "WE" {
                let saturday = NaiveDate::from_isoywd_opt(number, week, Weekday::Sat)?;
                return Some(format!("weekend of {}", day(saturday)));
            }
            let weekday = Weekday::try_from(date.parse::<u8>().ok()?.checked_sub(1)?).ok()?;
            NaiveDate::from_isoywd_opt(number, week, weekday).map(day)
        }
        _ => None,
    }
}

fn part_of_year(year: i32, part: &str) -> Option<String> {
    let season = match part {
        "SP" => "spring",
        "SU" => "summer",
        "FA" | "AU" => "autumn",
        "WI" => "winter",
        "Q1" => "first quarter of",
        "Q2" => "second quarter of",
        "Q3" => "third quarter of",
        "Q4" => "fourth quarter of",
        "H1" => "first half of",
        "H2" => "second half of",
        _ => {
            if let Some(week) = part.strip_prefix('W') {
                let monday = NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon)?;
                return Some(format!("week of {}", day(monday)));
            }
            let first = NaiveDate::from_ymd_opt(year, part.parse().ok()?, 1)?;
            return Some(format!("{} {year}", first.format("%B")));
        }
    };
    Some(format!("{season} {year}"))
}

fn time_of_day(time: &str) -> Option<String> {
    Some(match time {
        "MO" => "morning".to_owned(),
        "MI" => "midday".to_owned(),
        "AF" => "afternoon".to_owned(),
        "EV" => "evening".to_owned(),
        "NI" => "night".to_owned(),
        "DT" => "daytime".to_owned(),
        _ => {
            let mut parts = time.split(':');
            let hour: u32 = parts.next()?.parse().ok()?;
            let minute: u32 = parts.next().map_or(Ok(0), |m| m.get(..2).unwrap_or(m).parse()).ok()?;
            NaiveTime::from_hms_opt(hour, minute, 0)?.format("%H:%M").to_string()
        }
    })
}

/// "3 days", "1 year 6 months", from what follows the P.
fn duration(value: &str) -> Option<String> {
    let mut words = Vec::new();
    let (mut number, mut clock) = (String::new(), false);
    for c in value.chars() {
        match c {
            '0'..='9' | '.' => number.push(c),
            'T' if number.is_empty() => clock = true,
            _ => {
                let unit = match (c, clock) {
                    ('Y', false) => "year",
                    ('M', false) => "month",
                    ('W', false) => "week",
                    ('D', false) => "day",
                    ('H', true) => "hour",
                    ('M', true) => "minute",
                    ('S', true) => "second",
                    _ => return None,
                };
                number.parse::<f64>().ok()?;
                words.push(format!("{number} {unit}{}", if number == "1" { "" } else { "s" }));
                number.clear();
            }
        }
    }
    (number.is_empty() && !words.is_empty()).then(|| words.join(" "))
}

fn ordinal(number: i32) -> String {
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Granularity;

    fn date(value: &str, until: Option<&str>) -> KeyDate {
        KeyDate {
            text: "as the\narticle says".to_owned(),
            start: 0,
            end: 19,
            value: value.to_owned(),
            granularity: Granularity::Day,
            until: until.map(str::to_owned),
            event: None,
        }
    }

    #[test]
    fn words_are_as_fine_as_the_value() {
        for (value, words) in [
            ("1969-07-20", "20 July 1969"),
            ("1969-07-20T20:17", "20 July 1969, 20:17"),
            ("1969-07-20T20:17:40Z", "20 July 1969, 20:17"),
            ("1969-07-20T09", "20 July 1969, 09:00"),
            ("1989-11-09TEV", "9 November 1989, evening"),
            ("1989-W45", "week of 6 November 1989"),
            ("1989-W45-4", "9 November 1989"),
            ("1989-W45-WE", "weekend of 11 November 1989"),
            ("1989-11", "November 1989"),
            ("1989-SU", "summer 1989"),
            ("1929-Q4", "fourth quarter of 1929"),
            ("1914", "1914"),
            ("199", "1990s"),
            ("19", "20th century"),
            ("20", "21st century"),
            ("PT48H", "48 hours"),
            ("P1D", "1 day"),
            ("P1Y6M", "1 year 6 months"),
            ("P1DT12H", "1 day 12 hours"),
            ("P2.5Y", "2.5 years"),
        ] {
            assert_eq!(key_date(&date(value, None)), words, "{value}");
        }
    }

    #[test]
    fn what_has_no_words_is_quoted() {
        for value in [
            "", "XXXX-WXX-3", "PAST_REF", "PXD", "P", "PT", "P3", "P3X", "P1.1.1D", "1969-13-01",
            "1969-02-30", "1989-W60", "1989-W45-9", "BC0044", "-0044", "1989-11-09T99:99", "12345", "é",
            "1969-07-20Té1", "1989-11-09T12:é",
        ] {
            assert_eq!(key_date(&date(value, None)), "as the article says", "{value}");
        }
    }

    #[test]
    fn a_deadline_keeps_its_duration_and_gets_its_end() {
        for (until, words) in [
            ("1914-07-25T18:00:00", "48 hours, until 25 July 1914, 18:00"),
            ("1914-07-25T18:00", "48 hours, until 25 July 1914, 18:00"),
            ("1914-07-25T00:00:00", "48 hours, until 25 July 1914"),
            ("1914-07-25", "48 hours, until 25 July 1914"),
            ("soon", "48 hours"),
        ] {
            assert_eq!(key_date(&date("PT48H", Some(until))), words);
        }
    }

    #[test]
    fn publication_is_told_in_the_channels_zone() {
        let at: Published = "2022-09-07T14:30:00Z".parse().unwrap();
        assert_eq!(published(at, Tz::Europe__Tirane), "7 September 2022, 16:30 CEST");
        assert_eq!(published(at, Tz::UTC), "7 September 2022, 14:30 UTC");
        assert_eq!(published("2022-09-07".parse().unwrap(), Tz::Asia__Tokyo), "7 September 2022");
    }
}
