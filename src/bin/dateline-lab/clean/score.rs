//! How right one page's article is.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use dateline::domain::{self, Published};
use unicode_normalization::UnicodeNormalization as _;

use crate::grams;

/// The text with every run of white space as one space.
pub fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Segments that a body must and must not have, by whether it has them; the counts of the evaluation
/// of trafilatura (Barbaresi, ACL 2021: "Trafilatura: A Web Scraping Library and Command-Line Tool").
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Segments {
    /// Must be there, and are.
    pub found: usize,
    /// Must be there, and are not.
    pub missed: usize,
    /// Must not be there, and are.
    pub kept: usize,
    /// Must not be there, and are not.
    pub dropped: usize,
}

impl Segments {
    /// Looks for each segment in the text; white space is collapsed on both sides.
    pub fn of(text: &str, with: &[String], without: &[String]) -> Self {
        let text = collapse(text);
        let has = |segments: &[String]| segments.iter().filter(|one| text.contains(&collapse(one))).count();
        let (found, kept) = (has(with), has(without));
        Self { found, missed: with.len() - found, kept, dropped: without.len() - kept }
    }

    pub fn add(&mut self, other: &Self) {
        self.found += other.found;
        self.missed += other.missed;
        self.kept += other.kept;
        self.dropped += other.dropped;
    }

    /// Share of the segments that must be there which are; also called must-have accuracy.
    pub fn recall(&self) -> f64 {
        share(self.found, self.found + self.missed)
    }

    /// Share of the segments that must not be there which are not: must-not-have accuracy.
    pub fn rejection(&self) -> f64 {
        share(self.dropped, self.dropped + self.kept)
    }

    pub fn precision(&self) -> f64 {
        share(self.found, self.found + self.kept)
    }

    pub fn f1(&self) -> f64 {
        grams::f1(self.found, self.found + self.kept, self.found + self.missed)
    }
}

/// A part of a whole; of nothing it is 0.
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Words in a run.
const SHINGLE: usize = 4;

/// F1 of the runs of four words (w-shingling: Broder, "On the resemblance and containment of
/// documents", 1997; counted here as often as they stand). Shorter texts are compared as one run.
pub fn shingles(text: &str, gold: &str) -> f64 {
    let (found, gold) = (grams::words(text), grams::words(gold));
    if found.is_empty() && gold.is_empty() {
        return 1.0;
    }
    grams::overlap(&found, &gold, gold.len().clamp(1, SHINGLE))
}

/// Whether two headlines are one: equal but for case, white space and the shapes of quotes and dashes.
///
/// A headline with the outlet's name or a kicker, or cut short, is another headline.
pub fn same_title(found: &str, gold: &str) -> bool {
    title_form(found) == title_form(gold)
}

fn title_form(title: &str) -> String {
    let folded = title.nfkc().flat_map(char::to_lowercase).map(|letter| match letter {
        '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '\'' | '‘' | '’' | '‚' | '‛' | '`' | '´' => {
            '"'
        }
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        other => other,
    });
    collapse(&folded.collect::<String>())
}

/// Whether two bylines name the same people, in any order: the sets of names are equal, each compared
/// as [`domain::fold`] does; a leading "by" counts for nothing.
///
/// One name too many or too few, or an agency beside the author, is another byline.
pub fn same_authors(found: &str, gold: &str) -> bool {
    names(found) == names(gold)
}

/// What stands before the names.
const BY: [&str; 4] = ["by ", "von ", "par ", "por "];
/// Words that stand between names; signs are beside.
const AND: [&str; 3] = [" and ", " und ", " et "];

fn names(byline: &str) -> BTreeSet<String> {
    let mut byline = format!(" {} ", collapse(byline));
    for and in AND {
        byline = byline.replace(and, ", ").replace(&and.to_uppercase(), ", ");
    }
    let parts = byline.split([',', ';', '&', '/', '|', '•', '·']).map(domain::fold);
    let plain = parts.map(|name| match BY.iter().find_map(|by| name.strip_prefix(by)) {
        Some(rest) => rest.to_owned(),
        None => name,
    });
    plain.filter(|name| !name.is_empty()).collect()
}

