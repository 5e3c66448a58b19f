//! The values of the specifications, compared with TIMEX3.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use dateline::domain::TimeKind;
use serde::Deserialize;

use super::super::score::Found;

#[derive(Deserialize, Clone, Default)]
pub struct Reading {
    pub timex: Option<String>,
    pub value: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
}

/// The three parts of `(start,end,length)`.
fn parts(timex: &str) -> Option<(&str, &str, &str)> {
    let inner = timex.split('|').next()?.strip_prefix('(')?.strip_suffix(')')?;
    let mut parts = inner.split(',');
    Some((parts.next()?, parts.next()?, parts.next()?))
}

impl Reading {
    pub fn accepts(&self, time: &Found, words: &str, now: Option<NaiveDateTime>) -> bool {
        let timex = self.timex.as_deref().unwrap_or_default();
        let value = time.value.as_str();
        let vague = ["few", "several", "couple"].iter().any(|word| words.contains(word));
        if vague && matches!(value, "PAST_REF" | "FUTURE_REF") {
            return true;
        }
        let day =
            self.value.as_deref().or(self.start.as_deref()).and_then(|value| value.get(..10)?.parse().ok());
        if let Some((start, end, length)) = parts(timex) {
            let start = self.start.as_deref().unwrap_or(start);
            let part = ["rest", "later", "earl", "end", "begin", "start", "mid", "late", "remain", "to date"];
            let last =
                self.end.as_deref().unwrap_or(end).get(..10).and_then(|end| end.parse::<NaiveDate>().ok());
            let inside = part.iter().any(|part| words.contains(part))
                && day.zip(last).is_some_and(|(first, last)| {
                    holds(value, first)
                        && (holds(value, last) || holds(value, last - chrono::Duration::days(1)))
                });
            let counted = ["from now", "from today", "hence"].iter().any(|word| words.contains(word))
                && last.is_some_and(|last| holds(value, last));
            return counted
                || inside
                || same_length(value, length, words)
                || same_stretch(value, start, length);
        }
        if let Some((now, day)) = now.zip(day) {
            let counted = ["ago", "from now", "later", "earlier", "hence", "time", "from today"];
            if counted.iter().any(|word| words.contains(word)) && holds(value, day) {
                return true;
            }
            let moment =
                self.value.as_deref().and_then(|value| value.replace(' ', "T").parse::<NaiveDateTime>().ok());
            let moment = moment.unwrap_or_else(|| day.and_time(now.time()));
            if value.starts_with('P') && counted_from(now, value).is_some_and(|ends| ends.contains(&moment)) {
                return true;
            }
            if turned(words)
                && let Ok(ours) = value.parse::<NaiveDate>()
            {
                return (ours - day).num_days().abs() == 7 || ours == day;
            }
        }
        if ["week beginning", "week commencing"].iter().any(|week| words.contains(week)) {
            return day.is_some_and(|day| holds(value, day));
        }
        if timex.starts_with('P') && !timex.ends_with("REF") {
            return same_length(value, timex, words) || timex == "P1WE" && value == "XXXX-WXX-WE";
        }
        if let Some((day, clock)) = timex.split_once('T').filter(|_| !timex.ends_with("REF")) {
            let Some((our_day, our_clock)) = value.split_once('T') else { return false };
            let resolved = self.value.as_deref().or(self.start.as_deref()).or(self.end.as_deref());
            let resolved = resolved.and_then(|value| value.get(..10));
            let weeks = |resolved: &str| {
                let (ours, theirs) = (our_day.parse::<NaiveDate>(), resolved.parse::<NaiveDate>());
                ours.ok().zip(theirs.ok()).is_some_and(|(ours, theirs)| (ours - theirs).num_days().abs() == 7)
            };
            let days = day.is_empty()
                || our_day == day
                || turned(words) && resolved.is_some_and(weeks)
                || day.contains('X') && resolved.is_some_and(|resolved| resolved == our_day);
            return days && same_clock(our_clock, clock);
        }
        // Where it is "before" a date, that is the end.
        let resolved = self.value.as_deref().or(self.start.as_deref()).or(self.end.as_deref());
        let fiscal = timex.strip_prefix("FY").is_some_and(|year| year == value);
        value == timex
            || fiscal
            || timex.contains('X') && resolved.is_some_and(|resolved| resolved_as(resolved, timex, value))
            || matches!(timex, "SP" | "SU" | "FA" | "WI") && value.ends_with(timex)
            || time.kind == TimeKind::Set && timex.strip_suffix("P1W").is_some_and(|timex| value == timex)
    }

