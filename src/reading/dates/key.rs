//! The dates that matter in an article, and what happened on each.

use std::cmp::Ordering;
use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::super::{Document, Sentence};
use super::event;
use crate::domain::{Granularity, KeyDate, Published, TimeExpression, TimeKind, calendar_value};

/// Most dates a digest shows.
const AT_MOST: usize = 4;

/// Sentences whose position still counts as the beginning of an article.
const LEAD: usize = 3;

/// A date below this score is background that a reader does not miss.
const WORTH_SHOWING: f32 = 0.15;

/// The dates that matter: at most 4, in calendar order. `salient` weighs each sentence, 0 to 1.
///
/// Days and deadlines of salient sentences come first, the day of publication before all (it is what is
/// reported); years of the background come last. Vague references, frequencies, ages and lengths of time
/// are never key dates. Of several mentions of one value the best sentence tells the event.
pub fn key_dates(document: &Document, times: &[TimeExpression], salient: &[f32]) -> Vec<KeyDate> {
    let published = document.published.map(Published::day);
    let mut ranked: Vec<Candidate<'_>> = Vec::new();
    let mut at = 0;
    for time in times {
        while document.sentences.get(at).is_some_and(|sentence| sentence.span.end <= time.span.start) {
            at += 1;
        }
        let Some(sentence) = document.sentences.get(at).filter(|sentence| sentence.span.contains(time.span))
        else {
            continue;
        };
        let Some((granularity, start)) = shape(time) else { continue };
        // Better no date than the wrong one of two.
        if time.ambiguous || spoken(document, time) {
            continue;
        }
        let event = event::clause(document, sentence.span, time.span);
        let weight = salient.get(at).copied().unwrap_or(0.0).clamp(0.0, 1.0);
        let lead = if at < LEAD { 0.3 - 0.1 * at as f32 } else { 0.0 };
        let score = weight + lead + worth(granularity, start, published)
            - poor_event(document, time, sentence, event.as_deref())
            - loose(document, time, granularity);
        ranked.push(Candidate { time, granularity, start, score, event });
    }
    ranked.sort_by(|one, other| other.score.partial_cmp(&one.score).unwrap_or(Ordering::Equal));
    let mut seen = HashSet::new();
    let mut events = HashSet::new();
    let mut chosen: Vec<Candidate<'_>> = Vec::new();
    for candidate in ranked {
        // A time of day does not repeat the day that is already shown.
        let key =
            if candidate.granularity == Granularity::Time { candidate.time.value.get(..10) } else { None };
        let key = key.unwrap_or(&candidate.time.value);
        if candidate.score < WORTH_SHOWING || !seen.insert(key.to_owned()) {
            continue;
        }
        // Two coarse dates of one clause say the same thing twice.
        let coarse =
            !matches!(candidate.granularity, Granularity::Time | Granularity::Day | Granularity::Duration);
        let fresh = candidate.event.as_ref().is_none_or(|event| events.insert(event.clone()));
        if coarse && !fresh {
            continue;
        }
        chosen.push(candidate);
        if chosen.len() == AT_MOST {
            break;
        }
    }
    chosen.sort_by(|one, other| {
        one.start.cmp(&other.start).then(one.time.span.start.cmp(&other.time.span.start))
    });
    chosen.into_iter().map(|candidate| candidate.shown(document)).collect()
}

/// Whether it is "tonight" or the like within a quotation: counted from when it was said, which the
/// article tells elsewhere if at all, not from publication.
fn spoken(document: &Document, time: &TimeExpression) -> bool {
    let words = document.slice(time.span);
    if words.contains(|letter: char| letter.is_ascii_digit()) {
        return false;
    }
    let said = ["today", "tonight", "tomorrow", "yesterday", "this ", "last ", "next "];
    let lower = words.to_lowercase();
    if !said.iter().any(|word| lower.starts_with(word)) {
        return false;
    }
    let before = &document.text[..document.index.bytes(time.span).start];
    let paragraph = before.rsplit('\n').next().unwrap_or(before);
    let count = |mark: char| paragraph.matches(mark).count();
    count('“') > count('”') || count('"') % 2 == 1
}

