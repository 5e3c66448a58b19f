//! Which cases have no counterpart in a reader of news, and why.

use std::fmt;

use super::Wanted;

/// Why a case is not asked of a reader of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// "at 7", "5 to 7": half of the day unknown, told from a count by nothing but the calendar at hand.
    BareHour,
    /// "after lunch", "end of day", "business day": values of their own invention.
    OwnValue,
    /// "tmr", "on 4-22", "week 31", "rest of week".
    Chat,
    /// "the week of April 10th", "3 weeks from next Monday", "2 days after tomorrow": a date computed from another expression.
    Anchored,
    /// "www.example.com/2018-09-23": an address of the web is left alone.
    Address,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::BareHour => "hours without a.m. or p.m.",
            Reason::OwnValue => "values that TIMEX3 has not",
            Reason::Chat => "chat spellings",
            Reason::Anchored => "computed from another expression",
            Reason::Address => "within an address of the web",
        })
    }
}

/// Whether a case has no counterpart here.
pub fn left_out_for(input: &str, wanted: &Wanted) -> Option<Reason> {
    let before: String = input.chars().take(wanted.start).collect();
    if before
        .split_whitespace()
        .next_back()
        .is_some_and(|word| word.starts_with("www.") && !before.ends_with(' '))
    {
        return Some(Reason::Address);
    }
    let words = wanted.text.to_lowercase();
    let tokens: Vec<&str> = words
        .split(|sign: char| !(sign.is_alphanumeric() || sign == ':' || sign == '.'))
        .filter(|word| !word.is_empty())
        .collect();
    // "7ampm", "cy18": with their number.
    let bare = |word: &str| word.trim_matches(|sign: char| sign.is_ascii_digit()).to_owned();
    let has =
        |list: &[&str]| tokens.iter().any(|word| list.contains(word) || list.contains(&bare(word).as_str()));
    let timexes: Vec<String> = wanted.readings().into_iter().filter_map(|reading| reading.timex).collect();
    let value = |parts: &[&str]| timexes.iter().any(|timex| parts.iter().any(|part| timex.contains(part)));
    let kind = wanted.kind.as_deref().unwrap_or_default();
    // "the last week of July" is `XXXX-07-W05`.
    let week_of_month =
        timexes.iter().any(|timex| timex.split('-').nth(2).is_some_and(|part| part.starts_with('W')));
    if week_of_month
        || value(&["TME", "BD", "TDT", "TNT", "FYX", "SY", "CY", "P1WD"])
        || has(OWN)
        || kind.ends_with("alt")
    {
        return Some(Reason::OwnValue);
    }
    // "on 4.22", "4-22", "week 31", "rest of my week"
    let digits = |word: &str| word.bytes().all(|sign| sign.is_ascii_digit() || matches!(sign, b'.' | b'-'));
    let short_date =
        words.split_whitespace().any(|word| digits(word) && word.len() < 6 && word.contains(['.', '-']))
            && value(&["XXXX-"]);
    let numbered_week = words.contains("week 1") || words.contains("week 2") || words.contains("week 3");
    if has(CHAT) || words.contains("w/c") || short_date || numbered_week {
        return Some(Reason::Chat);
    }
    let units = ["day", "week", "month", "year", "hour", "minute", "quarter", "decade"];
    let links = ["after", "before", "from", "since", "prior", "following"];
    let counted = units.iter().any(|unit| {
        links.iter().any(|link| {
            words.contains(&format!("{unit} {link} ")) || words.contains(&format!("{unit}s {link} "))
        })
    });
    let from_now = words.contains("from now")
        || words.contains("from today")
        || words.contains("after tomorrow")
        || words.contains("before yesterday") && !tokens.iter().any(|word| word.ends_with("days"));
    if counted && !from_now
        || words.contains("week of")
        || words.contains("weekend of")
        || words.contains("starting")
    {
        return Some(Reason::Anchored);
    }
    let clock = value(&["T0", "T1", "T2"])
        || kind == "time"
        || kind.ends_with(".time")
        || kind.ends_with("timerange");
    let shown = has(HALVES)
        || tokens.iter().any(|word| word.contains(':') || word.ends_with("am") || word.ends_with("pm"))
        || tokens.iter().any(|word| matches!(*word, "hour" | "hours" | "minutes" | "minute" | "seconds"));
    (clock && !shown).then_some(Reason::BareHour)
}

/// Words whose values are of their own invention.
const OWN: &[&str] = &[
    "eod", "eow", "eom", "eoy", "business", "lunch", "dinner", "breakfast", "workday", "workweek", "ytd",
    "mtd", "sy", "cy", "otd",
];

const CHAT: &[&str] = &["tmr", "tmrw", "tomorow", "tongiht", "2moro", "asap", "cw", "ampm", "wk", "rest"];

/// Words that tell the half of the day, or that it does not matter.
const HALVES: &[&str] = &[
    "am", "pm", "a.m", "p.m", "a.m.", "p.m.", "o", "noon", "midnight", "gmt", "utc", "morning", "mornings",
    "afternoon", "evening", "night", "now",
];
