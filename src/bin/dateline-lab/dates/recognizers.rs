//! The English specifications of Recognizers-Text, converted to TIMEX3.
//!
//! | there | here |
//! |---|---|
//! | `(2016-11-04,2016-11-22,P18D)` of "from 4 to 22 …" | two expressions, one for each end |
//! | the same of "next 18 days" | the duration `P18D` |
//! | `(1970-01-01,1980-01-01,P10Y)`, `P100Y`, `P3M` of a quarter | `197`, `19`, `2016-Q3` |
//! | `XXXX-10-02`, `XXXX-WXX-5` with a past and a future reading | either reading |
//! | `T07`, a time of no day | any day's `T07:00` |
//! | `P20Y` of decades, `P3W` of "several weeks" | `P2DE`, `PXW` |
//! | the day of "three weeks ago", the moment of "in 5 minutes" | the week; the duration `PT5M` |
//! | `(2016-11-07,2016-11-13,P6D)` of "the rest of the week" | the week |
//! | the Friday of next week for "next Friday", "following Friday" | that one or the nearest |
//! | `(2021-01-04,2021-01-18,P2W)` of "the first 2 weeks of 2021" | the duration `P2W` and `2021` |
//! | `XXXX-02-04` of "the week beginning February 4" | the week |
//! | `XXXX-02` of "after February", given from its end on | `2018-02` |
//! | `P1WE` of "weekends" | `XXXX-WXX-WE` |
//! | a day and its time of day as two expressions | one |
//! | the zone of a time outside its span | inside |
//! | a day of "a few days ago" | `PAST_REF` |
//! | a span that begins with "in", "on", "from", "between", "before" | the words after it |
//!
//! What has no counterpart is left out, by reason: see [`scope::Reason`].

mod readings;
mod scope;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use chrono::NaiveDateTime;
use dateline::domain::{Published, TimeKind};
use serde::Deserialize;

use self::readings::Reading;
use self::scope::{Reason, left_out_for};
use super::score::Found;
use super::tag;

