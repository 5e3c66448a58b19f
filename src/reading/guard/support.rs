//! The source as the guard reads it, and which of its sentences a clause rests on.

use std::collections::{HashMap, HashSet};

use super::names::same;
use super::numbers::Number;
use super::quotes::plain;
use super::words::{self, Kind, Name, Sentence, Word};
use crate::reading::Document;
use crate::reading::actors::lexicon::{self, Classes};

/// Sentences of a source that are read: as many as the encoder sees.
const MAX_SENTENCES: usize = 160;

/// Characters of one of them that are read, as by the encoder: a sentence without end costs no more than others.
const MAX_CHARS: usize = 2_000;

/// The sentences of a source, and what is asked of all of them together.
pub struct Source {
    pub sentences: Vec<Sentence>,
    /// Every text of it in lower case, words only, a blank at both ends.
    pub plain: String,
    /// The same of every sentence alone.
    whole: HashSet<String>,
    /// In how many sentences a base form stands.
    frequency: HashMap<String, usize>,
    /// Words that stand in lower case somewhere.
    lower: HashSet<String>,
    /// Words that stand with a capital where no sentence begins.
    capital: HashSet<String>,
}

impl Source {
    pub fn read(document: &Document) -> Self {
        let texts: Vec<&str> = document
            .title
            .as_deref()
            .into_iter()
            .chain(
                document.sentences.iter().take(MAX_SENTENCES).map(|sentence| document.slice(sentence.span)),
            )
            .collect();
        let mut lower = HashSet::new();
        let mut capital = HashSet::new();
        for text in &texts {
            for (at, word) in
                text.split(|c: char| !(c.is_alphanumeric() || c == '-')).filter(|w| !w.is_empty()).enumerate()
            {
                if word.starts_with(char::is_lowercase) {
                    lower.insert(word.to_lowercase());
                } else if at > 0 {
                    capital.insert(word.to_lowercase());
                }
            }
        }
        let mut source = Self {
            sentences: Vec::new(),
            plain: format!(" {} ", plain(&texts.join(" "))),
            whole: texts.iter().map(|text| plain(text)).collect(),
            frequency: HashMap::new(),
            lower,
            capital,
        };
        source.sentences = texts
            .iter()
            .map(|text| words::read(beginning(text), &|word, next| source.opens_with_name(word, next)))
            .collect();
        for sentence in &source.sentences {
            let forms: HashSet<&str> = sentence.words.iter().map(|word| word.lemma.as_str()).collect();
            for form in forms {
                *source.frequency.entry(form.to_owned()).or_default() += 1;
            }
        }
        source
    }

    /// Reads a sentence that is checked against this source.
    pub fn sentence(&self, text: &str) -> Sentence {
        words::read(beginning(text), &|word, next| self.opens_with_name(word, next))
    }

    /// Whether a capitalised word at the beginning of a sentence is a name's.
    fn opens_with_name(&self, word: &str, next: Option<&str>) -> bool {
        let lower = word.to_lowercase();
        let bare = lower.replace('’', "'");
        let bare = bare.strip_suffix("'s").unwrap_or(&bare);
        if self.lower.contains(bare) {
            return false;
        }
        // "Economist Irving Fisher": what somebody is, before his name.
        let classes = lexicon::classes(bare);
        // "TACOMA, Wash. —": the place in a dateline.
        let capitals = word.chars().count() > 2 && word.chars().all(char::is_uppercase);
        let named = classes.any(Classes::GIVEN.or(Classes::PLACE_PREFIX)) || self.capital.contains(bare);
        if classes.any(Classes::COMMON) && !named && !capitals {
            return false;
        }
        let followed = next
            .is_some_and(|next| next.starts_with(char::is_uppercase) || super::names::is_particle(next))
            || (next.is_some_and(|next| matches!(next, ":" | ",")) && !bare.ends_with("ly"));
        // "Barclays agreed", but "Guards agreed"
        let one = !bare.ends_with('s') || classes == Classes::default();
        let acts = next.is_some_and(crate::reading::cuts::has_verb) && one;
        self.capital.contains(bare) || followed || acts || capitals || super::names::is_country(bare)
    }

    /// Whether it is a sentence of the source, word for word and whole.
    pub fn holds(&self, text: &str) -> bool {
        self.whole.contains(&plain(text))
    }

