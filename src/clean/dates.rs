//! Publication times as pages write them.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use regex::{Captures, Regex};
use url::Url;

use crate::domain::Published;

/// A time as it was written: an hour without a zone is no moment, but two of them may agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    Moment(DateTime<FixedOffset>),
    /// By the outlet's own clock, wherever it hangs.
    Local(NaiveDateTime),
    Day(NaiveDate),
}

impl Stamp {
    pub fn day(self) -> NaiveDate {
        self.published().day()
    }

    pub fn published(self) -> Published {
        match self {
            Stamp::Moment(at) => Published::Moment(at),
            Stamp::Local(at) => Published::Day(at.date()),
            Stamp::Day(day) => Published::Day(day),
        }
    }
}

/// Which number of 4/7/2022 is the day.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    #[default]
    DayFirst,
    MonthFirst,
}

/// Reads a time with its zone, or else only its day: an hour without a zone is no moment.
pub(super) fn parse(text: &str) -> Option<Published> {
    stamp(text, Order::default()).map(Stamp::published)
}

/// Reads a time as precisely as it is written, wherever it stands in a short text.
///
/// Templates' placeholders (year 1, the first second of 1970) and years that no outlet can mean are
/// nothing, as is a month or a year alone.
pub(super) fn stamp(text: &str, order: Order) -> Option<Stamp> {
    let text = text.trim();
    if text.len() > 160 {
        return None;
    }
    let found = exact(text).or_else(|| {
        let written = find(text, order)?;
        let clock = clock(&text[written.end..]).or_else(|| clock(&text[..written.start]));
        Some(match clock {
            Some((time, Some(zone))) => {
                Stamp::Moment(written.day.and_time(time).and_local_timezone(zone).single()?)
            }
            Some((time, None)) if time != NaiveTime::MIN => Stamp::Local(written.day.and_time(time)),
            _ => Stamp::Day(written.day),
        })
    })?;
    let epoch = |day: NaiveDate| (day.year(), day.ordinal()) == (1970, 1);
    let placeholder = match found {
        Stamp::Moment(at) => at.timestamp() == 0 || epoch(at.date_naive()) && at.timestamp() < 3600,
        Stamp::Local(at) => epoch(at.date()) && at.time() == NaiveTime::MIN,
        Stamp::Day(day) => epoch(day),
    };
    (!placeholder && is_plausible(found.day())).then_some(found)
}

/// The forms that machines write.
fn exact(text: &str) -> Option<Stamp> {
    let moment = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f %#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M %#z"));
    if let Ok(at) = moment {
        return Some(Stamp::Moment(at));
    }
    if matches!(text.len(), 10 | 13) && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds: i64 = text.get(..10)?.parse().ok()?;
        return DateTime::from_timestamp(seconds, 0).map(|at| Stamp::Moment(at.fixed_offset()));
    }
    let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let at = local.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    Some(if at.time() == NaiveTime::MIN { Stamp::Day(at.date()) } else { Stamp::Local(at) })
}

/// A day written in a text, and the bytes that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub day: NaiveDate,
    pub start: usize,
    pub end: usize,
}

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        (?P<y1>\d{4}) \s?[-/.年]\s? (?P<m1>\d{1,2}) \s?[-/.月]\s? (?P<d1>\d{1,2}) 日?
        | (?-u:\b) (?P<y2>(?:1[7-9]|20)\d{2}) (?P<m2>\d{2}) (?P<d2>\d{2}) (?:(?-u:\b)|T)
        | (?P<d3>\d{1,2}) \. \s? (?P<m3>\d{1,2}) \. \s? (?P<y3>\d{4}|\d{2}(?-u:\b))
        | (?P<a>\d{1,2}) (?:/|-) (?P<b>\d{1,2}) (?:/|-) (?P<y4>\d{4}|\d{2}(?-u:\b))",
    )
    .expect("a constant pattern, compiled by the tests")
});
static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?-u:\b)(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?(?:\s+(?:of|de|di)\s+|[\s,/-]*)(?P<m>\p{L}{3,12})\.?(?:\s+(?:de|del|of)\b)?(?:\s*[,/-]\s*|\s+|\.)'?(?P<y>\d{4}|\d{2}(?-u:\b))")
        .expect("a constant pattern, compiled by the tests")
});
static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?P<m>\p{L}{3,12})\.?[\s,-]+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+|-)(?:at\s+)?(?P<y>\d{4})(?-u:\b)")
        .expect("a constant pattern, compiled by the tests")
});