/// Whether two dates are one: the same calendar day, each in the zone it is written in, or the same
/// instant written in two zones.
pub fn same_date(found: &Published, gold: &Published) -> bool {
    found.day() == gold.day()
        || matches!((found, gold), (Published::Moment(found), Published::Moment(gold)) if found == gold)
}

/// Reads a date as gold and other programs write it: a moment, or a day followed by anything, its
/// numbers parted by anything.
pub fn published(date: &str) -> Option<Published> {
    let day = || {
        let numbers = date.trim().split(|c: char| !c.is_ascii_digit());
        let mut numbers = numbers.map(|number| number.parse::<u32>().ok());
        let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    };
    date.parse().ok().or_else(|| day().map(Published::Day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn segments_are_looked_for_with_white_space_collapsed() {
        let with = strings(&["The canal  was\nseized.", "Nasser said", "Not there"]);
        let without = strings(&["Read more", "Subscribe"]);
        let text = "The canal was seized.\n\nNasser\nsaid so. Read\tmore";
        let scores = Segments::of(text, &with, &without);
        assert_eq!(scores, Segments { found: 2, missed: 1, kept: 1, dropped: 1 });
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        near(scores.recall(), 2.0 / 3.0);
        near(scores.precision(), 2.0 / 3.0);
        near(scores.f1(), 2.0 / 3.0);
        near(scores.rejection(), 0.5);
        near(Segments::default().f1(), 0.0);
    }

    #[test]
    fn shingles_of_known_pairs() {
        let cases = [
            ("one two three four five", "One two three – four five.", 1.0),
            ("one two three four five six", "one two three four five", 0.8),
            ("one two three", "one two three", 1.0),
            ("", "", 1.0),
            ("", "one two three four", 0.0),
            ("one two three four", "", 0.0),
        ];
        for (text, gold, expected) in cases {
            let score = shingles(text, gold);
            assert!((score - expected).abs() < 1e-9, "{text:?} {gold:?}: {score}");
        }
    }

    #[test]
    fn titles_differ_by_words_only() {
        let cases = [
            ("Egypt  seizes\nthe “Canal”", "EGYPT SEIZES THE \"CANAL\"", true),
            ("Suez – a year on", "Suez - a year on", true),
            ("Nasser’s day", "Nasser's day", true),
            ("Egypt seizes canal | The Ledger", "Egypt seizes canal", false),
            ("Egypt seizes…", "Egypt seizes canal", false),
        ];
        for (found, gold, same) in cases {
            assert_eq!(same_title(found, gold), same, "{found:?} {gold:?}");
        }
    }

    #[test]
    fn bylines_are_sets_of_names() {
        let cases = [
            ("By Jane Doe and John Roe", "John Roe, Jane Doe", true),
            ("VON JANE DOE UND JOHN ROE", "Jane Doe; John Roe", true),
            ("José Núñez", "Jose Nunez", true),
            ("Jane Doe / dpa", "dpa/Jane Doe", true),
            ("Anders Anderson", "Anders Anderson", true),
            ("Ursula von Doe", "Ursula von Doe", true),
            ("Jane Doe, The Ledger", "Jane Doe", false),
            ("Jane Doe", "Jane Doe, John Roe", false),
        ];
        for (found, gold, same) in cases {
            assert_eq!(same_authors(found, gold), same, "{found:?} {gold:?}");
        }
    }

    #[test]
    fn dates_are_compared_by_day_or_instant() {
        let cases = [
            ("1956-07-27", "1956-07-27", true),
            ("1956-07-27T23:30:00-05:00", "1956-07-27", true),
            ("1956-07-27T23:30:00-05:00", "1956-07-28", false),
            ("1956-07-27T23:30:00-05:00", "1956-07-28T04:30:00Z", true),
            ("1956-07-27T23:30:00-05:00", "1956-07-28T04:31:00Z", false),
            ("1956-7.27", "1956-07-27", true),
            ("1956-07-27 10:00", "1956-07-27", true),
        ];
        for (found, gold, same) in cases {
            let read = |date| published(date).unwrap();
            assert_eq!(same_date(&read(found), &read(gold)), same, "{found:?} {gold:?}");
        }
        for nothing in ["1956-07", "1956-13-27", "July 27, 1956", ""] {
            assert_eq!(published(nothing), None, "{nothing:?}");
        }
    }
}
