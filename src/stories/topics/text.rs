//! A text as topics see it: its words, stemmed, and whom and what it names.

use std::collections::HashMap;

use super::knowledge::{Entity, KNOWLEDGE};
use crate::domain::fold;

/// Words that stand for a text: news says what it is about at the top. Without a headline ten more.
const LEAD: usize = 60;
const LEAD_ALONE: usize = 70;
/// Words that are looked at, a bound on the work.
const MOST: usize = 4000;

const FUNCTION_WORDS: [&str; 16] = [
    "the", "of", "and", "in", "at", "a", "an", "to", "on", "for", "with", "by", "from", "s", "about",
    "against",
];

pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.contains(&word)
}

/// One word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// Folded.
    pub word: String,
    /// Begins with a capital letter or a digit.
    pub capital: bool,
    /// Two capital letters or more and no small ones.
    pub capitals: bool,
}

/// The words of a text, without possessive endings.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’');
    text.split(move |c: char| !is_part(c)).filter_map(|piece| {
        let piece = piece.trim_matches(['.', '\'', '’']);
        let piece = piece.strip_suffix("'s").or_else(|| piece.strip_suffix("’s")).unwrap_or(piece);
        let word = fold(piece);
        let first = piece.chars().next()?;
        let letters = || piece.chars().filter(|c| c.is_alphabetic());
        Some(Token {
            capital: first.is_uppercase() || first.is_numeric(),
            capitals: letters().count() > 1 && letters().all(char::is_uppercase),
            word,
        })
        .filter(|token| !token.word.is_empty() && !token.word.contains(' '))
    })
}

/// A word without its commonest endings: "diplomats" and "diplomacy" differ, "terrorist" and "terrorism" do not.
pub(super) fn stem(word: &str) -> String {
    const ENDINGS: [&str; 31] = [
        "isation", "ization", "ations", "ation", "ements", "ement", "ances", "ance", "ities", "ity", "ists",
        "ist", "isms", "ism", "ings", "ing", "ians", "ian", "ers", "ics", "ies", "er", "ed", "es", "al",
        "ic", "ly", "s", "y", "e", "or",
    ];
    let kept = |ending: &str| if ending.len() > 1 { 4 } else { 3 };
    let cut =
        ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(|left| left.len() >= kept(ending)));
    cut.unwrap_or(word).to_owned()
}

/// Counts of something in the lead and in the whole text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub lead: usize,
    pub whole: usize,
}

/// A text that topics are held against.
#[derive(Debug, Default)]
pub struct Text {
    words: Vec<String>,
    /// Which of the words begin with a capital letter or a digit.
    capitals: Vec<bool>,
    stems: Vec<String>,
    /// Where each stem stands.
    places: HashMap<String, Vec<usize>>,
    named: HashMap<Entity, Count>,
    lead: usize,
}

impl Text {
    pub fn new(title: &str, body: &str) -> Self {
        let title: Vec<Token> = tokens(title).collect();
        let lead = if title.is_empty() { LEAD_ALONE } else { title.len() + LEAD };
        let tokens: Vec<Token> = title.into_iter().chain(tokens(body)).take(MOST).collect();
        let mut text = Self { lead: lead.min(tokens.len()), ..Self::default() };
        let mut at = 0;
        while at < tokens.len() {
            let Some((entities, length)) = KNOWLEDGE.name_at(&tokens[at..], false) else {
                at += 1;
                continue;
            };
            for entity in entities {
                text.named.entry(*entity).or_default().add(at < text.lead);
            }
            at += length;
        }
        for (at, token) in tokens.into_iter().enumerate() {
            let stem = stem(&token.word);
            text.places.entry(stem.clone()).or_default().push(at);
            text.stems.push(stem);
            text.words.push(token.word);
            text.capitals.push(token.capital);
        }
        text
    }

    /// How many words it has.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// How often a run of stems occurs.
    pub(super) fn phrase(&self, stems: &[String]) -> Count {
        self.runs(stems, |at| self.stems.get(at..at + stems.len()).is_some_and(|own| own == stems))
    }

    /// How often a run of capitalised words occurs, letter for letter.
    pub(super) fn name(&self, words: &[String]) -> Count {
        let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
        self.runs(&stems, |at| {
            let run = at..at + words.len();
            self.words.get(run.clone()).is_some_and(|own| own == words)
                && self.capitals.get(run).is_some_and(|capitals| capitals.iter().all(|capital| *capital))
        })
    }

    /// Counts the places of the first of some stems where a run is.
    fn runs(&self, stems: &[String], is_run: impl Fn(usize) -> bool) -> Count {
        let mut count = Count::default();
        let places = stems.first().and_then(|first| self.places.get(first));
        for at in places.into_iter().flatten().filter(|at| is_run(**at)) {
            count.add(*at < self.lead);
        }
        count
    }

    /// How often any of some entities is named, or what belongs to it.
    pub(super) fn named(&self, asked: &[Entity]) -> Count {
        let mut sum = Count::default();
        for (named, count) in &self.named {
            if asked.iter().any(|asked| KNOWLEDGE.covers(*asked, *named)) {
                sum.lead += count.lead;
                sum.whole += count.whole;
            }
        }
        sum
    }
}

impl Count {
    fn add(&mut self, in_lead: bool) {
        self.whole += 1;
        self.lead += usize::from(in_lead);
    }
}
