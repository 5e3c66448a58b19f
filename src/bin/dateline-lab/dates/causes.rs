//! Why days of GUM are not right: what the annotation says that no reader can know, apart from what is ours to mend.
//!
//! Each cause is told by gold, words and publication alone, but for [`Cause::Coarser`], which looks at the answer.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike as _, Duration, NaiveDate};

use super::Text;
use super::score::{Found, Value, answers};

/// Why a day is not right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// "our last day", "his death", "day four", "thismorning": words that name no day of the calendar.
    NoDay,
    /// "today" of a document whose own day, as gold has it, is another than the one given.
    OtherToday,
    /// "17 March 1782" with 1782-03-07: the words say another day.
    SaysOther,
    /// "three years ago" with a day: the answer is the year, month or week, and holds it.
    Coarser,
    Missed,
    Wrong,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cause::NoDay => "words that name no day of the calendar (\"our last day\")",
            Cause::OtherToday => "today, tomorrow, yesterday of another day than the document's",
            Cause::SaysOther => "words that say another day than their value",
            Cause::Coarser => "a year, month or week that holds the day (\"3 years ago\")",
            Cause::Missed => "not found",
            Cause::Wrong => "another day",
        })
    }
}

/// The causes of what is not right, by count, and the share that is right of what a reader can know.
pub fn print(texts: &[Text], found: &[Vec<Found>]) {
    let mut causes: BTreeMap<Cause, usize> = BTreeMap::new();
    let mut right = 0;
    for (text, found) in texts.iter().zip(found) {
        for (gold, answer) in text.gold.iter().zip(answers(&text.gold, found)) {
            let answer = answer.map(|at| &found[at]);
            let Some(Value::Within(day)) = gold.values.first() else { continue };
            if answer.is_some_and(|time| gold.values.iter().any(|value| value.accepts(&time.value))) {
                right += 1;
                continue;
            }
            let words: String = text.text.chars().skip(gold.start).take(gold.end - gold.start).collect();
            let published = text.published.map(|at| at.day());
            let cause = cause(&words.to_lowercase(), day.parse().ok(), published, answer);
            *causes.entry(cause).or_default() += 1;
        }
    }
    let ours: usize = [Cause::Missed, Cause::Wrong].iter().filter_map(|cause| causes.get(cause)).sum();
    println!("\nGUM, days not right, by cause ({right} right)");
    for (cause, count) in &causes {
        println!("{count:>6} {cause}");
    }
    println!(
        "right of what words and document tell: {:.3}",
        f64::from(right) / (f64::from(right) + ours as f64)
    );
}

fn cause(
    words: &str,
    gold: Option<NaiveDate>,
    published: Option<NaiveDate>,
    answer: Option<&Found>,
) -> Cause {
    let tokens: Vec<&str> =
        words.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |list: &[&str]| tokens.iter().any(|word| list.contains(word));
    let numbers: Vec<u32> = tokens
        .iter()
        .filter_map(|word| word.trim_end_matches(|sign: char| sign.is_alphabetic()).parse().ok())
        .collect();
    let named = has(CALENDAR) || tokens.iter().any(|word| word.len() > 2 && starts(word));
    let turned = has(&["this", "last", "next", "that"]) && has(&["morning", "afternoon", "evening", "night"]);
    if !named && !turned && numbers.is_empty() {
        return Cause::NoDay;
    }
    if let Some((gold, published)) = gold.zip(published) {
        let off = match words {
            _ if has(&["today", "tonight"]) || words.starts_with("this ") && turned => Some(0),
            _ if has(&["tomorrow"]) => Some(1),
            _ if has(&["yesterday"]) || words == "last night" => Some(-1),
            _ => None,
        };
        if off.is_some_and(|days| published + Duration::days(days) != gold) {
            return Cause::OtherToday;
        }
    }
    let dated = gold.is_some_and(|gold| {
        let year = numbers.iter().any(|number| u32::try_from(gold.year()).is_ok_and(|year| year == *number));
        year && numbers.len() > 1 && !numbers.contains(&gold.day())
    });
    if dated {
        return Cause::SaysOther;
    }
    let holds = |value: &str| {
        gold.is_some_and(|gold| {
            value.len() < 10
                && (gold.to_string().starts_with(value) || gold.format("%G-W%V").to_string() == value)
        })
    };
    match answer {
        Some(time) if holds(&time.value) => Cause::Coarser,
        Some(_) => Cause::Wrong,
        None => Cause::Missed,
    }
}

/// "Wed", "Sept"
fn starts(word: &str) -> bool {
    let names = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february",
        "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ];
    names.iter().any(|name| name.starts_with(word))
}

/// Words that tell a day by the calendar or from another day.
const CALENDAR: &[&str] = &[
    "today", "tonight", "tomorrow", "yesterday", "ago", "christmas", "halloween", "easter", "thanksgiving",
    "weekend", "week", "month", "year", "date", "first", "second", "third", "fourth", "fifth", "days",
    "next", "before",
];
