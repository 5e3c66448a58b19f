//! Verbs of two words: "turned it down" is "rejected it".

use super::lemma::{lemma, meanings};
use super::words::{Kind, Word};

/// Words that may stand between a verb and its particle.
const BETWEEN: usize = 2;

/// Base form of a verb, its particle, and the verb of one word that says the same.
const PHRASES: &[(&str, &str, &str)] = &[
    ("turn", "down", "reject"),
    ("throw", "out", "reject"),
    ("turn", "away", "reject"),
    ("give", "up", "abandon"),
    ("give", "back", "return"),
    ("give", "way", "yield"),
    ("give", "in", "yield"),
    ("step", "down", "resign"),
    ("stand", "down", "resign"),
    ("put", "off", "postpone"),
    ("call", "off", "cancel"),
    ("let", "go", "release"),
    ("set", "free", "release"),
    ("blow", "up", "explode"),
    ("go", "off", "explode"),
    ("go", "on", "continue"),
    ("carry", "on", "continue"),
    ("pull", "out", "withdraw"),
    ("break", "out", "escape"),
    ("get", "out", "escape"),
    ("get", "away", "escape"),
    ("shut", "down", "close"),
    ("set", "up", "found"),
    ("find", "out", "discover"),
    ("pass", "away", "die"),
    ("call", "for", "demand"),
    ("take", "part", "participate"),
    ("look", "into", "investigate"),
    ("bring", "down", "topple"),
    ("knock", "down", "topple"),
];

/// Gives the verb of a phrase the base form of the one word for it.
pub fn mark(words: &mut [Word]) {
    for at in 0..words.len() {
        if words[at].kind != Kind::Content {
            continue;
        }
        let behind = words[at + 1..].iter().take(BETWEEN + 1);
        let near: Vec<&str> = behind
            .take_while(|word| !matches!(word.kind, Kind::Mark | Kind::Number))
            .map(|word| word.lower.as_str())
            .collect();
        let same = |(verb, particle, _): &&(&str, &str, &str)| {
            words[at].lemma == lemma(verb) && near.contains(particle)
        };
        if let Some((_, _, one)) = PHRASES.iter().find(same) {
            words[at].lemma = lemma(one);
            words[at].meanings = meanings(&words[at].lemma);
        }
    }
}