    /// Whether some sentence names it, and every part of it is some name's, or a title or a word that the
    /// source has too ("Treasury Secretary Paulson").
    pub fn names(&self, name: &Name) -> bool {
        let all = || self.sentences.iter().flat_map(|sentence| &sentence.names);
        let part = |part: &String| {
            part.chars().count() == 1
                || self.lower.contains(part)
                || super::names::is_title(part)
                || all().any(|own| own.parts.contains(part))
        };
        // "Secretary of State William Rogers" is two names here, the first of them an office.
        let office = name.parts.iter().all(|part| super::names::is_title(part) && self.lower.contains(part));
        office
            || all()
                .any(|own| own.parts == name.parts || (own.country.is_some() && own.country == name.country))
            || (all().any(|own| same(name, own)) && (name.parts.len() < 2 || name.parts.iter().all(part)))
    }

    /// Sentences that name it, as numbers.
    pub fn naming<'a>(&'a self, name: &'a Name) -> impl Iterator<Item = usize> + 'a {
        let named = |sentence: &Sentence| sentence.names.iter().any(|own| same(name, own));
        self.sentences.iter().enumerate().filter(move |(_, sentence)| named(sentence)).map(|(at, _)| at)
    }

    /// Whether it is what the article is about: in its first lines, or in many of its sentences.
    pub fn topic(&self, name: &Name) -> bool {
        let sentences: Vec<usize> = self.naming(name).collect();
        sentences.len() >= 3 || sentences.first() == Some(&0)
    }

    /// How much a word tells: less the more sentences have it.
    pub fn weight(&self, word: &Word) -> f32 {
        let count = self.sentences.len().max(1) as f32;
        let with = self.frequency.get(&word.lemma).copied().unwrap_or(0).max(1) as f32;
        (1.0 + count / with).ln()
    }

    pub fn numbered<'a>(&'a self, number: &'a Number) -> impl Iterator<Item = usize> + 'a {
        let has = |sentence: &Sentence| sentence.numbers.iter().any(|own| number.tells(own));
        self.sentences.iter().enumerate().filter(move |(_, sentence)| has(sentence)).map(|(at, _)| at)
    }
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(MAX_CHARS).map_or(text, |(end, _)| &text[..end])
}

/// How well a word of a claim is found among words of the source: 0 to 1.
pub fn found(word: &Word, among: &[Word]) -> f32 {
    among
        .iter()
        .filter(|own| own.kind != Kind::Mark)
        .map(|own| match () {
            () if own.lower == word.lower || own.lemma == word.lemma => 1.0,
            () if own.like(word) => 0.8,
            () => 0.0,
        })
        .fold(0.0, f32::max)
}

/// The sentences of the source on which the words of one clause may rest, best first, with the share of the
/// clause's weight that each has.
pub fn candidates(claim: &Sentence, clause: usize, source: &Source) -> Vec<(usize, f32)> {
    let own = claim.words.iter().filter(|word| word.clause == clause && word.says()).count();
    let whole = if own < FEW_WORDS { 0.5 } else { 0.15 };
    let mut scored: Vec<(usize, f32)> = source
        .sentences
        .iter()
        .enumerate()
        .map(|(at, sentence)| {
            (at, score(claim, Some(clause), sentence, source) + whole * score(claim, None, sentence, source))
        })
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let best = scored.first().map_or(0.0, |first| first.1);
    scored.retain(|(_, score)| *score > 0.0 && *score >= best * CLOSE);
    scored.truncate(3);
    scored
}

/// What a clause says is in its verb more than in any other word.
const VERB: f32 = 1.6;

/// A clause of fewer words says too little alone: the rest of its sentence counts for more.
const FEW_WORDS: usize = 4;

/// A candidate this near to the best one is as good.
const CLOSE: f32 = 0.88;

/// Share of the weight of a clause (or of all) that a sentence has.
fn score(claim: &Sentence, clause: Option<usize>, sentence: &Sentence, source: &Source) -> f32 {
    let inside = |at: usize| clause.is_none_or(|clause| claim.words[at].clause == clause);
    let mut sum = 0.0;
    let mut all = 0.0;
    for (at, word) in claim.words.iter().enumerate().filter(|(at, _)| inside(*at)) {
        let weight = match word.kind {
            Kind::Content if word.verb => VERB * source.weight(word),
            Kind::Content => source.weight(word),
            Kind::Calendar => 0.5 * source.weight(word),
            Kind::Name => 0.3 * source.weight(word),
            _ => continue,
        };
        let name = claim.names.iter().find(|name| (name.first..name.end).contains(&at));
        let here = match name {
            Some(name) => f32::from(u8::from(sentence.names.iter().any(|own| same(name, own)))),
            None => found(word, &sentence.words),
        };
        sum += weight * here;
        all += weight;
    }
    for number in claim.numbers.iter().filter(|number| inside(number.first)) {
        let here = sentence.numbers.iter().any(|own| number.tells(own));
        sum += f32::from(u8::from(here)) * 2.0;
        all += 2.0;
    }
    if all > 0.0 { sum / all } else { 0.0 }
}
