//! Dates of feeds, in the many shapes that publishers give them.
//!
//! RFC 822 and RFC 3339 are what the formats ask for; two-digit years, missing zones, months before days, names of
//! zones and bare days are what is sent. Words are read in English only.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use crate::domain::Published;

/// Longer texts are no dates.
const MAX_LEN: usize = 80;

/// Years that a feed can mean. Zero dates (year 1, the Unix epoch) are a publisher's "no date".
const YEARS: std::ops::RangeInclusive<i32> = 1980..=2199;

/// Reads a date. A time without a zone is read as UTC; without a time it is a day.
pub(super) fn parse(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.len() > MAX_LEN {
        return None;
    }
    let published = iso(text).or_else(|| worded(text))?;
    YEARS.contains(&published.day().year()).then_some(published)
}

/// `2022-09-07`, `20220907`, `2022-09-07T14:30Z`, `2022-09-07 14:30:00.5 +0200`.
fn iso(text: &str) -> Option<Published> {
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let year = i32::try_from(digits(0, 4)?).ok()?;
    let separator = text.get(4..5)?;
    let (month, day, rest) = match separator {
        "-" | "/" | "." if text.get(7..8) == Some(separator) => {
            (digits(5, 7)?, digits(8, 10)?, text.get(10..)?)
        }
        _ => (digits(4, 6)?, digits(6, 8)?, text.get(8..)?),
    };
    let day = NaiveDate::from_ymd_opt(year, month, day)?;
    let rest = rest.trim_start_matches(['T', 't', ' ', ',']);
    let split =
        rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(split);
    if time.is_empty() {
        return Some(Published::Day(day));
    }
    moment(day, self::time(time)?, zone)
}

/// `Wed, 07 Sep 2022 14:30:00 GMT` and its relatives, the parts in any order.
fn worded(text: &str) -> Option<Published> {
    let (mut year, mut month, mut day, mut at) = (None, None, None, None);
    let mut afternoon = None;
    let mut zone = String::new();
    for token in text.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty()) {
        // 07-Sep-2022
        let parts = if token.starts_with(['+', '-']) { vec![token] } else { token.split('-').collect() };
        for part in parts {
            let lower = part.to_ascii_lowercase();
            let trimmed = lower.trim_end_matches('.');
            if let Some(found) = month_of(trimmed) {
                month = month.or(Some(found));
            } else if let Some((clock, zone_part)) = clock(part) {
                at = at.or(Some(self::time(clock)?));
                zone.push_str(zone_part);
            } else if matches!(trimmed, "am" | "pm" | "a.m" | "p.m") {
                afternoon = Some(trimmed.starts_with('p'));
            } else if let Some(number) = number(trimmed) {
                // A four-digit number is a year, a first small one the day, a second one a two-digit year.
                if trimmed.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit()) {
                    year = year.or(i32::try_from(number).ok());
                } else if day.is_none() {
                    day = Some(number);
                } else if year.is_none() && number < 100 {
                    let number = i32::try_from(number).ok()?;
                    year = Some(if number < 70 { 2000 + number } else { 1900 + number });
                }
            } else if at.is_some() && zone.is_empty() {
                zone.push_str(part);
            }
        }
    }
    let day = NaiveDate::from_ymd_opt(year?, month?, day?)?;
    let Some(mut at) = at else { return Some(Published::Day(day)) };
    if let Some(afternoon) = afternoon {
        at.hour = at.hour % 12 + if afternoon { 12 } else { 0 };
    }
    moment(day, at, &zone)
}

#[derive(Clone, Copy)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
}

/// `14:30`, `14:30:05`, `14:30:05.25`, `143005`; `24:00` is taken as midnight at the start of the day.
fn time(text: &str) -> Option<Clock> {
    let text = text.split(['.', ',']).next()?;
    let mut parts = if text.contains(':') {
        text.split(':').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()?
    } else {
        [text.get(0..2), text.get(2..4), text.get(4..6)]
            .into_iter()
            .flatten()
            .map(|p| p.parse().ok())
            .collect::<Option<_>>()?
    }
    .into_iter();
    let hour = parts.next()?;
    // A leap second has no moment of its own.
    Some(Clock {
        hour: if hour == 24 { 0 } else { hour },
        minute: parts.next().unwrap_or(0),
        second: parts.next().unwrap_or(0).min(59),
    })
}

/// Splits `14:30:00Z` or `14:30:00+02:00` into time and zone.
fn clock(token: &str) -> Option<(&str, &str)> {
    if !token.starts_with(|c: char| c.is_ascii_digit()) || !token.contains(':') {
        return None;
    }
    let split = token.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(token.len());
    Some(token.split_at(split))
}