/// The first day written in a text.
pub(super) fn find(text: &str, order: Order) -> Option<Written> {
    let numeric = NUMERIC.captures_iter(text).find_map(|found| {
        let (start, end) = (found.get(0)?.start(), found.get(0)?.end());
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digit(text[..start].chars().next_back()) || digit(text[end..].chars().next()) {
            return None;
        }
        Some(Written { day: number_day(&found, order)?, start, end })
    });
    let worded = [&DAY_MONTH, &MONTH_DAY].into_iter().filter_map(|pattern| {
        pattern.captures_iter(text).find_map(|found| {
            let part = |name: &str| found.name(name).map(|part| part.as_str());
            let day =
                NaiveDate::from_ymd_opt(year(part("y")?)?, month(part("m")?)?, part("d")?.parse().ok()?)?;
            let whole = found.get(0)?;
            is_plausible(day).then_some(Written { day, start: whole.start(), end: whole.end() })
        })
    });
    numeric.into_iter().chain(worded).min_by_key(|written| written.start)
}

fn number_day(found: &Captures, order: Order) -> Option<NaiveDate> {
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    let number = |name: &str| part(name)?.parse::<u32>().ok();
    let day = if let Some(y) = part("y1") {
        NaiveDate::from_ymd_opt(year(y)?, number("m1")?, number("d1")?)
    } else if let Some(y) = part("y2") {
        NaiveDate::from_ymd_opt(year(y)?, number("m2")?, number("d2")?)
    } else if let Some(y) = part("y3") {
        NaiveDate::from_ymd_opt(year(y)?, number("m3")?, number("d3")?)
    } else {
        let (y, a, b) = (year(part("y4")?)?, number("a")?, number("b")?);
        let (first, second) = match order {
            Order::DayFirst => ((b, a), (a, b)),
            Order::MonthFirst => ((a, b), (b, a)),
        };
        NaiveDate::from_ymd_opt(y, first.0, first.1)
            .or_else(|| NaiveDate::from_ymd_opt(y, second.0, second.1))
    };
    day.filter(|day| is_plausible(*day))
}

/// Two digits are a year of the web.
fn year(text: &str) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    match text.len() {
        2 if (90..100).contains(&year) => Some(1900 + year),
        2 if year < 60 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

fn is_plausible(day: NaiveDate) -> bool {
    (1700..2100).contains(&day.year())
}

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)(?:^|[^\d.:])(?P<h>\d{1,2})[:.h](?P<m>\d{2})(?::(?P<s>\d{2}))?(?:\s*(?P<half>[ap])\.?m\b\.?)?
          (?:\s*(?:uhr|h)\b)?(?:\s*\(?(?P<zone>(?:GMT|UTC)?[+-]\d{2}:?\d{2}|GMT|UTC|EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|MEZ|MESZ)\b)?",
    )
    .expect("a constant pattern, compiled by the tests")
});

/// The time of day beside a date, with its zone where that is said.
fn clock(text: &str) -> Option<(NaiveTime, Option<FixedOffset>)> {
    let found = CLOCK.captures(text)?;
    if found.get(0)?.start() > 20 {
        return None;
    }
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<u32>().ok());
    let mut hour = number("h")?;
    if let Some(half) = found.name("half") {
        hour = hour % 12 + if half.as_str().eq_ignore_ascii_case("p") { 12 } else { 0 };
    }
    let time = NaiveTime::from_hms_opt(hour, number("m")?, number("s").unwrap_or(0))?;
    Some((time, found.name("zone").and_then(|zone| offset(zone.as_str()))))
}

/// The zones that pages abbreviate and nobody doubts.
fn offset(zone: &str) -> Option<FixedOffset> {
    let zone = zone.to_ascii_uppercase();
    let hours = match zone.as_str() {
        "GMT" | "UTC" => 0,
        "CET" | "MEZ" => 1,
        "CEST" | "MESZ" => 2,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => {
            let signed = zone.trim_start_matches(|c: char| c.is_ascii_alphabetic()).replace(':', "");
            let (sign, digits) = (signed.get(..1)?, signed.get(1..)?);
            let seconds =
                digits.get(..2)?.parse::<i32>().ok()? * 3600 + digits.get(2..)?.parse::<i32>().ok()? * 60;
            return FixedOffset::east_opt(if sign == "-" { -seconds } else { seconds });
        }
    };
    FixedOffset::east_opt(hours * 3600)
}

