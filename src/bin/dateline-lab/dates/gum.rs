//! The dates of GUM (Zeldes 2017): TEI values, given where the text says them in the calendar's words.
//!
//! Lengths, frequencies and vague references are not annotated there, so only dates with a year count as
//! too much; values without a single day, month or year are scored by their span alone.

use std::path::Path;

use dateline::domain::Published;
use serde::Deserialize;

use super::score::{Gold, Value};
use super::{Others, Text};

/// The view of the dates that are days.
pub const DAYS: &str = "GUM, days";

#[derive(Deserialize)]
struct Row {
    dct: Option<String>,
    genre: String,
    text: String,
    dates: Vec<Date>,
}

#[derive(Deserialize, Clone)]
struct Date {
    start: usize,
    end: usize,
    when: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

/// All dates; those of a day; those of genres that tell of the world rather than of a speaker's day.
pub fn sets(path: &Path) -> anyhow::Result<Vec<(&'static str, Vec<Text>)>> {
    let rows: Vec<Row> =
        super::lines(path)?.iter().map(|line| serde_json::from_str(line)).collect::<Result<_, _>>()?;
    let written = ["bio", "interview", "voyage", "academic", "textbook", "speech", "court"];
    let texts = |keep: &dyn Fn(&Row, &Date) -> bool, others: Others| -> Vec<Text> {
        let text = |row: &Row| Text {
            text: row.text.clone(),
            published: row.dct.as_deref().and_then(|day| day.parse::<Published>().ok()),
            gold: row.dates.iter().filter(|date| keep(row, date)).map(gold).collect(),
            others,
        };
        rows.iter().map(text).collect()
    };
    Ok(vec![
        ("GUM, all genres", texts(&|_, _| true, Others::WrongIfDated)),
        (DAYS, texts(&|_, date| day(date), Others::Untold)),
        (
            "GUM, days, written",
            texts(&|row, date| day(date) && written.contains(&row.genre.as_str()), Others::Untold),
        ),
    ])
}

fn day(date: &Date) -> bool {
    date.when.as_deref().is_some_and(|when| when.len() == 10 && when.parse::<chrono::NaiveDate>().is_ok())
}

/// TIMEX3 of a TEI value.
fn gold(date: &Date) -> Gold {
    let values = match (&date.when, &date.from, &date.to) {
        (Some(when), _, _) => when_values(when),
        (None, Some(from), Some(to)) => span_values(from, to),
        _ => Vec::new(),
    };
    Gold { start: date.start, end: date.end, kind: None, values }
}

fn when_values(when: &str) -> Vec<Value> {
    if let Some(rest) = when.strip_prefix("--") {
        return vec![Value::Yearly(format!("-{rest}"))];
    }
    if let Some(year) = when.strip_prefix('-') {
        return vec![Value::Exactly(format!("BC{:0>4}", year.trim_start_matches('0')))];
    }
    let padded = if when.len() < 4 { format!("{when:0>4}") } else { when.to_owned() };
    vec![Value::Within(padded)]
}

/// Decades, centuries and seasons; other stretches are scored by their span.
fn span_values(from: &str, to: &str) -> Vec<Value> {
    let year = |value: &str| value.get(..4).and_then(|year| year.parse::<i32>().ok());
    let season = match (from, to) {
        ("--03", "--06") => Some("-SP"),
        ("--06", "--09") => Some("-SU"),
        ("--09", "--12") => Some("-FA"),
        ("--12", "--03") => Some("-WI"),
        _ => None,
    };
    if let Some(season) = season {
        return vec![Value::Yearly(season.to_owned())];
    }
    match (year(from), year(to)) {
        (Some(from), Some(to)) if to - from == 9 && from % 10 == 0 => {
            vec![Value::Exactly(format!("{:03}", from / 10))]
        }
        (Some(from), Some(to)) if to - from == 99 && from % 100 <= 1 => {
            vec![Value::Exactly(format!("{:02}", from / 100))]
        }
        _ => Vec::new(),
    }
}
