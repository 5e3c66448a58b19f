//! A topic as it was typed, taken apart, and how well a text fits it.

use std::collections::BTreeSet;

use super::knowledge::{Entity, KNOWLEDGE};
use super::text::{Count, Text, Token, is_function_word, stem, tokens};
use super::weights::{AVERAGE, THRESHOLDS, WEIGHTS};
use crate::domain::{Meaning, Sensitivity};

/// What a topic asks for.
#[derive(Debug)]
enum Part {
    /// A name that is known beforehand, as typed.
    Known(String, Vec<Entity>),
    /// A name that is not: capitalised words.
    Name(Vec<String>),
    /// Any other word, as typed.
    Word(String),
}

/// Parts side by side that are one thing: those that name a field of news together, else a single one.
#[derive(Debug)]
struct Unit {
    parts: Vec<Part>,
    /// Phrases of the fields that it names.
    field: BTreeSet<&'static [String]>,
}

/// A topic, ready to be held against texts.
#[derive(Debug)]
pub struct Topic {
    /// What "and" and "or" stand between: any will do, and of one all units must be there. "Film festivals" are neither
    /// films nor festivals.
    alternatives: Vec<Vec<Unit>>,
}

/// How many numbers a fit is weighed by.
pub const FEATURES: usize = 6;

/// How well a text fits a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// What is weighed: see [`Topic::fit`].
    pub features: [f32; FEATURES],
    /// Log-odds that somebody who asked for the topic wants the text.
    pub score: f32,
    /// Cosine of topic and text.
    pub likeness: f32,
    /// The topic's words and names that the text has, as typed.
    pub words: Vec<String>,
    /// How many words of its field stand in the lead.
    pub of_field: usize,
}

impl Fit {
    /// Whether the text comes near enough.
    pub fn reaches(&self, sensitivity: Sensitivity) -> bool {
        self.score >= THRESHOLDS[sensitivity as usize]
    }
}

impl Topic {
    pub fn new(typed: &str) -> Self {
        let tokens: Vec<Token> = tokens(typed).collect();
        let mut parts: Vec<Part> = Vec::new();
        // Stems of each part: a field is named by whole parts.
        let mut runs: Vec<Vec<String>> = Vec::new();
        // Parts that another alternative may begin with.
        let mut begins: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            let length = if let Some((entities, length)) = KNOWLEDGE.name_at(rest, true) {
                parts.push(Part::Known(words(&rest[..length]).join(" "), entities.to_vec()));
                length
            } else if matches!(rest[0].word.as_str(), "and" | "or") {
                begins.push(parts.len());
                at += 1;
                continue;
            } else if is_function_word(&rest[0].word) {
                at += 1;
                continue;
            } else if rest[0].capital {
                let length = name_length(rest);
                parts.push(Part::Name(words(&rest[..length])));
                length
            } else {
                parts.push(Part::Word(rest[0].word.clone()));
                1
            };
            let own = rest[..length].iter().filter(|token| !is_function_word(&token.word));
            runs.push(own.map(|token| stem(&token.word)).collect());
            at += length;
        }
        Self { alternatives: alternatives(parts, &runs, &begins) }
    }

    /// Weighs, in this order: cosine of topic and text; how near the word pieces of the topic have one in the text, on
    /// average and, softly, the farthest; then of the alternative that fits best how much of its weakest unit stands in
    /// the lead, and how thickly in the whole; whether all its units stand in the lead in their own words.
    ///
    /// `meanings` are of topic and text. Where there are none a text counts as one of average meaning.
    pub fn fit(&self, text: &Text, meanings: Option<(&Meaning, &Meaning)>) -> Fit {
        let [likeness, mean, farthest] = meanings.map_or(AVERAGE, |(topic, text)| nearness(topic, text));
        let found: Vec<Vec<Found>> = self
            .alternatives
            .iter()
            .map(|units| units.iter().map(|unit| unit.found(text)).collect())
            .collect();
        let weakest =
            |units: &Vec<Found>, of: fn(&Found) -> f32| units.iter().map(of).fold(f32::MAX, f32::min);
        let shares = found.iter().map(|units| {
            let spelled = units.iter().all(|unit| unit.spelled);
            [
                weakest(units, |unit| unit.lead),
                weakest(units, |unit| unit.whole),
                f32::from(u8::from(spelled)),
            ]
        });
        let best = shares
            .max_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])).then(a[2].total_cmp(&b[2])));
        let [lead, whole, spelled] = best.unwrap_or_default();
        let features = [likeness, mean, farthest, lead, whole, spelled];
        let score =
            WEIGHTS[FEATURES] + features.iter().zip(WEIGHTS).map(|(x, weight)| x * weight).sum::<f32>();
        let of_field: BTreeSet<_> = found.iter().flatten().flat_map(|unit| &unit.of_field).collect();
        let of_field = of_field.len();
        let words = found.into_iter().flatten().flat_map(|unit| unit.words).collect();
        Fit { features, score, likeness, words, of_field }
    }
}