/// The months in the languages that most outlets write, January first.
const MONTHS: [&[&str]; 12] = [
    &[
        "january", "januar", "jänner", "janvier", "enero", "gennaio", "janeiro", "januari", "stycznia",
        "января",
    ],
    &[
        "february", "februar", "feber", "février", "febrero", "febbraio", "fevereiro", "februari", "lutego",
        "февраля",
    ],
    &["march", "märz", "maerz", "mars", "marzo", "março", "maart", "marca", "marts", "марта"],
    &["april", "avril", "abril", "aprile", "kwietnia", "апреля"],
    &["may", "mai", "mayo", "maggio", "maio", "mei", "maj", "maja", "мая"],
    &["june", "juni", "juin", "junio", "giugno", "junho", "czerwca", "июня"],
    &["july", "juli", "juillet", "julio", "luglio", "julho", "lipca", "июля"],
    &["august", "août", "agosto", "augustus", "augusti", "sierpnia", "августа"],
    &["september", "septembre", "septiembre", "setiembre", "settembre", "setembro", "września", "сентября"],
    &["october", "oktober", "octobre", "octubre", "ottobre", "outubro", "października", "октября"],
    &["november", "novembre", "noviembre", "novembro", "listopada", "ноября"],
    &[
        "december", "dezember", "décembre", "diciembre", "dicembre", "dezembro", "desember", "grudnia",
        "декабря",
    ],
];

/// A month by its name or its beginning of three or four letters.
fn month(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let short = (3..=4).contains(&name.chars().count());
    let names = |full: &&str| *full == name || (short && full.starts_with(&name));
    (1..).zip(MONTHS).find(|(_, own)| own.iter().any(names)).map(|(number, _)| number)
}

static IN_PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)(?:^|[/_-])((?:19|20)\d{2})
          (?: [/_-]?(0[1-9]|1[0-2]|[a-z]{3})[/_-]?(0[1-9]|[12]\d|3[01]) | [/](\d{1,2})[/](\d{1,2}) )(?:[/_.-]|$)",
    )
    .expect("a constant pattern, compiled by the tests")
});

/// The day in a page's address: /2022/09/07/, /2022-09-07-, /2022/sep/07/, /2022/9/7/.
pub(super) fn in_url(url: &Url) -> Option<Published> {
    let path = url.path().to_ascii_lowercase();
    let found = IN_PATH.captures(&path)?;
    let (month_text, day) =
        (found.get(2).or(found.get(4))?.as_str(), found.get(3).or(found.get(5))?.as_str());
    let number = month_text.parse().ok().or_else(|| month(month_text))?;
    NaiveDate::from_ymd_opt(found[1].parse().ok()?, number, day.parse().ok()?).map(Published::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_zone() {
        let cases = [
            ("2022-09-07T14:30:00+02:00", Some("2022-09-07T14:30:00+02:00")),
            ("2022-09-07T14:30:00.123Z", Some("2022-09-07T14:30:00Z")),
            ("2022-09-07T14:30:00+0200", Some("2022-09-07T14:30:00+02:00")),
            ("2022-09-07T14:30Z", Some("2022-09-07T14:30:00Z")),
            ("2022-09-07 14:30:00 +0200", Some("2022-09-07T14:30:00+02:00")),
            ("Wed, 07 Sep 2022 14:30:00 GMT", Some("2022-09-07T14:30:00Z")),
            ("1662561000", Some("2022-09-07T14:30:00Z")),
            ("2022-09-07T14:30:00", Some("2022-09-07")),
            ("2022-09-07", Some("2022-09-07")),
            ("2022/9/7", Some("2022-09-07")),
            ("20220907", Some("2022-09-07")),
            ("07.09.2022 14:30 Uhr", Some("2022-09-07")),
            ("Published: September 7, 2022", Some("2022-09-07")),
            ("7 Sept. 2022", Some("2022-09-07")),
            ("Wednesday, 7th of September, 2022", Some("2022-09-07")),
            ("7 de septiembre de 2022", Some("2022-09-07")),
            ("7. September 2022", Some("2022-09-07")),
            ("July 20, 1969 at 10:56 pm", Some("1969-07-20")),
            ("2022-13-40", None),
            ("last Wednesday", None),
            ("September 2022", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).map(|found| found.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_address_holds_a_day() {
        let cases = [
            ("https://example.org/2022/09/07/ties-cut", Some("2022-09-07")),
            ("https://example.org/news/2022-09-07-ties", Some("2022-09-07")),
            ("https://example.org/world/2022/sep/07/ties", Some("2022-09-07")),
            ("https://example.org/story-20220907.html", Some("2022-09-07")),
            ("https://example.org/2022/ties", None),
            ("https://example.org/article/12022090799", None),
        ];
        for (url, expected) in cases {
            let url = Url::parse(url).expect("a test address");
            assert_eq!(in_url(&url).map(|found| found.to_string()).as_deref(), expected, "{url}");
        }
    }
}
