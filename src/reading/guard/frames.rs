//! A verb with what stands beside it, compared with the same verb wherever the source has it.
//!
//! A clause may rest on one sentence while another says the contrary in a few words: "They did not agree on
//! Jerusalem." And a verb may have another object there: it sank the Belgrano, not the Sheffield.

use super::Refusal;
use super::antecedents;
use super::binding::words;
use super::denial::opposite;
use super::names::same;
use super::subjects::{ANAPHORS, auxiliary, free};
use super::support::Source;
use super::voice::passive;
use super::words::{Kind, Name, Sentence, Word};

/// Checks every verb of a clause that rests on the sentence at `at`.
pub fn check(claim: &Sentence, clause: usize, source: &Source, at: usize) -> Result<(), Refusal> {
    for verb in verbs(claim).filter(|&verb| claim.words[verb].clause == clause) {
        let word = &claim.words[verb];
        let rests = &source.sentences[at];
        if let Some(name) = other_object(claim, verb, rests) {
            return Err(Refusal::Role(words(claim, name.first, name.end)));
        }
        let said = verbs(rests).any(|own| rests.words[own].lemma == word.lemma);
        let denied = |other: usize| {
            verbs(&source.sentences[other]).any(|own| contrary(claim, verb, source, other, own))
        };
        if !said && (0..source.sentences.len()).any(denied) {
            return Err(Refusal::Negation(word.text.clone()));
        }
    }
    Ok(())
}

/// Verbs that say something, as numbers of words.
fn verbs(sentence: &Sentence) -> impl Iterator<Item = usize> {
    let says = |word: &Word| word.verb && word.kind == Kind::Content && !word.quoted;
    (0..sentence.words.len()).filter(move |&at| says(&sentence.words[at]) && !auxiliary(&sentence.words, at))
}

/// Whether a verb of the sentence at `at` says the contrary of the claim's, of the same thing.
fn contrary(claim: &Sentence, verb: usize, source: &Source, at: usize, own: usize) -> bool {
    let sentence = &source.sentences[at];
    let (a, b) = (&claim.words[verb], &sentence.words[own]);
    let opposed = if a.lemma == b.lemma {
        a.negated != b.negated
    } else {
        opposite(&a.lemma, &b.lemma) && a.negated == b.negated
    };
    if !opposed || b.conditional || passive(&claim.words, verb) != passive(&sentence.words, own) {
        return false;
    }
    let alike = |a: usize, b: usize| claim.words[a].lemma == sentence.words[b].lemma;
    let Some(subject) = before(claim, verb) else { return false };
    let acts = match before(sentence, own) {
        Some(there) => alike(subject, there),
        None => (0..own).rev().find(|&place| sentence.words[place].is(ANAPHORS)).is_some_and(|place| {
            let meant = antecedents::meant(source, at, place);
            let name = claim.names.iter().find(|name| (name.first..name.end).contains(&subject));
            let named = name.is_some_and(|name| meant.iter().any(|own| same(name, own)));
            named || (meant.is_empty() && after(sentence, own).is_some())
        }),
    };
    match (after(claim, verb), after(sentence, own)) {
        (Some(object), Some(there)) => acts && alike(object, there),
        // "Reagan refused."
        (_, None) => acts,
        (None, Some(_)) => false,
    }
}

fn weighs(word: &Word) -> bool {
    matches!(word.kind, Kind::Content | Kind::Name) && !word.lower.ends_with("ly")
}

/// The last word of weight before a verb in its clause: the head of its subject, mostly.
fn before(sentence: &Sentence, verb: usize) -> Option<usize> {
    let clause = sentence.words[verb].clause;
    (0..verb)
        .rev()
        .take_while(|&at| sentence.words[at].clause == clause)
        .find(|&at| weighs(&sentence.words[at]))
}

/// The first one behind it.
fn after(sentence: &Sentence, verb: usize) -> Option<usize> {
    let clause = sentence.words[verb].clause;
    let behind = verb + 1..sentence.words.len();
    behind.take_while(|&at| sentence.words[at].clause == clause).find(|&at| weighs(&sentence.words[at]))
}

/// The object of a verb in the claim, where the same verb has another one in a sentence.
fn other_object<'a>(claim: &'a Sentence, verb: usize, sentence: &Sentence) -> Option<&'a Name> {
    let own = object(claim, verb)?;
    let mut others = false;
    for there in verbs(sentence).filter(|&there| sentence.words[there].lemma == claim.words[verb].lemma) {
        let object = object(sentence, there)?;
        if same(own, object) {
            return None;
        }
        others = true;
    }
    others.then_some(own)
}

/// A name that a verb in the active voice has as its object: "sank the cruiser Belgrano".
fn object(sentence: &Sentence, verb: usize) -> Option<&Name> {
    const ARTICLES: &[&str] = &["the", "a", "an", "his", "her", "its", "their"];
    let behind = sentence.words[verb + 1..].iter().take(4);
    let between = behind
        .take_while(|word| {
            word.is(ARTICLES) || (word.kind == Kind::Content && !word.verb && !word.lower.ends_with("ly"))
        })
        .count();
    let mut name = sentence.names.iter().find(|name| name.first == verb + 1 + between)?;
    // "the Greenpeace ship Rainbow Warrior": the ship.
    let nouns = sentence.words[name.end..]
        .iter()
        .take_while(|word| word.kind == Kind::Content && !word.verb && !word.lower.ends_with("ly"))
        .count();
    if nouns > 0 {
        name = sentence.names.iter().find(|other| other.first == name.end + nouns)?;
    }
    let stands = free(sentence, name) && name.country.is_none() && !passive(&sentence.words, verb);
    stands.then_some(name)
}