/// Cosine of the wholes; mean and soft minimum of the cosines of the pieces nearest to those of the topic. Average where
/// the topic has no pieces.
fn nearness(topic: &Meaning, text: &Meaning) -> [f32; 3] {
    const SOFT: f32 = 10.0;
    let near = topic.nearest(text);
    if near.is_empty() {
        return AVERAGE;
    }
    let mean = |of: &dyn Fn(f32) -> f32| near.iter().map(|x| of(*x)).sum::<f32>() / near.len() as f32;
    let farthest = -mean(&|x| (-SOFT * x).exp()).ln() / SOFT;
    [topic.likeness(text), mean(&|x| x), farthest]
}

/// What a text has of a unit.
struct Found {
    /// How much of it stands in the lead, at most 1, by its own words and names or by phrases of its field.
    lead: f32,
    /// How thickly it stands in the whole, by the same.
    whole: f32,
    /// It stands in the lead in its own words.
    spelled: bool,
    /// Its own words and names that the text has, as typed.
    words: Vec<String>,
    /// Phrases of its field in the lead.
    of_field: Vec<&'static [String]>,
}

impl Unit {
    fn found(&self, text: &Text) -> Found {
        let thick = |count: f32| (400.0 * count / text.len().max(200) as f32).ln_1p();
        let counts: Vec<(f32, f32)> = self.parts.iter().map(|part| part.count(text)).collect();
        let lead = counts.iter().map(|(lead, _)| *lead).fold(1.0, f32::min);
        let whole = counts.iter().map(|(_, whole)| *whole).fold(f32::MAX, f32::min);
        let there = self.parts.iter().zip(&counts).filter(|(_, (_, whole))| *whole > 0.0);
        let words = there.map(|(part, _)| part.typed()).collect();
        let field: Vec<(&'static [String], Count)> =
            self.field.iter().map(|phrase| (*phrase, text.phrase(phrase))).collect();
        let of_field: Vec<_> =
            field.iter().filter(|(_, count)| count.lead > 0).map(|(phrase, _)| *phrase).collect();
        let of_whole: usize = field.iter().map(|(_, count)| count.whole.min(3)).sum();
        Found {
            // Two words of a field are as good as its name.
            lead: lead.max((of_field.len() as f32 / 2.0).min(1.0)),
            whole: thick(whole.max(of_whole as f32)),
            spelled: lead > 0.0,
            words,
            of_field,
        }
    }
}

impl Part {
    /// How often it stands in the lead and in the whole. The last word of a name stands for half of it.
    fn count(&self, text: &Text) -> (f32, f32) {
        let count = |count: Count| (count.lead as f32, count.whole as f32);
        match self {
            Self::Known(_, entities) => count(text.named(entities)),
            Self::Word(word) => count(text.phrase(&[stem(word)])),
            Self::Name(words) => {
                let whole = text.name(words);
                match words.split_last() {
                    Some((last, before)) if whole.whole == 0 && !before.is_empty() => {
                        let last = text.name(std::slice::from_ref(last));
                        (0.5 * last.lead as f32, 0.5 * last.whole as f32)
                    }
                    _ => count(whole),
                }
            }
        }
    }

    fn typed(&self) -> String {
        match self {
            Self::Known(typed, _) | Self::Word(typed) => typed.clone(),
            Self::Name(words) => words.join(" "),
        }
    }
}

/// How many capitalised words stand here before a function word or a name that is known.
fn name_length(tokens: &[Token]) -> usize {
    let goes_on = |at: &usize| {
        let token = &tokens[*at];
        token.capital && !is_function_word(&token.word) && KNOWLEDGE.name_at(&tokens[*at..], true).is_none()
    };
    1 + (1..tokens.len()).take_while(goes_on).count()
}

fn words(tokens: &[Token]) -> Vec<String> {
    tokens.iter().map(|token| token.word.clone()).collect()
}

/// The units that parts come to, the longest names of fields first, by alternative. `runs` are the stems of the parts.
fn alternatives(parts: Vec<Part>, runs: &[Vec<String>], begins: &[usize]) -> Vec<Vec<Unit>> {
    const LONGEST: usize = 5;
    let mut alternatives: Vec<Vec<Unit>> = Vec::new();
    let mut parts = parts.into_iter();
    let mut at = 0;
    while at < runs.len() {
        let longest = (1..=LONGEST.min(runs.len() - at)).rev().find_map(|length| {
            let fields = KNOWLEDGE.fields_named(&runs[at..at + length].concat());
            (!fields.is_empty()).then_some((fields, length))
        });
        let (fields, length) = longest.unwrap_or((&[], 1));
        let fields = fields.iter().filter_map(|field| KNOWLEDGE.fields.get(*field));
        let unit = Unit {
            parts: parts.by_ref().take(length).collect(),
            field: fields.flat_map(|field| field.phrases.iter().map(Vec::as_slice)).collect(),
        };
        match alternatives.last_mut() {
            Some(units) if !begins.contains(&at) => units.push(unit),
            _ => alternatives.push(vec![unit]),
        }
        at += length;
    }
    alternatives
}
