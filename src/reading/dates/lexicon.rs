//! The words that dates are made of: months, weekdays, units, numbers, seasons, parts of the day, holidays.

use chrono::{Datelike, Duration, NaiveDate};

/// A unit of time, as in the `P3D` of a TIMEX3 duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Weekend,
    Week,
    Fortnight,
    Month,
    Quarter,
    Year,
    Decade,
    Century,
    Millennium,
}

/// 1 to 12, and whether the word is an abbreviation.
pub fn month(word: &str) -> Option<(u32, bool)> {
    Some(match word {
        "january" => (1, false),
        "february" => (2, false),
        "march" => (3, false),
        "april" => (4, false),
        "may" => (5, false),
        "june" => (6, false),
        "july" => (7, false),
        "august" => (8, false),
        "september" => (9, false),
        "october" => (10, false),
        "november" => (11, false),
        "december" => (12, false),
        "jan" => (1, true),
        "feb" => (2, true),
        "mar" => (3, true),
        "apr" => (4, true),
        "jun" => (6, true),
        "jul" => (7, true),
        "aug" => (8, true),
        "sep" | "sept" => (9, true),
        "oct" => (10, true),
        "nov" => (11, true),
        "dec" => (12, true),
        _ => return None,
    })
}

/// 1 (Monday) to 7, and whether the word is an abbreviation.
pub fn weekday(word: &str) -> Option<(u32, bool)> {
    Some(match word {
        "monday" => (1, false),
        "tuesday" => (2, false),
        "wednesday" => (3, false),
        "thursday" => (4, false),
        "friday" => (5, false),
        "saturday" => (6, false),
        "sunday" => (7, false),
        "mon" => (1, true),
        "tue" | "tues" => (2, true),
        "wed" | "weds" => (3, true),
        "thu" | "thur" | "thurs" => (4, true),
        "fri" => (5, true),
        "sat" => (6, true),
        "sun" => (7, true),
        _ => return None,
    })
}

/// `Mondays`
pub fn weekdays(word: &str) -> Option<u32> {
    word.strip_suffix('s').and_then(weekday).filter(|(_, short)| !short).map(|(day, _)| day)
}

/// A unit, and whether the word is plural.
pub fn unit(word: &str) -> Option<(Unit, bool)> {
    Some(match word {
        "second" | "sec" => (Unit::Second, false),
        "seconds" | "secs" => (Unit::Second, true),
        "minute" | "min" => (Unit::Minute, false),
        "minutes" | "mins" => (Unit::Minute, true),
        "hour" | "hr" => (Unit::Hour, false),
        "hours" | "hrs" => (Unit::Hour, true),
        "day" | "night" => (Unit::Day, false),
        "days" | "nights" => (Unit::Day, true),
        "weekend" => (Unit::Weekend, false),
        "weekends" => (Unit::Weekend, true),
        "week" => (Unit::Week, false),
        "weeks" => (Unit::Week, true),
        "fortnight" => (Unit::Fortnight, false),
        "fortnights" => (Unit::Fortnight, true),
        "month" => (Unit::Month, false),
        "months" => (Unit::Month, true),
        "quarter" => (Unit::Quarter, false),
        "quarters" => (Unit::Quarter, true),
        "year" => (Unit::Year, false),
        "years" => (Unit::Year, true),
        "decade" => (Unit::Decade, false),
        "decades" => (Unit::Decade, true),
        "century" => (Unit::Century, false),
        "centuries" => (Unit::Century, true),
        "millennium" => (Unit::Millennium, false),
        "millennia" | "millenniums" => (Unit::Millennium, true),
        _ => return None,
    })
}

/// The value of a duration: `P3D`, `PT24H`, `PXY` where the amount is vague.
pub fn period(amount: Option<f64>, unit: Unit) -> String {
    let (amount, unit) = match (amount, unit) {
        (Some(0.5), Unit::Hour) => (Some(30.0), Unit::Minute),
        (Some(0.5), Unit::Day) => (Some(12.0), Unit::Hour),
        (Some(0.5), Unit::Year) => (Some(6.0), Unit::Month),
        (Some(0.5), Unit::Decade) => (Some(5.0), Unit::Year),
        (Some(0.5), Unit::Century) => (Some(50.0), Unit::Year),
        (Some(number), Unit::Fortnight) => (Some(number * 2.0), Unit::Week),
        (None, Unit::Fortnight) => (None, Unit::Week),
        other => other,
    };
    let number = amount.map_or_else(|| "X".to_owned(), |number| number.to_string());
    let (head, code) = match unit {
        Unit::Second => ("PT", "S"),
        Unit::Minute => ("PT", "M"),
        Unit::Hour => ("PT", "H"),
        Unit::Day => ("P", "D"),
        Unit::Weekend => ("P", "WE"),
        Unit::Week | Unit::Fortnight => ("P", "W"),
        Unit::Month => ("P", "M"),
        Unit::Quarter => ("P", "Q"),
        Unit::Year => ("P", "Y"),
        Unit::Decade => ("P", "DE"),
        Unit::Century => ("P", "CE"),
        Unit::Millennium => ("P", "ML"),
    };
    format!("{head}{number}{code}")
}

/// `three` to `nineteen`, and the tens.
pub fn number(word: &str) -> Option<u32> {
    Some(match word {
        "zero" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" => 90,
        _ => return None,
    })
}

/// `first` to `thirtieth`; compounds are put together by the grammar.
pub fn ordinal(word: &str) -> Option<u32> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        _ => return None,
    })
}

/// TIMEX3 code of a season.
pub fn season(word: &str) -> Option<&'static str> {
    Some(match word {
        "spring" | "springtime" => "SP",
        "summer" | "summertime" => "SU",
        "autumn" | "fall" => "FA",
        "winter" | "wintertime" => "WI",
        _ => return None,
    })
}

/// First month of a season of the northern year; winter belongs to the year of its December.
pub fn season_month(code: &str) -> u32 {
    match code {
        "SP" => 3,
        "SU" => 6,
        "FA" => 9,
        _ => 12,
    }
}

/// TIMEX3 code of a part of the day.
pub fn part_of_day(word: &str) -> Option<&'static str> {
    Some(match word {
        "morning" | "dawn" => "MO",
        "afternoon" => "AF",
        "evening" | "dusk" => "EV",
        "night" => "NI",
        "lunchtime" => "MI",
        _ => return None,
    })
}

/// Whether the word abbreviates a time zone.
pub fn zone(raw: &str) -> bool {
    matches!(
        raw,
        "GMT"
            | "UTC"
            | "EST"
            | "EDT"
            | "ET"
            | "CST"
            | "CDT"
            | "CT"
            | "MST"
            | "MDT"
            | "MT"
            | "PST"
            | "PDT"
            | "PT"
            | "BST"
            | "CET"
            | "CEST"
            | "EET"
            | "EEST"
            | "MSK"
            | "IST"
            | "JST"
            | "KST"
            | "AEST"
            | "AEDT"
            | "NZST"
            | "SAST"
            | "Z"
    )
}

/// Monday of the ISO week of a day.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Duration::days(i64::from(day.weekday().num_days_from_monday()))
}
