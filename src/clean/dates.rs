//! Publication times as pages write them.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use regex::Regex;
use url::Url;

use crate::domain::Published;

/// Reads a time with its zone, or else only its day: an hour without a zone is no moment.
pub(super) fn parse(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.len() > 120 {
        return None;
    }
    let moment = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S %#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M %#z"));
    if let Ok(at) = moment {
        return Some(Published::Moment(at));
    }
    if matches!(text.len(), 10 | 13) && text.bytes().all(|b| b.is_ascii_digit()) {
        let seconds: i64 = text.get(..10)?.parse().ok()?;
        return DateTime::from_timestamp(seconds, 0).map(|at| Published::Moment(at.fixed_offset()));
    }
    day(text).map(Published::Day)
}

static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d])(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d{2})(\d{2})|(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}))(?:$|[^\d])")
        .expect("a constant pattern, compiled by the tests")
});
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:(\d{1,2})(?:st|nd|rd|th|\.)?(?:\s+(?:of|de)\s+|[\s,-]+))?\b(\p{L}{3,10})\.?(?:\s+de)?[\s,-]+(?:(\d{1,2})(?:st|nd|rd|th)?[\s,]+)?(?:at\s+)?(\d{4})\b")
        .expect("a constant pattern, compiled by the tests")
});

fn day(text: &str) -> Option<NaiveDate> {
    if let Some(found) = NUMERIC.captures(text) {
        let part = |at: usize| found.get(at).and_then(|part| part.as_str().parse::<i32>().ok());
        let (year, month, day) = [(1, 2, 3), (4, 5, 6), (9, 8, 7)]
            .into_iter()
            .find_map(|(year, month, day)| Some((part(year)?, part(month)?, part(day)?)))?;
        return NaiveDate::from_ymd_opt(year, month.try_into().ok()?, day.try_into().ok()?)
            .filter(is_plausible);
    }
    IN_WORDS.captures_iter(text).find_map(|found| {
        let month = month(&found[2])?;
        let day = found.get(1).or_else(|| found.get(3))?.as_str().parse().ok()?;
        NaiveDate::from_ymd_opt(found[4].parse().ok()?, month, day).filter(is_plausible)
    })
}

fn is_plausible(day: &NaiveDate) -> bool {
    use chrono::Datelike;
    (1600..2200).contains(&day.year())
}

fn month(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let prefixes: [&[&str]; 12] = [
        &["jan", "jän", "ene"],
        &["feb", "fév", "fev"],
        &["mar", "mär"],
        &["apr", "avr", "abr"],
        &["may", "mai"],
        &["jun", "juin"],
        &["jul", "juil"],
        &["aug", "aoû", "ago"],
        &["sep"],
        &["oct", "okt"],
        &["nov"],
        &["dec", "dez", "déc", "dic"],
    ];
    (1..)
        .zip(prefixes)
        .find(|(_, own)| own.iter().any(|prefix| name.starts_with(prefix)))
        .map(|(number, _)| number)
}

static IN_PATH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:^|[/_-])((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2]|[a-z]{3})[/_-]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)",
    )
    .expect("a constant pattern, compiled by the tests")
});

/// The day in a page's address: /2022/09/07/, /2022-09-07-, /2022/sep/07/.
pub(super) fn in_url(url: &Url) -> Option<Published> {
    let path = url.path().to_ascii_lowercase();
    let found = IN_PATH.captures(&path)?;
    let number = found[2].parse().ok().or_else(|| month(&found[2]))?;
    NaiveDate::from_ymd_opt(found[1].parse().ok()?, number, found[3].parse().ok()?).map(Published::Day)
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