    /// "the first two weeks of 2021", "a week from 20 December": a length, and the date that it begins with or within,
    /// in either order.
    pub fn accepts_bounded(&self, length: &Found, date: &Found, words: &str) -> bool {
        let timex = self.timex.as_deref().unwrap_or_default();
        let Some((start, _, lasting)) = parts(timex) else { return false };
        let start = self.start.as_deref().unwrap_or(start);
        let (day, clock) = date.value.split_once('T').unwrap_or((&date.value, ""));
        let begins =
            start.get(..10).and_then(|start| start.parse().ok()).is_some_and(|first| holds(day, first));
        length.kind == TimeKind::Duration
            && same_length(&length.value, lasting, words)
            && begins
            && (clock.is_empty() || start.get(11..).is_some_and(|start| start.starts_with(clock)))
    }

    pub fn accepts_ends(&self, first: &Found, second: &Found, words: &str) -> bool {
        let timex = self.timex.as_deref().unwrap_or_default();
        let Some((start, end, _)) = parts(timex) else { return false };
        let written = |written: &str, resolved: Option<&str>, value: &str| {
            if value == "PRESENT_REF" {
                return true;
            }
            let (day, clock) = written.split_once('T').unwrap_or((written, ""));
            let (our_day, our_clock) = value.split_once('T').unwrap_or((value, ""));
            let resolved = resolved.and_then(|resolved| resolved.get(..10)).unwrap_or(day);
            // Ends lie a day beyond what they name; a year left open is either's.
            let whole =
                |day: NaiveDate| holds(our_day, day) || holds(our_day, day - chrono::Duration::days(1));
            let weeks = |day: NaiveDate| {
                our_day.parse::<NaiveDate>().is_ok_and(|ours| (ours - day).num_days().abs() == 7)
            };
            let coarse = resolved.parse().is_ok_and(whole)
                || resolved.starts_with(our_day)
                || turned(words) && resolved.parse().is_ok_and(weeks);
            let open = day.starts_with("XXXX-")
                && (day.get(4..) == our_day.get(4..)
                    || day.get(4..7) == our_day.get(4..) && our_day.len() == 7);
            (day.is_empty() || day == our_day || coarse || open)
                && (clock.is_empty() || same_clock(our_clock, clock))
        };
        written(start, self.start.as_deref(), &first.value)
            && written(end, self.end.as_deref(), &second.value)
    }
}

/// Which Friday "next Friday" is, nobody agrees.
fn turned(words: &str) -> bool {
    ["next ", "last ", "previous ", "following "].iter().any(|turn| words.contains(turn))
}

/// Whether a day, week, month or year holds a day.
fn holds(value: &str, day: NaiveDate) -> bool {
    day.to_string().starts_with(value)
        || value == day.format("%G-W%V").to_string()
        || value == format!("{:04}-Q{}", day.year(), day.month0() / 3 + 1)
}

/// The moments before and after now by a duration.
fn counted_from(now: NaiveDateTime, value: &str) -> Option<[NaiveDateTime; 2]> {
    let (number, unit) = value
        .trim_start_matches('P')
        .trim_start_matches('T')
        .split_at_checked(value.len() - 2 - usize::from(value.starts_with("PT")))?;
    let count: f64 = number.parse().ok()?;
    let clock = value.starts_with("PT");
    let months = match unit {
        "M" if !clock => Some(1.0),
        "Y" => Some(12.0),
        "Q" => Some(3.0),
        _ => None,
    };
    if let Some(each) = months {
        let months = chrono::Months::new((count * each) as u32);
        return Some([now.checked_sub_months(months)?, now.checked_add_months(months)?]);
    }
    let seconds = match unit {
        "S" => 1.0,
        "M" => 60.0,
        "H" => 3600.0,
        "D" => 86_400.0,
        "W" => 604_800.0,
        _ => return None,
    };
    let length = chrono::Duration::try_seconds((count * seconds) as i64)?;
    Some([now.checked_sub_signed(length)?, now.checked_add_signed(length)?])
}