/// `7`, `07`, `7th`, `2022`.
fn number(token: &str) -> Option<u32> {
    let digits =
        ["st", "nd", "rd", "th"].iter().find_map(|suffix| token.strip_suffix(suffix)).unwrap_or(token);
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

fn month_of(token: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december",
    ];
    if token.len() < 3 {
        return None;
    }
    // "sept", "sep", "september".
    let at = MONTHS.iter().position(|month| month.starts_with(token))?;
    u32::try_from(at + 1).ok()
}

fn moment(day: NaiveDate, at: Clock, zone: &str) -> Option<Published> {
    let local = NaiveDateTime::new(day, NaiveTime::from_hms_opt(at.hour, at.minute, at.second)?);
    let offset = offset(zone.trim())?;
    let at: DateTime<FixedOffset> = local.and_local_timezone(offset).single()?;
    (at.timestamp() > 0).then_some(Published::Moment(at))
}

/// Offset of a zone; UTC for one that is absent or unknown.
fn offset(zone: &str) -> Option<FixedOffset> {
    let zone = zone.trim_start_matches('(');
    let named = zone.to_ascii_uppercase();
    let sign_at = named.find(['+', '-']);
    if let Some(at) = sign_at {
        let (_, signed) = named.split_at(at);
        let digits: String = signed.chars().filter(char::is_ascii_digit).take(4).collect();
        let (hours, minutes) = match digits.len() {
            1 | 2 => (digits.parse().ok()?, 0),
            4 => (digits.get(..2)?.parse::<i32>().ok()?, digits.get(2..)?.parse().ok()?),
            3 => (digits.get(..1)?.parse::<i32>().ok()?, digits.get(1..)?.parse().ok()?),
            _ => return FixedOffset::east_opt(0),
        };
        let seconds: i32 = hours * 3600 + minutes * 60;
        return FixedOffset::east_opt(if signed.starts_with('-') { -seconds } else { seconds });
    }
    let hours = match named.trim_end_matches(')') {
        "EDT" | "AST" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "BST" | "CET" | "MEZ" | "WEST" => 1,
        "CEST" | "MESZ" | "EET" | "SAST" => 2,
        "EEST" | "MSK" => 3,
        "HKT" | "SGT" => 8,
        "JST" | "KST" => 9,
        "AEST" => 10,
        "AEDT" => 11,
        _ => 0,
    };
    FixedOffset::east_opt(hours * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (text, expected) in [
            ("Wed, 07 Sep 2022 14:30:00 GMT", "2022-09-07T14:30:00Z"),
            ("Wed, 07 Sep 2022 14:30:00 +0200", "2022-09-07T14:30:00+02:00"),
            ("Wed, 7 Sep 22 14:30 EDT", "2022-09-07T14:30:00-04:00"),
            ("Thurs, 07 September 2022 4:05:00 PST", "2022-09-07T04:05:00-08:00"),
            ("Wed Sep  7 14:30:00 2022", "2022-09-07T14:30:00Z"),
            ("Wednesday, 07-Sep-22 14:30:00 GMT", "2022-09-07T14:30:00Z"),
            ("September 7, 2022 2:30 PM", "2022-09-07T14:30:00Z"),
            ("Sep 7th, 2022, 12:05 a.m.", "2022-09-07T00:05:00Z"),
            ("07 Sep 2022", "2022-09-07"),
            ("Wed, 07 Sep 2022 24:00:00 GMT", "2022-09-07T00:00:00Z"),
            ("Wed, 07 Sep 2022 14:30:00 GMT+3", "2022-09-07T14:30:00+03:00"),
            ("Wed, 07 Sep 2022 14:30:00 Etc", "2022-09-07T14:30:00Z"),
            ("2022-09-07T14:30:00Z", "2022-09-07T14:30:00Z"),
            ("2022-09-07T14:30:00.123+02:00", "2022-09-07T14:30:00+02:00"),
            ("2022-09-07T14:30Z", "2022-09-07T14:30:00Z"),
            ("2022-09-07 14:30:00 -0430", "2022-09-07T14:30:00-04:30"),
            ("2022-09-07T14:30:60Z", "2022-09-07T14:30:59Z"),
            ("20220907T143000Z", "2022-09-07T14:30:00Z"),
            ("20220907", "2022-09-07"),
            ("2022/09/07 14:30", "2022-09-07T14:30:00Z"),
            ("\n 2022-09-07 \n", "2022-09-07"),
        ] {
            assert_eq!(parse(text).map(|p| p.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "yesterday",
            "2022",
            "2022-13-40",
            "0001-01-01T00:00:00Z",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Wed, 32 Sep 2022 10:00:00 GMT",
            "07/09/2022",
            "Wed, 07 Sep 2022 99:99:99 GMT",
            "é-é-é",
            "２０２２-09-07",
            "2022-09-07T14:30:00+99:99",
            "1:2:3:4:5",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
