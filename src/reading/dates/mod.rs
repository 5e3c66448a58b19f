//! Temporal expressions: finding them, giving each its TIMEX3 value, and choosing those that matter.
//!
//! Rule-based, as HeidelTime (Strötgen and Gertz 2010) and SUTime (Chang and Manning 2012): a lexer, a
//! grammar over its tokens, and a resolver that anchors what was found by publication, tense and context.

mod amounts;
mod anchors;
mod calendar;
mod clocks;
mod counts;
mod deadline;
mod durations;
mod event;
mod frequencies;
mod grammar;
mod holidays;
mod hours;
mod key;
mod lexer;
mod lexicon;
mod lists;
mod not_dates;
mod numerals;
mod openers;
mod parts;
mod periods;
mod relative;
mod resolve;
mod scene;
mod spans;
mod tense;
#[cfg(test)]
mod tests;
mod values;
mod weekdays;
mod years;

use chrono::{Datelike, NaiveTime};

use self::grammar::{Found, Grammar, Meaning};
use self::lexicon::Unit;
use self::resolve::resolve;
use self::scene::{After, Reference, Scene};
use super::Document;
use crate::domain::{Published, TimeExpression, TimeKind};

pub use self::key::key_dates;

/// Every temporal expression of the document, in order, none overlapping.
///
/// Relative ones count from `document.published`, in its own zone; without it they keep an X or become
/// `PRESENT_REF`. A deadline ("within 24 hours") gets its end in `until`: the moment of publication plus its
/// length; where only the day is known, it is counted from the first second of that day.
pub fn find(document: &Document) -> Vec<TimeExpression> {
    let tokens = lexer::tokens(&document.text);
    let order = numerals::month_first(&tokens);
    let grammar = Grammar {
        tokens: &tokens,
        uncased: !document.text.chars().any(char::is_uppercase),
        month_first: order.unwrap_or(true),
        may_is_someone: not_dates::may_is_someone(&tokens),
    };
    let mut published = document.published.map(Published::day).filter(|day| (2..=9998).contains(&day.year()));
    let mut moment = match document.published {
        Some(Published::Moment(at)) => Some(at.naive_local()).filter(|_| published.is_some()),
        _ => None,
    };
    let all = grammar.all();
    let history = published.is_some_and(|day| history(&all, day.year()));
    let mut sentences = Sentences::new(document, &tokens);
    let mut reference: Option<Reference> = None;
    let mut day: Option<Reference> = None;
    let mut expressions = Vec::new();
    let mut end_of_last = 0;
    let mut last: Option<(Meaning, tense::Tense)> = None;
    // Whether the last expression opened a range: "between March and …".
    let mut between = false;
    for found in all {
        let (bounds, paragraph) = sentences.around(found.first);
        let sentence = bounds.0;
        // "8 a.m. (0500 GMT) on Sunday": both clocks and their day stand in one clause.
        let tense = match &last {
            Some((named, tense)) if named == day_of(&found.meaning) && found.first < end_of_last + 3 => {
                *tense
            }
            _ => tense::around(&grammar, found.first, found.end, bounds),
        };
        last = Some((day_of(&found.meaning).clone(), tense));
        // "Monday to Friday", "Tuesday and Wednesday": the second end counts from the first.
        let join = grammar.before(found.first, 1);
        let next = end_of_last + 1 == found.first;
        let listed = matches!(join, "and" | "," | "or");
        let ranged =
            matches!(join, "to" | "through" | "until" | "till" | "-" | "–") || join == "and" && between;
        let after = (if next && ranged { reference } else { day.filter(|_| next && listed) })
            .map(|first| After { first: first.start, sure: ranged });
        between = matches!(grammar.before(found.first, 1), "between" | "from");
        end_of_last = found.end;
        let since = join == "since";
        let weekday = lexicon::weekday(grammar.lower(found.first)).map(|(weekday, _)| weekday);
        let scene = Scene {
            published,
            moment,
            tense,
            history,
            paragraph,
            sentence,
            reference,
            day,
            after,
            weekday,
            since,
        };
        let resolved = resolve(&found.meaning, &scene);
        let until = if deadline::is_one(&grammar, &found, tense) {
            let from = moment.or_else(|| published.map(|day| day.and_time(NaiveTime::MIN)));
            from.and_then(|from| deadline::end(from, &found.meaning))
        } else {
            None
        };
        if let Some((start, unit)) = resolved.start.filter(|_| resolved.kind != TimeKind::Set) {
            // "the 2024 budget" dates no more than the budget.
            let adverbial =
                !resolved.dated || matches!(join, "in" | "during" | "since" | "of" | "early" | "late" | ",");
            reference =
                Some(Reference { start, unit, dated: resolved.dated, adverbial, paragraph, sentence });
            if unit == Unit::Day {
                day = reference;
            }
        }
        if let Some((today, _)) = resolved.start.filter(|_| says_today(&grammar, &found))
            && document.published.is_some_and(|at| (1..=DIARY_DAYS).contains(&(at.day() - today).num_days()))
        {
            (published, moment) = (Some(today), None);
        }
        if let Some(span) = span(document, &grammar, &found) {
            let ambiguous =
                order.is_none() && tokens[found.first..found.end].iter().any(numerals::either_way);
            expressions.push(TimeExpression {
                span,
                kind: resolved.kind,
                value: resolved.value,
                until,
                ambiguous,
            });
        }
    }
    expressions
}