struct Candidate<'a> {
    time: &'a TimeExpression,
    granularity: Granularity,
    start: NaiveDate,
    score: f32,
    event: Option<String>,
}

impl Candidate<'_> {
    fn shown(self, document: &Document) -> KeyDate {
        KeyDate {
            text: document.slice(self.time.span).to_owned(),
            start: self.time.span.start,
            end: self.time.span.end,
            value: self.time.value.clone(),
            granularity: self.granularity,
            until: self.time.until.map(|until| until.format("%Y-%m-%dT%H:%M:%S").to_string()),
            event: self.event,
        }
    }
}

/// What "this year" and the like cost: a stretch around publication, in which nothing has its day.
fn loose(document: &Document, time: &TimeExpression, granularity: Granularity) -> f32 {
    let coarse = !matches!(granularity, Granularity::Time | Granularity::Day | Granularity::Duration);
    let relative = !document.slice(time.span).contains(|sign: char| sign.is_ascii_digit());
    match granularity {
        Granularity::Year if relative => 0.35,
        _ if coarse && relative => 0.1,
        _ => 0.0,
    }
}

/// How finely a value is known and when it begins; none for what cannot be a key date.
fn shape(time: &TimeExpression) -> Option<(Granularity, NaiveDate)> {
    match time.kind {
        TimeKind::Set => None,
        TimeKind::Duration => time.until.map(|until| (Granularity::Duration, until.date())),
        TimeKind::Date | TimeKind::Time => calendar_value(&time.value),
    }
}

/// What a date is worth before its sentence is weighed.
fn worth(granularity: Granularity, start: NaiveDate, published: Option<NaiveDate>) -> f32 {
    let fine = match granularity {
        Granularity::Time => 0.45,
        Granularity::Day => 0.5,
        Granularity::Duration => 0.75,
        Granularity::Week | Granularity::Month => 0.3,
        Granularity::Season | Granularity::Quarter => 0.15,
        Granularity::Year => 0.1,
        Granularity::Decade | Granularity::Century => -0.1,
    };
    let Some(published) = published else { return fine };
    let days = (start - published).num_days();
    let near = match granularity {
        Granularity::Time | Granularity::Day if days == 0 => 0.5,
        Granularity::Duration => 0.0,
        _ if days > 0 => 0.25,
        _ if days > -60 => 0.15,
        _ if start.year() < published.year() - 1 => -0.1,
        _ => 0.0,
    };
    fine + near
}

/// What it costs that the clause says little: only that somebody spoke, or nothing at all.
fn poor_event(document: &Document, time: &TimeExpression, sentence: &Sentence, event: Option<&str>) -> f32 {
    let Some(event) = event else { return 0.4 };
    // The outlet speaks of its page, not of the world.
    let page = ["article was", "story was", "page was", "updated on", "amended on", "last modified"];
    if page.iter().any(|words| event.contains(words)) {
        return 1.0;
    }
    let bytes = document.index.bytes(sentence.span);
    let at = document.index.bytes(time.span).start;
    let from = document
        .index
        .bytes(crate::domain::Span { start: time.span.start.saturating_sub(40), end: time.span.start })
        .start;
    let before = document.text.get(bytes.start.max(from)..at).unwrap_or_default().trim_end();
    let before = before.strip_suffix(" on").unwrap_or(before);
    let speech = [
        "said", "told", "says", "added", "tweeted", "statement", "reporters", "interview", "spokesman",
        "spokeswoman",
    ];
    let last =
        before.rsplit(|sign: char| !sign.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let spoken = if speech.contains(&last.to_lowercase().as_str()) { 0.25 } else { 0.0 };
    let own =
        event.split_whitespace().count().saturating_sub(document.slice(time.span).split_whitespace().count());
    let thin = if own < 4 { 0.3 } else { 0.0 };
    spoken + thin
}