/// A reading `2016-10-02` of `XXXX-10-02`, `2016-11-07` of `XXXX-WXX`: ours is it, at its granularity.
fn resolved_as(resolved: &str, timex: &str, value: &str) -> bool {
    let day = resolved.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
    match timex {
        "XXXX" => resolved.get(..4) == Some(value),
        "XXXX-XX" => resolved.get(..7) == Some(value),
        "XXXX-WXX" => day.is_some_and(|day| holds(value, day)),
        // "after February" begins with March: the month is the written one, of that year.
        _ if timex.len() == 7 && !timex.contains('W') => {
            resolved.get(..4) == value.get(..4) && timex.get(4..) == value.get(4..)
        }
        _ => resolved.get(..10) == Some(value),
    }
}

fn same_clock(ours: &str, theirs: &str) -> bool {
    let pad = |clock: &str| {
        if clock.len() == 1 {
            format!("0{clock}:00")
        } else if clock.len() == 2 && clock.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("{clock}:00")
        } else {
            clock.to_owned()
        }
    };
    let (ours, theirs) = (pad(ours), pad(theirs));
    ours == theirs || ours == "24:00" && theirs == "00:00" || theirs == format!("{ours}:00")
}

/// `P20Y` is `P2DE`; `P3W` of "several weeks" is `PXW`.
fn same_length(ours: &str, theirs: &str, words: &str) -> bool {
    let vague = ["few", "several", "couple", "some"].iter().any(|word| words.contains(word));
    let strip =
        |value: &str| value.chars().filter(|sign| !sign.is_ascii_digit() && *sign != 'X').collect::<String>();
    let scaled = |value: &str| {
        let number = |suffix: &str, each: f64| {
            let count: f64 = value.strip_prefix('P')?.strip_suffix(suffix)?.parse().ok()?;
            Some(format!("P{}Y", count * each))
        };
        let quarters = value.strip_prefix('P').and_then(|rest| rest.strip_suffix('Q')?.parse::<f64>().ok());
        number("DE", 10.0)
            .or_else(|| number("CE", 100.0))
            .or_else(|| quarters.map(|count| format!("P{}M", count * 3.0)))
            .unwrap_or_else(|| value.to_owned())
    };
    let half = |value: &str| match value {
        "PT0.5H" => "PT30M".to_owned(),
        "P0.5D" => "PT12H".to_owned(),
        "P0.5Y" => "P6M".to_owned(),
        other => other.to_owned(),
    };
    half(&scaled(ours)) == half(theirs) || vague && strip(ours) == strip(theirs)
}

/// Decades, centuries, quarters, halves, years, months and weeks given by their start and length.
fn same_stretch(ours: &str, start: &str, length: &str) -> bool {
    let Ok(day) = start.get(..10).unwrap_or(start).replace("XX", "19").parse::<NaiveDate>() else {
        return false;
    };
    let year = day.year();
    let month = day.month();
    let named = match length {
        "P10Y" => format!("{:03}", year / 10),
        "P100Y" => format!("{:02}", year / 100),
        "P3M" => format!("{year:04}-Q{}", month.div_ceil(3)),
        "P6M" => format!("{year:04}-H{}", month.div_ceil(6)),
        "P1Y" => format!("{year:04}"),
        "P1M" => format!("{year:04}-{month:02}"),
        "P7D" | "P1W" => day.format("%G-W%V").to_string(),
        "P2D" => day.format("%G-W%V-WE").to_string(),
        _ => return false,
    };
    named == ours
}
