//! A topic as it was typed, taken apart, and how well a text fits it.

use std::collections::BTreeSet;

use super::knowledge::{Entity, KNOWLEDGE};
use super::text::{Count, Text, Token, is_function_word, stem, tokens};
use super::weights::{THRESHOLDS, WEIGHTS};
use crate::domain::Sensitivity;

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
pub const FEATURES: usize = 4;

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

    /// Weighs, in this order: cosine of topic and text; then of the alternative that fits best how much of its weakest
    /// unit stands in the lead, and how thickly in the whole; whether all its units stand in the lead in their own
    /// words. A unit is there by its own words and names, or by phrases of its field.
    /// `likeness` is the cosine.
    pub fn fit(&self, text: &Text, likeness: f32) -> Fit {
        let thick = |count: f32| (400.0 * count / text.len().max(200) as f32).ln_1p();
        let mut words = Vec::new();
        let mut of_field: BTreeSet<&[String]> = BTreeSet::new();
        let mut best = [0.0; FEATURES - 1];
        for (number, units) in self.alternatives.iter().enumerate() {
            let (mut lead, mut whole, mut spelled) = (1.0_f32, f32::MAX, true);
            for unit in units {
                let (mut own_lead, mut own_whole) = (1.0_f32, f32::MAX);
                for part in &unit.parts {
                    let (in_lead, in_whole) = part.count(text);
                    if in_whole > 0.0 {
                        words.push(part.typed());
                    }
                    own_lead = own_lead.min(in_lead);
                    own_whole = own_whole.min(in_whole);
                }
                let counts = unit.field.iter().map(|phrase| (*phrase, text.phrase(phrase)));
                let counts: Vec<(&[String], Count)> = counts.filter(|(_, count)| count.whole > 0).collect();
                let told = counts.iter().filter(|(_, count)| count.lead > 0).map(|(phrase, _)| *phrase);
                let told: Vec<&[String]> = told.collect();
                let of_unit: usize = counts.iter().map(|(_, count)| count.whole.min(3)).sum();
                // Two words of a field are as good as its name.
                lead = lead.min(own_lead.max((told.len() as f32 / 2.0).min(1.0)));
                whole = whole.min(thick(own_whole).max(thick(of_unit as f32)));
                spelled &= own_lead > 0.0;
                of_field.extend(told);
            }
            let found = [lead, whole, f32::from(u8::from(spelled))];
            if number == 0 || (found[0], found[1]) > (best[0], best[1]) {
                best = found;
            }
        }
        let [lead, whole, spelled] = best;
        let features = [likeness, lead, whole, spelled];
        let score =
            WEIGHTS[FEATURES] + features.iter().zip(WEIGHTS).map(|(x, weight)| x * weight).sum::<f32>();
        Fit { features, score, likeness, words, of_field: of_field.len() }
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
