//! News written for this project, its times marked: `on [Wednesday|2022-09-07]`.
//!
//! A line `# 2022-09-07` gives the publication of the lines after it, each a text of its own; `\` ends a
//! paragraph within one. A value that begins with `set ` is a frequency; otherwise `P…` is a duration,
//! `…T…` a time, the rest a date.

use anyhow::{Context as _, bail};
use dateline::domain::TimeKind;

use super::score::{Gold, Value};
use super::{Others, Text};

pub fn texts(source: &str) -> anyhow::Result<Vec<Text>> {
    let mut published = None;
    let mut texts = Vec::new();
    for line in source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        if let Some(day) = line.strip_prefix('#') {
            let day = day.trim();
            published = match day {
                "unknown" => None,
                _ => Some(day.parse()?),
            };
            continue;
        }
        let (text, gold) = unmark(line).with_context(|| line.to_owned())?;
        texts.push(Text { text, published, gold, others: Others::Wrong });
    }
    Ok(texts)
}

fn unmark(line: &str) -> anyhow::Result<(String, Vec<Gold>)> {
    let mut text = String::new();
    let mut gold = Vec::new();
    let mut parts = line.split('[');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let Some((marked, rest)) = part.split_once(']') else { bail!("a mark without end") };
        let Some((words, value)) = marked.split_once('|') else { bail!("no value in {marked:?}") };
        let start = text.chars().count();
        text.push_str(words);
        let end = text.chars().count();
        let (kind, value) = typed(value);
        gold.push(Gold { start, end, kind: Some(kind), values: vec![Value::Exactly(value.to_owned())] });
        text.push_str(rest);
    }
    // The signs that break paragraphs are as long as what they stand for.
    Ok((text.replace('\\', "\n"), gold))
}

fn typed(value: &str) -> (TimeKind, &str) {
    if let Some(value) = value.strip_prefix("set ") {
        return (TimeKind::Set, value);
    }
    let kind = match value {
        _ if value.ends_with("_REF") => TimeKind::Date,
        _ if value.starts_with('P') => TimeKind::Duration,
        _ if value.contains('T') => TimeKind::Time,
        _ => TimeKind::Date,
    };
    (kind, value)
}