/// Years after which hardly anybody whom the news tells of was there.
const LONG_AGO_YEARS: i32 = 50;

/// How long before its publication a diary may have been written, in days.
const DIARY_DAYS: i64 = 60;

/// "Today is May 3", "it's Friday, May 7": a diary says what day it is, and goes on from there.
fn says_today(grammar: &Grammar<'_>, found: &Found) -> bool {
    matches!(day_of(&found.meaning), Meaning::Day { .. })
        && matches!(grammar.before(found.first, 1), "is" | "'s" | "’s")
        && matches!(grammar.before(found.first, 2), "it" | "today" | "tonight")
}

/// Whether a text tells of the past: its dated years are old, and little counts from the day of publication; fewer
/// are enough where all are days and months of long ago, and nothing counts from it.
fn history(all: &[Found], published: i32) -> bool {
    let old = |year: &i32| *year < published - 1;
    let (mut told, mut ancient, mut recent, mut near) = (0, 0, 0, 0);
    for found in all {
        match day_of(&found.meaning) {
            Meaning::Year(year) => told += i32::from(old(year)),
            Meaning::Day { year: Some(year), .. } | Meaning::Month { year: Some(year), .. } => {
                told += i32::from(old(year));
                ancient += i32::from(*year < published - LONG_AGO_YEARS);
                recent += i32::from(*year >= published - LONG_AGO_YEARS);
            }
            Meaning::Weekday { .. } | Meaning::Unit { base: grammar::Base::Published, .. } => near += 1,
            _ => {}
        }
    }
    told >= 6 && told > 8 * near || ancient >= 4 && near + recent == 0
}

/// The day of a time, or a date itself.
fn day_of(meaning: &Meaning) -> &Meaning {
    match meaning {
        Meaning::Clock { day: Some(day), .. } => day,
        meaning => meaning,
    }
}

fn span(document: &Document, grammar: &Grammar<'_>, found: &Found) -> Option<crate::domain::Span> {
    let first = grammar.tokens.get(found.first)?;
    let last = grammar.tokens.get(found.end.checked_sub(1)?)?;
    // "2008's": the year without its possessive.
    let year = last.kind == lexer::Kind::Decade && matches!(found.meaning, Meaning::Year(_));
    let end = if year { last.start + 4 } else { last.end };
    Some(document.index.span(first.start..end))
}

/// Walks the sentences beside the tokens, so that each lookup goes on from the last.
struct Sentences {
    /// First token, end token, paragraph.
    ranges: Vec<(usize, usize, usize)>,
    at: usize,
}

impl Sentences {
    fn new(document: &Document, tokens: &[lexer::Token<'_>]) -> Self {
        let mut at = 0;
        let mut ranges = Vec::with_capacity(document.sentences.len());
        for sentence in &document.sentences {
            let bytes = document.index.bytes(sentence.span);
            while at < tokens.len() && tokens[at].start < bytes.start {
                at += 1;
            }
            let first = at;
            while at < tokens.len() && tokens[at].start < bytes.end {
                at += 1;
            }
            ranges.push((first, at, sentence.paragraph));
        }
        Self { ranges, at: 0 }
    }

    /// The tokens of the sentence that holds a token, and its paragraph. Tokens are asked for in order.
    fn around(&mut self, token: usize) -> ((usize, usize), usize) {
        while self.ranges.get(self.at).is_some_and(|range| range.1 <= token) {
            self.at += 1;
        }
        match self.ranges.get(self.at) {
            Some(&(first, end, paragraph)) if first <= token => ((first, end), paragraph),
            _ => ((token, token + 1), usize::MAX),
        }
    }
}