/// Files with values; those of extractors have spans only.
const FILES: [&str; 15] = [
    "DateTimeModel",
    "DateTimeModelCalendarMode",
    "DateTimeModelComplexCalendar",
    "DateTimeModelExperimentalMode",
    "DateTimeModelExtendedTypes",
    "DateTimeModelSplitDateAndTime",
    "DateTimeModelTasksMode",
    "DateParser",
    "DatePeriodParser",
    "DurationParser",
    "SetParser",
    "DateExtractor",
    "DatePeriodExtractor",
    "DurationExtractor",
    "SetExtractor",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Case {
    input: String,
    context: Option<Context>,
    results: Vec<Wanted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Context {
    reference_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wanted {
    text: String,
    start: usize,
    #[serde(rename = "Type", alias = "TypeName")]
    kind: Option<String>,
    resolution: Option<Resolution>,
    value: Option<Parsed>,
}

#[derive(Deserialize)]
struct Resolution {
    values: Option<Vec<Reading>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parsed {
    timex: Option<String>,
    #[serde(default)]
    past_resolution: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    future_resolution: BTreeMap<String, serde_json::Value>,
}

/// Prints, for each file, the cases that are right in every span and value, and those left out.
pub fn evaluate(folder: &Path, wrong: bool) -> anyhow::Result<()> {
    println!("\nRecognizers-Text: cases right in every span and value");
    println!("{:<34} {:>6} {:>6} {:>6} {:>8}  spans only", "file", "cases", "asked", "right", "share");
    let mut left_out: BTreeMap<Reason, usize> = BTreeMap::new();
    for file in FILES {
        let path = folder.join(format!("{file}.json"));
        let json = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let cases: Vec<Case> = serde_json::from_str(json.trim_start_matches('\u{feff}'))
            .with_context(|| format!("parsing {}", path.display()))?;
        let (mut asked, mut right, mut spans) = (0, 0, 0);
        for case in &cases {
            if let Some(reason) = case.results.iter().find_map(|wanted| left_out_for(&case.input, wanted)) {
                *left_out.entry(reason).or_default() += 1;
                continue;
            }
            asked += 1;
            let found = tag(&case.input, case.published());
            // Those of one kind of expression leave the others unnamed.
            match case.fault(&found, file.starts_with("DateTimeModel")) {
                None => right += 1,
                Some(fault) => {
                    spans += usize::from(fault.span_right);
                    if wrong {
                        let found: Vec<String> = found
                            .iter()
                            .map(|time| {
                                format!("[{}]={}", slice(&case.input, time.start, time.end), time.value)
                            })
                            .collect();
                        println!(
                            "  {file}: {}\n     {}\n     found {}",
                            case.input,
                            fault.what,
                            found.join(" ")
                        );
                    }
                }
            }
        }
        let share = f64::from(right) / f64::from(asked.max(1));
        println!(
            "{file:<34} {:>6} {asked:>6} {right:>6} {share:>8.3}  {:>6}",
            cases.len(),
            right + spans as i32
        );
    }
    for (reason, count) in left_out {
        println!("left out: {count:>4} {reason}");
    }
    Ok(())
}

fn slice(text: &str, start: usize, end: usize) -> String {
    text.chars().skip(start).take(end.saturating_sub(start)).collect()
}

struct Fault {
    what: String,
    span_right: bool,
}

impl Case {
    fn now(&self) -> Option<NaiveDateTime> {
        self.context.as_ref()?.reference_date_time.as_deref()?.get(..19)?.parse().ok()
    }

    fn published(&self) -> Option<Published> {
        Some(Published::Moment(self.now()?.and_utc().fixed_offset()))
    }

    fn fault(&self, found: &[Found], exhaustive: bool) -> Option<Fault> {
        let mut used = vec![false; found.len()];
        let mut fault: Option<Fault> = None;
        let mut results = self.results.iter().peekable();
        while let Some(wanted) = results.next() {
            let start = wanted.start;
            let end = start + wanted.text.chars().count();
            // "Easter Monday" and "10:30 am" there, one time here.
            if let Some(clock) = results.peek()
                && let Some(at) =
                    found.iter().position(|time| wanted.shares(clock, time, &self.input, self.now()))
            {
                used[at] = true;
                results.next();
                continue;
            }
            let inside: Vec<usize> =
                (0..found.len()).filter(|&at| found[at].start < end && start < found[at].end).collect();
            for &at in &inside {
                used[at] = true;
            }
            let times: Vec<&Found> = inside.iter().map(|&at| &found[at]).collect();
            let end = end + zone(&self.input, end);
            let span_right = covers(&self.input, start, end, &times);
            if !span_right || !wanted.accepts(&times, self.now()) {
                let what = format!("wanted [{}]={:?}", wanted.text, wanted.timexes());
                fault.get_or_insert(Fault { what, span_right });
            }
        }
        if let Some(extra) = used.iter().position(|used| !used).filter(|_| exhaustive && fault.is_none()) {
            let words = slice(&self.input, found[extra].start, found[extra].end);
            fault = Some(Fault { what: format!("too much [{words}]"), span_right: false });
        }
        fault
    }
}

/// Characters of a time zone that follows a time.
fn zone(text: &str, end: usize) -> usize {
    let rest = slice(text, end, end + 6);
    let Some(word) = rest.strip_prefix(' ').and_then(|rest| rest.split_whitespace().next()) else { return 0 };
    let word = word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_uppercase();
    let known =
        matches!(word.as_str(), "PT" | "PST" | "PDT" | "ET" | "EST" | "CT" | "CST" | "CET" | "GMT" | "UTC");
    if known { word.len() + 1 } else { 0 }
}

/// Whether times cover a span but for words that lead or join.
fn covers(text: &str, start: usize, end: usize, times: &[&Found]) -> bool {
    if times.is_empty() || times.iter().any(|time| time.start + 12 < start || time.end > end + 1) {
        return false;
    }
    let mut at = start;
    let mut rest = String::new();
    for time in times {
        rest += &slice(text, at, time.start);
        rest.push(' ');
        at = at.max(time.end);
    }
    rest += &slice(text, at, end);
    let before = slice(text, times[0].start, start);
    let lead = |word: &str| {
        let word = word.trim_matches(|sign: char| !sign.is_alphanumeric()).to_lowercase();
        word.is_empty() || LEADS.contains(&word.as_str())
    };
    rest.split_whitespace().all(lead) && before.split_whitespace().all(lead)
}

/// Words that a span there has and ours leaves out, or the other way round.
const LEADS: &[&str] = &[
    "in", "on", "at", "from", "between", "to", "and", "until", "till", "before", "after", "since", "by",
    "for", "within", "during", "the", "of", "or", "through", "than", "later", "earlier", "prior", "as",
    "around", "about", "over", "starting", "beginning", "ending", "no", "this", "a", "an", "only", "every",
    "each", "all", "once", "approximately", "more", "less", "just", "well", "throughout", "into", "with",
    "up", "any", "whole", "time", "late", "early", "mid", "circa", "sometime", "period", "range", "equal",
    "not",
];

impl Wanted {
    fn readings(&self) -> Vec<Reading> {
        if let Some(values) = self.resolution.as_ref().and_then(|resolution| resolution.values.clone()) {
            return values;
        }
        let Some(parsed) = &self.value else { return Vec::new() };
        let text = |map: &BTreeMap<String, serde_json::Value>, keys: &[&str]| {
            keys.iter().find_map(|key| map.get(*key)?.as_str().map(str::to_owned))
        };
        [&parsed.past_resolution, &parsed.future_resolution]
            .into_iter()
            .map(|map| Reading {
                timex: parsed.timex.clone(),
                value: text(map, &["date", "time", "dateTime", "set"]),
                start: text(map, &["startDate", "startTime", "startDateTime"]),
                end: text(map, &["endDate", "endTime", "endDateTime"]),
            })
            .collect()
    }

    /// Whether a time is this day and the time of day named after it.
    fn shares(&self, clock: &Wanted, time: &Found, input: &str, now: Option<NaiveDateTime>) -> bool {
        let end = clock.start + clock.text.chars().count();
        let Some((day, _)) = time.value.split_once('T').filter(|_| time.kind == TimeKind::Time) else {
            return false;
        };
        let day = Found { kind: TimeKind::Date, value: day.to_owned(), ..time.clone() };
        (time.start <= self.start && self.start < clock.start && clock.start < time.end)
            && covers(input, self.start, end, &[time])
            && self.accepts(&[&day], now)
            && clock.accepts(&[time], now)
    }

    fn timexes(&self) -> Vec<String> {
        let shown = self.readings().into_iter().map(|reading| {
            let resolved = reading.value.or(reading.start).unwrap_or_default();
            format!("{} {resolved}", reading.timex.unwrap_or_default())
        });
        shown.collect()
    }

    fn accepts(&self, times: &[&Found], now: Option<NaiveDateTime>) -> bool {
        let readings = self.readings();
        if readings.is_empty() {
            return true;
        }
        let words = self.text.to_lowercase();
        readings.iter().any(|reading| match times {
            [one] => reading.accepts(one, &words, now),
            // "tomorrow from 7 to 9 a.m." is a day and two times here, "14 February from 9 a.m. for 7 hours" a
            // day, a time and a length.
            [_, first, second] => {
                reading.accepts_ends(first, second, &words) || reading.accepts_bounded(second, first, &words)
            }
            [first, second] => {
                // "independence day of 2020" is two expressions here.
                reading.accepts_ends(first, second, &words)
                    || reading.accepts(second, &words, now)
                    || reading.accepts_bounded(first, second, &words)
                    || reading.accepts_bounded(second, first, &words)
            }
            _ => false,
        })
    }
}
