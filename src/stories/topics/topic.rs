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

/// A topic, ready to be held against texts.
#[derive(Debug)]
pub struct Topic {
    parts: Vec<Part>,
    /// Stems of its words, without function words.
    stems: Vec<String>,
    /// Phrases of the fields of news that it names.
    field: BTreeSet<&'static [String]>,
}

/// How many numbers a fit is weighed by.
pub const FEATURES: usize = 11;

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
        let mut topic = Self { parts: Vec::new(), stems: Vec::new(), field: BTreeSet::new() };
        // Stems of each part: a field is named by whole parts.
        let mut runs: Vec<Vec<String>> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            let length = if let Some((entities, length)) = KNOWLEDGE.name_at(rest, true) {
                topic.parts.push(Part::Known(words(&rest[..length]).join(" "), entities.to_vec()));
                length
            } else if is_function_word(&rest[0].word) {
                at += 1;
                continue;
            } else if rest[0].capital {
                let length = name_length(rest);
                topic.parts.push(Part::Name(words(&rest[..length])));
                length
            } else {
                topic.parts.push(Part::Word(rest[0].word.clone()));
                1
            };
            let own = rest[..length].iter().filter(|token| !is_function_word(&token.word));
            runs.push(own.map(|token| stem(&token.word)).collect());
            at += length;
        }
        topic.stems = runs.concat();
        topic.field = field(&runs);
        topic
    }

    /// Weighs, in this order: cosine of topic and text; how often the topic's names stand in the lead, how thickly in
    /// the whole, which are missing, whether it has any; its other words in the lead, how thickly in the whole; whether
    /// it names a field of news; neighbours in the topic that are neighbours in the text; phrases of the field in the
    /// lead, how thickly in the whole. `likeness` is the cosine.
    pub fn fit(&self, text: &Text, likeness: f32) -> Fit {
        let thick = |count: f32| (400.0 * count / text.len().max(200) as f32).ln_1p();
        let mut names = Mean::default();
        let mut missing = Mean::default();
        let mut names_thick = Mean::default();
        let (mut plain, mut plain_thick) = (Mean::default(), Mean::default());
        let mut words = Vec::new();
        for part in &self.parts {
            let (lead, whole) = part.count(text);
            if whole > 0.0 {
                words.push(part.typed());
            }
            if matches!(part, Part::Word(_)) {
                plain.add(lead.min(1.0));
                plain_thick.add(thick(whole));
            } else {
                names.add(lead.min(2.0) / 2.0);
                names_thick.add(thick(whole));
                missing.add(f32::from(u8::from(whole == 0.0)));
            }
        }
        let mut neighbours = Mean::default();
        for pair in self.stems.windows(2) {
            neighbours.add(text.phrase(pair).whole.min(1) as f32);
        }
        let counts: Vec<Count> = self.field.iter().map(|phrase| text.phrase(phrase)).collect();
        let of_field = counts.iter().filter(|count| count.lead > 0).count();
        let field: usize = counts.iter().map(|count| count.whole.min(3)).sum();
        let features = [
            likeness,
            names.get(),
            names_thick.get(),
            missing.get(),
            f32::from(u8::from(missing.count > 0)),
            plain.get(),
            plain_thick.get(),
            f32::from(u8::from(!self.field.is_empty())),
            neighbours.get(),
            (of_field as f32).ln_1p(),
            thick(field as f32),
        ];
        let score =
            WEIGHTS[FEATURES] + features.iter().zip(WEIGHTS).map(|(x, weight)| x * weight).sum::<f32>();
        Fit { features, score, likeness, words, of_field }
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

/// The phrases of the fields that runs of parts name, the longest names first.
fn field(runs: &[Vec<String>]) -> BTreeSet<&'static [String]> {
    const LONGEST: usize = 5;
    let mut phrases = BTreeSet::new();
    let mut at = 0;
    while at < runs.len() {
        let longest = (1..=LONGEST.min(runs.len() - at)).rev().find_map(|length| {
            let fields = KNOWLEDGE.fields_named(&runs[at..at + length].concat());
            (!fields.is_empty()).then_some((fields, length))
        });
        let (fields, length) = longest.unwrap_or((&[], 1));
        for field in fields.iter().filter_map(|field| KNOWLEDGE.fields.get(*field)) {
            phrases.extend(field.phrases.iter().map(Vec::as_slice));
        }
        at += length;
    }
    phrases
}

#[derive(Debug, Default)]
struct Mean {
    sum: f32,
    count: usize,
}

impl Mean {
    fn add(&mut self, x: f32) {
        self.sum += x;
        self.count += 1;
    }

    /// 0 of nothing.
    fn get(&self) -> f32 {
        self.sum / self.count.max(1) as f32
    }
}
