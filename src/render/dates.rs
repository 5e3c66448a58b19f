//! Dates in plain words, never finer than they are known.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Weekday};

use super::text::plain;
use super::words::{Audience, fill, say};
use crate::domain::{KeyDate, Locale, Published};

/// A key date: "15 July 2022", "summer 2022", "24 hours, until 8 September 2022".
///
/// A value that cannot be put in words falls back to the words of the article. Not escaped.
pub fn key_date(date: &KeyDate, locale: Locale) -> String {
    let words = timex(&date.value, locale).unwrap_or_else(|| plain(&date.text));
    match date.until.as_deref().and_then(|until| moment(until, locale)) {
        Some(until) => fill(locale, "{date}, until {until}", &[("date", words), ("until", until)]),
        None => words,
    }
}

/// A publication time as Discord shows it to everybody in their own zone and language, "<t:1662559200:f>"; a day, which
/// is the same for all, in words.
pub fn told(published: Published, locale: Locale) -> String {
    match published {
        Published::Moment(at) => moment_tag(at),
        Published::Day(day) => self::day(day, locale),
    }
}

/// "<t:1662559200:f>". Embeds show it in a description or a field, not in a footer.
pub fn moment_tag<T: TimeZone>(at: DateTime<T>) -> String {
    format!("<t:{}:f>", at.timestamp())
}

/// A publication time where no tag is shown, in the zone of the channel: "7 September 2022, 16:30 CEST".
pub fn published(published: Published, audience: impl Into<Audience>) -> String {
    let Audience { tz, locale } = audience.into();
    match published {
        Published::Moment(at) => {
            let at = at.with_timezone(&tz);
            format!("{}, {}", day(at.date_naive(), locale), at.format("%H:%M %Z"))
        }
        Published::Day(day) => self::day(day, locale),
    }
}

const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
];

fn month(day: NaiveDate, locale: Locale) -> &'static str {
    // Between 0 and 11.
    MONTHS.get(day.month0() as usize).map_or("", |month| say(locale, month))
}

/// "7 September 2022"
pub fn day(day: NaiveDate, locale: Locale) -> String {
    let [number, year] = [day.day().to_string(), day.year().to_string()];
    let values = [("day", number.as_str()), ("month", month(day, locale)), ("year", year.as_str())];
    match day.day() {
        1 => fill(locale, "1 {month} {year}", &values),
        _ => fill(locale, "{day} {month} {year}", &values),
    }
}

/// An ISO 8601 date or date and time, without a zone. Midnight is taken for a bare date.
fn moment(text: &str, locale: Locale) -> Option<String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Some(day(date, locale));
    }
    let at: NaiveDateTime =
        text.parse().or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")).ok()?;
    if at.time() == NaiveTime::MIN {
        return Some(day(at.date(), locale));
    }
    Some(format!("{}, {}", day(at.date(), locale), at.format("%H:%M")))
}

/// The words for a TIMEX3 value (ISO 24617-1); nothing where a part of it is unknown.
fn timex(value: &str, locale: Locale) -> Option<String> {
    if let Some(duration) = value.strip_prefix('P') {
        return self::duration(duration, locale);
    }
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let date = calendar(date, locale)?;
    Some(match time {
        None => date,
        Some(time) => format!("{date}, {}", time_of_day(time, locale)?),
    })
}

fn calendar(value: &str, locale: Locale) -> Option<String> {
    let mut parts = value.split('-');
    let first = parts.next()?;
    if !first.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i32 = first.parse().ok()?;
    let rest: Vec<&str> = parts.collect();
    match (first.len(), rest.as_slice()) {
        // TIMEX3 writes a century by the digits its years begin with.
        (2, []) => Some(fill(locale, "{nth} century", &[("nth", nth(number + 1, locale))])),
        (3, []) => Some(fill(locale, "{decade}s", &[("decade", format!("{number}0"))])),
        (4, []) => Some(first.to_owned()),
        (4, [part]) => part_of_year(number, part, locale),
        (4, [month, date]) if month.len() == 2 => {
            NaiveDate::from_ymd_opt(number, month.parse().ok()?, date.parse().ok()?)
                .map(|date| day(date, locale))
        }
        (4, [week, date]) => {
            let week: u32 = week.strip_prefix('W')?.parse().ok()?;
            if *date == "WE" {
                let saturday = NaiveDate::from_isoywd_opt(number, week, Weekday::Sat)?;
                return Some(fill(locale, "weekend of {day}", &[("day", day(saturday, locale))]));
            }
            let weekday = Weekday::try_from(date.parse::<u8>().ok()?.checked_sub(1)?).ok()?;
            NaiveDate::from_isoywd_opt(number, week, weekday).map(|date| day(date, locale))
        }
        _ => None,
    }
}

fn part_of_year(year: i32, part: &str, locale: Locale) -> Option<String> {
    let of_year = |english: &str| fill(locale, english, &[("year", year.to_string())]);
    Some(match part {
        "SP" => of_year("spring {year}"),
        "SU" => of_year("summer {year}"),
        "FA" | "AU" => of_year("autumn {year}"),
        "WI" => of_year("winter {year}"),
        "Q1" => of_year("first quarter of {year}"),
        "Q2" => of_year("second quarter of {year}"),
        "Q3" => of_year("third quarter of {year}"),
        "Q4" => of_year("fourth quarter of {year}"),
        "H1" => of_year("first half of {year}"),
        "H2" => of_year("second half of {year}"),
        _ => {
            if let Some(week) = part.strip_prefix('W') {
                let monday = NaiveDate::from_isoywd_opt(year, week.parse().ok()?, Weekday::Mon)?;
                return Some(fill(locale, "week of {day}", &[("day", day(monday, locale))]));
            }
            let first = NaiveDate::from_ymd_opt(year, part.parse().ok()?, 1)?;
            format!("{} {year}", month(first, locale))
        }
    })
}

