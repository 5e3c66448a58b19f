//! What the tagger sees of a word beside the encoder's states: case and form, word lists, what the rules say.
//!
//! The encoder lower-cases, so all that capitals tell comes from here. Every feature is a number below
//! [`FEATURES`]; a word has those that hold of it.

use std::collections::HashSet;

use super::gazetteer::{self, Known};
use super::lexicon::CLASSES;
use super::resolve::Name;
use super::tokens::{Shape, Token, TokenizedSentence};
use crate::domain::ActorKind;

/// Features that stand for one thing each come first.
const FIXED: u32 = 256;
/// The others share the numbers after them by a hash.
const HASHED: u32 = 4096;
/// How many different features there are.
pub const FEATURES: u32 = FIXED + HASHED;

const SHAPES: u32 = CLASSES;
const INITIAL_SHAPES: u32 = SHAPES + 6;
const GLUED: u32 = INITIAL_SHAPES + 6;
const ALL_CAPS: u32 = GLUED + 1;
const TITLE_CASE: u32 = ALL_CAPS + 1;
const LOWER_ELSEWHERE: u32 = TITLE_CASE + 1;
const CAPITAL_WITHIN: u32 = LOWER_ELSEWHERE + 1;
/// Five kinds of known names, each with first and further words, of one word or of several.
const KNOWN: u32 = CAPITAL_WITHIN + 1;
/// Three kinds of names by the rules, each with first and further words.
pub const BY_RULES: u32 = KNOWN + 20;
const TITLED: u32 = BY_RULES + 6;
/// The features of `BY_RULES` and `TITLED` end here.
pub const AFTER_RULES: u32 = TITLED + 1;
const _: () = assert!(AFTER_RULES <= FIXED);

/// The features of every word of every sentence. `names` are what the rules find.
pub fn features(sentences: &[TokenizedSentence<'_>], names: &[Name]) -> Vec<Vec<Vec<u32>>> {
    let words = || sentences.iter().flat_map(|sentence| &sentence.tokens);
    let lower: HashSet<&str> =
        words().filter(|token| token.shape == Shape::Lower).map(|token| token.lower.as_str()).collect();
    let within: HashSet<&str> =
        words().filter(|token| token.capital() && !token.initial).map(|token| token.lower.as_str()).collect();
    let mut all: Vec<Vec<Vec<u32>>> = sentences
        .iter()
        .map(|sentence| {
            let mut of_words: Vec<Vec<u32>> =
                sentence.tokens.iter().map(|token| of_word(token, sentence, &lower, &within)).collect();
            add_known(&sentence.tokens, &mut of_words);
            of_words
        })
        .collect();
    for name in names {
        let candidate = &name.candidate;
        let Some(words) =
            all.get_mut(candidate.sentence).and_then(|words| words.get_mut(candidate.first..candidate.last))
        else {
            continue;
        };
        for (at, of_word) in words.iter_mut().enumerate() {
            of_word.push(BY_RULES + 2 * kind_number(name.kind) + u32::from(at > 0));
            if candidate.titled {
                of_word.push(TITLED);
            }
        }
    }
    all
}

fn kind_number(kind: ActorKind) -> u32 {
    match kind {
        ActorKind::Person => 0,
        ActorKind::Organization => 1,
        ActorKind::Place => 2,
    }
}

fn of_word(
    token: &Token<'_>,
    sentence: &TokenizedSentence<'_>,
    lower: &HashSet<&str>,
    within: &HashSet<&str>,
) -> Vec<u32> {
    let shape = match token.shape {
        Shape::Lower => 0,
        Shape::Capital => 1,
        Shape::Upper => 2,
        Shape::Number => 3,
        Shape::Mark => 4,
        Shape::Possessive => 5,
    };
    let mut features: Vec<u32> = token.classes.numbers().collect();
    features.push(if token.initial { INITIAL_SHAPES } else { SHAPES } + shape);
    let mut add = |holds: bool, feature: u32| features.extend(holds.then_some(feature));
    add(token.glued, GLUED);
    add(sentence.all_caps, ALL_CAPS);
    add(sentence.title_case, TITLE_CASE);
    add(token.capital() && lower.contains(token.lower.as_str()), LOWER_ELSEWHERE);
    add(token.capital() && within.contains(token.lower.as_str()), CAPITAL_WITHIN);
    features.push(hashed("shape", written(token.text).as_str()));
    if matches!(token.shape, Shape::Mark | Shape::Possessive) {
        features.push(hashed("mark", token.text));
        return features;
    }
    let word = token.lower.as_str();
    let ends = |count: usize| word.char_indices().rev().nth(count - 1).map(|(at, _)| &word[at..]);
    features.extend([2, 3, 4].into_iter().filter_map(ends).map(|end| hashed("end", end)));
    let start = word.char_indices().nth(3).map(|(at, _)| &word[..at]);
    features.extend(start.map(|start| hashed("start", start)));
    features
}

/// How a word is written, runs of one kind made one: "Xx", "X.X.", "Xx-Xx", "xXx".
fn written(word: &str) -> String {
    let mut shape = String::new();
    for c in word.chars().take(40) {
        let kind = match c {
            _ if c.is_uppercase() => 'X',
            _ if c.is_alphabetic() => 'x',
            _ if c.is_numeric() => '0',
            _ => c,
        };
        if !shape.ends_with(kind) {
            shape.push(kind);
        }
    }
    shape
}

/// FNV-1a, into the numbers after the fixed ones.
fn hashed(group: &str, value: &str) -> u32 {
    let bytes = group.bytes().chain([0]).chain(value.bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // The low bits of FNV are its best; folding keeps some of the high ones.
    FIXED + (hash ^ (hash >> 16)) % HASHED
}

/// Marks the words of known names, longest first.
fn add_known(tokens: &[Token<'_>], of_words: &mut [Vec<u32>]) {
    let mut at = 0;
    while at < tokens.len() {
        let Some((length, entry)) = gazetteer::longest_match(&tokens[at..]) else {
            at += 1;
            continue;
        };
        let kind = match entry.known {
            Known::Country => 0,
            Known::Capital => 1,
            Known::Place => 2,
            Known::Organization => 3,
            Known::Outlet => 4,
        };
        for (number, of_word) in of_words[at..at + length].iter_mut().enumerate() {
            of_word.push(KNOWN + 4 * kind + 2 * u32::from(length > 1) + u32::from(number > 0));
        }
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::sentence_of;
    use super::*;

    #[test]
    fn every_feature_has_its_place() {
        let text =
            "TIRANA — O’Neill’s U.S.-led NATO force met al-Sadat, 42, in New York; İstanbul 日本 Łódź.";
        let sentence = sentence_of(text, 0..text.len());
        let words = features(std::slice::from_ref(&sentence), &[]);
        assert_eq!(words[0].len(), sentence.tokens.len());
        assert!(
            words[0].iter().all(|word| !word.is_empty() && word.iter().all(|&feature| feature < FEATURES))
        );
        let at = sentence.tokens.iter().position(|token| token.text == "York").unwrap();
        assert!(words[0][at].contains(&(KNOWN + 4 * 2 + 3)), "a further word of a known place");
    }

    #[test]
    fn how_words_are_written() {
        let words = ["Rama", "NATO", "U.S.", "al-Sadat", "iPhone", "MH17", "1,959"];
        let shapes: Vec<String> = words.iter().map(|word| written(word)).collect();
        assert_eq!(shapes, ["Xx", "X", "X.X.", "x-Xx", "xXx", "X0", "0,0"]);
    }
}