fn time_of_day(time: &str, locale: Locale) -> Option<String> {
    Some(match time {
        "MO" => say(locale, "morning").to_owned(),
        "MI" => say(locale, "midday").to_owned(),
        "AF" => say(locale, "afternoon").to_owned(),
        "EV" => say(locale, "evening").to_owned(),
        "NI" => say(locale, "night").to_owned(),
        "DT" => say(locale, "daytime").to_owned(),
        _ => {
            let mut parts = time.split(':');
            let hour: u32 = parts.next()?.parse().ok()?;
            let minute: u32 = parts.next().map_or(Ok(0), |m| m.get(..2).unwrap_or(m).parse()).ok()?;
            NaiveTime::from_hms_opt(hour, minute, 0)?.format("%H:%M").to_string()
        }
    })
}

/// "3 days", "1 year 6 months", from what follows the P.
fn duration(value: &str, locale: Locale) -> Option<String> {
    let mut words = Vec::new();
    let (mut number, mut clock) = (String::new(), false);
    for c in value.chars() {
        match c {
            '0'..='9' | '.' => number.push(c),
            'T' if number.is_empty() => clock = true,
            _ => {
                let (one, more) = match (c, clock) {
                    ('Y', false) => ("{n} year", "{n} years"),
                    ('M', false) => ("{n} month", "{n} months"),
                    ('W', false) => ("{n} week", "{n} weeks"),
                    ('D', false) => ("{n} day", "{n} days"),
                    ('H', true) => ("{n} hour", "{n} hours"),
                    ('M', true) => ("{n} minute", "{n} minutes"),
                    ('S', true) => ("{n} second", "{n} seconds"),
                    _ => return None,
                };
                number.parse::<f64>().ok()?;
                words.push(fill(locale, if number == "1" { one } else { more }, &[("n", &number)]));
                number.clear();
            }
        }
    }
    (number.is_empty() && !words.is_empty()).then(|| words.join(" "))
}

/// "21st", "21.", "XXIe".
fn nth(number: i32, locale: Locale) -> String {
    match locale {
        Locale::English => {
            let suffix = match (number % 10, number % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{number}{suffix}")
        }
        Locale::German => format!("{number}."),
        Locale::French => format!("{}{}", roman(number), if number == 1 { "er" } else { "e" }),
    }
}

/// A number of at most three digits, as the French count centuries.
fn roman(number: i32) -> String {
    const SIGNS: [(i32, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let mut rest = number;
    let mut signs = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            signs.push_str(sign);
            rest -= value;
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

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
            assert_eq!(key_date(&date(value, None), Locale::English), words, "{value}");
        }
    }

    #[test]
    fn what_has_no_words_is_quoted() {
        for value in [
            "", "XXXX-WXX-3", "PAST_REF", "PXD", "P", "PT", "P3", "P3X", "P1.1.1D", "1969-13-01",
            "1969-02-30", "1989-W60", "1989-W45-9", "BC0044", "-0044", "1989-11-09T99:99", "12345", "é",
            "1969-07-20Té1", "1989-11-09T12:é",
        ] {
            assert_eq!(key_date(&date(value, None), Locale::English), "as the article says", "{value}");
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
            assert_eq!(key_date(&date("PT48H", Some(until)), Locale::English), words);
        }
    }

    #[test]
    fn publication_is_told_in_the_channels_zone() {
        let at: Published = "2022-09-07T14:30:00Z".parse().unwrap();
        assert_eq!(published(at, Tz::Europe__Tirane), "7 September 2022, 16:30 CEST");
        assert_eq!(published(at, Tz::UTC), "7 September 2022, 14:30 UTC");
        assert_eq!(published("2022-09-07".parse().unwrap(), Tz::Asia__Tokyo), "7 September 2022");
    }

    #[test]
    fn dates_in_german_and_french() {
        let told =
            |value| [Locale::German, Locale::French].map(|locale| key_date(&date(value, None), locale));
        for (value, german, french) in [
            ("1969-07-20", "20. Juli 1969", "20 juillet 1969"),
            ("1969-03-01", "1. März 1969", "1er mars 1969"),
            ("1989-11-09TEV", "9. November 1989, Abend", "9 novembre 1989, soir"),
            ("1989-W45", "Woche vom 6. November 1989", "semaine du 6 novembre 1989"),
            ("1989-08", "August 1989", "août 1989"),
            ("1989-SU", "Sommer 1989", "été 1989"),
            ("1929-Q4", "viertes Quartal 1929", "quatrième trimestre 1929"),
            ("199", "1990er-Jahre", "années 1990"),
            ("18", "19. Jahrhundert", "XIXe siècle"),
            ("P1Y6M", "1 Jahr 6 Monate", "1 an 6 mois"),
        ] {
            assert_eq!(told(value), [german, french], "{value}");
        }
        for name in MONTHS {
            assert_eq!(super::super::words::translations(name).len(), 2, "{name}");
        }
        let until = key_date(&date("PT48H", Some("1914-07-25T18:00")), Locale::German);
        assert_eq!(until, "48 Stunden, bis 25. Juli 1914, 18:00");
        let at: Published = "2022-09-07T14:30:00Z".parse().unwrap();
        let audience = Audience { tz: Tz::Europe__Paris, locale: Locale::French };
        assert_eq!(published(at, audience), "7 septembre 2022, 16:30 CEST");
    }
}
